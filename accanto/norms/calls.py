"""What a call for projects asks of people and of partnerships. FSE-4.2, CALL-2016, CALL-2018, CALL-2022."""

from datetime import date
from decimal import Decimal

from accanto.norms.findings import Finding, Severity, ordered
from accanto.norms.reader import parameter
from accanto.norms.rule_index import rule
from accanto.norms.sheet_file import sheets
from accanto.norms.text import Euro, Text


def _has(name: str) -> bool:
    return name in sheets().by_name


@rule("FSE-4.2", "R-SIIL-10")
def eligible(
    *, call: str, employment_status: str | None, in_charge: bool | None, target: str | None, age: int | None, on: date
) -> list[Finding]:
    """Whether a person may take part in an operation of a call: work status, taking in charge, group."""
    found: list[Finding] = []
    if _has(f"{call}.employment_statuses"):
        value = parameter(f"{call}.employment_statuses", on)
        if employment_status is None:
            found.append(
                value.finding(
                    Severity.CAUTION,
                    Text("Manca la condizione lavorativa all'ingresso.", "The work status at entry is missing."),
                    field="employment_status",
                )
            )
        elif value.known and employment_status not in value.words():
            found.append(
                value.finding(
                    Severity.BLOCK,
                    Text(
                        "L'avviso ammette solo persone disoccupate o inoccupate.",
                        "The call admits only people unemployed or who never worked.",
                    ),
                    field="employment_status",
                    way_out=Text("Scegli un altro fondo.", "Choose another fund."),
                )
            )
        elif value.known:
            found.append(
                value.finding(
                    Severity.PASS,
                    Text("Condizione lavorativa ammessa.", "Work status admitted."),
                    field="employment_status",
                )
            )
    if _has(f"{call}.in_charge_required") and in_charge is False:
        found.append(
            parameter(f"{call}.in_charge_required", on).finding(
                Severity.BLOCK,
                Text(
                    "L'avviso chiede che la persona sia in carico ai servizi socio-sanitari.",
                    "The call asks that the person be in charge of social or health services.",
                ),
                field="taken_in_charge_on",
                way_out=Text("Apri la presa in carico.", "Open the case."),
            )
        )
    if _has(f"{call}.targets") and target is not None:
        value = parameter(f"{call}.targets", on)
        if not value.known:
            found.append(
                value.finding(
                    Severity.CAUTION,
                    Text("I destinatari sono da leggere.", "Recipients are to be read."),
                    field="target",
                )
            )
        elif target not in value.words():
            found.append(
                value.finding(
                    Severity.CAUTION,
                    Text(
                        "Il gruppo indicato non è nell'elenco letto, che è incompleto.",
                        "The group given is not in the list read, which is incomplete.",
                    ),
                    field="target",
                    way_out=Text("Verifica nell'allegato dell'avviso.", "Check in the call's annex."),
                )
            )
    if target == "MIN16" and age is not None and _has(f"{call}.minor_min_age"):
        value = parameter(f"{call}.minor_min_age", on)
        if value.known and age < value.integer() and _has(f"{call}.targets"):
            found.append(
                parameter(f"{call}.targets", on).finding(
                    Severity.AUTHORISE,
                    Text("L'avviso ammette i minori sopra i 16 anni.", "The call admits minors over 16."),
                    field="age",
                    way_out=Text("Scegli un altro fondo o un altro sostegno.", "Choose another fund or support."),
                )
            )
        elif value.known and age == value.integer():
            found.append(
                value.finding(
                    Severity.CAUTION,
                    Text(
                        "Minore sopra i 16 anni: se bastino 16 anni compiuti è da chiedere alla Regione.",
                        "Minor over 16: whether 16 completed years are enough is to be asked to the Region.",
                    ),
                    field="age",
                )
            )
    return ordered(found)


@rule("CALL-2016", "CALL-2018", "CALL-2020", "CALL-2022")
def admissible(
    *,
    call: str,
    on: date,
    amount: Decimal | None = None,
    public_body_in_charge: bool | None = None,
    members: int | None = None,
    already_constituted: bool | None = None,
) -> list[Finding]:
    """Whether a partnership's application to an earlier call (`call_2016`, `call_2018`...) would have been admitted."""
    found: list[Finding] = []
    out = Text("La domanda non è ammissibile.", "The application is not admissible.")
    for name, sign, sentence in (
        (
            "project_min_euro",
            1,
            Text("L'importo è sotto il minimo di {limit}.", "The amount is under the least, {limit}."),
        ),
        (
            "project_max_euro",
            -1,
            Text("L'importo supera il massimo di {limit}.", "The amount is above the most, {limit}."),
        ),
    ):
        if amount is not None and _has(f"{call}.{name}"):
            value = parameter(f"{call}.{name}", on)
            if value.known and sign * (value.decimal() - amount) > 0:
                found.append(
                    value.finding(
                        Severity.BLOCK,
                        sentence.filled(limit=Euro(value.decimal())),
                        field="amount",
                        way_out=out,
                        secondary_blocks=True,  # worked case 44
                    )
                )
    for name, given, field, sentence in (
        (
            "public_body_required",
            public_body_in_charge,
            "public_body_in_charge",
            Text(
                "Nel partenariato manca l'ente pubblico titolare della presa in carico.",
                "The public body that takes in charge is not in the partnership.",
            ),
        ),
        (
            "partnership_already_constituted",
            already_constituted,
            "already_constituted",
            Text("L'associazione doveva essere già costituita.", "The partnership had to be already constituted."),
        ),
    ):
        if given is False and _has(f"{call}.{name}"):
            value = parameter(f"{call}.{name}", on)
            if value.known and value.boolean():
                found.append(value.finding(Severity.BLOCK, sentence, field=field, way_out=out))
    if members is not None and _has(f"{call}.partnership_max_members"):
        value = parameter(f"{call}.partnership_max_members", on)
        if value.known and members > value.integer():
            found.append(
                value.finding(
                    Severity.BLOCK,
                    Text(
                        "Gli enti sono {count}: il massimo è {limit}.", "There are {count} bodies: the most is {limit}."
                    ).filled(count=members, limit=value.integer()),
                    field="members",
                    way_out=out,
                )
            )
    return ordered(found)
