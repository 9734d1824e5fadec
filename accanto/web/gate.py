"""Who should be at a host now: the timetable, what the register says already, what was seen of each."""

from dataclasses import dataclass

from django.utils import timezone

from accanto.norms import clock
from accanto.traineeships import register
from accanto.traineeships.host_inspection import InspectionCheck
from accanto.traineeships.timetable import Timetable, usual_times


@dataclass(frozen=True)
class AtTheGate:
    """One trainee. `now` is whether the timetable puts them there at this hour; None where it says no hours."""

    check: InspectionCheck
    day: register.RegisterDay
    times: str
    now: bool | None

    @property
    def person(self):
        return self.check.subject.person

    @property
    def traineeship(self):
        return self.check.traineeship


def at_the_gate(inspection, *, acting, now):
    """Those expected now first. A constant number of queries."""
    now = timezone.localtime(now)
    today = now.date()
    checks = InspectionCheck.objects.within(acting).filter(inspection=inspection)
    checks = list(checks.select_related("subject__person", "traineeship__host", "traineeship__host_tutor"))
    rows = [check.traineeship for check in checks]
    timetables = {}
    for one in Timetable.objects.within(acting).filter(traineeship__in=rows, valid_from__lte=today).in_order():
        timetables.setdefault(one.traineeship_id, []).append(one)
    registers = {one.traineeship.pk: one for one in register.read(rows, today, today, acting=acting, today=today)}
    found = []
    for check in checks:
        day = registers[check.traineeship_id].days[0]
        times = usual_times(timetables.get(check.traineeship_id, ()), today, day.planned)
        minutes = now.hour * 60 + now.minute
        there = any(first <= minutes < last for first, last in clock.spans(times)) if times else None
        found.append(AtTheGate(check, day, clock.short(times), bool(there) if times or not day.planned else None))
    return sorted(found, key=lambda one: (one.now is not True, not one.day.planned, str(one.person), one.check.pk))
