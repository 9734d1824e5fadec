"""The users, for the administrator: who they are, and their password when they begin or forget it."""

from django import forms
from django.contrib import messages
from django.db.models import Prefetch, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accanto.access import user as users_of
from accanto.access.door import for_kinds, writes
from accanto.access.role import Kind, Role
from accanto.access.user import User
from accanto.web.parts.confirm import Confirm
from accanto.web.parts.keyset import Page


class UserForm(forms.Form):
    username = forms.RegexField(
        label=gettext_lazy("Nome utente"),
        regex=r"^[a-zA-Z0-9._-]{3,60}$",
        help_text=gettext_lazy(
            "Lettere, cifre, punto e trattino. Per una persona in carico un codice qualsiasi, non il nome."
        ),
        error_messages={"invalid": gettext_lazy("Da 3 a 60 fra lettere senza accento, cifre, punto e trattino.")},
    )
    name = forms.CharField(
        label=gettext_lazy("Nome e cognome"),
        max_length=150,
        required=False,
        help_text=gettext_lazy("Vuoto per una persona in carico: il suo nome sta solo nel suo fascicolo."),
    )
    email = forms.EmailField(label=gettext_lazy("Posta elettronica"), required=False)

    def clean_username(self):
        username = self.cleaned_data["username"].lower()
        if User.objects.filter(username__iexact=username).exists():
            raise forms.ValidationError(_("Questo nome utente è già preso: aggiungi una cifra o un'iniziale."))
        return username


class UserDetailsForm(forms.Form):
    name = UserForm.base_fields["name"]
    email = UserForm.base_fields["email"]


class SearchForm(forms.Form):
    q = forms.CharField(label=gettext_lazy("Nome o nome utente"), max_length=100, required=False)


@for_kinds(Kind.ADMINISTRATOR)
def users(request):
    """The search is a POST that writes nothing, so that names stay out of addresses and logs."""
    form = SearchForm(request.POST or None)
    sought = form.cleaned_data["q"].strip() if form.is_bound and form.is_valid() else ""
    roles = Role.objects.on(timezone.localdate()).with_place()
    rows = User.objects.prefetch_related(Prefetch("roles", queryset=roles, to_attr="roles_today"))
    if sought:
        rows = rows.filter(Q(name__icontains=sought) | Q(username__icontains=sought))
    page = Page.of(request, rows, order=("name", "id"))
    return render(request, "access/users.html", {"page": page, "form": form, "sought": sought})


@for_kinds(Kind.ADMINISTRATOR)
@writes
def new_user(request):
    form = UserForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user, password = users_of.register(**form.cleaned_data, by=request.acting, now=timezone.now())
        return render(request, "access/password_once.html", {"account": user, "password": password})
    return render(request, "access/new_user.html", {"form": form})


@for_kinds(Kind.ADMINISTRATOR)
@writes
def user(request, user):
    found = get_object_or_404(User, pk=user)
    form = UserDetailsForm(request.POST or None, initial={"name": found.name, "email": found.email})
    if request.method == "POST" and form.is_valid():
        users_of.correct(user=found, **form.cleaned_data, by=request.acting, now=timezone.now())
        messages.success(request, _("Dati dell'utente corretti."))
        return redirect("user", user=found.pk)
    today = timezone.localdate()
    context = {
        "account": found,
        "form": form,
        "is_self": found.pk == request.user.pk,
        "roles": [(role, role_state(role, today)) for role in found.roles.with_place().order_by("-starts", "-id")],
    }
    return render(request, "access/user.html", context)


def role_state(role, today):
    """A word and a tone for a badge."""
    if role.starts > today:
        return _("comincerà"), "info"
    if role.ends and role.ends < today:
        return _("finito"), "neutral"
    return _("in vigore"), "ok"


@for_kinds(Kind.ADMINISTRATOR)
@writes
def close_user(request, user):
    """Close an account or open it again, after asking."""
    found = get_object_or_404(User.objects.exclude(pk=request.user.pk), pk=user)
    if request.method == "POST":
        users_of.set_active(user=found, active=not found.is_active, by=request.acting, now=timezone.now())
        messages.success(request, _("Accesso riaperto.") if found.is_active else _("Accesso chiuso."))
        return redirect("user", user=found.pk)
    closing = found.is_active
    confirm = Confirm(
        title=_("Chiudere l'accesso di %(user)s?") % {"user": found}
        if closing
        else _("Riaprire l'accesso di %(user)s?") % {"user": found},
        sentence=_("Da subito non potrà entrare, e le sessioni aperte smettono di funzionare. Ciò che ha fatto resta.")
        if closing
        else _("Potrà entrare di nuovo, con la sua password e i ruoli ancora in vigore."),
        url=reverse("close_user", args=[found.pk]),
        label=_("Chiudi l'accesso") if closing else _("Riapri l'accesso"),
        cancel_url=reverse("user", args=[found.pk]),
        danger=closing,
    )
    return render(request, "confirm.html", {"confirm": confirm})


@for_kinds(Kind.ADMINISTRATOR)
@writes
def renew_password(request, user):
    found = get_object_or_404(User.objects.exclude(pk=request.user.pk), pk=user)
    if request.method == "POST":
        password = users_of.renew_password(user=found, by=request.acting, now=timezone.now())
        return render(request, "access/password_once.html", {"account": found, "password": password})
    confirm = Confirm(
        title=_("Dare una password nuova a %(user)s?") % {"user": found},
        sentence=_("Quella di prima non varrà più. La nuova si vede una volta sola e va cambiata al primo accesso."),
        url=reverse("renew_password", args=[found.pk]),
        label=_("Crea la password"),
        cancel_url=reverse("user", args=[found.pk]),
    )
    return render(request, "confirm.html", {"confirm": confirm})
