import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from accanto.cases.area import CaseArea
from accanto.cases.participation import Participation
from accanto.people.registry import Registry
from accanto.plan.fund import FundLine
from accanto.plan.operation import Operation
from accanto.traineeships import attendance
from tests import factories


@pytest.fixture
def scene(mugello, versilia, anna, bruno, tutor):
    """Five people in Mugello, two in Versilia; two of the five in an ESF operation, three in traineeship."""
    now, today = timezone.now(), timezone.localdate()
    line = FundLine.objects.create(code="esf", name="FSE+", counts_for_targets=True)
    other = FundLine.objects.create(code="fnps", name="FNPS")
    operations = [
        Operation.objects.create(
            cup=f"J11B2200000000{n}",
            title=f"Operazione {n}",
            fund_line=fund,
            zone=mugello,
            hourly_rate=Decimal(5),
            starts=today - dt.timedelta(days=400),
            ends=today + dt.timedelta(days=400),
        )
        for n, fund in enumerate((line, other))
    ]
    here = [factories.person_in_charge(mugello, by=anna, family_name=f"Qui{n}") for n in range(5)]
    there = [factories.person_in_charge(versilia, by=bruno, family_name=f"Là{n}") for n in range(2)]
    for case, birth, sex in zip(here, (1960, 1980, 1990, 2000, 2010), "FMFMF", strict=True):
        Registry.objects.create(
            subject=case.subject, zone=case.zone, person=case.person, birth_date=dt.date(birth, 1, 1), sex=sex
        )
        CaseArea.objects.get_or_create(subject=case.subject, zone=case.zone, case=case, defaults={"area": "disability"})
    for case, operation in ((here[0], operations[0]), (here[1], operations[0]), (here[2], operations[1])):
        Participation.objects.create(
            subject=case.subject,
            zone=case.zone,
            case=case,
            operation=operation,
            starts=today - dt.timedelta(days=30),
            recorded_at=now - dt.timedelta(days=30),
        )
    for case in here[1:4]:
        traineeship = factories.traineeship(case, tutor=tutor, by=anna)
        attendance.record(traineeship=traineeship, day=today, hours=Decimal("4.5"), by=tutor, now=now)
    return here, there
