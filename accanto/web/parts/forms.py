"""Forms in the look of Bootstrap Italia: the renderer, and the fields people here write in.

`FORM_RENDERER = "accanto.web.parts.forms.Renderer"`. A page writes `<form method="post" novalidate>` so that the
browser does not stop at the first mistake: all of them are told together, by us, in the user's language.
"""

import re
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from django import forms
from django.forms.renderers import BaseRenderer, EngineMixin
from django.template.backends.django import DjangoTemplates
from django.utils import formats, timezone
from django.utils.translation import gettext_lazy as _

from accanto.norms import clock

DJANGO_WIDGETS = Path(forms.__file__).parent / "templates"
OUR_WIDGETS = Path(__file__).parent.parent / "templates" / "widgets"


class Renderer(EngineMixin, BaseRenderer):
    backend = DjangoTemplates
    form_template_name = "parts/forms/form.html"
    field_template_name = "parts/forms/field.html"

    @cached_property
    def engine(self):
        return self.backend(
            {"APP_DIRS": True, "DIRS": [OUR_WIDGETS, DJANGO_WIDGETS], "NAME": "accanto-forms", "OPTIONS": {}}
        )


class Mistake(NamedTuple):
    label: str
    anchor: str
    sentences: list[str]


def mistakes(form: forms.BaseForm) -> list[Mistake]:
    """Everything to mend, in the order of the page, each with where it is. Those of no single field come first."""
    found = []
    whole = [str(sentence) for sentence in form.non_field_errors()]
    for name in form.fields:
        if name not in form.errors:
            continue
        bound, sentences = form[name], [str(sentence) for sentence in form.errors[name]]
        if bound.is_hidden:
            whole += sentences
        else:
            anchor = f"{bound.auto_id}_0" if bound.use_fieldset else bound.id_for_label
            found.append(Mistake(str(bound.label), anchor, sentences))
    return ([Mistake("", "", whole)] if whole else []) + found


class DayInput(forms.DateInput):
    """A day typed or picked; the browser shows it in its own language and sends it as ISO."""

    input_type = "date"

    def __init__(self, attrs=None):
        super().__init__(attrs=attrs, format="%Y-%m-%d")

    def get_context(self, name, value, attrs):
        """What was typed and is no day stays to be mended: a date input would show nothing."""
        context = super().get_context(name, value, attrs)
        shown = context["widget"]["value"]
        if shown and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", shown):
            context["widget"]["type"] = "text"
        return context


class DayField(forms.DateField):
    widget = DayInput
    default_error_messages = {
        "invalid": _("Scrivi il giorno come giorno/mese/anno, per esempio 21/11/2026."),
        "required": _("Scrivi il giorno."),
    }

    def __init__(self, **kwargs):
        kwargs.setdefault("input_formats", ["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"])
        super().__init__(**kwargs)

    def to_python(self, value) -> date | None:
        found = super().to_python(value)
        return found.date() if isinstance(found, datetime) else found


class PastDayField(DayField):
    """The day of something that has been: today at the latest."""

    def validate(self, value):
        super().validate(value)
        if value and value > timezone.localdate():
            raise forms.ValidationError(_("Il giorno non è ancora arrivato."))


def with_local_sign(digits: str) -> str:
    return digits.replace(".", formats.get_format("DECIMAL_SEPARATOR"))


class DecimalText(forms.TextInput):
    """A number written with the comma; on phones the keyboard is the one of numbers."""

    def __init__(self, attrs=None):
        super().__init__(attrs={"inputmode": "decimal", "autocomplete": "off", **(attrs or {})})

    def format_value(self, value):
        if isinstance(value, (int, float, Decimal)):
            found = Decimal(str(value))
            return with_local_sign(f"{found.normalize():f}") if found.is_finite() else str(value)
        return super().format_value(value)


class HoursInput(DecimalText):
    pass


class EuroInput(DecimalText):
    def format_value(self, value):
        if isinstance(value, (int, float, Decimal)) and Decimal(str(value)).is_finite():
            return with_local_sign(f"{Decimal(str(value)):.2f}")
        return super().format_value(value)


class HoursField(forms.DecimalField):
    """Hours of a day as a Decimal: 4, 4,5, 4.5 and 4:30 are all understood."""

    widget = HoursInput
    default_error_messages = {
        "invalid": _("Scrivi le ore con la virgola, per esempio 4,5, oppure 4:30."),
        "required": _("Scrivi le ore."),
        "min_value": _("Le ore non possono essere meno di %(limit_value)s."),
        "max_value": _("In un giorno non ci sono più di %(limit_value)s ore."),
    }

    def __init__(self, *, min_value=0, max_value=24, decimal_places=2, max_digits=5, **kwargs):
        super().__init__(
            min_value=min_value, max_value=max_value, decimal_places=decimal_places, max_digits=max_digits, **kwargs
        )

    def to_python(self, value):
        if isinstance(value, str):
            clock = re.fullmatch(r"\s*(\d{1,2}):([0-5]\d)\s*", value)
            if clock:
                minutes = Decimal(int(clock[1]) * 60 + int(clock[2]))
                value = str((minutes / 60).quantize(Decimal("0.01")))
            else:
                value = value.replace(",", ".")
        return super().to_python(value)


class Worked(NamedTuple):
    """A day of work as typed: in and out in minutes from midnight, from which the hours follow; or the hours alone."""

    hours: Decimal
    times: tuple[int, ...] = ()


class WorkedInput(HoursInput):
    """In and out need letters and dashes, which the keyboard of numbers has not."""

    def format_value(self, value):
        if isinstance(value, Worked):
            return clock.short(value.times) if value.times else super().format_value(value.hours)
        return super().format_value(value)


class WorkedField(HoursField):
    """9-13, 8:30–12:30 14–17 or, where only the hours are known, 4 and 4,5: a `Worked`, or None."""

    widget = WorkedInput
    default_error_messages = {
        "no_times": _("Scrivi l’orario come 9-13 oppure 8:30-12:30, 14-17; se non si sa, le ore: 4,5."),
        "order": _("Le uscite vengono dopo le entrate: un turno oltre la mezzanotte continua nel giorno dopo."),
    }

    def clean(self, value):
        text = str(value or "").strip()
        if not text or not re.search(r"\d\D*[-–—/]\s*\d", text):
            hours = super().clean(text)
            return None if hours is None else Worked(hours)
        try:
            times = clock.read(text)
        except clock.NoTimes:
            raise forms.ValidationError(self.error_messages["no_times"], code="no_times") from None
        if not clock.in_order(times):
            raise forms.ValidationError(self.error_messages["order"], code="order")
        return Worked(clock.hours(times), times)


class EuroField(forms.DecimalField):
    """Euros as a Decimal with two places: 1.234,50, 1234,5 and 1234.50 are all understood."""

    widget = EuroInput
    default_error_messages = {
        "invalid": _("Scrivi l’importo in euro con la virgola, per esempio 1.234,50."),
        "required": _("Scrivi l’importo in euro."),
        "min_value": _("L’importo non può essere meno di %(limit_value)s euro."),
        "max_value": _("L’importo non può superare %(limit_value)s euro."),
        "max_decimal_places": _("Bastano due cifre dopo la virgola."),
    }

    def __init__(self, *, min_value=0, decimal_places=2, max_digits=14, **kwargs):
        super().__init__(min_value=min_value, decimal_places=decimal_places, max_digits=max_digits, **kwargs)

    def to_python(self, value):
        if isinstance(value, str):
            value = plain_decimal(value)
        return super().to_python(value)


def plain_decimal(text: str) -> str:
    """The same number with a decimal point and no grouping; text that is no number comes back as it was.

    Where both signs stand the last one is the decimal; the sign with which the language groups thousands, alone before
    three digits, groups them: 1.234 in Italian, 1,234 in English.
    """
    grouping = formats.get_format("THOUSAND_SEPARATOR")
    digits = re.sub(r"[\s€\u00a0'’]", "", text)
    if "," in digits and "." in digits:
        digits = (
            digits.replace(".", "").replace(",", ".")
            if digits.rfind(",") > digits.rfind(".")
            else digits.replace(",", "")
        )
    elif re.fullmatch(rf"-?\d{{1,3}}({re.escape(grouping)}\d{{3}})+", digits):
        digits = digits.replace(grouping, "")
    else:
        digits = digits.replace(",", ".")
    try:
        Decimal(digits)
    except InvalidOperation:
        return text
    return digits


class TimeInput(forms.TimeInput):
    """An hour typed or picked; what was typed and is no hour stays to be mended."""

    input_type = "time"

    def __init__(self, attrs=None):
        super().__init__(attrs=attrs, format="%H:%M")

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        shown = context["widget"]["value"]
        if shown and not re.fullmatch(r"\d{2}:\d{2}", shown):
            context["widget"]["type"] = "text"
        return context


class TimeField(forms.TimeField):
    """An hour of the day: 9:30 and 9.30 are both understood."""

    widget = TimeInput
    default_error_messages = {"invalid": _("Scrivi l’ora come 9:30."), "required": _("Scrivi l’ora.")}

    def __init__(self, **kwargs):
        kwargs.setdefault("input_formats", ["%H:%M", "%H.%M", "%H:%M:%S"])
        super().__init__(**kwargs)
