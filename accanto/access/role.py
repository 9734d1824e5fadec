from dataclasses import dataclass

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accanto.access import log


class Kind(models.TextChoices):
    SOCIAL_WORKER = "social_worker", _("assistente sociale")
    CASE_MANAGER = "case_manager", _("responsabile del caso")
    EMPLOYMENT_OPERATOR = "employment_operator", _("operatore del centro per l'impiego")
    THIRD_SECTOR_TUTOR = "third_sector_tutor", _("tutor del Terzo settore")
    HOST_TUTOR = "host_tutor", _("tutor aziendale")
    HEALTH_WORKER = "health_worker", _("operatore sanitario")
    REFERRER = "referrer", _("segnalante")
    ADVOCATE = "advocate", _("persona di fiducia")
    INSPECTOR = "inspector", _("ispettore")
    ZONE_PLANNER = "zone_planner", _("programmatore di zona")
    REGIONAL_OFFICER = "regional_officer", _("funzionario regionale")
    DATA_PROTECTION_OFFICER = "data_protection_officer", _("responsabile della protezione dei dati")
    ADMINISTRATOR = "administrator", _("amministratore")
    PERSON = "person", _("persona in carico")


class Degree(models.TextChoices):
    """What a table holds, by how secret it is. A secret table has one degree; `RIGHTS` says who reads and writes it."""

    CONTACT = "contact", _("nome e recapiti")
    REGISTRY = "registry", _("dati anagrafici")
    REFERRAL = "referral", _("segnalazione inviata e suo esito")
    CASE = "case", _("presa in carico e segnalazione")
    AREA = "area", _("area (categoria particolare)")
    HEALTH = "health", _("salute e diagnosi")
    JUSTICE = "justice", _("provvedimenti giudiziari")
    PROTECTED = "protected", _("indirizzo protetto")
    LIMITS = "limits", _("limiti funzionali e vincoli di orario o di luogo")
    ACCOMMODATIONS = "accommodations", _("accomodamenti sul posto di lavoro")
    REPRESENTATION = "representation", _("chi rappresenta la persona")
    ASSESSMENT = "assessment", _("valutazione")
    EMPLOYABILITY = "employability", _("domini lavoro e formazione della valutazione")
    PLAN = "plan", _("progetto personalizzato")
    DIARY = "diary", _("diario")
    MEASURE = "measure", _("misure oltre al tirocinio")
    BENEFITS = "benefits", _("ADI, SFL e loro termini")
    PLACEMENT = "placement", _("tirocinio")
    TRAINEESHIP_PLAN = "traineeship_plan", _("progetto di tirocinio")
    REGISTER = "register", _("registro delle presenze")
    ALLOWANCE = "allowance", _("indennità")
    PAYMENT = "payment", _("pagamenti")
    PARTICIPATION = "participation", _("partecipazione a un'operazione")
    CONTROL = "control", _("controlli sul tirocinio")
    RELATION = "relation", _("chi può vedere e perché")
    READINGS = "readings", _("chi ha guardato")
    STAFFING = "staffing", _("personale della zona")
    WORKFORCE = "workforce", _("contratti e assenze di chi lavora nella zona")
    PROGRAMME = "programme", _("piano, fondi e importazioni")
    ACCESS = "access", _("utenti, ruoli e organizzazioni")


ABOUT_NOBODY = (Degree.STAFFING, Degree.PROGRAMME, Degree.ACCESS)
# The workers of a zone are people at work, not subjects of a file: who follows people reads nothing of their contracts
# and absences, which tell of health; nor does the Region, which reads the figures made from them.
ABOUT_SUBJECTS = [degree for degree in Degree if degree not in (*ABOUT_NOBODY, Degree.WORKFORCE)]
ABOUT_SOMEBODY = [*ABOUT_SUBJECTS, Degree.WORKFORCE]

# Who reads (r) and writes (w) which degree: the table of tests/test_permission_table.py (rulebook 5.4), where the
# reasons stand; some tables are narrowed further by policies of their own. The reach of a kind says whether it is by
# the zone it works in, by the relations it has, or over the whole region; nobody reaches degrees about somebody
# region-wide (a test asserts it).
ALL, READ = "rw", "r"
RIGHTS: dict[Kind, dict[Degree, str]] = {
    Kind.SOCIAL_WORKER: dict.fromkeys(ABOUT_SUBJECTS, ALL) | {Degree.READINGS: READ, Degree.HEALTH: READ},
    Kind.CASE_MANAGER: {degree: ALL for degree in ABOUT_SUBJECTS if degree != Degree.PROTECTED}
    | {Degree.READINGS: READ, Degree.HEALTH: READ, Degree.JUSTICE: READ, Degree.PAYMENT: READ},
    Kind.EMPLOYMENT_OPERATOR: {
        Degree.CONTACT: READ,
        Degree.REGISTRY: READ,
        Degree.CASE: READ,
        Degree.LIMITS: READ,
        Degree.EMPLOYABILITY: ALL,
        Degree.PLACEMENT: READ,
        Degree.TRAINEESHIP_PLAN: READ,
        Degree.REGISTER: READ,
        Degree.RELATION: READ,
    },
    Kind.THIRD_SECTOR_TUTOR: {
        Degree.CONTACT: READ,
        Degree.REGISTRY: READ,
        Degree.LIMITS: READ,
        Degree.PLACEMENT: READ,
        Degree.TRAINEESHIP_PLAN: READ,
        Degree.REGISTER: ALL,
        # where its body promotes and pays
        Degree.ALLOWANCE: READ,
        Degree.PAYMENT: READ,
        Degree.RELATION: READ,
    },
    Kind.HOST_TUTOR: {
        Degree.CONTACT: READ,
        Degree.ACCOMMODATIONS: READ,
        Degree.PLACEMENT: READ,
        Degree.REGISTER: ALL,
    },
    Kind.HEALTH_WORKER: {
        Degree.CONTACT: READ,
        Degree.REGISTRY: READ,
        Degree.CASE: READ,
        Degree.HEALTH: ALL,
        Degree.LIMITS: ALL,
        Degree.ACCOMMODATIONS: ALL,
        Degree.PROTECTED: READ,
        Degree.RELATION: READ,
    },
    Kind.REFERRER: {Degree.REFERRAL: READ},
    # at most: the relation holds what the person chose
    Kind.ADVOCATE: {Degree.CONTACT: READ, Degree.PLAN: READ, Degree.PLACEMENT: READ},
    # at the host of an inspection, for its days: the register and the papers, never why; payments through a function
    Kind.INSPECTOR: {
        Degree.CONTACT: READ,
        Degree.PLACEMENT: READ,
        Degree.REGISTER: READ,
        Degree.CONTROL: ALL,
    },
    Kind.PERSON: dict.fromkeys(ABOUT_SUBJECTS, READ),
    Kind.ZONE_PLANNER: {Degree.STAFFING: ALL, Degree.WORKFORCE: ALL, Degree.PROGRAMME: ALL},
    Kind.REGIONAL_OFFICER: {Degree.STAFFING: ALL, Degree.PROGRAMME: ALL},
    Kind.DATA_PROTECTION_OFFICER: {},
    Kind.ADMINISTRATOR: {Degree.ACCESS: ALL},
}
REACH: dict[Kind, str] = {
    Kind.SOCIAL_WORKER: "zone",
    Kind.CASE_MANAGER: "zone",
    Kind.EMPLOYMENT_OPERATOR: "zone",
    Kind.THIRD_SECTOR_TUTOR: "subject",
    Kind.HOST_TUTOR: "subject",
    Kind.HEALTH_WORKER: "subject",
    Kind.REFERRER: "subject",
    Kind.ADVOCATE: "subject",
    Kind.INSPECTOR: "subject",
    Kind.PERSON: "subject",
    Kind.ZONE_PLANNER: "zone",
    Kind.REGIONAL_OFFICER: "region",
    Kind.DATA_PROTECTION_OFFICER: "region",
    Kind.ADMINISTRATOR: "region",
}


class Right(models.Model):
    """`RIGHTS` and `REACH` as PostgreSQL reads them inside the policies. Written only by `write_rights`."""

    kind = models.CharField(max_length=30, choices=Kind.choices)
    degree = models.CharField(max_length=20, choices=Degree.choices)
    reach = models.CharField(max_length=10)
    writes = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "degree"], name="access_right_once"),
            models.CheckConstraint(
                condition=~Q(reach="region", degree__in=[degree.value for degree in ABOUT_SOMEBODY]),
                name="access_right_nobody_reads_people_region_wide",
            ),
        ]

    def __str__(self):
        return f"{self.kind} {self.degree}"


def write_rights(model=Right):
    """Make the table say what the two dicts say. Runs after every migration, as the owner."""
    model.objects.all().delete()
    model.objects.bulk_create(
        model(kind=kind.value, degree=degree.value, reach=REACH[kind], writes="w" in may)
        for kind, degrees in RIGHTS.items()
        for degree, may in degrees.items()
    )


class Roles(models.QuerySet):
    def on(self, day):
        return self.filter(Q(ends=None) | Q(ends__gte=day), starts__lte=day)

    def with_place(self):
        return self.select_related("organisation", "zone")


class Role(models.Model):
    """What a user does for an organisation, from a day to another. One acts in one role at a time."""

    user = models.ForeignKey("access.User", models.PROTECT, related_name="roles")
    kind = models.CharField(_("ruolo"), max_length=30, choices=Kind.choices)
    organisation = models.ForeignKey("access.Organisation", models.PROTECT, null=True, blank=True, related_name="roles")
    zone = models.ForeignKey("territory.Zone", models.PROTECT, null=True, blank=True, related_name="+")
    starts = models.DateField(_("dal"))
    ends = models.DateField(_("al"), null=True, blank=True)

    objects = Roles.as_manager()

    class Meta:
        verbose_name = _("ruolo")
        verbose_name_plural = _("ruoli")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(ends=None) | Q(ends__gte=models.F("starts")), name="access_role_dates"),
            models.CheckConstraint(
                condition=~Q(kind__in=[kind.value for kind, reach in REACH.items() if reach == "zone"])
                | Q(zone__isnull=False),
                name="access_role_zone_where_it_reaches_by_zone",
            ),
        ]

    def __str__(self):
        return self.get_kind_display()

    @property
    def label(self):
        """The kind and for whom, as the frame shows it: «assistente sociale, SdS Mugello»."""
        place = self.organisation or self.zone
        return f"{self.get_kind_display()}, {place}" if place else self.get_kind_display()


def give(*, user, kind, starts, by, now, organisation=None, zone=None, ends=None):
    """A role for a user from a day to another. PostgreSQL refuses it to who is not an administrator, and to
    administrators for themselves."""
    role = Role.objects.create(user=user, kind=kind, organisation=organisation, zone=zone, starts=starts, ends=ends)
    log.act("give", role, by=by, now=now, to=user.pk, kind=kind)
    return role


def end(*, role, on, by, now):
    """The last day of a role; the row stays. A role that has not begun ends on the day it would have begun."""
    role.ends = max(on, role.starts)
    role.save(update_fields=["ends"])
    log.act("end", role, by=by, now=now, on=role.ends)


@dataclass(frozen=True)
class Acting:
    """The user and the one role in which they act now; every act is given one as `by`."""

    user: object
    role: Role

    @property
    def kind(self):
        return Kind(self.role.kind)

    @property
    def zone_id(self):
        return self.role.zone_id

    @property
    def reads_by_zone(self):
        return REACH[self.kind] == "zone"

    def may(self, degree, *, write=False):
        """Whether this role has anything of that degree; which rows, PostgreSQL decides."""
        return ("w" if write else "r") in RIGHTS[self.kind].get(degree, "")
