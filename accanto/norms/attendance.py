"""One day in the attendance register: what may be recorded, and what needs a look. R-TIS-20, 32, 36; ACC-*."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

from accanto.norms import clock, days, notices, parties
from accanto.norms.findings import Finding, Severity, ordered
from accanto.norms.reader import InForce, LocalValue, in_force
from accanto.norms.rule_index import rule
from accanto.norms.text import Text
from accanto.norms.traineeship_facts import DayFacts, Kind

RECORDING_STATES = frozenset({"running", "extended"})


def record_day(
    facts: DayFacts, *, on: date, local: Mapping[str, LocalValue] | None = None, call: str | None = None
) -> list[Finding]:
    """All the register has to say about a day, on the day it is recorded (`on`). Hours are decimals of an hour."""
    numbers = in_force(facts.day or on, local=local, call=call)
    found = [*_day(facts, numbers, on), *_hours(facts, numbers), *_papers(facts, numbers), *_caps(facts, numbers)]
    found += [*_times(facts, numbers), *_two_registers(facts, numbers), *_closed(facts, numbers)]
    found += device_clock(facts.minutes_ahead, on=facts.day or on)
    found += parties.leave(
        needed=facts.needs_authorisation, given_on=facts.authorisation_date, day=facts.day, numbers=numbers
    )
    return ordered(found)


@rule("ACC-DATES", "ACC-FUTURE", "ACC-ONCE", "ACC-PLANNED", "ACC-STATE")
def _day(facts: DayFacts, numbers: InForce, on: date) -> Iterator[Finding]:
    dates = numbers["register.dates_in_order"]
    if facts.day is None:
        yield dates.finding(Severity.BLOCK, Text("Manca il giorno.", "The day is missing."), field="day")
        return
    if facts.day > on:
        yield numbers["register.no_future_days"].finding(
            Severity.BLOCK,
            Text("Il {day} non è ancora arrivato.", "{day} has not come yet.").filled(day=facts.day),
            field="day",
            way_out=Text("Registra la giornata quando è avvenuta.", "Record the day once it has happened."),
        )
    if (facts.start and facts.day < facts.start) or (facts.end and facts.day > facts.end):
        yield dates.finding(
            Severity.BLOCK,
            Text(
                "Il {day} è fuori dal tirocinio ({first} - {last}).",
                "{day} is outside the traineeship ({first} - {last}).",
            ).filled(day=facts.day, first=facts.start or "?", last=facts.end or "?"),
            field="day",
            way_out=Text("Controlla il giorno, o proroga il tirocinio.", "Check the day, or extend the traineeship."),
        )
    if facts.already_recorded:
        yield numbers["register.one_entry_per_day"].finding(
            Severity.BLOCK,
            Text("Il {day} è già registrato.", "{day} is already recorded.").filled(day=facts.day),
            field="day",
            way_out=Text("Correggi la registrazione che c'è.", "Correct the entry that is there."),
        )
    state = numbers["register.state_passages"]
    if facts.state is not None and facts.state not in RECORDING_STATES:
        yield state.finding(
            Severity.BLOCK,
            Text(
                "Il tirocinio non è in corso: non si registrano presenze.", "The traineeship is not running: no days."
            ),
            field="day",
            way_out=Text("Avvia o riprendi il tirocinio.", "Start or resume the traineeship."),
        )
    if facts.present and any(period.holds(facts.day) for period in facts.suspensions):
        yield state.finding(
            Severity.BLOCK,
            Text("Il {day} il tirocinio è sospeso.", "On {day} the traineeship is suspended.").filled(day=facts.day),
            field="day",
            way_out=Text("Chiudi la sospensione, se è finita prima.", "End the suspension, if it ended earlier."),
        )
    if facts.present:
        yield from _unusual(facts, facts.day, numbers)


def _unusual(facts: DayFacts, day: date, numbers: InForce) -> Iterator[Finding]:
    planned = numbers["register.as_planned"]
    if any(period.holds(day) for period in facts.closures):
        yield planned.finding(
            Severity.CAUTION, Text("Quel giorno l'ospitante è chiuso.", "The host is closed on that day."), field="day"
        )
    if facts.planned_hours == 0:
        yield planned.finding(
            Severity.CAUTION, Text("Quel giorno non era previsto.", "That day was not planned."), field="day"
        )
    elif days.is_holiday(day) and facts.planned_hours is None:
        yield planned.finding(
            Severity.CAUTION, Text("Il {day} è festivo.", "{day} is a holiday.").filled(day=day), field="day"
        )


@rule("ACC-HOURS", "ACC-PLANNED")
def _hours(facts: DayFacts, numbers: InForce) -> Iterator[Finding]:
    value = numbers["register.hours_in_a_day"]
    most, hours = value.decimal(), facts.hours
    if not facts.present:
        if hours:
            yield value.finding(
                Severity.BLOCK,
                Text("Un'assenza non ha ore.", "An absence has no hours."),
                field="hours",
                way_out=Text("Togli le ore o segna la presenza.", "Take the hours off or mark the presence."),
            )
        return
    if hours is None or not hours.is_finite() or hours <= 0 or hours > most:
        yield value.finding(
            Severity.BLOCK,
            Text("Le ore vanno da più di 0 a {most}.", "Hours go from more than 0 to {most}.").filled(most=most),
            field="hours",
            way_out=Text(
                "Scrivi le ore, con i decimali (2,5 = due ore e mezza).", "Write the hours (2.5 = two and a half)."
            ),
        )
    elif facts.planned_hours and hours > facts.planned_hours:
        yield numbers["register.as_planned"].finding(
            Severity.CAUTION,
            Text("Più delle {planned} ore previste.", "More than the {planned} hours planned.").filled(
                planned=facts.planned_hours
            ),
            field="hours",
            way_out=Text("Conferma, o correggi le ore.", "Confirm, or correct the hours."),
        )


@rule("ACC-TIMES", "R-TIS-36")
def _times(facts: DayFacts, numbers: InForce) -> Iterator[Finding]:
    """In and out: in order, inside one day, and the hours are those between them."""
    if not facts.times:
        return
    value = numbers["register.times_in_order"]
    way_out = Text(
        "Scrivi entrata e uscita, per esempio 9:00-13:00; con una pausa 9:00-13:00, 14:00-17:00.",
        "Write in and out, for example 9:00-13:00; with a pause 9:00-13:00, 14:00-17:00.",
    )
    try:
        times = clock.read(facts.times)
    except clock.NoTimes:
        yield value.finding(
            Severity.BLOCK,
            Text("Entrata e uscita non si leggono.", "In and out cannot be read."),
            field="times",
            way_out=way_out,
        )
        return
    if not facts.present:
        yield value.finding(
            Severity.BLOCK,
            Text("Un'assenza non ha entrata e uscita.", "An absence has no in and out."),
            field="times",
            way_out=Text("Togli l'orario o segna la presenza.", "Take the times off or mark the presence."),
        )
    elif not clock.in_order(times):
        yield value.finding(
            Severity.BLOCK,
            Text("Le uscite vengono dopo le entrate, nello stesso giorno.", "Outs come after ins, on the same day."),
            field="times",
            way_out=Text(
                "Correggi l'orario; un turno che passa la mezzanotte continua nel giorno dopo.",
                "Correct the times; a shift that goes past midnight goes on the day after.",
            ),
        )
    elif facts.hours is not None and facts.hours != clock.hours(times):
        yield value.finding(
            Severity.BLOCK,
            Text("Fra entrata e uscita ci sono {hours} ore.", "Between in and out there are {hours} hours.").filled(
                hours=clock.hours(times)
            ),
            field="hours",
            way_out=Text("Togli le ore: seguono dall'orario.", "Take the hours off: they follow from the times."),
        )


@rule("ACC-TWICE")
def _two_registers(facts: DayFacts, numbers: InForce) -> Iterator[Finding]:
    """Nobody is in two places at once. Which other register it is, is not said: hosts do not know of one another."""
    if not facts.present or not facts.hours or facts.day is None or not facts.hours.is_finite():
        return
    value = numbers["register.one_place_at_a_time"]
    mine = _readable(facts.times)
    for text in facts.elsewhere:
        stretch = clock.shared(mine, _readable(text))
        if stretch:
            yield value.finding(
                Severity.BLOCK,
                Text(
                    "Il {day}, {times}, la persona è già in un altro registro.",
                    "On {day}, {times}, the person is already in another register.",
                ).filled(day=facts.day, times=clock.written(stretch)),
                field="times",
                way_out=Text(
                    "Sentite chi tiene l'altro registro: una delle due giornate va corretta.",
                    "Ask who keeps the other register: one of the two days is to be corrected.",
                ),
            )
            return
    most = numbers["register.hours_in_a_day"].decimal()
    if facts.hours_elsewhere and facts.hours + facts.hours_elsewhere > most:
        yield value.finding(
            Severity.BLOCK,
            Text(
                "Con l'altro registro quel giorno sono più di {most} ore.",
                "With the other register that day has more than {most} hours.",
            ).filled(most=most),
            field="hours",
            way_out=Text("Correggi una delle due giornate.", "Correct one of the two days."),
        )
    elif facts.hours_elsewhere and (not mine or "" in facts.elsewhere):
        yield value.finding(
            Severity.CAUTION,
            Text(
                "Quel giorno la persona è anche in un altro registro.",
                "On that day the person is in another register too.",
            ),
            field="times",
            way_out=Text(
                "Scrivi entrata e uscita: si vede se le ore si incrociano.",
                "Write in and out: it shows whether the hours cross.",
            ),
        )


def _readable(text: str | None) -> clock.Times:
    try:
        times = clock.read(text) if text else ()
    except clock.NoTimes:
        return ()
    return times if clock.in_order(times) else ()


@rule("ACC-CLOSED")
def _closed(facts: DayFacts, numbers: InForce) -> Iterator[Finding]:
    if facts.month_closed and facts.day is not None:
        yield numbers["register.closed_months_stay"].finding(
            Severity.BLOCK,
            Text("Il mese del {day} è chiuso.", "The month of {day} is closed.").filled(day=facts.day),
            field="day",
            way_out=Text(
                "Chiedi al responsabile del caso di riaprirlo, con il motivo.",
                "Ask the case manager to reopen it, with the reason.",
            ),
        )


@rule("ACC-CLOCK")
def device_clock(minutes_ahead: int, *, on: date) -> Iterator[Finding]:
    """What a device says of when it wrote cannot be true where it had not come yet when the day came in."""
    most = in_force(on)["register.device_clock_minutes"]
    if minutes_ahead > most.decimal():
        yield most.finding(
            Severity.CAUTION,
            Text(
                "L'orologio del dispositivo era avanti di {long}: vale il momento in cui la giornata è arrivata.",
                "The clock of the device was {long} ahead: what counts is when the day came in.",
            ).filled(long=clock.lasting(minutes_ahead)),
            field="day",
            way_out=Text(
                "Controlla che il giorno sia quello giusto, e rimetti l'ora del dispositivo.",
                "Check that the day is the right one, and set the clock of the device.",
            ),
        )


@rule("R-TIS-20", "R-TIS-24", "R-CO-03", "R-CO-05")
def _papers(facts: DayFacts, numbers: InForce) -> Iterator[Finding]:
    """A day before the signatures or before the notice needs someone to answer for it."""
    if facts.day is None:
        return
    if facts.agreement_signed_on is None or facts.agreement_signed_on > facts.day:
        yield numbers["tis.agreement_signatures"].finding(
            Severity.AUTHORISE,
            Text("Quel giorno la convenzione non era firmata.", "On that day the agreement was not signed."),
            field="day",
            way_out=Text("Carica la convenzione firmata.", "Upload the signed agreement."),
        )
    if facts.plan_signed_on is None or facts.plan_signed_on > facts.day:
        yield numbers["tis.plan_signatures"].finding(
            Severity.CAUTION,
            Text("Quel giorno il progetto non era firmato.", "On that day the plan was not signed."),
            field="day",
            way_out=Text("Carica il progetto firmato.", "Upload the signed plan."),
        )
    if facts.notice_sent_on is None or facts.notice_sent_on > facts.day:
        public = facts.host_type in notices.PUBLIC_HOSTS
        yield numbers["notice.public_host_day" if public else "notice.start_days_before"].finding(
            Severity.CAUTION if public else Severity.AUTHORISE,
            Text(
                "Quel giorno la comunicazione obbligatoria non era partita.",
                "On that day the mandatory notice had not been sent.",
            ),
            field="day",
            way_out=Text("Chiedi la CO all'ospitante.", "Ask the host for the notice."),
        )


@rule("R-TIS-32", "ACC-PLANNED")
def _caps(facts: DayFacts, numbers: InForce) -> Iterator[Finding]:
    """Weekly hours of the plan caution; a cap set by an act (zone, project, call) speaks with its own grade."""
    if facts.hours is None or not facts.hours.is_finite() or facts.hours <= 0:
        return
    week, month = facts.hours_in_week + facts.hours, facts.hours_in_month + facts.hours
    if facts.weekly_hours is not None and week > facts.weekly_hours:
        yield numbers["register.as_planned"].finding(
            Severity.CAUTION,
            Text(
                "Nella settimana sono {week} ore; il progetto ne prevede {planned}.",
                "The week holds {week} hours; the plan has {planned}.",
            ).filled(week=week, planned=facts.weekly_hours),
            field="hours",
            way_out=Text("Conferma, o correggi le ore.", "Confirm, or correct the hours."),
        )
    if facts.kind is Kind.TNC:
        return
    for total, name, what in (
        (week, "tis.weekly_hours_max", Text("Nella settimana", "In the week")),
        (month, "tis.monthly_hours_max", Text("Nel mese", "In the month")),
    ):
        cap = numbers[name]
        if cap.known and total > cap.decimal():
            yield cap.finding(
                Severity.BLOCK,
                Text(
                    "{what} sono {total} ore; il massimo è {most}, dice {speaker}.",
                    "{what} there are {total} hours; the most is {most}, says {speaker}.",
                ).filled(what=what, total=total, most=cap.decimal(), speaker=cap.speaker),
                field="hours",
                way_out=Text("Riduci a {left} ore.", "Reduce to {left} hours.").filled(
                    left=max(Decimal(0), facts.hours - (total - cap.decimal()))
                ),
            )
