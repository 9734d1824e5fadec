"""The promoter's covers of a traineeship, INAIL and third-party liability (R-INS-01, R-INS-02): what names each and,
where it is known, its last day."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accanto.access import log

FIELDS = ["inail_reference", "inail_to", "liability_reference", "liability_to"]


class Cover(models.TextChoices):
    INAIL = "inail", _("copertura INAIL")
    LIABILITY = "liability", _("polizza di responsabilità civile")


def put(traineeship, *, inail_reference, liability_reference, inail_to=None, liability_to=None):
    """On the row, which is not saved here."""
    traineeship.inail_reference, traineeship.inail_to = inail_reference.strip(), inail_to
    traineeship.liability_reference, traineeship.liability_to = liability_reference.strip(), liability_to


def write(*, traineeship, by, now, **covers):
    """When they come after the agreement was linked, change, or are renewed."""
    put(traineeship, **covers)
    traineeship.save(update_fields=FIELDS)
    there = {"inail": bool(traineeship.inail_reference), "liability": bool(traineeship.liability_reference)}
    until = {"inail_to": traineeship.inail_to, "liability_to": traineeship.liability_to}
    log.act("insure", traineeship, by=by, now=now, **there, **{name: day for name, day in until.items() if day})


def too_short(traineeship):
    """[(cover, its last day)] of those that end before the traineeship does."""
    known = ((Cover.INAIL, traineeship.inail_to), (Cover.LIABILITY, traineeship.liability_to))
    return [(cover, last) for cover, last in known if last and last < traineeship.ends]
