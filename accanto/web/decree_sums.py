"""The sums of the ministry's decrees: the published totals of the country, and the rows of zones copied by hand."""

from datetime import date

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accanto.access.door import for_kinds, writes
from accanto.norms.findings import GRADE_WORDS
from accanto.norms.full_time import first_day
from accanto.norms.reader import parameter
from accanto.staffing import decree_sum as sums
from accanto.staffing.decree_sum import DecreeSum
from accanto.territory.zone import Zone
from accanto.web.frame import PLANNERS
from accanto.web.parts.confirm import Confirm
from accanto.web.parts.forms import EuroField
from accanto.web.parts.keyset import Page
from accanto.web.people import CHOOSE
from accanto.web.plan import sections
from accanto.web.return_form import UnitsField
from accanto.web.staffing_pages import staffing_pages
from accanto.web.templatetags.parts import local

NATIONAL = {"booked": "staffing.national_booked_euro", "payable": "staffing.national_payable_euro"}


class DecreeSumForm(forms.Form):
    zone = forms.ModelChoiceField(
        Zone.objects.none(), label=gettext_lazy("Zona-distretto"), empty_label=gettext_lazy("scegli")
    )
    year = forms.TypedChoiceField(label=gettext_lazy("Anno a cui si riferisce la somma"), coerce=int)
    kind = forms.ChoiceField(label=gettext_lazy("Che somma è"), choices=[CHOOSE, *DecreeSum.Kind.choices])
    decree = forms.CharField(
        label=gettext_lazy("Decreto"),
        max_length=120,
        help_text=gettext_lazy("Per esempio: DM 125 del 26/07/2024."),
    )
    decree_table = forms.CharField(
        label=gettext_lazy("Tabella"), max_length=60, required=False, help_text=gettext_lazy("Per esempio: Tabella 4.")
    )
    amount = EuroField(label=gettext_lazy("Euro"), max_digits=12)
    fte = UnitsField(
        label=gettext_lazy("Unità a tempo pieno, se il decreto le dice"),
        required=False,
        help_text=gettext_lazy("Per una riduzione: quelle certificate."),
    )
    link = forms.URLField(
        label=gettext_lazy("Collegamento al decreto"), max_length=300, required=False, assume_scheme="https"
    )

    def __init__(self, *args, acting, today, **kwargs):
        super().__init__(*args, **kwargs)
        zones = Zone.objects.filter(pk=acting.zone_id) if acting.reads_by_zone else Zone.objects.all()
        self.fields["zone"].queryset = zones
        self.fields["zone"].initial = acting.zone_id
        self.fields["year"].choices = [
            CHOOSE, *((year, str(year)) for year in range(today.year, first_day().year - 1, -1))
        ]  # fmt: skip

    def clean(self):
        found = super().clean()
        if found.get("kind") == DecreeSum.Kind.REDUCED and found.get("fte") is None and "fte" not in self.errors:
            self.add_error("fte", _("Di una riduzione scrivi le unità certificate: sono quelle che contano."))
        return found


@login_not_required
@require_safe
def decree_sums(request):
    rows = DecreeSum.objects.standing().select_related("zone")
    may_write = bool(request.acting and request.acting.kind in PLANNERS)
    page = Page.of(request, rows, order=("-year", "zone__order", "kind", "id"))
    context = {
        "sections": sections(request, "staffing"),
        "pages": staffing_pages(request, "decree_sums"),
        "national": national_totals(timezone.localdate()),
        "page": page,
        "rows": [(row, may_write and _of_own(row, request.acting)) for row in page.rows],
        "may_write": may_write,
    }
    return render(request, "staffing/decree_sums.html", context)


def _of_own(row, acting):
    return not acting.reads_by_zone or row.zone_id == acting.zone_id


def national_totals(today):
    """Year by year what was booked and what could be paid in the whole country, with how sure we are; None where nobody
    found it."""
    found = []
    for year in range(first_day().year, today.year + 1):
        told = {kind: _national(name, year) for kind, name in NATIONAL.items()}
        found.append({"year": str(year), **told})
    return found


def _national(name, year):
    value = parameter(name, date(year, 12, 31))
    parts = value.table() if value.known else {}
    return {
        "name": name,
        "parts": list(parts.items()),
        "total": sum(parts.values()) if parts else None,
        "grade": local(GRADE_WORDS[value.grade]),
        "source": value.source,
        "link": value.link,
    }


@for_kinds(*PLANNERS)
@writes
def new_decree_sum(request):
    today = timezone.localdate()
    form = DecreeSumForm(request.POST if request.method == "POST" else None, acting=request.acting, today=today)
    if request.method == "POST" and form.is_valid():
        row = sums.enter(**form.cleaned_data, by=request.acting, now=timezone.now())
        messages.success(request, _("Somma scritta: è nella pagina della zona."))
        return redirect("staffing_zone", row.zone.code)
    return render(request, "staffing/new_decree_sum.html", {"form": form}, status=422 if form.errors else 200)


@for_kinds(*PLANNERS)
@writes
def withdraw_decree_sum(request, decree_sum):
    rows = DecreeSum.objects.within(request.acting).standing().select_related("zone")
    row = get_object_or_404(rows, pk=decree_sum)
    if request.method == "POST":
        sums.withdraw(decree_sum=row, by=request.acting, now=timezone.now())
        messages.success(request, _("Somma ritirata: resta scritto che c’era."))
        return redirect("decree_sums")
    confirm = Confirm(
        title=_("Togliere la somma %(kind)s del %(year)s di %(zone)s?")
        % {"kind": row.get_kind_display(), "year": row.year, "zone": row.zone},
        sentence=_("Se un altro decreto l’ha riscritta, ritira questa e scrivi quella nuova."),
        url=reverse("withdraw_decree_sum", args=[row.pk]),
        label=_("Ritirala"),
        cancel_url=reverse("decree_sums"),
        danger=True,
    )
    return render(request, "confirm.html", {"confirm": confirm})
