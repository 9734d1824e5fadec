"""A place offered to who is ready for a traineeship: what is done, where, when, and what the workplace can do for who
needs it. Nothing in it is about a person in charge."""

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accanto.access import log
from accanto.cases.limits import Accommodation, FunctionalLimit

WEEK = 7


class Setting(models.TextChoices):
    """Where one works; the kind of the host's body is another thing (a municipality may have a nursery garden)."""

    COMPANY = "company", _("azienda")
    AGRICULTURAL = "agricultural", _("agricoltura sociale")
    CULTURAL = "cultural", _("cultura e spettacolo")
    THIRD_SECTOR = "third_sector", _("Terzo settore")
    PUBLIC_BODY = "public_body", _("ente pubblico")


class State(models.TextChoices):
    """That no opening is left is not a state: it is counted (`taken`)."""

    OFFERED = "offered", _("da esaminare")
    OPEN = "open", _("aperto")
    PAUSED = "paused", _("in pausa")
    WITHDRAWN = "withdrawn", _("ritirato")
    DECLINED = "declined", _("non accolto")


class Transport(models.TextChoices):
    BUS = "bus", _("autobus o tram")
    TRAIN = "train", _("treno")
    WALK = "walk", _("a piedi o in bicicletta, dal centro abitato")
    SHUTTLE = "shuttle", _("mezzo dell’ospitante")
    CAR = "car", _("serve un mezzo proprio")


class Access(models.TextChoices):
    """What the building has."""

    STEP_FREE = "step_free", _("si entra e si lavora senza scalini")
    TOILET = "toilet", _("bagno accessibile")
    PARKING = "parking", _("posto auto riservato")
    SEATED = "seated", _("si può lavorare seduti")
    QUIET = "quiet", _("ambiente silenzioso")
    PLAIN_SIGNS = "plain_signs", _("istruzioni con figure o in parole facili")


class Places(models.QuerySet):
    def with_host(self):
        return self.select_related("host__organisation", "host__municipality", "seat", "municipality__zone", "zone")

    def open_on(self, day):
        """Accepted, not paused, and within its dates, whether or not an opening is left."""
        return self.filter(
            Q(valid_to=None) | Q(valid_to__gte=day), state=State.OPEN, valid_from__lte=day, host__closed_on=None
        )

    def with_room_on(self, day):
        """Those of `open_on` with an opening left: one query more, whatever their number."""
        taken = taken_by_place()
        openings = dict(self.model.objects.filter(pk__in=taken).order_by().values_list("pk", "openings"))
        return self.open_on(day).exclude(pk__in=[pk for pk, number in taken.items() if number >= openings.get(pk, 0)])

    def to_review(self):
        return self.filter(state=State.OFFERED)


class Place(models.Model):
    """So many openings, alike, at a seat of a host. The zone is that of the office which reviews and follows it; where
    one goes to work is the municipality."""

    host = models.ForeignKey("traineeships.Host", models.PROTECT, related_name="places")
    seat = models.ForeignKey(
        "traineeships.Seat", models.PROTECT, null=True, blank=True, related_name="places", verbose_name=_("sede")
    )
    municipality = models.ForeignKey(
        "territory.Municipality", models.PROTECT, verbose_name=_("comune"), related_name="+"
    )
    address = models.CharField(_("indirizzo, se non è una delle sedi"), max_length=200, blank=True)
    zone = models.ForeignKey("territory.Zone", models.PROTECT, verbose_name=_("zona che lo segue"), related_name="+")
    setting = models.CharField(_("ambito"), max_length=20, choices=Setting.choices)
    title = models.CharField(_("che cosa si fa, in poche parole"), max_length=120)
    tasks = models.TextField(_("le attività, giorno per giorno"), max_length=2000)
    skills = ArrayField(models.CharField(max_length=80), default=list, blank=True, verbose_name=_("che cosa serve"))
    openings = models.PositiveSmallIntegerField(_("quante persone"), default=1)
    weekly_hours = models.DecimalField(_("ore la settimana"), max_digits=5, decimal_places=2)
    # from Monday to Sunday, None where one does not work; both empty where the timetable is to be agreed on
    begins_at = ArrayField(models.TimeField(null=True), default=list, blank=True, verbose_name=_("dalle"))
    ends_at = ArrayField(models.TimeField(null=True), default=list, blank=True, verbose_name=_("alle"))
    timetable_note = models.CharField(_("pause, turni, stagioni"), max_length=200, blank=True)
    access = ArrayField(
        models.CharField(max_length=20, choices=Access.choices), default=list, blank=True, verbose_name=_("il luogo")
    )
    # the kinds of limit the work suits, and what the workplace does: the lists of `cases.limits`
    suits = ArrayField(
        models.CharField(max_length=20, choices=FunctionalLimit.Kind.choices),
        default=list,
        blank=True,
        verbose_name=_("tiene conto di limiti di"),
    )
    accommodations = ArrayField(
        models.CharField(max_length=20, choices=Accommodation.Kind.choices),
        default=list,
        blank=True,
        verbose_name=_("accomodamenti possibili"),
    )
    transport = ArrayField(
        models.CharField(max_length=20, choices=Transport.choices),
        default=list,
        blank=True,
        verbose_name=_("come si arriva"),
    )
    transport_note = models.CharField(_("fermate e orari"), max_length=200, blank=True)
    contact_name = models.CharField(_("a chi chiedere"), max_length=120, blank=True)
    contact_phone = models.CharField(_("telefono"), max_length=40, blank=True)
    valid_from = models.DateField(_("dal"))
    valid_to = models.DateField(_("al"), null=True, blank=True)
    state = models.CharField(_("stato"), max_length=10, choices=State.choices, default=State.OFFERED)
    # the last words of the office to who offered it: what it asks, or why not
    office_words = models.CharField(_("parole dell’ufficio"), max_length=500, blank=True)
    reviewed_at = models.DateTimeField(_("esaminato il"), null=True, blank=True)
    reviewed_by = models.ForeignKey("access.User", models.PROTECT, null=True, blank=True, related_name="+")
    offered_at = models.DateTimeField(_("offerto il"))
    # a worker who wrote it down, or the link by which the company wrote it itself
    offered_by = models.ForeignKey("access.User", models.PROTECT, null=True, blank=True, related_name="+")
    offered_through = models.ForeignKey(
        "traineeships.OfferLink", models.PROTECT, null=True, blank=True, related_name="places"
    )
    synthetic = models.BooleanField(_("dato sintetico"), default=False)

    objects = Places.as_manager()

    class Meta:
        verbose_name = _("posto")
        verbose_name_plural = _("posti")
        ordering = ["-offered_at", "-id"]
        indexes = [models.Index(fields=["zone", "state"], name="traineeships_place_of_zone")]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="traineeships_place_dates"
            ),
            models.CheckConstraint(condition=Q(openings__gte=1, openings__lte=200), name="traineeships_place_openings"),
            models.CheckConstraint(
                condition=Q(weekly_hours__gt=0, weekly_hours__lte=168), name="traineeships_place_weekly_hours"
            ),
            models.CheckConstraint(
                condition=Q(begins_at__len=0, ends_at__len=0) | Q(begins_at__len=WEEK, ends_at__len=WEEK),
                name="traineeships_place_week",
            ),
            models.CheckConstraint(
                condition=Q(offered_by=None, offered_through__isnull=False)
                | Q(offered_by__isnull=False, offered_through=None),
                name="traineeships_place_offered_by_somebody",
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def days(self):
        """The weekdays one works, Monday is 0; empty where the timetable is to be agreed on."""
        return [number for number, begins in enumerate(self.begins_at) if begins is not None]

    @property
    def timetable(self):
        """[(weekday, from, to)], Monday is 0."""
        return [(number, self.begins_at[number], self.ends_at[number]) for number in self.days]


def clock_week(place):
    """Seven lists of minutes from midnight, in and out; empty where the timetable is to be agreed on, or goes past
    midnight."""
    week = [[] for _day in range(WEEK)]
    for number, first, last in place.timetable:
        week[number] = [first.hour * 60 + first.minute, last.hour * 60 + last.minute]
    return week if place.days and all(not day or day[0] < day[1] for day in week) else []


def taken_by_place():
    """Place id -> traineeships in it, to start or running, of every zone: a figure and nobody's name."""
    with connection.cursor() as cursor:
        cursor.execute("select place_id, taken from places_taken()")
        return dict(cursor.fetchall())


def promised_by_place():
    """[(place id, host id, how many)]: what accepted proposals of every zone promise, and no plan holds yet."""
    with connection.cursor() as cursor:
        cursor.execute("select place_id, host_id, promised from places_promised()")
        return cursor.fetchall()


def left_in(place_id, *, traineeship=None, proposal=None):
    """The openings left to this traineeship, or to this proposal, in a place of any zone; none where it is not open and
    the traineeship is not in it already. Until the transaction ends nobody else is given one."""
    asked = [place_id, traineeship.pk if traineeship else None, proposal.pk if proposal else None]
    with connection.cursor() as cursor:
        cursor.execute("select place_left(%s, %s, %s)", asked)
        return cursor.fetchone()[0]


def hold(place_ids):
    """As `left_in` holds one: until the transaction ends nobody else is given an opening of these places. In order, so
    that of two who hold many neither waits for the other."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select place_left(v.id, null, null) from unnest(%s::bigint[]) with ordinality v(id, n) order by v.n",
            [sorted(place_ids)],
        )


def offer(*, host, by, now, state=State.OPEN, **facts):
    """Written down by who works in an office, who has spoken with the company: open at once."""
    row = Place.objects.create(host=host, zone_id=by.zone_id, state=state, offered_by=by.user, offered_at=now, **facts)
    log.act("offer", row, by=by, now=now, host=host.pk)
    return row


def correct(*, place, by, now, **facts):
    changed = [name for name, value in facts.items() if getattr(place, name) != value]
    for name in changed:
        setattr(place, name, facts[name])
    if changed:
        place.save(update_fields=changed)
        log.act("correct", place, by=by, now=now, fields=changed)
    return changed


# what the office answers to an offer -> the state it then has; who asks waits for another word
ANSWERS = {"accept": State.OPEN, "ask": State.OFFERED, "decline": State.DECLINED}
# what may follow a state: a word of the office, or of the company through its link
TURNS = {
    State.OPEN: (State.PAUSED, State.WITHDRAWN),
    State.PAUSED: (State.OPEN, State.WITHDRAWN),
    State.OFFERED: (State.WITHDRAWN,),
    State.DECLINED: (State.OFFERED,),
    State.WITHDRAWN: (State.OPEN,),
}


def review(*, place, answer, words, by, now):
    """The office reads an offer and answers: it opens, or something is asked, or not, and why. False where somebody
    has answered meanwhile."""
    fresh = Place.objects.select_for_update(of=("self",)).get(pk=place.pk)
    if fresh.state != State.OFFERED:
        return False
    place.state, place.office_words = ANSWERS[answer], words.strip()
    place.reviewed_at, place.reviewed_by = now, by.user
    place.save(update_fields=["state", "office_words", "reviewed_at", "reviewed_by"])
    log.act(answer, place, by=by, now=now)
    return True


def turn(*, place, state, by, now):
    """Pause, open again, withdraw. False where that does not follow the state it is in."""
    if state not in TURNS[State(place.state)]:
        return False
    place.state = state
    place.save(update_fields=["state"])
    log.act(str(state), place, by=by, now=now)
    return True
