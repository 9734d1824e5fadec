"""What the planner supposes: who is hired and who retires, month by month, how many leave, what a worker costs."""

from datetime import date
from decimal import Decimal

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accanto.norms.staffing_scenario import Movement
from accanto.staffing.scenario import Plan
from accanto.web.parts.forms import EuroField, HoursInput
from accanto.web.parts.numbers import spelled
from accanto.web.return_form import UnitsField

ROWS = 8  # of hires, and of retirements
OPEN = 2  # shown before there is anything in them
MOST_IN_A_ROW = 200


class PercentField(forms.DecimalField):
    widget = HoursInput
    default_error_messages = {
        "invalid": gettext_lazy("Scrivi la percentuale con la virgola, per esempio 2,5."),
        "max_decimal_places": gettext_lazy("Bastano due cifre dopo la virgola."),
    }

    def __init__(self, **kwargs):
        super().__init__(max_digits=5, decimal_places=2, required=False, **kwargs)

    def to_python(self, value):
        return super().to_python(value.replace(",", ".").replace("%", "") if isinstance(value, str) else value)


def month_name(year, month):
    """«marzo 2027», as inside a sentence."""
    return spelled(date(year, month, 1), "F Y")


class ScenarioForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Nome dello scenario"),
        max_length=80,
        help_text=gettext_lazy("Con un nome che c’è già si salva una versione nuova, e quella di prima resta."),
    )
    cost_per_worker = EuroField(
        label=gettext_lazy("Costo di un operatore a tempo pieno, in euro l’anno"),
        min_value=Decimal("0.01"),
        max_digits=9,
        required=False,
        help_text=gettext_lazy(
            "Quanto costa all’ente, oneri compresi. Nessun atto letto lo dice: senza, i costi restano vuoti."
        ),
    )
    turnover_percent = PercentField(
        label=gettext_lazy("Ricambio: quanti vanno via ogni anno, in percento"),
        min_value=0,
        max_value=100,
        help_text=gettext_lazy("Dall’anno prossimo, oltre ai pensionamenti. Chi li sostituisce va fra le assunzioni."),
    )
    residents_change_percent = PercentField(
        label=gettext_lazy("Residenti: quanto cambiano ogni anno, in percento"),
        min_value=-20,
        max_value=20,
        help_text=gettext_lazy("Vuoto: restano quelli di oggi. Se calano, scrivi il meno: -0,5."),
    )

    def __init__(self, *args, today, until, **kwargs):
        super().__init__(*args, **kwargs)
        months = [("", _("mese"))] + [
            (
                str(year),
                [
                    (f"{year}-{month:02d}", month_name(year, month))
                    for month in range(today.month if year == today.year else 1, 13)
                ],
            )
            for year in range(today.year, until + 1)
        ]
        for kind in ("hires", "retirements"):
            for n in range(1, ROWS + 1):
                self.fields[f"{kind}_units_{n}"] = UnitsField(
                    label=_("Unità a tempo pieno"), required=False, max_value=MOST_IN_A_ROW
                )
                self.fields[f"{kind}_month_{n}"] = forms.ChoiceField(
                    label=_("Da che mese") if kind == "hires" else _("A fine mese"), choices=months, required=False
                )

    def clean(self):
        found = super().clean()
        for kind in ("hires", "retirements"):
            for n in range(1, ROWS + 1):
                units, month = f"{kind}_units_{n}", f"{kind}_month_{n}"
                if units in self.errors or month in self.errors:
                    continue
                if found[units] == 0:
                    self.add_error(units, _("Scrivi quante unità, o svuota la riga."))
                elif found[units] and not found[month]:
                    self.add_error(month, _("Scegli il mese."))
                elif found[month] and found[units] is None:
                    self.add_error(units, _("Scrivi quante unità, o togli il mese."))
        return found

    def plan(self) -> Plan:
        found = self.cleaned_data
        return Plan(
            hires=self._movements("hires"),
            retirements=self._movements("retirements"),
            turnover_percent=found["turnover_percent"] or Decimal(0),
            residents_change_percent=found["residents_change_percent"] or Decimal(0),
            cost_per_worker=found["cost_per_worker"],
        )

    def _movements(self, kind):
        found = []
        for n in range(1, ROWS + 1):
            units, month = self.cleaned_data[f"{kind}_units_{n}"], self.cleaned_data[f"{kind}_month_{n}"]
            if units:
                found.append(Movement(units=units, year=int(month[:4]), month=int(month[5:])))
        return tuple(sorted(found, key=lambda one: (one.year, one.month)))

    def groups(self, kind):
        """(number, the names of its fields, whether it is in sight) of each row."""
        last = 0
        for n in range(1, ROWS + 1):
            names = (f"{kind}_units_{n}", f"{kind}_month_{n}")
            if any(self[name].value() for name in names) or any(name in self.errors for name in names):
                last = n
        return [(n, f"{kind}_units_{n} {kind}_month_{n}", n <= max(OPEN, last + 1)) for n in range(1, ROWS + 1)]

    def hires(self):
        return self.groups("hires")

    def retirements(self):
        return self.groups("retirements")


def initial_of(given, name, *, today):
    """The form filled with a scenario that is there; what is past by now is not taken up."""
    found = {
        "name": name,
        "cost_per_worker": given.cost_per_worker,
        "turnover_percent": given.turnover_percent or None,
        "residents_change_percent": given.residents_change_percent or None,
    }
    for kind in ("hires", "retirements"):
        coming = [one for one in getattr(given, kind) if (one.year, one.month) >= (today.year, today.month)]
        for n, one in enumerate(coming[:ROWS], 1):
            found |= {f"{kind}_units_{n}": one.units, f"{kind}_month_{n}": f"{one.year}-{one.month:02d}"}
    return found
