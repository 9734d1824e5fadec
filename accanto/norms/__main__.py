"""`python -m accanto.norms check FILE...` runs worked cases; `docs FOLDER` writes the generated pages."""

import sys
from pathlib import Path


def main(arguments: list[str]) -> int:
    from accanto.norms import worked_cases

    match arguments:
        case ["check", *files]:
            return worked_cases.check([Path(file) for file in files], sys.stdout)
        case ["docs", folder]:
            from accanto.norms import pages

            for path in pages.write(Path(folder)):
                print(path)
            return 0
        case _:
            print("python -m accanto.norms check [FILE...] | docs FOLDER", file=sys.stderr)
            return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
