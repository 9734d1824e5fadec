"""The questions a worked case may ask: each a name in both languages, its facts, and the rule that answers.

Importing this module imports every rule, so `rule_index` is complete.
"""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any, get_type_hints

from accanto.norms import (
    allowances,
    benefit_course,
    calls,
    cases,
    codesign,
    complexity,
    control_papers,
    controls,
    disclosure,
    esf_plus,
    measures,
    money,
    notices,
    pnrr,
    representation,
    split,
    staffing,
    states,
    traineeships,
)
from accanto.norms import inclusion_allowance as adi
from accanto.norms.control_facts import ControlFacts, What
from accanto.norms.findings import Finding
from accanto.norms.reader import LocalValue
from accanto.norms.traineeship_facts import DayFacts, MonthFacts, RegisterMonthFacts, TraineeshipFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a rule answers: findings, and results by name (`amount`, `due`, `status`...)."""

    findings: tuple[Finding, ...] = ()
    results: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """`facts` are the types of the facts by name; `answer` is called with the converted ones, the day, and the rest."""

    name: str
    it: str
    facts: Mapping[str, Any]
    required: frozenset[str]
    answer: Callable[[dict[str, Any], date, Mapping[str, LocalValue], str | None], Outcome]


QUESTIONS: dict[str, Question] = {}


def find(name: str) -> Question | None:
    """The question of that English or Italian name."""
    return QUESTIONS.get(name) or next((question for question in QUESTIONS.values() if question.it == name), None)


def _on_facts(name: str, it: str, facts_type: type, answer: Callable[..., Outcome]) -> None:
    hints = get_type_hints(facts_type)
    QUESTIONS[name] = Question(
        name=name,
        it=it,
        facts={field.name: hints[field.name] for field in fields(facts_type)},
        required=frozenset(),
        answer=lambda given, on, local, call: answer(facts_type(**given), on=on, local=local, call=call),
    )


def _on_function(name: str, it: str, function: Callable[..., Any], outcome: Callable[[Any], Outcome]) -> None:
    """A keyword-only rule: its arguments are the facts; `on`, `local` and `call` are passed where it takes them."""
    signature = inspect.signature(function)
    hints = get_type_hints(function)
    extra = {"on", "local", "numbers"}
    wanted = {key: hints[key] for key in signature.parameters if key not in extra}

    def answer(given: dict[str, Any], on: date, local: Mapping[str, LocalValue], call: str | None) -> Outcome:
        arguments = dict(given)
        if "on" in signature.parameters:
            arguments["on"] = on
        if "local" in signature.parameters:
            arguments["local"] = local
        if "call" in signature.parameters and "call" not in arguments:
            arguments["call"] = call
        if "table" in signature.parameters:
            return outcome(function(arguments.pop("table"), **arguments))
        if "code" in signature.parameters:
            return outcome(function(arguments.pop("code"), **arguments))
        return outcome(function(**arguments))

    required = {key for key in wanted if signature.parameters[key].default is inspect.Parameter.empty and key != "call"}
    QUESTIONS[name] = Question(name=name, it=it, facts=wanted, required=frozenset(required), answer=answer)


def _findings(found: Any) -> Outcome:
    return Outcome(findings=tuple(found), results={})


def _month(facts: MonthFacts, **rest: Any) -> Outcome:
    allowance = allowances.month_allowance(facts, **rest)
    return Outcome(findings=allowance.findings, results={"amount": allowance.amount})


def _contribution(answer: staffing.Contribution) -> Outcome:
    return Outcome(
        findings=answer.findings,
        results={
            "amount": answer.amount,
            "meets_leps": answer.meets_leps,
            "meets_objective": answer.meets_objective,
            "gap_to_leps": answer.gap_to_leps,
        },
    )


def _split(answer: staffing.Split) -> Outcome:
    return Outcome(
        findings=answer.findings,
        results={
            "amounts": dict(answer.amounts),
            "attributed_fte": dict(answer.attributed_fte),
            "alone": dict(answer.alone),
            "unallocated": answer.unallocated,
        },
    )


def _term(answer: adi.Term) -> Outcome:
    return Outcome(
        findings=answer.findings,
        results={
            "status": answer.status,
            "due": answer.due,
            "suspended_from": answer.suspended_from,
            "reapply_from": answer.reapply_from,
        },
    )


def _course(answer: benefit_course.Course | None) -> Outcome:
    """The state of the whole, the next term and, of every term, its status by name."""
    if answer is None:
        return Outcome(results={"status": None})
    nearest = answer.next
    return Outcome(
        findings=tuple(finding for step in answer.steps for finding in step.term.findings),
        results={
            "status": answer.state,
            "step": nearest.name if nearest else None,
            "due": nearest.term.due if nearest else None,
            "steps": {step.name: step.term.status for step in answer.steps},
        },
    )


def _suppressed(answer: disclosure.Published) -> Outcome:
    return Outcome(
        results={
            "cells": [list(row) for row in answer.cells],
            "hidden": len(answer.primary) + len(answer.secondary),
            "row_totals": list(answer.row_totals),
            "column_totals": list(answer.column_totals),
        }
    )


def _agreed_zones(*, zones: list[tuple[int, Decimal]], on: date) -> Decimal:
    return staffing.region_total(zones=zones, on=on)


def _controls(facts: ControlFacts, **rest: Any) -> Outcome:
    found = controls.look(facts, **rest)
    return Outcome(
        findings=tuple(one.finding for one in found), results={"odd": {one.what.value: one.days for one in found}}
    )


def _sanctions(*, what: What, days: int, on: date) -> Outcome:
    found = control_papers.possible_sanctions(what=what, days=days, on=on)
    return Outcome(
        findings=tuple(one.finding for one in found),
        results={"amount": found[0].most if found else None, "least": found[0].least if found else None},
    )


def _passage(*, machine: str, state: str, to: str) -> Outcome:
    refused = states.refusal(machine, state, to)
    return Outcome(findings=(refused,) if refused else (), results={"allowed": refused is None})


_on_facts(
    "traineeship.start", "tirocinio.avvio", TraineeshipFacts, lambda f, **r: _findings(traineeships.start(f, **r))
)
_on_facts(
    "traineeship.extend", "tirocinio.proroga", TraineeshipFacts, lambda f, **r: _findings(traineeships.extend(f, **r))
)
_on_facts("traineeship.close", "tirocinio.fine", TraineeshipFacts, lambda f, **r: _findings(traineeships.close(f, **r)))
_on_facts("traineeship.day", "tirocinio.giornata", DayFacts, lambda f, **r: _findings(traineeships.record_day(f, **r)))
_on_facts("traineeship.month", "tirocinio.mese", MonthFacts, _month)
_on_facts(
    "traineeship.close_month",
    "tirocinio.chiusura_mese",
    RegisterMonthFacts,
    lambda f, **r: _findings(traineeships.close_month(f, **r)),
)
_on_facts("traineeship.controls", "tirocinio.controlli", ControlFacts, _controls)
_on_function("traineeship.sanctions", "tirocinio.sanzioni", _sanctions, lambda a: a)
_on_function(
    "traineeship.tax",
    "tirocinio.imposta",
    allowances.tax,
    lambda a: Outcome(findings=tuple(a[1]), results={"status": a[0]}),
)
_on_function(
    "notice.deadline",
    "comunicazione.termine",
    notices.notice_deadline,
    lambda a: Outcome(findings=a.findings, results={"due": a.last_day}),
)
_on_function("call.eligible", "avviso.destinatario", calls.eligible, _findings)
_on_function("call.admissible", "avviso.ammissibilita", calls.admissible, _findings)
_on_function("case.referral", "presa_in_carico.segnalazione", cases.referral, _findings)
_on_function(
    "plan.signature",
    "progetto.firma",
    cases.plan_signature,
    lambda a: Outcome(findings=tuple(a[1]), results={"due": a[0]}),
)
_on_function(
    "life_plan.request",
    "progetto_di_vita.domanda",
    cases.life_plan_request,
    lambda a: Outcome(findings=a.findings, results={"applies": a.applies, "due": a.start_notice_by}),
)
_on_function(
    "representation.signers",
    "rappresentanza.firme",
    representation.signers,
    lambda a: Outcome(findings=tuple(a[1]), results={"signers": list(a[0])}),
)
_on_function(
    "assessment.suggested",
    "valutazione.esito_suggerito",
    complexity.suggested,
    lambda a: Outcome(findings=a.findings, results={"outcome": a.outcome}),
)
_on_function("adi.first_meeting", "adi.primo_incontro", adi.first_meeting, _term)
_on_function("adi.next_check", "adi.aggiornamento", adi.next_check, _term)
_on_function("adi.service_pact", "adi.patto_di_servizio", adi.service_pact, _term)
_on_function("adi.disadvantage", "adi.svantaggio", adi.disadvantage, _findings)
_on_function(
    "adi.home_exemption",
    "adi.franchigia_casa",
    adi.home_exemption,
    lambda a: Outcome(results={"exemption": a[0], "above": a[1]}),
)
_on_function("adi.duration", "adi.durata", adi.duration, _term)
_on_function("adi.report", "adi.segnalazione", adi.report_by, lambda a: Outcome(results={"due": a}))
_on_function("adi.payment_month", "adi.mese_di_pagamento", adi.payment_month, lambda a: Outcome(results={"due": a}))
_on_function("adi.course", "adi.percorso", benefit_course.allowance, _course)
_on_function("sfl.check", "sfl.conferma", adi.training_support_check, _term)
_on_function("sfl.course", "sfl.percorso", benefit_course.training_support, _course)
_on_function("staffing.contribution", "personale.contributo", staffing.contribution, _contribution)
_on_function(
    "staffing.region_total",
    "personale.totale_zone",
    _agreed_zones,
    lambda a: Outcome(results={"amount": a}),
)
_on_function(
    "staffing.payable",
    "personale.liquidabile",
    staffing.payable,
    lambda a: Outcome(findings=a[2], results={"amount": a[0], "returned": a[1]}),
)
_on_function("staffing.split", "personale.riparto_comuni", staffing.split, _split)
_on_function(
    "staffing.fte",
    "personale.tempo_pieno",
    staffing.full_time_equivalents,
    lambda a: Outcome(findings=a[1], results={"fte": a[0]}),
)
_on_function(
    "staffing.return",
    "personale.prospetto",
    staffing.return_state,
    lambda a: Outcome(findings=a[1], results={"status": a[0]}),
)
_on_function("money.chain", "fondi.catena", money.chain, _findings)
_on_function("money.it_spending", "fondi.spesa_informatica", money.it_spending, _findings)
_on_function("money.european_share", "fondi.quota_ue", money.european_share, lambda a: Outcome(results={"amount": a}))
_on_function("money.project_code", "fondi.cup", money.project_code, _findings)
_on_function(
    "money.split",
    "fondi.riparto",
    split.split,
    lambda a: Outcome(
        findings=a.findings, results={"amounts": a.quotas, "residual_cents": [one.zone for one in a.residues]}
    ),
)
_on_function("money.fund_residual", "fondi.residuo", money.fund_residual, lambda a: Outcome(results={"amount": a}))
_on_function(
    "esf.outputs",
    "fse.indicatori",
    esf_plus.outputs,
    lambda a: Outcome(findings=a.findings, results={**a.indicators, "incomplete": len(a.incomplete)}),
)
_on_function("esf.results", "fse.risultati", esf_plus.immediate_results, lambda a: Outcome(results=a))
_on_function("esf.target_row", "fse.obiettivo", esf_plus.target_row, _findings)
_on_function("codesign.notice", "coprogettazione.avviso", codesign.notice, _findings)
_on_function("codesign.partner", "coprogettazione.partner", codesign.partner, _findings)
_on_function("codesign.convention", "coprogettazione.convenzione_56", codesign.convention, _findings)
_on_function("codesign.grant_payment", "coprogettazione.pagamento", codesign.grant_payment, _findings)
_on_function("pnrr.project_dates", "pnrr.date_progetto", pnrr.project_dates, _findings)
_on_function(
    "pnrr.counted",
    "pnrr.persona_contata",
    pnrr.counted,
    lambda a: Outcome(findings=a.findings, results={"housed": a.housed, "station": a.station}),
)
_on_function("measure.counted", "misura.conta", measures.counted, _findings)
_on_function("disclosure.table", "riservatezza.tabella", disclosure.suppress, _suppressed)
_on_function(
    "disclosure.grant",
    "riservatezza.contributo",
    disclosure.grant_publication,
    lambda a: Outcome(findings=(a[1],), results={"status": a[0]}),
)
_on_function("state.passage", "stato.passaggio", _passage, lambda a: a)
