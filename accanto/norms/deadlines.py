"""The days by which the money and its figures are to be told: from the sheets, with who does what."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from accanto.norms.days import add_months
from accanto.norms.findings import Grade
from accanto.norms.reader import Value, in_force
from accanto.norms.rule_index import rule
from accanto.norms.sheet_file import sheets
from accanto.norms.text import Text

ZONE, REGION, STATE = "zone", "region", "state"
WHO = {
    ZONE: Text("programmatore di zona", "zone planner"),
    REGION: Text("funzionario regionale", "regional officer"),
    STATE: Text("Stato", "State"),
}
INDICATOR_MONTHS = (1, 7)  # art. 42: indicators go with these two transmissions only


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """`by` are those who act; a day of the State's is there to know what to wait for."""

    day: date
    what: Text
    act: Text
    by: tuple[str, ...]
    code: str
    grade: Grade
    source: str


def between(first: date, last: date) -> list[Deadline]:
    """Those from a day to another, both of them, in order."""
    found = [
        one
        for write in (_staffing, _fund_reports, _transmissions, _pnrr, _monitoring)
        for year in range(first.year, last.year + 1)
        for one in write(year)
        if first <= one.day <= last
    ]
    return sorted(found, key=lambda one: (one.day, one.code))


def _on(year: int, month_day: str) -> date:
    return date.fromisoformat(f"{year:04}-{month_day}")


def _deadline(value: Value, day: date, what: Text, act: Text, *by: str) -> Deadline:
    return Deadline(day=day, what=what, act=act, by=by, code=value.code, grade=value.grade, source=value.source)


@rule("ST-07", "ST-08")
def _staffing(year: int) -> Iterator[Deadline]:
    numbers = in_force(date(year, 1, 1))
    due, decree = numbers["staffing.return_due"], numbers["staffing.decree_due"]
    if due.known:
        yield _deadline(
            due,
            _on(year, due.text()),
            Text(f"Prospetto degli assistenti sociali del {year}", f"Return of social workers of {year}"),
            Text("Finalizza il prospetto in SIOSS entro mezzanotte.", "Finalise the return in SIOSS by midnight."),
            ZONE,
        )
    if decree.known:
        yield _deadline(
            decree,
            _on(year, decree.text()),
            Text("Decreto sulle somme liquidabili e prenotate", "Decree on payable and booked sums"),
            Text("Leggi il decreto e scrivi le somme della zona.", "Read the decree and enter the zone's sums."),
            STATE,
        )


@rule("FU-09")
def _fund_reports(year: int) -> Iterator[Deadline]:
    value = in_force(date(year, 1, 1))["fund.report_due"]
    if value.known:
        yield _deadline(
            value,
            _on(year, value.text()),
            Text(f"Usi dei fondi al 31/12/{year - 1}", f"Uses of the funds at 31/12/{year - 1}"),
            Text(
                "Rendiconta in SIOSS gli usi al 31 dicembre: la zona i suoi, la Regione guarda il 75 %.",
                "Report the uses at 31 December in SIOSS: the zone its own, the Region looks at the 75 %.",
            ),
            ZONE,
            REGION,
        )


@rule("FS-T42")
def indicator_days(year: int) -> list[date]:
    """The days of a year by which the indicators go, the earliest first."""
    value = in_force(date(year, 1, 31))["esf.transmission_days"]
    days = [_on(year, month_day) for month_day in value.words()] if value.known else []
    return sorted(day for day in days if day.month in INDICATOR_MONTHS)


@rule("FS-T42")
def _transmissions(year: int) -> Iterator[Deadline]:
    value = in_force(date(year, 1, 31))["esf.transmission_days"]
    if not value.known:
        return
    for month_day in value.words():
        day = _on(year, month_day)
        indicators = day.month in INDICATOR_MONTHS
        yield _deadline(
            value,
            day,
            Text("Trasmissione dei dati FSE+, con gli indicatori", "ESF+ data transmission, with the indicators")
            if indicators
            else Text("Trasmissione dei dati finanziari FSE+", "ESF+ transmission of financial data"),
            Text(
                "Trasmetti i dati cumulati del programma; la zona chiude prima i suoi movimenti.",
                "Transmit the programme's cumulative data; the zone closes its movements before.",
            ),
            REGION,
        )


@rule("PN-01")
def _pnrr(year: int) -> Iterator[Deadline]:
    value = in_force(date(year, 1, 1))["pnrr.project_end_by"]
    if value.known and value.day().year == year:
        yield _deadline(
            value,
            value.day(),
            Text("Fine dei progetti PNRR M5C2", "End of the M5C2 recovery-plan projects"),
            Text("Chiudi i progetti e registra le economie.", "Close the projects and record the savings."),
            ZONE,
        )


@rule("AD-12")
def _monitoring(year: int) -> Iterator[Deadline]:
    """From the law's entry into force: the months for the decrees, then those for the monitoring of the guarantee."""
    first = sheets().find("staffing.monitoring_decrees_months").values[-1].since
    numbers = in_force(first)
    decrees, further = numbers["staffing.monitoring_decrees_months"], numbers["staffing.guarantee_monitoring_months"]
    if not (decrees.known and further.known):
        return
    for value, months, what in (
        (
            decrees,
            decrees.integer(),
            Text(
                "Decreti sul monitoraggio integrato dei LEPS", "Decrees on the integrated monitoring of service levels"
            ),
        ),
        (
            further,
            decrees.integer() + further.integer(),
            Text(
                "Monitoraggio del Sistema di garanzia dei LEPS", "Monitoring of the guarantee system of service levels"
            ),
        ),
    ):
        day = add_months(first, months) - timedelta(days=1)
        if day.year == year:
            yield _deadline(
                value,
                day,
                what,
                Text(
                    "Guarda se è uscito, e che cosa chiede alle zone.",
                    "See whether it is out and what it asks of zones.",
                ),
                STATE,
            )
