from accanto.staffing.absence import Absence
from accanto.staffing.contract import Contract
from accanto.staffing.decree_sum import DecreeSum
from accanto.staffing.return_row import ReturnRow
from accanto.staffing.scenario import Scenario, ScenarioChoice
from accanto.staffing.series import RegionalFigure, Universe
from accanto.staffing.staff_figure import StaffFigure
from accanto.staffing.staffing_return import StaffingReturn
from accanto.staffing.supervision import SupervisionAttendance, SupervisionSession
from accanto.staffing.supervision_plan import SupervisionPlan
from accanto.staffing.worker import Worker

__all__ = [
    "Absence",
    "Contract",
    "DecreeSum",
    "RegionalFigure",
    "ReturnRow",
    "Scenario",
    "ScenarioChoice",
    "StaffFigure",
    "StaffingReturn",
    "SupervisionAttendance",
    "SupervisionPlan",
    "SupervisionSession",
    "Universe",
    "Worker",
]
