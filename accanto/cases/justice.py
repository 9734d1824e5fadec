from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accanto.access import log
from accanto.access.subject import StandingRows, SubjectRow
from accanto.cases import limits
from accanto.norms.functional_words import revealing


class JusticeMeasures(StandingRows):
    def in_force(self, day):
        return self.standing().filter(
            Q(valid_from=None) | Q(valid_from__lte=day), Q(valid_to=None) | Q(valid_to__gte=day)
        )


class JusticeMeasure(SubjectRow):
    """A measure of the judicial authority a person works under (GDPR art. 10, R-GDPR-03). Of the public offices only
    the manager and the live team of that case read it; what others need is in the limits, without the reason.

    `authorised_on` is the day of the magistrate's act that allows the work outside (R-CAR-01): before it no traineeship
    begins. A new act supersedes the row with one of its own date (R-CAR-02)."""

    class Kind(models.TextChoices):
        """Art. 21 and the alternative measures of `tis.alternative_measures` (R-CAR-03); a test compares them."""

        OUTSIDE_WORK = "21", _("lavoro all’esterno (art. 21 L. 354/1975)")
        PROBATION = "47", _("affidamento in prova (art. 47 L. 354/1975)")
        PROBATION_TREATMENT = "47-bis", _("affidamento in casi particolari (art. 47-bis L. 354/1975)")
        HOME_DETENTION = "47-ter", _("detenzione domiciliare (art. 47-ter L. 354/1975)")
        SEMI_LIBERTY = "48", _("semilibertà (art. 48 L. 354/1975)")
        OTHER = "other", _("altro provvedimento")

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="+")
    kind = models.CharField(_("misura"), max_length=10, choices=Kind.choices)
    authorised_on = models.DateField(_("provvedimento del magistrato del"), null=True, blank=True)
    valid_from = models.DateField(_("in vigore dal"), null=True, blank=True)
    valid_to = models.DateField(_("fino al"), null=True, blank=True)
    timetable_limits = models.CharField(_("limiti di orario"), max_length=300, blank=True)
    place_limits = models.CharField(_("limiti di luogo"), max_length=300, blank=True)
    note = models.TextField(_("annotazioni"), blank=True)
    recorded_at = models.DateTimeField(_("registrato il"))
    recorded_by = models.ForeignKey("access.User", models.PROTECT, related_name="+")
    superseded_at = models.DateTimeField(_("sostituito il"), null=True, blank=True)

    objects = JusticeMeasures.as_manager()

    class Meta:
        verbose_name = _("provvedimento giudiziario")
        verbose_name_plural = _("provvedimenti giudiziari")
        ordering = ["-id"]
        indexes = [models.Index(fields=["subject"], name="cases_justice_of_subject")]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="cases_justice_dates",
            )
        ]

    def __str__(self):
        return self.get_kind_display()


SHARED = {
    "timetable_limits": limits.FunctionalLimit.Kind.TIMETABLE,
    "place_limits": limits.FunctionalLimit.Kind.PLACE,
}


def record(*, case, kind, by, now, day, instead_of=None, **details):
    """A measure, or the new act that takes the place of another. `day` is today: from it its limits of timetable and
    place hold, which are written also where the employment centre and the tutors read them, and those of timetable
    where the host does, in the same words and without the reason. Raises `limits.Revealing`."""
    words = [word for name in SHARED for word in revealing(details.get(name, ""))]
    if words:
        raise limits.Revealing(list(dict.fromkeys(words)))
    if instead_of is not None:
        end(measure=instead_of, by=by, now=now, verb="renew")
    row = JusticeMeasure.objects.create(
        subject_id=case.subject_id,
        zone_id=case.zone_id,
        case=case,
        kind=kind,
        recorded_at=now,
        recorded_by=by.user,
        **{name: value.strip() if isinstance(value, str) else value for name, value in details.items()},
    )
    log.act("record", row, by=by, now=now, instead_of=instead_of and instead_of.pk, sealed=True)
    starts = max(day, row.valid_from or day)
    ends = row.valid_to if row.valid_to and row.valid_to >= starts else None
    for name, of_kind in SHARED.items():
        if text := getattr(row, name):
            told = {"case": case, "text": text, "valid_from": starts, "valid_to": ends, "by": by, "now": now}
            limits.set_limit(kind=of_kind, **told)
            if name == "timetable_limits":
                limits.set_accommodation(kind=limits.Accommodation.Kind.TIMETABLE, **told)
    return row


def end(*, measure, by, now, verb="withdraw"):
    """The measure no longer holds, and with it the limits written for it."""
    measure.superseded_at = now
    measure.save(update_fields=["superseded_at"])
    log.act(verb, measure, by=by, now=now, sealed=True)
    for model in (limits.FunctionalLimit, limits.Accommodation):
        texts = {
            of_kind: getattr(measure, name)
            for name, of_kind in SHARED.items()
            if getattr(measure, name) and (model is limits.FunctionalLimit or name == "timetable_limits")
        }
        for kind, text in texts.items():
            for row in model.objects.of(measure.subject_id).standing().filter(kind=kind, text=text):
                limits.withdraw(row=row, by=by, now=now)
