"""The form by which a place is offered: the same for the office and for the company that fills it in on a phone."""

import datetime as dt
from decimal import Decimal

from django import forms
from django.db.models import Case, IntegerField, When
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accanto.cases.limits import Accommodation, FunctionalLimit
from accanto.territory.municipality import Municipality
from accanto.traineeships.place import WEEK, Access, Setting, Transport
from accanto.web.law_beside import NearDay
from accanto.web.parts.forms import HoursField

DAYS = [
    gettext_lazy("Lunedì"),
    gettext_lazy("Martedì"),
    gettext_lazy("Mercoledì"),
    gettext_lazy("Giovedì"),
    gettext_lazy("Venerdì"),
    gettext_lazy("Sabato"),
    gettext_lazy("Domenica"),
]
MAIN, ELSEWHERE = "main", "elsewhere"
SKILLS = 10
PHONE = r"^[0-9+ ./()-]{0,40}$"


class Clock(forms.TimeField):
    default_error_messages = {"invalid": gettext_lazy("Scrivi l’ora così: 8:30.")}

    def __init__(self, **kwargs):
        super().__init__(
            required=False,
            input_formats=["%H:%M", "%H.%M", "%H:%M:%S", "%H"],
            widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            **kwargs,
        )


def choices(label, of, help_text=""):
    return forms.MultipleChoiceField(
        label=label, choices=of, required=False, widget=forms.CheckboxSelectMultiple, help_text=help_text
    )


class PlaceForm(forms.Form):
    title = forms.CharField(
        label=gettext_lazy("Che cosa si fa, in poche parole"),
        max_length=120,
        help_text=gettext_lazy("Per esempio: aiuto in cucina, cura del verde, magazzino."),
    )
    setting = forms.ChoiceField(label=gettext_lazy("Ambito"), choices=[("", "—"), *Setting.choices])
    tasks = forms.CharField(
        label=gettext_lazy("Le attività, un giorno tipo"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    openings = forms.IntegerField(
        label=gettext_lazy("Per quante persone nello stesso periodo"), min_value=1, max_value=200, initial=1
    )
    where = forms.ChoiceField(label=gettext_lazy("Dove"))
    municipality = forms.ModelChoiceField(
        label=gettext_lazy("Comune, se è un altro luogo"),
        queryset=Municipality.objects.none(),
        required=False,
        empty_label="—",
        error_messages={"invalid_choice": gettext_lazy("Scegli una voce dell’elenco.")},
    )
    address = forms.CharField(label=gettext_lazy("Indirizzo, se è un altro luogo"), max_length=200, required=False)
    weekdays = choices(
        gettext_lazy("In quali giorni"),
        list(enumerate(DAYS)),
        gettext_lazy("Se l’orario è da concordare lascia vuoto e scrivi solo le ore la settimana."),
    )
    weekdays.widget.attrs["class"] = "short-choices"
    begins = Clock(label=gettext_lazy("Dalle"))
    ends = Clock(label=gettext_lazy("Alle"))
    weekly_hours = HoursField(
        label=gettext_lazy("Ore la settimana"),
        max_value=168,
        required=False,
        help_text=gettext_lazy("Se lasci vuoto le contiamo dall’orario. Scrivile se ci sono pause."),
    )
    timetable_note = forms.CharField(label=gettext_lazy("Pause, turni, stagioni"), max_length=200, required=False)
    access = choices(gettext_lazy("Il luogo"), Access.choices)
    suits = choices(
        gettext_lazy("Il lavoro tiene conto di limiti che riguardano"),
        FunctionalLimit.Kind.choices,
        gettext_lazy("Parole generali: non dicono niente di nessuno."),
    )
    accommodations = choices(gettext_lazy("Che cosa potete adattare"), Accommodation.Kind.choices)
    transport = choices(gettext_lazy("Come si arriva"), Transport.choices)
    transport_note = forms.CharField(label=gettext_lazy("Fermate e orari utili"), max_length=200, required=False)
    skills = forms.CharField(
        label=gettext_lazy("Che cosa serve saper fare, una cosa per riga"),
        max_length=900,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Il meno possibile: il tirocinio serve a imparare."),
    )
    contact_name = forms.CharField(label=gettext_lazy("A chi chiedere"), max_length=120, required=False)
    contact_phone = forms.RegexField(
        PHONE,
        label=gettext_lazy("Telefono"),
        required=False,
        error_messages={"invalid": gettext_lazy("Scrivi il numero con le sole cifre.")},
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    valid_from = NearDay(label=gettext_lazy("Disponibile dal"))
    valid_to = NearDay(label=gettext_lazy("Fino al, se si sa"), required=False)

    def __init__(self, *args, host, today, zone_id, place=None, **kwargs):
        kwargs.setdefault("initial", initial_of(place, today))
        super().__init__(*args, **kwargs)
        self.host, self.today, self.place = host, today, place
        self.seats = {str(seat.pk): seat for seat in host.seats.still_used().with_place()}
        main = f"{host.address}, {host.municipality}" if host.address else str(host.municipality)
        self.fields["where"].choices = [
            (MAIN, main),
            *((pk, str(seat)) for pk, seat in self.seats.items()),
            (ELSEWHERE, _("un altro luogo")),
        ]
        here = Case(When(zone_id=zone_id, then=0), default=1, output_field=IntegerField())
        self.fields["municipality"].queryset = Municipality.objects.order_by(here, "search_key")
        for number, name in enumerate(DAYS):
            self.fields[f"from_{number}"] = Clock(label=_("%(day)s, dalle") % {"day": name})
            self.fields[f"to_{number}"] = Clock(label=_("%(day)s, alle") % {"day": name})

    @property
    def is_elsewhere(self):
        wrong = any(name in self.errors for name in ("municipality", "address")) if self.is_bound else False
        return wrong or self["where"].value() == ELSEWHERE

    @property
    def by_day(self):
        """For the template: the pairs of fields of the days that differ."""
        return [(self[f"from_{number}"], self[f"to_{number}"]) for number in range(WEEK)]

    @property
    def differs_by_day(self):
        return any(
            self[f"{word}_{number}"].value() or self[f"{word}_{number}"].errors
            for number in range(WEEK)
            for word in ("from", "to")
        )

    def clean_skills(self):
        lines = [line.strip() for line in self.cleaned_data["skills"].splitlines() if line.strip()]
        if len(lines) > SKILLS or any(len(line) > 80 for line in lines):
            raise forms.ValidationError(_("Al massimo dieci righe, di ottanta lettere l’una."))
        return lines

    def clean(self):
        data = self.cleaned_data
        first, last = data.get("valid_from"), data.get("valid_to")
        if first and last and last < first:
            self.add_error("valid_to", _("Finisce prima di cominciare: correggi uno dei due giorni."))
        elif last and last < self.today:
            self.add_error("valid_to", _("Questo giorno è già passato."))
        if data.get("where") == ELSEWHERE and not data.get("municipality") and "municipality" not in self.errors:
            self.add_error("municipality", _("Di’ in quale comune."))
        self.clean_timetable(data)
        return data

    def clean_timetable(self, data):
        """`begins_at` and `ends_at` from Monday to Sunday, and the hours they make."""
        begins, ends, minutes = [None] * WEEK, [None] * WEEK, 0
        chosen, told = {int(number) for number in data.get("weekdays", [])}, set()
        for number in range(WEEK):
            own = data.get(f"from_{number}"), data.get(f"to_{number}")
            if number not in chosen and not any(own):
                continue
            first, last = own[0] or data.get("begins"), own[1] or data.get("ends")
            field = f"from_{number}" if any(own) else "begins"
            if not (first and last):
                if field not in told and not any(name in self.errors for name in ("begins", "ends", field)):
                    told.add(field)
                    self.add_error(field, _("Scrivi da che ora a che ora."))
            elif last <= first:
                field = f"to_{number}" if any(own) else "ends"
                if field not in told:
                    told.add(field)
                    self.add_error(field, _("Finisce prima di cominciare. Se passa la mezzanotte scrivi 23:59."))
            else:
                begins[number], ends[number] = first, last
                minutes += (last.hour - first.hour) * 60 + last.minute - first.minute
        data["begins_at"], data["ends_at"] = (begins, ends) if any(begins) else ([], [])
        hours, asked = (Decimal(minutes) / 60).quantize(Decimal("0.01")), data.get("weekly_hours")
        if told or "weekly_hours" in self.errors:
            return
        if asked and minutes and asked > hours:
            said = {"hours": f"{hours.normalize():f}".replace(".", ",")}
            self.add_error("weekly_hours", _("L’orario scritto fa %(hours)s ore: correggi l’uno o l’altro.") % said)
        elif not asked and not minutes:
            self.add_error("weekly_hours", _("Scrivi le ore la settimana, o i giorni e l’orario."))
        data["weekly_hours"] = asked or hours

    def facts(self):
        """What a place is made of, as `place.offer` wants it."""
        data = self.cleaned_data
        seat = self.seats.get(data["where"])
        elsewhere = data["where"] == ELSEWHERE
        return {
            **{name: data[name] for name in AS_WRITTEN},
            "seat": seat,
            "municipality": data["municipality"] if elsewhere else (seat or self.host).municipality,
            "address": data["address"] if elsewhere else "",
        }


AS_WRITTEN = [
    "title",
    "setting",
    "tasks",
    "openings",
    "begins_at",
    "ends_at",
    "weekly_hours",
    "timetable_note",
    "access",
    "suits",
    "accommodations",
    "transport",
    "transport_note",
    "skills",
    "contact_name",
    "contact_phone",
    "valid_from",
    "valid_to",
]


def initial_of(place, today):
    if place is None:
        return {"valid_from": today, "openings": 1, "where": MAIN, "begins": dt.time(9), "ends": dt.time(13)}
    values = {name: getattr(place, name) for name in AS_WRITTEN if name not in ("begins_at", "ends_at")}
    values["skills"] = "\n".join(place.skills)
    own_place = place.seat_id is None and (place.address or place.municipality_id != place.host.municipality_id)
    values["where"] = ELSEWHERE if own_place else str(place.seat_id or MAIN)
    if own_place:
        values |= {"municipality": place.municipality_id, "address": place.address}
    times = {(first, last) for _number, first, last in place.timetable}
    values["weekdays"] = [str(number) for number in place.days]
    if len(times) == 1:
        values["begins"], values["ends"] = times.pop()
    else:
        for number, first, last in place.timetable:
            values |= {f"from_{number}": first, f"to_{number}": last}
    return values
