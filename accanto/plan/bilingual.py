"""A sentence in the two languages of the screens, kept as {it, en}; templates write it with the filter `local`."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _


def both(value):
    if not isinstance(value, dict) or set(value) - {"it", "en"} or not all(isinstance(t, str) for t in value.values()):
        raise ValidationError(_("Qui va lo stesso testo in italiano e in inglese, come {it, en}."))


class BilingualField(models.JSONField):
    default_validators = [both]

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("default", dict)
        super().__init__(*args, **kwargs)
