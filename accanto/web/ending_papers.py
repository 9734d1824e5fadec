"""The attestation and the individual dossier as documents.

The attestation is shown to employers: unless the person asks otherwise nothing in it tells what kind of traineeship it
was, nor why. The dossier is for the person and who works with them, never for the host."""

from django.utils.text import capfirst

from accanto.access.organisation import Organisation
from accanto.cases.plan_evidence import svg_of
from accanto.documents.join import join
from accanto.documents.signature_round import Signature
from accanto.norms.functional_words import revealing
from accanto.traineeships.agreement import Party as SigningParty
from accanto.traineeships.attestation import Attestation
from accanto.traineeships.ending import municipality_of
from accanto.traineeships.evaluation import ITEMS, EvaluationAnswer, Party, Score
from accanto.traineeships.evaluation import Moment as EvaluationMoment
from accanto.traineeships.passage import suspensions
from accanto.traineeships.seat import Seat
from accanto.web import pdf
from accanto.web.parts import numbers

TITLE = "Attestazione delle attività svolte e delle competenze acquisite"
FULL = Attestation.Wording.FULL
# bodies whose very name tells why somebody was followed
TELLING = (Organisation.Kind.HEALTH_AUTHORITY,)


PREVIEW = "Anteprima, senza valore"
SIGNED_WHERE = "data e firma, qui o nella pagina delle firme"
BORN = {"F": "nata", "M": "nato"}


def day(value):
    return numbers.day(value) if value else ""


def seats_of(rows):
    """{host id: [Seat]} of these traineeships' hosts."""
    found = {}
    for seat in Seat.objects.filter(host__in={row.host_id for row in rows}).with_place().order_by("id"):
        found.setdefault(seat.host_id, []).append(seat)
    return found


def attesting_body(row, acting):
    """Who attests: the promoter, or the body one acts for where none is named."""
    return str(row.promoter or acting.role.organisation or row.zone)


def issuer_of(row, acting):
    """The name under which one signs by hand: of who is of the body that attests, of nobody else."""
    own = row.promoter_id is None or row.promoter_id == acting.role.organisation_id
    return str(acting.user) if own else ""


def telling_words(skills):
    """What, in the skills, would tell an employer why somebody was followed."""
    return revealing(" ".join(f"{one.title}. {one.evidence}. {one.seen_where}. {one.seen_by}." for one in skills))


def body_tells(row):
    return bool(row.promoter and (row.promoter.kind in TELLING or revealing(row.promoter.name)))


def born_words(registry):
    """«, nata il 01/05/1990 a Prato,»: a comma before, one after; «in» where the fiscal code says a foreign state."""
    if not registry or not registry.birth_date:
        return ""
    found = f"{BORN.get(registry.sex, 'nata o nato')} il {day(registry.birth_date)}"
    if registry.birth_place:
        found += f" {'in' if registry.fiscal_code[11:12] == 'Z' else 'a'} {registry.birth_place}"
    return f", {found},"


@pdf.in_italian
def attestation_data(ending, *, protocol, wording, activities, registry, seats, acting, instead_of=""):
    row, full = ending.traineeship, wording == FULL
    kind = "un tirocinio"
    if full:
        kind = "un tirocinio di inclusione sociale" if row.kind == "TIS" else "un tirocinio non curriculare"
    place = municipality_of(row, seats)
    body = attesting_body(row, acting)
    law = "DGR Toscana 620/2020" if full and row.kind == "TIS" else ""
    return {
        "title": TITLE,
        "body": body,
        "note": f"Attestazione n. {protocol}" if protocol else PREVIEW,
        "lead": f"N. {protocol}" if protocol else PREVIEW,
        "paragraphs": [
            f"{body} attesta che {row.person}{born_words(registry)} ha svolto {kind} presso {row.host}, a {place}, dal "
            f"{day(row.starts)} al {day(row.ends)}."
        ],
        "sections": [
            {
                "title": "Dove e quando",
                "facts": [
                    ["Presso", str(row.host)],
                    ["Comune", place],
                    ["Periodo", f"dal {day(row.starts)} al {day(row.ends)}"],
                    ["Ore svolte", f"{numbers.number(ending.hours)}, in {numbers.number(ending.presences)} giornate"],
                    ["Riferimento", law],
                ],
            },
            {"title": "Attività svolte", "paragraphs": [activities or "Quelle previste dal progetto."]},
        ],
        "skills": [skill_row(skill) for skill in ending.skills],
        "closing": [
            f"Sostituisce l’attestazione n. {instead_of}." if instead_of else "",
            "Le ore sono quelle del registro delle presenze. Le competenze sono quelle viste all’opera da chi è "
            "nominato accanto a ciascuna: non sono una certificazione.",
        ],
        "signatures": [
            {
                "who": f"Per {body}",
                "name": issuer_of(row, acting),
                "under": SIGNED_WHERE,
            }
        ],
    }


def skill_row(skill):
    title = skill.title
    if skill.code:  # of an ESCO address the end is its code
        title += f"\n{skill.get_vocabulary_display()} {skill.code.rstrip('/').rsplit('/', 1)[-1]}"
    seen = ", ".join(
        part for part in (skill.seen_where, f"il {day(skill.seen_on)}", f"visto da {skill.seen_by}") if part
    )
    return [title, skill.get_level_display(), f"{skill.evidence}\n{seen}"]


SIGNED_HOW = {
    Signature.Channel.EMAIL: "con il collegamento personale e un codice mandato per posta elettronica",
    Signature.Channel.SMS: "con il collegamento personale e un codice mandato per SMS",
    Signature.Channel.IN_PERSON: "con un codice dato di persona",
}


@pdf.in_italian
def signed_page_data(attestation, round, signatories, *, acting):
    """Who signed it, when and how: the page that goes with it to whoever the person shows it to. Of the office that
    gathered the signatures, of contacts and devices it says nothing: the office has its page of the proofs."""
    row, signed = attestation.traineeship, []
    body = attesting_body(row, acting)
    signs_for = {SigningParty.PROMOTER: body, SigningParty.BODY_IN_CHARGE: body, SigningParty.HOST: str(row.host)}
    for one in signatories:
        proof = one.signature
        facts = [
            ["Per", signs_for[one.party]],
            ["In quale veste", one.quality],
            ["Per delega di", one.delegated_by],
            ["Quando", numbers.moment(proof.signed_at)],
            ["Come", SIGNED_HOW.get(proof.channel) or proof.get_how_display()],
            ["Impronta SHA-256 del file firmato", proof.paper.sha256 if proof.paper_id else ""],
        ]
        signed.append({"name": one.name, "facts": facts, "drawn": svg_of(proof.strokes) if proof.strokes else ""})
    return {
        "title": "Firme",
        "body": body,
        "note": f"Attestazione n. {attestation.protocol}",
        "lead": f"{TITLE}, n. {attestation.protocol}",
        "facts": [
            ["Firmata da tutti il", numbers.moment(round.completed_at)],
            ["Impronta SHA-256 del documento", round.sha256],
        ],
        "signed": signed,
        "missing": [],
        "paragraphs": [
            "L’impronta è quella del documento senza questa pagina, calcolata sui suoi byte: se cambia anche un solo "
            "carattere è diversa."
        ],
    }


def made_signed_copy(attestation, document, round, signatories, *, acting):
    """The document that was signed and the page of its signatures, in one file. Made of the moment of the last one."""
    data = signed_page_data(attestation, round, signatories, acting=acting)
    page = pdf.made("signature_evidence", data, acting=acting, zone=attestation.zone, moment=round.completed_at)
    title = f"Attestazione n. {attestation.protocol}, firmata"
    return join([document, page], title=title, marks=[f"Attestazione n. {attestation.protocol}", "Firme"])


def made_attestation(ending, *, acting, moment, **said):
    data = attestation_data(ending, acting=acting, **said)
    return pdf.made("attestation", data, acting=acting, zone=ending.traineeship.zone, moment=moment)


@pdf.in_italian
def dossier_data(ending, *, plan, passages, extensions, visits, answers, judgements, evaluations, seats):
    row = ending.traineeship
    sections = [
        {
            "title": "Obiettivi formativi e attività",
            "facts": [["Obiettivi formativi", plan.training_goals], ["Attività", plan.activities]] if plan else [],
            "paragraphs": [] if plan else ["Il progetto non è scritto qui."],
        },
        {"title": "Periodi", "points": periods(row, passages, extensions)},
        months_section(ending),
        visits_section(visits),
        *evaluation_sections(answers, evaluations),
        *goals_sections(judgements),
        skills_section(ending.skills),
    ]
    return {
        "title": "Dossier individuale",
        "lead": str(row.person),
        "facts": [
            ["Ospitante", f"{row.host}, {municipality_of(row, seats)}"],
            ["Periodo", f"dal {day(row.starts)} al {day(row.ends)}"],
            ["Promotore", str(row.promoter or "")],
            ["Tutor del promotore", str(row.tutor or "")],
            ["Tutor aziendale", row.host_tutor_shown],
        ],
        "sections": [section for section in sections if section],
    }


def periods(row, passages, extensions):
    found = [f"Dal {day(row.starts)} al {day(row.ends)}: {row.get_state_display()}."]
    for period in suspensions(passages):
        until = f" al {day(period.last)}" if period.last else " in poi"
        found.append(f"Sospeso dal {day(period.first)}{until}.")
    found += [f"Prorogato fino al {day(one.ends_after)}." for one in extensions]
    return found


def months_section(ending):
    rows = [
        [
            numbers.spelled(one.month, "F Y"), numbers.number(one.hours), numbers.number(one.planned),
            str(one.presences), "chiuso" if one.closed else "da venire" if one.month > ending.today else "aperto",
        ]
        for one in ending.months
    ]  # fmt: skip
    total = f"In tutto {numbers.number(ending.hours)} ore, in {numbers.number(ending.presences)} giornate."
    return {
        "title": "Registro, mese per mese",
        "heads": ["Mese", "Ore fatte", "Ore previste", "Giornate", "Registro"],
        "align": ["left", "right", "right", "right", "left"],
        "rows": rows,
        "paragraphs": [total] if rows else ["Il registro è vuoto."],
    }


def visits_section(visits):
    points = [
        f"{day(visit.day)}, {visit.get_mode_display()}: {visit.visitor}" + ("" if visit.held_at else " (da fare)")
        for visit in visits
    ]
    return {
        "title": "Visite di tutoraggio",
        "points": points,
        "paragraphs": [] if points else ["Qui non ne è scritta nessuna."],
    }


def evaluation_sections(answers, evaluations):
    """Side by side: a row each question, a column each party; what one may not read yet is not there."""
    found = []
    closed = {one.moment: one for one in evaluations}
    for moment in EvaluationMoment:
        here = {one.party: one for one in answers if one.moment == moment}
        if not here:
            continue
        parties = [party for party in Party if party in here]
        rows = [
            [capfirst(str(EvaluationAnswer._meta.get_field(item).verbose_name))]
            + [score_word(getattr(here[party], item)) for party in parties]
            for item in ITEMS
        ]
        rows.append(["Che cosa va bene", *(here[party].went_well or "–" for party in parties)])
        rows.append(["Che cosa cambiare", *(here[party].to_change or "–" for party in parties)])
        one = closed.get(moment)
        found.append(
            {
                "title": f"Valutazione {moment.label}",
                "heads": ["Che cosa si chiede", *(capfirst(str(party.label)) for party in parties)],
                "rows": rows,
                "paragraphs": [f"Chiusa il {day(one.closed_on)}. {one.summary}".strip()]
                if one
                else ["Non ancora chiusa."],
            }
        )
    return found or [{"title": "Valutazioni", "paragraphs": ["Qui non ne è scritta nessuna."]}]


def score_word(value):
    return str(Score(value).label) if value else "non sa dire"


def goals_sections(judgements):
    """Only those of training: the others are the person's own. Half way and at the end apart."""
    found = []
    for moment in EvaluationMoment:
        rows = [
            [one.goal, str(one.get_outcome_display()), one.words or "–"]
            for one in judgements
            if one.kind == one.Kind.TRAINING and one.moment == moment
        ]
        if rows:
            title = f"Obiettivi formativi, valutazione {moment.label}"
            found.append({"title": title, "heads": ["Obiettivo", "Esito", "In parole"], "rows": rows})
    return found


def skills_section(skills):
    rows = [skill_row(skill) for skill in skills]
    return {
        "title": "Competenze",
        "heads": ["Che cosa sa fare", "Come", "Che cosa la prova"],
        "rows": rows,
        "paragraphs": [] if rows else ["Qui non ne è scritta nessuna."],
    }
