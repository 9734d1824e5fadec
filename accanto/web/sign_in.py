"""Coming in, going out, changing the role one acts in."""

from django.contrib.auth import get_user_model, login, logout
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accanto.access import demonstration, log
from accanto.access.door import announce, in_no_role, writes
from accanto.access.role import Acting, Kind, Role


class SignInForm(AuthenticationForm):
    error_messages = {
        "invalid_login": _("Nome utente o password non riconosciuti. Controlla le maiuscole e riprova."),
        "inactive": _("Questo accesso è stato chiuso. Rivolgiti all'amministratore del tuo ente."),
    }

    def clean_username(self):
        # one account is one count of wrong passwords: «ANNA» and «anna» sign in the same user (as does a dotless i)
        return self.cleaned_data["username"].upper().lower()

    def clean(self):
        # Django gives the field its length too late for it to be checked; the counter of attempts could not hold more
        if len(self.cleaned_data.get("username") or "") > 150:
            raise self.get_invalid_login_error()
        return super().clean()


@login_not_required
@never_cache
@in_no_role
@writes
def sign_in(request):
    form = SignInForm(request, data=request.POST or None)
    if request.method == "POST" and form.is_valid():
        enter(request, form.get_user())
        return redirect(next_page(request))
    sign_ins = [entry | {"role": role_of(entry)} for entry in demonstration.sign_ins(request)]
    context = {"form": form, "next": request.GET.get("next", ""), "sign_ins": sign_ins}
    return render(request, "access/sign_in.html", context)


def role_of(entry):
    """The roles of a demonstration sign-in in the reader's language; as it was written by an installation of before."""
    if "kinds" not in entry:
        return entry["role"]
    return ", ".join(str(Kind(kind).label) for kind in entry["kinds"]) + entry["place"]


@login_not_required
@require_POST
@writes
def demonstration_sign_in(request):
    """One click into the demonstration region; exists only with its mark, on the embedded server, from this machine."""
    chosen = request.POST.get("username", "")
    if chosen not in {entry["username"] for entry in demonstration.sign_ins(request)}:
        raise Http404
    user = get_user_model().objects.get(username=chosen)
    user.backend = "django.contrib.auth.backends.ModelBackend"
    enter(request, user)
    return redirect("home")


@require_POST
@in_no_role
@writes
def sign_out(request):
    log.act("sign out", request.user, by=request.acting, now=timezone.now())
    logout(request)
    response = redirect("public_home")
    if "keep" not in request.POST:
        # the register taken along leaves the device with its owner; days somebody else has still to send stay
        response.headers["Clear-Site-Data"] = '"storage"'
    return response


@require_POST
@writes
def switch_role(request):
    """Act in another of one's live roles; the menu and everything that can be seen change with it."""
    chosen = request.POST.get("role", "")
    role = next((role for role in request.roles if str(role.pk) == chosen), None)
    if role is None:
        raise Http404
    request.session["role"] = role.pk
    announce(request)
    log.act("switch role", role, by=Acting(user=request.user, role=role), now=timezone.now())
    return redirect("home")


def enter(request, user):
    """Open the session, under a new token, acting in the first of the user's live roles."""
    login(request, user)
    role = Role.objects.filter(user=user).on(timezone.localdate()).first()
    request.session["role"] = role.pk if role else None
    announce(request)
    log.act("sign in", user, by=Acting(user=user, role=role) if role else None, now=timezone.now())


def next_page(request):
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if safe else "home"
