"""The forms by which a traineeship passes from a state to the next."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accanto.access.organisation import Organisation
from accanto.access.role import Degree
from accanto.documents import document as documents
from accanto.norms.findings import Refused
from accanto.people import representation as representations
from accanto.people.representation import Power
from accanto.traineeships import facts, life, signing
from accanto.traineeships.agreement import AGREEMENT_PARTIES, Agreement, Party, sign_agreement
from accanto.traineeships.mandatory_notice import MandatoryNotice
from accanto.traineeships.passage import PassageReason
from accanto.traineeships.traineeship import OPEN, STARTED, State
from accanto.traineeships.traineeship_plan import TraineeshipPlan
from accanto.web.document import UploadedFile
from accanto.web.law_beside import NearDay, long_text, no_reason, tell, told_to_who_follows
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


class AgreementForm(StepForm):
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
    inail_reference = forms.CharField(label=gettext_lazy("Posizione INAIL"), max_length=80, required=False)
    liability_reference = forms.CharField(
        label=gettext_lazy("Polizza di responsabilità civile"), max_length=80, required=False
    )

    def prepare(self):
        known = Agreement.objects.filter(host_id=self.row.host_id, promoter_id=self.row.promoter_id).in_force(
            self.today
        )
        self.fields["agreement"].queryset = known
        first = known.first()
        self.initial = {
            "agreement": first.pk if first else None,
            "inail_reference": self.row.inail_reference,
            "liability_reference": self.row.liability_reference,
            "valid_from": self.row.starts,
        }

    def clean(self):
        data = self.cleaned_data
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


class CoversForm(StepForm):
    inail_reference = forms.CharField(label=gettext_lazy("Posizione INAIL"), max_length=80, required=False)
    liability_reference = forms.CharField(
        label=gettext_lazy("Polizza di responsabilità civile"), max_length=80, required=False
    )

    def prepare(self):
        self.initial = {name: getattr(self.row, name) for name in ("inail_reference", "liability_reference")}


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
        near = Organisation.objects.filter(Q(zone_id=self.acting.zone_id) | Q(zone=None))
        attesting = near.exclude(kind__in=[Organisation.Kind.HOST, Organisation.Kind.REGION])
        self.fields["attested_by"].queryset = attesting
        self.fields["attested_by"].empty_label = _("scegli")
        if self.acting.role.organisation_id:
            self.initial = {"attested_by": self.acting.role.organisation_id}

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


@dataclass(frozen=True)
class Step:
    label: Any
    title: Any
    form: type[StepForm]
    to: tuple  # the states it leads to; none where it only writes something down
    act: Callable
    lead: Any = ""
    when: Callable | None = None


def sign(*, traineeship, by, now, signed_file=None, **facts):
    """Typed from paper, with the paper as its proof where there is one."""
    life.sign_plan(traineeship=traineeship, by=by, now=now, **facts)
    if signed_file:
        with suppress(documents.AlreadyThere):  # the same bytes prove it already
            documents.keep(
                subject_id=traineeship.subject_id,
                zone_id=traineeship.zone_id,
                degree=Degree.TRAINEESHIP_PLAN,
                title="Progetto di tirocinio firmato",
                day=facts["on"],
                file=signed_file,
                by=by,
                now=now,
            )


def agree(*, traineeship, by, now, agreement=None, inail_reference="", liability_reference="", **new):
    if agreement is None:
        agreement = sign_agreement(
            promoter_id=traineeship.promoter_id,
            host=traineeship.host,
            body_in_charge=traineeship.plan.body_in_charge,
            valid_from=new.pop("valid_from", None) or new["signed_on"],
            by=by,
            now=now,
            **new,
        )
    life.activate_agreement(
        traineeship=traineeship,
        agreement=agreement,
        inail_reference=inail_reference,
        liability_reference=liability_reference,
        by=by,
        now=now,
    )


STEPS = {
    "sign": Step(
        label=gettext_lazy("Registra le firme"),
        title=gettext_lazy("Firme del progetto"),
        lead=gettext_lazy("Dopo le firme il progetto non si riscrive, e il tutor vede la persona."),
        form=SignForm,
        to=(State.PLAN_SIGNED,),
        act=sign,
    ),
    "agreement": Step(
        label=gettext_lazy("Collega la convenzione"),
        title=gettext_lazy("Convenzione e coperture"),
        lead=gettext_lazy("La firmano promotore, ospitante ed ente in carico; una può reggere più progetti."),
        form=AgreementForm,
        to=(State.AGREEMENT_ACTIVE,),
        act=agree,
    ),
    "notice": Step(
        label=gettext_lazy("Registra la comunicazione"),
        title=gettext_lazy("Comunicazione obbligatoria di avvio"),
        form=NoticeForm,
        to=(State.NOTICE_SENT,),
        act=life.notify_start,
    ),
    "start": Step(
        label=gettext_lazy("Avvia il tirocinio"),
        title=gettext_lazy("Avvio del tirocinio"),
        lead=gettext_lazy("Il primo giorno è quello del progetto; da allora si segna il registro."),
        form=StartForm,
        to=(State.RUNNING,),
        act=life.start,
        when=lambda row: row.state == State.NOTICE_SENT,
    ),
    "resume": Step(
        label=gettext_lazy("Riprendi"),
        title=gettext_lazy("Ripresa del tirocinio"),
        form=ResumeForm,
        to=(State.RUNNING, State.EXTENDED),
        act=life.resume,
        when=lambda row: row.state == State.SUSPENDED,
    ),
    "extend": Step(
        label=gettext_lazy("Proroga"),
        title=gettext_lazy("Proroga del tirocinio"),
        lead=gettext_lazy("Il bisogno lo attesta il servizio pubblico che ha in carico la persona."),
        form=ExtendForm,
        to=(State.EXTENDED,),
        act=life.extend,
        when=lambda row: row.state in (State.RUNNING, State.EXTENDED),
    ),
    "suspend": Step(
        label=gettext_lazy("Sospendi"),
        title=gettext_lazy("Sospensione del tirocinio"),
        form=SuspendForm,
        to=(State.SUSPENDED,),
        act=life.suspend,
    ),
    "close": Step(
        label=gettext_lazy("Chiudi"),
        title=gettext_lazy("Fine del tirocinio"),
        lead=gettext_lazy("Con la fine si chiude anche l’accesso dei tutor alla persona."),
        form=CloseForm,
        to=(State.CONCLUDED, State.INTERRUPTED),
        act=life.close,
        # an attested one that goes back to how it ended is another matter
        when=lambda row: row.state in OPEN,
    ),
    "covers": Step(
        label=gettext_lazy("Scrivi le coperture"),
        title=gettext_lazy("Coperture INAIL e responsabilità civile"),
        lead=gettext_lazy("I riferimenti li dà il promotore."),
        form=CoversForm,
        to=(),
        act=life.write_covers,
        # before it they are asked with the agreement; a plan being signed does not change under who signs it
        when=lambda row: row.state in (State.AGREEMENT_ACTIVE, State.NOTICE_SENT, *OPEN),
    ),
    "later-notice": Step(
        label=gettext_lazy("Registra la comunicazione"),
        title=gettext_lazy("Comunicazione obbligatoria di proroga o di cessazione"),
        form=LaterNoticeForm,
        to=(),
        act=life.record_notice,
        when=lambda row: row.state in STARTED and row.notices.due().exists(),
    ),
    "reopen": Step(
        label=gettext_lazy("Riapri il progetto"),
        title=gettext_lazy("Riapertura del progetto"),
        lead=gettext_lazy("Torna una bozza: le firme andranno raccolte di nuovo."),
        form=PlainForm,
        to=(State.DRAFT,),
        act=life.reopen,
    ),
    "withdraw": Step(
        label=gettext_lazy("Ritira"),
        title=gettext_lazy("Ritiro del tirocinio"),
        lead=gettext_lazy("Il tirocinio non comincerà. Quello che è stato scritto resta."),
        form=WithdrawForm,
        to=(State.WITHDRAWN,),
        act=life.withdraw,
    ),
    "attest": Step(
        label=gettext_lazy("Attestazione fatta altrove"),
        title=gettext_lazy("Attestazione finale"),
        lead=gettext_lazy("Se è già stata fatta e consegnata senza questo sistema: qui si registra solo il giorno."),
        form=AttestForm,
        to=(State.ATTESTED,),
        act=life.attest,
    ),
    "archive": Step(
        label=gettext_lazy("Archivia"),
        title=gettext_lazy("Archiviazione"),
        lead=gettext_lazy("Niente si cancella: il tirocinio esce dagli elenchi di lavoro."),
        form=PlainForm,
        to=(State.ARCHIVED,),
        act=life.archive,
        # what never began is not among the ended ones
        when=lambda row: row.state != State.WITHDRAWN,
    ),
}


def step_page(request, row, slug):
    """`row` as the acting role sees it; the act itself checks again whether the step may be taken."""
    step, now = STEPS[slug], timezone.now()
    given = {"row": row, "acting": request.acting, "today": timezone.localdate(now)}
    posted = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = step.form(*posted, **given)
    found = told_to_who_follows(form.findings(), case_id=row.case_id)
    if request.method == "POST":
        if form.is_valid() and "check" not in request.POST:
            try:
                step.act(traineeship=row, by=request.acting, now=now, **form.cleaned_data)
            except Refused as refused:
                found = told_to_who_follows(refused.findings, case_id=row.case_id)
                tell(form, found, {"on": "on"})
            else:
                messages.success(request, _("Fatto: %(step)s.") % {"step": step.title})
                return redirect("traineeship", row.pk)
        elif "check" not in request.POST:
            tell(form, found, {})
    context = {
        "traineeship": row,
        "step": step,
        "form": form,
        "found": found,
        "back": reverse("traineeship", args=[row.pk]),
        "can_check": slug == "extend",
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "traineeships/step.html", context, status=status)
