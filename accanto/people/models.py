from accanto.people.advocacy import Invitation
from accanto.people.duplicate import Comparison
from accanto.people.enquiry import Enquiry
from accanto.people.household import CareDuty, Household, HouseholdMember
from accanto.people.link import Link
from accanto.people.person import Person
from accanto.people.privacy_notice import PrivacyNotice
from accanto.people.protected_address import ProtectedAddress
from accanto.people.registry import Registry
from accanto.people.representation import Dissent, Representation, RepresentationPower
from accanto.people.search_key import SearchKey

__all__ = [
    "CareDuty",
    "Comparison",
    "Dissent",
    "Enquiry",
    "Household",
    "HouseholdMember",
    "Invitation",
    "Link",
    "Person",
    "PrivacyNotice",
    "ProtectedAddress",
    "Registry",
    "Representation",
    "RepresentationPower",
    "SearchKey",
]
