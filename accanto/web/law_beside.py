"""Forms that the law speaks beside: its findings put at the field they are about."""

import datetime as dt

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accanto.cases import case_team
from accanto.norms.findings import Severity, for_outsiders
from accanto.norms.functional_words import revealing
from accanto.web.parts.forms import DayField
from accanto.web.templatetags.parts import local


class NearDay(DayField):
    """A day of these years: one typed in the year 202 or 20260 is a slip, and no rule can count from it."""

    default_validators = [
        MinValueValidator(dt.date(2000, 1, 1), gettext_lazy("Controlla l’anno: il giorno è troppo lontano.")),
        MaxValueValidator(dt.date(2100, 12, 31), gettext_lazy("Controlla l’anno: il giorno è troppo lontano.")),
    ]


def long_text(label, *, required=False, help_text="", validators=()):
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=required,
        max_length=4000,
        validators=validators,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def no_reason(text):
    """Refuse the words that would tell outsiders why: they need what, not why."""
    if words := revealing(text):
        raise ValidationError(
            _("«%(words)s»: chi legge qui non deve poter capire il perché. Scrivi che cosa serve o che cosa evitare."),
            params={"words": ", ".join(words)},
        )


def told_to_who_follows(found, *, case_id):
    """The findings as the acting role may read them: those that would tell of a judicial measure lose their reason for
    who is not on the case."""
    if any(finding.reserved for finding in found) and not case_team.follows(case_id):
        return for_outsiders(found)
    return found


def tell(form, findings, field_of, *, leave="leave"):
    """Put each blocking finding at its field, with the way out and the rule; ask the reason of what needs one."""
    to_authorise = False
    for finding in findings:
        if finding.severity is Severity.AUTHORISE:
            to_authorise = True
        if finding.severity is not Severity.BLOCK:
            continue
        name = field_of.get(finding.field, finding.field)
        if name in form.fields and name in form.errors and finding.code.startswith("ACC-"):
            continue  # the field says already what is wrong with it
        parts = [local(finding.sentence), local(finding.way_out) if finding.way_out else "", f"({finding.code})"]
        form.add_error(name if name in form.fields else None, " ".join(part for part in parts if part))
    if to_authorise and leave in form.fields and not str(form.data.get(leave, "")).strip():
        form.add_error(leave, _("Qui accanto c’è qualcosa da autorizzare: scrivi perché lo autorizzi, o cambialo."))
