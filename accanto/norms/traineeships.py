"""Starting, extending and closing a traineeship: all the findings at once. Days and months have their own files.

The numbers are those in force on the day of start (on `on` where it is not known); `on` is the day of the question.
`local` holds values a zone or a project sets by its own act, `call` the name of a call's sheet (`fse_2024_3h1`).
"""

from collections.abc import Iterator, Mapping
from datetime import date

from accanto.norms import allowances, calls, days, durations, funding, notices, papers, parties
from accanto.norms.allowances import Allowance, Row, month_allowance
from accanto.norms.attendance import device_clock, record_day
from accanto.norms.findings import Finding, Severity, ordered
from accanto.norms.notices import NoticeDeadline, notice_deadline
from accanto.norms.reader import InForce, LocalValue, in_force
from accanto.norms.register import close_month
from accanto.norms.rule_index import rule
from accanto.norms.text import Text
from accanto.norms.traineeship_facts import DayFacts, Kind, MonthFacts, RegisterMonthFacts, TraineeshipFacts

__all__ = [
    "Allowance",
    "DayFacts",
    "Kind",
    "MonthFacts",
    "NoticeDeadline",
    "RegisterMonthFacts",
    "Row",
    "TraineeshipFacts",
    "close",
    "close_month",
    "device_clock",
    "extend",
    "month_allowance",
    "notice_deadline",
    "record_day",
    "start",
]


def start(
    facts: TraineeshipFacts, *, on: date, local: Mapping[str, LocalValue] | None = None, call: str | None = None
) -> list[Finding]:
    """All the law has to say before a traineeship begins: blocks, leaves, cautions and the rules that are met."""
    numbers = in_force(facts.start or on, local=local, call=call)
    found = [*durations.dates_in_order(facts, numbers), *durations.shortest(facts, numbers)]
    if facts.kind is Kind.TNC:
        if facts.end:
            found += durations.ordinary_longest(facts, facts.end, numbers)
    else:
        if facts.end:
            found += durations.longest(facts, facts.end, numbers)
        found += durations.repetition(facts, numbers)
        found += parties.taking_in_charge(facts, numbers)
        found += parties.integrated_phase(facts, numbers)
        found += parties.roles(facts, numbers)
        found += papers.plan(facts, numbers)
        found += papers.agreement_signatures(facts, numbers)
        found += _weekly_hours(facts, numbers)
        found += funding.services_quota(facts, numbers)
    found += parties.numbers_per_host(facts, numbers)
    found += parties.age(facts, numbers)
    found += parties.leave(
        needed=facts.needs_authorisation,
        given_on=facts.authorisation_date,
        day=facts.start,
        programme_changed_on=facts.programme_changed_on,
        numbers=numbers,
    )
    found += papers.inside_agreement_and_operation(facts, facts.end, numbers)
    found += papers.inside_place(facts, facts.end, numbers)
    found += papers.insurance(facts, numbers, on)
    found += papers.covers_to_the_end(facts, facts.end, numbers)
    found += papers.start_notice(facts, numbers, on)
    found += papers.inclusion_allowance(facts, numbers, on)
    found += allowances.agreed(
        kind=facts.kind,
        mode=facts.allowance_mode,
        monthly=facts.allowance_monthly,
        hourly=facts.allowance_hourly,
        numbers=numbers,
    )
    if call is not None:
        found += calls.eligible(
            call=call,
            employment_status=facts.employment_status,
            in_charge=facts.taken_in_charge_on is not None,
            target=facts.target,
            age=facts.age,
            on=facts.start or on,
        )
    return ordered(found)


@rule("R-TIS-32")
def _weekly_hours(facts: TraineeshipFacts, numbers: InForce) -> Iterator[Finding]:
    if facts.weekly_hours is None:
        return
    if facts.weekly_hours <= 0 or facts.weekly_hours > 168:
        yield numbers["register.hours_in_a_day"].finding(
            Severity.BLOCK,
            Text("Le ore settimanali non sono possibili.", "The weekly hours are not possible."),
            field="weekly_hours",
        )
        return
    cap = numbers["tis.weekly_hours_max"]
    if not cap.known:
        yield cap.finding(
            Severity.CAUTION,
            Text(
                "Un massimo di ore settimanali per i TIS non è stato trovato: vale il progetto.",
                "No maximum of weekly hours for TIS was found: the plan rules.",
            ),
            field="weekly_hours",
        )
    elif facts.weekly_hours > cap.decimal():
        yield cap.finding(
            Severity.BLOCK,
            Text(
                "{hours} ore a settimana; il massimo è {most}, dice {speaker}.",
                "{hours} hours a week; the most is {most}, says {speaker}.",
            ).filled(hours=facts.weekly_hours, most=cap.decimal(), speaker=cap.speaker),
            field="weekly_hours",
            way_out=Text("Riduci a {most} ore.", "Reduce to {most} hours.").filled(most=cap.decimal()),
        )


@rule("R-TIS-27", "R-TIS-28", "R-CO-03")
def extend(
    facts: TraineeshipFacts, *, on: date, local: Mapping[str, LocalValue] | None = None, call: str | None = None
) -> list[Finding]:
    """Moving the end of a running traineeship to `facts.new_end`: attestation, 36 months in all, notice, agreement."""
    numbers = in_force(facts.start or on, local=local, call=call)
    dates = numbers["register.dates_in_order"]
    found = list(durations.dates_in_order(facts, numbers))
    if facts.new_end is None:
        found.append(
            dates.finding(Severity.BLOCK, Text("Manca la nuova fine.", "The new end is missing."), field="new_end")
        )
        return ordered(found)
    if facts.end and facts.new_end <= facts.end:
        found.append(
            dates.finding(
                Severity.BLOCK,
                Text(
                    "La nuova fine non è dopo quella attuale ({end}).",
                    "The new end is not after the current one ({end}).",
                ).filled(end=facts.end),
                field="new_end",
                way_out=Text("Scrivi un giorno successivo.", "Write a later day."),
            )
        )
    if facts.end and on > facts.end:
        found.append(
            dates.finding(
                Severity.CAUTION,
                Text("Il tirocinio è già finito il {end}.", "The traineeship already ended on {end}.").filled(
                    end=facts.end
                ),
                field="end",
                way_out=Text(
                    "Se è un nuovo periodo, apri un tirocinio che ripete il precedente.",
                    "If it is a new period, open a traineeship that repeats the former.",
                ),
            )
        )
    if facts.kind is Kind.TNC:
        found += durations.ordinary_longest(facts, facts.new_end, numbers)
    else:
        found += durations.attestation(facts, numbers, what=Text("prorogare il tirocinio", "extending the traineeship"))
        found += durations.longest(facts, facts.new_end, numbers)
    found += papers.inside_agreement_and_operation(facts, facts.new_end, numbers)
    found += papers.inside_place(facts, facts.new_end, numbers)
    found += papers.covers_to_the_end(facts, facts.new_end, numbers)
    if facts.end and not any(finding.code == "ACC-DATES" and finding.severity is Severity.BLOCK for finding in found):
        event_on = max(on, facts.start or on) if on <= facts.end else facts.end
        deadline = notices.notice_deadline(
            event="extension", event_on=event_on, host_type=facts.host_type, numbers=numbers
        )
        found += deadline.findings
    return ordered(found)


@rule("R-CO-03", "R-CO-05", "R-CO-07", "R-TIS-35", "R-TIS-36", "R-ATT-01", "ACC-DATES")
def close(
    facts: TraineeshipFacts, *, on: date, local: Mapping[str, LocalValue] | None = None, call: str | None = None
) -> list[Finding]:
    """Ending a traineeship on `facts.ended_on`, as planned or early: notice, register, reason, final attestation."""
    numbers = in_force(facts.start or on, local=local, call=call)
    dates = numbers["register.dates_in_order"]
    ended = facts.ended_on
    found: list[Finding] = []
    if ended is None:
        found.append(
            dates.finding(
                Severity.BLOCK, Text("Manca il giorno della fine.", "The day of the end is missing."), field="ended_on"
            )
        )
        return ordered(found)
    if (facts.start and ended < facts.start) or (facts.end and ended > facts.end):
        found.append(
            dates.finding(
                Severity.BLOCK,
                Text(
                    "La fine ({ended}) è fuori dal periodo ({first} - {last}).",
                    "The end ({ended}) is outside the period ({first} - {last}).",
                ).filled(ended=ended, first=facts.start or "?", last=facts.end or "?"),
                field="ended_on",
                way_out=Text("Correggi il giorno, o proroga prima.", "Correct the day, or extend first."),
            )
        )
    if ended > on:
        found.append(
            numbers["register.no_future_days"].finding(
                Severity.BLOCK,
                Text("Il {day} non è ancora arrivato.", "{day} has not come yet.").filled(day=ended),
                field="ended_on",
                way_out=Text("Chiudi il tirocinio quel giorno.", "Close the traineeship on that day."),
            )
        )
    early = facts.end is not None and ended < facts.end
    if early and not facts.end_reason:
        found.append(
            numbers["tis.interruption_notice"].finding(
                Severity.CAUTION,
                Text(
                    "Il tirocinio finisce prima: manca il motivo. Un preavviso per i TIS non è stato trovato.",
                    "The traineeship ends early: the reason is missing. No notice period for TIS was found.",
                ),
                field="end_reason",
                way_out=Text("Scrivi il motivo e chi lo chiede.", "Write the reason and who asks."),
            )
        )
    deadline = notices.notice_deadline(
        event="end", event_on=ended, host_type=facts.host_type, planned_end=facts.end, numbers=numbers
    )
    found += deadline.findings
    if early and facts.end_notice_sent_on is None:
        term = "notice.public_host_day" if facts.host_type in notices.PUBLIC_HOSTS else "notice.event_days"
        found.append(
            numbers[term].finding(
                Severity.CAUTION,
                Text("La cessazione va comunicata entro il {last}.", "The end is to be notified by {last}.").filled(
                    last=deadline.last_day
                ),
                field="end_notice_sent_on",
                way_out=Text("Chiedi la CO all'ospitante.", "Ask the host for the notice."),
            )
        )
    if not facts.register_signed:
        found.append(
            numbers["tis.register_required"].finding(
                Severity.AUTHORISE,
                Text("Il registro delle presenze non è firmato.", "The attendance register is not signed."),
                field="register_signed",
                way_out=Text("Fai firmare le ultime settimane.", "Have the last weeks signed."),
            )
        )
    if not facts.final_report:
        found.append(
            numbers["tis.final_attestation"].finding(
                Severity.CAUTION,
                Text(
                    "Non c'è l'attestazione finale: se per i TIS sia dovuta non è stato letto.",
                    "There is no final attestation: whether TIS need it was not read.",
                ),
                field="final_report",
                way_out=Text(
                    "Preparala comunque: serve alla persona.", "Prepare it all the same: it serves the person."
                ),
            )
        )
    return ordered(found)


def last_day(beginning: date, *, months: int) -> date:
    """The last day of a traineeship of so many months (ACC-MONTHS), for the form that asks "for how long"."""
    return days.last_day(beginning, months)
