"""The pages on the money of the plan, which stand together; the line, year and zone that each of them is asked about
in its address; the CUP as their forms take it."""

from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django import forms
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accanto.plan.fund import FundLine
from accanto.plan.localisation import CUP
from accanto.plan.movement import Movement
from accanto.territory.zone import Zone
from accanto.web.parts.keyset import whole_number
from accanto.web.templatetags.parts import local

YEARS = range(2014, 2041)


class CupField(forms.CharField):
    """Spaces and small letters are forgiven."""

    def clean(self, value):
        cup = super().clean(value).replace(" ", "").upper()
        if cup and not CUP.fullmatch(cup):
            raise forms.ValidationError(
                _("Un CUP ha 15 caratteri: lettera, due cifre, lettera, undici cifre, come B14H22000080007.")
            )
        return cup


@dataclass(frozen=True)
class Asked:
    """`lines` and `years` to choose from; `zone` is one's own, or one that the regional officer names."""

    lines: list
    line: FundLine | None
    year: int
    zone: Zone | None
    fixed: bool  # the zone is one's own

    @cached_property
    def query(self):
        """The same, for an address."""
        said = {"line": self.line.code if self.line else "", "year": self.year}
        return urlencode(said | ({"zone": self.zone.code} if self.zone and not self.fixed else {}))

    @property
    def when(self):
        return str(self.year)

    def years(self):
        shown = range(max(YEARS.start, self.year - 4), min(YEARS.stop, self.year + 3))
        return [(str(year), year == self.year) for year in shown]


def asked(request, *, data=None):
    """From the address: without a line the one that moved last, without a year that in which it did."""
    data = data or request.GET
    acting = request.acting
    lines = [one for line, within in FundLine.objects.tree() for one in (line, *within)]
    last = Movement.objects.within(acting).newest_first().values_list("fund_line", "year").first()
    code = data.get("line", "")
    line = next((one for one in lines if one.code == code), None)
    if code and line is None:
        raise Http404
    year = whole_number(data.get("year", ""), at_most=YEARS.stop - 1)
    if year is not None and year not in YEARS:
        raise Http404
    if line is None:
        line = next((one for one in lines if last and one.pk == last[0]), lines[0] if lines else None)
        year = year or (last[1] if last else None)
    if year is None:
        rows = Movement.objects.within(acting).filter(fund_line=line)
        year = rows.order_by("-year").values_list("year", flat=True).first() or timezone.localdate().year
    return Asked(lines, line, year, _zone(acting, data.get("zone", "")), acting.reads_by_zone)


def _zone(acting, code):
    if acting.reads_by_zone:
        if code and code != acting.role.zone.code:
            raise Http404
        return acting.role.zone
    zone = next((one for one in Zone.objects.all() if one.code == code), None) if code else None
    if code and zone is None:
        raise Http404
    return zone


def money_pages(here, about):
    """As words above the page: (label, address, no count, active). They keep what they are asked about."""
    pages = [
        (_("Il registro"), "ledger"),
        (_("I movimenti"), "movements"),
        (_("La spesa per zona"), "expenditure"),
        (_("Dove vanno i soldi"), "money_flow"),
        (_("Somme cumulate"), "cumulative"),
        (_("Le scadenze"), "deadlines"),
    ]
    return [(label, f"{reverse(name)}?{about.query}", None, name == here) for label, name in pages]


def line_in_words(line):
    """A line within another says so by a dash: a list of choices has no other way."""
    return f"– {local(line.names)}" if line.parent_id else local(line.names)
