"""Codesign with the third sector: notices, partners, conventions, payments. L.R. 65/2020; CO-*, AD-20 to AD-29."""

from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal

from accanto.norms import days
from accanto.norms.findings import Finding, Severity, ordered
from accanto.norms.reader import LocalValue, in_force
from accanto.norms.rule_index import rule
from accanto.norms.text import Euro, Text


@rule("CO-05", "CO-06", "CO-08", "AD-20", "AD-21", "AD-24")
def notice(
    *,
    published_on: date,
    closes_on: date,
    kind: str = "codesign",
    contents: Collection[str] | None = None,
    co_programming_done: bool | None = None,
    co_programming_reasons: bool | None = None,
    detailed_services: bool = False,
    local: Mapping[str, LocalValue] | None = None,
) -> list[Finding]:
    """A notice of codesign or co-programming: open 20 days or more (the first left out), contents, reasons, no details.

    `closes_on` is the last day, until midnight.
    """
    numbers = in_force(published_on, local=local)
    value = numbers["codesign.notice_days" if kind == "codesign" else "codesign.co_programming_notice_days"]
    found: list[Finding] = []
    open_days = (closes_on - published_on).days
    if open_days < 0:
        found.append(
            numbers["register.dates_in_order"].finding(
                Severity.BLOCK,
                Text("L'avviso chiude prima di aprire.", "The notice closes before it opens."),
                field="closes_on",
            )
        )
    elif value.known and open_days < value.integer():
        found.append(
            value.finding(
                Severity.BLOCK,
                Text(
                    "L'avviso resta aperto {open} giorni: ne servono {least}.",
                    "The notice is open {open} days: {least} needed.",
                ).filled(open=open_days, least=value.integer()),
                field="closes_on",
                way_out=Text("Chiudi non prima del {day}.", "Close not before {day}.").filled(
                    day=date.fromordinal(published_on.toordinal() + value.integer())
                ),
            )
        )
    elif value.known:
        found.append(
            value.finding(
                Severity.PASS,
                Text("Aperto {open} giorni.", "Open {open} days.").filled(open=open_days),
                field="closes_on",
            )
        )
    required = numbers["codesign.notice_contents"]
    lacking = (
        [] if contents is None or not required.known else [name for name in required.words() if name not in contents]
    )
    if lacking and kind == "codesign":
        found.append(
            required.finding(
                Severity.BLOCK,
                Text("Nell'avviso mancano: {lacking}.", "The notice lacks: {lacking}.").filled(lacking=tuple(lacking)),
                field="contents",
                way_out=Text("Completa l'avviso prima di pubblicarlo.", "Complete the notice before publishing it."),
            )
        )
    if co_programming_done is False and not co_programming_reasons:
        found.append(
            numbers["codesign.reasons_if_no_co_programming"].finding(
                Severity.BLOCK,
                Text(
                    "Non c'è stata coprogrammazione e manca la motivazione.",
                    "There was no co-programming and the reasons are missing.",
                ),
                field="co_programming_reasons",
                way_out=Text("Scrivi perché l'ente non la usa.", "Write why the body does not use it."),
            )
        )
    if detailed_services:
        found.append(
            numbers["codesign.detailed_notice_incompatible"].finding(
                Severity.CAUTION,
                Text(
                    "L'avviso descrive già i servizi nel dettaglio: non è coprogettazione, è un appalto di servizi.",
                    "The notice already has the services in detail: this is not codesign but a service contract.",
                ),
                field="detailed_services",
                way_out=Text(
                    "Pubblica un progetto di massima; il dettaglio esce dal tavolo.",
                    "Publish an outline; details come from the table.",
                ),
            )
        )
    return ordered(found)


@rule("CO-03", "CO-08", "CO-13", "AD-26", "AD-27")
def partner(
    *,
    in_register: bool | None,
    on: date,
    moment: str = "application",
    secondary_activity: bool = False,
    sections: Collection[str] = (),
    partners: int | None = None,
    local: Mapping[str, LocalValue] | None = None,
) -> list[Finding]:
    """A body at a moment (`application`, `agreement`, `payment`): registered, in one section, within the number."""
    numbers = in_force(on, local=local)
    found: list[Finding] = []
    checked = numbers["codesign.register_checked_at"]
    if in_register is False and moment == "payment":
        found.append(
            checked.finding(
                Severity.BLOCK,
                Text(
                    "L'ente non è più nel RUNTS: il pagamento è fermo.",
                    "The body left the register: the payment is held.",
                ),
                field="in_register",
                way_out=Text(
                    "Chiedi chiarimenti all'ente e all'ufficio del RUNTS.", "Ask the body and the register's office."
                ),
                secondary_blocks=True,  # worked case 44 of the programme
            )
        )
    elif in_register is False and not secondary_activity:
        found.append(
            numbers["codesign.others_secondary_only"].finding(
                Severity.BLOCK,
                Text(
                    "L'ente non è iscritto nel RUNTS: non può essere partner per l'attività principale.",
                    "The body is not in the register: it may not be a partner for the main activity.",
                ),
                field="in_register",
                way_out=Text(
                    "Può essere sostenitore, finanziatore o partner per attività secondarie.",
                    "It may be a supporter, a funder or a partner for secondary activities.",
                ),
            )
        )
    elif in_register is None:
        found.append(
            checked.finding(
                Severity.CAUTION,
                Text("Iscrizione al RUNTS da verificare.", "Registration to be checked."),
                field="in_register",
            )
        )
    if len(set(sections)) > 1 and "network" not in sections:
        found.append(
            numbers["codesign.register_sections"].finding(
                Severity.BLOCK,
                Text(
                    "Due sezioni del RUNTS solo per le reti associative.",
                    "Two sections of the register only for networks.",
                ),
                field="sections",
            )
        )
    limit = numbers["codesign.max_partners"]
    if partners is not None and limit.known and partners > limit.integer():
        found.append(
            limit.finding(
                Severity.BLOCK,
                Text(
                    "I partner sono {count}: il massimo è {limit}, dice {speaker}.",
                    "{count} partners: the most is {limit}, says {speaker}.",
                ).filled(count=partners, limit=limit.integer(), speaker=limit.speaker),
                field="partners",
            )
        )
    return ordered(found)


@rule("CO-02", "AD-28")
def convention(
    *,
    body_kind: str,
    registered_on: date | None,
    on: date,
    members_only: bool = False,
    better_than_market: bool | None = None,
) -> list[Finding]:
    """An art. 56 convention: only volunteer and social promotion bodies, registered for at least 6 months.

    For services in favour of others, if more favourable than the market.
    """
    numbers = in_force(on)
    kinds, months = numbers["codesign.convention_kinds"], numbers["codesign.convention_registered_months"]
    if body_kind not in kinds.words():
        return [
            kinds.finding(
                Severity.BLOCK,
                Text(
                    "La convenzione è solo per ODV e APS.", "The convention is only for volunteer and promotion bodies."
                ),
                field="body_kind",
                way_out=Text("Usa la coprogettazione o un altro strumento.", "Use codesign or another tool."),
            )
        ]
    if registered_on is None or on < days.add_months(registered_on, months.integer()):
        return [
            months.finding(
                Severity.BLOCK,
                Text(
                    "Serve l'iscrizione da almeno {months} mesi.",
                    "Registration for at least {months} months is needed.",
                ).filled(months=months.integer()),
                field="registered_on",
                way_out=Text("Aspetta che i mesi siano passati.", "Wait until the months have passed."),
            )
        ]
    found = []
    if members_only:
        found.append(
            numbers["codesign.convention_for_others"].finding(
                Severity.BLOCK,
                Text("Il servizio è solo per gli associati.", "The service is for members only."),
                field="members_only",
                way_out=Text("Apri il servizio a chi non è associato.", "Open the service to non-members."),
            )
        )
    if better_than_market is False:
        found.append(
            numbers["codesign.convention_for_others"].finding(
                Severity.BLOCK,
                Text(
                    "La convenzione non è più favorevole del mercato.", "The convention is no better than the market."
                ),
                field="better_than_market",
                way_out=Text(
                    "Usa un altro strumento, o documenta il confronto.", "Use another tool, or show the comparison."
                ),
            )
        )
    if found:
        return ordered(found)
    return [months.finding(Severity.PASS, Text("Ente ammesso.", "Body admitted."), field="registered_on")]


@rule("AD-29")
def grant_payment(*, yearly_total: Decimal, published_on: date | None, pays_on: date) -> list[Finding]:
    """A grant above 1,000 euro a year and beneficiary is published before it is paid: publication gives it effect."""
    value = in_force(pays_on)["codesign.publication_above"]
    if not value.known or yearly_total <= value.decimal():
        return []
    if published_on is not None and published_on <= pays_on:
        return [value.finding(Severity.PASS, Text("Atto pubblicato.", "Act published."), field="published_on")]
    return [
        value.finding(
            Severity.BLOCK,
            Text(
                "Sopra {limit} l'anno l'atto si pubblica prima di pagare: senza non ha efficacia.",
                "Above {limit} a year the act is published before payment: without it there is no effect.",
            ).filled(limit=Euro(value.decimal())),
            field="published_on",
            way_out=Text("Pubblica in Amministrazione trasparente, poi paga.", "Publish, then pay."),
        )
    ]


@rule("VIS-01")
def impact_assessment(
    *, entrusted: bool, asked: bool, months: int, amount: Decimal, beyond_region: bool, on: date
) -> tuple[bool, list[Finding]]:
    """Whether the law binds to a social impact assessment: five conditions together. A regional codesign does not."""
    numbers = in_force(on)
    least, above = numbers["codesign.impact_months"], numbers["codesign.impact_euro"]
    due = (
        entrusted and asked and beyond_region and least.known and months >= least.integer() and amount > above.decimal()
    )
    sentence = (
        Text("La valutazione di impatto è dovuta.", "The impact assessment is due.")
        if due
        else Text(
            "La legge non la impone: vale se l'avviso la chiede.",
            "The law does not impose it: it holds if the notice asks.",
        )
    )
    return due, [least.finding(Severity.CAUTION if due else Severity.PASS, sentence, field="asked")]
