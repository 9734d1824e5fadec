"""A form is filled, refused with everything said at once, and mended."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django import forms
from django.utils import translation

from accanto.web.parts.forms import DayField, EuroField, HoursField, Renderer, mistakes


class DayOfWork(forms.Form):
    default_renderer = Renderer

    day = DayField(label="Giorno", help_text="Il giorno lavorato.")
    hours = HoursField(label="Ore")
    expense = EuroField(label="Spesa", required=False)
    kind = forms.ChoiceField(label="Che cosa", choices=[("a", "Vivaio"), ("b", "Officina")], widget=forms.RadioSelect)
    agreed = forms.BooleanField(label="La persona è d’accordo")


GOOD = {"day": "2026-11-20", "hours": "4", "kind": "a", "agreed": "on"}


@pytest.fixture(autouse=True)
def italian():
    with translation.override("it"):
        yield


@pytest.mark.parametrize(
    ("typed", "understood"),
    [("4", "4"), ("4,5", "4.5"), ("4.5", "4.5"), ("4:30", "4.5"), ("0:20", "0.33"), (" 7,25 ", "7.25"), ("24", "24")],
)
def test_hours_as_people_write_them(typed, understood):
    form = DayOfWork({**GOOD, "hours": typed})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["hours"] == Decimal(understood)


@pytest.mark.parametrize("typed", ["25", "-1", "4:70", "quattro", "4,5,5", "NaN", "1e9", "٤x", "0,001"])
def test_hours_that_cannot_be(typed):
    form = DayOfWork({**GOOD, "hours": typed})
    assert not form.is_valid()
    assert list(form.errors) == ["hours"]


@pytest.mark.parametrize(
    ("typed", "understood"),
    [("1.234,50", "1234.50"), ("1234,5", "1234.5"), ("1234.50", "1234.50"), ("1.234", "1234"), ("€ 500", "500"),
     ("1,234.50", "1234.50"), ("27.500.000,00", "27500000"), ("0", "0")],
)  # fmt: skip
def test_euros_as_people_write_them(typed, understood):
    form = DayOfWork({**GOOD, "expense": typed})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["expense"] == Decimal(understood)


@pytest.mark.parametrize("typed", ["2026-11-20", "20/11/2026", "20-11-2026", "20.11.2026"])
def test_a_day_typed_or_picked(typed):
    form = DayOfWork({**GOOD, "day": typed})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["day"] == date(2026, 11, 20)


def test_everything_wrong_is_said_at_once_with_where_it_is():
    form = DayOfWork({"day": "31/02/2026", "hours": "25", "expense": "molto"})
    page = str(form)
    assert "Correggi 5 campi" in page
    for mistake in mistakes(form):
        assert f'href="#{mistake.anchor}"' in page
        assert f'id="{mistake.anchor}"' in page
    assert 'value="31/02/2026"' in page, "what was typed stays to be mended"
    assert page.index("error-summary") < page.index('id="id_day"')


def test_help_and_errors_are_tied_to_their_field():
    page = str(DayOfWork({**GOOD, "day": ""}))
    tag = re.search(r'<input[^>]*id="id_day"[^>]*>', page)[0]
    described = re.search(r'aria-describedby="([^"]+)"', tag)
    assert described, tag
    for name in described[1].split():
        assert f'id="{name}"' in page
    assert "Correggi 1 campo" in page


def test_the_browser_does_not_stop_at_the_first_mistake():
    page = str(DayOfWork())
    assert " required" not in re.sub(r'class="[^"]*"|aria-required', "", page)
    assert page.count('aria-required="true"') == 3  # not on radio buttons, where the word is in the legend


def test_a_form_shown_again_keeps_its_values_in_local_form():
    page = str(DayOfWork(initial={"day": date(2026, 11, 20), "hours": Decimal("4.50"), "expense": Decimal("500")}))
    for value in ("2026-11-20", "4,5", "500,00"):
        assert f'value="{value}"' in page


def test_what_is_typed_is_escaped():
    assert "<script>" not in str(DayOfWork({**GOOD, "hours": "<script>alert(1)</script>"}))
