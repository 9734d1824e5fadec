"""What one types in the yearly return: all of it where the zone has written no contract; otherwise only how the year is
averaged, and a row that must differ from the contracts, with why."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accanto.staffing import staffing_return as returns_of
from accanto.staffing.return_filling import Change
from accanto.staffing.staff_figure import StaffFigure
from accanto.staffing.staffing_return import Entry
from accanto.web.parts.forms import HoursInput, plain_decimal

MOST_UNITS, MOST_HEADS = 2000, 5000
ZONE_BODY = "ente"


class UnitsField(forms.DecimalField):
    """Full-time equivalents with the comma: 12,5."""

    widget = HoursInput
    default_error_messages = {
        "invalid": gettext_lazy("Scrivi le unità a tempo pieno con la virgola, per esempio 12,5."),
        "min_value": gettext_lazy("Le unità non possono essere meno di zero."),
        "max_value": gettext_lazy("Sono troppe per una zona: il massimo è %(limit_value)s. Controlla la virgola."),
        "max_decimal_places": gettext_lazy("Bastano quattro cifre dopo la virgola."),
    }

    def __init__(self, *, min_value=0, max_value=MOST_UNITS, max_digits=9, decimal_places=4, **kwargs):
        super().__init__(
            min_value=min_value, max_value=max_value, max_digits=max_digits, decimal_places=decimal_places, **kwargs
        )

    def to_python(self, value):
        return super().to_python(plain_decimal(value) if isinstance(value, str) else value)


def heads_field(**more):
    words = {"invalid": gettext_lazy("Scrivi un numero intero di persone.")}
    return forms.IntegerField(min_value=0, max_value=MOST_HEADS, error_messages=words, **more)


class TypedForm(forms.Form):
    """Two figures for each of the two years; a draft may have one year only, never half of it."""

    def __init__(self, *args, year, **kwargs):
        super().__init__(*args, **kwargs)
        self.years = returns_of.years(year)
        for one, status in self.years.items():
            words = _("media") if status == "final" else _("media prevista")
            self.fields[f"fte_{one}"] = UnitsField(
                label=_("A tempo indeterminato nel %(year)s, %(words)s in tempo pieno") % {"year": one, "words": words},
                required=False,
            )
            self.fields[f"heads_{one}"] = heads_field(
                label=_("Persone al 31/12/%(year)s") % {"year": one}, required=False
            )

    def clean(self):
        found = super().clean()
        for year in self.years:
            fte, heads = f"fte_{year}", f"heads_{year}"
            if fte in self.errors or heads in self.errors:
                continue
            if found[fte] is None and found[heads] is not None:
                self.add_error(fte, _("Scrivi anche la media in tempo pieno, o lascia vuoto tutto l’anno."))
            if found[heads] is None and found[fte] is not None:
                self.add_error(heads, _("Scrivi anche le persone al 31 dicembre, o lascia vuoto tutto l’anno."))
        return found

    def entries(self):
        data = self.cleaned_data
        return {
            year: None
            if data[f"fte_{year}"] is None
            else Entry(permanent_fte=data[f"fte_{year}"], headcount=data[f"heads_{year}"])
            for year in self.years
        }

    def groups(self):
        """(year, whether it is the closed one, its two fields) in the order of the page."""
        return [
            (year, status == "final", [self[f"fte_{year}"], self[f"heads_{year}"]])
            for year, status in self.years.items()
        ]


class FilledForm(forms.Form):
    """How the contracts make the year."""

    reading = forms.ChoiceField(
        label=gettext_lazy("Come si conta la parte dell’anno in servizio"),
        choices=StaffFigure.Reading.choices,
        widget=forms.RadioSelect,
        help_text=gettext_lazy(
            "A mesi: dodicesimi, e un mese cominciato per i suoi giorni. A giorni: sui giorni dell’anno. Il foglio del"
            " Ministero non è stato letto: scegli come fa il tuo, i due numeri si vedono nei contratti."
        ),
    )
    all_delegated = forms.BooleanField(
        label=gettext_lazy("Tutte le funzioni sociali sono delegate all’ente capofila"),
        required=False,
        help_text=gettext_lazy("Allora il contributo è tutto suo; altrimenti si divide con i comuni."),
    )


class ChangeForm(forms.Form):
    """A row of the return that is not what the contracts make."""

    year = forms.TypedChoiceField(label=gettext_lazy("Anno"), coerce=int)
    place = forms.ChoiceField(label=gettext_lazy("Riga"))
    permanent_fte = UnitsField(label=gettext_lazy("Tempo pieno dichiarato"))
    headcount = heads_field(label=gettext_lazy("Persone al 31 dicembre"))
    reason = forms.CharField(
        label=gettext_lazy("Perché è diverso dai contratti"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Resta scritto accanto al numero dei contratti; lo legge anche la Regione."),
    )

    def __init__(self, *args, years, names, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [(year, str(year)) for year in years]
        self.fields["place"].choices = [(place or ZONE_BODY, name) for place, name in names.items()]

    def change(self):
        """(year, place, Change) as the filling of the return takes it."""
        data = self.cleaned_data
        return (
            data["year"],
            place_of(data["place"]),
            Change(permanent_fte=data["permanent_fte"], headcount=data["headcount"], reason=data["reason"]),
        )


def place_of(word):
    return None if word == ZONE_BODY else word
