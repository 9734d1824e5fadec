from accanto.plan.act import Act, ActLink
from accanto.plan.advance import Advance
from accanto.plan.allocation import Allocation
from accanto.plan.allocation_parts import (
    AllocationBase,
    AllocationCriterion,
    AllocationQuota,
    AllocationReserve,
)
from accanto.plan.body import Body
from accanto.plan.call import Call
from accanto.plan.cumulative_figure import CumulativeFigure
from accanto.plan.esf_declaration import EsfDeclaration
from accanto.plan.extract import Extract
from accanto.plan.fund import FundAmount, FundLine
from accanto.plan.localisation import Localisation
from accanto.plan.movement import Movement
from accanto.plan.operation import Operation
from accanto.plan.parameter import LocalParameter
from accanto.plan.pnrr_project import PnrrProject
from accanto.plan.submission import Submission, SubmissionFile
from accanto.plan.target import Target

__all__ = [
    "Act",
    "ActLink",
    "Advance",
    "Allocation",
    "AllocationBase",
    "AllocationCriterion",
    "AllocationQuota",
    "AllocationReserve",
    "Body",
    "Call",
    "CumulativeFigure",
    "EsfDeclaration",
    "Extract",
    "FundAmount",
    "FundLine",
    "LocalParameter",
    "Localisation",
    "Movement",
    "Operation",
    "PnrrProject",
    "Submission",
    "SubmissionFile",
    "Target",
]
