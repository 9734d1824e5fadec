"""Papers and money around a traineeship that do not match its days, and the sanctions the law names for some of it.
R-CO-02, 03, 05; R-INS-01, 02, 04; R-TIS-20; R-IND-07; R-PRO-01."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from accanto.norms.control_facts import IN_PLACE_OF_STAFF, ControlFacts, MonthPaid, Oddity, What, odd
from accanto.norms.days import month_of
from accanto.norms.findings import Finding, Severity
from accanto.norms.notices import notice_deadline
from accanto.norms.reader import InForce, Value, in_force
from accanto.norms.register import named
from accanto.norms.rule_index import rule
from accanto.norms.text import Euro, Text


def papers(facts: ControlFacts, numbers: InForce, on: date) -> Iterator[Oddity]:
    """The mandatory notice, the insurances, the safety training, the agreement, beside the days that were worked."""
    worked = sorted(one.day for one in facts.written if one.hours > 0)
    if facts.start and facts.start <= on:
        yield from _notice(facts, facts.start, numbers, on)
    if worked:
        yield from _covers(facts, worked, numbers)
        yield from _training(facts, worked, numbers)
        yield from _agreement(facts, worked, numbers)


@rule("R-CO-02", "R-CO-03", "R-CO-05")
def _notice(facts: ControlFacts, start: date, numbers: InForce, on: date) -> Iterator[Oddity]:
    term = notice_deadline(event="start", event_on=start, host_type=facts.host_type, numbers=numbers)
    value = numbers["notice.public_host_day" if term.findings[0].code == "R-CO-05" else "notice.start_days_before"]
    ask = Text("Chiedi all'ospitante copia della comunicazione.", "Ask the host for a copy of the notice.")
    sent, due = facts.notice_sent_on, term.last_day
    if due and sent is None and on > due:
        yield odd(
            What.NO_NOTICE,
            value,
            Text(
                "La comunicazione di avvio non risulta: era da inviare entro il {due}.",
                "The notice of start is not there: it was due by {due}.",
            ).filled(due=due),
            [start],
            same_days=False,
            field="notice_sent_on",
            way_out=ask,
            due=due,
        )
    elif due and sent and sent > due:
        yield odd(
            What.NOTICE_LATE,
            value,
            Text(
                "La comunicazione di avvio è del {sent}: era da inviare entro il {due}.",
                "The notice of start is of {sent}: it was due by {due}.",
            ).filled(sent=sent, due=due),
            [start],
            same_days=False,
            field="notice_sent_on",
            way_out=ask,
            due=due,
            sent=sent,
        )
    category = numbers["notice.category"]
    if sent and category.known and facts.notice_category and facts.notice_category != category.text():
        yield odd(
            What.CATEGORY,
            category,
            Text(
                "Nella comunicazione la categoria è {found}; per chi è preso in carico è {expected}.",
                "The notice says category {found}; for who is in charge it is {expected}.",
            ).filled(found=facts.notice_category, expected=category.text()),
            [start],
            same_days=False,
            field="notice_category",
            way_out=Text("Chiedi all'ospitante di rettificarla.", "Ask the host to correct it."),
            found=facts.notice_category,
        )


@rule("R-INS-01", "R-INS-02")
def _covers(facts: ControlFacts, worked: Sequence[date], numbers: InForce) -> Iterator[Oddity]:
    for what, there, last, name, sentence, over in (
        (
            What.NO_INSURANCE,
            facts.inail,
            facts.inail_to,
            "tis.inail_required",
            Text("Ci sono ore e manca la posizione INAIL.", "There are hours and the INAIL position is missing."),
            Text(
                "Ore dopo la fine della copertura INAIL ({last}): {days}.",
                "Hours after the end of the INAIL cover ({last}): {days}.",
            ),
        ),
        (
            What.NO_LIABILITY,
            facts.liability_cover,
            facts.liability_to,
            "tis.liability_cover_required",
            Text(
                "Ci sono ore e manca la polizza di responsabilità civile.",
                "There are hours and the liability policy is missing.",
            ),
            Text(
                "Ore dopo la fine della polizza di responsabilità civile ({last}): {days}.",
                "Hours after the end of the liability policy ({last}): {days}.",
            ),
        ),
    ):
        field = "inail" if what is What.NO_INSURANCE else "liability_cover"
        if there is False:
            yield odd(
                what,
                numbers[name],
                sentence,
                [worked[0]],
                same_days=False,
                field=field,
                way_out=Text("Chiedila al promotore.", "Ask the promoter for it."),
            )
        elif last and (after := [day for day in worked if day > last]):
            yield odd(
                what,
                numbers[name],
                over.filled(last=last, days=named(after)),
                after,
                same_days=False,
                field=field,
                way_out=Text(
                    "Chiedi al promotore il rinnovo e scrivi il nuovo ultimo giorno.",
                    "Ask the promoter for the renewal and write the new last day.",
                ),
                last=last,
            )


@rule("R-INS-04")
def _training(facts: ControlFacts, worked: Sequence[date], numbers: InForce) -> Iterator[Oddity]:
    day = facts.safety_training_on
    before = [one for one in worked if day is None or one < day]
    if before:
        sentence = (
            Text(
                "Ore prima della formazione sulla sicurezza ({day}): {days}.",
                "Hours before the safety training ({day}): {days}.",
            )
            if day
            else Text("Ore, e nessuna formazione sulla sicurezza: {days}.", "Hours, and no safety training: {days}.")
        )  # fmt: skip
        yield odd(
            What.BEFORE_TRAINING,
            numbers["tis.safety_training_required"],
            sentence.filled(day=day or "", days=named(before)),
            before if day else before[:1],
            same_days=False,
            field="safety_training",
            way_out=Text(
                "Chiedi all'ospitante l'attestato e la data.", "Ask the host for the certificate and its date."
            ),
            day=day or "",
        )


@rule("R-TIS-20", "R-TIS-37")
def _agreement(facts: ControlFacts, worked: Sequence[date], numbers: InForce) -> Iterator[Oddity]:
    signed, first, last = facts.agreement_signed_on, facts.agreement_from, facts.agreement_to
    if signed is None and first is None:
        outside = list(worked[:1])
        sentence = Text("Ci sono ore e manca una convenzione firmata.", "There are hours and no signed agreement.")
    else:
        begins = max(day for day in (signed, first) if day)
        outside = [day for day in worked if day < begins or (last and day > last)]
        sentence = Text(
            "Ore fuori dalla convenzione ({begins} - {last}): {days}.",
            "Hours outside the agreement ({begins} - {last}): {days}.",
        ).filled(begins=begins, last=last or "", days=named(outside))
    if outside:
        yield odd(
            What.OUTSIDE_AGREEMENT,
            numbers["tis.agreement_signatures"],
            sentence,
            outside,
            same_days=False,
            field="agreement_signed_on",
            way_out=Text(
                "Chiedi la convenzione che valeva quei giorni.", "Ask for the agreement that held those days."
            ),
            signed=signed or "",
            last=last or "",
        )


@rule("R-IND-07", "ACC-UNPAID", "ACC-NOHOURS", "R-TIS-36")
def money(facts: ControlFacts, numbers: InForce, on: date) -> Iterator[Oddity]:
    """Months paid without an hour in the register; months with hours that nobody has paid."""
    term, wait = numbers["tis.payment_term_days"], numbers["control.unpaid_days"]
    for one in sorted(facts.paid, key=lambda one: one.month):
        last = month_of(one.month).last or one.month
        if one.paid > 0 and one.hours == 0:
            yield odd(
                What.PAID_WITHOUT_HOURS,
                numbers["control.paid_month_has_hours"],
                Text("{month}: pagati {paid}, e il registro non ha ore.", "{month}: {paid} paid, and no hours.").filled(
                    month=_named(one), paid=Euro(one.paid)
                ),
                [one.month, last],
                count=last.day,
                field="paid",
                way_out=Text("Controlla il registro e la lista.", "Check the register and the list."),
                paid=one.paid,
            )
        since = one.determined_on or last
        due = since + timedelta(days=term.integer() if term.known and one.determined_on else wait.integer())
        if one.hours > 0 and one.paid == 0 and on > due and (one.amount > 0 or one.determined_on is None):
            yield odd(
                What.UNPAID,
                numbers["tis.unpaid_allowance_sanction"],
                Text(
                    "{month}: {hours} ore e nessun pagamento, {since}.",
                    "{month}: {hours} hours and no payment, {since}.",
                ).filled(
                    month=_named(one),
                    hours=one.hours,
                    since=(
                        Text("determinata il {day}", "determined on {day}").filled(day=one.determined_on)
                        if one.determined_on
                        else Text("mai determinata", "never determined")
                    ),
                ),
                [one.month, last],
                count=last.day,
                field="paid",
                way_out=Text(
                    "Guarda la catena dei pagamenti: che cosa la ferma?", "Look at the payment chain: what stops it?"
                ),
                hours=one.hours,
                determined_on=one.determined_on or "",
            )


def _named(one: MonthPaid) -> str:
    return f"{one.month:%m/%Y}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PossibleSanction:
    """What the law names, in words and with the arithmetic shown. Nothing here is applied: the authority decides."""

    finding: Finding
    least: Decimal
    most: Decimal


CAVEAT = Text(
    "È solo ciò che la norma prevede se il fatto fosse accertato: decide l'autorità, non questa pagina.",
    "It is only what the law provides if the fact were ascertained: the authority decides, not this page.",
)


@rule("R-PRO-01", "R-IND-07", "R-PRO-04")
def possible_sanctions(*, what: What, days: int, on: date) -> list[PossibleSanction]:
    """The sanctions named for that kind of fact, for one trainee and so many days. Empty for everything else.

    L. 234/2021 c. 721 lett. a) was struck down (R-PRO-04) and gives none."""
    numbers = in_force(on)
    if what in IN_PLACE_OF_STAFF and (value := numbers["tis.fraud_fine"]).known:
        total = value.decimal() * days
        sentence = Text(
            "Se il tirocinio sostituisse un dipendente: 1 persona × {days} giorni × {each} = {total}, ammenda "
            "all'ospitante.",
            "If the traineeship replaced an employee: 1 person × {days} days × {each} = {total}, a fine on the host.",
        ).filled(days=days, each=Euro(value.decimal()), total=Euro(total))
        return [_possible(value, sentence, total, total)]
    if what is What.UNPAID and (value := numbers["tis.unpaid_allowance_sanction"]).known:
        least, most = (Decimal(str(value.table()[name])) for name in ("min", "max"))
        sentence = Text(
            "Se l'indennità dovuta non fosse corrisposta: da {least} a {most}, sanzione amministrativa.",
            "If the allowance due were not paid: from {least} to {most}, an administrative sanction.",
        ).filled(least=Euro(least), most=Euro(most))
        return [_possible(value, sentence, least, most)]
    return []


def _possible(value: Value, sentence: Text, least: Decimal, most: Decimal) -> PossibleSanction:
    finding = value.finding(Severity.CAUTION, sentence, field="sanction", way_out=CAVEAT)
    return PossibleSanction(finding=finding, least=least, most=most)
