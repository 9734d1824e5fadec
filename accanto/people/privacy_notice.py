from django.db import models
from django.utils.translation import gettext_lazy as _

from accanto.access import log
from accanto.access.subject import StandingRows, SubjectRow


class Topic(models.TextChoices):
    """What a person in charge must have been told: the seven things of art. 29 of the social workers' code (2020), the
    right to the life plan (D.Lgs. 62/2024 art. 15 c. 4) and the privacy notice, which asks for no consent."""

    PRIVACY = "privacy", _("come sono trattati i suoi dati (informativa privacy)")
    RIGHTS = "rights", _("i suoi diritti e i suoi doveri")
    COMMITMENTS = "commitments", _("gli impegni reciproci")
    PROGRAMMES = "programmes", _("i programmi e gli strumenti")
    RESOURCES = "resources", _("le risorse che ci sono")
    CONSEQUENCES = "consequences", _("che cosa può succedere, anche se dice di no")
    LIFE_PLAN = "life_plan", _("il diritto al progetto di vita")


class PrivacyNotice(SubjectRow):
    """Something the person was told, when and how: adapted to what they understand (R-PAR-03). Said again, the earlier
    line is superseded and stays."""

    class How(models.TextChoices):
        SPOKEN = "spoken", _("a voce")
        WRITTEN = "written", _("a voce e con il foglio scritto")
        PLAIN = "plain", _("con il foglio in parole facili")
        MEDIATED = "mediated", _("con un mediatore o un interprete")

    topic = models.CharField(_("argomento"), max_length=20, choices=Topic.choices)
    how = models.CharField(_("come"), max_length=10, choices=How.choices)
    told_on = models.DateField(_("detto il"))
    told_by = models.ForeignKey("access.User", models.PROTECT, verbose_name=_("detto da"), related_name="+")
    recorded_at = models.DateTimeField(_("scritto il"))
    superseded_at = models.DateTimeField(_("sostituito il"), null=True, blank=True)

    objects = StandingRows.as_manager()

    class Meta:
        verbose_name = _("informazione data")
        verbose_name_plural = _("informazioni date")
        ordering = ["told_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "topic"],
                condition=models.Q(superseded_at=None),
                name="people_privacynotice_one_standing",
            )
        ]

    def __str__(self):
        return self.get_topic_display()


def tell(*, person, topics, how, on, by, now):
    """The person was told these topics on a day."""
    rows = PrivacyNotice.objects.of(person.subject_id).standing()
    rows.filter(topic__in=topics).update(superseded_at=now)
    told = PrivacyNotice.objects.bulk_create(
        PrivacyNotice(
            subject_id=person.subject_id,
            zone_id=person.zone_id,
            topic=topic,
            how=how,
            told_on=on,
            told_by=by.user,
            recorded_at=now,
        )
        for topic in topics
    )
    if told:
        log.act("tell", told[0], by=by, now=now, topics=[str(topic) for topic in topics])
    return told
