"""YAML as the sheets and the worked cases write it: decimals stay exact and no key is written twice."""

import re
from collections.abc import Hashable
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

try:
    from yaml import CSafeLoader as SafeLoader  # ten times faster; the wheels have it, a build without libyaml does not
except ImportError:
    from yaml import SafeLoader  # type: ignore[assignment]


class FileProblem(ValueError):
    """The file cannot be read or is not valid: where, and what."""

    def __init__(self, where: str, sentence: str) -> None:
        self.where, self.sentence = where, sentence
        super().__init__(f"{where}: {sentence}")


class ExactLoader(SafeLoader):
    """Numbers with decimals are Decimal; a key written twice is an error, not the last one."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[object] = set()
        for key_node, _ in node.value:
            if key_node.tag == "tag:yaml.org,2002:merge":
                continue
            key = self.construct_object(key_node, deep=True)
            if isinstance(key, Hashable) and key in seen:
                raise yaml.constructor.ConstructorError(None, None, f"«{key}» è scritto due volte", key_node.start_mark)
            if isinstance(key, Hashable):
                seen.add(key)
        return super().construct_mapping(node, deep)

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        try:
            return super().construct_object(node, deep)
        except (ValueError, ArithmeticError) as error:
            # the 13th month, .inf: YAML allows the writing, Python has no such value
            sentence = f"«{node.value}» non è una data o un numero che esista"
            raise yaml.constructor.ConstructorError(None, None, sentence, node.start_mark) from error


def _decimal(loader: ExactLoader, node: yaml.ScalarNode) -> Decimal:
    return Decimal(str(node.value).replace("_", ""))


ExactLoader.add_constructor("tag:yaml.org,2002:float", _decimal)
# only true and false are booleans: "on", "no" and "si" stay words, as whoever writes a case means them
ExactLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
    for first, resolvers in SafeLoader.yaml_implicit_resolvers.items()
}
ExactLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false|True|False)$"), list("tfTF"))


def read_yaml(path: Path) -> dict[str, Any]:
    """The file's top mapping. Raises FileProblem."""
    try:
        raw = yaml.load(path.read_text(encoding="utf-8"), Loader=ExactLoader)
    except (OSError, UnicodeDecodeError) as error:
        raise FileProblem("file", "manca, non si può leggere o non è in UTF-8") from error
    except yaml.YAMLError as error:
        where = getattr(error, "problem_mark", None)
        line = f"riga {where.line + 1}" if where else "file"
        raise FileProblem(line, f"non è YAML valido: {getattr(error, 'problem', error)}") from error
    if not isinstance(raw, dict):
        raise FileProblem("file", "non comincia con nomi e valori, per esempio «casi:»")
    return raw
