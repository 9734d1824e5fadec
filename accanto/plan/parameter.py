from decimal import Decimal, InvalidOperation

from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accanto.access import log
from accanto.access.standing import StandingFacts
from accanto.norms.findings import Finding, Grade, Refused, Severity
from accanto.norms.reader import LocalValue, objection, stricter
from accanto.norms.sheet_file import Parameter, sheets
from accanto.norms.text import Text


class LocalParameters(StandingFacts):
    def on(self, day):
        return self.filter(Q(ends=None) | Q(ends__gte=day), starts__lte=day)


class LocalParameter(models.Model):
    """A value that a zone or a call sets in place of the law's, from a day, with its act: only stricter than a law that
    was read in its act."""

    name = models.CharField(_("parametro"), max_length=80)
    zone = models.ForeignKey(
        "territory.Zone", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("zona")
    )
    call = models.ForeignKey(
        "plan.Call", models.PROTECT, null=True, blank=True, related_name="parameters", verbose_name=_("avviso")
    )
    # a number as text, so that its decimals stay exact; yes and no as booleans; a list as a list
    value = models.JSONField(_("valore"))
    starts = models.DateField(_("dal"))
    ends = models.DateField(_("al"), null=True, blank=True)
    act = models.ForeignKey("plan.Act", models.PROTECT, related_name="local_parameters", verbose_name=_("atto"))
    recorded_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True, blank=True)

    objects = LocalParameters.as_manager()

    class Meta:
        verbose_name = _("valore locale")
        verbose_name_plural = _("valori locali")
        ordering = ["name", "starts", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(zone=None, call__isnull=False) | Q(zone__isnull=False, call=None),
                name="plan_parameter_one_speaker",
            ),
            models.CheckConstraint(condition=Q(ends=None) | Q(ends__gte=F("starts")), name="plan_parameter_dates"),
            models.UniqueConstraint(
                fields=["name", "zone", "call", "starts"],
                condition=Q(superseded_at=None),
                nulls_distinct=False,
                name="plan_parameter_once_a_day",
            ),
        ]

    def __str__(self):
        return f"{self.name} = {self.value} ({self.act})"

    def spoken(self) -> LocalValue:
        """The value as the law's reader takes it, with who speaks."""
        return LocalValue(
            value=typed(sheets().find(self.name), self.value),
            speaker=speaker(self),
            act=str(self.act),
            link=self.act.link,
        )


def may_be_local() -> list[Parameter]:
    """The parameters a zone or a call may set: those whose sheet says which direction is stricter."""
    own = (entry for entry in sheets().parameters() if entry.overrides is None)
    return [entry for entry in own if entry.stricter in ("lower", "higher", "true")]


def typed(entry: Parameter, raw):
    """A value as the sheet writes it: yes or no, or an exact number. None where it is neither."""
    if entry.unit == "yes_no":
        words = {"true": True, "sì": True, "si": True, "yes": True, "false": False, "no": False}
        return raw if isinstance(raw, bool) else words.get(str(raw).strip().casefold())
    try:
        found = Decimal(str(raw).strip().replace(",", "."))
    except InvalidOperation:
        return None
    if not found.is_finite() or abs(found) > 10**9:
        return None
    return int(found) if found == found.to_integral_value() else found


def speaker(row) -> Text:
    if row.zone_id:
        return Text("la zona {zone}", "the zone {zone}").filled(zone=row.zone.name)
    return Text("l'avviso {call}", "the call {call}").filled(call=str(row.call))


@transaction.atomic
def set_value(*, name, value, starts, act, by, now, zone=None, call=None, ends=None) -> LocalParameter:
    """Set a local value with its act. Raises Refused where the law was read in its act and asks more, or where the
    value is not of the parameter's kind. A value set anew from the same day supersedes the one before."""
    entry = sheets().find(name)
    own = typed(entry, value)
    if own is None:
        raise Refused([_not_of_its_kind(entry)])
    row = LocalParameter(
        name=name,
        zone=zone,
        call=call,
        value=own if isinstance(own, bool) else str(own),
        starts=starts,
        ends=ends,
        act=act,
        recorded_at=now,
    )
    against = objection(name, row.spoken(), on=starts)
    if against:
        raise Refused([against])
    LocalParameter.objects.standing().filter(name=name, zone=zone, call=call, starts=starts).update(superseded_at=now)
    row.save()
    log.act("set", row, by=by, now=now, name=name, value=row.value)
    return row


@transaction.atomic
def withdraw(*, parameter, by, now):
    """The value was wrong or is revoked: it stands no more, and stays on record."""
    parameter.superseded_at = now
    parameter.save(update_fields=["superseded_at"])
    log.act("withdraw", parameter, by=by, now=now)


def local_values(*, on, zone=None, call_code="") -> dict[str, LocalValue]:
    """What the zone and the call set on that day, by parameter: give it to `norms.reader.in_force(local=…)`.

    Where both speak the stricter speaks; of the same speaker the latest."""
    wanted = Q(pk=None)
    if zone is not None:
        wanted |= Q(zone=zone)
    if call_code:
        wanted |= Q(call__code=call_code)
    rows = (
        LocalParameter.objects.standing()
        .on(on)
        .filter(wanted)
        .select_related("zone", "call", "act")
        .order_by("starts", "id")
    )
    latest = {(row.name, row.zone_id, row.call_id): row for row in rows}
    found: dict[str, LocalValue] = {}
    for row in latest.values():
        own, other = row.spoken(), found.get(row.name)
        if other is None or stricter(sheets().find(row.name), own.value, other.value):
            found[row.name] = own
    return found


def _not_of_its_kind(entry):
    return Finding(
        code=entry.code,
        severity=Severity.BLOCK,
        sentence=Text("Il valore non è del tipo giusto.", "The value is not of the right kind."),
        source="",
        grade=Grade.DESIGN,
        field="value",
        way_out=Text("Scrivi sì o no.", "Write yes or no.")
        if entry.unit == "yes_no"
        else Text("Scrivi un numero, per esempio 20 o 3,5.", "Write a number, for example 20 or 3.5."),
    )
