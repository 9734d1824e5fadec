"""Who signs for a person: the person, the support administrator act by act, a minor's parents; when the administrator
reports to the judge. R-ADS-01 to 04."""

from collections.abc import Collection
from datetime import date

from accanto.norms.days import add_months
from accanto.norms.findings import Finding, Severity, ordered
from accanto.norms.reader import in_force
from accanto.norms.rule_index import rule
from accanto.norms.text import Text

PERSON, ADMINISTRATOR, PARENTS = "person", "support_administrator", "parents_or_guardian"


@rule("R-ADS-01", "R-ADS-02", "R-ADS-03", "R-ADS-04")
def signers(
    *,
    act: str,
    on: date,
    represented_acts: Collection[str] | None = None,
    assisted_acts: Collection[str] | None = None,
    age: int | None = None,
    dissent: bool = False,
) -> tuple[tuple[str, ...], list[Finding]]:
    """Who signs an act. The two lists are the acts of the decree: done for the person, or done with assistance.

    None where there is no decree. Dissent never blocks: it asks to tell the judge.
    """
    numbers = in_force(on)
    found: list[Finding] = []
    decree = represented_acts is not None or assisted_acts is not None
    by_act = numbers["representation.powers_by_act"]
    if act in (represented_acts or ()):
        who: tuple[str, ...] = (ADMINISTRATOR,)
        said = Text("Firma l'amministratore di sostegno.", "The support administrator signs.")
        found.append(by_act.finding(Severity.PASS, said, field="signed_by"))
    elif act in (assisted_acts or ()):
        who = (PERSON, ADMINISTRATOR)
        said = Text("Firmano insieme.", "Both sign.")
        found.append(by_act.finding(Severity.PASS, said, field="signed_by"))
    else:
        who = (PERSON,)
        if decree:
            found.append(
                numbers["representation.other_acts_alone"].finding(
                    Severity.CAUTION,
                    Text(
                        "L'atto non è nel decreto: la persona firma da sola (regola non letta).",
                        "The act is not in the decree: the person signs alone (rule not read).",
                    ),
                    field="signed_by",
                    way_out=Text("Rileggi gli atti elencati nel decreto.", "Read again the acts listed in the decree."),
                )
            )
    if age is not None and age < 18:
        who = (PERSON, PARENTS)
        found.append(
            numbers["representation.minors_sign_too"].finding(
                Severity.CAUTION,
                Text(
                    "La persona è minorenne: firma con i genitori o il tutore (regola non letta).",
                    "The person is a minor: parents or guardian sign too (rule not read).",
                ),
                field="signed_by",
            )
        )
    if dissent and ADMINISTRATOR in who:
        found.append(
            numbers["representation.dissent_to_judge"].finding(
                Severity.CAUTION,
                Text(
                    "C'è dissenso: l'amministratore di sostegno informa il giudice tutelare.",
                    "There is dissent: the support administrator tells the guardianship judge.",
                ),
                field="dissent",
                way_out=Text("Apri il compito «Informare il giudice tutelare».", "Open the task “Tell the judge”."),
            )
        )
    return who, ordered(found)


@rule("R-ADS-01")
def next_report(*, starts: date, every_months: int, on: date) -> date:
    """The first day, `on` or after, on which the administrator reports to the judge.

    The decree gives the frequency; no rule we read gives the day it is counted from: the first of the duty is taken.
    """
    times = max(1, ((on.year - starts.year) * 12 + on.month - starts.month) // every_months)
    while (day := add_months(starts, times * every_months)) < on:
        times += 1
    return day


@rule("R-ADS-01", "R-ADS-03", "R-ADS-04")
def signatures(
    *,
    act: str,
    on: date,
    signed: Collection[str],
    represented_acts: Collection[str] | None = None,
    assisted_acts: Collection[str] | None = None,
    age: int | None = None,
) -> list[Finding]:
    """What is not right in who signed an act: somebody it wants is missing, or an administrator had no power for it.

    It cautions and never blocks: what was signed stays as it was signed.
    """
    numbers = in_force(on)
    wanted, _findings = signers(act=act, on=on, represented_acts=represented_acts, assisted_acts=assisted_acts, age=age)
    by_act = numbers["representation.powers_by_act"]
    alone = numbers["representation.other_acts_alone"]
    minors = numbers["representation.minors_sign_too"]
    found: list[Finding] = []
    if ADMINISTRATOR in signed and ADMINISTRATOR not in wanted:
        found.append(
            by_act.finding(
                Severity.CAUTION,
                Text(
                    "Ha firmato chi rappresenta la persona, ma il decreto non gli affida questo atto.",
                    "Whoever represents the person signed, but the decree does not entrust this act to them.",
                ),
                field="signers",
                way_out=Text(
                    "Fai firmare la persona, oppure correggi gli atti del decreto se sono scritti male.",
                    "Have the person sign, or correct the acts of the decree if they were written wrongly.",
                ),
            )
        )
    missing = {
        ADMINISTRATOR: (
            by_act,
            Text(
                "Per questo atto il decreto vuole la firma di chi rappresenta la persona, e manca.",
                "For this act the decree wants the signature of whoever represents the person: it is missing.",
            ),
            Text("Fai firmare anche chi la rappresenta.", "Have whoever represents them sign too."),
        ),
        PERSON: (
            alone,
            Text("Manca la firma della persona.", "The person's signature is missing."),
            Text("Fai firmare la persona.", "Have the person sign."),
        ),
        PARENTS: (
            minors,
            Text(
                "La persona è minorenne: manca la firma dei genitori o del tutore.",
                "The person is a minor: the signature of parents or guardian is missing.",
            ),
            Text("Fai firmare i genitori o il tutore.", "Have parents or guardian sign."),
        ),
    }
    for who in wanted:
        if who not in signed:
            number, sentence, way_out = missing[who]
            found.append(number.finding(Severity.CAUTION, sentence, field="signers", way_out=way_out))
    return ordered(found)
