"""Terms of the mandatory notices (CO) that a host sends for a traineeship."""

from dataclasses import dataclass
from datetime import date, timedelta

from accanto.norms import days
from accanto.norms.findings import Finding, Severity, ordered
from accanto.norms.reader import InForce, in_force
from accanto.norms.rule_index import rule
from accanto.norms.text import Text

EVENTS = ("start", "extension", "change", "end")
PUBLIC_HOSTS = frozenset({"public_body", "state_school", "equalised_school"})
PRIVATE_SCHOOLS = frozenset({"private_school", "training_body"})


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeDeadline:
    """`last_day` is the last day on which the notice is in time, until midnight; None where no notice is due."""

    event: str
    last_day: date | None
    findings: tuple[Finding, ...]

    def late_on(self, day: date) -> bool:
        return self.last_day is not None and day > self.last_day


@rule("R-CO-01", "R-CO-03", "R-CO-05", "R-CO-06", "R-CO-07")
def notice_deadline(
    *,
    event: str,
    event_on: date,
    host_type: str | None = None,
    planned_end: date | None = None,
    urgent: bool = False,
    force_majeure: bool = False,
    numbers: InForce | None = None,
) -> NoticeDeadline:
    """The last day to notify an event: start, extension, change or end. R-CO-03, 05, 06, 07.

    Days are counted from the day after the event; for terms in days a holiday rolls to the first day that is not.
    Raises ValueError for an unknown event.
    """
    if event not in EVENTS:
        raise ValueError(f"{event!r} is not one of {', '.join(EVENTS)}.")
    numbers = numbers or in_force(event_on)
    findings: list[Finding] = []
    if urgent and event != "start":
        findings.append(
            numbers["notice.urgency_only_start"].finding(
                Severity.BLOCK,
                Text(
                    "L'invio d'urgenza esiste solo per l'avvio, non per questo evento.",
                    "The urgency form exists only for a start, not for this event.",
                ),
                field="urgent",
                way_out=Text("Usa la comunicazione ordinaria.", "Use the ordinary notice."),
            )
        )
    if event == "end" and planned_end == event_on:
        findings.append(
            numbers["notice.end_only_if_changed"].finding(
                Severity.PASS,
                Text(
                    "Il tirocinio finisce il giorno già comunicato: nessuna comunicazione è dovuta.",
                    "The traineeship ends on the day already notified: no notice is due.",
                ),
                field="ended_on",
            )
        )
        return NoticeDeadline(event=event, last_day=None, findings=tuple(findings))
    if host_type in PUBLIC_HOSTS:
        last, more = _public_host(event_on, numbers)
        findings += more
    elif host_type in PRIVATE_SCHOOLS:
        value = numbers["notice.private_school_days"]
        last = days.first_not_holiday(event_on + timedelta(days=value.integer()))
        findings.append(value.finding(Severity.PASS, _by(last), field="notice_sent_on"))
    elif event == "start" and not force_majeure:
        value = numbers["notice.start_days_before"]
        last = event_on - timedelta(days=value.integer())
        findings.append(value.finding(Severity.PASS, _by(last), field="notice_sent_on"))
    else:
        name = "notice.force_majeure_days" if event == "start" else "notice.event_days"
        value = numbers[name]
        last = days.first_not_holiday(event_on + timedelta(days=value.integer()))
        findings.append(value.finding(Severity.PASS, _by(last), field="notice_sent_on"))
        if last.weekday() == 5:
            findings.append(
                numbers["notice.event_days"].finding(
                    Severity.CAUTION,
                    Text(
                        "Il termine cade di sabato: la fonte non dice se slitta. Comunica entro quel giorno.",
                        "The term falls on a Saturday: the source does not say whether it rolls. Notify by that day.",
                    ),
                    field="notice_sent_on",
                )
            )
    return NoticeDeadline(event=event, last_day=last, findings=tuple(ordered(findings)))


def _public_host(event_on: date, numbers: InForce) -> tuple[date, list[Finding]]:
    value = numbers["notice.public_host_day"]
    last = days.add_months(event_on.replace(day=1), 1).replace(day=value.integer())
    findings = [
        value.finding(Severity.PASS, _by(last), field="notice_sent_on"),
        value.finding(
            Severity.CAUTION,
            Text(
                "L'ospitante è pubblico: il termine di legge è il {last}, ma che valga per un tirocinante è dedotto.",
                "The host is public: the legal term is {last}, but that it holds for a trainee is inferred.",
            ).filled(last=last),
            field="notice_sent_on",
            way_out=Text("Invia comunque prima dell'inizio.", "Send it before the start all the same."),
        ),
    ]
    if days.is_holiday(last):
        findings.append(
            value.finding(
                Severity.CAUTION,
                Text("Il {last} è festivo: non aspettare l'ultimo giorno.", "{last} is a holiday: do not wait.").filled(
                    last=last
                ),
                field="notice_sent_on",
            )
        )
    return last, findings


def _by(last: date) -> Text:
    return Text("Da comunicare entro le 24 del {last}.", "To be notified by midnight of {last}.").filled(last=last)
