import re

from django.db import connection, models, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accanto.access import log
from accanto.norms.findings import Finding, Grade, Refused, Severity
from accanto.norms.text import Text

CODE = re.compile(r"[A-Z0-9][A-Z0-9/.-]{0,19}")


class Workers(models.QuerySet):
    def within(self, acting):
        return self.filter(zone_id=acting.zone_id) if acting.reads_by_zone else self.none()

    def known(self):
        """Those not taken away as written by mistake."""
        return self.filter(withdrawn_at=None)

    def under_contract(self, day):
        return self.filter(Exists(self._contracts().running(day)))

    def never_under_contract(self):
        return self.exclude(Exists(self._contracts()))

    def _contracts(self):
        contract = self.model._meta.get_field("contracts").related_model  # which stands above, and is of a worker
        return contract.objects.standing().filter(worker=OuterRef("pk"))


class Worker(models.Model):
    """Somebody at work in the services of a zone, under a code of the zone. Not a subject: nothing here is about who is
    in charge."""

    class Profession(models.TextChoices):
        SOCIAL_WORKER = "social_worker", _("assistente sociale")
        PSYCHOLOGIST = "psychologist", _("psicologo")
        EDUCATOR = "educator", _("educatore")
        OTHER = "other", _("altra professione")

    zone = models.ForeignKey("territory.Zone", models.PROTECT, related_name="+", verbose_name=_("zona"))
    code = models.CharField(_("codice"), max_length=20)
    name = models.CharField(_("nome"), max_length=120, blank=True)
    # what a contract counts for: written wrong, the worker is taken away and entered again
    profession = models.CharField(_("professione"), max_length=20, choices=Profession.choices)
    synthetic = models.BooleanField(_("dato sintetico"), default=False)
    entered_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = Workers.as_manager()

    class Meta:
        verbose_name = _("operatore")
        verbose_name_plural = _("operatori")
        ordering = ["code", "id"]
        constraints = [
            models.UniqueConstraint(fields=["zone", "code"], name="staffing_worker_code_once"),
            models.UniqueConstraint(fields=["id", "zone"], name="staffing_worker_of_its_zone"),
            models.CheckConstraint(condition=~Q(code=""), name="staffing_worker_has_a_code"),
        ]

    def __str__(self):
        return f"{self.code}, {self.name}" if self.name else self.code


PREFIXES = {
    Worker.Profession.SOCIAL_WORKER: "AS",
    Worker.Profession.PSYCHOLOGIST: "PS",
    Worker.Profession.EDUCATOR: "ED",
    Worker.Profession.OTHER: "AL",
}


@transaction.atomic
def enter(*, zone, profession, by, now, name="", code="") -> Worker:
    """A worker under the zone's code or, where it gives none, the next of the profession: AS-0001. Raises Refused where
    the code is somebody else's."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext('staffing_worker'), %s)", [zone.pk])
    code = code.strip().upper() or _next_code(zone, profession)
    if Worker.objects.filter(zone=zone, code=code).exists():
        raise Refused([_taken(code)])
    row = Worker.objects.create(zone=zone, code=code, name=name.strip(), profession=profession, entered_at=now)
    log.act("enter", row, by=by, now=now)
    return row


def _next_code(zone, profession):
    prefix = PREFIXES[Worker.Profession(profession)]
    taken = Worker.objects.filter(zone=zone, code__regex=rf"^{prefix}-\d{{4,9}}$").values_list("code", flat=True)
    return f"{prefix}-{max((int(code[3:]) for code in taken), default=0) + 1:04d}"


def rename(*, worker, name, by, now):
    worker.name = name.strip()
    worker.save(update_fields=["name"])
    log.act("rename", worker, by=by, now=now)


@transaction.atomic
def withdraw(*, worker, by, now):
    """Written by mistake: leaves the lists, and the code is not given again. Raises Refused while contracts stand."""
    row = Worker.objects.select_for_update().get(pk=worker.pk)
    if row.contracts.standing().exists():
        raise Refused([_still_under_contract()])
    row.withdrawn_at = now
    row.save(update_fields=["withdrawn_at"])
    log.act("withdraw", row, by=by, now=now)


def impossible(field, sentence, way_out) -> Finding:
    """What cannot be true of somebody at work, with the way out."""
    return Finding(
        code="ACC-STAFF",
        severity=Severity.BLOCK,
        sentence=sentence,
        source="",
        grade=Grade.DESIGN,
        field=field,
        way_out=way_out,
    )


def _taken(code):
    return impossible(
        "code",
        Text("Il codice {code} è già di un operatore della zona.", "{code} is already a worker's.").filled(code=code),
        Text("Scrivine un altro, o lascia vuoto: lo dà il sistema.", "Write another, or leave it empty."),
    )


def _still_under_contract():
    return impossible(
        "contracts",
        Text("Ha ancora dei contratti.", "There are contracts still."),
        Text(
            "Se è andato via, scrivi l’ultimo giorno del contratto; se è un errore, ritira prima i contratti.",
            "If they have left, write the contract's last day; if it is a mistake, withdraw the contracts first.",
        ),
    )
