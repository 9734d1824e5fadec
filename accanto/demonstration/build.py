"""Making the demonstration region: once, on an empty embedded database, as its owner."""

import datetime as dt
import random

from django.db import connection, transaction
from django.db.models import Value
from django.db.models.functions import Concat

from accanto.access import demonstration as sign_ins
from accanto.access.installation import Installation
from accanto.access.role import Acting, Kind, Role
from accanto.access.subject import Subject
from accanto.access.user import User
from accanto.demonstration import (
    cast,
    course,
    endings,
    history,
    inspections,
    matches,
    money,
    opportunities,
    papers,
    referrals,
    secrets,
    signatures,
)  # fmt: skip
from accanto.demonstration.chapters import Chapters
from accanto.demonstration.constraints import checked_at_the_end
from accanto.demonstration.life import at, days
from accanto.demonstration.region import Region, Staff
from accanto.demonstration.sheets import Book
from accanto.demonstration.sittings import Sittings
from accanto.indicators import release
from accanto.norms.days import add_months
from accanto.people.advocacy import REASON as invitation_reason
from accanto.people.person import Person
from accanto.people.protected_address import seal
from accanto.plan.demonstration import demonstration_allocations
from accanto.plan.demonstration_movements import demonstration_movements
from accanto.staffing.demonstration import demonstration_returns
from accanto.staffing.demonstration_contracts import demonstration_contracts
from accanto.staffing.demonstration_scenarios import demonstration_scenarios
from accanto.staffing.demonstration_supervision import demonstration_supervision
from accanto.territory.zone import Zone
from accanto.traineeships.host import Host
from accanto.traineeships.host_closure import close_host
from accanto.traineeships.traineeship import OPEN

FEWEST = 280  # people: under this the smallest zones would have nobody
# the first lives of the zone of the cast: the tutor's twelve trainees, then somebody who waits for an answer
SCRIPTS = ["running"] * 12 + ["waiting"] * 2
PROTECTED = 2  # whose contacts are sealed
WITH_CONTRACTS = ["firenze", "versilia", "valdarno"]  # besides the zone of the cast: who works there, by contract
WITH_A_SCENARIO = ["mugello", "elba", "pisana", "pratese", "senese", "lunigiana", "pistoiese"]  # besides those
MONTHS_RELEASED = 6  # public figures of the last months, each on the first day of the next


class NotEmpty(Exception):
    """There are people already: nothing was written."""


class Missing(Exception):
    """What must be loaded first; nothing was written."""


def fill(*, seed, people, today, now, passwords=True, days_back=None, releases=MONTHS_RELEASED):
    """Fill an empty database. Returns how many rows were copied and the first number of each table.

    The same seed, people and day write the same rows, passwords and the moment of the making apart. `days_back` is how
    far back the registers go, None for all. Raises NotEmpty and Missing, with nothing written."""
    if Subject.objects.exists():
        raise NotEmpty("ci sono già persone, non cambia nulla.")
    if not Zone.objects.exists():
        raise Missing("accanto init")
    people = max(people, FEWEST)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("set local statement_timeout = 0")
        region = Region(seed=seed, today=today, people=people)
        book = Book(cursor.cursor)
        staff, chapters = Staff(region, book), Chapters(book)
        with checked_at_the_end(cursor, book.sheets):
            company = cast.engage(staff, region, passwords=passwords)
            tell(region, staff, chapters, company, Sittings(book, chapters), days_back=days_back)
            chapters.number_the_looks()
            book.flush()
        User.objects.filter(username=cast.PERSON).update(name=company.person_name)
        own = [username for username, _name in cast.CAST.values()]
        User.objects.filter(username__in=own).update(email=Concat("username", Value("@example.org")))
        set_sequences(cursor, book)
        secrets.tell(company, company.zone_id, today=today)
        papers.tell(region.zones, today=today)
        signatures.tell(company.zone_id, today=today)
        if company.protected:
            protect(company.protected, company.workers["social_worker"], today=today)
        closed_at_christmas(Zone.objects.get(code=cast.ZONE), company.workers["social_worker"], today=today)
        demonstration_allocations(seed, now=at(today, 9))
        demonstration_movements(seed, today=today, now=at(today, 9), paid_by_lists=[cast.ZONE])
        money.pay(Zone.objects.get(code=cast.ZONE), acting_as(company.workers["social_worker"]), today=today)
        endings.tell(Zone.objects.get(code=cast.ZONE), acting_as(company.workers["social_worker"]), today=today)
        come_and_go(company, Zone.objects.get(code=cast.ZONE), today=today)
        Installation.objects.update_or_create(
            pk=1, defaults={"demonstration": True, "made_at": now, "seed": f"{seed}/{people}/{today}"[:40]}
        )
        opportunities.tell(region, company, today=today)
        matches.tell(company, today=today)
        course.tell(company, today=today)
        inspections.tell(company, today=today)
        demonstration_returns(seed)
        demonstration_contracts(seed, zones=[cast.ZONE, *WITH_CONTRACTS])
        demonstration_supervision(seed, zones=[cast.ZONE, *WITH_CONTRACTS], now=at(today, 9), today=today)
        demonstration_scenarios(
            seed, zones=[cast.ZONE, *WITH_CONTRACTS, *WITH_A_SCENARIO], now=at(today, 9), today=today
        )
        for month in range(releases, 0, -1):
            first = add_months(today.replace(day=1), -month)
            release.make(month=first, now=at(add_months(first, 1), 8))
    if passwords:
        sign_ins.keep(company.entries)
    return book.rows, {table: sheet.first for table, sheet in book.sheets.items()}


def tell(region, staff, chapters, company, sittings, *, days_back=None):
    """All the lives, zone by zone."""
    for zone in region.zones:
        taken = company.taken.get(zone.pk) if company else None
        place = staff.place(zone, taken=taken)
        scripts = SCRIPTS if taken and "tutor" in taken else []
        in_charge = []
        for n in range(region.people_of[zone.pk]):
            script = scripts[n] if n < len(scripts) else ""
            life = history.live(
                seed=region.seed, today=region.today, place=place, n=n, script=script, days_back=days_back
            )
            subject, _person, case = chapters.write(life, place)
            if scripts and n == 0:
                own_file(chapters, company.workers["person"], life, (subject, zone.pk), case)
                refused(chapters, company.workers["elsewhere"], subject, today=region.today)
                invited(chapters, company.workers["advocate"], life, (subject, zone.pk))
                company.name_the_person(f"{life.given_name} {life.family_name}")
            if scripts and n == PROTECTED:
                company.protected = subject
            read_lately(chapters, life, subject, today=region.today)
            if life.case and not life.case.closed_on:
                in_charge.append((life, subject, case))
        operator = staff_of_the_zone(staff, region, zone)
        sittings.of_zone(
            zone, in_charge, operator=company.workers["employment_operator"] if scripts else operator,
            authority=region.authorities[zone.pk].pk, centre=region.centres[zone.pk].pk, seed=region.seed,
            today=region.today,
        )  # fmt: skip


def acting_as(worker):
    return Acting(user=User.objects.get(pk=worker.user_id), role=Role.objects.get(pk=worker.role_id))


def closed_at_christmas(zone, worker, *, today):
    """Some hosts of the zone have said when they will be closed."""
    first = dt.date(today.year + (today > dt.date(today.year, 12, 20)), 12, 24)
    by = acting_as(worker)
    hosts = Host.objects.filter(traineeships__zone=zone, traineeships__state__in=OPEN)
    for host in hosts.distinct().order_by("pk")[:6]:
        close_host(host=host, first=first, last=first + days(13), reason="holidays", by=by, now=at(today - days(1), 9))


def come_and_go(company, zone, *, today):
    by = company.workers["social_worker"]
    referrals.refer(company.workers["referrer"], zone, by=by, today=today)
    referrals.hand_over(company.workers["elsewhere"], zone, today=today)
    referrals.ask_after_six_months(zone, by=by, today=today)


def own_file(chapters, worker, life, who, case):
    """The person reads their own file."""
    moment, by, reason = life.case.opened_at, life.case.manager, str(Kind.PERSON.label)
    relation = chapters.relations.add(*who, "person", worker.user_id, life.case.opened_on, None, reason, None)
    chapters.act("open", "relation", relation, at=moment, by=by, who=who)
    chapters.member(who, case, "person", worker, starts=life.case.opened_on, at=moment, by=by, relation=relation)


def invited(chapters, advocate, life, who):
    """The person let somebody they trust see their contacts and their plan."""
    case = life.case
    chapters.households.invite(
        who, advocate, shown="plan", own_words="Voglio che Lucia legga il mio progetto e mi aiuti a capirlo.",
        starts=case.opened_on, reason=str(invitation_reason), at=at(case.opened_on, 16), by=case.manager,
    )  # fmt: skip


def protect(subject, worker, *, today):
    """One person has their contacts sealed, by the act itself: it moves them from where they were."""
    day = today - days(30)
    person = Person.objects.select_related("registry__municipality").get(subject_id=subject)
    seal(
        person=person, address="Casa protetta, indirizzo inventato", municipality=person.registry.municipality,
        phone=person.phone, email=person.email, safely="Solo al mattino, passando dalla casa: mai messaggi.", on=day,
        by=Acting(user=User.objects.get(pk=worker.user_id), role=Role.objects.get(pk=worker.role_id)), now=at(day, 10),
    )  # fmt: skip


def refused(chapters, worker, subject, *, today):
    """Somebody of another zone asked for the file, and it was not there for them: for the data-protection officer."""
    for ago in (2, 9):
        chapters.read(
            "person", [], at=at(today - days(ago), 10, 12), by=worker, refused=True, asked={"subject": subject}
        )


def read_lately(chapters, life, subject, *, today):
    """Who opened the file in the last weeks: their manager, and the tutor with the register."""
    case = life.case
    if case is None or case.closed_on:
        return
    rng = random.Random(f"{life.fiscal_code}/{today}")
    for _time in range(rng.randrange(0, 3)):
        day = max(today - days(rng.randrange(1, 60)), case.opened_on)
        if day < today:
            chapters.read("person", [subject], at=at(day, rng.randrange(7, 16), rng.randrange(60)), by=case.manager)
    p = case.traineeship
    if p and p.running:
        for moment in sorted({d.at for d in p.days})[-6:]:
            chapters.read("week", [subject], at=moment, by=p.tutor)


def staff_of_the_zone(staff, region, zone):
    """Who works in every zone besides those who follow the lives. Returns the employment operator."""
    made = {}
    centre, authority = region.centres[zone.pk].pk, region.authorities[zone.pk].pk
    for word, kind, body in (
        ("impiego", Kind.EMPLOYMENT_OPERATOR, centre),
        ("programmazione", Kind.ZONE_PLANNER, authority),
    ):
        made[kind] = staff.worker(
            username=f"{word}.{zone.pk}", name=f"Operatore {word} {zone}", kind=kind, organisation=body, zone=zone.pk
        )
    return made[Kind.EMPLOYMENT_OPERATOR]


def set_sequences(cursor, book):
    for sheet in book.sheets.values():
        cursor.execute(
            "select setval(pg_get_serial_sequence(%s, 'id'), greatest(%s, 1))", [sheet.table, sheet.next - 1]
        )
