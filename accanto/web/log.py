"""The log, for the data-protection officer: who opened what, and what was refused; never about whom."""

import datetime as dt
from urllib.parse import urlencode

from django import forms
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accanto.access import log as logs
from accanto.access.door import for_kinds
from accanto.access.role import Kind
from accanto.people import enquiry
from accanto.web.parts.forms import DayField
from accanto.web.parts.keyset import SIZE, whole_number
from accanto.web.story import OTHER_PAGE, PAGES

ASKED_IN = 30  # days of which the questions about people of other zones are counted


class LogForm(forms.Form):
    kind = forms.ChoiceField(
        label=gettext_lazy("Ruolo"), required=False, choices=[("", gettext_lazy("tutti")), *Kind.choices]
    )
    since = DayField(label=gettext_lazy("Dal"), required=False)
    until = DayField(label=gettext_lazy("Al"), required=False)
    refused = forms.BooleanField(label=gettext_lazy("Solo le aperture rifiutate"), required=False)

    def clean(self):
        given = self.cleaned_data
        if given.get("since") and given.get("until") and given["until"] < given["since"]:
            self.add_error("until", _("L'ultimo giorno viene prima del primo: correggi uno dei due."))
        return given


@for_kinds(Kind.DATA_PROTECTION_OFFICER)
def log_page(request):
    form = LogForm(request.GET or None)
    asked = form.cleaned_data if form.is_bound and form.is_valid() else {}
    rows = logs.page(
        before=whole_number(request.GET.get("before", "")),
        only_refused=asked.get("refused", False),
        kind=asked.get("kind", ""),
        since=midnight(asked.get("since")),
        until=midnight(asked.get("until"), days=1),
        limit=SIZE + 1,
    )
    next_url = ""
    if len(rows) > SIZE:
        rows = rows[:SIZE]
        kept = {name: value for name, value in request.GET.items() if name in form.fields}
        next_url = "?" + urlencode(kept | {"before": rows[-1]["id"]})
    for row in rows:
        row["page_label"] = PAGES.get(row["page"], OTHER_PAGE)
        row["kind_label"] = Kind(row["kind"]).label if row["kind"] in Kind.values else ""
    labels = {"act": _("Registro degli atti"), "reading": _("Registro delle letture")}
    seals = [{**seal, "label": labels[seal["log"]]} for seal in logs.seals()]
    since = timezone.now() - dt.timedelta(days=ASKED_IN)
    context = {"form": form, "rows": rows, "next_url": next_url, "seals": seals}
    context |= {"askings": enquiry.who_asked(since=since), "days": ASKED_IN}
    return render(request, "access/log.html", context)


def midnight(day, *, days=0):
    """The moment a day begins in Italy, `days` later; None without a day or beyond the calendar."""
    if day is None or not dt.date(1900, 1, 1) <= day <= dt.date(2200, 1, 1):
        return None
    return timezone.make_aware(dt.datetime.combine(day + dt.timedelta(days=days), dt.time.min))
