"""The form of a traineeship's plan: its fields, and what of them comes from the host's list."""

from decimal import Decimal

from django import forms
from django.db.models import Q
from django.forms.models import ModelChoiceIterator
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accanto.access.organisation import Organisation
from accanto.access.role import Kind, Role
from accanto.access.user import User
from accanto.plan.operation import Operation
from accanto.traineeships import facts
from accanto.traineeships.allowance import AllowanceTerms
from accanto.traineeships.host import Host
from accanto.traineeships.place import Place
from accanto.traineeships.traineeship import Kind as TraineeshipKind
from accanto.traineeships.traineeship import PromoterType
from accanto.web.frame import STARTERS
from accanto.web.host_offers import WEEKDAYS, mark, number_of, offers_of, said_by
from accanto.web.law_beside import NearDay, long_text, no_reason
from accanto.web.parts.forms import EuroField, HoursField

Body = Organisation.Kind
# where the form shows what the law says of a fact
FIELD_OF = {
    "start": "starts",
    "end": "ends",
    "host_tutor": "host_tutor_name",
    "promoter_type": "promoter",
    "host_type": "host",
    "plan_reason": "reason",
    "personal_path": "path_agreed_on",
    "integrated_phase_on": "integrated_on",
    "taken_in_charge_on": "body_in_charge",
    "attestation_on": "attested_on",
    "attestation_by": "attested_by",
    "allowance_monthly": "monthly_amount",
    "allowance_hourly": "hourly_rate",
    "allowance_mode": "mode",
}


def with_role(*kinds, zone=None):
    roles = Role.objects.on(timezone.localdate()).filter(kind__in=kinds)
    if zone:
        roles = roles.filter(zone_id=zone)
    return User.objects.filter(is_active=True, pk__in=roles.values("user_id")).order_by("name", "pk")


class NearAndFar(ModelChoiceIterator):
    """The hosts of the zone, then those of the others, each under its word."""

    def __iter__(self):
        yield "", self.field.empty_label
        groups = {_("Nella zona"): [], _("Nelle altre zone"): []}
        near, far = groups.values()
        for host in self.queryset:
            (near if host.municipality.zone_id == self.field.zone_id else far).append(self.choice(host))
        yield from ((word, hosts) for word, hosts in groups.items() if hosts)


class HostChoice(forms.ModelChoiceField):
    iterator = NearAndFar
    zone_id = None

    def label_from_instance(self, host):
        place = str(host.municipality)
        return str(host) if place in str(host) else f"{host}, {place}"


class PlaceChoice(forms.ChoiceField):
    """The places come with the host; the form says in its own words why one is not among them."""

    def valid_value(self, value):
        return True


def taken_meanwhile(place):
    return _("«%(place)s» non è più libero: scegline un altro, o nessuno e scrivi tu sede e orario.") % {"place": place}


class PlanForm(forms.Form):
    kind = forms.ChoiceField(
        label=gettext_lazy("Tipo di tirocinio"), choices=TraineeshipKind.choices, widget=forms.RadioSelect
    )
    host = HostChoice(label=gettext_lazy("Soggetto ospitante"), queryset=Host.objects.none())
    place = PlaceChoice(label=gettext_lazy("Posto offerto"), required=False, widget=forms.RadioSelect)
    seat = forms.CharField(
        label=gettext_lazy("Sede, se diversa"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"list": "seats-of-host", "autocomplete": "off"}),
    )
    host_tutor_name = forms.CharField(
        label=gettext_lazy("Tutor aziendale"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"list": "tutors-of-host", "autocomplete": "off"}),
        help_text=gettext_lazy("Chi dell’ospitante affianca la persona per tutta l’esperienza."),
    )
    host_tutor = forms.ModelChoiceField(
        label=gettext_lazy("Oppure, se usa Accanto"), queryset=User.objects.none(), required=False
    )
    promoter = forms.ModelChoiceField(
        label=gettext_lazy("Soggetto promotore"), queryset=Organisation.objects.none(), required=False
    )
    promoter_type = forms.ChoiceField(
        label=gettext_lazy("In che veste promuove"),
        choices=[("", gettext_lazy("secondo il tipo di ente")), *PromoterType.choices],
        required=False,
    )
    tutor = forms.ModelChoiceField(
        label=gettext_lazy("Tutor del promotore"), queryset=User.objects.none(), required=False
    )
    body_in_charge = forms.ModelChoiceField(
        label=gettext_lazy("Ente che ha in carico la persona"), queryset=Organisation.objects.none(), required=False
    )
    case_manager = forms.ModelChoiceField(
        label=gettext_lazy("Case manager"), queryset=User.objects.none(), required=False
    )
    path_agreed_on = NearDay(label=gettext_lazy("Percorso personalizzato definito il"), required=False)
    integrated_on = NearDay(label=gettext_lazy("Presa in carico integrata dal"), required=False)
    integrated_with = forms.ModelChoiceField(
        label=gettext_lazy("Con il servizio per il lavoro"), queryset=Organisation.objects.none(), required=False
    )
    starts = NearDay(label=gettext_lazy("Inizio"))
    ends = NearDay(label=gettext_lazy("Fine"))
    weekly_hours = HoursField(
        label=gettext_lazy("Ore la settimana"),
        max_value=168,
        required=False,
        help_text=gettext_lazy("Basta il totale; l’orario giorno per giorno riempie da solo il registro."),
    )
    monday = HoursField(label=gettext_lazy("Lunedì"), required=False)
    tuesday = HoursField(label=gettext_lazy("Martedì"), required=False)
    wednesday = HoursField(label=gettext_lazy("Mercoledì"), required=False)
    thursday = HoursField(label=gettext_lazy("Giovedì"), required=False)
    friday = HoursField(label=gettext_lazy("Venerdì"), required=False)
    saturday = HoursField(label=gettext_lazy("Sabato"), required=False)
    sunday = HoursField(label=gettext_lazy("Domenica"), required=False)
    accommodations = long_text(
        gettext_lazy("Accorgimenti e limiti di orario o di luogo"),
        help_text=gettext_lazy("Che cosa serve, mai perché: lo leggono il tutor e l’ospitante."),
        validators=[no_reason],
    )
    operation = forms.ModelChoiceField(
        label=gettext_lazy("Operazione che lo finanzia"), queryset=Operation.objects.none(), required=False
    )
    mode = forms.ChoiceField(
        label=gettext_lazy("Come si calcola l’indennità"),
        choices=AllowanceTerms.Mode.choices,
        required=False,
        help_text=gettext_lazy("Se l’operazione ha una sua tariffa oraria vale quella."),
    )
    monthly_amount = EuroField(label=gettext_lazy("Somma al mese"), required=False, max_digits=8)
    hourly_rate = EuroField(label=gettext_lazy("Euro l’ora"), required=False, max_digits=6)
    payer = forms.ChoiceField(
        label=gettext_lazy("Chi paga"), choices=[("", "—"), *AllowanceTerms.Payer.choices], required=False
    )
    # the promoter's tutor and the employment centre read these
    reason = long_text(gettext_lazy("Perché questo tirocinio, per i bisogni della persona"), validators=[no_reason])
    inclusion_goals = long_text(gettext_lazy("Obiettivi di inclusione"), validators=[no_reason])
    autonomy_goals = long_text(gettext_lazy("Obiettivi di autonomia"), validators=[no_reason])
    training_goals = long_text(gettext_lazy("Obiettivi formativi"), validators=[no_reason])
    activities = long_text(gettext_lazy("Attività"), validators=[no_reason])
    adi = forms.BooleanField(label=gettext_lazy("Riceve l’assegno di inclusione (ADI)"), required=False)
    gepi_entered_on = NearDay(label=gettext_lazy("Inserito in GePI il"), required=False)
    needs_authorisation = forms.BooleanField(
        label=gettext_lazy("Serve un’autorizzazione prima dell’inizio"), required=False
    )
    authorisation_date = NearDay(label=gettext_lazy("Autorizzazione del"), required=False)
    repeats = forms.TypedChoiceField(
        label=gettext_lazy("Ripete un tirocinio già fatto"),
        choices=[("", gettext_lazy("non detto")), ("yes", gettext_lazy("sì")), ("no", gettext_lazy("no"))],
        coerce={"yes": True, "no": False}.get,
        empty_value=None,
        required=False,
    )
    attested_by = forms.ModelChoiceField(
        label=gettext_lazy("Attestazione del bisogno, firmata da"),
        queryset=Organisation.objects.none(),
        required=False,
        help_text=gettext_lazy(
            "Serve oltre la durata ordinaria, o per ripetere: la firma il servizio pubblico in carico."
        ),
    )
    attested_on = NearDay(label=gettext_lazy("Attestazione del"), required=False)
    leave = long_text(
        gettext_lazy("Se qualcosa è «da autorizzare»: perché lo autorizzi"),
        help_text=gettext_lazy("Resta scritto nel fascicolo, con il tuo nome."),
    )
    told = forms.CharField(max_length=50, required=False, widget=forms.HiddenInput)

    def __init__(self, *args, acting, own=None, **kwargs):
        """`own` is the place the traineeship has already, or comes from."""
        super().__init__(*args, **kwargs)
        zone = acting.zone_id
        self.own = own
        chosen = self.data.get("host") if self.is_bound else self.initial.get("host")
        self.offers = offers_of(chosen, acting=acting, today=timezone.localdate(), own=own)
        self.fields["place"].choices = self.place_choices
        if self.is_bound is False:
            self.initial["told"] = mark(self.initial.get("host"), self.initial.get("place"))
        bodies = Organisation.objects.exclude(kind__in=[Body.HOST, Body.REGION])
        near = bodies.filter(Q(zone_id=zone) | Q(zone=None) | Q(kind=Body.THIRD_SECTOR_BODY))
        self.fields["host"].zone_id = zone
        querysets = {
            "host": Host.objects.with_place().receiving().near_first(zone),
            "host_tutor": self.accounts(),
            "tutor": with_role(Kind.THIRD_SECTOR_TUTOR),
            "case_manager": with_role(*STARTERS, zone=zone),
            "promoter": near,
            "attested_by": near,
            "body_in_charge": near.filter(kind__in=facts.PUBLIC_SERVICES),
            "integrated_with": near.filter(kind=Body.EMPLOYMENT_CENTRE),
            "operation": Operation.objects.filter(zone_id=zone, ends__gte=timezone.localdate()),
        }
        for name, queryset in querysets.items():
            self.fields[name].queryset = queryset
            self.fields[name].empty_label = _("scegli")
            self.fields[name].error_messages["invalid_choice"] = _("Scegli una voce dell’elenco.")
        self.fields["host"].error_messages["required"] = _("Scegli il soggetto ospitante.")
        self.fields["host_tutor"].error_messages["invalid_choice"] = _("Questa persona lavora per un altro ospitante.")
        if self.offers.host:
            self.say_what_the_host_has()

    def accounts(self):
        """Who of the host has an account; of nobody's while no host is chosen."""
        host = self.offers.host
        return with_role(Kind.HOST_TUTOR).filter(roles__organisation=host.organisation_id if host else None).distinct()

    def place_choices(self):
        return [("", _("Nessuno di questi")), *self.offers.choices]

    def say_what_the_host_has(self):
        """In words too: not every browser shows the list of a field."""
        offers = self.offers
        told = [_("Se lasci vuoto: %(where)s.") % {"where": offers.main_seat()}]
        if offers.seats:
            told.append(_("Le altre: %(seats)s.") % {"seats": "; ".join(str(seat) for seat in offers.seats)})
        self.fields["seat"].help_text = " ".join(told)
        if offers.tutors:
            named = [
                f"{name} ({row.seat.name})" if row.seat and name == row.name else name
                for name, row in offers.named_tutors
            ]
            words = _("Registrati presso l’ospitante: %(names)s.") % {"names": ", ".join(named)}
            self.fields["host_tutor_name"].help_text = words

    def clean_place(self):
        """A page that does not ask keeps the place there was, where the host is the same."""
        if "place" not in self.data:
            return self.own
        pk = number_of(self.cleaned_data["place"])
        found = self.offers.place(pk) if pk else None
        if found is None and self.cleaned_data["place"]:
            there = Place.objects.filter(pk=pk or 0, host=self.offers.host or 0).first()
            raise forms.ValidationError(taken_meanwhile(there) if there else self.elsewhere())
        return found

    def elsewhere(self):
        return _("Questo posto è di un altro ospitante: scegline uno di questo, o nessuno.")

    def clean(self):
        data = self.cleaned_data
        host, place = data.get("host"), data.get("place")
        if place and host and place.host_id != host.pk:
            if "place" in self.data:
                self.add_error("place", self.elsewhere())
            data["place"] = place = None
        if place and "place" in self.data and data.get("told", "").partition("-")[2] != str(place.pk):
            self.take_from(place)
        self.choose_from_the_lists()
        days = [data.get(name) for name in WEEKDAYS]
        total, asked = sum((hours or Decimal(0) for hours in days), Decimal(0)), data.get("weekly_hours")
        if not any(name in self.errors for name in (*WEEKDAYS, "weekly_hours")):
            if any(days) and asked and total != asked:
                self.add_error("weekly_hours", _("Le ore dei giorni non fanno questo totale: correggile."))
            elif not any(days) and not asked:
                self.add_error("weekly_hours", _("Scrivi le ore la settimana, o quelle di ogni giorno."))
        data["weekly_total"] = total if any(days) else asked
        data["days"] = [hours or Decimal(0) for hours in days] if any(days) else []
        return data

    def choose_from_the_lists(self):
        """What is written as the host's own list names it is that row of the list."""
        data, offers = self.cleaned_data, self.offers
        data["listed_seat"] = offers.seat(data.get("seat"))
        data["listed_host_tutor"] = offers.tutor(data.get("host_tutor_name"))
        if data["listed_host_tutor"]:
            data["host_tutor_name"] = data["listed_host_tutor"].name

    def take_from(self, place):
        """The place was chosen and the form sent at once: what nobody has written is as the place says."""
        data, said = self.cleaned_data, said_by(place, today=timezone.localdate())
        for name in ("seat", "host_tutor_name", "activities"):
            if not data.get(name) and name not in self.errors:
                data[name] = said[name]
        if not any(data.get(name) or name in self.errors for name in (*WEEKDAYS, "weekly_hours")):
            data |= {name: said[name] for name in (*WEEKDAYS, "weekly_hours")}
