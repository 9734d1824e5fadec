"""The groups of the breakdowns in words."""

from django.utils.translation import gettext_lazy as _

from accanto.cases.area import CaseArea
from accanto.people.registry import Registry

UNKNOWN = _("non indicato")
WAYS = {"area": _("Area"), "sex": _("Sesso"), "age": _("Età")}
WORDS = {
    "area": {**dict(CaseArea.Area.choices), "unknown": UNKNOWN},
    "sex": {**dict(Registry.Sex.choices), "unknown": UNKNOWN},
    "age": {
        "0-17": _("fino a 17 anni"),
        "18-29": _("da 18 a 29 anni"),
        "30-54": _("da 30 a 54 anni"),
        "55+": _("55 anni e oltre"),
        "unknown": UNKNOWN,
    },
}
