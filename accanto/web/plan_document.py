"""What the documents of the personal plan say: the same data as its page, gathered for the renderer."""

from django.utils.text import capfirst

from accanto.cases.personal_plan import PlanAction
from accanto.web import pdf
from accanto.web.parts import numbers


def day(value):
    return numbers.day(value) if value else ""


@pdf.in_italian
def plan_data(plan, parts, *, too=(), drawings=(), proofs=()):
    """The whole plan, with its signatures or with the lines to sign on. `too` are who signs besides the person;
    `drawings` the drawn signatures, as pictures by signer; `proofs` the sentences that tell how they were gathered."""
    person, manager = str(plan.case.person), str(plan.case.manager)
    state = f"concordata il {day(plan.agreed_on)}" if plan.agreed_on else "bozza da firmare"
    signatures = [
        signature_block(signature, person, manager) | drawn(signature, drawings) for signature in parts["signatures"]
    ]
    return {
        "title": "Progetto personalizzato",
        "lead": person,
        "facts": [
            ["Versione", f"{plan.version}, {state}"],
            ["Scritta il", day(plan.recorded_at)],
            ["Perché questa versione", plan.reason],
            ["Responsabile del caso", manager],
            ["Riferimento", "D.Lgs. 147/2017 art. 6"],
        ],
        "goals": [
            {"own_words": goal.own_words, "result": goal.result, "due": day(goal.due)} for goal in parts["goals"]
        ],
        "supports": [capfirst(support.get_kind_display()) for support in parts["supports"]],
        "support_text": next((support.text for support in parts["supports"] if support.text), ""),
        "actions": [
            {
                "party": capfirst(action.get_party_display()),
                "text": action.text,
                "due": day(action.due),
                "done": f"fatto il {day(action.done_on)}" if action.done_on else "",
            }
            for action in parts["actions"]
        ],
        "review_on": day(plan.review_on),
        "signatures": signatures or to_sign(person, too, manager),
        "evidence": list(proofs),
    }


def signature_block(signature, person, manager):
    names = {"person": person, "manager": manager}
    return {
        "who": capfirst(signature.get_signer_display()),
        "name": signature.name or names.get(signature.signer, ""),
        "how": f"{signature.get_how_display()}, {day(signature.signed_on)}",
    }


def drawn(signature, drawings):
    return {"drawn": drawings[signature.signer]} if signature.signer in drawings else {}


def to_sign(person, too, manager):
    """Lines to sign on."""
    others = [{"who": capfirst(row.get_kind_display()), "name": row.name} for row in too]
    return [{"who": "La persona", "name": person}, *others, {"who": "Il responsabile del caso", "name": manager}]


@pdf.in_italian
def plain_plan_data(plan, parts):
    """The same plan as the person says it: first person, easy words, one page."""
    mine = [action for action in parts["actions"] if action.party == PlanAction.Party.PERSON and not action.done_on]
    theirs = [action for action in parts["actions"] if action.party != PlanAction.Party.PERSON and not action.done_on]
    return {
        "title": "Il mio progetto",
        "lead": str(plan.case.person),
        "goals": [
            {"own_words": goal.own_words, "result": goal.result, "due": day(goal.due)} for goal in parts["goals"]
        ],
        "mine": [{"text": action.text, "due": day(action.due)} for action in mine],
        "theirs": [
            {"party": capfirst(action.get_party_display()), "text": action.text, "due": day(action.due)}
            for action in theirs
        ],
        "supports": [capfirst(support.get_kind_display()) for support in parts["supports"]],
        "support_text": next((support.text for support in parts["supports"] if support.text), ""),
        "review_on": day(plan.review_on),
        "manager": str(plan.case.manager),
    }
