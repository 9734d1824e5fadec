"""Referring somebody to a zone, for services and third-sector bodies: the form, what was sent, what came of it."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accanto.access.door import for_kinds, writes
from accanto.access.organisation import Organisation
from accanto.access.role import Kind
from accanto.cases import received_referral as received_referrals
from accanto.cases.received_referral import ReceivedReferral
from accanto.cases.referral import Referral, ReferralOrigin
from accanto.norms.cases import referral as rules
from accanto.people import fiscal_code
from accanto.plan.parameter import local_values
from accanto.territory.zone import Zone
from accanto.web.parts.forms import DayField
from accanto.web.people import MANAGERS, past_day
from accanto.web.referral import fiscal_code_field, warn

Channel = ReferralOrigin.Channel
# for which services one may speak, by the kind of body one acts for
CHANNELS = {
    Organisation.Kind.THIRD_SECTOR_BODY: [Channel.THIRD_SECTOR_BODY],
    Organisation.Kind.EMPLOYMENT_CENTRE: [Channel.EMPLOYMENT_CENTRE],
    Organisation.Kind.MUNICIPALITY: [Channel.SOCIAL_SERVICE, Channel.SCHOOL, Channel.OTHER],
    Organisation.Kind.HEALTH_AUTHORITY: [
        Channel.SOCIAL_SERVICE,
        Channel.MENTAL_HEALTH,
        Channel.ADDICTION,
        Channel.DISABILITY,
        Channel.OTHER,
    ],
}
# as the sheet of the law calls who refers (R-SIIL-03)
IN_THE_LAW = {
    Channel.SOCIAL_SERVICE: "social_service",
    Channel.MENTAL_HEALTH: "mental_health_service",
    Channel.ADDICTION: "addiction_service",
    Channel.DISABILITY: "health_service",
    Channel.EMPLOYMENT_CENTRE: "employment_centre",
    Channel.THIRD_SECTOR_BODY: "third_sector",
}
CHOOSE = ("", gettext_lazy("scegli"))
SHOWN = 200


class SendForm(forms.Form):
    """Nothing here asks the zone's files: who refers learns nothing of whom the zone knows."""

    zone = forms.ModelChoiceField(
        Zone.objects.all(),
        label=gettext_lazy("A quale zona"),
        empty_label=gettext_lazy("scegli"),
        help_text=gettext_lazy("Quella dove la persona vive."),
    )
    channel = forms.ChoiceField(label=gettext_lazy("Per quale servizio scrivi"))
    family_name = forms.CharField(label=gettext_lazy("Cognome"), max_length=80)
    given_name = forms.CharField(label=gettext_lazy("Nome"), max_length=80)
    fiscal_code = fiscal_code_field()
    birth_date = DayField(label=gettext_lazy("Data di nascita"), required=False)
    phone = forms.CharField(label=gettext_lazy("Telefono"), max_length=40, required=False)
    email = forms.EmailField(label=gettext_lazy("Posta elettronica"), max_length=254, required=False)
    need = forms.CharField(
        label=gettext_lazy("Perché"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Che cosa chiede la persona e che cosa vedi tu. Niente diagnosi, niente reati."),
    )
    followed = forms.ChoiceField(
        label=gettext_lazy("È già in carico a un servizio?"), choices=[CHOOSE, *ReceivedReferral.Followed.choices]
    )
    agreement = forms.ChoiceField(
        label=gettext_lazy("La persona sa che la segnali?"), choices=[CHOOSE, *ReceivedReferral.Agreement.choices]
    )

    def __init__(self, *args, body, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.body, self.today, self.code = body, today, None
        channels = CHANNELS.get(body.kind, [Channel.OTHER])
        self.fields["channel"].choices = [CHOOSE, *((one.value, one.label) for one in channels)]
        if len(channels) == 1:
            self.only_channel = channels[0].value
            del self.fields["channel"]
        self.fields["fiscal_code"].widget.attrs["hx-post"] = reverse("fiscal_code")

    def clean_fiscal_code(self):
        if not self.cleaned_data["fiscal_code"]:
            return ""
        try:
            self.code = fiscal_code.read(self.cleaned_data["fiscal_code"])
        except fiscal_code.WrongFiscalCode as mistake:
            raise ValidationError(str(mistake)) from None
        return self.code.code

    def clean_birth_date(self):
        return past_day(self.cleaned_data["birth_date"], today=self.today)

    def clean(self):
        data = self.cleaned_data
        data["channel"] = data.get("channel") or getattr(self, "only_channel", "")
        if not any(data.get(name) or name in self.errors for name in ("fiscal_code", "birth_date", "phone", "email")):
            self.add_error(
                None,
                _("Con il solo nome la zona non può trovare la persona: scrivi un recapito, il codice fiscale "
                  "o la data di nascita."),
            )  # fmt: skip
        self.warnings = fiscal_code.cautions(
            self.code,
            given_name=data.get("given_name", ""),
            family_name=data.get("family_name", ""),
            birth_date=data.get("birth_date"),
        ) if self.code else []  # fmt: skip
        self.refuse_twice(data)
        return data

    def refuse_twice(self, data):
        """What the same body has already written, and nobody has answered: it reads its own rows, not the zone's."""
        if data.get("fiscal_code") and data.get("zone"):
            mine = ReceivedReferral.objects.filter(organisation=self.body, outcome=Referral.Outcome.WAITING)
            if mine.filter(zone=data["zone"], fiscal_code=data["fiscal_code"]).exists():
                self.add_error(
                    "fiscal_code",
                    _("Il tuo ente l’ha già segnalata a questa zona, che non ha ancora risposto: aspetta l’esito."),
                )


def findings_of(form, *, today):
    """What the law says of the answers so far: of an empty form, nothing."""
    if not form.is_bound:
        return []
    data = getattr(form, "cleaned_data", {})
    channel, zone = data.get("channel") or getattr(form, "only_channel", ""), data.get("zone")
    return rules(
        referrer=IN_THE_LAW.get(channel, channel) or None,
        already_in_charge={"yes": True, "no": False}.get(data.get("followed", "")),
        on=today,
        local=local_values(on=today, zone=zone) if zone else None,
    )


def body_of(request):
    """The body one refers for: a role without one refers for nobody."""
    if request.acting.role.organisation is None:
        raise Http404
    return request.acting.role.organisation


@for_kinds(Kind.REFERRER)
def sent_referrals(request):
    """What one's body has sent, newest first, with the outcome of each."""
    rows = ReceivedReferral.objects.filter(organisation=request.acting.role.organisation).with_body()
    rows = list(rows.order_by("-sent_at", "-id")[: SHOWN + 1])
    context = {
        "waiting": [row for row in rows[:SHOWN] if not row.outcome],
        "answered": [row for row in rows[:SHOWN] if row.outcome],
        "more": len(rows) > SHOWN,
    }
    return render(request, "referrals/sent.html", context)


@for_kinds(Kind.REFERRER)
@writes
def send_referral(request):
    body, today = body_of(request), timezone.localdate()
    form = SendForm(request.POST or None, body=body, today=today)
    if request.method == "POST" and form.is_valid():
        try:
            sent = received_referrals.send(**form.cleaned_data, by=request.acting, now=timezone.now())
        except received_referrals.TooMany:
            form.add_error(None, too_many())
        else:
            warn(request, form)
            messages.success(request, _("Segnalazione inviata. Troverai qui l’esito."))
            return redirect("sent_referral", sent.pk)
    context = {"form": form, "body": body, "findings": findings_of(form, today=today)}
    return render(request, "referrals/send.html", context)


@for_kinds(Kind.REFERRER)
@writes
def send_findings(request):
    """The rules beside the form, while one writes."""
    today = timezone.localdate()
    form = SendForm(request.POST or None, body=body_of(request), today=today)
    form.is_valid()
    context = {"found": findings_of(form, today=today), "title": _("Che cosa dicono le linee guida")}
    return render(request, "parts/findings_only.html", context)


class SendOnForm(forms.Form):
    zone = forms.ModelChoiceField(Zone.objects.none(), label=gettext_lazy("Zona"), empty_label=gettext_lazy("scegli"))

    def __init__(self, *args, received, **kwargs):
        super().__init__(*args, **kwargs)
        self.received = received
        self.fields["zone"].queryset = Zone.objects.exclude(pk=received.zone_id).order_by("name")

    def clean_zone(self):
        zone, code = self.cleaned_data["zone"], self.received.fiscal_code
        there = ReceivedReferral.objects.filter(organisation=self.received.organisation_id, zone=zone)
        if code and there.filter(outcome=Referral.Outcome.WAITING, fiscal_code=code).exists():
            raise ValidationError(
                _("Il tuo ente l’ha già segnalata a questa zona, che non ha ancora risposto: aspetta l’esito.")
            )
        return zone


def of_another_zone(row):
    return row.reason == ReceivedReferral.Reason.OTHER_ZONE


@for_kinds(Kind.REFERRER)
def sent_referral(request, received):
    row = get_object_or_404(ReceivedReferral.objects.with_body(), pk=received)
    form = SendOnForm(received=row) if of_another_zone(row) else None
    return render(request, "referrals/sent_one.html", {"received": row, "form": form})


@for_kinds(Kind.REFERRER)
@writes
@require_POST
def send_on(request, received):
    """The zone answered that another is competent: the same words, sent there."""
    body_of(request)
    row = get_object_or_404(ReceivedReferral.objects.with_body(), pk=received)
    if not of_another_zone(row):
        raise Http404
    form = SendOnForm(request.POST, received=row)
    if form.is_valid():
        try:
            sent = received_referrals.send_on(
                received=row, zone=form.cleaned_data["zone"], by=request.acting, now=timezone.now()
            )
        except received_referrals.TooMany:
            form.add_error(None, too_many())
        else:
            messages.success(request, _("Segnalazione inviata. Troverai qui l’esito."))
            return redirect("sent_referral", sent.pk)
    return render(request, "referrals/sent_one.html", {"received": row, "form": form})


def too_many():
    words = _("Hai già inviato %(most)s segnalazioni nelle ultime 24 ore: riprova domani.")
    return words % {"most": received_referrals.MOST_IN_A_DAY}


@for_kinds(Kind.REFERRER, *MANAGERS)
def referral_outcome(request, received):
    """The outcome on one page, to print or to hand over: never the file, not even whether there is one."""
    row = get_object_or_404(ReceivedReferral.objects.within(request.acting).with_body(), pk=received)
    return render(request, "referrals/outcome.html", {"received": row})
