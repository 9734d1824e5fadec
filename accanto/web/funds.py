"""The fund lines, for everybody: each with its amounts, what they are of, their year and act; and its allocations."""

from django.contrib.auth.decorators import login_not_required
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accanto.access.role import Kind
from accanto.plan.allocation import Allocation
from accanto.plan.fund import FundLine
from accanto.territory.zone import Zone
from accanto.web.frame import PLANNERS
from accanto.web.plan import sections


def may_split(request):
    return bool(request.acting and request.acting.kind == Kind.REGIONAL_OFFICER)


@login_not_required
@require_safe
def funds(request):
    standing = Q(allocations__superseded_at=None, allocations__state=Allocation.State.ADOPTED)
    lines = FundLine.objects.prefetch_related("amounts__act").annotate(split=Count("allocations", filter=standing))
    context = {
        "sections": sections(request, "funds"),
        "tree": lines.tree(),
        "drafts": list(Allocation.objects.drafts().select_related("fund_line")) if may_split(request) else [],
    }
    return render(request, "plan/funds.html", context)


@login_not_required
@require_safe
def fund(request, fund):
    """One line: its amounts, the lines within it, its allocations by year."""
    line = get_object_or_404(FundLine.objects.select_related("parent"), code=fund)
    rows = line.allocations.with_sums().select_related("act", "superseded_by").order_by("-year", "-id")
    context = {
        "line": line,
        "amounts": list(line.amounts.select_related("act")),
        "acts": list(line.acts.all()),
        "within": list(line.lines.all()),
        "allocations": list(rows.adopted()),
        "drafts": list(rows.drafts()) if may_split(request) else [],
        "all_zones": Zone.objects.count(),
        "may_split": may_split(request),
        "may_follow": bool(request.acting and request.acting.kind in PLANNERS),
    }
    return render(request, "plan/fund.html", context)
