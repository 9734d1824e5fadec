"""How a person is paid: into an account, on a card, at a cash desk; and whose account it is."""

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accanto.access import log
from accanto.access.subject import StandingRows, SubjectRow
from accanto.norms import iban as ibans
from accanto.norms import payments as law
from accanto.norms.findings import allow
from accanto.people.representation import Power, Representation


class Means(models.TextChoices):
    IBAN = "iban", _("bonifico sul conto (IBAN)")
    CARD = "card", _("carta prepagata senza IBAN")
    CASH_DESK = "cash_desk", _("contanti allo sportello del tesoriere")


class Holder(models.TextChoices):
    PERSON = "person", _("la persona stessa")
    REPRESENTATIVE = "representative", _("chi la rappresenta")


class Payee(SubjectRow):
    """Where the money of one person goes, from the moment it was written. A change is a new row that supersedes: each
    payment points at the one it was made with."""

    means = models.CharField(_("come si paga"), max_length=10, choices=Means.choices, default=Means.IBAN)
    iban = models.CharField(_("IBAN"), max_length=34, blank=True)
    # number of the card as the treasurer knows it, or the desk
    reference = models.CharField(_("carta o sportello"), max_length=80, blank=True)
    holder = models.CharField(_("a chi è intestato"), max_length=20, choices=Holder.choices, default=Holder.PERSON)
    holder_name = models.CharField(_("intestatario"), max_length=160)
    representation = models.ForeignKey(
        "people.Representation", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("in che veste")
    )
    recorded_at = models.DateTimeField(_("scritto il"))
    recorded_by = models.ForeignKey("access.User", models.PROTECT, related_name="+")
    superseded_at = models.DateTimeField(_("sostituito il"), null=True, blank=True)

    objects = StandingRows.as_manager()

    class Meta:
        verbose_name = _("coordinate di pagamento")
        verbose_name_plural = _("coordinate di pagamento")
        ordering = ["-recorded_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["subject"], condition=Q(superseded_at=None), name="traineeships_payee_one_a_person"
            ),
            models.CheckConstraint(
                condition=Q(means="iban") & ~Q(iban="")
                | Q(means="cash_desk", iban="")
                | Q(means="card", iban="") & ~Q(reference=""),
                name="traineeships_payee_complete",
            ),
            models.CheckConstraint(
                condition=Q(holder="person", representation=None)
                | Q(holder="representative", representation__isnull=False),
                name="traineeships_payee_holder",
            ),
        ]

    def __str__(self):
        return self.get_means_display()

    @property
    def shown(self):
        """As it is read: «IT60 X054 …», the card, the desk."""
        return ibans.grouped(self.iban) if self.means == Means.IBAN else self.reference or self.get_means_display()


def handles_money(representation):
    """Parents and guardians do; the others where the decree says so (R-ADS-01)."""
    if representation.of_minor or representation.kind == Representation.Kind.GUARDIAN:
        return True
    return any(power.power in (Power.MONEY, Power.BENEFITS) for power in representation.powers.all())


@transaction.atomic
def set_payee(*, person, means, by, now, iban="", reference="", representation=None) -> Payee:
    """Write where the money goes. Raises `Refused` with all that lacks: check digits, holder, the card's number."""
    found = law.payee(
        law.PayeeFacts(
            means=means,
            iban=iban,
            reference=reference,
            holder=Holder.REPRESENTATIVE if representation else Holder.PERSON,
            handles_money=bool(representation) and handles_money(representation),
        ),
        on=timezone.localdate(now),
    )
    allow(found)
    holder_name = representation.name if representation else str(person)
    values = {
        "means": means,
        "iban": ibans.compact(iban) if means == Means.IBAN else "",
        "reference": reference.strip() if means != Means.IBAN else "",
        "holder": Holder.REPRESENTATIVE if representation else Holder.PERSON,
        "holder_name": holder_name,
        "representation": representation,
    }
    before = Payee.objects.standing().of(person.subject_id).first()
    if before and all(getattr(before, name) == value for name, value in values.items()):
        return before
    Payee.objects.standing().of(person.subject_id).update(superseded_at=now)
    row = Payee.objects.create(
        subject_id=person.subject_id, zone_id=person.zone_id, recorded_at=now, recorded_by=by.user, **values
    )
    log.act("set", row, by=by, now=now, means=means)
    return row
