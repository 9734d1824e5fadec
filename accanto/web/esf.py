"""The common indicators of the European fund: a period, an objective, a zone or an operation, as known on a day."""

import csv
import datetime as dt

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accanto.access.door import for_kinds
from accanto.access.installation import is_demonstration
from accanto.cases.entry_sheet import LABELS
from accanto.exchange import workbook
from accanto.indicators import esf_outputs, esf_results, esf_table
from accanto.indicators.esf_table import BEGINS, BODIES, PEOPLE, RESULTS, WORDS, Period
from accanto.norms import disclosure
from accanto.plan.operation import Operation
from accanto.territory.zone import Zone
from accanto.web.frame import PLANNERS
from accanto.web.parts.forms import DayField
from accanto.web.parts.numbers import number
from accanto.web.parts.table import Cell, Column, Table
from accanto.web.plan import sections

NONE = "none"  # operations that say no objective


class OperationField(forms.ModelChoiceField):
    def label_from_instance(self, obj):
        return f"{obj.title} ({obj.cup})"


class EsfForm(forms.Form):
    """What to count. Empty fields are all there is: from the first day of the regulation to today, as known now."""

    objective = forms.ChoiceField(
        label=gettext_lazy("Obiettivo specifico"),
        choices=[
            ("", gettext_lazy("tutti")), *Operation.Objective.choices, (NONE, gettext_lazy("non ancora indicato"))
        ],
        required=False,
    )  # fmt: skip
    zone = forms.ModelChoiceField(
        Zone.objects.all(), label=gettext_lazy("Zona"), to_field_name="code", required=False,
        empty_label=gettext_lazy("tutte"),
    )  # fmt: skip
    operation = OperationField(
        Operation.objects.none(), label=gettext_lazy("Operazione"), required=False, empty_label=gettext_lazy("tutte")
    )
    first = DayField(label=gettext_lazy("Dal"), required=False)
    last = DayField(label=gettext_lazy("Al"), required=False)
    known = DayField(
        label=gettext_lazy("Come si sapeva il"),
        required=False,
        help_text=gettext_lazy("Conta quel che era scritto la sera di quel giorno."),
    )

    def __init__(self, *args, acting, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        rows = Operation.objects.within(acting).filter(fund_line__counts_for_targets=True)
        self.fields["operation"].queryset = rows.order_by("zone", "starts", "id")
        if acting.reads_by_zone:
            del self.fields["zone"]

    def clean(self):
        found = super().clean()
        first, last = found.get("first") or BEGINS, found.get("last") or self.today
        if last < first:
            self.add_error("last", _("La fine viene prima dell’inizio: correggi uno dei due giorni."))
        if (found.get("known") or self.today) > self.today:
            self.add_error("known", _("Il giorno non è ancora arrivato."))
        return found


def asked(request):
    """(form, period, how the operations are narrowed): what is wrong in the address narrows nothing."""
    now, today = timezone.now(), timezone.localdate()
    form = EsfForm(request.GET or None, acting=request.acting, today=today)
    found = form.cleaned_data if form.is_bound and form.is_valid() else {}
    known = found.get("known")
    period = Period(found.get("first") or BEGINS, found.get("last") or today, end_of(known) if known else now)
    narrowed = {}
    if found.get("objective"):
        narrowed["objective"] = "" if found["objective"] == NONE else found["objective"]
    if found.get("zone"):
        narrowed["zone"] = found["zone"].pk
    if found.get("operation"):
        narrowed["operation"] = found["operation"].pk
    return form, period, narrowed


def end_of(day):
    """The last moment of a day, or now where it is today."""
    evening = dt.datetime.combine(day + dt.timedelta(days=1), dt.time.min, tzinfo=timezone.get_current_timezone())
    return min(evening - dt.timedelta(microseconds=1), timezone.now())


@for_kinds(*PLANNERS)
def esf(request):
    form, period, narrowed = asked(request)
    found = esf_table.tables(request.acting, period=period)
    operations = found.of(**narrowed)
    synthetic = any(row.synthetic for row in operations)
    left, later = (found.count(operations, code) for code in (esf_results.LEFT, esf_results.LATER_ON))
    context = {
        "sections": sections(request, "esf"),
        "form": form,
        "period": period,
        "operations": operations,
        "people": counted_table(found, operations, PEOPLE, _("Chi partecipa, come era all’ingresso"), synthetic),
        "bodies": bodies_table(found, operations, synthetic),
        "at_exit": counted_table(found, operations, RESULTS[:4], _("All’uscita"), synthetic, estimates=False),
        "later": counted_table(found, operations, RESULTS[4:], _("Sei mesi dopo"), synthetic, estimates=False),
        "left": left,
        "answered": found.count(operations, esf_results.ANSWERED),
        "left_later": later,
        "answered_later": found.count(operations, esf_results.ANSWERED_LATER),
        "participations": found.count(operations, "EECO01"),
        "persons": persons_of(found, narrowed, request.acting),
        "unknown_months": found.count(operations, esf_outputs.UNKNOWN_MONTHS),
        "incomplete": found.count(operations, esf_outputs.INCOMPLETE),
        "lacking": lacking_table(found, operations, synthetic) if request.acting.reads_by_zone else None,
        "by_operation": operations_table(found, operations, request, synthetic),
        "without_objective": [row for row in operations if not row.specific_objective],
        "query": request.GET.urlencode(),
        "filtered": bool(narrowed),
    }
    return render(request, "plan/esf.html", context)


def persons_of(found, narrowed, acting):
    """How many persons they are; of one operation they are its participations, and of those without an objective nobody
    asks."""
    if "operation" in narrowed or narrowed.get("objective") == "":
        return None
    zone = acting.zone_id if acting.reads_by_zone else narrowed.get("zone")
    return found.persons(objective=narrowed.get("objective"), zone=zone)


def counted_table(found, operations, codes, caption, synthetic, *, estimates=True):
    on, rows, small = found.period.last, [], False
    for line in found.lines(operations, codes):
        cells = [cell(line.code, people, on) for people in (line.women, line.men, line.total)]
        small = small or any(one.note for one in cells)
        estimate = [] if not estimates else [line.estimate]
        rows.append([line.code, str(WORDS[line.code]), *cells, *estimate])
    columns = [
        Column(_("Codice")),
        Column(_("Indicatore")),
        Column(_("Donne"), "number"),
        Column(_("Uomini"), "number"),
        Column(_("In tutto"), "number"),
    ]
    if estimates:
        columns.append(Column(_("Stima dichiarata, a parte"), "number"))
    return Table(
        caption=caption, columns=columns, rows=rows, note=small_note(on) if small else "", synthetic=synthetic
    )  # fmt: skip


def cell(code, people, on):
    return Cell(people, note=_("piccolo") if esf_table.is_small(code, people, on=on) else "")


def small_note(on):
    few, fewer = (disclosure.threshold(sensitive=sensitive, on=on) for sensitive in (False, True))
    return _(
        "Piccolo: meno di %(few)s persone, di %(fewer)s per minori, disabilità, minoranze e senza dimora. "
        "Si trasmette e non si pubblica (DI-01, DI-02)."
    ) % {"few": number(few), "fewer": number(fewer)}


def bodies_table(found, operations, synthetic):
    rows = [[line.code, str(WORDS[line.code]), line.total] for line in found.lines(operations, BODIES)]
    columns = [Column(_("Codice")), Column(_("Indicatore")), Column(_("Dichiarati"), "number")]
    return Table(caption=_("Enti e imprese sostenuti"), columns=columns, rows=rows, synthetic=synthetic)


def lacking_table(found, operations, synthetic):
    """Of the records that are not transmitted, what each operation's lack: for the zone alone, which completes them."""
    names = list(esf_outputs.LACKS)
    rows = []
    for row in operations:
        count = found.count([row], esf_outputs.INCOMPLETE)
        if count:
            lacks = [found.count([row], f"lacks_{name}") for name in names]
            rows.append([Cell(row.title, url=reverse("operation", args=[row.pk])), count, *lacks])
    if not rows:
        return None
    columns = [Column(_("Operazione")), Column(_("Schede incomplete"), "number")]
    columns += [Column(_("manca: %(name)s") % {"name": LABELS[name]}, "number") for name in names]
    return Table(caption=_("Schede che non si trasmettono"), columns=columns, rows=rows, synthetic=synthetic)


def operations_table(found, operations, request, synthetic):
    rows = []
    for row in operations:
        address = request.GET.copy()
        address["operation"] = str(row.pk)
        rows.append(
            [
                Cell(row.title, url=f"?{address.urlencode()}"),
                row.zone.name,
                row.specific_objective or None,
                *(found.count([row], code) for code in ("EECO01", esf_outputs.INCOMPLETE, esf_results.LEFT)),
                Cell(_("Stime ed enti"), url=reverse("declare_esf", args=[row.pk])),
            ]
        )
    columns = [
        Column(_("Operazione")),
        Column(_("Zona")),
        Column(_("Obiettivo specifico")),
        Column(_("Partecipanti"), "number"),
        Column(_("Non trasmessi"), "number"),
        Column(_("Usciti"), "number"),
        Column(_("Da dichiarare")),
    ]
    total = [_("In tutto"), "", ""]
    total += [found.count(operations, code) for code in ("EECO01", esf_outputs.INCOMPLETE, esf_results.LEFT)]
    return Table(
        caption=_("Operazione per operazione"), columns=columns, rows=rows, total=[*total, ""], synthetic=synthetic
    )  # fmt: skip


HEAD = [
    "obiettivo", "attivita", "zona", "cup", "operazione", "indicatore", "descrizione", "come", "sesso", "valore", "dal",
    "al", "noto_al", "non_pubblicabile", "avvertenza",
]  # fmt: skip


def file_rows(found, operations):
    """A row for every operation, indicator and sex, zeros included: those that are counted add up to the page. What is
    declared has rows of its own."""
    period = found.period
    moment = timezone.localtime(period.known).strftime("%Y-%m-%d %H:%M")
    for row in operations:
        own = [row.specific_objective, row.activity, row.zone.code, row.cup, row.title]
        days = [period.first.isoformat(), period.last.isoformat(), moment]
        synthetic = "dati sintetici" if row.synthetic else ""

        def line(code, how, sex, value, own=own, days=days, synthetic=synthetic):
            small = "sì" if how == "contato" and esf_table.is_small(code, value, on=period.last) else ""
            return [*own, code, str(WORDS[code]), how, sex, str(value), *days, small, synthetic]

        for code in (*PEOPLE, *RESULTS):
            for sex in esf_table.SEXES:
                yield line(code, "contato", sex, found.count([row], code, sex))
            for said in found.declared([row], code):
                yield line(code, "stima", "F", said.women)
                yield line(code, "stima", "M", said.men)
        for code in BODIES:
            yield line(code, "dichiarato", "", found.line([row], code).total)


@for_kinds(*PLANNERS)
def esf_file(request, kind):
    _form, period, narrowed = asked(request)
    found = esf_table.tables(request.acting, period=period)
    rows = list(file_rows(found, found.of(**narrowed)))
    if kind == "xlsx":
        sheet = workbook.Sheet(name="FSE+", head=HEAD, rows=rows, widths=[12, 12, 18, 18, 40, 12, 40, *[12] * 8])
        media = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        answer = HttpResponse(workbook.written([sheet]), content_type=media)
    else:
        answer = HttpResponse(content_type="text/csv; charset=utf-8")
        writer = csv.writer(answer, lineterminator="\n")
        writer.writerow(HEAD)
        writer.writerows([inert(one) for one in row] for row in rows)
    synthetic = "-sintetico" if is_demonstration() else ""
    name = f"fse-plus-{period.last:%Y%m%d}{synthetic}.{kind}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def inert(cell):
    """What a spreadsheet would run is told as text."""
    return f"'{cell}" if cell.startswith(tuple("=+-@\t\r")) else cell
