"""The shapes of the zones, ready for a drawing; `outline.py` makes the file from the boundaries."""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.utils.translation import gettext as _

from .pack_file import Problems, content, folder

FILE = "zones_map.json"


@dataclass(frozen=True)
class Shape:
    zone_code: str
    d: str  # an SVG path in the units of the view box
    x: float  # where a label stands, inside the shape
    y: float


@dataclass(frozen=True)
class ZoneMap:
    view_box: str
    source: str
    shapes: tuple[Shape, ...]


def read(path, *, problems=None) -> ZoneMap | None:
    """The map in a file; PackError, or a note in `problems` and None, when it is missing or broken."""
    path, own = Path(path), problems is None
    problems = Problems() if own else problems
    text, found = content(path, problems), None
    if text is not None:
        try:
            drawn = json.loads(text)
            shapes = tuple(Shape(zone_code=s["zone"], d=s["d"], x=s["x"], y=s["y"]) for s in drawn["zones"])
            found = ZoneMap(view_box=drawn["view_box"], source=drawn["source"], shapes=shapes)
        except (ValueError, KeyError, TypeError):
            problems.add(path.name, _("non è un disegno delle zone; rifallo con «python -m accanto.territory.outline»"))
    if own:
        problems.stop_if_any()
    return found


@lru_cache(maxsize=4)
def _kept(path):
    return read(path)


def zone_map() -> ZoneMap:
    """The map of the region pack in use."""
    return _kept(folder() / FILE)


def zone_shapes() -> tuple[Shape, ...]:
    return zone_map().shapes
