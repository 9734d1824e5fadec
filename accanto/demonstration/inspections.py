"""In the cast's zone the controls have run, somebody has explained what they found, somebody has reported, and an
inspector is at the gate of one host. All invented."""

import datetime as dt

from django.db.models import Count

from accanto.access.relation import open_relation
from accanto.access.role import Acting, Kind, Role
from accanto.access.user import User
from accanto.demonstration.life import at, days
from accanto.territory.zone import Zone
from accanto.traineeships import anomaly as anomalies
from accanto.traineeships import controls, host_inspection
from accanto.traineeships.anomaly import Anomaly, State, What, fingerprint_of
from accanto.traineeships.host_inspection import INSPECTION_REASON, HostInspection, InspectionCheck
from accanto.traineeships.traineeship import OPEN, Traineeship

EXPLAINED = (
    "Sentiti il tutor e la persona: l’orario è proprio quello, entra ed esce con il turno del reparto.",
    "Il registro di carta era rimasto all’ospitante: riportato tutto insieme, con le firme di allora.",
)
REPORTED = (
    "Da sola al banco per giorni, mentre chi ci lavora era in ferie.",
    "Da due settimane apre e chiude il magazzino al posto di un dipendente che non c’è più.",
)


def tell(company, *, today):
    zone = Zone.objects.get(pk=company.zone_id)
    worker, planner, inspector = (acting(company.workers[part]) for part in ("social_worker", "planner", "inspector"))
    looked = today - days(1)  # the demonstration may be made at night: nothing of it is still to come
    controls.search(zone=zone, by=None, now=at(looked, 4))
    found = Anomaly.objects.filter(zone=zone, what__in=[What.SAME_TIMES, What.WRITTEN_LATE]).order_by("-last", "id")
    for row, words in zip(list(found[:2]), EXPLAINED, strict=False):
        anomalies.say(anomaly=row, after=State.EXPLAINED, words=words, by=worker, now=at(looked, 9))
    running = Traineeship.objects.filter(zone=zone, state__in=OPEN, starts__lte=today - days(30), ends__gte=today)
    hosts = running.order_by().values("host_id").annotate(count=Count("pk")).order_by("-count", "host_id")
    hosts = [row["host_id"] for row in hosts[:2]]
    for n, host in enumerate(hosts):
        placed = running.filter(host_id=host).order_by("id").first()
        reported(
            placed, REPORTED[n], by=worker, first=today - days(20 + n), last=today - days(10 + n), now=at(looked, 10)
        )
    if hosts:
        inspect(zone, hosts[0], planner=planner, inspector=inspector, today=today)


def acting(worker):
    return Acting(user=User.objects.get(pk=worker.user_id), role=Role.objects.get(pk=worker.role_id))


def reported(placed, words, *, by, first, last, now):
    """As the function of PostgreSQL would have written it for who reports."""
    first = max(first, placed.starts)
    finding, evidence = anomalies.told(words, first, last)
    Anomaly.objects.create(
        subject_id=placed.subject_id, zone_id=placed.zone_id, traineeship=placed, host_id=placed.host_id,
        what=What.REPORTED, code=finding.code, finding=finding.as_dict(), evidence=evidence, first=first, last=last,
        days=(last - first).days + 1, fingerprint=fingerprint_of(What.REPORTED, evidence), words=words,
        raised_by=by.user, found_at=now, state_at=now,
    )  # fmt: skip


def inspect(zone, host_id, *, planner, inspector, today):
    """Opened three days ago, begun yesterday: one trainee is checked, the others wait."""
    opened, begun = at(today - days(3), 9), at(today - days(1), 10)
    row = host_inspection.open_inspection(
        host=Traineeship.objects.filter(host_id=host_id).first().host, inspector=inspector.user, reason="anomalies",
        act=f"Prot. {today.year}/411 (dato sintetico)", starts=today - days(2), ends=today + dt.timedelta(days=12),
        by=planner, now=opened,
    )  # fmt: skip
    HostInspection.objects.filter(pk=row.pk).update(begun_at=begun)
    here = Traineeship.objects.filter(zone=zone, host_id=host_id, state__in=OPEN, starts__lte=today, ends__gte=today)
    for n, placed in enumerate(here.select_related("subject").order_by("id")):
        relation = open_relation(
            subject=placed.subject, kind=Kind.INSPECTOR, user=inspector.user, reason=INSPECTION_REASON,
            starts=today - days(1), ends=row.ends, by=inspector, now=begun,
        )  # fmt: skip
        seen = {"presence": "present", "does_what_planned": "yes", "tutor_there": "yes", "checked_at": begun}
        InspectionCheck.objects.create(
            subject_id=placed.subject_id, zone_id=placed.zone_id, inspection=row, traineeship=placed,
            relation=relation, words="Al lavoro con il tutor, con i guanti e le scarpe." if n == 0 else "",
            **(seen if n == 0 else {}),
        )  # fmt: skip
