"""What a host offers to a plan being written: its open places, its seats, who of it works beside the trainees; and what
the form says once one of them is chosen."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accanto.traineeships.host import Host
from accanto.traineeships.place import Access, Place, promised_by_place, taken_by_place
from accanto.web.parts import numbers
from accanto.web.parts.keyset import whole_number
from accanto.web.place import in_words, week_of

SOONEST = dt.timedelta(days=14)  # the first day proposed for a new traineeship
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MOST = 60  # places of a zone on one page


def number_of(value):
    """The id that a page or a row gives, or None."""
    return whole_number(str(value or ""))


@dataclass
class Offers:
    """Of the host that is chosen, or of the whole zone where none is. `own` is the place the plan has already or comes
    from: it is offered whatever its state, and its opening is theirs."""

    host: object
    zone_id: int
    today: dt.date
    own: Place | None = None

    @cached_property
    def places(self):
        """[(place, openings left)], those with room."""
        rows = Place.objects.open_on(self.today + SOONEST).with_host().order_by("-offered_at", "-pk")
        if self.host:
            rows = rows.filter(host=self.host)
        else:
            rows = rows.filter(Q(zone_id=self.zone_id) | Q(municipality__zone_id=self.zone_id))[:MOST]
        taken, promised = taken_by_place(), {place: number for place, _host, number in promised_by_place()}
        found = [(row, row.openings - taken.get(row.pk, 0) - promised.get(row.pk, 0)) for row in rows]
        if self.own is None or (self.host and self.own.host_id != self.host.pk):
            return [(row, left) for row, left in found if left > 0]
        others = [(row, left) for row, left in found if left > 0 and row.pk != self.own.pk]
        return [(self.own, next((left + 1 for row, left in found if row.pk == self.own.pk), 1)), *others]

    def place(self, pk):
        return next((row for row, _left in self.places if row.pk == pk), None)

    @cached_property
    def seats(self):
        return list(self.host.seats.still_used().with_place()) if self.host else []

    @cached_property
    def tutors(self):
        return list(self.host.tutors.still_there().select_related("seat__municipality")) if self.host else []

    def seat(self, text):
        """The seat of the list that a text names, or None."""
        return next((row for row in self.seats if said_alike(row, text)), None)

    @cached_property
    def named_tutors(self):
        """[(how the list names them, tutor)]: of two of the same name each says its seat, or its post."""
        many = Counter(row.name.casefold() for row in self.tutors)
        return [
            (f"{row.name} ({beside(row)})" if many[row.name.casefold()] > 1 else row.name, row) for row in self.tutors
        ]

    def tutor(self, text):
        """The tutor of the list that a text names; None where it names nobody, or two of them."""
        found = [row for name, row in self.named_tutors if said_alike(name, text)]
        return found[0] if len(found) == 1 else None

    @property
    def choices(self):
        return [(str(row.pk), self.worded(row, left)) for row, left in self.places]

    def worded(self, row, left):
        """A place in one sentence: what is done, when, where, what the building has, until when, how many openings."""
        words = [f"{row.title}: {week_of(row).lower() or _('orario da concordare')}"]
        hours = _("%(hours)s ore la settimana") % {"hours": numbers.number(row.weekly_hours)}
        where = row.address or (row.seat.name if row.seat else "")
        where = ", ".join(part for part in [where, row.municipality.name] if part)
        said = [f"{words[0]}, {hours}", where if self.host else f"{row.host}, {where}"]
        if access := ", ".join(in_words(row.access, Access)):
            said.append(access[:1].upper() + access[1:])
        if row.valid_to:
            said.append(_("Fino al %(day)s") % {"day": numbers.day(row.valid_to)})
        room = ngettext("%(left)s posto libero su %(all)s", "%(left)s posti liberi su %(all)s", left)
        return ". ".join([*said, room % {"left": left, "all": row.openings}]) + "."

    def main_seat(self):
        return ", ".join(part for part in [self.host.address, str(self.host.municipality)] if part)


def said_alike(row, text):
    return bool(text) and str(row).casefold() == text.strip().casefold()


def beside(tutor):
    """What tells a tutor from another of the same name."""
    return str(tutor.seat.name if tutor.seat else tutor.post or _("sede principale"))


def offers_of(host_pk, *, acting, today, own=None):
    pk = number_of(host_pk)
    host = Host.objects.with_place().receiving().filter(pk=pk).first() if pk else None
    return Offers(host, acting.zone_id, today, own)


def hours_of(place):
    """The hours of each day, where the timetable gives exactly those of the week: with pauses only the sum is known."""
    days = [Decimal(0)] * len(WEEKDAYS)
    for number, first, last in place.timetable:
        minutes = (last.hour - first.hour) * 60 + last.minute - first.minute
        days[number] = (Decimal(minutes) / 60).quantize(Decimal("0.01"))
    return days if sum(days) == place.weekly_hours and min(days) >= 0 else []


def seat_of(place):
    return place.address or (str(place.seat) if place.seat else "")


def tutor_of(place):
    """Who of the host is named for that seat, as the list names them, where they are one."""
    rows = Offers(place.host, None, None).named_tutors
    at_seat = [(name, row) for name, row in rows if row.seat_id == place.seat_id]
    return next((found[0][0] for found in (at_seat, rows) if len(found) == 1), "")


def said_by(place, *, today):
    """What a place says in the form of the plan."""
    days = hours_of(place)
    return {
        "host": str(place.host_id),
        "place": str(place.pk),
        "seat": seat_of(place),
        "host_tutor_name": tutor_of(place),
        "starts": max(place.valid_from, today + SOONEST),
        "weekly_hours": None if days else place.weekly_hours,
        **(dict(zip(WEEKDAYS, days, strict=True)) if days else dict.fromkeys(WEEKDAYS)),
        "activities": place.tasks,
    }


def mark(host_pk, place_pk):
    """Of what the fields speak: it goes with the form, so that another choice is seen as such."""
    return f"{host_pk or ''}-{place_pk or ''}"


def filled_again(values, *, acting, today, own=None):
    """The form's values after a host or a place was chosen. What another host or place had said gives way; what
    somebody has typed stays."""
    told_host, _dash, told_place = values.get("told", "").partition("-")
    before = offers_of(told_host, acting=acting, today=today, own=own)
    old = Place.objects.with_host().filter(pk=number_of(told_place) or 0).first()
    host_pk, place_pk = number_of(values.get("host")), number_of(values.get("place"))
    row = Place.objects.with_host().filter(pk=place_pk or 0).first()
    chosen = row if row and (old is None or row.pk != old.pk) else None
    values = dict(values)
    known = {
        "seat": {str(seat) for seat in before.seats} | ({seat_of(old)} if old else set()),
        "host_tutor_name": {one for name, tutor in before.named_tutors for one in (name, tutor.name)},
        "activities": {old.tasks} if old else set(),
    }
    stale = {name for name, texts in known.items() if values.get(name, "").strip() in {"", *texts}}
    if chosen:
        said = said_by(chosen, today=today)
        starts = values.get("starts", "")
        if starts and starts >= chosen.valid_from.isoformat():
            del said["starts"]
        kept = known.keys() - stale - {"seat"}
        values |= {name: value for name, value in said.items() if name not in kept}
    elif before.host is None or before.host.pk != host_pk:
        if row and row.host_id != host_pk:
            values["place"] = ""
        values |= dict.fromkeys(stale, "") if before.host else {}
        values["host_tutor"] = ""
        tutors = offers_of(host_pk, acting=acting, today=today).tutors
        if len(tutors) == 1 and not values.get("host_tutor_name", "").strip():
            values["host_tutor_name"] = tutors[0].name
    values["told"] = mark(values.get("host"), values.get("place"))
    return values
