import datetime as dt
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.utils import timezone

from accanto.access.role import Kind
from accanto.people import registry
from accanto.traineeships import attendance, skill
from accanto.traineeships.host import Host
from accanto.traineeships.traineeship import State
from accanto.traineeships.traineeship_plan import TraineeshipPlan
from tests import factories


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def sara(db):
    """Sara is the host's tutor, with an account."""
    body = factories.organisation("host", "Vivaio di prova")
    return factories.user("sara", Kind.HOST_TUTOR, organisation=body)


@pytest.fixture
def scene(mugello, anna, tutor, today):
    """A person in charge for 90 days, the bodies around them, a host, and a form that the law has nothing against."""
    authority = factories.organisation("zone_authority", "Società della Salute di prova", zone=mugello)
    centre = factories.organisation("employment_centre", "Centro per l'impiego di prova", zone=mugello)
    body = factories.organisation("host", "Vivaio di prova")
    host = Host.objects.create(organisation=body, municipality=factories.municipality(mugello), permanent_staff=8)
    case = factories.person_in_charge(mugello, by=anna)
    start = today + dt.timedelta(days=20)
    form = {
        "kind": "TIS",
        "host": host.pk,
        "host_tutor_name": "Sara Esempio",
        "promoter": tutor.role.organisation_id,
        "tutor": tutor.user.pk,
        "body_in_charge": authority.pk,
        "case_manager": anna.user.pk,
        "path_agreed_on": (today - dt.timedelta(days=30)).isoformat(),
        "integrated_on": (today - dt.timedelta(days=20)).isoformat(),
        "integrated_with": centre.pk,
        "starts": start.isoformat(),
        "ends": (start + dt.timedelta(days=180)).isoformat(),
        "weekly_hours": "20",
        "mode": "monthly",
        "monthly_amount": "450,00",
        "reason": "Vuole tornare a lavorare con le piante.",
        "inclusion_goals": "Uscire di casa ogni giorno.",
        "training_goals": "Imparare la potatura.",
    }
    return SimpleNamespace(
        case=case, host=host, authority=authority, centre=centre, form=form, start=start, anna=anna, tutor=tutor
    )


@pytest.fixture
def trainees(mugello, anna, tutor):
    """So many trainees of the same tutor, with the hours of each day from Monday to Friday."""

    def make(count, first=0):
        rows = []
        for n in range(first, first + count):
            case = factories.person_in_charge(mugello, by=anna, given_name="Dario", family_name=f"Prova{n:02}")
            row = factories.traineeship(case, tutor=tutor, by=anna)
            row.hours_by_weekday = [Decimal(4)] * 5 + [Decimal(0)] * 2
            row.save()
            rows.append(row)
        return rows

    return make


@pytest.fixture
def last_monday(today):
    """The Monday of a whole week that is over."""
    return today - dt.timedelta(days=today.weekday() + 7)


@pytest.fixture
def hosted(sara, anna):
    """Give a traineeship to Sara, the host's tutor with an account."""

    def give(row):
        row.host_tutor = sara.user
        row.save()
        factories.open_relation(
            subject=row.subject, kind=sara.kind, user=sara.user, reason="tutor aziendale del tirocinio", by=anna,
            now=timezone.now(), starts=row.starts, ends=row.ends,
        )  # fmt: skip
        return row

    return give


@pytest.fixture
def herself(carla, anna):
    """Let Carla be the person of that traineeship."""

    def be(row):
        factories.open_relation(
            subject=row.subject, kind=carla.kind, user=carla.user, reason="il proprio fascicolo", by=anna,
            now=timezone.now(),
        )  # fmt: skip

    return be


@pytest.fixture
def ended(trainees, tutor, anna, carla, today):
    """The tutor's body promotes it and it ended twenty days ago: five days, a plan and a skill."""
    (row,) = trainees(1)
    row.starts, row.ends, row.state = today - dt.timedelta(days=80), today - dt.timedelta(days=20), State.CONCLUDED
    row.promoter = tutor.role.organisation
    row.save()
    own = {"subject": row.subject, "zone": row.zone}
    TraineeshipPlan.objects.create(
        traineeship=row, reason="MOTIVO", inclusion_goals="INCLUSIONE", training_goals="La potatura",
        activities="Potatura e rinvaso", **own,
    )  # fmt: skip
    registry.record(
        person=row.person, birth_place="Prato", birth_date=dt.date(1990, 5, 1), sex="F", by=anna, now=timezone.now()
    )
    for n in range(5):
        attendance.record(
            traineeship=row, day=row.starts + dt.timedelta(days=n), hours=Decimal(4), by=anna, now=timezone.now()
        )
    skill.record(
        traineeship=row, title="Pota le rose", vocabulary="own", code="", level="alone",
        evidence="Ha potato da sola il roseto.", seen_on=row.ends, seen_by="Sara Esempio", by=anna, now=timezone.now(),
    )  # fmt: skip
    factories.open_relation(
        subject=row.subject, kind=Kind.PERSON, user=carla.user, reason="il proprio fascicolo", by=anna,
        now=timezone.now(),
    )  # fmt: skip
    return row
