"""Reads the files of a region pack and says everything that is wrong with them at once.

Any app reads its own files of the pack with `read_csv` and `read_yaml`. Both give records that know their file and
line; asked for a field (`record.whole("residents")`), a record answers with the value, or notes the problem and answers
None.
Hand the same `Problems` to several files and call `stop_if_any()` before writing the first row.
"""

import csv
import io
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path

import yaml
from django.conf import settings
from django.utils.translation import gettext as _

try:
    from yaml import CSafeLoader as SafeLoader  # ten times faster; a build without libyaml does not have it
except ImportError:
    from yaml import SafeLoader


@dataclass(frozen=True)
class Problem:
    file: str
    sentence: str
    line: int | None = None
    field: str = ""

    def __str__(self):
        where = {"file": self.file, "line": self.line, "field": self.field}
        if self.line and self.field:
            place = _("%(file)s, riga %(line)s, campo «%(field)s»") % where
        elif self.line:
            place = _("%(file)s, riga %(line)s") % where
        elif self.field:
            place = _("%(file)s, campo «%(field)s»") % where
        else:
            place = self.file
        return f"{place}: {self.sentence}"


class PackError(Exception):
    """The pack cannot be used; `problems` holds every reason found, not only the first."""

    def __init__(self, problems: Iterable[Problem]):
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class Problems(list):
    def add(self, file, sentence, *, line=None, field=""):
        self.append(Problem(file=file, sentence=sentence, line=line, field=field))

    def stop_if_any(self):
        """Raises PackError with all the problems noted so far."""
        if self:
            raise PackError(sorted(self, key=lambda problem: (problem.file, problem.line or 0)))


class Record(dict):
    """A row of a table or a block of a YAML file. Its readers note what is wrong and answer None."""

    def __init__(self, values, *, file, line, problems):
        super().__init__(values)
        self.file, self.line, self.problems = file, line, problems

    def wrong(self, field, sentence):
        self.problems.add(self.file, sentence, line=self.line, field=field)

    def text(self, field, *, optional=False, longest=None):
        value = self.get(field)
        if value is None or value == "":
            if not optional:
                self.wrong(field, _("manca il valore"))
                return None
            return ""
        if not isinstance(value, str):
            self.wrong(field, _("qui va un testo; in un file YAML mettilo fra virgolette"))
            return None
        if longest and len(value) > longest:
            self.wrong(
                field,
                _("al massimo %(longest)s caratteri, qui sono %(found)s") % {"longest": longest, "found": len(value)},
            )
            return None
        return value

    def pattern(self, field, regex, *, example):
        value = self.text(field)
        if value is not None and not re.fullmatch(regex, value):
            self.wrong(
                field,
                _("«%(value)s» non ha la forma giusta, per esempio %(example)s") % {"value": value, "example": example},
            )
            return None
        return value

    def one_of(self, field, choices: Collection[str], *, optional=False):
        value = self.text(field, optional=optional)
        if value and value not in choices:
            shown = list(choices)[:12]
            self.wrong(
                field,
                _("«%(value)s» non è fra i valori ammessi: %(choices)s")
                % {"value": value, "choices": ", ".join(shown) + (" …" if len(choices) > len(shown) else "")},
            )
            return None
        return value

    def words(self, field):
        """The words of a field, separated by spaces."""
        return (self.text(field) or "").split()

    def number(self, field, *, optional=False, least=None, most=None):
        """A Decimal; the separator of decimals is the point and there is no separator of thousands."""
        value = self.get(field)
        if value is None or value == "":
            if not optional:
                self.wrong(field, _("manca il valore"))
            return None
        try:
            found = None if isinstance(value, bool) else Decimal(str(value).strip())
        except InvalidOperation:
            found = None
        if found is None or not found.is_finite():
            self.wrong(
                field,
                _("«%(value)s» non è un numero; scrivilo senza separatore delle migliaia e con il punto per i decimali")
                % {"value": value},
            )
            return None
        if (least is not None and found < least) or (most is not None and found > most):
            limits = {"value": value, "least": least, "most": most}
            if most is None:
                self.wrong(field, _("%(value)s è meno di %(least)s") % limits)
            elif least is None:
                self.wrong(field, _("%(value)s è più di %(most)s") % limits)
            else:
                self.wrong(field, _("%(value)s non è fra %(least)s e %(most)s") % limits)
            return None
        return found

    def whole(self, field, *, optional=False, least=None, most=None):
        found = self.number(field, optional=optional, least=least, most=most)
        if found is not None and found != found.to_integral_value():
            self.wrong(field, _("«%(value)s» non è un numero intero") % {"value": self[field]})
            return None
        return None if found is None else int(found)

    def day(self, field, *, optional=False):
        value = self.get(field)
        if value is None or value == "":
            if not optional:
                self.wrong(field, _("manca il valore"))
            return None
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        # Only this form: fromisoformat also takes "20240101" and weeks, which people do not mean.
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", str(value)):
            try:
                return date.fromisoformat(value)
            except ValueError:
                pass
        self.wrong(field, _("«%(value)s» non è una data; scrivila come 2024-12-31") % {"value": value})
        return None

    def yes(self, field):
        value = self.get(field)
        known = {"1": True, "0": False, "true": True, "false": False}
        found = known.get(str(value).casefold())
        if found is None:
            self.wrong(field, _("«%(value)s»: scrivi 1 per sì, 0 per no") % {"value": value or ""})
        return found

    def block(self, field):
        """The block of names under a name of a YAML file; an empty one, and a problem, when it is something else."""
        value = self.get(field)
        if isinstance(value, Record):
            return value
        self.wrong(field, _("qui va un blocco di nomi e valori"))
        return Record({}, file=self.file, line=self.line, problems=Problems())

    def blocks(self, field, *, optional=False):
        """The blocks of a list of a YAML file."""
        value = self.get(field)
        if value is None and optional:
            return []
        if isinstance(value, list) and all(isinstance(item, Record) for item in value):
            return value
        self.wrong(field, _("qui va un elenco di blocchi, ciascuno con il suo trattino"))
        return []

    def both(self, field, *, optional=False):
        """A text given in Italian and in English: {"it": ..., "en": ...}."""
        if optional and self.get(field) is None:
            return None
        given = self.block(field)
        return {"it": given.text("it"), "en": given.text("en")}


def folder() -> Path:
    """The region pack in use: the setting REGION_PACK, or the pack of this repository."""
    chosen = getattr(settings, "REGION_PACK", None)
    return Path(chosen) if chosen else Path(__file__).resolve().parents[2] / "regions" / "toscana"


def content(path: Path, problems):
    """The text of a file, or None and a note in `problems`."""
    try:
        # utf-8-sig: spreadsheets put a mark in front of the header that would become part of the first name.
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        problems.add(path.name, _("il file manca nella cartella %(folder)s") % {"folder": path.parent.name})
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        problems.add(path.name, _("il file non è in UTF-8; salvalo di nuovo con questa codifica"), line=line)
    except OSError as error:
        problems.add(path.name, _("il file non si può leggere: %(reason)s") % {"reason": error.strerror})
    return None


def _finish(records, problems, own):
    if own:
        problems.stop_if_any()
    return records


def read_csv(path, *, required: Collection[str] = (), problems: Problems | None = None) -> list[Record]:
    """The rows of a comma-separated file with a header in its first line.

    Missing or doubled columns and rows of the wrong length are problems. Without `problems` they are raised together as
    a PackError; with it they are noted there and the sound rows are returned.
    """
    path, own = Path(path), problems is None
    problems = Problems() if own else problems
    text = content(path, problems)
    records = []
    if text is None:
        return _finish(records, problems, own)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = next(reader, [])
        missing = [name for name in required if name not in header]
        if len(header) == 1 and ";" in header[0]:
            problems.add(path.name, _("i campi sono separati da punto e virgola; salva il file con le virgole"), line=1)
            return _finish(records, problems, own)
        for name in missing:
            problems.add(path.name, _("manca la colonna «%(name)s»") % {"name": name}, line=1)
        for name in sorted({name for name in header if header.count(name) > 1}):
            problems.add(path.name, _("la colonna «%(name)s» c’è più di una volta") % {"name": name}, line=1)
        line = reader.line_num + 1
        for cells in reader:
            if cells and len(cells) != len(header):
                problems.add(
                    path.name,
                    _(
                        "la riga ha %(found)s campi invece di %(expected)s; se un testo contiene una virgola va fra"
                        " virgolette"
                    )
                    % {"found": len(cells), "expected": len(header)},
                    line=line,
                )
            elif cells and not missing:
                values = {name: cell.strip() for name, cell in zip(header, cells, strict=True)}
                records.append(Record(values, file=path.name, line=line, problems=problems))
            line = reader.line_num + 1
    except csv.Error:
        problems.add(path.name, _("le virgolette non si chiudono o non sono raddoppiate"), line=reader.line_num)
    return _finish(records, problems, own)


class _Loader(SafeLoader):
    """Safe YAML whose mappings are records, and which does not let a doubled key hide the first one."""

    def __init__(self, stream, *, file, problems):
        super().__init__(stream)
        self.file, self.problems = file, problems

    def record(self, node, deep=True):
        self.flatten_mapping(node)
        values = {}
        for key_node, value_node in node.value:
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, str):
                self.problems.add(
                    self.file,
                    _("il nome «%(name)s» va fra virgolette") % {"name": key_node.value},
                    line=key_node.start_mark.line + 1,
                )
                continue
            if key in values:
                self.problems.add(
                    self.file,
                    _("il nome «%(name)s» c’è due volte nello stesso blocco") % {"name": key},
                    line=key_node.start_mark.line + 1,
                )
            values[key] = self.construct_object(value_node, deep=True)
        return Record(values, file=self.file, line=node.start_mark.line + 1, problems=self.problems)


_Loader.add_constructor("tag:yaml.org,2002:map", _Loader.record)


def read_yaml(path, *, required: Collection[str] = (), problems: Problems | None = None) -> Record:
    """The content of a YAML file whose top is a block of names; every block in it is a Record.

    Problems as in `read_csv`; a file that cannot be read gives an empty record.
    """
    path, own = Path(path), problems is None
    problems = Problems() if own else problems
    text = content(path, problems)
    found = None
    if text is not None:
        loader = _Loader(text, file=path.name, problems=problems)
        try:
            found = loader.get_single_data()
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else None
            problems.add(path.name, _("non è YAML valido; controlla rientri, due punti e virgolette"), line=line)
        except (yaml.YAMLError, ValueError):
            problems.add(path.name, _("non è YAML valido: contiene un carattere o una data impossibile"))
        else:
            if not isinstance(found, Record):
                problems.add(path.name, _("il file deve cominciare con un nome seguito da due punti"))
            else:
                for name in required:
                    if name not in found:
                        problems.add(path.name, _("manca la parte «%(name)s»") % {"name": name})
        finally:
            loader.dispose()
    if not isinstance(found, Record):
        found = Record({}, file=path.name, line=1, problems=problems)
    return _finish(found, problems, own)
