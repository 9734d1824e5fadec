"""The acts the plan stands on: laws, decrees, resolutions, calls, and what one does to another."""

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models, transaction
from django.db.models import F, Q
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from accanto.access import log
from accanto.access.standing import StandingFacts
from accanto.plan.bilingual import BilingualField
from accanto.plan.grade import Grade

OF_A_ZONE = ("DELIBERA", "DETERMINA", "CONVENZIONE", "AVVISO", "ALTRO")


class Acts(models.QuerySet):
    def of_the_pack(self):
        """Those of the region pack, which only it changes; the others were entered by an office."""
        return self.filter(entered_at=None)

    def written_by(self, acting):
        """Those that this office may correct: its own zone's, or the Region's."""
        return self.filter(entered_at__isnull=False, zone=acting.zone_id if acting.reads_by_zone else None)

    def for_office(self, acting):
        """Those on which an office may stand something of its own: its zone's first, then those of all."""
        rows = self.filter(Q(zone=None) | Q(zone=acting.zone_id))
        return rows.order_by(F("zone").asc(nulls_last=True), F("date").desc(nulls_last=True), "order", "id")

    def newest_first(self):
        return self.order_by(F("date").desc(nulls_last=True), F("year").desc(nulls_last=True), "order", "id")


class Act(models.Model):
    """An act the plan stands on. A day or a number that nobody has found is empty, never guessed."""

    class Read(models.TextChoices):
        NONE = "none", _("testo non letto")
        SUMMARY = "summary", _("letta una pagina che lo riassume")
        PART = "part", _("letto in parte")
        FULL = "full", _("letto per intero")

    class Kind(models.TextChoices):
        REG_UE = "REG_UE", _("regolamento dell’Unione europea")
        L = "L", _("legge dello Stato")
        DLGS = "DLGS", _("decreto legislativo")
        DL = "DL", _("decreto-legge")
        DI = "DI", _("decreto interministeriale")
        DM = "DM", _("decreto ministeriale")
        DPCM = "DPCM", _("decreto del Presidente del Consiglio")
        ACCORDO = "ACCORDO", _("accordo in Conferenza")
        LR = "LR", _("legge regionale")
        DPGR = "DPGR", _("regolamento o decreto del Presidente della Giunta")
        DGR = "DGR", _("delibera della Giunta regionale")
        DCR = "DCR", _("delibera del Consiglio regionale")
        DD = "DD", _("decreto dirigenziale")
        AVVISO = "AVVISO", _("avviso")
        NOTA = "NOTA", _("nota o circolare")
        DELIBERA = "DELIBERA", _("delibera di un comune o di una Società della Salute")
        DETERMINA = "DETERMINA", _("determina")
        CONVENZIONE = "CONVENZIONE", _("convenzione o protocollo")
        ALTRO = "ALTRO", _("altro atto")

    code = models.SlugField(_("codice"), max_length=60, unique=True)
    order = models.PositiveSmallIntegerField(_("ordine"))
    kind = models.CharField(_("tipo"), max_length=20, choices=Kind.choices)
    issuer = models.CharField(_("emanato da"), max_length=120)
    # of the acts of a zone: its own resolutions, on which its local values stand
    zone = models.ForeignKey(
        "territory.Zone", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("zona")
    )
    number = models.CharField(_("numero"), max_length=20, blank=True)
    date = models.DateField(_("data"), null=True, blank=True)
    year = models.PositiveSmallIntegerField(_("anno"), null=True, blank=True)
    subject = BilingualField(_("oggetto"))
    # the keys of the sheets' sources that are pages of this act: what the law takes from it
    sheet_sources = ArrayField(
        models.CharField(max_length=60), default=list, blank=True, verbose_name=_("fonti delle schede")
    )
    grade = models.CharField(_("quanto è certo"), max_length=10, choices=Grade.choices)
    content_read = models.CharField(_("quanto se ne è letto"), max_length=10, choices=Read.choices)
    link = models.URLField(_("collegamento"), max_length=300, blank=True)
    source = models.CharField(_("fonte"), max_length=300, blank=True)
    entered_at = models.DateTimeField(_("registrato il"), null=True, blank=True)
    entered_by = models.ForeignKey("access.User", models.PROTECT, null=True, blank=True, related_name="+")

    objects = Acts.as_manager()

    class Meta:
        verbose_name = _("atto")
        verbose_name_plural = _("atti")
        ordering = ["order", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(entered_at=None, entered_by=None, zone=None)
                | Q(entered_at__isnull=False, entered_by__isnull=False),
                name="plan_act_entered_by_somebody",
            ),
            models.CheckConstraint(condition=Q(code__regex=r"^[-a-z0-9_]+$"), name="plan_act_code_of_an_address"),
            models.CheckConstraint(condition=Q(link="") | Q(link__regex=r"^https?://"), name="plan_act_link_of_a_page"),
            models.CheckConstraint(
                condition=Q(entered_at=None) | Q(sheet_sources=[]), name="plan_act_sources_of_the_pack"
            ),
            models.CheckConstraint(condition=Q(zone=None) | Q(kind__in=OF_A_ZONE), name="plan_act_of_a_zone"),
        ]

    def __str__(self):
        words = {
            "REG_UE": "Reg. UE",
            "DLGS": "D.Lgs.",
            "DL": "D.L.",
            "LR": "L.R.",
            "L": "L.",
            "AVVISO": "Avviso",
            "ACCORDO": "Accordo",
            "NOTA": "Nota",
            "DELIBERA": f"Delibera {self.issuer}",
            "DETERMINA": f"Determina {self.issuer}",
            "CONVENZIONE": f"Convenzione {self.issuer}",
            "ALTRO": self.issuer,
        }
        number = f"n. {self.number}" if self.number else ""
        when = f"del {self.date:%d/%m/%Y}" if self.date else f"({self.year})" if self.year else ""
        return " ".join(part for part in (words.get(self.kind, self.kind), number, when) if part)


class ActLink(models.Model):
    """What an act does to another, from a day on: the chain by which a text came to say what it says."""

    class Verb(models.TextChoices):
        AMENDS = "amends", _("modifica")
        CORRECTS = "corrects", _("rettifica")
        COMPLETES = "completes", _("completa")
        IMPLEMENTS = "implements", _("attua")
        EXTENDS = "extends", _("proroga")
        REPEALS = "repeals", _("abroga")

    PASSIVE = {
        Verb.AMENDS: _("modificato da"),
        Verb.CORRECTS: _("rettificato da"),
        Verb.COMPLETES: _("completato da"),
        Verb.IMPLEMENTS: _("attuato da"),
        Verb.EXTENDS: _("prorogato da"),
        Verb.REPEALS: _("abrogato da"),
    }

    act = models.ForeignKey(Act, models.PROTECT, related_name="links")
    verb = models.CharField(_("che cosa fa"), max_length=12, choices=Verb.choices)
    other = models.ForeignKey(Act, models.PROTECT, related_name="linked_by", verbose_name=_("a quale atto"))
    starts = models.DateField(_("dal"), null=True, blank=True)
    note = models.CharField(_("in che cosa"), max_length=300, blank=True)
    recorded_at = models.DateTimeField(_("registrato il"), null=True, blank=True)  # empty: of the pack
    recorded_by = models.ForeignKey("access.User", models.PROTECT, null=True, blank=True, related_name="+")
    superseded_at = models.DateTimeField(_("tolto il"), null=True, blank=True)

    objects = StandingFacts.as_manager()

    class Meta:
        verbose_name = _("legame tra atti")
        verbose_name_plural = _("legami tra atti")
        ordering = ["act", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["act", "verb", "other"], condition=Q(superseded_at=None), name="plan_act_link_once"
            ),
            models.CheckConstraint(condition=~Q(act=F("other")), name="plan_act_link_of_two_acts"),
        ]

    def __str__(self):
        return f"{self.act} {self.get_verb_display()} {self.other}"

    @property
    def passive(self):
        return self.PASSIVE[self.verb]


class AlreadyThere(Exception):
    """An act of that kind, issuer, number and year is there; it is the exception's first argument."""


def code_of(*, kind, number, date, year, zone=None):
    """«dgr-557-2022», «delibera-12-2026-mugello»: kind, number and year, and the zone of a zone's act."""
    words = [kind, number.replace("/", "-"), str(date.year if date else year or ""), zone.code if zone else ""]
    return slugify("-".join(word for word in words if word).replace("_", "-").replace(".", "-"))[:50].strip("-")


def same_as(*, zone, kind, issuer, number, date, year, subject, **_rest):
    """The act of that kind, body, number and year, or None; without a number, the one of that day about the same."""
    rows = Act.objects.filter(zone=zone, kind=kind, issuer__iexact=issuer.strip(), number__iexact=number.strip())
    rows = rows.filter(Q(date__year=date.year) | Q(year=date.year) if date else Q(year=year) | Q(date__year=year))
    if not number.strip():
        rows = rows.filter(date=date, subject=subject)
    return rows.order_by("id").first()


def alone():
    """Acts are entered one at a time: pressed twice, the second finds the first."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(-3, 0)")


EDITABLE = ("kind", "issuer", "number", "date", "year", "subject", "grade", "content_read", "link", "source")


@transaction.atomic
def enter(*, zone, by, now, **said) -> Act:
    """Enter an act of the Region, or of a zone. Raises AlreadyThere."""
    alone()
    if twin := same_as(zone=zone, **said):
        raise AlreadyThere(twin)
    wanted = code_of(kind=said["kind"], number=said["number"], date=said["date"], year=said["year"], zone=zone)
    taken = set(Act.objects.filter(code__startswith=wanted).values_list("code", flat=True))
    # two bodies number their acts alike
    code = next(one for n in range(1, 10_000) if (one := wanted if n == 1 else f"{wanted}-{n}") not in taken)
    row = Act.objects.create(code=code, zone=zone, order=1000, entered_at=now, entered_by=by.user, **said)
    log.act("enter", row, by=by, now=now, code=code)
    return row


@transaction.atomic
def correct(*, act, by, now, **said):
    """Correct what an office entered; its address stays, and the log keeps what was there. Raises AlreadyThere."""
    alone()
    twin = same_as(zone=act.zone, **said)
    if twin and twin.pk != act.pk:
        raise AlreadyThere(twin)
    before = {name: str(getattr(act, name)) for name in said if getattr(act, name) != said[name]}
    for name, value in said.items():
        setattr(act, name, value)
    if before:
        act.save(update_fields=list(before))
        log.act("correct", act, by=by, now=now, before=before)
    return act


@transaction.atomic
def link(*, act, verb, other, by, now, starts=None, note="") -> ActLink:
    """Say what an act does to another. Said again it is the same; with another day or in other words, it supersedes."""
    alone()
    said = {"starts": starts, "note": note.strip()}
    before = ActLink.objects.standing().filter(act=act, verb=verb, other=other).first()
    if before and said == {"starts": before.starts, "note": before.note}:
        return before
    if before:
        unlink(row=before, by=by, now=now)
    row = ActLink.objects.create(act=act, verb=verb, other=other, recorded_at=now, recorded_by=by.user, **said)
    log.act("link", row, by=by, now=now, what=str(verb), other=other.code)
    return row


@transaction.atomic
def unlink(*, row, by, now):
    """It was a mistake: the link stands no more, and stays on record."""
    row.superseded_at = now
    row.save(update_fields=["superseded_at"])
    log.act("unlink", row, by=by, now=now)
