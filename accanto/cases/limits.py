"""What those who work with a person outside the services must know, and no more: functional limits and constraints for
the employment centre and the tutors, accommodations for the host. Words of function, never a diagnosis or a reason."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accanto.access import log
from accanto.access.subject import StandingRows, SubjectRow
from accanto.norms.functional_words import revealing


class Words(StandingRows):
    def between(self, first, last):
        """Those that hold on some day from the first to the last."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=first), valid_from__lte=last)


class WordsOfFunction(SubjectRow):
    """What holds from a day to another, in words of function; withdrawn, the row stays."""

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="+")
    valid_from = models.DateField(_("dal"))
    valid_to = models.DateField(_("al"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("registrato il"))
    recorded_by = models.ForeignKey("access.User", models.PROTECT, related_name="+")
    superseded_at = models.DateTimeField(_("ritirato il"), null=True, blank=True)

    objects = Words.as_manager()

    class Meta:
        abstract = True

    def __str__(self):
        return self.get_kind_display()


class FunctionalLimit(WordsOfFunction):
    class Kind(models.TextChoices):
        """The same list whatever the reason: a limit of timetable or place comes from many things, and says of none."""

        MOVEMENT = "movement", _("movimento e sforzo")
        PACE = "pace", _("ritmo e attenzione")
        PEOPLE = "people", _("stare con gli altri")
        WORDS = "words", _("leggere, scrivere, capire la lingua")
        SENSES = "senses", _("vista e udito")
        SURROUNDINGS = "surroundings", _("ambiente: rumore, polvere, altezza, temperatura")
        TIMETABLE = "timetable", _("orario")
        PLACE = "place", _("luogo e spostamenti")

    kind = models.CharField(_("che cosa riguarda"), max_length=20, choices=Kind.choices)
    text = models.CharField(_("limite o vincolo"), max_length=300)

    class Meta:
        verbose_name = _("limite o vincolo")
        verbose_name_plural = _("limiti e vincoli")
        ordering = ["kind", "id"]
        indexes = [models.Index(fields=["subject"], name="cases_limit_of_subject")]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="cases_limit_dates"
            )
        ]


class Accommodation(WordsOfFunction):
    """What the workplace does so that the person can work there."""

    class Kind(models.TextChoices):
        TIMETABLE = "timetable", _("orario e pause")
        TASKS = "tasks", _("compiti")
        PLACE = "place", _("postazione e luogo")
        TOOLS = "tools", _("strumenti")
        GUIDANCE = "guidance", _("affiancamento e modo di spiegare")

    kind = models.CharField(_("che cosa riguarda"), max_length=20, choices=Kind.choices)
    text = models.CharField(_("accomodamento"), max_length=300)

    class Meta:
        verbose_name = _("accomodamento")
        verbose_name_plural = _("accomodamenti")
        ordering = ["kind", "id"]
        indexes = [models.Index(fields=["subject"], name="cases_accommodation_of_subject")]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="cases_accommodation_dates"
            )
        ]


class Revealing(Exception):
    """The words would tell a diagnosis, a measure or a service; `words` are those found."""

    def __init__(self, words):
        self.words = words
        super().__init__(", ".join(words))


def set_limit(*, case, kind, text, valid_from, by, now, valid_to=None):
    """A limit or a constraint, in words of function. Raises Revealing."""
    return _set(FunctionalLimit, case, kind, text, valid_from, valid_to, by, now)


def set_accommodation(*, case, kind, text, valid_from, by, now, valid_to=None):
    """Something the workplace does. Raises Revealing."""
    return _set(Accommodation, case, kind, text, valid_from, valid_to, by, now)


def _set(model, case, kind, text, valid_from, valid_to, by, now):
    if words := revealing(text):
        raise Revealing(words)
    row = model.objects.create(
        subject_id=case.subject_id,
        zone_id=case.zone_id,
        case=case,
        kind=kind,
        text=text.strip(),
        valid_from=valid_from,
        valid_to=valid_to,
        recorded_at=now,
        recorded_by=by.user,
    )
    log.act("set", row, by=by, now=now, kind=str(kind))
    return row


def withdraw(*, row, by, now):
    """It no longer holds; the row stays."""
    row.superseded_at = now
    row.save(update_fields=["superseded_at"])
    log.act("withdraw", row, by=by, now=now, kind=row.kind)
