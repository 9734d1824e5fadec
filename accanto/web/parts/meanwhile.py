"""Two people on the same page: the second to save sees what the first changed, and chooses; nobody's words are lost.

A form carries, signed, a short mark of each value it was filled from. When it comes back, a value whose mark is no
longer that of what stands was changed by somebody meanwhile: where this person had not touched it the other's stands,
where both wrote they choose. Nothing is saved until they have seen it."""

import datetime as dt
from dataclasses import dataclass
from hashlib import blake2b

from django.core import signing
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

THEIRS = "theirs"
SALT = "accanto.web.meanwhile"


@dataclass(frozen=True)
class Change:
    """A value somebody else wrote since the form was filled; `choose` is the field that says whose stands, where both
    wrote."""

    name: str
    label: str
    theirs: str
    mine: str = ""
    choose: str = ""


def plain(field, value):
    """The one text of a value, wherever it comes from: the facts, or what the browser sends back."""
    if isinstance(value, (list, tuple)):
        return "\n".join(sorted(plain(field, one) for one in value))
    value = field.prepare_value(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    return "" if value is None else str(value).replace("\r\n", "\n").strip()


def mark(text):
    return blake2b(text.encode("utf-8", "replace"), digest_size=6).hexdigest()


class Meanwhile:
    """What stands now for the fields of a form, against what it was filled from. Give the form `data` and, once it is
    valid, save only when `settled`.

    `fields` are the form's, `standing` its initial values now, `sent` what came back, None where nothing did; `begun`
    are the marks of a draft taken up again."""

    def __init__(self, *, fields, standing, sent=None, begun=""):
        self.standing = {name: plain(field, standing.get(name)) for name, field in fields.items()}
        self.seen = begun or signing.dumps({name: mark(text) for name, text in self.standing.items()}, salt=SALT)
        self.data, self.changes = sent and sent.copy(), []
        if sent:
            self.compare(fields, standing)

    def compare(self, fields, standing):
        marks = read(self.data.get("seen", ""))
        for name, text in self.standing.items():
            field, choice = fields[name], self.data.get(f"choose-{name}")
            sent = [plain(field, one) for one in self.data.getlist(name)]
            mine = "\n".join(sorted(sent))
            if name not in marks or marks[name] == mark(text):
                if choice == THEIRS:
                    self.put(name, field, standing.get(name))
            elif mine != text:
                shown = {"name": name, "label": str(field.label or name), "theirs": self.worded(field, text)}
                if marks[name] == mark(mine):
                    self.put(name, field, standing.get(name))
                    self.changes.append(Change(**shown))
                else:
                    self.changes.append(Change(**shown, mine=self.worded(field, mine), choose=f"choose-{name}"))
        # what is shown now is what has been seen
        self.seen = signing.dumps({name: mark(text) for name, text in self.standing.items()}, salt=SALT)

    def put(self, name, field, value):
        values = value if isinstance(value, (list, tuple)) else [value]
        self.data.setlist(name, [plain(field, one) for one in values])

    def worded(self, field, text):
        """The words a reader knows for a value: the label of a choice, not its code."""
        words = dict(getattr(field, "choices", None) or {})
        spoken = [str(words.get(one, one)) for one in text.split("\n")] if words else [text]
        return ", ".join(spoken) or _("vuoto")

    @property
    def settled(self):
        return not self.changes

    @property
    def field(self):
        """The hidden field that goes inside the form."""
        return mark_safe(f'<input type="hidden" name="seen" value="{self.seen}">')  # our own signed text


def read(text):
    """The marks a form came back with; none where there are none or somebody touched them."""
    try:
        found = signing.loads(text, salt=SALT)
    except signing.BadSignature:
        return {}
    return found if isinstance(found, dict) else {}
