"""The close of a month of the register: what must be there, and what somebody may answer for. ACC-*, R-TIS-36."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from accanto.norms.days import month_of
from accanto.norms.findings import Finding, Severity, ordered
from accanto.norms.reader import InForce, LocalValue, in_force
from accanto.norms.rule_index import rule
from accanto.norms.text import Text
from accanto.norms.traineeship_facts import RegisterMonthFacts

SHOWN = 8  # days named in one sentence; the page has them all


def close_month(
    facts: RegisterMonthFacts, *, on: date, local: Mapping[str, LocalValue] | None = None, call: str | None = None
) -> list[Finding]:
    """What stops the close of a month asked `on` a day, what needs a reason, what is only said. All at once."""
    month = facts.month or on
    numbers = in_force(month, local=local, call=call)
    return ordered([*_closed(facts, month, numbers, on), *_days(facts, numbers), *_signatures(facts, numbers)])


@rule("ACC-CLOSED", "ACC-FUTURE")
def _closed(facts: RegisterMonthFacts, month: date, numbers: InForce, on: date) -> Iterator[Finding]:
    if facts.already_closed:
        yield numbers["register.closed_months_stay"].finding(
            Severity.BLOCK,
            Text("Il mese è già chiuso.", "The month is closed already."),
            field="month",
            way_out=Text("Se c'è da correggere, riaprilo con un motivo.", "To correct it, reopen it with a reason."),
        )
    last = month_of(month).last or month
    over = min(last, facts.end) if facts.end else last
    if over >= on:
        yield numbers["register.no_future_days"].finding(
            Severity.BLOCK,
            Text("Il mese non è ancora finito.", "The month is not over yet."),
            field="month",
            way_out=Text("Si chiude dal giorno dopo il {last}.", "It is closed from the day after {last}.").filled(
                last=over
            ),
        )


@rule("ACC-COMPLETE", "ACC-TWICE", "ACC-TIMES", "R-TIS-36")
def _days(facts: RegisterMonthFacts, numbers: InForce) -> Iterator[Finding]:
    if facts.open_days:
        yield numbers["register.every_planned_day"].finding(
            Severity.BLOCK,
            Text("Il registro non dice niente di: {days}.", "The register says nothing of: {days}.").filled(
                days=named(facts.open_days)
            ),
            field="days",
            way_out=Text(
                "Scrivi le ore o l'assenza; se l'ospitante era chiuso, scrivi la chiusura.",
                "Write the hours or the absence; if the host was closed, write its closure.",
            ),
        )
    if facts.twice:
        yield numbers["register.one_place_at_a_time"].finding(
            Severity.BLOCK,
            Text(
                "In un altro registro alla stessa ora: {days}.", "In another register at the same hour: {days}."
            ).filled(days=named(facts.twice)),
            field="days",
            way_out=Text(
                "Sentite chi tiene l'altro registro: una delle due giornate va corretta.",
                "Ask who keeps the other register: one of the two days is to be corrected.",
            ),
        )
    if facts.without_times:
        yield numbers["register.times_in_order"].finding(
            Severity.CAUTION,
            Text("Ore senza entrata e uscita: {days}.", "Hours without in and out: {days}.").filled(
                days=named(facts.without_times)
            ),
            field="days",
            way_out=Text("Correggi le giornate, se l'orario si sa.", "Correct the days, if the times are known."),
        )


@rule("ACC-SIGNED", "R-TIS-36")
def _signatures(facts: RegisterMonthFacts, numbers: InForce) -> Iterator[Finding]:
    """Needed, but the model of the register was not read: who closes without a signature answers for it."""
    value = numbers["register.both_signatures"]
    for unsigned, sentence in (
        (
            facts.unsigned_by_trainee,
            Text("Manca la firma della persona: {days}.", "The trainee has not signed: {days}."),
        ),
        (
            facts.unsigned_by_host_tutor,
            Text("Manca la firma del tutor aziendale: {days}.", "The host's tutor has not signed: {days}."),
        ),
    ):
        if unsigned:
            yield value.finding(
                Severity.AUTHORISE,
                sentence.filled(days=named(unsigned)),
                field="signatures",
                way_out=Text(
                    "Raccogli le firme, o scrivi perché chiudi senza.", "Collect the signatures, or say why you do not."
                ),
            )


def named(some: Sequence[date]) -> str:
    """Days in a sentence, the same in both languages: 02/11, 03/11… and how many more."""
    shown = ", ".join(f"{day:%d/%m}" for day in sorted(some)[:SHOWN])
    more = len(some) - SHOWN
    return f"{shown} (+{more})" if more > 0 else shown
