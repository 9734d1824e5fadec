"""The pages on who works in the zones, which stand together under one word of the plan."""

from django.urls import reverse
from django.utils.translation import gettext as _

from accanto.access.role import Kind
from accanto.web.frame import PLANNERS

OF_THE_ZONE = {Kind.ZONE_PLANNER}


def staffing_pages(request, here):
    """Those that work for who is asking, as words above the page: (label, address, no count, active)."""
    kind = request.acting and request.acting.kind
    pages = [
        (_("Soglie e zone"), "staffing", None),
        (_("Somme dei decreti"), "decree_sums", None),
        (_("Prospetti"), "staffing_returns", PLANNERS),
        (_("Chi lavora nella zona"), "workers", OF_THE_ZONE),
        (_("Scenari"), "scenarios", PLANNERS),
        (_("Supervisione"), "supervision", PLANNERS),
    ]
    return [
        (label, reverse(name), None, name == here) for label, name, kinds in pages if kinds is None or kind in kinds
    ]
