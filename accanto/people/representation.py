from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accanto.access import log
from accanto.access.subject import StandingRows, SubjectRow, SubjectRows
from accanto.norms import representation as norms


class Power(models.TextChoices):
    """The acts that a decree lists (art. 405 c.c.), in the words of whoever must know who signs."""

    PERSONAL_PLAN = "personal_plan", _("firmare il progetto personalizzato")
    TRAINEESHIP = "traineeship", _("firmare il progetto di tirocinio")
    WORK = "work", _("firmare un contratto di lavoro")
    BENEFITS = "benefits", _("chiedere e riscuotere prestazioni")
    MONEY = "money", _("amministrare il denaro di ogni giorno")
    PROPERTY = "property", _("amministrare beni e risparmi")
    HOUSING = "housing", _("affitto, residenza, utenze")
    DOCUMENTS = "documents", _("documenti e rapporti con gli uffici")
    HEALTH = "health", _("consenso alle cure")


class Representations(StandingRows):
    def lapsed(self, day):
        """Decrees whose last day has gone by, of which nobody has said what happened."""
        return self.filter(decree_on__isnull=False, ends__lt=day, ending="")

    def on(self, day):
        return self.filter(Q(ends=None) | Q(ends__gte=day), starts__lte=day)


class Representation(SubjectRow):
    """Who acts for the person or beside them, by a decree or by law, from a day to another."""

    class Kind(models.TextChoices):
        SUPPORT_ADMINISTRATOR = "support_administrator", _("amministratore di sostegno")
        GUARDIAN = "guardian", _("tutore")
        CURATOR = "curator", _("curatore")
        PARENTS = "parents", _("genitori")
        VOLUNTARY_GUARDIAN = "voluntary_guardian", _("tutore volontario di minore non accompagnato")

    class Ending(models.TextChoices):
        """What happened at the end of a decree: until somebody says it, its last day is only what the decree said."""

        AS_WRITTEN = "as_written", _("è finita nel giorno scritto")
        NOT_RENEWED = "not_renewed", _("il decreto è scaduto e non è stato rinnovato")
        REVOKED = "revoked", _("il giudice l’ha revocata")
        REPLACED = "replaced", _("c’è un decreto nuovo")

    kind = models.CharField(_("in quale veste"), max_length=30, choices=Kind.choices)
    name = models.CharField(_("nome e cognome"), max_length=160)
    contacts = models.CharField(_("come raggiungerlo"), max_length=160, blank=True)
    court = models.CharField(_("tribunale"), max_length=120, blank=True)
    decree_on = models.DateField(_("decreto del"), null=True, blank=True)
    decree_number = models.CharField(_("numero"), max_length=40, blank=True)
    starts = models.DateField(_("dal"))
    ends = models.DateField(_("al"), null=True, blank=True)
    ending = models.CharField(_("che cosa è successo"), max_length=20, choices=Ending.choices, blank=True, default="")
    # euros a month; None where the decree sets none
    spending_limit = models.DecimalField(
        _("limite di spesa al mese"), max_digits=9, decimal_places=2, null=True, blank=True
    )
    report_every_months = models.PositiveSmallIntegerField(_("rendiconto ogni quanti mesi"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("scritto il"))
    recorded_by = models.ForeignKey("access.User", models.PROTECT, related_name="+")
    superseded_at = models.DateTimeField(_("sostituito il"), null=True, blank=True)

    objects = Representations.as_manager()

    class Meta:
        verbose_name = _("rappresentanza")
        verbose_name_plural = _("rappresentanze")
        ordering = ["starts", "id"]
        indexes = [
            models.Index(
                fields=["zone", "subject", "ends"], condition=Q(superseded_at=None), name="people_representation_ends"
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends=None) | Q(ends__gte=models.F("starts")), name="people_representation_dates"
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["support_administrator", "guardian", "curator"]) | Q(decree_on__isnull=False),
                name="people_representation_by_decree",
            ),
            models.CheckConstraint(
                condition=Q(spending_limit=None) | Q(spending_limit__gt=0), name="people_representation_limit"
            ),
            models.CheckConstraint(
                condition=Q(report_every_months=None) | Q(report_every_months__gt=0),
                name="people_representation_report",
            ),
        ]

    def __str__(self):
        return f"{self.name}, {self.get_kind_display()}"

    def has_lapsed(self, day):
        """The same as `Representations.lapsed`."""
        return bool(self.decree_on and self.ends and self.ends < day and not self.ending)

    def holds_on(self, day):
        return self.starts <= day and (self.ends is None or self.ends >= day)

    @property
    def of_minor(self):
        return self.kind in OF_MINORS


BY_DECREE = (
    Representation.Kind.SUPPORT_ADMINISTRATOR,
    Representation.Kind.GUARDIAN,
    Representation.Kind.CURATOR,
)
OF_MINORS = (Representation.Kind.PARENTS, Representation.Kind.VOLUNTARY_GUARDIAN)


class RepresentationPower(SubjectRow):
    """One act of a decree: done for the person, or done by them with assistance (R-ADS-01). For every act that is not
    here the person acts alone."""

    class Mode(models.TextChoices):
        REPRESENTS = "represents", _("lo fa al suo posto")
        ASSISTS = "assists", _("lo fanno insieme")

    representation = models.ForeignKey("people.Representation", models.PROTECT, related_name="powers")
    power = models.CharField(_("atto"), max_length=20, choices=Power.choices)
    mode = models.CharField(_("come"), max_length=12, choices=Mode.choices)

    objects = SubjectRows.as_manager()

    class Meta:
        verbose_name = _("potere del decreto")
        verbose_name_plural = _("poteri del decreto")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["representation", "power"], name="people_representationpower_once")
        ]

    def __str__(self):
        return self.get_power_display()


class Dissents(SubjectRows):
    def to_tell(self):
        return self.filter(done_on=None)


class Dissent(SubjectRow):
    """The person does not agree with an act of who represents them, in their own words. It blocks nothing: the
    guardianship judge is told (R-ADS-02), and `done_on` is the day on which it was done."""

    power = models.CharField(_("su quale atto"), max_length=20, choices=Power.choices, blank=True)
    own_words = models.TextField(_("con le parole della persona"))
    said_on = models.DateField(_("detto il"))
    recorded_at = models.DateTimeField(_("scritto il"))
    recorded_by = models.ForeignKey("access.User", models.PROTECT, related_name="+")
    done_on = models.DateField(_("informato il giudice tutelare il"), null=True, blank=True)

    objects = Dissents.as_manager()

    class Meta:
        verbose_name = _("dissenso")
        verbose_name_plural = _("dissensi")
        ordering = ["said_on", "id"]
        indexes = [models.Index(fields=["zone", "subject"], condition=Q(done_on=None), name="people_dissent_to_tell")]

    def __str__(self):
        return self.own_words


def record(*, person, kind, name, starts, by, now, powers=None, instead_of=None, **decree):
    """Who represents the person, with the powers of the decree: {power: mode}. `decree` are the other columns;
    `instead_of` is the row that this one corrects, which is superseded."""
    with transaction.atomic():
        if instead_of:
            instead_of.superseded_at = now
            instead_of.save(update_fields=["superseded_at"])
        whose = {"subject_id": person.subject_id, "zone_id": person.zone_id}
        if decree.get("ends") and decree["ends"] < timezone.localdate(now):
            decree["ending"] = Representation.Ending.AS_WRITTEN  # written when it was over already
        row = Representation.objects.create(
            **whose, kind=kind, name=name.strip(), starts=starts, recorded_at=now, recorded_by=by.user, **decree
        )
        RepresentationPower.objects.bulk_create(
            RepresentationPower(**whose, representation=row, power=power, mode=mode)
            for power, mode in (powers or {}).items()
        )
    log.act("correct" if instead_of else "record", row, by=by, now=now, kind=str(kind))
    return row


def end(*, representation, on, by, now):
    """The decree holds no more after a day, not before its first. A day gone by is what happened; one to come is what
    the decree says."""
    representation.ends = max(on, representation.starts)
    gone_by = representation.ends <= timezone.localdate(now)
    representation.ending = Representation.Ending.AS_WRITTEN if gone_by else ""
    representation.save(update_fields=["ends", "ending"])
    log.act("end", representation, by=by, now=now)
    return representation


def say_ending(*, representation, ending, by, now):
    """What happened at the end of a decree that has expired; `ending` is one of `Representation.Ending`."""
    representation.ending = ending
    representation.save(update_fields=["ending"])
    log.act("end", representation, by=by, now=now)
    return representation


def dissent(*, person, own_words, on, by, now, power=""):
    """The person's dissent, from which comes the task of telling the judge."""
    row = Dissent.objects.create(
        subject_id=person.subject_id,
        zone_id=person.zone_id,
        power=power,
        own_words=own_words.strip(),
        said_on=on,
        recorded_at=now,
        recorded_by=by.user,
    )
    log.act("dissent", row, by=by, now=now)
    return row


def judge_told(*, dissent, on, by, now):
    """The guardianship judge knows of the dissent; the task is done."""
    dissent.done_on = max(on, dissent.said_on)
    dissent.save(update_fields=["done_on"])
    log.act("tell", dissent, by=by, now=now)
    return dissent


def judge_not_told(*, dissent, by, now):
    """It was marked by mistake: the task is there again."""
    dissent.done_on = None
    dissent.save(update_fields=["done_on"])
    log.act("reopen", dissent, by=by, now=now)
    return dissent


def powers_of(representations):
    """The acts of the decrees as the rules of the law take them: (done for the person, done with assistance). None,
    None where there is no decree. Powers must have been fetched (`prefetch_related("powers")`)."""
    decrees = [row for row in representations if row.kind in BY_DECREE]
    if not decrees:
        return None, None
    acts = {mode: set() for mode in RepresentationPower.Mode.values}
    for row in decrees:
        for power in row.powers.all():
            acts[power.mode].add(power.power)
    return acts[RepresentationPower.Mode.REPRESENTS], acts[RepresentationPower.Mode.ASSISTS]


def signers(*, representations, power, on, age, dissent=False):
    """Who signs an act, by the law and by the decrees in force: the signers of `norms.representation` and findings."""
    represented, assisted = powers_of(representations)
    return norms.signers(
        act=str(power), on=on, represented_acts=represented, assisted_acts=assisted, age=age, dissent=dissent
    )


def signatures(*, representations, power, on, age, signed):
    """What is not right in who signed. `signed` holds signers as `norms.representation` calls them, or the rows of who
    signed as a representative."""
    represented, assisted = powers_of(representations)
    found = {row if isinstance(row, str) else norms.PARENTS if row.of_minor else norms.ADMINISTRATOR for row in signed}
    return norms.signatures(
        act=str(power), on=on, represented_acts=represented, assisted_acts=assisted, age=age, signed=found
    )
