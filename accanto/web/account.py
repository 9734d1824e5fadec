"""One's own way in: the password, the language, the roles one has."""

from django import forms
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accanto.access import user as users
from accanto.access.door import announce, in_no_role, writes
from accanto.web import my_day

# by the codes of Django's validators, whose Italian is not complete
WEAK = {
    "password_too_short": gettext_lazy("È troppo corta: servono almeno 12 caratteri."),
    "password_too_common": gettext_lazy("È una delle più usate al mondo: scegline una tua."),
    "password_entirely_numeric": gettext_lazy("Sono solo cifre: aggiungi delle parole."),
}


class OwnPasswordForm(forms.Form):
    current = forms.CharField(
        label=gettext_lazy("Password di adesso"),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label=gettext_lazy("Password nuova"),
        strip=False,
        max_length=200,
        help_text=gettext_lazy("Almeno 12 caratteri: quattro parole messe in fila vanno bene."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=gettext_lazy("Password nuova, di nuovo"),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean(self):
        given = self.cleaned_data
        if "current" in given and not self.user.check_password(given["current"]):
            self.add_error("current", _("Non è la password con cui sei entrato: riscrivila."))
        if "new" in given:
            self.clean_pair(given["new"], given.get("current"), given.get("again"))
        return given

    def clean_pair(self, new, current, again):
        if new == current:
            self.add_error("new", _("È la stessa di adesso: scegline un'altra."))
        if again is not None and new != again:
            self.add_error("again", _("Le due password nuove non sono uguali: riscrivi la seconda."))
        try:
            validate_password(new, self.user)
        except ValidationError as error:
            self.add_error("new", [WEAK.get(weakness.code, weakness) for weakness in error.error_list])


@in_no_role
@writes
def own_account(request):
    form = OwnPasswordForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        user = request.user
        users.change_own_password(user=user, password=form.cleaned_data["new"], by=request.acting, now=timezone.now())
        # the other sessions of this user end here: their mark was made with the old password
        update_session_auth_hash(request, user)
        announce(request)
        messages.success(request, _("Password cambiata. Gli altri accessi aperti con quella di prima sono chiusi."))
        return redirect("home")
    may_be_reminded = bool(request.acting) and request.acting.kind in my_day.REMINDED
    context = {"form": form, "roles": request.roles, "may_be_reminded": may_be_reminded}
    return render(request, "access/own_account.html", context)
