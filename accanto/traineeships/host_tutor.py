from collections import Counter

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accanto.access import log


class HostTutors(models.QuerySet):
    def still_there(self):
        return self.filter(ended_on=None)


class HostTutor(models.Model):
    """Who of the host works beside the trainees (R-TIS-10): at work, under their own name. An account is not needed."""

    host = models.ForeignKey("traineeships.Host", models.PROTECT, related_name="tutors")
    seat = models.ForeignKey(
        "traineeships.Seat", models.PROTECT, null=True, blank=True, related_name="tutors", verbose_name=_("sede")
    )
    name = models.CharField(_("nome e cognome"), max_length=120)
    post = models.CharField(_("mansione"), max_length=120, blank=True)
    phone = models.CharField(
        _("telefono"), max_length=40, blank=True, validators=[RegexValidator(r"^[0-9+ ./()-]*$", _("Solo cifre."))]
    )
    email = models.EmailField(_("posta elettronica"), blank=True)
    ended_on = models.DateField(_("non più dal"), null=True, blank=True)

    objects = HostTutors.as_manager()

    class Meta:
        verbose_name = _("tutor aziendale")
        verbose_name_plural = _("tutor aziendali")
        ordering = ["name", "id"]
        # what lets a plan point at tutor and host together, so that no plan names another's
        constraints = [models.UniqueConstraint(fields=["id", "host"], name="traineeships_hosttutor_of_one_host")]

    def __str__(self):
        return self.name


def add(*, host, name, by, now, seat=None, post="", phone="", email=""):
    row = HostTutor.objects.create(
        host=host, seat=seat, name=name.strip(), post=post.strip(), phone=phone.strip(), email=email
    )
    log.act("add", row, by=by, now=now, host=host.pk)
    return row


def end(*, tutor, on, by, now):
    """No longer; the row stays, for the traineeships it accompanied."""
    tutor.ended_on = on
    tutor.save(update_fields=["ended_on"])
    log.act("end", tutor, by=by, now=now)


def most_followed(traineeships):
    """How many of these the busiest tutor has: by the row of the list and, where nobody chose from it, by the name."""
    chosen, named = Counter(), Counter()
    for one in traineeships:
        name = one.host_tutor_shown.strip().casefold()
        if one.listed_host_tutor_id:
            chosen[one.listed_host_tutor_id, name] += 1
        elif name:
            named[name] += 1
    return max([*named.values(), *(count + named[name] for (_row, name), count in chosen.items())], default=0)
