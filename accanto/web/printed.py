"""The documents made from what a page shows: plan, assessment, minutes, answer to who referred, information notice.

Each gathers the same data as its page and hands them to the renderer, which reads no database."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.text import capfirst

from accanto.access.door import for_kinds
from accanto.access.role import Kind
from accanto.cases.assessment import Assessment, AssessmentDomain
from accanto.cases.domain_scale import ANCHORS
from accanto.cases.icf import CHAPTERS
from accanto.cases.received_referral import ReceivedReferral
from accanto.cases.referral import Referral, ReferralOrigin
from accanto.people.person import Person
from accanto.web import meeting as meeting_page
from accanto.web import pdf
from accanto.web.minutes_document import meeting_minutes_data, sitting_minutes_data
from accanto.web.people import MANAGERS, WORKERS
from accanto.web.personal_plan import parts_of, plan_or_404, signing_too
from accanto.web.plan_document import day, plain_plan_data, plan_data
from accanto.web.plan_evidence import drawings, evidence_of, to_sign, told
from accanto.web.sitting import sitting_or_404, treated_in


@for_kinds(*MANAGERS, Kind.PERSON)
def plan_document(request, plan):
    row = plan_or_404(request, plan)
    proofs = evidence_of(row, request.acting)
    too = [] if row.agreed_on else signing_too(request.acting, row)
    data = plan_data(row, parts_of(row, request.acting), too=too, drawings=drawings(proofs), proofs=told(proofs))
    made = pdf.made("personal_plan", data, acting=request.acting, zone=row.zone, moment=timezone.now())
    return pdf.shown(made, "progetto-personalizzato")


@for_kinds(*MANAGERS)
def plan_to_sign(request, plan):
    """The very document one signs on the screen, while it waits to be signed."""
    row = plan_or_404(request, plan)
    if row.agreed_on or row.superseded_at:
        raise Http404
    return pdf.shown(
        to_sign(row, parts_of(row, request.acting), request.acting, too=signing_too(request.acting, row)),
        "progetto-da-firmare",
    )


@for_kinds(*MANAGERS, Kind.PERSON)
def plain_plan_document(request, plan):
    row = plan_or_404(request, plan)
    data = plain_plan_data(row, parts_of(row, request.acting))
    made = pdf.made("plain_plan", data, acting=request.acting, zone=row.zone, moment=timezone.now())
    return pdf.shown(made, "il-mio-progetto")


@pdf.in_italian
def assessment_data(row, domains):
    return {
        "title": capfirst(row.get_kind_display()),
        "lead": str(row.case.person),
        "facts": [
            ["Giorno del colloquio", day(row.day)],
            ["Esito", capfirst(row.get_outcome_display())],
            ["Scritta da", str(row.recorded_by)],
            ["Stato", "sostituita da una più recente" if row.superseded_at else ""],
            ["Riferimento", "D.Lgs. 147/2017 art. 5"],
        ],
        "domains": [
            {
                "title": capfirst(label),
                "text": found.text if found else "",
                "score": f"{found.score}: {ANCHORS[found.domain][found.score]}" if found and found.score else "",
                "note": found.note if found else "",
                "icf": "; ".join(f"{code} {CHAPTERS[code]}" for code in found.icf) if found else "",
            }
            for label, found in domains
        ],
    }


@for_kinds(*MANAGERS, Kind.PERSON)
def assessment_document(request, assessment):
    rows = Assessment.objects.within(request.acting).select_related("case__person", "recorded_by", "zone")
    row = get_object_or_404(rows, pk=assessment)
    held = AssessmentDomain.objects.within(request.acting).of(row.subject_id).filter(assessment=row)
    held = {domain.domain: domain for domain in held.order_by("recorded_at", "id")}
    data = assessment_data(row, [(domain.label, held.get(domain)) for domain in AssessmentDomain.Domain])
    made = pdf.made("assessment", data, acting=request.acting, zone=row.zone, moment=timezone.now())
    return pdf.shown(made, "valutazione")


@for_kinds(*meeting_page.READERS)
def meeting_document(request, meeting):
    """The minutes of one meeting, once it was held."""
    row = meeting_page.meeting_or_404(request, meeting)
    if row.held_at is None:
        raise Http404
    data = meeting_minutes_data(row, meeting_page.parts_of(row, request.acting), request.acting)
    made = pdf.made("minutes", data, acting=request.acting, zone=row.zone, moment=timezone.now())
    return pdf.shown(made, "verbale")


@for_kinds(*WORKERS)
def sitting_document(request, sitting):
    """The minutes of a sitting: of the people it treated, those whom the reader sees."""
    row = sitting_or_404(request, sitting)
    meetings = list(treated_in(row, request.acting))
    held = [meeting for meeting in meetings if meeting.held_at]
    if not held:
        raise Http404
    data = sitting_minutes_data(row, meetings, meeting_page.parts_of_each(held, request.acting), request.acting)
    made = pdf.made("minutes", data, acting=request.acting, zone=row.zone, moment=timezone.now())
    return pdf.shown(made, "verbale-della-seduta")


@pdf.in_italian
def outcome_data(row, origin, *, worker):
    """What who referred is told: whether the referral was accepted, and nothing of the file."""
    to = str(origin.organisation) if origin and origin.organisation else ""
    paragraphs = [f"La segnalazione di {row.person}, ricevuta il {day(row.received_on)}, è stata esaminata."]
    if row.outcome == Referral.Outcome.ACCEPTED:
        paragraphs.append(
            f"Il {day(row.answered_on)} è stata accolta: la persona è presa in carico da questo servizio, che sente "
            "con lei chi coinvolgere."
        )
    else:
        paragraphs.append(f"Il {day(row.answered_on)} non è stata accolta. Motivo: {row.get_reason_display()}.")
    paragraphs.append(
        "Ciò che riguarda la persona resta nel suo fascicolo e non si comunica a chi ha segnalato; per collaborare al "
        "suo progetto si chiede al servizio, che decide con lei."
    )
    return {
        "title": "Esito della segnalazione",
        "lead": f"A: {to}" if to else "A chi ha segnalato",
        "facts": [],
        "paragraphs": paragraphs,
        "signatures": [{"who": "Per il servizio", "name": worker}],
    }


@for_kinds(*MANAGERS)
def outcome_document(request, referral):
    """The answer on paper, once there is one."""
    rows = Referral.objects.within(request.acting).exclude(outcome=Referral.Outcome.WAITING)
    row = get_object_or_404(rows.select_related("person", "zone"), pk=referral)
    origin = ReferralOrigin.objects.within(request.acting).of(row.subject_id).filter(referral=row)
    data = outcome_data(row, origin.select_related("organisation").first(), worker=str(request.acting.user))
    made = pdf.made("referral_outcome", data, acting=request.acting, zone=row.zone, moment=timezone.now())
    return pdf.shown(made, "esito-segnalazione")


@pdf.in_italian
def sent_outcome_data(received):
    """The same as the page of who referred says, and no more: not even whether the person was known."""
    paragraphs = [f"Il {day(received.sent_on)} avete segnalato {received}."]
    if received.outcome == Referral.Outcome.ACCEPTED:
        paragraphs.append(
            f"Il {day(received.answered_on)} la segnalazione è stata accolta: l’équipe della zona se ne occupa con la "
            "persona."
        )
    else:
        paragraphs += [
            f"Il {day(received.answered_on)} la segnalazione non è stata accolta. "
            f"Motivo: {received.get_reason_display()}.",
            "La persona può sempre rivolgersi al servizio sociale del suo comune.",
        ]
    paragraphs.append(
        "Chi segnala conosce l’esito e il suo motivo. Il fascicolo, e se la persona fosse già conosciuta, restano ai "
        "servizi che la seguono."
    )
    return {
        "title": "Esito della segnalazione",
        "lead": f"A: {received.organisation}",
        "facts": [],
        "paragraphs": paragraphs,
        "signatures": [],
    }


@for_kinds(Kind.REFERRER, *MANAGERS)
def sent_outcome_document(request, received):
    """The outcome for who referred, once there is one."""
    rows = ReceivedReferral.objects.within(request.acting).exclude(outcome=Referral.Outcome.WAITING)
    row = get_object_or_404(rows.with_body(), pk=received)
    data = sent_outcome_data(row)
    made = pdf.made("referral_outcome", data, acting=request.acting, zone=row.zone, moment=timezone.now())
    return pdf.shown(made, "esito-segnalazione")


@pdf.in_italian
def notice_data(person, *, body):
    """The information notice in plain words. What only the body knows is left to be written by hand, never invented."""
    return {
        "title": "Informativa sui tuoi dati",
        "lead": str(person),
        "sections": [
            {
                "title": "Chi li tratta",
                "paragraphs": [f"Titolare: {body}."],
                "blanks": ["Responsabile della protezione dei dati, recapito"],
            },
            {
                "title": "Perché",
                "paragraphs": [
                    "Per valutare con te i tuoi bisogni, scrivere e seguire il tuo progetto, organizzare gli "
                    "interventi, pagare ciò che ti spetta e rendere conto, in forma aggregata e anonima, di come va il "
                    "servizio."
                ],
            },
            {
                "title": "Con quale base",
                "paragraphs": [
                    "È un compito di interesse pubblico (GDPR art. 6, paragrafo 1, lettera e; D.Lgs. 196/2003 art. "
                    "2-ter). I dati particolari, come la salute, si trattano per motivi di interesse pubblico "
                    "rilevante (GDPR art. 9, paragrafo 2, lettera g; D.Lgs. 196/2003 art. 2-sexies). Non ti si chiede "
                    "il consenso al trattamento: questa è un’informazione."
                ],
            },
            {
                "title": "Chi li vede",
                "points": [
                    "gli assistenti sociali e i responsabili del caso della zona, che hanno il segreto professionale;",
                    "il centro per l’impiego: lavoro, formazione, limiti di orario e di luogo, mai il resto;",
                    "il tutor e l’azienda: nome, orari e accorgimenti che servono, mai il motivo per cui sei seguito;",
                    "la Regione e il ministero: conteggi senza nomi, salvo ciò che una legge chiede di trasmettere.",
                ],
            },
            {
                "title": "Per quanto tempo",
                "paragraphs": ["Per il tempo fissato dal piano di conservazione dell’ente (DPR 445/2000 art. 68)."],
                "blanks": ["Durata"],
            },
            {
                "title": "Che cosa puoi fare",
                "points": [
                    "leggere il tuo fascicolo e sapere chi lo ha aperto;",
                    "chiedere di correggere, limitare o trasferire i tuoi dati, oppure opporti (GDPR artt. 15-21);",
                    "farti aiutare da una persona di fiducia;",
                    "fare reclamo al Garante per la protezione dei dati personali (GDPR art. 77).",
                ],
            },
        ],
        "signatures": [{"who": "Per ricevuta", "name": str(person)}, {"who": "Chi l’ha spiegata", "name": ""}],
    }


@for_kinds(*MANAGERS, Kind.PERSON)
def notice_document(request, subject):
    person = get_object_or_404(Person.objects.within(request.acting).select_related("zone"), subject_id=subject)
    data = notice_data(person, body=pdf.body_of(request.acting, person.zone))
    made = pdf.made("information_notice", data, acting=request.acting, zone=person.zone, moment=timezone.now())
    return pdf.shown(made, "informativa")
