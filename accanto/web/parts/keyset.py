"""Lists page by page by key: `?after=ID` names the last row seen, so that a page costs the same however deep it is."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Q

SIZE = 50
GREATEST_ID = 2**63 - 1


def whole_number(text, *, at_most=GREATEST_ID):
    """The id in a text a stranger wrote, or None."""
    return int(text) if text and len(text) < 20 and text.isascii() and text.isdigit() and int(text) <= at_most else None


@dataclass(frozen=True)
class Page:
    rows: list
    next_url: str

    @classmethod
    def of(cls, request, rows, *, order, size=SIZE):
        """`order` are fields, with a minus where the greatest comes first, the last one `id`. A row that is no longer
        there begins the list again."""
        rows = rows.order_by(*order)
        last_seen = whole_number(request.GET.get("after", ""))
        names = [name.removeprefix("-") for name in order]
        values = last_seen is not None and rows.model.objects.filter(pk=last_seen).values_list(*names).first()
        if values:
            rows = rows.filter(beyond(order, values))
        found = list(rows[: size + 1])
        if len(found) <= size:
            return cls(found, "")
        kept = {name: value for name, value in request.GET.items() if name != "after"}
        return cls(found[:size], "?" + urlencode(kept | {"after": found[size - 1].pk}))


def beyond(order, values):
    """(a, b) > (x, y), said so that Django understands; below where a field is in descending order."""
    condition, equal = Q(), Q()
    for field, value in zip(order, values, strict=True):
        name = field.removeprefix("-")
        condition |= equal & Q(**{f"{name}__{'gt' if name == field else 'lt'}": value})
        equal &= Q(**{name: value})
    return condition
