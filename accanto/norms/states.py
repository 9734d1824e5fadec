"""States as tables: what a thing may become, by which word, under which rules. The tables draw `docs/states.md`."""

from collections.abc import Mapping
from dataclasses import dataclass

from accanto.norms.findings import Finding, Severity
from accanto.norms.reader import in_force
from accanto.norms.rule_index import rule
from accanto.norms.sheet_file import sheets
from accanto.norms.text import Text


@dataclass(frozen=True, slots=True)
class Passage:
    """From one state to another: the word on the button, and the codes of the rules that guard it."""

    to: str
    word: Text
    guards: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    name: str
    title: Text
    first: str
    states: Mapping[str, Text]
    table: Mapping[str, tuple[Passage, ...]]

    @property
    def final(self) -> tuple[str, ...]:
        return tuple(state for state in self.states if not self.table.get(state))


ARCHIVE = Passage("archived", Text("archivia", "archive"))

TRAINEESHIP = Machine(
    name="traineeship",
    title=Text("Tirocinio", "Traineeship"),
    first="draft",
    states={
        "draft": Text("bozza", "draft"),
        "plan_signed": Text("progetto firmato", "plan signed"),
        "agreement_active": Text("convenzione attiva", "agreement active"),
        "notice_sent": Text("CO inviata", "notice sent"),
        "running": Text("in corso", "running"),
        "suspended": Text("sospeso", "suspended"),
        "extended": Text("prorogato", "extended"),
        "concluded": Text("concluso", "concluded"),
        "interrupted": Text("interrotto", "interrupted"),
        "attested": Text("attestato", "attested"),
        "withdrawn": Text("ritirato", "withdrawn"),
        "archived": Text("archiviato", "archived"),
    },
    table={
        "draft": (
            Passage(
                "plan_signed",
                Text("firma il progetto", "sign the plan"),
                ("R-TIS-13", "R-TIS-16", "R-TIS-21", "R-TIS-22", "R-TIS-06", "R-TIS-10"),
            ),
            Passage("withdrawn", Text("ritira", "withdraw")),
        ),
        "plan_signed": (
            Passage(
                "agreement_active", Text("attiva la convenzione", "activate the agreement"), ("R-TIS-20", "R-TIS-37")
            ),
            Passage("draft", Text("riapri il progetto", "reopen the plan")),
            Passage("withdrawn", Text("ritira", "withdraw")),
        ),
        "agreement_active": (
            Passage("notice_sent", Text("registra la CO", "record the notice"), ("R-CO-02", "R-CO-03", "R-CO-05")),
            Passage("withdrawn", Text("ritira", "withdraw")),
        ),
        "notice_sent": (
            Passage(
                "running",
                Text("avvia", "start"),
                ("R-INS-01", "R-INS-02", "R-CO-02", "R-IND-06", "R-TIS-26", "R-CAR-01"),
            ),
            Passage("withdrawn", Text("ritira", "withdraw")),
        ),
        "running": (
            Passage("suspended", Text("sospendi", "suspend"), ("R-TIS-34",)),
            Passage("extended", Text("proroga", "extend"), ("R-TIS-28", "R-TIS-27")),
            Passage("concluded", Text("concludi", "conclude"), ("R-TIS-36",)),
            Passage("interrupted", Text("interrompi", "interrupt"), ("R-TIS-35", "R-CO-03")),
        ),
        "extended": (
            Passage("suspended", Text("sospendi", "suspend"), ("R-TIS-34",)),
            Passage("extended", Text("proroga ancora", "extend again"), ("R-TIS-28", "R-TIS-27")),
            Passage("concluded", Text("concludi", "conclude"), ("R-TIS-36",)),
            Passage("interrupted", Text("interrompi", "interrupt"), ("R-TIS-35", "R-CO-03")),
        ),
        "suspended": (
            Passage("running", Text("riprendi", "resume")),
            Passage("extended", Text("riprendi, prorogato", "resume, extended"), ("R-TIS-28", "R-TIS-27")),
            Passage("interrupted", Text("interrompi", "interrupt"), ("R-TIS-35", "R-CO-03")),
        ),
        "concluded": (
            Passage("attested", Text("rilascia l'attestazione", "issue the attestation"), ("R-ATT-01",)),
            ARCHIVE,
        ),
        "interrupted": (
            Passage("attested", Text("rilascia l'attestazione", "issue the attestation"), ("R-ATT-01",)),
            ARCHIVE,
        ),
        "attested": (
            Passage("concluded", Text("l'attestazione era sbagliata", "the attestation was wrong"), ("R-ATT-01",)),
            Passage("interrupted", Text("l'attestazione era sbagliata", "the attestation was wrong"), ("R-ATT-01",)),
            ARCHIVE,
        ),
        "withdrawn": (ARCHIVE,),
        "archived": (),
    },
)

CASE = Machine(
    name="case",
    title=Text("Presa in carico", "Case"),
    first="referred",
    states={
        "referred": Text("segnalata", "referred"),
        "screening": Text("analisi preliminare", "screening"),
        "in_charge": Text("in carico", "in charge"),
        "suspended": Text("sospesa", "suspended"),
        "declined": Text("non accolta", "declined"),
        "transferred": Text("trasferita ad altra zona", "transferred to another zone"),
        "closed": Text("chiusa", "closed"),
    },
    table={
        "referred": (
            Passage("screening", Text("avvia l'analisi preliminare", "begin the screening"), ("R-SIIL-03", "R-VAL-01")),
            Passage("declined", Text("non accogliere", "decline")),
        ),
        "screening": (
            Passage("in_charge", Text("prendi in carico", "take in charge"), ("R-TIS-14", "R-SIIL-02", "R-VAL-02")),
            Passage("declined", Text("non accogliere", "decline")),
        ),
        "in_charge": (
            Passage("suspended", Text("sospendi", "suspend")),
            Passage("transferred", Text("trasferisci", "transfer")),
            Passage("closed", Text("chiudi", "close")),
        ),
        "suspended": (
            Passage("in_charge", Text("riprendi", "resume")),
            Passage("closed", Text("chiudi", "close")),
        ),
        "declined": (Passage("screening", Text("riesamina", "examine again")),),
        "transferred": (),
        "closed": (Passage("in_charge", Text("riapri", "reopen"), ("R-TIS-14",)),),
    },
)

PERSONAL_PLAN = Machine(
    name="personal_plan",
    title=Text("Progetto personalizzato", "Personal plan"),
    first="draft",
    states={
        "draft": Text("bozza", "draft"),
        "shared": Text("condiviso con la persona", "shared with the person"),
        "signed": Text("firmato", "signed"),
        "refused": Text("non firmato dalla persona", "not signed by the person"),
        "under_review": Text("in verifica", "under review"),
        "replaced": Text("sostituito", "replaced"),
        "concluded": Text("concluso", "concluded"),
    },
    table={
        "draft": (Passage("shared", Text("condividi", "share"), ("R-VAL-06", "R-PAR-01")),),
        "shared": (
            Passage("signed", Text("firma", "sign"), ("R-VAL-07", "R-PAR-01", "R-ADS-01")),
            Passage("draft", Text("rivedi", "revise")),
            Passage("refused", Text("registra il rifiuto", "record the refusal")),
        ),
        "refused": (Passage("draft", Text("riprendi il colloquio", "talk again")),),
        "signed": (
            Passage("under_review", Text("verifica", "review")),
            Passage("concluded", Text("concludi", "conclude")),
        ),
        "under_review": (
            Passage("signed", Text("conferma", "confirm")),
            Passage("replaced", Text("sostituisci con un nuovo progetto", "replace with a new plan")),
            Passage("concluded", Text("concludi", "conclude")),
        ),
        "replaced": (),
        "concluded": (),
    },
)

ANOMALY = Machine(
    name="anomaly",
    title=Text("Anomalia da verificare", "Anomaly to check"),
    first="open",
    states={
        "open": Text("da verificare", "to check"),
        "explained": Text("spiegata", "explained"),
        "confirmed": Text("confermata", "confirmed"),
        "closed": Text("chiusa", "closed"),
    },
    table={
        "open": (
            Passage("explained", Text("spiega", "explain")),
            Passage("confirmed", Text("conferma", "confirm")),
            Passage("closed", Text("chiudi", "close")),
        ),
        "explained": (
            Passage("confirmed", Text("conferma lo stesso", "confirm all the same")),
            Passage("closed", Text("chiudi", "close")),
            Passage("open", Text("riapri", "reopen")),
        ),
        "confirmed": (
            Passage("closed", Text("chiudi", "close")),
            Passage("open", Text("riapri", "reopen")),
        ),
        "closed": (Passage("open", Text("riapri", "reopen")),),
    },
)

ECONOMY = Passage("economy", Text("registra un'economia", "record a saving"), ("ACC-MONEY",))
REVOKE = Passage("revoked", Text("revoca", "revoke"), ("ACC-MONEY",))
RECOVER = Passage("recovered", Text("recupera", "recover"), ("ACC-MONEY",))
PAY = Passage("paid", Text("paga", "pay"), ("ACC-MONEY",))
CERTIFY = Passage("certified", Text("certifica", "certify"), ("ACC-MONEY",))
EARMARK = Passage("earmarked", Text("prenota", "earmark"), ("ACC-MONEY",))
COMMIT = Passage("committed", Text("impegna", "commit"), ("ACC-MONEY", "MO-CUP"))

# Rulebook 2.5. Establishing, earmarking, the order and the first-level control are not kept by every office: the step
# after them may follow at once.
MONEY = Machine(
    name="money",
    title=Text("Somma di una linea", "Sum of a fund line"),
    first="budgeted",
    states={
        "budgeted": Text("stanziato", "budgeted"),
        "allocated": Text("assegnato", "allocated"),
        "established": Text("accertato", "established"),
        "earmarked": Text("prenotato", "earmarked"),
        "committed": Text("impegnato", "committed"),
        "liquidated": Text("liquidato", "liquidated"),
        "ordered": Text("ordinato", "ordered"),
        "paid": Text("pagato", "paid"),
        "reported": Text("rendicontato", "reported"),
        "checked": Text("controllato", "checked"),
        "certified": Text("certificato", "certified"),
        "reimbursed": Text("rimborsato", "reimbursed"),
        "economy": Text("economia", "saving"),
        "revoked": Text("revocato", "revoked"),
        "recovered": Text("recuperato", "recovered"),
    },
    table={
        "budgeted": (Passage("allocated", Text("assegna", "allocate"), ("ACC-MONEY",)), ECONOMY),
        "allocated": (
            Passage("established", Text("accerta", "establish"), ("ACC-MONEY",)),
            EARMARK,
            COMMIT,
            ECONOMY,
            REVOKE,
        ),
        "established": (EARMARK, COMMIT, ECONOMY, REVOKE),
        "earmarked": (COMMIT, ECONOMY, REVOKE),
        "committed": (Passage("liquidated", Text("liquida", "liquidate"), ("ACC-MONEY",)), ECONOMY, REVOKE),
        "liquidated": (
            Passage("ordered", Text("ordina il pagamento", "order the payment"), ("ACC-MONEY",)),
            PAY,
            ECONOMY,
        ),
        "ordered": (PAY,),
        "paid": (Passage("reported", Text("rendiconta", "report"), ("ACC-MONEY",)), RECOVER),
        "reported": (
            Passage("checked", Text("ammetti dopo il controllo di I livello", "admit after the check"), ("ACC-MONEY",)),
            CERTIFY,
            RECOVER,
        ),
        "checked": (CERTIFY, RECOVER),
        "certified": (
            Passage("reimbursed", Text("registra il rimborso", "record the reimbursement"), ("ACC-MONEY",)),
            RECOVER,
        ),
        "reimbursed": (RECOVER,),
        "economy": (),
        "revoked": (),
        "recovered": (),
    },
)

MACHINES: Mapping[str, Machine] = {
    machine.name: machine for machine in (TRAINEESHIP, CASE, PERSONAL_PLAN, ANOMALY, MONEY)
}


def passages(machine: str | Machine, state: str) -> tuple[Passage, ...]:
    """What may follow a state. Raises LookupError for an unknown machine or state."""
    table = machine if isinstance(machine, Machine) else MACHINES[machine]
    if state not in table.states:
        raise LookupError(f"{state!r} is not a state of {table.name}: {', '.join(table.states)}.")
    return table.table.get(state, ())


def may_pass(machine: str | Machine, state: str, to: str) -> bool:
    return any(passage.to == to for passage in passages(machine, state))


@rule("ACC-STATE")
def refusal(machine: str | Machine, state: str, to: str) -> Finding | None:
    """Why a passage is not in the table, with those that are; None where it is."""
    table = machine if isinstance(machine, Machine) else MACHINES[machine]
    allowed = passages(table, state)
    if any(passage.to == to for passage in allowed):
        return None
    value = in_force(sheets().find("ACC-STATE").values[-1].since)["register.state_passages"]
    wanted = table.states.get(to, Text(to, to))
    return value.finding(
        Severity.BLOCK,
        Text("Da «{state}» non si passa a «{to}».", "From “{state}” one does not pass to “{to}”.").filled(
            state=table.states[state], to=wanted
        ),
        field="state",
        way_out=Text(
            "Da qui si può: "
            + (", ".join(passage.word.it for passage in allowed) or "niente, è uno stato finale")
            + ".",
            "From here: " + (", ".join(passage.word.en for passage in allowed) or "nothing, it is a final state") + ".",
        ),
    )


def diagram(machine: Machine) -> str:
    """The machine as a mermaid state diagram, words in Italian."""
    lines = ["stateDiagram-v2", f"    [*] --> {machine.first}"]
    lines += [f"    {state}: {label.it}" for state, label in machine.states.items()]
    for state in machine.states:
        lines += [f"    {state} --> {passage.to}: {passage.word.it}" for passage in machine.table.get(state, ())]
    lines += [f"    {state} --> [*]" for state in machine.final]
    return "\n".join(lines)
