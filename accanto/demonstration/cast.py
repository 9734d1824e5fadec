"""Who can sign in to try the system: one for each kind of role, with a password of their own."""

from dataclasses import dataclass, field

from django.contrib.auth.hashers import make_password

from accanto.access.role import Kind
from accanto.access.user import new_password
from accanto.demonstration import bodies

ZONE, OTHER_ZONE = "empolese-valdarno-valdelsa", "versilia"
PERSON = "persona.in.carico"
# kind -> username and name; the person is named after whose file it is
CAST = {
    "social_worker": ("assistente.sociale", "Ilaria Fontelli"),
    "case_manager": ("responsabile.caso", "Marco Baldacchini"),
    "employment_operator": ("centro.impiego", "Serena Cappucci"),
    "tutor": ("tutor.terzo.settore", "Davide Nardanti"),
    "host_tutor": ("tutor.aziendale", "Piera Melloni"),
    "health_worker": ("operatore.sanitario", "Giulia Ferrandi"),
    "referrer": ("segnalante", "Omar Bettarini"),
    "advocate": ("persona.di.fiducia", "Lucia Pierantozzi"),
    "planner": ("programmatore.zona", "Claudio Vannatti"),
    "inspector": ("ispettore", "Franco Bellandi"),
    "officer": ("funzionario.regionale", "Beatrice Salvoni"),
    "data_protection": ("protezione.dati", "Renato Gorelli"),
    "administrator": ("amministratore", "Paola Travini"),
    "person": (PERSON, ""),
    "elsewhere": ("assistente.altra.zona", "Nicola Tassoni"),
}


@dataclass
class Cast:
    workers: dict = field(default_factory=dict)
    entries: list = field(default_factory=list)
    taken: dict = field(default_factory=dict)  # what place() of each zone finds already there
    person_name: str = ""
    protected: int | None = None  # the subject whose contacts are sealed
    zone_id: int | None = None

    def name_the_person(self, name):
        self.person_name = name
        for entry in self.entries:
            if entry["username"] == PERSON:
                entry["name"] = name


def engage(staff, region, *, passwords=True):
    """Write the users who sign in, with their roles. Without passwords nobody can (benches and tests)."""
    zone, other = (next(z for z in region.zones if z.code == code) for code in (ZONE, OTHER_ZONE))
    authority, elsewhere = region.authorities[zone.pk].pk, region.authorities[other.pk].pk
    coop = staff.bodies.add("third_sector_body", "Cooperativa sociale Il Filo, Empolese", None, "dato sintetico")
    host = staff.bodies.add("host", "Vivaio La Ginestra", None, "dato sintetico")
    regional = region.regional.pk
    health = bodies.health_authority_of(zone).pk
    where = {
        "social_worker": [(Kind.SOCIAL_WORKER, authority, zone.pk)],
        # two roles, to try the change from one to the other
        "case_manager": [(Kind.CASE_MANAGER, authority, zone.pk), (Kind.ZONE_PLANNER, authority, zone.pk)],
        "employment_operator": [(Kind.EMPLOYMENT_OPERATOR, region.centres[zone.pk].pk, zone.pk)],
        "tutor": [(Kind.THIRD_SECTOR_TUTOR, coop, None)],
        "host_tutor": [(Kind.HOST_TUTOR, host, None)],
        "health_worker": [(Kind.HEALTH_WORKER, health, None)],
        "referrer": [(Kind.REFERRER, coop, None)],
        "advocate": [(Kind.ADVOCATE, None, None)],
        "planner": [(Kind.ZONE_PLANNER, authority, zone.pk)],
        "inspector": [(Kind.INSPECTOR, regional, None)],
        "officer": [(Kind.REGIONAL_OFFICER, regional, None)],
        "data_protection": [(Kind.DATA_PROTECTION_OFFICER, regional, None)],
        "administrator": [(Kind.ADMINISTRATOR, regional, None)],
        "person": [(Kind.PERSON, None, None)],
        "elsewhere": [(Kind.SOCIAL_WORKER, elsewhere, other.pk)],
    }
    cast = Cast()
    for part, (username, name) in CAST.items():
        password = new_password()
        written = {"password": make_password(password)} if passwords else {}
        (kind, organisation, zone_id), *more = where[part]
        worker = staff.worker(
            username=username, name=name, kind=kind, organisation=organisation, zone=zone_id, **written
        )
        for kind_too, organisation, zone_id in more:
            staff.role(worker.user_id, kind_too, organisation=organisation, zone=zone_id)
        cast.workers[part] = worker
        kinds = [Kind(k) for k, _organisation, _zone in where[part]]
        at = place(part, zone, other)
        cast.entries.append(
            {
                "username": username,
                "password": password,
                "name": name,
                "role": ", ".join(str(kind.label) for kind in kinds) + at,  # for the console
                "kinds": [kind.value for kind in kinds],  # for the page, in the reader's language
                "place": at,
            }
        )
    cast.zone_id = zone.pk
    cast.taken = {
        zone.pk: {
            "worker": [cast.workers["social_worker"], cast.workers["case_manager"]],
            "tutor": [cast.workers["tutor"]],
            "host_tutor": cast.workers["host_tutor"],
            "coop": coop,
            "host_body": host,
        },
        other.pk: {"worker": [cast.workers["elsewhere"]]},
    }
    return cast


def place(part, zone, other):
    if part == "elsewhere":
        return f" ({other})"
    return f" ({zone})" if part in ("social_worker", "case_manager", "employment_operator", "planner") else ""
