from collections import defaultdict

from django.core.validators import RegexValidator
from django.db import connection, models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accanto.access import log


class Hosts(models.QuerySet):
    def with_place(self):
        return self.select_related("organisation", "municipality")

    def receiving(self):
        return self.filter(closed_on=None)

    def near_first(self, zone_id):
        """Those seated in the zone first, then by name."""
        here = models.Case(
            models.When(municipality__zone_id=zone_id, then=0), default=1, output_field=models.IntegerField()
        )
        return self.order_by(here, "organisation__name", "pk")


class Host(models.Model):
    """Who receives trainees (soggetto ospitante): private and public employers, third-sector bodies (DGR 620/2020).

    The type also decides the term of the mandatory notice (R-CO-05)."""

    class Type(models.TextChoices):
        PRIVATE_EMPLOYER = "private_employer", _("datore di lavoro privato")
        PUBLIC_BODY = "public_body", _("pubblica amministrazione")
        STATE_SCHOOL = "state_school", _("scuola statale o paritaria")
        PRIVATE_SCHOOL = "private_school", _("scuola o ente di formazione privato")
        VOLUNTEER_BODY = "volunteer_body", _("organizzazione di volontariato")
        SOCIAL_PROMOTION_BODY = "social_promotion_body", _("associazione di promozione sociale")
        SOCIAL_COOPERATIVE = "social_cooperative", _("cooperativa sociale")
        THIRD_SECTOR = "third_sector", _("altro ente del Terzo settore")

    organisation = models.OneToOneField("access.Organisation", models.PROTECT, related_name="host")
    type = models.CharField(_("tipo"), max_length=30, choices=Type.choices, default=Type.PRIVATE_EMPLOYER)
    municipality = models.ForeignKey(
        "territory.Municipality", models.PROTECT, verbose_name=_("comune della sede"), related_name="+"
    )
    address = models.CharField(_("indirizzo della sede"), max_length=200, blank=True)
    permanent_staff = models.PositiveIntegerField(_("dipendenti a tempo indeterminato"), null=True, blank=True)
    contact_name = models.CharField(_("referente"), max_length=120, blank=True)
    phone = models.CharField(
        _("telefono"), max_length=40, blank=True, validators=[RegexValidator(r"^[0-9+ ./()-]*$", _("Solo cifre."))]
    )
    email = models.EmailField(_("posta elettronica"), blank=True)
    closed_on = models.DateField(_("non accoglie più dal"), null=True, blank=True)
    closing_words = models.CharField(_("perché"), max_length=300, blank=True)

    objects = Hosts.as_manager()

    class Meta:
        verbose_name = _("soggetto ospitante")
        verbose_name_plural = _("soggetti ospitanti")
        indexes = [
            models.Index(fields=["id"], condition=models.Q(closed_on__isnull=False), name="traineeships_host_closed")
        ]

    def __str__(self):
        return str(self.organisation)


def register(*, name, tax_code, by, now, **details):
    """A host and its body. The body is shared by the whole region: where one of that name is already known it is used.

    Returns None where a host of that name exists already: correct that one instead."""
    with connection.cursor() as cursor:
        cursor.execute("select register_host_body(%s, %s)", [name.strip(), tax_code.strip()])
        (body,) = cursor.fetchone()
    if Host.objects.filter(organisation_id=body).exists():
        return None
    host = Host.objects.create(organisation_id=body, **details)
    log.act("register", host, by=by, now=now)
    return host


def change(*, host, by, now, **details):
    """Correct a host. Where its seat moves, the programme of those who are there changes with it (R-CAR-02): it is
    written for all of them, of every zone, whether or not anybody needs a leave. Returns how many they are."""
    changed = [name for name, value in details.items() if getattr(host, name) != value]
    for name in changed:
        setattr(host, name, details[name])
    if changed:
        host.save(update_fields=changed)
        log.act("change", host, by=by, now=now, fields=changed)
    return moved(host=host, now=now) if {"municipality", "address"} & set(changed) else 0


def moved(*, host, now, seat=None):
    """A seat has moved: the plans of those who are there, to start or running, are marked. How many."""
    with connection.cursor() as cursor:
        cursor.execute("select seat_moved(%s, %s, %s)", [host.pk, seat.pk if seat else None, timezone.localdate(now)])
        return cursor.fetchone()[0]


def close(*, host, on, words, by, now):
    """It takes nobody more: its open places and its links end with it. Traineeships do not: each is ended or moved by
    who follows it. Returns the places withdrawn and the links revoked by this office; those of other zones are told
    by the host's own mark, and no place of a closed host is shown as open."""
    host.closed_on, host.closing_words = on, words.strip()
    host.save(update_fields=["closed_on", "closing_words"])
    places = host.places.filter(zone_id=by.zone_id, state__in=["offered", "open", "paused"]).update(state="withdrawn")
    links = host.offer_links.filter(zone_id=by.zone_id, revoked_at=None).update(revoked_at=now, revoked_by=by.user)
    log.act("close", host, by=by, now=now, places=places, links=links)
    return places, links


def reopen(*, host, by, now):
    """It takes people again; its places are opened again one by one."""
    host.closed_on, host.closing_words = None, ""
    host.save(update_fields=["closed_on", "closing_words"])
    log.act("reopen", host, by=by, now=now)


def trainees(hosts):
    """{host id: (running, to start)} over every zone: figures, and nobody's name."""
    with connection.cursor() as cursor:
        cursor.execute("select host_id, running, to_start from host_trainees(%s)", [[host.pk for host in hosts]])
        return {host: (running, to_start) for host, running, to_start in cursor.fetchall()}


def trainees_of_its_lists(host):
    """{("seat" or "tutor", id): (running, to start)} over every zone, of its other seats and of its tutors."""
    with connection.cursor() as cursor:
        cursor.execute("select list, id, running, to_start from trainees_of_its_lists(%s)", [host.pk])
        found = {(of_list, pk): (running, to_start) for of_list, pk, running, to_start in cursor.fetchall()}
    return defaultdict(lambda: (0, 0), found)
