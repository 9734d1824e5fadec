"""What a person asks of a place, as hours, places and lists: what a proposal is made from. Never the reason of it."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accanto.access import log
from accanto.access.subject import StandingRows, SubjectRow
from accanto.cases.limits import Accommodation
from accanto.traineeships.place import WEEK, Access, Setting

# what a workplace does and what its building has, in one list: no two have the same name
NEEDS = [*Accommodation.Kind.choices, *Access.choices]


class PlaceSearch(SubjectRow):
    """Never overwritten: who writes it again supersedes it."""

    class Priority(models.IntegerChoices):
        ORDINARY = 0, _("ordinaria")
        HIGH = 1, _("alta")
        URGENT = 2, _("urgente")

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="place_searches")
    max_minutes = models.PositiveSmallIntegerField(_("viaggio, al più, in minuti"), null=True, blank=True)
    # from Monday to Sunday, None where one may not be out; both empty where any hour will do
    out_from = ArrayField(models.TimeField(null=True), default=list, blank=True, verbose_name=_("fuori casa dalle"))
    out_to = ArrayField(models.TimeField(null=True), default=list, blank=True, verbose_name=_("alle"))
    only_in = ArrayField(models.CharField(max_length=6), default=list, blank=True, verbose_name=_("solo nei comuni"))
    never_in = ArrayField(models.CharField(max_length=6), default=list, blank=True, verbose_name=_("mai nei comuni"))
    needs = ArrayField(
        models.CharField(max_length=20, choices=NEEDS), default=list, blank=True, verbose_name=_("che cosa le serve")
    )
    # the dearest first
    wishes = ArrayField(
        models.CharField(max_length=20, choices=Setting.choices),
        default=list,
        blank=True,
        verbose_name=_("dove vorrebbe"),
    )
    refuses = ArrayField(
        models.CharField(max_length=20, choices=Setting.choices), default=list, blank=True, verbose_name=_("dove no")
    )
    priority = models.SmallIntegerField(_("priorità per l’équipe"), choices=Priority.choices, default=Priority.ORDINARY)
    recorded_at = models.DateTimeField(_("scritta il"))
    recorded_by = models.ForeignKey("access.User", models.PROTECT, related_name="+")
    superseded_at = models.DateTimeField(_("sostituita il"), null=True, blank=True)

    objects = StandingRows.as_manager()

    class Meta:
        verbose_name = _("ricerca di un posto")
        verbose_name_plural = _("ricerche di un posto")
        ordering = ["-recorded_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(superseded_at=None), name="traineeships_placesearch_one_standing"
            ),
            models.CheckConstraint(
                condition=Q(out_from__len=0, out_to__len=0) | Q(out_from__len=WEEK, out_to__len=WEEK),
                name="traineeships_placesearch_week",
            ),
            models.CheckConstraint(
                condition=Q(priority__gte=0, priority__lte=2), name="traineeships_placesearch_priority"
            ),
            models.CheckConstraint(
                condition=Q(max_minutes=None) | Q(max_minutes__gte=1, max_minutes__lte=240),
                name="traineeships_placesearch_minutes",
            ),
        ]

    def __str__(self):
        return str(self.case_id)


FIELDS = ("max_minutes", "out_from", "out_to", "only_in", "never_in", "needs", "wishes", "refuses", "priority")


def describe(*, case, by, now, **asked):
    """Write what is asked, superseding what stands. `asked` has the names of `FIELDS`."""
    PlaceSearch.objects.of(case.subject_id).standing().filter(case=case).update(superseded_at=now)
    row = PlaceSearch.objects.create(
        subject_id=case.subject_id, zone_id=case.zone_id, case=case, recorded_at=now, recorded_by=by.user, **asked
    )
    log.act("describe", row, by=by, now=now)
    return row
