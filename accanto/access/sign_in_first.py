from urllib.parse import urlsplit

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.utils.http import url_has_allowed_host_and_scheme


class SignInFirstMiddleware(LoginRequiredMiddleware):
    """After signing in one finds again the page whose button one pressed: many addresses only take what is sent to
    them, and to who comes back from signing in they would show an error of the browser."""

    def handle_no_permission(self, request, view_func):
        page = request.META.get("HTTP_REFERER", "")
        if request.method in ("GET", "HEAD") or not url_has_allowed_host_and_scheme(page, {request.get_host()}):
            return super().handle_no_permission(request, view_func)
        parts = urlsplit(page)
        back = parts.path + (f"?{parts.query}" if parts.query else "")
        return redirect_to_login(back, self.get_login_url(view_func), self.get_redirect_field_name(view_func))
