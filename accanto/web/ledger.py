"""The ledger of a fund line: what stands at each step, the movements, and the forms that move and reverse a sum."""

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accanto.access.door import for_kinds, writes
from accanto.norms import ledger as law
from accanto.norms import money
from accanto.norms.findings import Refused
from accanto.plan import movement as movements_of
from accanto.plan.act import Act
from accanto.plan.allocation import Allocation
from accanto.plan.movement import Movement, Place
from accanto.plan.operation import Operation
from accanto.territory.zone import Zone
from accanto.web.acts import ActField
from accanto.web.frame import PLANNERS
from accanto.web.money_pages import CupField, asked, line_in_words, money_pages
from accanto.web.parts.confirm import Confirm
from accanto.web.parts.forms import EuroField, PastDayField
from accanto.web.parts.keyset import Page, whole_number
from accanto.web.parts.table import Cell, Column, Table
from accanto.web.plan import sections
from accanto.web.templatetags.parts import local

OF_ALL = {"expenditure", "money_flow", "movements"}  # pages that show every zone where none is chosen
FROM_OUTSIDE = {True: "budgeted", False: "allocated"}  # of the Region, of a zone


@dataclass(frozen=True)
class Standing:
    """A sum that stands somewhere, and where it may be moved from."""

    place: str
    word: str
    amount: object
    url: str


def common(request, here, about):
    return {
        "sections": sections(request, "ledger"),
        "pages": money_pages(here, about),
        "about": about,
        "choices": [(one.code, line_in_words(one), one == about.line) for one in about.lines],
        "no_zone": _("tutte le zone") if here in OF_ALL else _("la Regione"),
        "zones": [] if about.fixed else [(zone.code, zone.name, zone == about.zone) for zone in Zone.objects.all()],
    }


@for_kinds(*PLANNERS)
def ledger(request):
    about = asked(request)
    here = Movement.objects.within(request.acting).of(line=about.line, year=about.year)
    balances = here.balances() if about.line else {}
    mine = {place: sums for place, sums in balances.items() if place[0] == (about.zone and about.zone.pk)}
    whole = movements_of.line_totals(line=about.line, year=about.year) if about.line else None
    named = dict(Operation.objects.filter(pk__in=[place[1] for place in mine]).values_list("pk", "title"))
    sums = added(mine.values())
    context = common(request, "ledger", about) | {
        "sums": steps_table(about, sums, whole) if about.line else None,
        "findings": [*money.chain(on=timezone.localdate(), lump_sums=_has_lump_sums(sums), **law.reached(sums)),
                     *law.uncovered(balance=sums, on=timezone.localdate())],
        "standing": _standing(about, mine, named),
        "begin": _begin(about),
        "moved": bool(sums),
        "synthetic": here.filter(synthetic=True).exists(),
    }  # fmt: skip
    return render(request, "plan/ledger.html", context)


def _has_lump_sums(sums):
    return bool(sums.get(law.LUMP_SUMS))


def added(balances):
    """{account: euro} over places."""
    found = {}
    for sums in balances:
        for account, amount in sums.items():
            found[account] = found.get(account, 0) + amount
    return found


def steps_table(about, sums, whole):
    """What reached each step here and, beside, over the whole region."""
    own, all_ = law.reached(sums), law.reached(whole.everything)
    place = about.zone.name if about.zone else _("Regione, non ancora delle zone")
    touched = {account for account in law.STEPS if account in sums or account in whole.everything}
    rows = [[local(law.WORDS[step]), own[step], all_[step]] for step in law.STEPS if step in touched]
    out, all_out = law.exits(sums), law.exits(whole.everything)
    rows += [
        [Cell(local(law.WORDS[name]), note=_("uscita")), out[name], all_out[name]]
        for name in out
        if out[name] or all_out[name]
    ]
    return Table(
        _("Fin dove sono arrivati i soldi, %(year)s") % {"year": about.year},
        [Column(_("Passo")), Column(place, "euro"), Column(_("Tutta la regione"), "euro")],
        rows,
        note=_("Ogni passo comprende quelli dopo; economie, revoche e recuperi sono già tolti."),
    )


def _standing(about, mine, named):
    """What stands still, place by place, in the order of the chain."""
    found = []
    for (zone, operation), sums in sorted(mine.items(), key=lambda one: one[0][1] or 0):
        place = named.get(operation) or (about.zone.name if zone else _("Regione"))
        found += [
            Standing(place, local(law.WORDS[account]), sums[account], _form_url(about, account, operation))
            for account in law.STEPS
            if sums.get(account)
        ]
    return found


def _form_url(about, taken, operation=None):
    more = f"&operation={operation}" if operation else ""
    return f"{reverse('new_movement')}?{about.query}&taken={taken}{more}"


def _begin(about):
    if about.line is None:
        return []
    word = _("Registra un’assegnazione alla zona") if about.zone else _("Registra uno stanziamento")
    return [(word, _form_url(about, law.OUTSIDE))]


# --- the movements ---


@for_kinds(*PLANNERS)
def movements(request):
    about = asked(request)
    rows = Movement.objects.within(request.acting).of(line=about.line, year=about.year, zone=about.zone)
    operation = whole_number(request.GET.get("operation", ""))
    rows = rows.of(operation=operation) if operation else rows
    page = Page.of(request, rows.select_related("zone", "operation", "act"), order=("-day", "-id"))
    context = common(request, "movements", about) | {
        "page": page,
        "operation": Operation.objects.within(request.acting).filter(pk=operation).first() if operation else None,
    }
    return render(request, "plan/movements.html", context)


@for_kinds(*PLANNERS)
def movement(request, movement):
    row = one_or_404(request, movement)
    context = {
        "movement": row,
        "reversal": Movement.objects.filter(reverses=row).first(),
        "may_reverse": row.may_be_reversed and may_write(request, row),
    }
    return render(request, "plan/movement.html", context)


def one_or_404(request, pk):
    rows = Movement.objects.within(request.acting).select_related(
        "fund_line", "zone", "from_zone", "operation", "from_operation", "act", "allocation__fund_line", "reverses",
        "recorded_by",
    )  # fmt: skip
    return get_object_or_404(rows, pk=pk)


def may_write(request, row):
    own = request.acting.zone_id
    return not request.acting.reads_by_zone or (row.zone_id == own and row.from_zone_id == own)


class MovementForm(forms.Form):
    given = forms.ChoiceField(label=gettext_lazy("Che cosa succede"), widget=forms.RadioSelect)
    zone = forms.ModelChoiceField(
        Zone.objects.none(), label=gettext_lazy("A quale zona"), required=False, to_field_name="code",
        empty_label=gettext_lazy("nessuna: resta alla Regione"),
    )  # fmt: skip
    operation = forms.ModelChoiceField(
        Operation.objects.none(), label=gettext_lazy("Per quale operazione"), required=False,
        empty_label=gettext_lazy("nessuna: resta alla zona"),
    )  # fmt: skip
    amount = EuroField(label=gettext_lazy("Euro"), min_value=None)
    day = PastDayField(label=gettext_lazy("Giorno"))
    act = ActField(label=gettext_lazy("Atto"), required=False, empty_label=gettext_lazy("nessuno"))
    allocation = forms.ModelChoiceField(
        Allocation.objects.none(), label=gettext_lazy("Riparto da cui viene"), required=False,
        empty_label=gettext_lazy("nessuno"),
    )  # fmt: skip
    cup = CupField(
        label=gettext_lazy("CUP"), required=False, max_length=20,
        help_text=gettext_lazy("Vuoto: quello dell’operazione."),
    )  # fmt: skip
    chapter = forms.CharField(label=gettext_lazy("Capitolo"), required=False, max_length=30)
    peg = forms.CharField(
        label=gettext_lazy("PEG"), required=False, max_length=30, help_text=gettext_lazy("Dei comuni, se c’è.")
    )
    explanation = forms.CharField(
        label=gettext_lazy("Spiegazione"), required=False, max_length=300,
        help_text=gettext_lazy("Per un’economia, una revoca o un recupero serve."),
    )  # fmt: skip

    def __init__(self, *args, acting, about, taken, operation, **kwargs):
        super().__init__(*args, **kwargs)
        ways = [FROM_OUTSIDE[about.zone is None]] if taken == law.OUTSIDE else law.ways_from(taken)
        words = {one.to: local(one.word) for one in law.passages_from(taken)}
        self.fields["given"].choices = [(way, words.get(way) or local(law.WORDS[way])) for way in ways]
        if len(ways) == 1:
            self.fields["given"].initial = ways[0]
        self.fields["act"].queryset = Act.objects.for_office(acting)
        line_allocations = Allocation.objects.standing().adopted().filter(fund_line=about.line, year=about.year)
        if "allocated" in ways and line_allocations:
            self.fields["allocation"].queryset = line_allocations
        else:
            del self.fields["allocation"]
        if about.zone is None and taken == "budgeted":
            self.fields["zone"].queryset = Zone.objects.all()
        else:
            del self.fields["zone"]
        if about.zone is not None and operation is None:
            self.fields["operation"].queryset = Operation.objects.filter(zone=about.zone, fund_line=about.line)
        if operation is not None or not self.fields["operation"].queryset:
            del self.fields["operation"]
        self.own = operation

    def clean(self):
        found = super().clean()
        given = found.get("given")
        if given in law.KIND_OF and not found.get("explanation", "").strip():
            self.add_error("explanation", _("Scrivi perché questi soldi escono dalla catena."))
        if given == "allocated" and "zone" in self.fields and not found.get("zone") and "zone" not in self.errors:
            self.add_error("zone", _("Di’ a quale zona la Regione assegna la somma."))
        if given != "allocated" and found.get("zone"):
            self.add_error("zone", _("Solo un’assegnazione passa a una zona."))
        operation = found.get("operation") or self.own
        if operation and not found.get("cup"):
            found["cup"] = operation.cup
        return found


def _source(request, about):
    """(account, operation, place) from which the form takes, named in the address."""
    taken = request.GET.get("taken", law.OUTSIDE)
    number = whole_number(request.GET.get("operation", ""))
    operation = None
    if request.GET.get("operation"):
        rows = Operation.objects.within(request.acting).filter(fund_line=about.line, zone=about.zone)
        operation = get_object_or_404(rows, pk=number)
    if about.line is None or not law.ways_from(taken) or (taken == law.LUMP_SUMS and operation is None):
        raise Http404
    return taken, operation, Place(zone_id=about.zone and about.zone.pk, operation_id=operation and operation.pk)


@for_kinds(*PLANNERS)
@writes
def new_movement(request):
    about = asked(request)
    taken, operation, source = _source(request, about)
    form = MovementForm(
        request.POST if request.method == "POST" else None, acting=request.acting, about=about, taken=taken,
        operation=operation, initial={"day": timezone.localdate()},
    )  # fmt: skip
    there = movements_of.standing_at(line=about.line, year=about.year, place=source).get(taken)
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        zone, chosen = said.pop("zone", None), said.pop("operation", None)
        target = Place(
            zone_id=zone.pk if zone else source.zone_id, operation_id=chosen.pk if chosen else source.operation_id
        )
        try:
            row = movements_of.post(
                line=about.line, year=about.year, taken=taken, source=target if taken in law.MAY_OWE else source,
                target=target, by=request.acting, now=timezone.now(), **said,
            )  # fmt: skip
        except movements_of.JustPosted as twin:
            messages.info(
                request, _("Era già registrato un momento fa: se sono due movimenti uguali, riprova fra poco.")
            )
            return redirect("movement", twin.args[0].pk)
        except Refused as refused:
            for finding in refused.findings:
                name = finding.field if finding.field in form.fields else None
                form.add_error(name, f"{local(finding.sentence)} {local(finding.way_out)} ({finding.code})")
        else:
            messages.success(request, _("Movimento registrato."))
            return redirect("movement", row.pk)
    context = common(request, "ledger", about) | {
        "form": form,
        "taken": law.WORDS[taken],
        "from_outside": taken == law.OUTSIDE,
        "there": there,
        "operation": operation,
        "names": " ".join(name for name in ("given", "zone", "operation", "amount", "day") if name in form.fields),
        "more": " ".join(name for name in ("act", "allocation", "cup", "chapter", "peg", "explanation")
                         if name in form.fields),
    }  # fmt: skip
    return render(request, "plan/new_movement.html", context, status=422 if form.errors else 200)


class ReverseForm(forms.Form):
    explanation = forms.CharField(label=gettext_lazy("Perché era sbagliato"), max_length=300)


@for_kinds(*PLANNERS)
@writes
def reverse_movement(request, movement):
    row = one_or_404(request, movement)
    if not may_write(request, row):
        raise Http404
    form = ReverseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = movements_of.reverse(
                movement=row, day=timezone.localdate(), by=request.acting, now=timezone.now(), **form.cleaned_data
            )
        except movements_of.NotToBeReversed:
            messages.error(request, _("Questo movimento non si storna: è già stornato, o segue i pagamenti."))
            return redirect("movement", row.pk)
        except Refused as refused:
            form.add_error(
                None, " ".join(f"{local(one.sentence)} {local(one.way_out)} ({one.code})" for one in refused.findings)
            )
        else:
            messages.success(request, _("Movimento stornato: restano agli atti tutti e due."))
            return redirect("movement", made.pk)
    confirm = Confirm(
        title=_("Stornare questo movimento?"),
        sentence=_("I soldi tornano dov’erano con un movimento contrario; quello sbagliato resta scritto."),
        url=reverse("reverse_movement", args=[row.pk]),
        label=_("Storna"),
        cancel_url=reverse("movement", args=[row.pk]),
        danger=True,
        form=form,
    )
    return render(request, "confirm.html", {"confirm": confirm}, status=422 if form.errors else 200)
