"""How people come and go in the zone of the cast: whom its cooperative has referred, who waits, whom another zone
hands over, what those do whose case ended six months ago. Few rows, by the acts where PostgreSQL writes none."""

from accanto.access.log import Act
from accanto.access.relation import Relation
from accanto.access.role import Acting, Kind, Role
from accanto.access.subject import Subject
from accanto.cases import follow_up, received_referral, referral_wait
from accanto.cases.case import Case
from accanto.cases.received_referral import ReceivedReferral
from accanto.cases.referral import Referral
from accanto.cases.transfer import CaseTransfer
from accanto.demonstration.life import at, days
from accanto.people.registry import Registry

KNOWN = 20  # which of the people of the zone the cooperative refers, not knowing that they are known
NEEDS = (
    "Viene alla nostra mensa da due mesi: ha perso il lavoro di magazzino e vorrebbe ricominciare.",
    "Ha finito il corso di italiano con noi; cerca un tirocinio, meglio se la mattina.",
    "Dorme da un amico, ha lavorato nei vivai. Chiede aiuto per il lavoro e per la casa.",
    "Ha due figli piccoli e un lavoro a ore che non basta; vorrebbe qualificarsi come cuoca.",
)
NOTE = (
    "Si trasferisce dalla sorella a fine mese. È in corso la ricerca di un tirocinio in cucina; il colloquio con il "
    "centro per l’impiego è fissato. Vorrebbe continuare con qualcuno che le telefoni una volta la settimana."
)
RECORDED = 20  # days after the six months within which the zone asks


def acting(worker):
    role = Role.objects.select_related("user").get(pk=worker.role_id)
    return Acting(user=role.user, role=role)


def refer(worker, zone, *, by, today):
    """`worker` refers for their body, as `referral_send` writes; `by` is the zone's, who answers."""
    body = Role.objects.get(pk=worker.role_id).organisation
    *_before, known = Registry.objects.filter(zone=zone).select_related("person").order_by("id")[: KNOWN + 1]
    waiting = Referral.objects.filter(zone=zone).waiting().select_related("person__registry").order_by("id")[0]
    referred = waiting.person
    people = (
        (known.person.given_name, known.person.family_name, known.fiscal_code, known.birth_date),
        ("Samuela", "Bertolacci", "", None),
        ("Idris", "Kamberi", "", None),
        (referred.given_name, referred.family_name, referred.registry.fiscal_code, referred.registry.birth_date),
    )
    received = []
    for n, (given, family, code, born) in enumerate(people):
        moment = at(today - days(3 + 9 * n), 9, 30)
        who = {"subject": Subject.objects.create(zone=zone, created_at=moment), "zone": zone}
        sent = ReceivedReferral.objects.create(
            **who,
            organisation=body,
            sent_by_id=worker.user_id,
            sent_at=moment,
            channel="third_sector_body",
            given_name=given,
            family_name=family,
            fiscal_code=code,
            birth_date=born,
            phone=f"000 00000{n}",
            need=NEEDS[n],
            followed=("unknown", "yes", "no", "yes")[n],
            agreement=("agrees", "agrees", "undecided", "agrees")[n],
        )
        Relation.objects.create(
            **who, kind=Kind.REFERRER, organisation=body, starts=moment.date(), reason="ha inviato la segnalazione"
        )
        act(sent, "send", worker, moment)
        received.append(sent)
    _to_sort, _to_sort_too, elsewhere, accepted = received
    answered = {"by": acting(by), "now": at(today - days(12), 11)}
    received_referral.decline(received=elsewhere, reason="other_zone", on=today - days(12), **answered)
    on = max(today - days(12), waiting.received_on)
    answered["now"] = at(on, 17)
    referral = received_referral.recognise(received=accepted, person=referred, **answered)
    referral_wait.put_in_list(referral=referral, reason="team_full", on=on, **answered)


def hand_over(worker, zone, *, today):
    """`worker` is of another zone; as `transfer_send` writes."""
    mine = Case.objects.open().filter(manager_id=worker.user_id).exclude(zone=zone)
    case = mine.select_related("person__registry").order_by("id").first()
    if case is None:
        return
    moment, person = at(today - days(2), 15, 20), case.person
    what = {
        "given_name": person.given_name,
        "family_name": person.family_name,
        "fiscal_code": person.registry.fiscal_code,
        "birth_date": person.registry.birth_date,
        "phone": person.phone,
        "note": NOTE,
        "proposed_at": moment,
        "proposed_by_id": worker.user_id,
    }
    sent = CaseTransfer.objects.create(
        subject_id=case.subject_id, zone_id=case.zone_id, side="sent", other_zone=zone, case=case, **what
    )
    about = Subject.objects.create(zone=zone, created_at=moment)
    received = CaseTransfer.objects.create(
        subject=about, zone=zone, side="received", other_zone_id=case.zone_id, answers=sent, **what
    )
    act(sent, "propose", worker, moment)
    act(received, "receive", worker, moment)


def ask_after_six_months(zone, *, by, today):
    """Of whom should have been asked a while ago, it is written."""
    outcomes = {"job": "working", "traineeship": "working", "training": "in_training"}
    cases = Case.objects.filter(zone=zone).exclude(closed_on=None).exclude(closing_reason__in=follow_up.NOT_ASKED)
    for n, case in enumerate(cases.order_by("id")):
        day = follow_up.due_on(case) + days(RECORDED)
        if day < today:
            outcome = "not_reached" if n % 7 == 6 else outcomes.get(case.closing_outcome, "neither")
            follow_up.record(case=case, day=day, outcome=outcome, by=acting(by), now=at(day, 10))


def act(row, verb, worker, moment):
    Act.objects.create(
        at=moment,
        user_id=worker.user_id,
        role_id=worker.role_id,
        verb=verb,
        noun=row._meta.model_name,
        object_id=row.pk,
        subject_id=row.subject_id,
        zone_id=row.zone_id,
    )
