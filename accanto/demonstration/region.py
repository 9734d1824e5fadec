"""The region on which lives are set: how many in each zone, operations; workers, tutors, hosts as lives need them."""

import random
from decimal import Decimal
from functools import cached_property

from accanto.access.organisation import Organisation
from accanto.access.role import Kind, Role
from accanto.access.user import User
from accanto.demonstration import bodies, names, words
from accanto.demonstration.life import days
from accanto.demonstration.place import FULL, Host, Operation, Place, Worker, shares
from accanto.demonstration.sheets import array
from accanto.norms.days import add_months, last_day
from accanto.plan.fund import FundLine
from accanto.plan.operation import Operation as OperationRow
from accanto.territory.population import Population
from accanto.territory.zone import Zone
from accanto.traineeships.agreement import AGREEMENT_PARTIES, Agreement
from accanto.traineeships.host import Host as HostRow

CALL = "fse_2024_3h1"
ACTIVITY = "3.h.1"
NO_PASSWORD = "!dato sintetico: nessuno entra con questo accesso"
SINCE = 1500  # days since the roles began
RATES = ("3.50", "3.75", "4.00", "4.25", "4.50", "5.00")


class Region:
    """Zones, people of each, operations. Read once, the same for every process of a loading."""

    def __init__(self, *, seed, today, people):
        self.seed, self.today = seed, today
        self.zones = list(Zone.objects.order_by("pk"))
        day = Population.objects.latest_date(today)
        residents = Population.objects.on(day)
        # in proportion to residents, a little more or less: no two zones take charge of as many
        lean = {zone.pk: random.Random(f"{seed}/zone/{zone.code}").uniform(0.8, 1.2) for zone in self.zones}
        self.people_of = shares(people, {pk: number * lean[pk] for pk, number in residents.by_zone().items()})
        self.towns, self.town_names = {zone.pk: ([], []) for zone in self.zones}, {}
        for zone, town, name, number in residents.order_by("municipality_id").values_list(
            "municipality__zone", "municipality_id", "municipality__name", "residents"
        ):
            self.town_names[town] = name
            codes, totals = self.towns[zone]
            codes.append(town)
            totals.append((totals[-1] if totals else 0) + number)
        self.regional, self.authorities, self.centres = bodies.of_the_pack(self.zones)
        self.operations = {zone.pk: self.operation(zone) for zone in self.zones}

    @cached_property
    def line(self):
        return FundLine.objects.filter(counts_for_targets=True).order_by("order").first()

    def operation(self, zone):
        """One a zone, on the line whose participants the plan's targets count. The year 00 and the letter Z of its CUP
        are of no real project."""
        starts = add_months(self.today.replace(day=1), -23)
        rng = random.Random(f"{self.seed}/operation/{zone.code}")
        row, _new = OperationRow.objects.update_or_create(
            cup=f"Z00Z{zone.pk:011}",
            defaults={
                "title": f"Accompagnamento al lavoro, zona {zone} (dato sintetico)",
                "fund_line": self.line,
                "call_code": CALL,
                "specific_objective": OperationRow.Objective.INCLUSION,
                "activity": ACTIVITY,
                "zone": zone,
                "starts": starts,
                "ends": last_day(starts, 36),
                "allowance_mode": OperationRow.AllowanceMode.HOURLY,
                "hourly_rate": Decimal(rng.choice(RATES)),
                "monthly_hours_max": Decimal(rng.choice((100, 110, 120, 130))),
                "synthetic": True,
            },
        )
        return Operation(row.pk, row.cup, row.starts, row.ends, row.hourly_rate, row.monthly_hours_max)


class Staff:
    """Users, bodies and hosts of a zone, written when a life first meets them."""

    def __init__(self, region, book):
        self.region, self.today = region, region.today
        self.named = {}
        sheet = book.sheet
        self.users = sheet(User, "username", "name", "password")
        self.roles = sheet(Role, "user_id", "kind", "organisation_id", "zone_id", "starts")
        self.bodies = sheet(Organisation, "kind", "name", "zone_id", "source")
        self.hosts = sheet(
            HostRow, "organisation_id", "type", "municipality_id", "address", "permanent_staff", "contact_name"
        )
        self.agreements = sheet(
            Agreement,
            "promoter_id",
            "host_id",
            "body_in_charge_id",
            "reference",
            "signed_on",
            "signed_by",
            "valid_from",
        )

    def worker(self, *, username, name, kind, organisation=None, zone=None, password=NO_PASSWORD):
        user = self.users.add(username, name, password)
        return Worker(user, self.role(user, kind, organisation=organisation, zone=zone), name)

    def role(self, user, kind, *, organisation=None, zone=None):
        return self.roles.add(user, Kind(kind).value, organisation, zone, self.today - days(SINCE))

    def place(self, zone, *, taken=None):
        """A zone as lives know it. `taken` gives the first worker, tutor and host tutor who are already there: lists by
        «worker», «tutor», and one «host_tutor»."""
        taken, region, code = taken or {}, self.region, zone.code
        workers, tutors, hosts = list(taken.get("worker", ())), list(taken.get("tutor", ())), []
        towns, totals = region.towns[zone.pk]
        authority, centre = region.authorities[zone.pk].pk, region.centres[zone.pk].pk
        coop = []

        def draw(what, n):
            rng = random.Random(f"{region.seed}/{what}/{code}/{n}")
            sex = rng.choice("FFM")
            given, family, _born = names.draw(rng, sex=sex, from_abroad=False)
            return rng, f"{given} {family}"

        def worker_of(n):
            while len(workers) <= n:
                number = len(workers)
                _rng, name = draw("worker", number)
                workers.append(
                    self.worker(
                        username=f"servizio.{zone.pk}.{number + 1}", name=name, kind=Kind.SOCIAL_WORKER,
                        organisation=authority, zone=zone.pk,
                    )
                )  # fmt: skip
            return workers[n]

        def tutor_of(n):
            while len(tutors) <= n:
                number = len(tutors)
                _rng, name = draw("tutor", number)
                if not coop:
                    body = words.BODIES[zone.pk % len(words.BODIES)]
                    coop.append(
                        taken.get("coop")
                        or self.bodies.add(
                            "third_sector_body", f"Cooperativa sociale {body}, {zone}", None, bodies.SYNTHETIC
                        )
                    )
                tutors.append(
                    self.worker(
                        username=f"tutor.{zone.pk}.{number + 1}", name=name, kind=Kind.THIRD_SECTOR_TUTOR,
                        organisation=coop[0],
                    )
                )  # fmt: skip
            return tutors[n]

        def host_of(n):
            while len(hosts) <= n:
                number = len(hosts)
                rng, name = draw("host", number)
                kind, type_ = rng.choice(words.HOST_KINDS)
                body = taken.get("host_body") if not hosts else None
                town = towns[0] if body else rng.choice(towns)
                if not body:
                    called = bodies.host_name(
                        kind, type_, rng.choice(words.HOST_NAMES), name.split()[-1], known=self.named
                    )
                    body = self.bodies.add("host", called, None, bodies.SYNTHETIC)
                address = f"via {rng.choice(words.HOST_NAMES)} {rng.randrange(1, 90)}"
                n_host = self.hosts.add(body, type_, town, address, rng.randrange(3, 60), name)
                signed = self.today - days(1300 + rng.randrange(100))
                agreement = self.agreements.add(
                    authority, n_host, authority, f"Conv. {zone.pk}/{number + 1} (dato sintetico)", signed,
                    array(party.value for party in AGREEMENT_PARTIES), signed,
                )  # fmt: skip
                host_tutor = taken.get("host_tutor") if not hosts else None
                hosts.append(Host(n_host, body, type_, town, address, tutor=host_tutor, agreement_id=agreement))
            return hosts[n]

        people = region.people_of[zone.pk]
        full = FULL if taken or people > 12 * FULL else max(8, min(FULL, people // 4))
        worker_of(1)  # nobody works alone
        return Place(
            zone_id=zone.pk, code=code, name=zone.name, municipalities=towns, weights=totals, authority_id=authority,
            employment_centre_id=centre, operation=region.operations[zone.pk], worker_of=worker_of, tutor_of=tutor_of,
            host_of=host_of, full=full,
        )  # fmt: skip
