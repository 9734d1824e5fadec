from accanto.traineeships.agreement import Agreement
from accanto.traineeships.allowance import AllowanceTerms, MonthAllowance
from accanto.traineeships.anomaly import Anomaly, AnomalyStep
from accanto.traineeships.attendance import AttendanceDay
from accanto.traineeships.attestation import Attestation, AttestationPaper
from accanto.traineeships.control_search import ControlSearch
from accanto.traineeships.directory_entry import DirectoryEntry
from accanto.traineeships.evaluation import Evaluation, EvaluationAnswer, GoalJudgement
from accanto.traineeships.expenditure_statement import ExpenditureStatement
from accanto.traineeships.extension import Extension
from accanto.traineeships.host import Host
from accanto.traineeships.host_closure import HostClosure
from accanto.traineeships.host_inspection import HostInspection, InspectionCheck
from accanto.traineeships.host_tutor import HostTutor
from accanto.traineeships.mandatory_notice import MandatoryNotice
from accanto.traineeships.matching_round import MatchingProposal, MatchingRound
from accanto.traineeships.monthly_close import MonthlyClose
from accanto.traineeships.offer_link import OfferLink
from accanto.traineeships.outcome import TraineeshipOutcome
from accanto.traineeships.passage import Passage, PassageReason
from accanto.traineeships.payee import Payee
from accanto.traineeships.payment import PaymentLine, PaymentList
from accanto.traineeships.place import Place
from accanto.traineeships.place_search import PlaceSearch
from accanto.traineeships.register_signature import RegisterSignature
from accanto.traineeships.safety_duty import SafetyDuty
from accanto.traineeships.seat import Seat
from accanto.traineeships.signing import Signing
from accanto.traineeships.skill import Skill
from accanto.traineeships.staff_count import StaffCount
from accanto.traineeships.timetable import Timetable
from accanto.traineeships.traineeship import Traineeship
from accanto.traineeships.traineeship_plan import Condition, TraineeshipPlan
from accanto.traineeships.visit import Visit, VisitNote, VisitTask

__all__ = [
    "Agreement",
    "AllowanceTerms",
    "Anomaly",
    "AnomalyStep",
    "AttendanceDay",
    "Attestation",
    "AttestationPaper",
    "Condition",
    "ControlSearch",
    "DirectoryEntry",
    "Evaluation",
    "EvaluationAnswer",
    "ExpenditureStatement",
    "Extension",
    "GoalJudgement",
    "Host",
    "HostClosure",
    "HostInspection",
    "HostTutor",
    "InspectionCheck",
    "MandatoryNotice",
    "MatchingProposal",
    "MatchingRound",
    "MonthAllowance",
    "MonthlyClose",
    "OfferLink",
    "Passage",
    "PassageReason",
    "Payee",
    "PaymentLine",
    "PaymentList",
    "Place",
    "PlaceSearch",
    "RegisterSignature",
    "SafetyDuty",
    "Seat",
    "Signing",
    "Skill",
    "StaffCount",
    "Timetable",
    "Traineeship",
    "TraineeshipOutcome",
    "TraineeshipPlan",
    "Visit",
    "VisitNote",
    "VisitTask",
]
