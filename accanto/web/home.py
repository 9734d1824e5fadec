from django.shortcuts import redirect, render

from accanto.access.role import Kind
from accanto.web.frame import PLANNERS, TUTORS, WORKERS


def home(request):
    """Where the acting role begins its day."""
    if request.acting is None:
        return render(request, "access/no_role.html")
    kind = request.acting.kind
    if kind in WORKERS or kind == Kind.HEALTH_WORKER:
        return redirect("my_day")
    if kind == Kind.PERSON:
        return redirect("own_file")
    if kind == Kind.ADVOCATE:
        return redirect("invited")
    if kind in TUTORS:
        return redirect("week")
    if kind == Kind.INSPECTOR:
        return redirect("inspections")
    if kind in PLANNERS:
        return redirect("dashboard")
    if kind == Kind.ADMINISTRATOR:
        return redirect("users")
    if kind == Kind.DATA_PROTECTION_OFFICER:
        return redirect("log")
    if kind == Kind.REFERRER:
        return redirect("sent_referrals")
    return render(request, "home.html")
