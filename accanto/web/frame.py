"""What stands around every page: who one is, in which role, and the words of the menu that work for it."""

from dataclasses import dataclass, field

from django.db import DatabaseError
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accanto.access.device import reader_mark
from accanto.access.installation import is_marked
from accanto.access.role import Kind

WORKERS = {Kind.SOCIAL_WORKER, Kind.CASE_MANAGER, Kind.EMPLOYMENT_OPERATOR}
# who writes the plan of a traineeship and leads it
STARTERS = (Kind.SOCIAL_WORKER, Kind.CASE_MANAGER)
TUTORS = {Kind.THIRD_SECTOR_TUTOR, Kind.HOST_TUTOR}
KEEPERS = {Kind.ADMINISTRATOR, Kind.DATA_PROTECTION_OFFICER}
PLANNERS = {Kind.ZONE_PLANNER, Kind.REGIONAL_OFFICER}
OUTSIDE = {Kind.HEALTH_WORKER, Kind.INSPECTOR}

# label, url name, icon, the kinds it works for (None: everybody)
MENU = [
    (_("La mia giornata"), "my_day", "it-calendar", {*WORKERS, *TUTORS, *PLANNERS, *KEEPERS, *OUTSIDE}),
    (_("Persone"), "people", "it-user", {*WORKERS, Kind.HEALTH_WORKER}),
    (_("Riunioni"), "sittings", "it-comment", WORKERS),
    (_("Che cosa devo fare"), "my_day", "it-calendar", {Kind.PERSON}),
    (_("Segnalazioni"), "referrals", "it-mail", {Kind.SOCIAL_WORKER, Kind.CASE_MANAGER}),
    (_("Segnalazioni"), "sent_referrals", "it-mail", {Kind.REFERRER}),
    (_("Il mio fascicolo"), "own_file", "it-folder", {Kind.PERSON}),
    (_("Chi mi ha invitato"), "invited", "it-user", {Kind.ADVOCATE}),
    (_("Registro"), "week", "it-pencil", TUTORS),
    (_("Tirocini"), "traineeships", "it-tool", {*WORKERS, *TUTORS, Kind.PERSON}),
    (
        _("Opportunità"),
        "directory",
        "it-map-marker",
        {*WORKERS, *PLANNERS, Kind.THIRD_SECTOR_TUTOR, Kind.HEALTH_WORKER},
    ),
    (_("Cruscotto"), "dashboard", "it-chart-line", PLANNERS | {Kind.SOCIAL_WORKER, Kind.CASE_MANAGER}),
    (_("Controlli"), "controls", "it-search", {Kind.ZONE_PLANNER}),
    (_("Ispezioni"), "inspections", "it-search", {Kind.INSPECTOR}),
    (_("Piano"), "plan", "it-presentation", PLANNERS),
    (_("Norme"), "norms", "it-bookmark", PLANNERS | WORKERS | TUTORS | {Kind.PERSON, Kind.REFERRER, Kind.INSPECTOR}),
    (_("Utenti"), "users", "it-user", {Kind.ADMINISTRATOR}),
    (_("Organizzazioni"), "organisations", "it-pa", {Kind.ADMINISTRATOR}),
    (_("Chi vede che cosa"), "who_sees", "it-unlocked", {Kind.DATA_PROTECTION_OFFICER}),
    (_("Chi ha guardato"), "log", "it-locked", {Kind.DATA_PROTECTION_OFFICER}),
]


@dataclass
class Frame:
    user_name: str = ""
    role_label: str = ""
    organisation: str = ""
    roles: list = field(default_factory=list)
    menu: list = field(default_factory=list)
    can_search: bool = False
    synthetic: bool = False
    language: str = "it"
    reader: str = ""  # of the user in the role, for what the device keeps (access/device.py)
    carries: bool = False  # the register where there is no network


def data_are_synthetic():
    """Whether every page must say so. The page that says the database does not answer is drawn too."""
    try:
        return is_marked()
    except DatabaseError:
        return False


def frame(request):
    """Context processor: `frame`, empty for who has not signed in."""
    shown = Frame(language=get_language() or "it", synthetic=data_are_synthetic())
    acting = getattr(request, "acting", None)
    if acting is None:
        user = getattr(request, "user", None)
        if user and user.is_authenticated:
            shown.user_name, shown.reader = str(user), reader_mark(user, None)
        return {"frame": shown, "acting": None}
    here = request.resolver_match.url_name if request.resolver_match else ""
    if acting.kind == Kind.PERSON and here == "person":
        here = "own_file"  # which leads there
    shown.user_name = str(request.user)
    shown.reader = reader_mark(request.user, acting.role)
    shown.role_label = acting.role.get_kind_display()
    shown.organisation = str(acting.role.organisation or acting.role.zone or "")
    shown.roles = [{"id": r.pk, "label": r.label, "current": r.pk == acting.role.pk} for r in request.roles]
    shown.menu = [
        (label, reverse(name), icon, name == here)
        for label, name, icon, kinds in MENU
        if kinds is None or acting.kind in kinds
    ]
    shown.carries = acting.kind in TUTORS
    shown.can_search = acting.kind in WORKERS
    return {"frame": shown, "acting": acting}
