"""Plans, agreements and an attestation that wait for signatures: somebody has signed, somebody is missing."""

import datetime as dt
import hashlib

from django.db.models import Case, IntegerField, When
from django.utils.text import capfirst

from accanto.access.role import Acting, Role
from accanto.demonstration.life import at, days
from accanto.documents import signature_round as rounds
from accanto.documents.render import render
from accanto.traineeships import signing
from accanto.traineeships.agreement import AGREEMENT_PARTIES, Party
from accanto.traineeships.traineeship import State, Traineeship

DRAFTS = 3
NAMES = {
    Party.PROMOTER: ("Paola Presidente", "legale rappresentante"),
    Party.HOST: ("Ottavio Ospitante", "titolare"),
    Party.BODY_IN_CHARGE: ("Diana Direttrice", "direttrice"),
}
DRAWN = "M80 180L130 90L180 200L240 100L300 190L360 110L430 180L500 120L580 170L660 130"


def tell(zone_id, *, today):
    """The first drafts, those of the zone before the others: one nobody has signed yet, one half signed, one signed by
    all and still to be recorded."""
    rows = Traineeship.objects.filter(state=State.DRAFT, promoter__isnull=False, starts__gt=today)
    rows = rows.filter(plan__body_in_charge__isnull=False).with_people().select_related("zone", "plan", "case__manager")
    elsewhere = Case(When(zone_id=zone_id, then=0), default=1, output_field=IntegerField())
    for n, row in enumerate(rows.order_by(elsewhere, "id")[:DRAFTS]):
        role = Role.objects.filter(user=row.case.manager).select_related("user", "zone").earliest("pk")
        by, now = Acting(user=role.user, role=role), at(today - days(3 - n), 10)
        names = {**NAMES, Party.TRAINEE: (str(row.person), "")}
        annex = paper(row, "Allegato riservato al progetto di tirocinio", why(row), {}, now)
        one = signing.begin(
            traineeship=row,
            title="Progetto di tirocinio",
            document=paper(row, "Progetto di tirocinio", what(row), names, now, annex=annex),
            annex=annex,
            signatories=named(names),
            by=by,
            now=now,
        )
        for signatory in one.round.signatories.order_by("-id")[: 2 * n]:
            rounds.draw(signatory=signatory, path=DRAWN, by=by, now=now + dt.timedelta(hours=1), day=now.date())
        if n == 0:
            agreement(row, by=by, now=now)


def agreement(row, *, by, now):
    draft = signing.draft_agreement(
        traineeship=row,
        body_in_charge=row.plan.body_in_charge,
        valid_from=row.starts,
        valid_to=None,
        places=2,
        reference="",
        by=by,
        now=now,
    )
    names = {party: NAMES[party] for party in AGREEMENT_PARTIES}
    signing.begin(
        agreement=draft,
        title="Convenzione di tirocinio",
        document=paper(row, "Convenzione di tirocinio", terms(row, draft), names, now),
        signatories=named(names),
        by=by,
        now=now,
    )


def attestation(made, document, *, by, now):
    """Of the attestation that waits to be handed over the host has signed, and who attests has not."""
    names = {signing.attesting_party(made.traineeship): NAMES[Party.PROMOTER], Party.HOST: NAMES[Party.HOST]}
    title = f"Attestazione n. {made.protocol}"
    one = signing.begin(attestation=made, title=title, document=document, signatories=named(names), by=by, now=now)
    rounds.draw(
        signatory=one.round.signatories.get(party=Party.HOST), path=DRAWN, by=by, now=now + dt.timedelta(hours=1),
        day=now.date(),
    )  # fmt: skip


def named(names):
    return [
        {"party": party.value, "name": name, "quality": quality, "email": f"{party.value}@example.org"}
        for party, (name, quality) in names.items()
    ]


def what(row):
    return [
        {
            "title": "Dove, quando, con chi",
            "facts": [
                ["Soggetto ospitante", str(row.host)],
                ["Sede", f"{row.seat}, {row.host.municipality}" if row.seat else ""],
                ["Tutor aziendale", row.host_tutor_shown],
                ["Soggetto promotore", str(row.promoter)],
                ["Tutor del promotore", str(row.tutor or "")],
                ["Ente che ha in carico la persona", str(row.plan.body_in_charge)],
                ["Periodo", f"dal {row.starts:%d/%m/%Y} al {row.ends:%d/%m/%Y}"],
                ["Ore la settimana", f"{row.weekly_hours.normalize():f}".replace(".", ",")],
            ],
        },
        {
            "title": "Che cosa si impara e che cosa si fa",
            "facts": [["Obiettivi formativi", row.plan.training_goals], ["Attività", row.plan.activities]],
        },
    ]


def why(row):
    return [
        {"title": "Perché questo tirocinio", "paragraphs": [row.plan.reason]},
        {
            "title": "Obiettivi della persona",
            "facts": [["Inclusione", row.plan.inclusion_goals], ["Autonomia", row.plan.autonomy_goals]],
        },
    ]


def terms(row, draft):
    return [
        {
            "title": "Chi firma, e per quanto",
            "facts": [
                ["Soggetto promotore", str(row.promoter)],
                ["Soggetto ospitante", str(row.host)],
                ["Ente che ha in carico le persone", str(draft.body_in_charge)],
                ["Vale", f"dal {draft.valid_from:%d/%m/%Y}"],
                ["Posti", str(draft.places)],
            ],
            "paragraphs": ["Ogni persona ha un progetto di tirocinio suo, allegato a questa convenzione."],
        }
    ]


def paper(row, title, sections, names, now, *, annex=b""):
    day = f"{now:%d/%m/%Y}"
    data = {
        "title": title,
        "lead": f"{row.promoter}, {row.host}" if Party.TRAINEE not in names and names else str(row.person),
        "facts": [],
        "sections": sections,
        "annex_sha256": hashlib.sha256(annex).hexdigest() if annex else "",
        "signatures": [{"who": capfirst(str(party.label)), "name": name_of(*who)} for party, who in names.items()],
        "body": str(row.zone),
        "made_on": day,
        "data_of": f"{day}, {now:%H:%M}",
        "synthetic": True,
        "note": "Documento riservato: contiene dati personali.",
    }
    return render("to_sign", data, moment=now.astimezone(dt.UTC))


def name_of(name, quality):
    return f"{name}, {quality}" if quality else name
