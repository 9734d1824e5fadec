"""Handing a person over to another zone: the zone that follows them proposes, the other accepts or not. Neither reads
the other's file: each has a row of its own, and PostgreSQL writes the other zone's."""

from django.db import connection, models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accanto.access.subject import SubjectRow, SubjectRows
from accanto.cases import case as cases
from accanto.people import registry


class AlreadyAnswered(Exception):
    """A transfer is answered, or withdrawn, once."""


class CaseTransfers(SubjectRows):
    def waiting(self):
        return self.filter(outcome=CaseTransfer.Outcome.WAITING)

    def sent(self):
        return self.filter(side=CaseTransfer.Side.SENT)

    def received(self):
        return self.filter(side=CaseTransfer.Side.RECEIVED)


class CaseTransfer(SubjectRow):
    """One zone's side of a transfer. The side sent stands on the person's subject; the side received on a subject of
    its own, without a person until the zone accepts. `other_zone` is the one on the other side.

    The hand-over note is read by social workers and case managers only: the degree of the area."""

    class Side(models.TextChoices):
        SENT = "sent", _("proposto")
        RECEIVED = "received", _("ricevuto")

    class Outcome(models.TextChoices):
        WAITING = "", _("in attesa di risposta")
        ACCEPTED = "accepted", _("accolto")
        DECLINED = "declined", _("non accolto")
        WITHDRAWN = "withdrawn", _("ritirato")

    class Reason(models.TextChoices):
        NOT_HERE = "not_here", _("la persona non vive in questa zona")
        NOT_NOW = "not_now", _("adesso non c’è posto: va ripensato insieme")
        DECLINED = "declined", _("la persona non vuole")
        NOT_ENOUGH = "not_enough", _("le notizie di passaggio non bastano")

    side = models.CharField(max_length=10, choices=Side.choices)
    other_zone = models.ForeignKey("territory.Zone", models.PROTECT, verbose_name=_("altra zona"), related_name="+")
    # of the side received: the row of the zone that proposes, which it cannot read
    answers = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="+")
    # of the side sent, the case proposed; of the side received, the case opened, or the one there was already
    case = models.ForeignKey("cases.Case", models.PROTECT, null=True, blank=True, related_name="transfers")
    given_name = models.CharField(_("nome"), max_length=80)
    family_name = models.CharField(_("cognome"), max_length=80)
    fiscal_code = models.CharField(_("codice fiscale"), max_length=16, blank=True)
    birth_date = models.DateField(_("data di nascita"), null=True, blank=True)
    phone = models.CharField(_("telefono"), max_length=40, blank=True)
    email = models.EmailField(_("posta elettronica"), blank=True)
    note = models.TextField(_("notizie di passaggio"))
    proposed_at = models.DateTimeField(_("proposto il"))
    proposed_by = models.ForeignKey("access.User", models.PROTECT, related_name="+")
    outcome = models.CharField(_("esito"), max_length=20, choices=Outcome.choices, blank=True, default="")
    reason = models.CharField(_("motivo"), max_length=20, choices=Reason.choices, blank=True, default="")
    answered_on = models.DateField(_("risposta il"), null=True, blank=True)

    objects = CaseTransfers.as_manager()

    class Meta:
        verbose_name = _("passaggio a un’altra zona")
        verbose_name_plural = _("passaggi fra zone")
        ordering = ["proposed_at", "id"]
        indexes = [models.Index(fields=["zone", "proposed_at"], condition=Q(outcome=""), name="cases_transfer_waiting")]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(outcome="", side="sent"), name="cases_transfer_one_waiting"
            ),
            models.CheckConstraint(
                condition=Q(outcome="", answered_on=None) | Q(~Q(outcome=""), answered_on__isnull=False),
                name="cases_transfer_answer_has_a_day",
            ),
            models.CheckConstraint(
                condition=Q(outcome="declined") & ~Q(reason="") | ~Q(outcome="declined") & Q(reason=""),
                name="cases_transfer_reason_where_declined",
            ),
        ]

    def __str__(self):
        return f"{self.given_name} {self.family_name}"


def propose(*, case, to, note, by, now):
    """Propose to another zone to take over a case that is open. Name, fiscal code and contacts go with it; the file
    does not. A second proposal of the same case while one waits is refused by PostgreSQL."""
    with connection.cursor() as cursor:
        cursor.execute("select transfer_send(%s, %s::smallint, %s)", [case.pk, to.pk, note.strip()])
        return CaseTransfer.objects.get(pk=cursor.fetchone()[0])


def withdraw(*, transfer, by, now):
    """The zone that proposed changes its mind before the answer. Raises AlreadyAnswered."""
    return _answer(transfer, CaseTransfer.Outcome.WITHDRAWN)


def decline(*, transfer, reason, by, now):
    """The zone that received does not take over; the other reads why. Raises AlreadyAnswered."""
    return _answer(transfer, CaseTransfer.Outcome.DECLINED, reason)


def accept(*, transfer, manager, area, on, by, now, person=None):
    """Take over: `person` is one of this zone's people, or None for somebody new. A case is opened, unless that person
    has one: then it goes on. Raises AlreadyAnswered; WrongFiscalCode for a code that cannot be; the fiscal code of
    somebody else of the zone is refused by PostgreSQL."""
    _answer(transfer, CaseTransfer.Outcome.ACCEPTED)
    person = person or registry.register_as_told(told=transfer, by=by, now=now)
    case = cases.Case.objects.of(person.subject_id).open().first()
    if case is None:
        former = cases.last_closed(person.subject_id)
        case = cases.open_case(person=person, manager=manager, on=on, area=area, former=former, by=by, now=now)
    transfer.case = case
    transfer.save(update_fields=["case"])
    return case


def _answer(transfer, outcome, reason=""):
    with connection.cursor() as cursor:
        cursor.execute("select transfer_answer(%s, %s, %s)", [transfer.pk, str(outcome), str(reason)])
        if not cursor.fetchone()[0]:
            raise AlreadyAnswered
    transfer.refresh_from_db()
    return transfer
