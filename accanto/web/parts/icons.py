"""The icons there are, and which one says what."""

import re
from functools import lru_cache
from pathlib import Path

SPRITE = "vendor/bootstrap-italia/sprites.svg"

# tone -> icon: a state is always a word and an icon, colour only helps
TONES = {
    "neutral": "it-less-circle",
    "progress": "it-clock",
    "ok": "it-check-circle",
    "attention": "it-warning-circle",
    "stopped": "it-ban",
    "info": "it-info-circle",
}
# severities of findings, in the order in which they are told
SEVERITIES = {
    "block": ("it-ban", "stopped"),
    "authorise": ("it-key", "authorise"),
    "caution": ("it-warning-circle", "attention"),
    "pass": ("it-check-circle", "ok"),
}
MESSAGES = {"success": "ok", "error": "stopped", "warning": "attention", "info": "info", "debug": "neutral"}


@lru_cache(maxsize=1)
def names() -> frozenset[str]:
    text = (Path(__file__).parent.parent / "static" / SPRITE).read_text()
    return frozenset(re.findall(r'<symbol[^>]* id="([^"]+)"', text))
