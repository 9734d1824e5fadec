from accanto.plan.act import Act, ActLink
from accanto.plan.allocation import Allocation
from accanto.plan.allocation_parts import (
    AllocationBase,
    AllocationCriterion,
    AllocationQuota,
    AllocationReserve,
)
from accanto.plan.body import Body
from accanto.plan.call import Call
from accanto.plan.esf_declaration import EsfDeclaration
from accanto.plan.extract import Extract
from accanto.plan.fund import FundAmount, FundLine
from accanto.plan.localisation import Localisation
from accanto.plan.operation import Operation
from accanto.plan.parameter import LocalParameter
from accanto.plan.pnrr_project import PnrrProject
from accanto.plan.submission import Submission, SubmissionFile
from accanto.plan.target import Target

__all__ = [
    "Act",
    "ActLink",
    "Allocation",
    "AllocationBase",
    "AllocationCriterion",
    "AllocationQuota",
    "AllocationReserve",
    "Body",
    "Call",
    "EsfDeclaration",
    "Extract",
    "FundAmount",
    "FundLine",
    "LocalParameter",
    "Localisation",
    "Operation",
    "PnrrProject",
    "Submission",
    "SubmissionFile",
    "Target",
]
