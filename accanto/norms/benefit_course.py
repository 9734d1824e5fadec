"""Where a household stands with ADI, or a person with SFL: the facts recorded so far, and every term that follows.

The terms are those of `inclusion_allowance`; here is only which fact starts which, and to which round they belong:
a new PAD or a renewal begins the terms again (R-ADI-10, R-ADI-24)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from accanto.norms import days
from accanto.norms import inclusion_allowance as rules
from accanto.norms.findings import Finding, Severity
from accanto.norms.inclusion_allowance import Term
from accanto.norms.reader import in_force
from accanto.norms.rule_index import rule
from accanto.norms.text import Text

TITLES = {
    "new_pad": Text("Nuovo PAD da firmare", "New PAD to sign"),
    "convening": Text("Convocazione", "Convening"),
    "first_meeting": Text("Primo incontro", "First meeting"),
    "gepi": Text("Registrazione in GePI", "Recording in GePI"),
    "check": Text("Aggiornamento ogni 90 giorni", "Update every 90 days"),
    "service_pact": Text("Patto di servizio al Centro per l’impiego", "Service pact at the employment centre"),
    "report": Text("Segnalazione su SIISL", "Report on SIISL"),
    "duration": Text("Durata e rinnovo", "Duration and renewal"),
    "lapsed": Text("Nuova domanda", "New application"),
    "confirmation": Text("Conferma della partecipazione", "Confirmation of participation"),
    "convened_by": Text("Patto di servizio", "Service pact"),
}
# the worst first: what a page says of the whole
STATES = {
    "lapsed": Text("decaduto", "lost"),
    "suspended": Text("sospeso", "suspended"),
    "terms_suspended": Text("termini sospesi", "terms suspended"),
    "ended": Text("finito", "over"),
    "in_term": Text("nei termini", "in term"),
    "met": Text("fatto", "done"),
    "exempt": Text("esente", "exempt"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """What happened on a day. `recorded_on` is the day it was entered in GePI; `reason` one of R-ADI-19."""

    kind: str
    day: date
    reason: str | None = None
    unchanged: bool = False
    recorded_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One term: what the rule says of it, and the kind of fact that would meet it (`act`)."""

    name: str
    term: Term
    act: str = ""

    @property
    def title(self) -> Text:
        return TITLES[self.name]

    @property
    def pending(self) -> bool:
        """Whether somebody has something to do by its day."""
        return self.term.due is not None and self.term.status in ("in_term", "suspended") and self.name != "lapsed"

    @property
    def advised(self) -> bool:
        """Whether its day is only recommended: past it nothing is lost."""
        return self.name == "convening"


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """`state` is the worst of the steps; `next` the pending one with the nearest day, None where nothing is due."""

    state: str
    steps: tuple[Step, ...]

    @property
    def next(self) -> Step | None:
        pending = [step for step in self.steps if step.pending]
        return min(pending, key=lambda step: step.term.due or date.max, default=None)


@rule("R-ADI-06", "R-ADI-10", "R-ADI-14", "R-ADI-20", "R-ADI-21", "R-ADI-22", "R-ADI-24")
def allowance(
    *,
    facts: Iterable[Fact],
    on: date,
    age: int | None = None,
    exempt: bool = False,
    only_adult_with_minors: bool = False,
) -> Course | None:
    """The course of a household in ADI; None where no fact begins one.

    `exempt` is a documented exemption from the 90 days other than age (certified disability, a protection path): which
    one is no business of this record."""
    told = sorted(facts, key=lambda fact: fact.day)
    over = _ending(told, on)
    if over is not None:
        return over
    begins = _last(told, "pad_signed", "renewal_asked")
    if begins is None:
        return None
    renewal = _last(told, "renewal_asked")
    if begins.kind == "renewal_asked" and not begins.unchanged:
        return _course([_new_pad(begins, on)])
    pad = _last(told, "pad_signed")
    unchanged = bool(renewal and renewal.unchanged)
    starts = renewal.day if renewal and unchanged else begins.day
    here = [fact for fact in told if fact.day >= starts]
    met, absent = _first(here, "met"), _last(here, "absent")
    convened = absent or _last(here, "convened")
    term = rules.first_meeting(
        on=on,
        signed_on=pad.day if pad else None,
        renewal_asked_on=renewal.day if renewal else None,
        household_unchanged=unchanged,
        met_on=met.day if met else None,
        convened_on=convened.day if convened else None,
        absent=absent is not None,
        reason=absent.reason if absent else None,
    )
    term = _paid_again(term, met, on) if met else _with_payments(term, renewal, on)
    steps = [Step(name="first_meeting", term=term, act="met")]
    if met is None and convened is None and term.status == "in_term":
        steps.insert(0, _convening(starts, on))
    if (last := _last(here, "met")) is not None:
        steps += _after_meeting(here, last, on, age=age, exempt=exempt, only_adult=only_adult_with_minors)
    steps += _employment(here, on) + _reports(told, on) + _duration(told, on)
    return _course(steps)


@rule("R-SFL-03", "R-SFL-04", "R-SFL-05")
def training_support(*, facts: Iterable[Fact], on: date) -> Course | None:
    """The course of a person in SFL; None where no fact begins one. The employment service convenes, not ours."""
    told = sorted(facts, key=lambda fact: fact.day)
    over = _ending(told, on)
    if over is not None:
        return over
    begins = _last(told, "pad_signed")
    if begins is None:
        return None
    here = [fact for fact in told if fact.day >= begins.day]
    last = _last(here, "confirmed", "service_pact_signed")
    if last is None:
        value = in_force(on)["sfl.convened_by"]
        said = Text(
            "Dopo il PAD convoca il servizio per il lavoro, con i recapiti scritti nel PAD.",
            "After the PAD the employment service convenes, with the contacts written in it.",
        )
        found = value.finding(Severity.PASS, said)
        return _course([Step(name="convened_by", term=Term(status="in_term", due=None, findings=(found,)))])
    term = rules.training_support_check(last_confirmed_on=last.day, on=on)
    monthly = in_force(on)["sfl.monthly_check"]
    said = Text(
        "Ogni mese l’INPS controlla che ci sia un’attività registrata: senza, il pagamento si ferma.",
        "Every month INPS checks that an activity is recorded: without one payment stops.",
    )
    told_too = (*term.findings, monthly.finding(Severity.PASS, said))
    term = Term(status=term.status, due=term.due, suspended_from=term.suspended_from, findings=told_too)
    return _course([Step(name="confirmation", term=term, act="confirmed")])


def _course(steps: list[Step]) -> Course:
    order = list(STATES)
    state = min((step.term.status for step in steps), key=order.index, default="in_term")
    return Course(state="in_term" if state in ("met", "exempt") else state, steps=tuple(steps))


def _last(facts: list[Fact], *kinds: str) -> Fact | None:
    return next((fact for fact in reversed(facts) if fact.kind in kinds), None)


def _first(facts: list[Fact], *kinds: str) -> Fact | None:
    return next((fact for fact in facts if fact.kind in kinds), None)


def _ending(told: list[Fact], on: date) -> Course | None:
    """A decision of loss, or any other end, unless a PAD came after it."""
    end, pad = _last(told, "lapsed", "ended"), _last(told, "pad_signed", "renewal_asked")
    if end is None or (pad is not None and pad.day > end.day):
        return None
    if end.kind == "ended":
        said = Text("Finito il {day}.", "Over on {day}.").filled(day=end.day)
        value = in_force(on)["adi.renewal_months"]
        term = Term(status="ended", due=None, findings=(value.finding(Severity.PASS, said),))
        return _course([Step(name="duration", term=term, act="renewal_asked")])
    value = in_force(on)["adi.reapply_after_months"]
    again = days.add_months(end.day, value.integer())
    said = Text(
        "Decadenza decisa il {day}, per tutto il nucleo: nuova domanda dal {again}, passati {months} mesi.",
        "Loss decided on {day}, for the whole household: new application from {again}, after {months} months.",
    ).filled(day=end.day, again=again, months=value.integer())
    term = Term(status="lapsed", due=again, reapply_from=again, findings=(value.finding(Severity.CAUTION, said),))
    return _course([Step(name="lapsed", term=term, act="pad_signed")])


def _new_pad(renewal: Fact, on: date) -> Step:
    value = in_force(max(on, renewal.day))["adi.renewal_meeting"]
    said = Text(
        "Rinnovo chiesto il {day} con il nucleo cambiato: i 120 giorni partono dalla firma del nuovo PAD.",
        "Renewal asked on {day} with the household changed: the 120 days run from the new PAD's signature.",
    ).filled(day=renewal.day)
    term = Term(status="in_term", due=None, findings=(value.finding(Severity.CAUTION, said),))
    return Step(name="new_pad", term=term, act="pad_signed")


def _convening(starts: date, on: date) -> Step:
    value = in_force(on)["adi.convening_target_days"]
    if not value.known:
        return Step(name="convening", term=Term(status="in_term", due=None), act="convened")
    due = starts + timedelta(days=value.integer())
    said = Text(
        "Convocazione consigliata entro il {due}: è un obiettivo, il termine è quello dell’incontro.",
        "Convening advised by {due}: a target, the term is that of the meeting.",
    ).filled(due=due)
    found = value.finding(Severity.CAUTION if on > due else Severity.PASS, said, field="convened_on")
    return Step(name="convening", term=Term(status="in_term", due=due, findings=(found,)), act="convened")


def _with_payments(term: Term, renewal: Fact | None, on: date) -> Term:
    """A suspension for the first meeting, with what is paid all the same and the day that saves a month's payment."""
    if term.status != "suspended":
        return term
    numbers = in_force(on)
    kept, day = numbers["adi.first_payments_kept"], numbers["adi.recording_day"]
    found: list[Finding] = list(term.findings)
    if renewal is None:
        said = Text(
            "Se i controlli sono finiti da poco, le prime {count} mensilità si pagano comunque.",
            "If the checks ended a short time ago, the first {count} payments are made all the same.",
        ).filled(count=kept.integer())
        found.append(kept.finding(Severity.PASS, said))
    month = max(rules.payment_month(recorded_on=on), term.suspended_from or on)
    said = Text(
        "Registrato entro il giorno {day} del mese, l’incontro entra nel pagamento di quel mese: ora sarebbe {month}.",
        "Recorded by the {day}th of the month, the meeting enters that month's payment: now it would be {month}.",
    ).filled(day=day.integer(), month=month.strftime("%m/%Y"))
    found.append(day.finding(Severity.PASS, said))
    return Term(status=term.status, due=term.due, suspended_from=term.suspended_from, findings=tuple(found))


def _paid_again(term: Term, met: Fact, on: date) -> Term:
    """A meeting after a suspension: from which month it is paid again, once GePI knows it (R-ADI-22)."""
    if term.suspended_from is None or met.recorded_on is None:
        return term
    month = max(rules.payment_month(recorded_on=met.recorded_on), term.suspended_from)
    said = Text(
        "In GePI dal {day}: si paga di nuovo dal mese di {month}, arretrati compresi.",
        "In GePI since {day}: paid again from {month}, arrears included.",
    ).filled(day=met.recorded_on, month=month.strftime("%m/%Y"))
    found = (*term.findings, in_force(on)["adi.recording_day"].finding(Severity.PASS, said))
    return Term(status=term.status, due=term.due, suspended_from=term.suspended_from, findings=found)


def _after_meeting(
    here: list[Fact], last: Fact, on: date, *, age: int | None, exempt: bool, only_adult: bool
) -> list[Step]:
    steps = []
    numbers = in_force(on)
    if last.recorded_on is None:
        value = numbers["adi.meeting_recorded_in_gepi"]
        said = Text(
            "L’incontro del {day} non è ancora in GePI: finché non c’è, per l’INPS non è avvenuto.",
            "The meeting of {day} is not in GePI yet: until then, for INPS it has not happened.",
        ).filled(day=last.day)
        found = value.finding(
            Severity.CAUTION, said, way_out=Text("Registralo subito in GePI.", "Record it in GePI at once.")
        )
        steps.append(Step(name="gepi", term=Term(status="in_term", due=last.day, findings=(found,)), act="gepi"))
    pact = _last(here, "pact_meeting", "service_pact_signed")
    check = rules.next_check(
        last_meeting_on=last.day,
        on=on,
        activatable=_last(here, "sent_to_cpi") is not None,
        age=age,
        disabled=exempt,
        only_adult_with_minors=only_adult,
        service_pact_meeting_on=pact.day if pact else None,
    )
    steps.append(Step(name="check", term=check, act="met"))
    return steps


def _employment(here: list[Fact], on: date) -> list[Step]:
    sent = _last(here, "sent_to_cpi")
    if sent is None:
        return []
    signed = _first([fact for fact in here if fact.day >= sent.day], "service_pact_signed")
    term = rules.service_pact(sent_on=sent.day, signed_on=signed.day if signed else None, on=on)
    return [Step(name="service_pact", term=term, act="service_pact_signed")]


def _reports(told: list[Fact], on: date) -> list[Step]:
    known = _last(told, "breach_known")
    if known is None:
        return []
    done = _first([fact for fact in told if fact.day >= known.day], "breach_reported")
    due, value = rules.report_by(known_on=known.day), in_force(on)["adi.report_days"]
    said = Text(
        "Un fatto che può portare a sanzioni, saputo il {day}: si segnala subito, al più tardi il {due}.",
        "A fact that may lead to sanctions, known on {day}: report it at once, at the latest on {due}.",
    ).filled(day=known.day, due=due)
    found = value.finding(Severity.CAUTION if done is None and on > due else Severity.PASS, said)
    term = Term(status="met" if done else "in_term", due=due, findings=(found,))
    return [Step(name="report", term=term, act="breach_reported")]


def _duration(told: list[Fact], on: date) -> list[Step]:
    paid = _last(told, "first_payment")
    if paid is None:
        return []
    renewed = any(fact.kind == "renewal_asked" and fact.day <= paid.day for fact in told)
    asked = any(fact.kind == "renewal_asked" and fact.day > paid.day for fact in told)
    term = rules.duration(first_month=paid.day, renewed=renewed, on=on)
    if asked:
        term = Term(status="met", due=term.due, findings=term.findings)
    return [Step(name="duration", term=term, act="renewal_asked")]
