"""The scene of a test, built by the owner. All names are invented."""

import datetime as dt
import hashlib
import itertools
from decimal import Decimal

from django.db import connection
from django.utils import timezone

from accanto.access.organisation import Organisation
from accanto.access.relation import Relation, open_relation
from accanto.access.role import Acting, Kind, Role
from accanto.access.user import User
from accanto.cases import assessment, diary, health, justice, limits, participation, personal_plan, referral
from accanto.cases import meeting as meetings
from accanto.cases.case import open_case, set_area
from accanto.cases.received_referral import ReceivedReferral
from accanto.cases.transfer import CaseTransfer
from accanto.documents.document import Document, keep
from accanto.documents.file_type import FileType, LookedAt
from accanto.documents.render import render
from accanto.exchange.record_batch import RecordBatch, RecordPair, RecordRow
from accanto.norms.staffing_scenario import Movement
from accanto.people import advocacy, household, registry, representation
from accanto.people import person as people
from accanto.people.person import Person
from accanto.plan import advance as advances
from accanto.plan import movement as movements
from accanto.plan.act import Act
from accanto.plan.advance import Advance
from accanto.plan.allocation import Allocation
from accanto.plan.allocation_parts import AllocationQuota
from accanto.plan.esf_declaration import EsfDeclaration
from accanto.plan.fund import FundLine
from accanto.plan.movement import Place
from accanto.plan.operation import Operation
from accanto.plan.parameter import LocalParameter
from accanto.plan.submission import Submission, SubmissionFile
from accanto.staffing import contract as contracts
from accanto.staffing import scenario as scenarios
from accanto.staffing import supervision, workforce
from accanto.staffing import supervision_plan as supervision_plans
from accanto.staffing import worker as workers
from accanto.staffing.absence import Absence
from accanto.staffing.decree_sum import DecreeSum
from accanto.staffing.staff_figure import StaffFigure
from accanto.staffing.staffing_return import StaffingReturn
from accanto.territory.municipality import Municipality
from accanto.territory.population import Population
from accanto.territory.zone import Zone
from accanto.traineeships import attestation as attestations
from accanto.traineeships import directory_entry as entries
from accanto.traineeships import evaluation as evaluations
from accanto.traineeships import outcome as outcomes
from accanto.traineeships import place as places
from accanto.traineeships import place_search
from accanto.traineeships import seat as seats
from accanto.traineeships import signing as signings
from accanto.traineeships import skill as skills
from accanto.traineeships import visit as visits
from accanto.traineeships.agreement import Agreement
from accanto.traineeships.allowance import AllowanceTerms, MonthAllowance
from accanto.traineeships.anomaly import Anomaly, AnomalyStep
from accanto.traineeships.attendance import AttendanceDay
from accanto.traineeships.attestation import Attestation
from accanto.traineeships.directory_entry import DirectoryEntry
from accanto.traineeships.evaluation import Evaluation
from accanto.traineeships.host import Host
from accanto.traineeships.host_closure import HostClosure, close_host
from accanto.traineeships.host_inspection import INSPECTION_REASON, HostInspection, InspectionCheck
from accanto.traineeships.mandatory_notice import MandatoryNotice
from accanto.traineeships.matching_round import MatchingProposal, MatchingRound
from accanto.traineeships.monthly_close import MonthlyClose
from accanto.traineeships.passage import Passage, PassageReason
from accanto.traineeships.payee import Payee, set_payee
from accanto.traineeships.payment import PaymentLine, PaymentList
from accanto.traineeships.register_signature import RegisterSignature
from accanto.traineeships.signing import Signing
from accanto.traineeships.skill import Skill
from accanto.traineeships.timetable import Timetable
from accanto.traineeships.traineeship import State, Traineeship
from accanto.traineeships.traineeship_plan import Condition, TraineeshipPlan
from accanto.traineeships.visit import Visit

numbers = itertools.count(1)
LONG_AGO = dt.date(2020, 1, 1)


def zone(code):
    n = next(numbers)
    found = Zone.objects.filter(code=code).first()
    return found or Zone.objects.create(
        id=n, code=code, name=code.capitalize(), health_authority="Toscana Centro", provinces=["FI"], order=n
    )


def municipality(zone, name=None):
    n = next(numbers)
    return Municipality.objects.create(
        istat_code=f"{n:06}", name=name or f"Comune {n}", province="FI", cadastral_code=f"Z{n % 1000:03}", zone=zone,
        area_km2=10, lat=43, lon=11,
    )  # fmt: skip


def organisation(kind, name, zone=None):
    return Organisation.objects.get_or_create(kind=kind, name=name, defaults={"zone": zone})[0]


def user(username, kind, *, zone=None, organisation=None, name=None):
    """A user acting in one role; returns the `Acting` that acts are given as `by`."""
    person = User.objects.register(username=username, name=username.capitalize() if name is None else name)
    role = Role.objects.create(user=person, kind=kind, zone=zone, organisation=organisation, starts=LONG_AGO)
    return Acting(user=person, role=role)


def person_in_charge(zone, *, by, given_name="Dario", family_name="Prova"):
    now = timezone.now()
    person = people.register(zone_id=zone.pk, given_name=given_name, family_name=family_name, by=by, now=now)
    return open_case(person=person, manager=by.user, on=timezone.localdate(now) - dt.timedelta(days=90), by=by, now=now)


def around(case, *, by):
    """With whom the person lives, who represents them and with what dissent, whom they invited."""
    now, day = timezone.now(), case.opened_on
    family = household.begin(person=case.person, starts=day, by=by, now=now)
    household.join(household=family, name="Gina Prova", kinship="child", starts=day, by=by, now=now)
    representation.record(
        person=case.person, kind="support_administrator", name="Aldo Prova", court="Firenze", decree_on=day, starts=day,
        powers={"money": "represents"}, by=by, now=now,
    )  # fmt: skip
    representation.dissent(person=case.person, own_words="Non voglio", on=day, by=by, now=now)
    body = organisation(Organisation.Kind.THIRD_SECTOR_BODY, "Associazione di prova")
    advocacy.invite(
        person=case.person, organisation=body, own_words="Mi fido", shown="contact", starts=day, by=by, now=now
    )


def papers(case, *, by):
    """What a case comes to hold: a referral, an assessment of work, a draft plan with one commitment, an operation."""
    around(case, by=by)
    now, day = timezone.now(), case.opened_on
    referral.refer(person=case.person, channel="school", need="prova", received_on=day, by=by, now=now)
    domains = {"work": {"text": "prova", "score": 3, "note": ""}}
    assessment.assess(case=case, kind="preliminary", day=day, outcome="complex", domains=domains, by=by, now=now)
    personal_plan.write(
        case=case,
        reason="prima stesura",
        goals=[{"own_words": "prova", "result": "prova", "due": None}],
        supports=[{"kind": "other", "text": ""}],
        actions=[{"party": "person", "text": "prova", "due": None, "done_on": None}],
        review_on=None,
        by=by,
        now=now,
    )
    participation.enter(case=case, operation=operation(case.zone), starts=day, entry={}, by=by, now=now)


def received_referral(subject, *, by):
    """What a body wrote of somebody, as its function in PostgreSQL would have written it."""
    if there := ReceivedReferral.objects.filter(subject=subject).first():
        return there
    body = organisation(Organisation.Kind.THIRD_SECTOR_BODY, "Associazione che segnala")
    said = {"given_name": "Ugo", "family_name": "Prova", "phone": "055 1", "need": "prova", "followed": "yes"}
    return ReceivedReferral.objects.create(
        subject=subject, zone_id=subject.zone_id, organisation=body, sent_by=by.user, sent_at=timezone.now(),
        channel="third_sector_body", agreement="agrees", **said,
    )  # fmt: skip


def received_transfer(subject, *, by):
    """What another zone proposes, as its function in PostgreSQL would have written it."""
    if there := CaseTransfer.objects.filter(subject=subject).first():
        return there
    return CaseTransfer.objects.create(
        subject=subject, zone_id=subject.zone_id, side="received", other_zone=zone("altrove"), given_name="Ugo",
        family_name="Prova", note="prova", proposed_at=timezone.now(), proposed_by=by.user,
    )  # fmt: skip


def secrets(case, *, by):
    """What few may read of a case: a contact, a reserved note, a disclosure, health, limits, a measure."""
    now, day = timezone.now(), case.opened_on
    diary.write_down(case=case, day=day, kind="talk", text="DIARIO", by=by, now=now)
    diary.write_note(case=case, day=day, text="RISERVATO", readers=[], by=by, now=now)
    diary.disclose(
        case=case, day=day, told_to="RIVELATO", what="in generale", reason="serious_risk", not_told_because="prova",
        by=by, now=now,
    )  # fmt: skip
    health.record(case=case, day=day, kind="diagnosis", text="SANITARIO", by=by, now=now)
    limits.set_limit(case=case, kind="pace", text="LIMITE", valid_from=day, by=by, now=now)
    limits.set_accommodation(case=case, kind="tasks", text="ACCOMODAMENTO", valid_from=day, by=by, now=now)
    justice.record(case=case, kind="47", authorised_on=day, day=day, note="GIUDIZIARIO", by=by, now=now)


def marks(case, traineeship, *, by):
    """A word that nothing else holds in each kind of data that has a page, and the sheets of a traineeship."""
    now, own = timezone.now(), {"subject": case.subject, "zone": case.zone}
    registry.record(person=case.person, birth_place="LUOGONASCITA", birth_date=LONG_AGO, by=by, now=now)
    set_area(case=case, area="mental_health", by=by, now=now)
    row = case.assessments.get()
    row.domains.update(text="MAGAZZINIERA")
    assessment.write_domain(assessment=row, domain="personal", text="INTIMO", by=by, now=now)
    case.plans.get().goals.update(own_words="OBIETTIVO")
    TraineeshipPlan.objects.create(traineeship=traineeship, reason="MOTIVOTIROCINIO", **own)
    Condition.objects.create(traineeship=traineeship, **own)
    AllowanceTerms.objects.create(traineeship=traineeship, monthly_amount=400, payer="host", **own)
    month = traineeship.starts.replace(day=1)
    MonthAllowance.objects.create(
        traineeship=traineeship, month=month, hours=1, amount=400, computed_at=now, computed_by=by.user, **own
    )
    AttendanceDay.objects.create(
        traineeship=traineeship, day=traineeship.starts, hours=4, recorded_at=now, recorded_by=by.user, **own
    )
    register_papers(traineeship, by=by)
    found = anomaly(traineeship)
    AnomalyStep.objects.create(
        anomaly=found, traineeship=traineeship, before="open", after="explained", words="prova", recorded_at=now, **own
    )
    inspection(traineeship, by=by)
    payment_list(traineeship, by=by)
    course_papers(traineeship, by=by)
    MandatoryNotice.objects.create(traineeship=traineeship, event="start", event_on=month, **own)
    passage = Passage.objects.create(
        traineeship=traineeship, before="notice_sent", after="running", on=traineeship.starts, recorded_at=now,
        recorded_by=by.user, ends_before=traineeship.ends, ends_after=traineeship.ends, **own,
    )  # fmt: skip
    PassageReason.objects.create(passage=passage, reason=PassageReason.Reason.LEAVE, **own)
    attestation(traineeship, by=by)
    outcome(traineeship, by=by)


def document(case, *, by, degree="contact"):
    """The standing document of that class, made where there is none."""
    found = Document.objects.standing().filter(subject=case.subject, degree=degree).first()
    return found or keep_document(case, by=by, degree=degree)


def keep_document(case, *, by, degree="contact", data=b"%PDF-1.4 prova"):
    file = LookedAt(data, FileType.PDF, hashlib.sha256(data).hexdigest())
    return keep(
        subject_id=case.subject_id, zone_id=case.zone_id, degree=degree, title="prova", day=case.opened_on, file=file,
        by=by, now=timezone.now(),
    )  # fmt: skip


def traineeship(case, *, tutor, by, host="Vivaio di prova"):
    body = organisation(Organisation.Kind.HOST, host)
    place = Host.objects.filter(organisation=body).first() or Host.objects.create(
        organisation=body, municipality=municipality(case.zone)
    )
    today = timezone.localdate()
    row = Traineeship.objects.create(
        subject=case.subject, zone=case.zone, case=case, host=place, tutor=tutor.user, weekly_hours=Decimal(20),
        starts=today - dt.timedelta(days=60), ends=today + dt.timedelta(days=120), state=State.RUNNING,
        host_tutor_name="Sara Esempio", plan_signed_on=today - dt.timedelta(days=70),
    )  # fmt: skip
    open_relation(
        subject=case.subject, kind=Kind.THIRD_SECTOR_TUTOR, user=tutor.user, reason="tutor del tirocinio", by=by,
        now=timezone.now(), starts=row.starts, ends=row.tutors_until,
    )  # fmt: skip
    return row


def seat(host, *, by, name="Serra di prova"):
    if there := host.seats.filter(name=name).first():
        return there
    return seats.add(host=host, name=name, municipality=host.municipality, by=by, now=timezone.now())


def agreement(host, zone, **facts):
    """Signed and in force, with two places."""
    if not facts and (there := host.agreements.first()):
        return there
    body = organisation(Organisation.Kind.ZONE_AUTHORITY, "Società della Salute di prova", zone=zone)
    facts = {
        "signed_on": LONG_AGO,
        "valid_from": LONG_AGO,
        "places": 2,
        "promoter": body,
        "body_in_charge": body,
    } | facts
    return Agreement.objects.create(host=host, signed_by=["promoter", "host", "body_in_charge"], **facts)


def matching_proposal(case, host, *, by):
    """A round of one person, who asks for something, and the place proposed to them."""
    row = MatchingProposal.objects.filter(case=case).first()
    if row is None:
        now = timezone.now()
        place_search.describe(case=case, by=by, now=now, needs=["tools"], priority=1)
        offered = place(host, by=by)
        facts = {"people": 1, "openings": 1, "pairs": 1, "placed": 1, "points": 5, "bound": 5.0}
        zone_id = case.zone_id
        round = MatchingRound.objects.of_zone(zone_id).going_on().first() or MatchingRound.objects.create(
            zone_id=zone_id, made_at=now, made_by=by.user, **facts
        )
        reasons = [{"why": "way", "points": 5, "values": {"minutes": 5, "km": 2, "most": 90}}]
        pair = {"place": offered.pk, "verdict": "chosen", "points": 5, "worse_by": 0, "reasons": reasons}
        row = MatchingProposal.objects.create(
            subject_id=case.subject_id, zone_id=zone_id, case=case, round=round, place=offered, points=5, pairs=[pair],
            state="proposed",
        )  # fmt: skip
    return row


def place(host, *, by, title="Cura del verde", **facts):
    """Open, four mornings, one opening."""
    if not facts and (there := host.places.filter(title=title).first()):
        return there
    nine, one = [dt.time(9), dt.time(13)]
    facts = {
        "municipality": host.municipality, "setting": "agricultural", "tasks": "Potare, annaffiare, rinvasare.",
        "weekly_hours": Decimal(16), "begins_at": [nine] * 4 + [None] * 3, "ends_at": [one] * 4 + [None] * 3,
        "valid_from": timezone.localdate(),
    } | facts  # fmt: skip
    return places.offer(host=host, title=title, by=by, now=timezone.now(), **facts)


def directory_entry(zone, *, by, name="Sportello di prova", **facts):
    if not facts and (there := DirectoryEntry.objects.filter(zone=zone, name=name).first()):
        return there
    facts = {"kind": "service", "text": "Aiuta a cercare casa.", "topics": ["housing"]} | facts
    today = timezone.localdate()
    return entries.write(zone_id=zone.pk, name=name, by=by, now=timezone.now(), today=today, **facts)


def register_papers(traineeship, *, by):
    """A usual timetable, a signature of the first day and the close of a month long over."""
    now, own = timezone.now(), {"subject": traineeship.subject, "zone": traineeship.zone}
    Timetable.objects.create(
        traineeship=traineeship, valid_from=traineeship.starts, week=[[540, 780]] * 5 + [[], []], recorded_at=now,
        recorded_by=by.user, **own,
    )  # fmt: skip
    text = {"shown": "Registro di prova", "sha256": hashlib.sha256(b"Registro di prova").hexdigest()}
    RegisterSignature.objects.create(
        traineeship=traineeship, signer="trainee", way="paper", first=traineeship.starts, last=traineeship.starts,
        signed_at=now, signed_by=by.user, **text, **own,
    )  # fmt: skip
    MonthlyClose.objects.create(
        traineeship=traineeship, month=LONG_AGO, hours=0, days=0, closed_at=now, closed_by=by.user, **text, **own
    )


def close_of(traineeship, month, *, by):
    """The month of a register as closed."""
    text = f"Registro {traineeship.pk}, {month:%Y-%m}"
    return MonthlyClose.objects.create(
        traineeship=traineeship, subject_id=traineeship.subject_id, zone_id=traineeship.zone_id, month=month, hours=0,
        days=0, shown=text, sha256=hashlib.sha256(text.encode()).hexdigest(), closed_at=timezone.now(),
        closed_by=by.user,
    )  # fmt: skip


IBAN = "IT60X0542811101000000123456"  # of the examples of banks, nobody's


def payee(traineeship, *, by, iban=IBAN):
    return set_payee(person=traineeship.person, means="iban", iban=iban, by=by, now=timezone.now())


def visit(traineeship, *, by):
    """Made by who writes it, with a note and one thing agreed."""
    known = Visit.objects.held().filter(traineeship=traineeship).first()
    return known or visits.record(
        traineeship=traineeship, day=traineeship.starts, mode="at_host", visitor=by.user, met=["trainee"],
        text="NOTADIVISITA", agreed=[("Cosa concordata", "case_manager", None)], by=by, now=timezone.now(),
    )  # fmt: skip


def evaluation(traineeship, *, by):
    """Half way, closed."""
    known = Evaluation.objects.standing().filter(traineeship=traineeship).first()
    return known or evaluations.close(traineeship=traineeship, moment="mid", by=by, now=timezone.now())


def skill(traineeship, *, by):
    known = Skill.objects.standing().filter(traineeship=traineeship).first()
    return known or skills.record(
        traineeship=traineeship, title="Rinvasa le piante", vocabulary="own", code="", level="alone",
        evidence="COMPETENZA", seen_on=traineeship.starts, seen_by="Sara Esempio", by=by, now=timezone.now(),
    )  # fmt: skip


def course_papers(traineeship, *, by):
    """A visit with its note, what was agreed, an evaluation closed, a goal judged, a skill."""
    visit(traineeship, by=by)
    evaluation(traineeship, by=by)
    skill(traineeship, by=by)
    evaluations.judge(
        traineeship=traineeship, moment="mid", judgements=[("inclusion", "TRAGUARDO", "partly", "")], by=by,
        now=timezone.now(),
    )  # fmt: skip


def payment_list(traineeship, *, by, payer="body_in_charge"):
    """A draft with one line of that traineeship, whose standing determination it pays."""
    month = traineeship.starts.replace(day=1)
    own = {"subject": traineeship.subject, "zone": traineeship.zone}
    close = MonthlyClose.objects.standing().filter(traineeship=traineeship, month=month).first()
    close = close or close_of(traineeship, month, by=by)
    row = MonthAllowance.objects.standing().filter(traineeship=traineeship, month=month).first()
    row = row or MonthAllowance.objects.create(
        traineeship=traineeship,
        month=month,
        hours=1,
        amount=400,
        computed_at=timezone.now(),
        computed_by=by.user,
        **own,
    )
    MonthAllowance.objects.filter(pk=row.pk).update(close=close)
    known = Payee.objects.standing().filter(subject=traineeship.subject).first() or payee(traineeship, by=by)
    with connection.cursor() as cursor:
        cursor.execute("set constraints traineeships_paymentlist_adds_up deferred")
    made = PaymentList.objects.filter(zone=traineeship.zone, state="draft").first()
    made = made or PaymentList.objects.create(
        zone=traineeship.zone, month=month, payer=payer, people=1, total=row.amount, drawn_at=timezone.now(),
        drawn_by=by.user,
    )  # fmt: skip
    if not made.lines.exists():
        PaymentLine.objects.create(
            list=made, traineeship=traineeship, allowance=row, payee=known, month=month, determined=row.amount,
            before=0, amount=row.amount, code="PROVA2345678", **own,
        )  # fmt: skip
    return made


def anomaly(traineeship, *, what="unpaid", first=None, state="open", **facts):
    """One that the nightly look would have found."""
    day = first or traineeship.starts
    there = Anomaly.objects.filter(traineeship=traineeship, what=what, first=day).first()
    sentence = {"it": "Anomalia di prova.", "en": "Anomaly of the scene."}
    finding = {"code": "R-IND-07", "sentence": sentence, "way_out": sentence, "source": "prova", "grade": "SECONDARY"}
    return there or Anomaly.objects.create(
        subject_id=traineeship.subject_id, zone_id=traineeship.zone_id, traineeship=traineeship,
        host_id=traineeship.host_id, what=what, code="R-IND-07", finding=finding, evidence={"days": day.isoformat()},
        first=day, last=day, days=1, fingerprint=f"{next(numbers):064}", found_at=timezone.now(), state=state,
        state_at=timezone.now(), **facts,
    )  # fmt: skip


def inspection(traineeship, *, by, inspector=None, begun=True):
    """Of the host of that traineeship, going on, with its check; as the functions of PostgreSQL would have written it.

    With an `inspector` it is theirs from now on."""
    now, today = timezone.now(), timezone.localdate()
    row = HostInspection.objects.filter(host=traineeship.host, zone_id=traineeship.zone_id).first()
    row = row or HostInspection.objects.create(
        host=traineeship.host, zone_id=traineeship.zone_id, inspector=by.user, reason="sample", starts=today,
        ends=today + dt.timedelta(days=10), opened_at=now, opened_by=by.user, begun_at=now if begun else None,
    )  # fmt: skip
    if inspector and row.inspector_id != inspector.user.pk:
        HostInspection.objects.filter(pk=row.pk).update(inspector=inspector.user)
    if begun and not row.checks.exists():
        who = (inspector or by).user
        relation = Relation.objects.filter(subject_id=traineeship.subject_id, kind=Kind.INSPECTOR, user=who).first()
        relation = relation or open_relation(
            subject=traineeship.subject, kind=Kind.INSPECTOR, user=who, reason=INSPECTION_REASON, ends=row.ends, by=by,
            now=now,
        )  # fmt: skip
        InspectionCheck.objects.create(
            subject_id=traineeship.subject_id, zone_id=traineeship.zone_id, inspection=row, traineeship=traineeship,
            relation=relation,
        )  # fmt: skip
    return HostInspection.objects.get(pk=row.pk)


def host_closure(host, *, by, first=LONG_AGO, last=None):
    found = HostClosure.objects.standing().filter(host=host, first=first).first()
    return found or close_host(host=host, first=first, last=last or first, reason="holidays", by=by, now=timezone.now())


KEPT = {}


def attestation_document():
    """Made once, for it takes a while; not kept where a test has something else in the place of the printer."""
    if "attestation" in KEPT:
        return KEPT["attestation"]
    data = {
        "title": "Attestazione", "body": "Ente di prova", "note": "Prova", "lead": "Prova", "made_on": "1",
        "data_of": "1", "synthetic": True, "paragraphs": [], "sections": [], "skills": [], "closing": [],
        "signatures": [],
    }  # fmt: skip
    made = render("attestation", data, moment=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    if b"%%EOF" in made:
        KEPT["attestation"] = made
    return made


def attestation(traineeship, *, by):
    """The one that stands, issued and not handed over yet, of whatever state the traineeship is in."""
    known = Attestation.objects.standing().filter(traineeship=traineeship).first()
    now = timezone.now()
    return known or attestations.issue(
        traineeship=traineeship, document=attestation_document(), wording="neutral", activities="ATTIVITASVOLTE",
        hours=4, skills=0, by=by, now=now,
        number=attestations.numbers(zone_id=traineeship.zone_id, year=timezone.localdate(now).year)[0],
    )  # fmt: skip


def outcome(traineeship, *, by, moment="exit", **said):
    facts = {"status": "searching", "source": "phone", "known_on": traineeship.ends} | said
    return outcomes.record(traineeship=traineeship, moment=moment, by=by, now=timezone.now(), **facts)


def signing(traineeship, *, by):
    """Its plan, waiting for the signatures of all."""
    known = Signing.objects.filter(traineeship=traineeship).first()
    return known or signings.begin(
        traineeship=traineeship,
        title="Progetto di tirocinio",
        document=b"%PDF-1.4 prova",
        signatories=[{"party": str(party), "name": f"Firma {party}"} for party in signings.PLAN_PARTIES],
        by=by,
        now=timezone.now(),
    )


def fund_line(code="poverty-services-quota", **said):
    return FundLine.objects.get_or_create(code=code, defaults={"name": "Quota servizi"} | said)[0]


def allocation(zone, *, year=2025, total=Decimal("1000.00"), perimeter="Quota ripartita fra le zone", by=None):
    """An adopted one whose whole is one zone's."""
    row, made = Allocation.objects.get_or_create(
        fund_line=fund_line(),
        year=year,
        perimeter=perimeter,
        state=Allocation.State.ADOPTED,
        defaults={
            "total": total, "act": act("88", kind="DD"), "adopted_on": LONG_AGO, "recorded_at": timezone.now(),
            "recorded_by": by.user if by else None, "source": "prova",
        },
    )  # fmt: skip
    if made:
        AllocationQuota.objects.create(allocation=row, zone=zone, amount=total)
    return row


def operation(zone, cup="B14H22000080007", line="esf-plus-priority-3"):
    fund = FundLine.objects.get_or_create(code=line, defaults={"name": "PR FSE+", "counts_for_targets": True})[0]
    terms = {"title": "Operazione di prova", "fund_line": fund, "zone": zone, "hourly_rate": Decimal(3)}
    today = timezone.localdate()
    days = {"starts": today - dt.timedelta(days=100), "ends": today + dt.timedelta(days=900)}
    return Operation.objects.get_or_create(cup=cup, defaults=terms | days)[0]


def movement(zone=None, *, by, operation=None, taken="outside", given="allocated", amount="1000", year=None, line=None,
             source=None, **more):  # fmt: skip
    """Moved in the place itself: a zone's, an operation's, or the Region's own; from `source` where it is not there."""
    target = Place(zone_id=zone and zone.pk, operation_id=operation and operation.pk)
    today = timezone.localdate()
    try:
        return movements.post(
            line=line or (operation.fund_line if operation else fund_line()), year=year or today.year, taken=taken,
            given=given, amount=Decimal(amount), day=today, source=source or target, target=target, by=by,
            now=timezone.now(), **more,
        )  # fmt: skip
    except movements.JustPosted as same:
        return same.args[0]


def advance(zone, *, by, kind="advance", amount="1000", **more):
    there = Advance.objects.awaited().filter(zone=zone).first()
    return there or advances.expect(
        operation=operation(zone), kind=kind, amount=Decimal(amount), by=by, now=timezone.now(), **more
    )


def esf_declaration(zone):
    said = {"operation": operation(zone), "zone": zone, "code": "EECO18", "day": timezone.localdate()}
    clerk = User.objects.filter(username="fse").first() or User.objects.register(username="fse", name="Ufficio FSE")
    rest = {"value": 2, "how": "Registro di prova", "recorded_at": timezone.now(), "recorded_by": clerk}
    return EsfDeclaration.objects.standing().get_or_create(**said, defaults=rest)[0]


def submission(zone, state="draft", *, kind="staffing", version="2026"):
    """One of a zone, or of the Region (`zone` None), in a state."""
    clerk = User.objects.filter(username="invii").first() or User.objects.register(
        username="invii", name="Ufficio invii"
    )
    same = {"kind": kind, "version": version, "zone": zone, "discarded_at": None}
    if found := Submission.objects.filter(**same).first():
        return found
    now, content = timezone.now(), b"codice_ambito,anno,tipo,ente\n"
    row = Submission.objects.create(**same, number=1, known_at=now, mapping="prova 1", made_at=now, made_by=clerk)
    fingerprint = hashlib.sha256(content).hexdigest()
    SubmissionFile.objects.create(
        submission=row, zone=zone, name="prospetto.csv", content=content, bytes=len(content), sha256=fingerprint
    )
    if state != "draft":
        Submission.objects.filter(pk=row.pk).update(state="validated", validated_at=now)
    if state == "sent":
        Submission.objects.filter(pk=row.pk).update(state="sent", sent_at=now)
    return row


def act(number="1", *, zone=None, kind="DELIBERA", issuer="SdS di prova", day=dt.date(2025, 12, 10), by=None):
    """An act an office entered, or one of the pack's where nobody did."""
    code = f"{kind}-{number}-{day.year}-{zone.code if zone else 'x'}".lower().replace("_", "-")
    entered = {}
    if zone or by:
        clerk = by.user if by else User.objects.filter(username="atti").first() or User.objects.register(
            username="atti", name="Ufficio atti"
        )  # fmt: skip
        entered = {"entered_at": timezone.now(), "entered_by": clerk}
    said = {"kind": kind, "issuer": issuer, "number": number, "date": day, "subject": {"it": "Prova", "en": "Trial"}}
    rest = {"order": 1000, "zone": zone, "grade": "VERIFIED", "content_read": "full"}
    return Act.objects.get_or_create(code=code, defaults=said | rest | entered)[0]


def local_parameter(zone):
    said = {"name": "tis.max_months", "zone": zone, "starts": LONG_AGO}
    rest = {"value": "12", "act": act("77"), "recorded_at": timezone.now()}
    return LocalParameter.objects.standing().get_or_create(**said, defaults=rest)[0]


def residents(zone, number, on=LONG_AGO):
    """The zone's residents on a day, all in one municipality of its own."""
    return Population.objects.create(municipality=municipality(zone), date=on, residents=number, source="prova")


def staffing_return(zone, year=None, state="draft"):
    now = timezone.now()
    times = {"draft": {}, "sent": {"sent_at": now}, "finalised": {"sent_at": now, "finalised_at": now}}[state]
    return StaffingReturn.objects.get_or_create(
        zone=zone, year=year or timezone.localdate().year, defaults={"state": state, "begun_at": now} | times
    )[0]


def staff_figure(zone, *, year, fte, residents=50_000, headcount=10, status="final", state="finalised"):
    row = staffing_return(zone, year + 1 if status == "final" else year, state)
    return StaffFigure.objects.create(
        staffing_return=row, zone=zone, year=year, status=status, residents=residents, residents_on=dt.date(year, 1, 1),
        residents_source="prova", permanent_fte=Decimal(fte), headcount=headcount, recorded_at=timezone.now(),
    )  # fmt: skip


def worker(zone, *, profession="social_worker", code="", name="", by=None):
    return workers.enter(zone=zone, profession=profession, code=code, name=name, by=by, now=timezone.now())


def contract(of, *, hours="36", starts=LONG_AGO, ends=None, by=None, **more):
    """A permanent one with the zone body, unless said otherwise."""
    said = {"employer": "zone_body", "kind": "permanent"} | more
    terms = contracts.Terms(weekly_hours=Decimal(hours), starts=starts, ends=ends, **said)
    return contracts.record(worker=of, terms=terms, by=by, now=timezone.now())


def absence_of(zone):
    """Somebody at work in the zone, with a contract, who was ill."""
    there = Absence.objects.filter(zone=zone).order_by("id").first()
    if there:
        return there
    row = worker(zone)
    contract(row)
    return Absence.objects.create(
        worker=row, zone=zone, kind="illness", starts=dt.date(2025, 3, 1), ends=dt.date(2025, 3, 9),
        recorded_at=timezone.now(),
    )  # fmt: skip


def scenario(zone, *, name="Scenario di prova", hires=(), by=None, **more):
    """A saved one, of a zone with somebody under contract and residents; `hires` are (units, year, month)."""
    there = scenarios.Scenario.objects.standing().filter(zone=zone, name=name).first()
    if there and not (hires or more):
        return there
    today = timezone.localdate()
    if not Population.objects.of_zone(zone).exists():
        residents(zone, 50_000)
    if not workforce.has_contracts(zone):
        contract(worker(zone))
    plan = scenarios.Plan(hires=tuple(Movement(units=Decimal(u), year=y, month=m) for u, y, m in hires), **more)
    return scenarios.save(zone=zone, name=name, plan=plan, by=by, now=timezone.now(), today=today)


def supervision_plan(zone, *, year=None, kind="A1", hours="40", by=None):
    said = {"zone": zone, "year": year or timezone.localdate().year, "kind": kind}
    there = supervision_plans.SupervisionPlan.objects.held().filter(**said).first()
    terms = supervision_plans.PlanTerms(hours=Decimal(hours), act="POA di prova")
    return there or supervision_plans.write(**said, terms=terms, by=by, now=timezone.now())


def supervision_session(zone, *, day=None, kind="A1", hours="2", present=(), missing=(), by=None, **more):
    """Held today, by an external social worker, with somebody of the zone who was there."""
    said = {"kind": kind, "day": day or timezone.localdate(), "hours": Decimal(hours), "external": True}
    said |= {"supervisor": "Supervisore di prova", "supervisor_profession": "social_worker"}
    terms = supervision.SessionTerms(**(said | more), present=present or (worker(zone),), missing=missing)
    return supervision.record(zone=zone, terms=terms, by=by, now=timezone.now(), today=timezone.localdate())


def decree_sum(zone, *, year, kind="booked", amount="200000", fte=None, decree="Decreto di prova"):
    said = {"zone": zone, "year": year, "kind": kind, "decree": decree}
    rest = {"amount": Decimal(amount), "fte": fte and Decimal(fte), "recorded_at": timezone.now()}
    return DecreeSum.objects.standing().get_or_create(**said, defaults=rest)[0]


def meeting(case, *, by):
    """A meeting of today in a sitting of the zone's team, with attendance, a decision for the writer, and minutes."""
    there = case.meetings.first()
    if there:
        return there
    now, today = timezone.now(), timezone.localdate()
    sitting = meetings.convene(zone=case.zone, day=today, begins=None, place="sala di prova", by=by, now=now)
    row = meetings.put_on_agenda(sitting=sitting, case=case, by=by, now=now)
    return meetings.hold(
        meeting=row,
        attendees=[{"user": by.user, "kind": by.kind, "organisation": by.role.organisation}],
        decisions=[{"party": "colleague", "user": by.user, "text": "Decisione di prova", "due": today}],
        text="VERBALE DI PROVA",
        others="",
        by=by,
        now=now,
    )


def record_batch(zone, *, by):
    """A spreadsheet of two rows, read: one is broken, the other may be somebody the zone knows, if there is anybody."""
    found = RecordBatch.objects.filter(zone=zone).first()
    if found:
        return found
    batch = RecordBatch.objects.create(
        zone=zone, file_name="archivio.csv", sha256="0" * 64, columns=["Cognome", "Nome"], rows=2, checked=2,
        mapping={"family_name": 0, "given_name": 1}, state="ready", compared_by="plain", created_at=timezone.now(),
        created_by=by.user,
    )  # fmt: skip
    data = {
        "family_name": "Prova", "given_name": "Dario", "fiscal_code": "", "birth_date": None, "birth_place": "",
        "sex": "", "municipality": None, "phone": "", "email": "", "reference": "", "area": "", "manager": None,
        "opened_on": None, "plan_on": None,
    }  # fmt: skip
    own = {"batch": batch, "zone": zone}
    row = RecordRow.objects.create(**own, line=2, cells=["Prova", "Dario"], data=data, state="sound")
    errors = [["family_name", "Manca il valore.", "Scrivi il cognome."]]
    RecordRow.objects.create(**own, line=3, cells=["", "Ida"], data=data, errors=errors, state="broken")
    person = Person.objects.filter(zone=zone).order_by("pk").first()
    if person:
        RecordPair.objects.create(**own, row=row, subject_id=person.subject_id, score=0.93, why="likeness")
    return batch


def second_file(zone, *, by):
    """Another file of whoever is called like the first person of the zone."""
    first = Person.objects.filter(zone=zone).order_by("pk").first()
    found = Person.objects.filter(zone=zone, name_key=first.name_key).exclude(pk=first.pk).order_by("pk").first()
    return found or people.register(
        zone_id=zone.pk, given_name=first.given_name, family_name=first.family_name, by=by, now=timezone.now()
    )
