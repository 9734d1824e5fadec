"""Which function uses which rule: each rule function declares its codes, and the "Norme" page reads them here."""

import functools
import importlib
import pkgutil
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

Function = TypeVar("Function", bound=Callable[..., object])
USES: dict[str, set[str]] = {}


def rule(*codes: str) -> Callable[[Function], Function]:
    """Declares the codes (`R-TIS-26`) a function rests on."""

    def declared(function: Function) -> Function:
        where = f"{function.__module__.rpartition('.')[2]}.{function.__name__.lstrip('_')}"
        for code in codes:
            USES.setdefault(code, set()).add(where)
        return function

    return declared


def used_by(code: str) -> tuple[str, ...]:
    """The functions that use a code, as `module.function`."""
    _every_rule()
    return tuple(sorted(USES.get(code, ())))


@functools.cache
def _every_rule() -> None:
    """Reads every module of the law: a function declares its codes when its module is imported."""
    for module in pkgutil.iter_modules([str(Path(__file__).parent)]):
        if not module.name.startswith("_"):
            importlib.import_module(f"accanto.norms.{module.name}")
