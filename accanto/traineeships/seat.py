from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accanto.access import log
from accanto.traineeships.host import moved


class Seats(models.QuerySet):
    def still_used(self):
        return self.filter(closed_on=None)

    def with_place(self):
        return self.select_related("municipality")


class Seat(models.Model):
    """Where a host receives trainees besides the seat it was registered with: a branch, a field, a museum."""

    host = models.ForeignKey("traineeships.Host", models.PROTECT, related_name="seats")
    name = models.CharField(_("nome della sede"), max_length=120)
    municipality = models.ForeignKey(
        "territory.Municipality", models.PROTECT, verbose_name=_("comune"), related_name="+"
    )
    address = models.CharField(_("indirizzo"), max_length=200, blank=True)
    arrival = models.CharField(_("come si arriva"), max_length=200, blank=True)
    closed_on = models.DateField(_("chiusa il"), null=True, blank=True)

    objects = Seats.as_manager()

    class Meta:
        verbose_name = _("sede dell’ospitante")
        verbose_name_plural = _("sedi dell’ospitante")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["host", "name"], condition=Q(closed_on=None), name="traineeships_seat_once_by_name"
            ),
            # what lets a plan point at seat and host together, so that no plan names another's
            models.UniqueConstraint(fields=["id", "host"], name="traineeships_seat_of_one_host"),
        ]

    def __str__(self):
        return f"{self.name}, {self.municipality}"


def add(*, host, name, municipality, by, now, address="", arrival=""):
    row = Seat.objects.create(
        host=host, name=name.strip(), municipality=municipality, address=address.strip(), arrival=arrival.strip()
    )
    log.act("add", row, by=by, now=now, host=host.pk)
    return row


def change(*, seat, by, now, **details):
    """Correct a seat. Where it moves, so does the programme of who is there; returns how many they are."""
    changed = [name for name, value in details.items() if getattr(seat, name) != value]
    for name in changed:
        setattr(seat, name, details[name])
    if changed:
        seat.save(update_fields=changed)
        log.act("change", seat, by=by, now=now, fields=changed, host=seat.host_id)
    if not {"municipality", "address"} & set(changed):
        return 0
    if "municipality" in changed:
        seat.places.filter(zone_id=by.zone_id).update(municipality=seat.municipality)
    return moved(host=seat.host, seat=seat, now=now)


def close(*, seat, on, by, now):
    """Nobody works there any more: its places are withdrawn, and who was there must be moved. Returns the places
    withdrawn and how many traineeships were there."""
    seat.closed_on = on
    seat.save(update_fields=["closed_on"])
    places = seat.places.filter(zone_id=by.zone_id, state__in=["offered", "open", "paused"]).update(state="withdrawn")
    log.act("close", seat, by=by, now=now, host=seat.host_id, places=places)
    return places, moved(host=seat.host, seat=seat, now=now)
