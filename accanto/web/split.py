"""The regional officer splits a sum among the zones: total, criteria with weights and bases, reserves; the quotas are
seen before anything is saved."""

import datetime as dt
from decimal import Decimal

from django import forms
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accanto.access.door import for_kinds, writes
from accanto.access.role import Kind
from accanto.exchange import zone_table
from accanto.exchange.record_batch import Refused as NotATable
from accanto.norms.findings import Refused, blocks
from accanto.plan import allocation as allocations
from accanto.plan.act import Act
from accanto.plan.allocation import Criterion, Given, Reserve
from accanto.plan.allocation_parts import AllocationCriterion, AllocationReserve
from accanto.plan.fund import FundLine
from accanto.territory.population import Population
from accanto.web import allocation_picture
from accanto.web.acts import ActField
from accanto.web.parts.forms import DayField, DecimalText, EuroField
from accanto.web.parts.keyset import whole_number
from accanto.web.parts.numbers import day as shown_day

CRITERIA = 5  # as many as the widest law read had (FU-05, 2018)
PURPOSES = AllocationReserve.Purpose
SHOWN = 20  # mistakes of a table told on the page


class WeightField(forms.DecimalField):
    widget = DecimalText

    def __init__(self, **kwargs):
        super().__init__(max_digits=7, decimal_places=4, min_value=0, max_value=100, required=False, **kwargs)

    def to_python(self, value):
        return super().to_python(value.replace(",", ".").replace("%", "") if isinstance(value, str) else value)


class SplitForm(forms.Form):
    year = forms.IntegerField(label=gettext_lazy("Anno"), min_value=2000, max_value=2100)
    total = EuroField(label=gettext_lazy("Somma da dividere, in euro"), min_value=Decimal("0.01"))
    perimeter = forms.CharField(
        label=gettext_lazy("Di che cosa è la somma"),
        max_length=200,
        help_text=gettext_lazy("Il perimetro, senza l’anno: due somme dello stesso perimetro si confrontano."),
    )
    act = ActField(
        label=gettext_lazy("Atto"),
        required=False,
        empty_label=gettext_lazy("non ancora"),
        help_text=gettext_lazy("Una bozza può non averlo; per adottare il riparto serve."),
    )

    def __init__(self, *args, acting, **kwargs):
        super().__init__(*args, **kwargs)
        self.zones = allocations.zone_names()
        self.table_errors: list[tuple] = []
        self.fields["act"].queryset = Act.objects.for_office(acting)
        days = Population.objects.counted_dates()
        bases = [("", _("una tabella: la incollo o la carico"))]
        bases += [(f"{one:%Y-%m-%d}", _("residenti al %(day)s") % {"day": shown_day(one)}) for one in reversed(days)]
        for n in self.numbers:
            self.fields |= self._criterion(n, bases)
        for purpose, label in PURPOSES.choices:
            self.fields[f"reserve_{purpose}"] = EuroField(label=label.capitalize(), required=False)
            self.fields[f"before_{purpose}"] = forms.BooleanField(
                label=_("tolta prima di dividere"), required=False, initial=False
            )
        if self.is_bound:
            self._read_files()

    numbers = range(1, CRITERIA + 1)

    def _criterion(self, n, bases):
        return {
            f"name_{n}": forms.CharField(label=_("Criterio"), max_length=80, required=False),
            f"weight_{n}": WeightField(label=_("Peso, in percento")),
            f"base_{n}": forms.ChoiceField(label=_("Base"), choices=bases, required=False),
            f"table_{n}": forms.CharField(
                label=_("Tabella: zona e quantità"),
                max_length=20_000,
                required=False,
                widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false"}),
                help_text=_("Una riga per zona, per esempio «Mugello;1.234». Tutte le zone: niente si stima."),
            ),
            f"file_{n}": forms.FileField(
                label=_("oppure un file CSV o XLSX"),
                required=False,
                widget=forms.FileInput(attrs={"accept": ".csv,.txt,.xlsx,.ods,.xls"}),
            ),
            f"day_{n}": DayField(label=_("Dati del giorno"), required=False),
            f"source_{n}": forms.CharField(label=_("Fonte dei dati"), max_length=200, required=False),
        }

    def _read_files(self):
        """What was sent becomes what was pasted, so that it is still there when the page comes back."""
        data = self.data.copy()
        self.unreadable = {}
        for n in self.numbers:
            file = self.files.get(f"file_{n}")
            if file is None:
                continue
            try:
                if file.size > zone_table.LARGEST:
                    raise NotATable(_("Il file supera 1 MB: tieni le due colonne della zona e della quantità."))
                data[f"table_{n}"], data[f"base_{n}"] = zone_table.text_of(file), ""
            except NotATable as refused:
                self.unreadable[f"file_{n}"] = str(refused)
        self.data = data

    def clean(self):
        found = super().clean()
        for name, sentence in self.unreadable.items():
            self.add_error(name, sentence)
        criteria = [one for n in self.numbers if (one := self._clean_criterion(n, found)) is not None]
        names = [one.name.casefold() for one in criteria]
        for n in self.numbers:
            name = (found.get(f"name_{n}") or "").casefold()
            if name and names.count(name) > 1:
                self.add_error(f"name_{n}", _("Due criteri hanno lo stesso nome."))
        if not criteria and not self.errors:
            self.add_error("name_1", _("Serve almeno un criterio, con il suo peso e la sua base."))
        found["criteria"] = tuple(criteria)
        found["reserves"] = tuple(
            Reserve(
                purpose=purpose,
                amount=found[f"reserve_{purpose}"],
                taken_before=bool(found.get(f"before_{purpose}")),
            )
            for purpose in PURPOSES.values
            if found.get(f"reserve_{purpose}")
        )
        return found

    def _clean_criterion(self, n, found):
        name, weight = (found.get(f"name_{n}") or "").strip(), found.get(f"weight_{n}")
        base, table = found.get(f"base_{n}"), found.get(f"table_{n}") or ""
        if not (name or weight or base or table.strip()):
            return None
        if not weight and f"weight_{n}" not in self.errors:
            self.add_error(f"weight_{n}", _("Scrivi quanto pesa."))
        if base:
            on = dt.date.fromisoformat(base)
            quantities, source = allocations.residents_on(on)
            name = name or _("Residenti")
            kind = AllocationCriterion.Kind.RESIDENTS
        else:
            on, source = found.get(f"day_{n}"), (found.get(f"source_{n}") or "").strip()
            kind = AllocationCriterion.Kind.TABLE
            read = zone_table.read(table, zones=self.zones)
            quantities = read.quantities
            if not name:
                self.add_error(f"name_{n}", _("Di’ come si chiama il criterio."))
            if not source:
                self.add_error(f"source_{n}", _("Scrivi da dove vengono i dati."))
            if read.errors:
                self.add_error(f"table_{n}", _("Ci sono righe da correggere: sono elencate in cima al modulo."))
                self.table_errors.append((name or n, read.errors[:SHOWN], max(0, len(read.errors) - SHOWN)))
            elif not table.strip() and f"file_{n}" not in self.unreadable:
                self.add_error(f"table_{n}", _("Incolla o carica la tabella, o scegli i residenti."))
        return Criterion(
            name=name,
            weight=weight or Decimal(0),
            kind=str(kind),
            quantities=quantities,
            base_day=on,
            base_source=source[:200],
        )

    def given(self, line) -> Given:
        found = self.cleaned_data
        return Given(
            fund_line=line,
            year=found["year"],
            perimeter=found["perimeter"],
            total=found["total"],
            criteria=found["criteria"],
            reserves=found["reserves"],
            names=self.zones,
        )

    def groups(self):
        """(number, the names of its fields, whether something is in it) of each criterion."""
        fields = ("name", "weight", "base", "table", "file", "day", "source")
        for n in self.numbers:
            names = [f"{field}_{n}" for field in fields]
            filled = any(self[name].value() for name in names if not name.startswith("file"))
            yield n, " ".join(names), filled or n <= 2 or any(name in self.errors for name in names)

    @property
    def reserve_names(self):
        return " ".join(f"{field}_{purpose}" for purpose in PURPOSES.values for field in ("reserve", "before"))

    @property
    def any_reserve(self):
        return any(self[f"reserve_{purpose}"].value() for purpose in PURPOSES.values)


def initial_of(row, *, zones, forward=False):
    """The form filled with an allocation that is there; `forward` makes it that of the year after."""
    given = allocations.given_by(row)
    found = {
        "year": given.year + bool(forward),
        "perimeter": given.perimeter,
        "total": None if forward else given.total,
        "act": None if forward or row.act is None else row.act.code,
    }
    for n, one in enumerate(given.criteria, 1):
        residents = one.kind == AllocationCriterion.Kind.RESIDENTS
        table = "\n".join(f"{zones[zone]};{_plain(quantity)}" for zone, quantity in sorted(one.quantities.items()))
        found |= {
            f"name_{n}": one.name,
            f"weight_{n}": one.weight,
            f"base_{n}": f"{one.base_day:%Y-%m-%d}" if residents else "",
            f"table_{n}": "" if residents or forward else table,
            f"day_{n}": None if residents or forward else one.base_day,
            f"source_{n}": "" if residents else one.base_source,
        }
    for one in given.reserves:
        found |= {f"reserve_{one.purpose}": one.amount, f"before_{one.purpose}": one.taken_before}
    return found


def _plain(quantity):
    return f"{quantity.normalize():f}".replace(".", ",")


def _begun_from(request, line):
    """The draft gone on with, the adopted one to correct, or the one whose criteria are taken up for the year after."""
    asked = {key: whole_number(request.GET.get(key, "")) for key in ("draft", "corrects", "after")}
    rows = line.allocations.standing().select_related("act", "corrects")
    if asked["draft"]:
        draft = get_object_or_404(rows.drafts(), pk=asked["draft"])
        return draft, draft.corrects, None
    if asked["corrects"]:
        return None, get_object_or_404(rows.adopted(), pk=asked["corrects"]), None
    return None, None, get_object_or_404(rows.adopted(), pk=asked["after"]) if asked["after"] else None


@for_kinds(Kind.REGIONAL_OFFICER)
@writes
def split_fund(request, fund):
    """The form; under it, once asked, the quotas that would come."""
    line = get_object_or_404(FundLine, code=fund)
    draft, corrects, after = _begun_from(request, line)
    begun = draft or corrects or after
    initial = {"year": timezone.localdate().year, "perimeter": _("Quota ripartita fra le zone")}
    if begun:
        initial |= initial_of(begun, zones=allocations.zone_names(), forward=begun is after)
    form = SplitForm(request.POST or None, request.FILES or None, acting=request.acting, initial=initial)
    findings, picture = [], None
    if request.method == "POST" and form.is_valid():
        given = form.given(line)
        done = given.split()
        findings = [*done.findings, *allocations.objections(given, corrects=corrects, replaces=draft)]
        if not blocks(findings):
            picture = allocation_picture.tried(given, done)
            if request.POST.get("what") == "save":
                return _save(request, given, form.cleaned_data["act"], corrects, draft)
    context = {
        "line": line,
        "form": form,
        "draft": draft,
        "corrects": corrects,
        "after": after,
        "findings": findings,
        "picture": picture,
    }
    wrong = form.errors or blocks(findings)
    return render(request, "plan/split_fund.html", context, status=422 if wrong else 200)


def _save(request, given, act, corrects, draft):
    try:
        row = allocations.save_draft(
            given=given, act=act, corrects=corrects, replaces=draft, by=request.acting, now=timezone.now()
        )
    except Refused as refused:  # somebody else saved the same money in the meantime
        messages.error(request, str(refused.findings[0].sentence))
        return redirect("fund", given.fund_line.code)
    messages.success(request, _("Bozza salvata: quando c’è l’atto, adottala."))
    return redirect("allocation", row.pk)
