"""What is asked at each step of a traineeship, with what the law says before it is written."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accanto.access.organisation import Organisation
from accanto.people import representation as representations
from accanto.people.representation import Power
from accanto.traineeships import cover, facts, life, signing
from accanto.traineeships.agreement import AGREEMENT_PARTIES, Agreement, Party
from accanto.traineeships.mandatory_notice import MandatoryNotice
from accanto.traineeships.passage import PassageReason
from accanto.traineeships.traineeship_plan import TraineeshipPlan
from accanto.web.document import UploadedFile
from accanto.web.law_beside import NearDay, long_text, no_reason
from accanto.web.parts.numbers import day as day_words
from accanto.web.representation import age_of, standing_of

Reason = PassageReason.Reason


def leave_field():
    return long_text(
        gettext_lazy("Se qualcosa è «da autorizzare»: perché lo autorizzi"),
        help_text=gettext_lazy("Resta scritto nel fascicolo, con il tuo nome."),
    )


class StepForm(forms.Form):
    def __init__(self, *args, row, acting, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.row, self.acting, self.today = row, acting, today
        self.prepare()

    def prepare(self):
        pass

    def findings(self):
        """What the law says before anything is asked."""
        return []


class SignForm(StepForm):
    on = NearDay(label=gettext_lazy("Firmato il"))
    signed_by = forms.MultipleChoiceField(
        label=gettext_lazy("Firmato da"), choices=Party.choices, widget=forms.CheckboxSelectMultiple
    )
    signed_file = UploadedFile(
        label=gettext_lazy("Il progetto firmato su carta"),
        required=False,
        help_text=gettext_lazy("È la prova delle firme: la scansione o la fotografia, in PDF, JPEG o PNG."),
    )

    def prepare(self):
        self.initial = {"on": self.today}  # who signed is said one by one: it is what the start stands on
        if done := signing.complete(self.row):
            self.initial = {"on": signing.last_day(done), "signed_by": signing.signed_parties(done)}
            del self.fields["signed_file"]
        self.fields["signed_by"].error_messages["required"] = _("Segna chi ha firmato.")

    def findings(self):
        """Of the project; and who signs beside the person, by a decree or because they are a minor."""
        subject = self.row.subject_id
        _who, by_law = representations.signers(
            representations=standing_of(self.acting, subject, self.today),
            power=Power.TRAINEESHIP,
            on=self.today,
            age=age_of(self.acting, subject, self.today),
        )
        return [*facts.to_plan(facts.sheets_of(self.row, acting=self.acting), on=self.today), *by_law]

    def clean_on(self):
        if self.cleaned_data["on"] > self.today:
            raise forms.ValidationError(_("Questo giorno non è ancora arrivato."))
        return self.cleaned_data["on"]


class CoverFields(StepForm):
    """The promoter's covers: what names each and its last day."""

    inail_reference = forms.CharField(label=gettext_lazy("Posizione INAIL"), max_length=80, required=False)
    inail_to = NearDay(
        label=gettext_lazy("Copertura INAIL fino al"),
        required=False,
        help_text=gettext_lazy("L’ultimo giorno coperto, se si sa: prima che finisca lo trovi nella tua giornata."),
    )
    liability_reference = forms.CharField(
        label=gettext_lazy("Polizza di responsabilità civile"), max_length=80, required=False
    )
    liability_to = NearDay(label=gettext_lazy("Polizza fino al"), required=False)

    def prepare(self):
        self.initial = {name: getattr(self.row, name) for name in cover.FIELDS}

    def clean(self):
        data = self.cleaned_data
        for name in ("inail", "liability"):
            if data.get(f"{name}_to") and not data.get(f"{name}_reference"):
                self.add_error(f"{name}_reference", _("Scrivi quale copertura finisce quel giorno, o togli il giorno."))
        return data


class CoversForm(CoverFields):
    pass


class AgreementForm(CoverFields):
    field_order = [
        "agreement", "signed_on", "signed_by", "valid_from", "valid_to", "places", "reference", *cover.FIELDS,
    ]  # fmt: skip
    agreement = forms.ModelChoiceField(
        label=gettext_lazy("Convenzione"),
        queryset=Agreement.objects.none(),
        required=False,
        empty_label=gettext_lazy("una nuova, con i dati qui sotto"),
    )
    signed_on = NearDay(label=gettext_lazy("Firmata il"), required=False)
    signed_by = forms.MultipleChoiceField(
        label=gettext_lazy("Firmata da"),
        choices=[(party.value, party.label) for party in AGREEMENT_PARTIES],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    valid_from = NearDay(label=gettext_lazy("Vale dal"), required=False)
    valid_to = NearDay(label=gettext_lazy("Vale fino al"), required=False)
    places = forms.IntegerField(label=gettext_lazy("Posti"), required=False, min_value=1, max_value=1000)
    reference = forms.CharField(label=gettext_lazy("Protocollo"), max_length=80, required=False)

    def prepare(self):
        super().prepare()
        known = Agreement.objects.filter(host_id=self.row.host_id, promoter_id=self.row.promoter_id).in_force(
            self.today
        )
        self.fields["agreement"].queryset = known
        first = known.first()
        self.initial |= {"agreement": first.pk if first else None, "valid_from": self.row.starts}

    def clean(self):
        data = super().clean()
        if data.get("agreement"):
            return data
        plan = TraineeshipPlan.objects.filter(traineeship=self.row).first()
        if not data.get("signed_on") and "signed_on" not in self.errors:
            self.add_error("signed_on", _("Scrivi quando è stata firmata, o scegli una convenzione che c’è già."))
        if not data.get("signed_by") and "signed_by" not in self.errors:
            self.add_error("signed_by", _("Segna chi ha firmato."))
        first, last = data.get("valid_from"), data.get("valid_to")
        if first and last and last < first:
            self.add_error("valid_to", _("La convenzione finirebbe prima di cominciare: correggi una delle due date."))
        if not self.row.promoter_id or plan is None or plan.body_in_charge_id is None:
            self.add_error(None, _("Nel progetto mancano il promotore o l’ente in carico: completalo prima."))
        return data


class NoticeForm(StepForm):
    sent_on = NearDay(label=gettext_lazy("Inviata il"))
    category = forms.RegexField(
        r"^\d{1,2}$",
        label=gettext_lazy("Categoria del tirocinante"),
        help_text=gettext_lazy("Per un TIS è la 09, persona presa in carico dai servizi sociali o sanitari."),
        error_messages={"invalid": gettext_lazy("La categoria ha una o due cifre, per esempio 09.")},
    )
    sent_by = forms.ChoiceField(
        label=gettext_lazy("Inviata da"), choices=MandatoryNotice.Sender.choices, widget=forms.RadioSelect
    )
    reference = forms.CharField(label=gettext_lazy("Protocollo"), max_length=80, required=False)
    leave = leave_field()

    def prepare(self):
        self.initial = {"sent_on": self.today, "category": "09", "sent_by": MandatoryNotice.Sender.HOST}

    def clean_sent_on(self):
        if self.cleaned_data["sent_on"] > self.today:
            raise forms.ValidationError(_("Questo giorno non è ancora arrivato."))
        return self.cleaned_data["sent_on"]

    def clean_category(self):
        return self.cleaned_data["category"].zfill(2)


class LaterNoticeForm(StepForm):
    notice = forms.ModelChoiceField(
        label=gettext_lazy("Comunicazione"), queryset=MandatoryNotice.objects.none(), empty_label=None
    )
    sent_on = NearDay(label=gettext_lazy("Inviata il"))
    sent_by = forms.ChoiceField(
        label=gettext_lazy("Inviata da"), choices=MandatoryNotice.Sender.choices, widget=forms.RadioSelect
    )
    reference = forms.CharField(label=gettext_lazy("Protocollo"), max_length=80, required=False)

    def prepare(self):
        field = self.fields["notice"]
        field.queryset = self.row.notices.due().within(self.acting).order_by("due_on", "id")
        field.label_from_instance = lambda one: (
            _("%(event)s, entro il %(last)s")
            % {
                "event": one.get_event_display(),
                "last": day_words(one.due_on),
            }
        )
        self.initial = {
            "notice": field.queryset.first(),
            "sent_on": self.today,
            "sent_by": MandatoryNotice.Sender.HOST,
        }

    def clean_sent_on(self):
        if self.cleaned_data["sent_on"] > self.today:
            raise forms.ValidationError(_("Questo giorno non è ancora arrivato."))
        return self.cleaned_data["sent_on"]


class StartForm(StepForm):
    safety_training_on = NearDay(label=gettext_lazy("Formazione sulla sicurezza fatta il"), required=False)
    leave = leave_field()

    def findings(self):
        return facts.to_start(facts.sheets_of(self.row, acting=self.acting), on=self.today)


class SuspendForm(StepForm):
    on = NearDay(label=gettext_lazy("Sospeso dal"))
    reason = forms.ChoiceField(
        label=gettext_lazy("Motivo"),
        choices=[("", "—"), *((one.value, one.label) for one in PassageReason.SUSPENSION)],
        help_text=gettext_lazy("Lo leggono solo i servizi della zona e la persona."),
    )
    note = long_text(gettext_lazy("Nota"))

    def prepare(self):
        self.initial = {"on": self.today}


class ResumeForm(StepForm):
    on = NearDay(label=gettext_lazy("Riprende il"))

    def prepare(self):
        self.initial = {"on": self.today}


class ExtendForm(StepForm):
    new_end = NearDay(label=gettext_lazy("Nuova fine"))
    attested_by = forms.ModelChoiceField(
        label=gettext_lazy("Il bisogno è attestato da"), queryset=Organisation.objects.none(), required=False
    )
    attested_on = NearDay(label=gettext_lazy("Attestazione del"), required=False)
    need = long_text(gettext_lazy("Il bisogno attestato"), validators=[no_reason])
    leave = leave_field()

    def prepare(self):
        plan = TraineeshipPlan.objects.filter(traineeship=self.row).first()
        bodies = facts.attesting_bodies(plan, zone_id=self.acting.zone_id)
        field = self.fields["attested_by"]
        field.queryset, field.empty_label = bodies, _("scegli")
        field.error_messages["invalid_choice"] = _(
            "Il bisogno lo attesta solo il servizio pubblico che ha in carico la persona, non il promotore, "
            "l’ospitante o un ente del Terzo settore (R-TIS-28): scegli una voce dell’elenco."
        )
        found = [body.pk for body in bodies]
        own = self.acting.role.organisation_id
        self.initial = {"attested_by": found[0] if len(found) == 1 else own if own in found else None}

    def findings(self):
        if not self.is_bound or not (self.is_valid() or self.cleaned_data.get("new_end")):
            return []
        data = self.cleaned_data
        return life.extension_findings(
            traineeship=self.row,
            new_end=data.get("new_end"),
            attested_by=data.get("attested_by"),
            attested_on=data.get("attested_on"),
            by=self.acting,
            on=self.today,
        )


class CloseForm(StepForm):
    ended_on = NearDay(label=gettext_lazy("Ultimo giorno"))
    reason = forms.ChoiceField(
        label=gettext_lazy("Se finisce prima: motivo"),
        choices=[("", "—"), *((one.value, one.label) for one in PassageReason.INTERRUPTION)],
        required=False,
        help_text=gettext_lazy("Lo leggono solo i servizi della zona e la persona."),
    )
    note = long_text(gettext_lazy("Nota"))
    final_report = forms.BooleanField(label=gettext_lazy("L’attestazione finale è pronta"), required=False)
    leave = leave_field()

    def prepare(self):
        self.initial = {"ended_on": min(self.today, self.row.ends)}


class AttestForm(StepForm):
    on = NearDay(label=gettext_lazy("Consegnata il"))

    def prepare(self):
        self.initial = {"on": self.today}


class WithdrawForm(StepForm):
    note = long_text(gettext_lazy("Perché"))

    def clean(self):
        return {**self.cleaned_data, "reason": PassageReason.Reason.OTHER if self.cleaned_data.get("note") else ""}


class PlainForm(StepForm):
    pass
