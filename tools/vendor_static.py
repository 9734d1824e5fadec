"""Rebuild what we carry of others (for pages and for documents) from npm packages, or check it against its manifests.

The packages are fetched by hand, with the npm client, into any folder:

    npm pack bootstrap-italia@2.18.3 htmx.org@2.0.10 @fontsource/titillium-web@5.3.0 @fontsource/roboto-mono@5.3.0
    python tools/vendor_static.py FOLDER
    python tools/vendor_static.py --check
"""

import base64
import hashlib
import json
import re
import sys
import tarfile
from dataclasses import dataclass
from pathlib import Path

ACCANTO = Path(__file__).resolve().parent.parent / "accanto"
VENDOR = ACCANTO / "web" / "static" / "vendor"
FONTS = ACCANTO / "documents" / "fonts"


@dataclass(frozen=True)
class Package:
    name: str
    version: str
    licence: str

    @property
    def archive(self) -> str:
        return f"{self.name.lstrip('@').replace('/', '-')}-{self.version}.tgz"


BOOTSTRAP_ITALIA = Package("bootstrap-italia", "2.18.3", "BSD-3-Clause")
HTMX = Package("htmx.org", "2.0.10", "0BSD")
# Titillium comes with Bootstrap Italia, its licence text with the other package. The Roboto Mono in Bootstrap Italia is
# an older release under another licence, so it is taken whole from its own package.
TITILLIUM = Package("@fontsource/titillium-web", "5.3.0", "OFL-1.1")
ROBOTO_MONO = Package("@fontsource/roboto-mono", "5.3.0", "OFL-1.1")

TITILLIUM_DIST = "dist/fonts/Titillium_Web/titillium-web-v10-latin-ext_latin-"

# destination -> package, path inside it, licence
FILES = {
    "bootstrap-italia/bootstrap-italia.min.css": (
        BOOTSTRAP_ITALIA,
        "dist/css/bootstrap-italia.min.css",
        "BSD-3-Clause",
    ),
    "bootstrap-italia/sprites.svg": (BOOTSTRAP_ITALIA, "dist/svg/sprites.svg", "BSD-3-Clause"),
    "bootstrap-italia/LICENSE": (BOOTSTRAP_ITALIA, "LICENSE", "BSD-3-Clause"),
    "htmx/htmx.min.js": (HTMX, "dist/htmx.min.js", "0BSD"),
    "htmx/LICENSE": (HTMX, "LICENSE", "0BSD"),
    "fonts/titillium-web-regular.woff2": (BOOTSTRAP_ITALIA, TITILLIUM_DIST + "regular.woff2", "OFL-1.1"),
    "fonts/titillium-web-italic.woff2": (BOOTSTRAP_ITALIA, TITILLIUM_DIST + "italic.woff2", "OFL-1.1"),
    "fonts/titillium-web-600.woff2": (BOOTSTRAP_ITALIA, TITILLIUM_DIST + "600.woff2", "OFL-1.1"),
    "fonts/titillium-web-700.woff2": (BOOTSTRAP_ITALIA, TITILLIUM_DIST + "700.woff2", "OFL-1.1"),
    "fonts/roboto-mono-regular.woff2": (ROBOTO_MONO, "files/roboto-mono-latin-400-normal.woff2", "OFL-1.1"),
    "fonts/LICENSE-titillium-web": (TITILLIUM, "LICENSE", "OFL-1.1"),
    "fonts/LICENSE-roboto-mono": (ROBOTO_MONO, "LICENSE", "OFL-1.1"),
}

# The PDF compiler reads TrueType, not the compressed fonts of browsers.
FONT_FILES = {
    f"titillium-web-{face}.ttf": (BOOTSTRAP_ITALIA, f"{TITILLIUM_DIST}{face}.ttf", "OFL-1.1")
    for face in ("regular", "italic", "600", "700")
} | {"LICENSE": (TITILLIUM, "LICENSE", "OFL-1.1")}

SHELVES = {VENDOR: FILES, FONTS: FONT_FILES}


def without_source_map(content: bytes) -> bytes:
    """The hashed static storage follows every reference, and the map is not vendored."""
    return re.sub(rb"\n?(/\*# sourceMappingURL=[^*]*\*/|//# sourceMappingURL=\S+)\s*$", b"\n", content)


def rebuild(folder: Path) -> None:
    for shelf, wanted in SHELVES.items():
        rebuild_shelf(shelf, wanted, folder)


def rebuild_shelf(shelf: Path, wanted: dict, folder: Path) -> None:
    contents, packages = {}, {}
    for package in {entry[0] for entry in wanted.values()}:
        path = folder / package.archive
        if not path.exists():
            sys.exit(f"{package.archive} is not in {folder}. Fetch it: npm pack {package.name}@{package.version}")
        integrity = base64.b64encode(hashlib.sha512(path.read_bytes()).digest()).decode()
        packages[package.name] = {
            "version": package.version,
            "licence": package.licence,
            "integrity": f"sha512-{integrity}",
        }
        with tarfile.open(path) as archive:
            for source in {entry[1] for entry in wanted.values() if entry[0] == package}:
                try:
                    contents[package, source] = archive.extractfile(f"package/{source}").read()
                except KeyError:
                    sys.exit(f"{source} is not in {package.archive}: the package has changed shape, mend FILES.")
    files = {}
    for destination, (package, source, licence) in sorted(wanted.items()):
        content = contents[package, source]
        if destination.endswith((".css", ".js")):
            content = without_source_map(content)
        target = shelf / destination
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        files[destination] = {
            "sha256": hashlib.sha256(content).hexdigest(),
            "bytes": len(content),
            "package": package.name,
            "version": package.version,
            "source": source,
            "licence": licence,
        }
    manifest = {"packages": dict(sorted(packages.items())), "files": files}
    (shelf / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n")


def differences() -> list[str]:
    """What is not as the manifests say; an empty list when all is well."""
    return [difference for shelf in SHELVES for difference in differences_of(shelf)]


def differences_of(shelf: Path) -> list[str]:
    manifest = shelf / "manifest.json"
    listed = json.loads(manifest.read_text())["files"]
    present = {str(p.relative_to(shelf)) for p in shelf.rglob("*") if p.is_file() and p != manifest}
    found = [f"{name} is not in the manifest" for name in sorted(present - listed.keys())]
    for name, entry in listed.items():
        if name not in present:
            found.append(f"{name} is missing")
        elif hashlib.sha256((shelf / name).read_bytes()).hexdigest() != entry["sha256"]:
            found.append(f"{name} has changed since it was vendored")
    return found


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    if sys.argv[1] == "--check":
        sys.exit("\n".join(differences()) or None)
    rebuild(Path(sys.argv[1]))
