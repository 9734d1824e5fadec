"""What is signed, as documents: the agreement, the traineeship plan and its reserved annex, the page of the proofs.

The host signs the plan and reads neither the reasons, nor the personal goals, nor the sums somebody else pays: these
are in the annex, whose hash the plan bears (ADR 0012)."""

import hashlib

from django.utils.text import capfirst

from accanto.cases.plan_evidence import svg_of
from accanto.documents.signature_round import Signature
from accanto.traineeships.agreement import Party
from accanto.web import pdf
from accanto.web.parts import numbers

WEEKDAYS = ("lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica")


def day(value):
    return numbers.day(value) if value else ""


def place_of(host):
    return ", ".join(str(part) for part in (host.address, host.municipality) if str(part).strip())


def seat_of(row):
    """As the plan names it; where that is the host's own address, or nothing, with its municipality."""
    own = not row.seat or row.seat.strip().lower() == row.host.address.strip().lower()
    return place_of(row.host) if own else row.seat


def timetable(row):
    if not row.hours_by_weekday:
        return ""
    return ", ".join(
        f"{name} {numbers.number(hours)}" for name, hours in zip(WEEKDAYS, row.hours_by_weekday, strict=True) if hours
    )


def to_sign(signatories):
    return [{"who": who_signs(facts), "name": name_of(facts), "how": ""} for facts in signatories]


def who_signs(facts):
    return capfirst(str(Party(facts["party"]).label))


def name_of(facts):
    words = [facts["name"], facts.get("quality", "")]
    if facts.get("delegated_by"):
        words.append(f"per delega di {facts['delegated_by']}, valida fino al {day(facts['delegated_until'])}")
    return ", ".join(word for word in words if word)


@pdf.in_italian
def plan_data(row, plan, terms, signatories, *, annex_sha256):
    """The plan as all who sign read it."""
    sections = [
        {
            "title": "Dove, quando, con chi",
            "facts": [
                ["Soggetto ospitante", str(row.host)],
                ["Sede", seat_of(row)],
                ["Tutor aziendale", row.host_tutor_shown],
                ["Soggetto promotore", str(row.promoter or "")],
                ["Tutor del promotore", str(row.tutor or "")],
                ["Ente che ha in carico la persona", str(plan.body_in_charge or "")],
                ["Case manager", str(row.case_manager or "")],
                ["Periodo", f"dal {day(row.starts)} al {day(row.ends)}"],
                ["Ore la settimana", numbers.number(row.weekly_hours)],
                ["Orario", timetable(row)],
                ["Accorgimenti e limiti di orario o luogo", row.accommodations],
            ],
        },
        {
            "title": "Che cosa si impara e che cosa si fa",
            "facts": [["Obiettivi formativi", plan.training_goals], ["Attività", plan.activities]],
        },
        {
            "title": "Coperture",
            "facts": [
                ["Posizione INAIL", row.inail_reference or "indicata dal promotore prima dell’avvio"],
                ["Responsabilità civile", row.liability_reference or "indicata dal promotore prima dell’avvio"],
            ],
            "points": [
                "L’ospitante manda la comunicazione obbligatoria di avvio e fa la formazione sulla sicurezza.",
                "Le presenze si segnano ogni giorno nel registro.",
                "Il tirocinio non è un rapporto di lavoro.",
            ],
        },
    ]
    if terms and terms.payer == terms.Payer.HOST:
        sections.append({"title": "Indennità", "facts": terms_facts(terms)})
    return {
        "title": "Progetto di tirocinio",
        "lead": str(row.person),
        "facts": [["Tipo", row.get_kind_display()]],
        "sections": [with_texts(section) for section in sections],
        "annex_sha256": annex_sha256,
        "signatures": to_sign(signatories),
    }


def with_texts(section):
    return {**section, "facts": [[word, str(text)] for word, text in section["facts"] if str(text).strip()]}


def terms_facts(terms):
    return [
        ["Come si calcola", terms.get_mode_display()],
        ["Al mese", numbers.euro(terms.monthly_amount) if terms.monthly_amount is not None else ""],
        ["L’ora", numbers.euro(terms.hourly_rate) if terms.hourly_rate is not None else ""],
        ["Chi paga", terms.get_payer_display() if terms.payer else ""],
    ]


@pdf.in_italian
def annex_data(row, plan, terms, registry):
    """What only those who must know read: the person, the promoter, the body in charge."""
    sections = [
        {"title": "Perché questo tirocinio", "facts": [], "paragraphs": [plan.reason]},
        {
            "title": "Obiettivi della persona",
            "facts": [["Inclusione", plan.inclusion_goals], ["Autonomia", plan.autonomy_goals]],
        },
    ]
    if terms and terms.payer != terms.Payer.HOST:
        sections.append({"title": "Indennità", "facts": terms_facts(terms)})
    born = day(registry.birth_date) if registry else ""
    return {
        "title": "Allegato riservato al progetto di tirocinio",
        "lead": str(row.person),
        "facts": [
            ["Nascita", ", ".join(part for part in (born, registry.birth_place) if part) if registry else ""],
            ["Codice fiscale", registry.fiscal_code if registry else ""],
        ],
        "sections": [with_texts(section) for section in sections],
        "annex_sha256": "",
        "signatures": [],
    }


@pdf.in_italian
def agreement_data(agreement, signatories):
    until = f" al {day(agreement.valid_to)}" if agreement.valid_to else ""
    body = agreement.body_in_charge
    sections = [
        {
            "title": "Chi fa che cosa",
            "facts": [],
            "points": [
                f"{body}, che ha in carico le persone, indica il case manager e attesta il bisogno di prorogare o "
                "ripetere un tirocinio.",
                f"{agreement.promoter}, soggetto promotore, assicura le coperture INAIL e di responsabilità civile e "
                "indica il proprio tutor.",
                f"{agreement.host}, soggetto ospitante, indica il tutor aziendale, fa la formazione sulla sicurezza, "
                "manda le comunicazioni obbligatorie e tiene il registro delle presenze.",
            ],
        },
        {
            "title": "Durata e posti",
            "facts": [
                ["Vale", f"dal {day(agreement.valid_from)}{until}"],
                ["Posti", str(agreement.places or "")],
            ],
            "paragraphs": ["Ogni persona ha un progetto di tirocinio suo, allegato a questa convenzione."],
        },
    ]
    return {
        "title": "Convenzione di tirocinio",
        "lead": ", ".join(dict.fromkeys(map(str, (agreement.promoter, agreement.host, body)))),
        "facts": [
            ["Soggetto promotore", str(agreement.promoter)],
            ["Soggetto ospitante", f"{agreement.host}, {place_of(agreement.host)}"],
            ["Ente che ha in carico le persone", str(body)],
            ["Protocollo", agreement.reference],
        ],
        "sections": [with_texts(section) for section in sections],
        "annex_sha256": "",
        "signatures": to_sign(signatories),
    }


def made_plan(row, plan, terms, registry, signatories, *, acting, moment):
    """(document, annex): bytes."""
    how = {"acting": acting, "zone": row.zone, "moment": moment}
    annex = pdf.made("to_sign", annex_data(row, plan, terms, registry), **how)
    sha256 = hashlib.sha256(annex).hexdigest()
    return pdf.made("to_sign", plan_data(row, plan, terms, signatories, annex_sha256=sha256), **how), annex


def made_agreement(agreement, signatories, *, acting, zone, moment):
    return pdf.made("to_sign", agreement_data(agreement, signatories), acting=acting, zone=zone, moment=moment)


DEVICES = {"phone": "telefono", "computer": "computer", "other": "dispositivo non riconosciuto"}


@pdf.in_italian
def evidence_data(round, signatories):
    """Who signed what, when and how: the page that goes beside the document."""
    signed = []
    for one in signatories:
        if not hasattr(one, "signature"):
            continue
        proof = one.signature
        facts = [
            ["Firma per", str(Party(one.party).label)],
            ["In quale veste", one.quality],
            ["Per delega di", f"{one.delegated_by}, fino al {day(one.delegated_until)}" if one.delegated_by else ""],
            ["Quando", numbers.moment(proof.signed_at)],
            ["Come", proof.get_how_display()],
            ["Codice", " ".join([proof.get_channel_display(), proof.sent_to]).strip() if proof.channel else ""],
            ["Dispositivo", device_words(proof.agent) if proof.how == Signature.How.LINK else ""],
            ["Raccolta da", str(proof.recorded_by) if proof.recorded_by_id else ""],
            ["Impronta SHA-256 del documento", proof.sha256],
            ["Impronta SHA-256 dell’allegato", proof.annex_sha256],
            ["Impronta SHA-256 del file firmato", proof.paper.sha256 if proof.paper_id else ""],
        ]
        signed.append({"name": one.name, "facts": facts, "drawn": svg_of(proof.strokes) if proof.strokes else ""})
    state = {
        "open": "raccolta aperta: il documento non è ancora firmato da tutti",
        "complete": f"firmato da tutti il {numbers.moment(round.completed_at)}" if round.completed_at else "",
        "void": f"raccolta annullata: {round.get_void_reason_display()}",
    }[round.state]
    return {
        "title": "Prove delle firme",
        "lead": round.title,
        "facts": [
            ["Stato", state],
            ["Pronto per la firma dal", numbers.moment(round.opened_at)],
            ["Impronta SHA-256 del documento", round.sha256],
            ["Impronta SHA-256 dell’allegato riservato", round.annex_sha256],
        ],
        "signed": signed,
        "missing": [f"{one.name} ({Party(one.party).label})" for one in signatories if not hasattr(one, "signature")],
        "paragraphs": [
            "L’impronta è calcolata sui byte del documento: se cambia anche un solo carattere è diversa. Per "
            "verificarla si calcola lo SHA-256 del file e lo si confronta con quello scritto qui."
        ],
    }


def device_words(agent):
    """«phone/Firefox» in words."""
    kind, _slash, browser = agent.partition("/")
    return ", ".join(word for word in (DEVICES.get(kind, kind), browser) if word)
