"""What a submission is made of: the files of a version as the system knows them now, and all that is to be told before
they are sent, at once."""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from accanto.exchange.layout import Layout, layout
from accanto.indicators import esf_outputs, esf_table
from accanto.norms import deadlines
from accanto.norms.days import month_of
from accanto.norms.findings import Finding, Grade, Severity, ordered
from accanto.norms.reader import in_force
from accanto.norms.text import Text
from accanto.plan.submission import Submission
from accanto.staffing.return_row import ReturnRow
from accanto.staffing.staffing_return import StaffingReturn, years

LAYOUTS = {Submission.Kind.ESF: "esf_indicators", Submission.Kind.STAFFING: "sioss_staffing"}


@dataclass(frozen=True)
class Made:
    files: dict[str, bytes]
    findings: list[Finding]
    layout: Layout
    synthetic: bool


def versions(kind, today):
    """The versions one may prepare, newest first: the next, and those of the last two years that are over."""
    if kind == Submission.Kind.STAFFING:
        return [str(year) for year in range(today.year + 1, today.year - 3, -1)]
    days = [last_day(one) for year in range(today.year - 1, today.year + 2) for one in _versions_sent_in(year)]
    coming = next(day for day in days if day > today)
    return [f"{day:%Y%m}" for day in sorted(days, reverse=True) if day <= coming]


def _versions_sent_in(year):
    """A version is of the month before the day by which it is sent."""
    return [f"{day.replace(day=1) - dt.timedelta(days=1):%Y%m}" for day in deadlines.indicator_days(year)]


def last_day(version) -> dt.date:
    """The day a version of the indicators is of: the last of its month."""
    return month_of(dt.date(int(version[:4]), int(version[4:]), 1)).last


def due(version) -> dt.date:
    """The last day to send it (art. 42)."""
    after = last_day(version) + dt.timedelta(days=1)
    return next(day for day in deadlines.indicator_days(after.year) if day >= after)


def make(*, kind, version, zone, code, acting, now) -> Made:
    """The files and the findings; `code` is the ministry's code of the ambito, for a return."""
    if kind == Submission.Kind.ESF:
        return _esf(version, acting, now)
    return _staffing(int(version), zone, code)


def _reconstructed(found):
    return Finding(
        code="ACC-LAYOUT",
        severity=Severity.CAUTION,
        sentence=Text(
            "Il tracciato ufficiale non è stato letto: questo è ricostruito dalle regole.",
            "The official layout was not read: this one is reconstructed from the rules.",
        ),
        source=str(found),
        grade=Grade.DESIGN,
        way_out=Text(
            "Confrontalo con quello del sistema che riceve.", "Compare it with that of the system that receives."
        ),
    )


def _esf(version, acting, now):
    plan, today = layout(LAYOUTS[Submission.Kind.ESF]), timezone.localdate(now)
    period = esf_table.Period(esf_table.BEGINS, last_day(version), now)
    found = esf_table.tables(acting, period=period)
    objectives = sorted({row.specific_objective for row in found.operations} - {""})
    by_objective = [
        {"objective": objective} | line
        for objective in objectives
        for line in _lines(found, found.of(objective=objective))
    ]
    by_operation = [
        {"objective": row.specific_objective, "cup": row.cup, "zone": row.zone.code} | line
        for row in found.operations
        if row.specific_objective
        for line in _lines(found, [row])
    ]
    files = {"indicatori.csv": plan.written("indicatori", by_objective)}
    files["operazioni.csv"] = plan.written("operazioni", by_operation)
    findings = [_reconstructed(plan)]
    if last_day(version) > today:
        findings.append(_not_over(version))
    if lost := [row for row in found.operations if not row.specific_objective]:
        findings.append(_without_objective(lost))
    if not found.operations:
        findings.append(_no_operations())
    if incomplete := found.count(found.operations, esf_outputs.INCOMPLETE):
        findings.append(_incomplete(incomplete, today))
    return Made(files, ordered(findings), plan, any(row.synthetic for row in found.operations))


def _lines(found, operations):
    """A row an indicator, sex and way of knowing: zeros too, for every common indicator is reported."""
    for code in (*esf_table.PEOPLE, *esf_table.RESULTS):
        for sex in esf_table.SEXES:
            yield {"code": code, "sex": sex, "how": "contato", "value": found.count(operations, code, sex)}
        if said := found.declared(operations, code):
            yield {"code": code, "sex": "F", "how": "stima", "value": sum(one.women for one in said)}
            yield {"code": code, "sex": "M", "how": "stima", "value": sum(one.men for one in said)}
    for code in esf_table.BODIES:
        yield {"code": code, "sex": "", "how": "dichiarato", "value": found.line(operations, code).total}


def _finding(code, it, en, way_it, way_en, *, severity=Severity.BLOCK, source="", grade=Grade.DESIGN, **values):
    return Finding(
        code=code, severity=severity, sentence=Text(it, en).filled(**values), source=source, grade=grade,
        way_out=Text(way_it, way_en),
    )  # fmt: skip


def _not_over(version):
    day = f"{last_day(version):%d/%m/%Y}"
    return _finding(
        "FS-T42",
        "La versione {version} è al {day}, che non è ancora venuto.",
        "Version {version} is of {day}, which has not come yet.",
        "Preparala da quel giorno.",
        "Prepare it from that day on.",
        source="Reg. (UE) 2021/1060, art. 42",
        grade=Grade.VERIFIED,
        version=version,
        day=day,
    )


def _without_objective(lost):
    return _finding(
        "ACC-ESF-OS",
        "Senza obiettivo specifico: {titles}. I dati si trasmettono per obiettivo specifico.",
        "Without a specific objective: {titles}. Data are transmitted by specific objective.",
        "Scrivilo nell’operazione e prepara di nuovo.",
        "Write it in the operation and prepare again.",
        titles="; ".join(row.title for row in lost[:5]) + ("…" if len(lost) > 5 else ""),
    )


def _no_operations():
    return _finding(
        "ACC-ESF-OS",
        "Non c’è nessuna operazione del FSE+.",
        "There is no ESF+ operation.",
        "Inserisci le operazioni finanziate.",
        "Enter the financed operations.",
    )


def _incomplete(count, today):
    value = in_force(today)["esf.complete_record"]
    return value.finding(
        Severity.CAUTION,
        Text(
            "{count} partecipazioni incomplete non sono nei file.",
            "{count} incomplete participations are not in the files.",
        ).filled(count=count),
        way_out=Text("Le completano le zone.", "The zones complete them."),
    )


def _staffing(year, zone, code):
    plan, rows, findings = layout(LAYOUTS[Submission.Kind.STAFFING]), [], []
    row = StaffingReturn.objects.filter(zone=zone, year=year).first()
    figures = list(row.figures.standing().order_by("year")) if row else []
    parts = list(ReturnRow.objects.standing().filter(staffing_return=row).select_related("municipality")) if row else []
    for figure in figures:
        said = {
            "ambito": code, "zone": zone.name, "year": figure.year, "status": figure.get_status_display(),
            "residents_on": figure.residents_on,
        }  # fmt: skip
        whole = {"place": "AMBITO", "municipality": "", "residents": figure.residents}
        rows.append(said | whole | {"fte": f"{figure.permanent_fte:.4f}", "headcount": figure.headcount})
        for part in (one for one in parts if one.year == figure.year):
            place = part.municipality_id or "ENTE"
            where = part.municipality.name if part.municipality_id else "Ente dell’ambito"
            own = {"place": place, "municipality": where, "residents": "", "fte": f"{part.permanent_fte:.4f}"}
            rows.append(said | own | {"headcount": part.headcount})
    findings.append(_reconstructed(plan))
    if not code:
        findings.append(_no_code(zone))
    if row is None or row.state != StaffingReturn.State.FINALISED:
        findings.append(_not_finalised(year))
    if figures and {one.year for one in parts} != set(years(year)):
        findings.append(_no_municipalities())
    synthetic = bool(row and row.synthetic)
    return Made({"prospetto.csv": plan.written("prospetto", rows)}, ordered(findings), plan, synthetic)


def _no_code(zone):
    return _finding(
        "AD-07",
        "Manca il codice SIOSS dell’ambito {zone}: senza, il ministero non sa di chi è la riga.",
        "The SIOSS code of the ambito {zone} is missing: without it the ministry does not know whose the row is.",
        "Scrivilo quando prepari l’invio: è nell’elenco degli ambiti del SIOSS.",
        "Write it when you prepare the submission: it is in the list of ambiti of SIOSS.",
        zone=zone.name,
    )


def _not_finalised(year):
    return _finding(
        "ST-11",
        "Il prospetto del {year} non è finalizzato.",
        "The return of {year} is not finalised.",
        "Compilalo e finalizzalo, poi prepara di nuovo.",
        "Fill it and finalise it, then prepare again.",
        source="DM 22/09/2022",
        year=str(year),
    )


def _no_municipalities():
    return _finding(
        "ST-15",
        "Il prospetto non dice i comuni uno per uno.",
        "The return does not tell the municipalities one by one.",
        "Compilalo dai contratti, se il ministero li chiede.",
        "Fill it from the contracts, if the ministry asks for them.",
        severity=Severity.CAUTION,
        source="DM 15/2021, art. 1",
    )
