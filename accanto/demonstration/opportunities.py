"""What a territory offers, invented and marked so: hosts with their seats, tutors and papers, places, the directory."""

import datetime as dt
import random
from decimal import Decimal

from accanto.access.organisation import Organisation
from accanto.access.role import Acting, Kind, Role
from accanto.access.user import User
from accanto.demonstration import bodies, names, words
from accanto.demonstration.life import at, days
from accanto.demonstration.placement import HOST_TUTORS
from accanto.traineeships import offer_link
from accanto.traineeships.agreement import AGREEMENT_PARTIES, Agreement
from accanto.traineeships.directory_entry import DirectoryEntry
from accanto.traineeships.host import Host
from accanto.traineeships.host_tutor import HostTutor
from accanto.traineeships.offer_link import OfferLink
from accanto.traineeships.place import Place, State
from accanto.traineeships.safety_duty import SafetyDuty
from accanto.traineeships.seat import Seat
from accanto.traineeships.staff_count import StaffCount
from accanto.traineeships.traineeship import OPEN, TO_START, Traineeship

# hosts of settings the lives do not meet: name, type, setting
MORE_HOSTS = (
    ("Fattoria sociale", "social_cooperative", "agricultural"),
    ("Teatro", "social_promotion_body", "cultural"),
    ("Biblioteca", "public_body", "public_body"),
)
SETTING_OF = {
    "public_body": "public_body",
    "social_cooperative": "third_sector",
    "volunteer_body": "third_sector",
    "social_promotion_body": "third_sector",
}
# what is done: title, a day of it, what suits it, skills, how heavy
WORK = {
    "company": (
        (
            "Aiuto in cucina",
            "Lavare e tagliare le verdure, tenere in ordine il banco, preparare i vassoi.",
            ["timetable"],
        ),
        (
            "Magazzino",
            "Controllare la merce che arriva, preparare gli ordini.",
            ["people", "words"],
        ),
        ("Banco e scaffali", "Sistemare gli scaffali, prezzare, aiutare chi compra.", ["movement"]),
        ("Aiuto in laboratorio", "Impastare, infornare, confezionare con chi lo fa da sempre.", ["pace", "people"]),
    ),
    "agricultural": (
        ("Orto e raccolta", "Seminare, zappare, raccogliere e preparare le cassette.", ["people", "surroundings"]),
        ("Cura degli animali", "Dar da mangiare, pulire, accompagnare le visite delle scuole.", ["pace", "words"]),
    ),
    "cultural": (
        (
            "Accoglienza in sala",
            "Controllare i biglietti, accompagnare il pubblico.",
            ["movement"],
        ),
        ("Allestimenti", "Montare e smontare le mostre, verniciare, preparare i cartelli.", ["people", "pace"]),
    ),
    "third_sector": (
        ("Emporio solidale", "Ricevere le donazioni, dividerle, prepararle per chi viene.", ["timetable", "movement"]),
        ("Riuso e falegnameria", "Smontare, carteggiare, riparare mobili donati.", ["words", "people"]),
    ),
    "public_body": (
        ("Cura del verde", "Annaffiare, potare le siepi, tenere puliti i vialetti.", ["people", "words"]),
        ("Sala e prestito", "Rimettere i libri a posto, etichettare, aiutare al banco.", ["movement", "pace"]),
    ),
}
WEEKS = (  # days, from, to
    ((0, 1, 2, 3, 4), dt.time(9), dt.time(13)),
    ((0, 1, 3, 4), dt.time(8, 30), dt.time(12, 30)),
    ((1, 2, 3), dt.time(14), dt.time(19)),
    ((0, 2, 4), dt.time(9), dt.time(14)),
    ((0, 1, 2, 3, 4, 5), dt.time(6), dt.time(10)),
)
ENTRIES = (
    ("service", "Sportello casa", "Aiuta a cercare un affitto e a leggere un contratto.", ["housing", "rights"]),
    ("service", "Scuola di italiano per adulti", "Corsi gratuiti la mattina e la sera.", ["training"]),
    ("association", "Banco alimentare di quartiere", "Pacchi il martedì e il venerdì, senza appuntamento.", ["food"]),
    ("association", "Ciclofficina popolare", "Biciclette riparate e in prestito a chi ne ha bisogno.", ["transport"]),
    ("need", "Mancano autobus prima delle sette", "Chi lavora al mattino presto non arriva.", ["transport", "work"]),
    ("need", "Nessun posto al nido oltre le tredici", "Chi ha figli piccoli rinuncia ai corsi.", ["family"]),
)
HOSTS_SHOWN = 3  # of those the lives met, by zone


def tell(region, company, *, today):
    """For every zone: three more hosts, five or six open places, some paused or taken, four to six entries."""
    workers = {}
    for role in Role.objects.filter(kind=Kind.SOCIAL_WORKER).select_related("user").order_by("pk"):
        workers.setdefault(role.zone_id, role.user)
    places, agreements, named = [], [], {}
    for n, zone in enumerate(region.zones):
        rng = random.Random(f"{region.seed}/opportunities/{zone.code}")
        hosts = hosts_of(rng, zone, region, named)
        agreements += agreements_of(rng, region.authorities[zone.pk], hosts, today=today)
        papers(rng, hosts, workers[zone.pk], today=today)
        places += places_of(rng, zone, hosts, workers[zone.pk], number=6 if n % 3 == 0 else 5, today=today)
        directory(rng, zone, region, workers[zone.pk], today=today)
    Place.objects.bulk_create(places)
    Agreement.objects.bulk_create(agreements)
    fill_some(places)
    invite(company, today=today)


def hosts_of(rng, zone, region, named):
    """[(host, setting)]"""
    met = Host.objects.filter(municipality__zone=zone).select_related("municipality").order_by("pk")[:HOSTS_SHOWN]
    found = [(host, SETTING_OF.get(host.type, "company")) for host in met]
    towns, _totals = region.towns[zone.pk]
    for word, type_, setting in MORE_HOSTS:
        town = rng.choice(towns)
        name = bodies.host_name(word, type_, "", rng.choice(names.family_names()), known=named)
        body = Organisation.objects.create(kind="host", name=name, source=bodies.SYNTHETIC)
        host = Host.objects.create(
            organisation=body, type=type_, municipality_id=town, permanent_staff=rng.randrange(2, 40),
            address=f"via {rng.choice(words.HOST_NAMES)} {rng.randrange(1, 90)}",
            contact_name=rng.choice(HOST_TUTORS), email=f"ospitante{body.pk}@example.org",
        )  # fmt: skip
        found.append((host, setting))
    return found


def agreements_of(rng, authority, hosts, *, today):
    """Of the hosts that no life has met: one that ends soon, one that has ended, one without an end."""
    rows = []
    left_to_each = (rng.randrange(10, 55), -rng.randrange(5, 90), None)
    for (host, _setting), left in zip(hosts[-len(MORE_HOSTS) :], left_to_each, strict=True):
        signed = today - days(rng.randrange(300, 700))
        rows.append(
            Agreement(
                promoter=authority, host=host, body_in_charge=authority, reference="Conv. (dato sintetico)",
                signed_on=signed, signed_by=[party.value for party in AGREEMENT_PARTIES], valid_from=signed,
                valid_to=None if left is None else today + days(left), places=rng.randrange(1, 5),
            )
        )  # fmt: skip
    return rows


def who_follow(hosts):
    """Host id -> the names of the tutors of its trainees: those that the host says it has are no others."""
    found = {}
    rows = Traineeship.objects.filter(host__in=hosts, state__in=(*TO_START, *OPEN)).select_related("host_tutor")
    for row in rows.order_by("pk"):
        found.setdefault(row.host_id, set()).add(row.host_tutor_shown)
    return found


def papers(rng, hosts, worker, *, today):
    seats, tutors, counts, duties = [], [], [], []
    follow = who_follow([host for host, _setting in hosts])
    for n, (host, _setting) in enumerate(hosts):
        someone = rng.choice(HOST_TUTORS)
        tutors += [
            HostTutor(host=host, name=name, post="Responsabile di reparto")
            for name in sorted(follow.get(host.pk, {someone}))
        ]
        if n % 2 == 0:
            seats.append(
                Seat(
                    host=host, name="Seconda sede", municipality_id=host.municipality_id,
                    address=f"piazza {rng.choice(words.HOST_NAMES)} {rng.randrange(1, 20)}",
                    arrival="A piedi dal centro",
                )
            )  # fmt: skip
        day = today - days(rng.randrange(20, 300))
        counts.append(
            StaffCount(
                host=host, counted_on=day, permanent=host.permanent_staff or 0, fixed_term=rng.randrange(0, 6),
                coverage=rng.choice(("not_subject", "covered", "unknown")), source="dato sintetico",
                recorded_at=at(day, 11), recorded_by=worker,
            )
        )  # fmt: skip
        for kind in ("risk_assessment", "first_aid")[: 1 + n % 2]:
            duties.append(
                SafetyDuty(
                    host=host, kind=kind, standing_as=rng.choice(("shown", "declared")), dated=day - days(100),
                    valid_to=day + days(rng.choice((90, 400))) if kind == "first_aid" else None,
                    reference="dato sintetico", recorded_at=at(day, 11), recorded_by=worker,
                )
            )  # fmt: skip
    for model, rows in ((Seat, seats), (HostTutor, tutors), (StaffCount, counts), (SafetyDuty, duties)):
        model.objects.bulk_create(rows)


def places_of(rng, zone, hosts, worker, *, number, today):
    rows = [written(rng, zone, *hosts[n % len(hosts)], worker, today=today) for n in range(number + 1)]
    rows[-1].state = State.PAUSED
    return rows


def written(rng, zone, host, setting, worker, *, today, **more):
    title, tasks, suits = rng.choice(WORK[setting])
    weekdays, first, last = rng.choice(WEEKS)
    offered = today - days(rng.randrange(3, 200))
    return Place(
        host=host, zone=zone, municipality_id=host.municipality_id, setting=setting, title=title, tasks=tasks,
        suits=suits, openings=rng.choice((1, 1, 1, 2, 3)),
        weekly_hours=Decimal(len(weekdays) * (last.hour * 60 + last.minute - first.hour * 60 - first.minute)) / 60,
        begins_at=[first if n in weekdays else None for n in range(7)],
        ends_at=[last if n in weekdays else None for n in range(7)],
        access=rng.sample(("step_free", "toilet", "parking", "seated", "quiet", "plain_signs"), rng.randrange(0, 4)),
        accommodations=rng.sample(("timetable", "tasks", "place", "tools", "guidance"), rng.randrange(1, 4)),
        transport=rng.choice((["bus"], ["bus", "walk"], ["train", "walk"], ["car"], ["bus", "train"])),
        skills=rng.choice(([], ["puntualità"], ["saper stare con il pubblico"])),
        contact_name=host.contact_name, valid_from=offered,
        valid_to=rng.choice((None, None, today + days(rng.randrange(90, 400)))),
        state=State.OPEN, offered_at=at(offered, 12), offered_by=worker, synthetic=True, **more,
    )  # fmt: skip


def directory(rng, zone, region, worker, *, today):
    towns, _totals = region.towns[zone.pk]
    DirectoryEntry.objects.bulk_create(
        DirectoryEntry(
            kind=kind, name=name, text=text, topics=topics, zone=zone,
            municipality_id=None if kind == "need" else rng.choice(towns),
            hours="" if kind == "need" else rng.choice(("lunedì e giovedì 9–12", "ogni mattina", "su appuntamento")),
            checked_on=today - days(rng.randrange(5, 400)), checked_by=worker, synthetic=True,
        )
        for kind, name, text, topics in rng.sample(ENTRIES, rng.randrange(4, 7))
    )  # fmt: skip


def fill_some(places):
    """Here and there a place has already somebody in it, so that not every opening is free."""
    for place in places[::4]:
        row = Traineeship.objects.filter(host_id=place.host_id, place=None, state__in=OPEN).order_by("pk").first()
        if row:
            row.place = place
            row.save(update_fields=["place"])
            place.openings += 1
            place.save(update_fields=["openings"])


def invite(company, *, today):
    """In the cast's zone a company has written two places through its link, and the office has still to read them."""
    worker = company.workers["social_worker"]
    by = Acting(
        user=User.objects.get(pk=worker.user_id), role=Role.objects.select_related("zone").get(pk=worker.role_id)
    )
    host = Host.objects.filter(municipality__zone_id=company.zone_id).select_related("organisation").latest("pk")
    made = at(today - days(3), 9)
    # not the hash of any secret: nobody enters by it
    link = OfferLink.objects.create(
        host=host, zone_id=company.zone_id, hash="dato sintetico", to_name=host.contact_name, email=host.email,
        made_at=made, made_by=by.user, expires_on=made.date() + days(offer_link.VALID_DAYS), mailed_at=made,
    )  # fmt: skip
    rng = random.Random(f"{company.zone_id}/{today}")
    for ago in (2, 1):
        place = written(rng, by.role.zone, host, "public_body", None, today=today, offered_through=link)
        place.state, place.offered_at, place.valid_from = State.OFFERED, at(today - days(ago), 16), today
        place.save()
