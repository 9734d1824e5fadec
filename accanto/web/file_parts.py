"""What the file of a person reads in one statement, beside what is due around them."""

from accanto.access.gathering import Gathering, Part
from accanto.access.role import Degree
from accanto.cases.area import CaseArea
from accanto.cases.assessment import Assessment, AssessmentDomain
from accanto.cases.benefit import BenefitFact
from accanto.cases.diary import DiaryEntry, ReservedNote
from accanto.cases.employability import EmployabilityProfile
from accanto.cases.health import HealthFact
from accanto.cases.limits import FunctionalLimit
from accanto.cases.measure import Measure
from accanto.cases.meeting import Meeting
from accanto.cases.personal_plan import PlanAction, PlanGoal, PlanSupport
from accanto.cases.referral import Referral
from accanto.cases.transfer import CaseTransfer
from accanto.documents.document import Document
from accanto.exchange.record_batch import RecordOrigin
from accanto.people.advocacy import Invitation
from accanto.people.enquiry import Enquiry
from accanto.people.link import Link
from accanto.people.privacy_notice import PrivacyNotice
from accanto.traineeships.place_search import PlaceSearch
from accanto.web.agenda import DUES

ROW = ("subject", "zone")  # of what is only counted, no more is read

FILE = Gathering(
    **DUES
    | {"benefit_facts": Part(Degree.BENEFITS, BenefitFact.objects.standing().with_bearing().order_by("day", "id"))},
    referrals=Part(Degree.CASE, Referral.objects.order_by("-received_on", "-id"), most=1),
    areas=Part(Degree.AREA, CaseArea.objects.order_by("id")),
    assessment_versions=Part(Degree.ASSESSMENT, Assessment.objects.only(*ROW, "case").order_by("id")),
    domains=Part(Degree.EMPLOYABILITY, AssessmentDomain.objects.standing().order_by("assessment_id", "id")),
    profiles=Part(
        Degree.EMPLOYABILITY,
        EmployabilityProfile.objects.standing().only(*ROW, "case", "readiness").order_by("-recorded_at", "-id"),
    ),
    goals=Part(Degree.PLAN, PlanGoal.objects.filter(plan__superseded_at=None).order_by("id")),
    supports=Part(Degree.PLAN, PlanSupport.objects.filter(plan__superseded_at=None).order_by("id")),
    actions=Part(Degree.PLAN, PlanAction.objects.filter(plan__superseded_at=None).order_by("id")),
    diary=Part(Degree.DIARY, DiaryEntry.objects.standing().only(*ROW, "day").newest_first(), most=100),
    reserved_notes=Part(Degree.DIARY, ReservedNote.objects.standing().only(*ROW).order_by("id")),
    # each has a degree of its own, of which PostgreSQL decides
    documents=Part(Degree.CONTACT, Document.objects.standing().only(*ROW).order_by("id")),
    health_facts=Part(Degree.HEALTH, HealthFact.objects.standing().only(*ROW).order_by("id")),
    limits=Part(Degree.LIMITS, FunctionalLimit.objects.standing().only(*ROW).order_by("id")),
    measures=Part(Degree.EMPLOYABILITY, Measure.objects.standing().only(*ROW, "kind").order_by("-starts", "-id")),
    meetings=Part(Degree.CASE, Meeting.objects.standing().order_by("-day", "-id"), most=20),
    notices=Part(Degree.CASE, PrivacyNotice.objects.standing().only(*ROW, "topic").order_by("id")),
    links=Part(Degree.REGISTRY, Link.objects.live().order_by("id")),
    enquiries=Part(Degree.REGISTRY, Enquiry.objects.order_by("-id")),
    origins=Part(Degree.REGISTRY, RecordOrigin.objects.order_by("id"), most=1),
    place_searches=Part(Degree.LIMITS, PlaceSearch.objects.standing().only(*ROW, "case", "recorded_at").order_by("id")),
    invitations=Part(Degree.REPRESENTATION, Invitation.objects.order_by("starts", "id")),
    transfers=Part(
        Degree.AREA,
        CaseTransfer.objects.sent().exclude(outcome=CaseTransfer.Outcome.WITHDRAWN).order_by("-proposed_at", "-id"),
    ),
)
