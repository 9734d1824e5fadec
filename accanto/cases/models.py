from accanto.cases.area import CaseArea
from accanto.cases.assessment import Assessment, AssessmentDomain
from accanto.cases.benefit import BenefitFact, BenefitSituation
from accanto.cases.case import Case
from accanto.cases.case_team import CaseMember
from accanto.cases.diary import DiaryEntry, NoteReader, ReservedNote, SecretDisclosure
from accanto.cases.employability import EmployabilityProfile
from accanto.cases.follow_up import CaseFollowUp
from accanto.cases.health import HealthFact
from accanto.cases.justice import JusticeMeasure
from accanto.cases.limits import Accommodation, FunctionalLimit
from accanto.cases.measure import Measure, MeasureStep
from accanto.cases.meeting import Meeting, MeetingAttendee, MeetingDecision, MeetingMinutes, Sitting
from accanto.cases.participation import Participation
from accanto.cases.participation_outcome import ParticipationOutcome
from accanto.cases.personal_plan import PersonalPlan, PlanAction, PlanGoal, PlanSignature, PlanSupport
from accanto.cases.plan_evidence import PlanEvidence
from accanto.cases.received_referral import ReceivedReferral, ReferralTriage
from accanto.cases.referral import Referral, ReferralOrigin
from accanto.cases.referral_wait import ReferralWait
from accanto.cases.transfer import CaseTransfer
from accanto.cases.zone_team import ZoneTeam, ZoneTeamMember, ZoneTeamSeat

__all__ = [
    "Accommodation",
    "Assessment",
    "AssessmentDomain",
    "BenefitFact",
    "BenefitSituation",
    "Case",
    "CaseArea",
    "CaseFollowUp",
    "CaseMember",
    "CaseTransfer",
    "DiaryEntry",
    "EmployabilityProfile",
    "FunctionalLimit",
    "HealthFact",
    "JusticeMeasure",
    "Measure",
    "MeasureStep",
    "Meeting",
    "MeetingAttendee",
    "MeetingDecision",
    "MeetingMinutes",
    "NoteReader",
    "Participation",
    "ParticipationOutcome",
    "PersonalPlan",
    "PlanAction",
    "PlanEvidence",
    "PlanGoal",
    "PlanSignature",
    "PlanSupport",
    "ReceivedReferral",
    "Referral",
    "ReferralOrigin",
    "ReferralTriage",
    "ReferralWait",
    "ReservedNote",
    "SecretDisclosure",
    "Sitting",
    "ZoneTeam",
    "ZoneTeamMember",
    "ZoneTeamSeat",
]
