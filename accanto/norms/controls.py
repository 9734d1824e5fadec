"""What is unusual in a register and around it. ACC-*, R-TIS-36. Everything here is to be checked and stops nobody:
thresholds are Accanto's own where no act gives a number, and each finding says so."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

from accanto.norms import clock
from accanto.norms.control_facts import ControlFacts, Oddity, SignedDays, What, WrittenDay, odd
from accanto.norms.control_papers import money, papers
from accanto.norms.days import month_of
from accanto.norms.reader import InForce, LocalValue, Value, in_force
from accanto.norms.register import named
from accanto.norms.rule_index import rule
from accanto.norms.text import Text

ONE_DAY = timedelta(days=1)


def look(
    facts: ControlFacts, *, on: date, local: Mapping[str, LocalValue] | None = None, call: str | None = None
) -> list[Oddity]:
    """All that is unusual as known `on` a day, the latest first. A month is looked at once it is over."""
    numbers = in_force(on, local=local, call=call)
    found = [
        *hours(facts, numbers, on),
        *planned(facts, numbers, on),
        *elsewhere(facts, numbers, on),
        *signatures(facts, numbers),
        *late(facts, numbers, on),
        *papers(facts, numbers, on),
        *money(facts, numbers, on),
    ]
    return sorted(found, key=lambda one: (one.last, one.what), reverse=True)


def months(facts: ControlFacts, on: date) -> Iterator[tuple[date, list[WrittenDay]]]:
    """The days of each month that is over, in their order, absences too."""
    found: dict[date, list[WrittenDay]] = defaultdict(list)
    for one in sorted(facts.written, key=lambda one: one.day):
        found[one.day.replace(day=1)].append(one)
    for month, days in found.items():
        if (month_of(month).last or month) < on:
            yield month, days


def present(days: Iterable[WrittenDay]) -> list[WrittenDay]:
    return [one for one in days if one.hours > 0]


def _times(one: WrittenDay) -> clock.Times:
    try:
        return clock.read(one.times) if one.times else ()
    except clock.NoTimes:
        return ()


@rule("ACC-SAME", "ACC-LONG", "ACC-NIGHT", "ACC-PAUSE", "ACC-WEEK", "R-TIS-32")
def hours(facts: ControlFacts, numbers: InForce, on: date) -> Iterator[Oddity]:
    """Hours always alike, long, by night, without a pause, over the plan's week."""
    for _month, days in months(facts, on):
        there = present(days)
        same, least = {one.times for one in there}, numbers["control.same_times_days"]
        if len(there) == len(days) >= least.integer() and len(same) == 1 and there[0].times:
            yield odd(
                What.SAME_TIMES,
                least,
                Text(
                    "Tutto il mese uguale al minuto, senza un'assenza: {count} giornate {times}.",
                    "The whole month alike to the minute, without an absence: {count} days {times}.",
                ).filled(count=len(there), times=there[0].times),
                [one.day for one in there],
                times=there[0].times,
            )
        yield from _long(there, numbers)
        yield from _night(there, numbers)
        yield from _without_pause(there, numbers)
    yield from _weeks(facts, numbers, on)


def _long(there: Sequence[WrittenDay], numbers: InForce) -> Iterator[Oddity]:
    most = numbers["control.long_day_hours"]
    if over := [one for one in there if one.hours > most.decimal()]:
        yield odd(
            What.LONG_DAY,
            most,
            Text("Più di {most} ore: {days}.", "More than {most} hours: {days}.").filled(
                most=most.decimal(), days=named([one.day for one in over])
            ),
            [one.day for one in over],
            hours=" ".join(str(one.hours) for one in over),
        )


def _night(there: Sequence[WrittenDay], numbers: InForce) -> Iterator[Oddity]:
    value = numbers["control.night"]
    before, after = (int(str(value.table()[name])) * 60 for name in ("before", "after"))
    if over := [one for one in there if (times := _times(one)) and (times[0] < before or times[-1] > after)]:
        yield odd(
            What.NIGHT,
            value,
            Text("Prima delle {before} o dopo le {after}: {days}.", "Before {before} or after {after}: {days}.").filled(
                before=clock.clock(before), after=clock.clock(after), days=named([one.day for one in over])
            ),
            [one.day for one in over],
            times="; ".join(one.times for one in over),
        )


def _without_pause(there: Sequence[WrittenDay], numbers: InForce) -> Iterator[Oddity]:
    most = numbers["control.hours_without_pause"]
    minutes = most.decimal() * 60
    if over := [one for one in there if any(last - first > minutes for first, last in clock.spans(_times(one)))]:
        yield odd(
            What.NO_PAUSE,
            most,
            Text(
                "Più di {most} ore di seguito senza una pausa scritta: {days}.",
                "More than {most} hours on end without a written pause: {days}.",
            ).filled(most=most.decimal(), days=named([one.day for one in over])),
            [one.day for one in over],
            times="; ".join(one.times for one in over),
        )


def _weeks(facts: ControlFacts, numbers: InForce, on: date) -> Iterator[Oddity]:
    if not facts.weekly_hours:
        return
    value = numbers["control.week_over_plan"]
    most = facts.weekly_hours * (100 + value.decimal()) / 100
    weeks: dict[date, list[WrittenDay]] = defaultdict(list)
    for one in sorted(present(facts.written), key=lambda one: one.day):
        weeks[one.day - one.day.weekday() * ONE_DAY].append(one)
    for monday, days in weeks.items():
        total = sum((one.hours for one in days), Decimal(0))
        whole = monday + 6 * ONE_DAY < on and (facts.since is None or monday >= facts.since)
        if whole and total > most:
            yield odd(
                What.LONG_WEEK,
                value,
                Text(
                    "Nella settimana del {monday} sono {total} ore; il progetto ne prevede {planned}.",
                    "The week of {monday} holds {total} hours; the plan has {planned}.",
                ).filled(monday=monday, total=total, planned=facts.weekly_hours),
                [one.day for one in days],
                total=total,
                planned=facts.weekly_hours,
            )


@rule("ACC-PLANNED", "R-PRO-01", "R-PRO-03")
def planned(facts: ControlFacts, numbers: InForce, on: date) -> Iterator[Oddity]:
    """Hours on days the plan leaves free, holidays among them; hours while the host says it is closed."""
    for _month, days in months(facts, on):
        there = present(days)
        if over := [one for one in there if one.host_closed]:
            yield odd(
                What.HOST_CLOSED,
                numbers["tis.fraud_fine"],
                Text(
                    "Ore in giorni in cui l'ospitante ha scritto di essere chiuso: {days}.",
                    "Hours on days on which the host said it was closed: {days}.",
                ).filled(days=named([one.day for one in over])),
                [one.day for one in over],
                way_out=Text(
                    "Chiedi chi c'era e che cosa si è fatto: il tirocinante non sostituisce chi è in ferie.",
                    "Ask who was there and what was done: a trainee does not stand in for staff on leave.",
                ),
                hours=" ".join(str(one.hours) for one in over),
            )
        if over := [one for one in there if one.planned_hours == 0 and not one.host_closed]:
            yield odd(
                What.UNPLANNED,
                numbers["register.as_planned"],
                Text(
                    "Ore in giorni festivi o che il progetto lascia liberi: {days}.",
                    "Hours on holidays or on days the plan leaves free: {days}.",
                ).filled(days=named([one.day for one in over])),
                [one.day for one in over],
                hours=" ".join(str(one.hours) for one in over),
            )


@rule("ACC-TWICE")
def elsewhere(facts: ControlFacts, numbers: InForce, on: date) -> Iterator[Oddity]:
    """Nobody is in two registers at the same hour. Which other register it is, is not said."""
    for _month, days in months(facts, on):
        over = [
            one
            for one in present(days)
            if any(clock.shared(_times(one), _times(WrittenDay(day=one.day, times=text))) for text in one.elsewhere)
        ]
        if over:
            yield odd(
                What.TWO_PLACES,
                numbers["register.one_place_at_a_time"],
                Text("In due registri alla stessa ora: {days}.", "In two registers at the same hour: {days}.").filled(
                    days=named([one.day for one in over])
                ),
                [one.day for one in over],
                way_out=Text(
                    "Senti chi tiene l'altro registro: una delle giornate va corretta.",
                    "Ask who keeps the other register: one of the days is to be corrected.",
                ),
                times="; ".join(one.times for one in over),
            )


@rule("ACC-TOGETHER", "ACC-BULK", "ACC-SIGNED")
def signatures(facts: ControlFacts, numbers: InForce) -> Iterator[Oddity]:
    """Both signatures within seconds of each other; a month signed all at once when it was over. Not those on paper."""
    made = sorted((one for one in facts.signed if not one.on_paper), key=lambda one: one.moment)
    gap = numbers["control.signed_together_seconds"]
    for one in (one for one in made if one.signer == "trainee"):
        for other in (other for other in made if other.signer == "host_tutor"):
            seconds = int(abs((one.moment - other.moment).total_seconds()))
            if seconds <= gap.integer() and one.first <= other.last and other.first <= one.last:
                yield _together(one, other, seconds, gap)
    least = numbers["control.signed_at_once_days"]
    for one in made:
        over = month_of(one.first).last or one.last
        if one.days >= least.integer() and one.moment.date() > over and one.last <= over:
            who = (
                Text("la persona", "the trainee")
                if one.signer == "trainee"
                else Text("il tutor aziendale", "the host's tutor")
            )
            yield odd(
                What.AT_ONCE,
                least,
                Text(
                    "{count} giornate firmate tutte insieme il {moment}, a mese finito: {who}.",
                    "{count} days signed all at once on {moment}, after the month: {who}.",
                ).filled(count=one.days, moment=one.moment, who=who),
                [one.first, one.last],
                moment=one.moment.isoformat(),
                signer=one.signer,
                count=one.days,
            )


def _together(one: SignedDays, other: SignedDays, seconds: int, gap: Value) -> Oddity:
    same = (
        Text(" nella stessa sessione", " in the same session")
        if one.session and one.session == other.session
        else Text("", "")
    )
    return odd(
        What.TOGETHER,
        gap,
        Text(
            "La persona e il tutor aziendale hanno firmato a {seconds} secondi l'una dall'altro{same}, il {moment}.",
            "The trainee and the host's tutor signed {seconds} seconds apart{same}, on {moment}.",
        ).filled(seconds=seconds, same=same, moment=max(one.moment, other.moment)),
        sorted({max(one.first, other.first), min(one.last, other.last)}),
        way_out=Text(
            "Erano insieme, o qualcuno ha firmato per due? Chiedilo alla persona.",
            "Were they together, or did somebody sign for both? Ask the person.",
        ),
        field="signatures",
        moments=f"{one.moment.isoformat()} {other.moment.isoformat()}",
        same_session=bool(same.it),
    )


@rule("ACC-LATE")
def late(facts: ControlFacts, numbers: InForce, on: date) -> Iterator[Oddity]:
    """Days written in the register long after."""
    most = numbers["control.written_late_days"]
    for _month, days in months(facts, on):
        over = [one for one in days if one.written_on and (one.written_on - one.day).days > most.integer()]
        if over:
            longest = max((one.written_on - one.day).days for one in over if one.written_on)
            yield odd(
                What.WRITTEN_LATE,
                most,
                Text(
                    "{count} giornate scritte fino a {longest} giorni dopo: {days}.",
                    "{count} days written up to {longest} days later: {days}.",
                ).filled(count=len(over), longest=longest, days=named([one.day for one in over])),
                [one.day for one in over],
                longest=longest,
            )
