from accanto.access.draft import Draft
from accanto.access.installation import Installation
from accanto.access.log import Act, Reading
from accanto.access.organisation import Organisation
from accanto.access.relation import Relation
from accanto.access.reminder import DigestSent, Reminder
from accanto.access.role import Right, Role
from accanto.access.seal import Seal
from accanto.access.session import SealingKey, Session
from accanto.access.subject import Subject
from accanto.access.user import User

__all__ = [
    "Act",
    "DigestSent",
    "Draft",
    "Installation",
    "Organisation",
    "Reading",
    "Relation",
    "Reminder",
    "Right",
    "Role",
    "Seal",
    "SealingKey",
    "Session",
    "Subject",
    "User",
]
