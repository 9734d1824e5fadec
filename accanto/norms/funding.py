"""Which money may pay a traineeship: the services quota of the Poverty fund. R-TIS-18."""

from collections.abc import Iterator

from accanto.norms.findings import Finding, Severity
from accanto.norms.reader import InForce
from accanto.norms.rule_index import rule
from accanto.norms.text import Euro, Text
from accanto.norms.traineeship_facts import TraineeshipFacts

SERVICES_QUOTA = "services_quota"


@rule("R-TIS-18", "R-ADI-25")
def services_quota(facts: TraineeshipFacts, numbers: InForce) -> Iterator[Finding]:
    """People in ADI who are not activatable, or others in charge with an ISEE under the line.

    The line read is of 2024. From 2025 between it and the ADI threshold it cautions; above both it blocks that fund.
    """
    if facts.funding != SERVICES_QUOTA:
        return
    line, threshold = numbers["tis.services_quota_isee_max"], numbers["adi.isee_max"]
    if facts.adi:
        if facts.adi_activatable:
            yield line.finding(
                Severity.AUTHORISE,
                Text(
                    "In ADI la Quota servizi paga il TIS di chi non è attivabile al lavoro.",
                    "For people in ADI the services quota pays the TIS of those not activatable to work.",
                ),
                field="funding",
                way_out=Text("Usa un altro fondo o il Patto di servizio.", "Use another fund or the service pact."),
            )
        return
    if not line.known:
        yield line.finding(
            Severity.CAUTION,
            Text("Il limite ISEE di quel periodo non è stato trovato.", "The ISEE line of that time was not found."),
            field="isee",
        )
        return
    if facts.isee is None:
        yield line.finding(
            Severity.AUTHORISE if line.firm else Severity.CAUTION,
            Text(
                "Manca l'ISEE: la Quota servizi lo chiede a chi non è in ADI.",
                "The ISEE is missing: the quota asks it.",
            ),
            field="isee",
            way_out=Text("Acquisisci l'attestazione ISEE.", "Obtain the ISEE statement."),
        )
        return
    if facts.isee <= line.decimal():
        yield line.finding(
            Severity.PASS,
            Text("ISEE entro {line}.", "ISEE within {line}.").filled(line=Euro(line.decimal())),
            field="isee",
        )
        return
    over = Text(
        "ISEE di {isee}, sopra {line}: la Quota servizi non paga questo TIS.",
        "ISEE of {isee}, above {line}: the services quota does not pay this TIS.",
    )
    other = Text("Scegli un altro fondo.", "Choose another fund.")
    if line.firm:
        yield line.finding(
            Severity.BLOCK,
            over.filled(isee=Euro(facts.isee), line=Euro(line.decimal())),
            field="isee",
            way_out=other,
            secondary_blocks=True,  # worked case 26
        )
    elif threshold.firm and facts.isee > threshold.decimal():
        yield threshold.finding(
            Severity.BLOCK,
            over.filled(isee=Euro(facts.isee), line=Euro(threshold.decimal())),
            field="isee",
            way_out=other,
            secondary_blocks=True,  # worked case 26, on the highest line that could hold
        )
    else:
        yield line.finding(
            Severity.CAUTION,
            Text(
                "ISEE di {isee}, sopra {line} del 2024: se il limite sia salito a {threshold} non è stato trovato.",
                "ISEE of {isee}, above {line} of 2024: whether the line rose to {threshold} was not found.",
            ).filled(
                isee=Euro(facts.isee),
                line=Euro(line.decimal()),
                threshold=Euro(threshold.decimal()) if threshold.known else "?",
            ),
            field="isee",
            way_out=Text(
                "Chiedi alla Regione o al Ministero prima di impegnare il fondo.", "Ask before committing the fund."
            ),
        )
