"""Giving and ending roles, for the administrator: to anybody but themselves."""

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accanto.access import role as roles_of
from accanto.access.door import for_kinds, writes
from accanto.access.organisation import Organisation
from accanto.access.role import REACH, Kind, Role
from accanto.access.user import User
from accanto.territory.zone import Zone
from accanto.web.parts.confirm import Confirm
from accanto.web.parts.forms import DayField
from accanto.web.people import CHOOSE

Body = Organisation.Kind
# in what kinds of body one may have a role; where there are none the role stands by itself
BODIES = {
    Kind.SOCIAL_WORKER: {Body.ZONE_AUTHORITY, Body.MUNICIPALITY, Body.HEALTH_AUTHORITY},
    Kind.CASE_MANAGER: {Body.ZONE_AUTHORITY, Body.MUNICIPALITY, Body.HEALTH_AUTHORITY},
    Kind.EMPLOYMENT_OPERATOR: {Body.EMPLOYMENT_CENTRE},
    Kind.THIRD_SECTOR_TUTOR: {Body.THIRD_SECTOR_BODY},
    Kind.HOST_TUTOR: {Body.HOST},
    Kind.HEALTH_WORKER: {Body.HEALTH_AUTHORITY},
    Kind.REFERRER: {Body.THIRD_SECTOR_BODY, Body.HEALTH_AUTHORITY, Body.MUNICIPALITY, Body.EMPLOYMENT_CENTRE},
    Kind.ADVOCATE: {Body.THIRD_SECTOR_BODY},
    Kind.ZONE_PLANNER: {Body.ZONE_AUTHORITY, Body.MUNICIPALITY},
    Kind.INSPECTOR: {Body.REGION, Body.ZONE_AUTHORITY, Body.MUNICIPALITY, Body.HEALTH_AUTHORITY},
    Kind.REGIONAL_OFFICER: {Body.REGION},
    Kind.DATA_PROTECTION_OFFICER: set(Body),
    Kind.ADMINISTRATOR: set(Body),
    Kind.PERSON: set(),
}
MUST_HAVE_BODY = {
    Kind.EMPLOYMENT_OPERATOR,
    Kind.THIRD_SECTOR_TUTOR,
    Kind.HOST_TUTOR,
    Kind.HEALTH_WORKER,
    Kind.REFERRER,
    Kind.INSPECTOR,
}


class RoleForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("Ruolo"), choices=[CHOOSE, *Kind.choices])
    organisation = forms.ModelChoiceField(
        label=gettext_lazy("Per quale organizzazione"),
        queryset=Organisation.objects.all(),
        required=False,
        empty_label=gettext_lazy("nessuna"),
    )
    zone = forms.ModelChoiceField(
        label=gettext_lazy("Zona"),
        queryset=Zone.objects.all(),
        required=False,
        empty_label=gettext_lazy("nessuna"),
        help_text=gettext_lazy("Se l'organizzazione è di una zona sola si può lasciare vuota."),
    )
    starts = DayField(label=gettext_lazy("Dal"))
    ends = DayField(label=gettext_lazy("Al"), required=False, help_text=gettext_lazy("Vuoto se non si sa ancora."))

    def __init__(self, *args, account, **kwargs):
        super().__init__(*args, **kwargs)
        self.account = account

    def clean(self):
        given = self.cleaned_data
        kind, body = given.get("kind"), given.get("organisation")
        if kind:
            if kind != Kind.PERSON and not self.account.name:  # the log and the papers would not say who it was
                self.add_error(
                    "kind", _("Chi ha questo ruolo agisce con il suo nome: prima scrivi nome e cognome dell’utente.")
                )
            self.clean_body(Kind(kind), body)
            if body and body.zone_id and not given.get("zone") and REACH[kind] == "zone":
                given["zone"] = body.zone
            if REACH[kind] == "zone" and not given.get("zone") and "zone" not in self.errors:
                self.add_error("zone", _("Chi ha questo ruolo vede le persone di una zona: scegli quale."))
            if REACH[kind] != "zone":
                given["zone"] = None
        if body and body.zone_id and given.get("zone") and body.zone_id != given["zone"].pk:
            self.add_error("zone", _("%(body)s è di un'altra zona.") % {"body": body})
        if given.get("starts") and given.get("ends") and given["ends"] < given["starts"]:
            self.add_error("ends", _("L'ultimo giorno viene prima del primo: correggi uno dei due."))
        return given

    def clean_body(self, kind, body):
        if body and body.kind not in BODIES[kind]:
            allowed = ", ".join(str(one.label) for one in Body if one in BODIES[kind])
            self.add_error(
                "organisation",
                _("Questo ruolo si ha in un'organizzazione di questi tipi: %(kinds)s.") % {"kinds": allowed}
                if allowed
                else _("Questo ruolo non è di un'organizzazione: lascia vuoto."),
            )
        if not body and kind in MUST_HAVE_BODY and "organisation" not in self.errors:
            self.add_error("organisation", _("Chi ha questo ruolo lavora per un'organizzazione: scegli quale."))


class EndForm(forms.Form):
    on = DayField(label=gettext_lazy("Ultimo giorno"))

    def __init__(self, *args, role, **kwargs):
        super().__init__(*args, **kwargs)
        self.role = role

    def clean_on(self):
        if self.cleaned_data["on"] < self.role.starts:
            raise forms.ValidationError(
                _("Il ruolo comincia il %(day)s: l'ultimo giorno non può venire prima.")
                % {"day": f"{self.role.starts:%d/%m/%Y}"}
            )
        return self.cleaned_data["on"]


@for_kinds(Kind.ADMINISTRATOR)
@writes
def give_role(request, user):
    found = get_object_or_404(User.objects.exclude(pk=request.user.pk), pk=user)
    form = RoleForm(request.POST or None, account=found, initial={"starts": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        roles_of.give(user=found, **form.cleaned_data, by=request.acting, now=timezone.now())
        messages.success(request, _("Ruolo assegnato."))
        return redirect("user", user=found.pk)
    return render(request, "access/give_role.html", {"account": found, "form": form})


@for_kinds(Kind.ADMINISTRATOR)
@writes
def end_role(request, role):
    today = timezone.localdate()
    standing = Role.objects.exclude(user=request.user).filter(Q(ends=None) | Q(ends__gte=today))
    found = get_object_or_404(standing.select_related("user", "organisation", "zone"), pk=role)
    form = EndForm(request.POST or None, role=found, initial={"on": today})
    if request.method == "POST" and form.is_valid():
        roles_of.end(role=found, on=form.cleaned_data["on"], by=request.acting, now=timezone.now())
        messages.success(request, _("Il ruolo finirà il giorno indicato."))
        return redirect("user", user=found.user_id)
    confirm = Confirm(
        title=_("Concludere il ruolo di %(user)s?") % {"user": found.user},
        sentence=_("Dal giorno dopo l'ultimo, ciò che quel ruolo apriva non si apre più: %(role)s.")
        % {"role": found.label},
        url=reverse("end_role", args=[found.pk]),
        label=_("Concludi il ruolo"),
        cancel_url=reverse("user", args=[found.user_id]),
        form=form,
    )
    return render(request, "confirm.html", {"confirm": confirm})
