"""The floors of the program, from the one list that import-linter reads too (pyproject.toml), bottom first."""

import tomllib
from pathlib import Path

from django.apps import apps

PROJECT = Path(__file__).parent.parent
ROOMS = [config.label for config in apps.get_app_configs() if config.name.startswith("accanto.")]


def layers():
    linter = tomllib.loads((PROJECT / "pyproject.toml").read_text())["tool"]["importlinter"]
    contract = next(contract for contract in linter["contracts"] if contract["type"] == "layers")
    return [
        [room.strip(" ()").removeprefix("accanto.") for room in layer.split("|")]
        for layer in reversed(contract["layers"])
    ]


def floor_of(room):
    return next((n for n, rooms in enumerate(layers()) if room in rooms), None)


def room_of(relation):
    """The room a table or a view belongs to, by its name; None for those of Django and its plug-ins."""
    singular = {label.removesuffix("s"): label for label in ROOMS}
    head = relation.split("_")[0]
    return head if head in ROOMS else singular.get(head)
