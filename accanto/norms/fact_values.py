"""Turns what a jurist writes (YAML, a spreadsheet's cell) into the types a rule asks for, or says what is wrong."""

import re
import types
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from enum import StrEnum
from typing import Any, Union, get_args, get_origin, get_type_hints

from accanto.norms.days import Period
from accanto.norms.vocabulary import FACTS, VALUES

YES, NO = frozenset({"si", "sì", "vero", "true", "yes", "x", "1"}), frozenset({"no", "falso", "false", "0"})
THOUSANDS = re.compile(r"-?\d{1,3}(\.\d{3})+")


class WrongValue(ValueError):
    """A fact that cannot be read: the sentence says which and how to write it."""


def named(key: str, known: Collection[str]) -> str:
    """The code's name of a fact written in Italian or English. Raises WrongValue with the nearest name."""
    clean = str(key).strip()
    if clean in known:
        return clean
    if FACTS.get(clean) in known:
        return FACTS[clean]
    italian = [it for it, name in FACTS.items() if name in known]
    near = get_close_matches(clean, [*italian, *known], n=1, cutoff=0.6)
    hint = (
        f"; forse «{near[0]}»?" if near else f". I fatti di questa domanda sono: {', '.join(sorted(italian or known))}"
    )
    raise WrongValue(f"non conosco il fatto «{clean}»{hint}")


def converted(value: object, hint: Any, name: str) -> Any:
    """The value as the type asks. Empty and `null` are None where the fact may be unknown. Raises WrongValue."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        if value is None or value == "":
            return None
        inner = [one for one in arguments if one is not type(None)]
        return converted(value, inner[0], name)
    if value is None:
        raise WrongValue(f"«{name}» non può essere vuoto")
    if hint is Period:
        return _period(value, name)
    if is_dataclass(hint) and isinstance(hint, type):
        return _facts(value, hint, name)
    if origin in (tuple, list, frozenset, set, Iterable, Sequence, Collection) or hint is frozenset:
        return _many(value, origin, arguments, name)
    if origin is Mapping or origin is dict:
        if not isinstance(value, Mapping):
            raise WrongValue(f"«{name}» vuole coppie nome e valore")
        return {str(key): converted(one, arguments[1], f"{name} di {key}") for key, one in value.items()}
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        word = str(value).strip()
        if word.upper() in hint.__members__:
            return hint[word.upper()]
        raise WrongValue(f"«{name}» è {word!r}: scrivi {' o '.join(hint.__members__)}")
    simple = {bool: _boolean, int: _integer, Decimal: _number, date: _day, datetime: _moment, str: _word}.get(hint)
    if simple is None:
        raise WrongValue(f"«{name}» non si può scrivere in un caso")
    return simple(value, name)


def _facts(value: object, hint: Any, name: str) -> Any:
    if not isinstance(value, Mapping):
        raise WrongValue(f"«{name}» vuole un gruppo di fatti")
    hints = get_type_hints(hint)
    known = {field.name for field in fields(hint)}
    given = {named(str(key), known): one for key, one in value.items()}
    lacking = [field.name for field in fields(hint) if field.default is MISSING and field.name not in given]
    if lacking:
        raise WrongValue(f"in «{name}» mancano: {', '.join(lacking)}")
    return hint(**{key: converted(one, hints[key], f"{name}, {key}") for key, one in given.items()})


def _many(value: object, origin: Any, arguments: tuple[Any, ...], name: str) -> Any:
    if isinstance(value, str):
        value = [part.strip() for part in re.split(r"[;,]", value) if part.strip()]
    if not isinstance(value, list | tuple | set | frozenset):
        value = [value]
    items = list(value)
    if origin is tuple and arguments and arguments[-1] is not Ellipsis:
        if len(items) != len(arguments):
            raise WrongValue(f"«{name}» vuole {len(arguments)} valori")
        return tuple(converted(one, hint, name) for one, hint in zip(items, arguments, strict=True))
    inner = arguments[0] if arguments else str
    done = [converted(one, inner, f"{name}, {place}") for place, one in enumerate(items, 1)]
    if origin in (set, frozenset):
        return frozenset(done)
    return tuple(done) if origin is tuple else done


def _period(value: object, name: str) -> Period:
    if isinstance(value, Mapping):
        given = {named(str(key), ("first", "last")): one for key, one in value.items()}
        first, last = given.get("first"), given.get("last")
    else:
        first, _, last = str(value).partition("/") if "-" in str(value) else str(value).partition(" - ")
    if first in (None, ""):
        raise WrongValue(f"«{name}» vuole un periodo: dal e al")
    return Period(_day(first, name), _day(last, name) if last not in (None, "") else None)


def _boolean(value: object, name: str) -> bool:
    if isinstance(value, bool):
        return value
    word = str(int(value) if isinstance(value, float) else value).strip().lower()
    if word in YES | NO:
        return word in YES
    raise WrongValue(f"«{name}» è {value!r}: scrivi sì o no")


def _number(value: object, name: str) -> Decimal:
    if isinstance(value, bool):
        raise WrongValue(f"«{name}» vuole un numero, non sì o no")
    text = str(value).replace("€", "").replace(" ", "").replace("\u00a0", "")
    if isinstance(value, str) and "," in text:
        text = text.replace(".", "").replace(",", ".")
    elif isinstance(value, str) and THOUSANDS.fullmatch(text):
        raise WrongValue(f"«{name}» è {value!r}: scrivi {text.replace('.', '')} o {text.replace('.', '')},00")
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise WrongValue(f"«{name}» è {value!r}: scrivi un numero") from None
    if not number.is_finite():
        raise WrongValue(f"«{name}» è {value!r}: scrivi un numero")
    return number


def _integer(value: object, name: str) -> int:
    number = _number(value, name)
    if number != number.to_integral_value():
        raise WrongValue(f"«{name}» è {value!r}: scrivi un numero intero")
    return int(number)


def _day(value: object, name: str) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(str(value).strip(), form).date()  # noqa: DTZ007 a day has no time zone
        except ValueError:
            continue
    raise WrongValue(f"«{name}» è {value!r}: scrivi un giorno come 15/01/2026")


def _moment(value: object, name: str) -> datetime:
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime.combine(value, time(0))
    for form in ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M"):
        try:
            return datetime.strptime(str(value).strip(), form)  # noqa: DTZ007 the rule reads it as Italian time
        except ValueError:
            continue
    return datetime.combine(_day(value, name), time(0))


def _word(value: object, name: str) -> str:
    if isinstance(value, bool | date | Mapping | list):
        raise WrongValue(f"«{name}» è {value!r}: scrivi una parola")
    word = str(int(value) if isinstance(value, float) and value.is_integer() else value).strip()
    return VALUES.get(word, word)


def readable(value: object) -> str:
    """A value as the report prints it."""
    match value:
        case None:
            return "niente"
        case bool():
            return "sì" if value else "no"
        case date():
            return value.strftime("%d/%m/%Y")
        case list() | tuple():
            return "[" + ", ".join(readable(one) for one in value) + "]"
        case Mapping():
            return "{" + ", ".join(f"{key}: {readable(one)}" for key, one in value.items()) + "}"
        case _:
            return str(value)
