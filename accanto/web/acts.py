"""The acts, for everybody: what each says, what it changed and what changed it, what stands on it; and the forms by
which an office enters its own."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db.models import Prefetch
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accanto.access.door import for_kinds, writes
from accanto.norms.sheet_file import sheets
from accanto.plan import act as acts_of
from accanto.plan.act import Act, ActLink, AlreadyThere
from accanto.plan.body import Body
from accanto.plan.fund import FundLine
from accanto.plan.grade import Grade
from accanto.plan.operation import Operation
from accanto.plan.parameter import LocalParameter
from accanto.plan.target import Target
from accanto.territory.municipality import search_key
from accanto.web import norms as norm_pages
from accanto.web.frame import PLANNERS
from accanto.web.parts.forms import DayField
from accanto.web.plan import sections
from accanto.web.templatetags.parts import local

SHOWN = 200
NAMED = 50  # operations and parameters named on an act's page
STATE = ("REG_UE", "L", "DLGS", "DL", "DI", "DM", "DPCM", "ACCORDO", "NOTA")
LEVELS = {
    "state": gettext_lazy("Stato e Unione europea"),
    "region": gettext_lazy("Regione"),
    "zone": gettext_lazy("Zone"),
}


def level_of(act):
    if act.zone_id:
        return "zone"
    return "state" if act.kind in STATE else "region"


def may_enter(request):
    return bool(request.acting and request.acting.kind in PLANNERS)


@login_not_required
@require_safe
def acts(request):
    """The acts, newest first; words, level and the rest are in the address."""
    words, level = request.GET.get("q", "")[:100].replace("\x00", ""), request.GET.get("level", "")
    links = Prefetch("linked_by", ActLink.objects.standing().select_related("act").order_by("act__date", "id"))
    rows = list(Act.objects.newest_first().select_related("zone").prefetch_related(links))
    found = [row for row in rows if not words or _sought(row, words)]
    counts = {key: sum(level_of(row) == key for row in found) for key in LEVELS}
    level = level if level in LEVELS else ""
    shown = [row for row in found if level in ("", level_of(row))]
    query = f"&q={words}" if words else ""
    context = {
        "sections": sections(request, "acts"),
        "acts": shown[:SHOWN],
        "hidden": max(0, len(shown) - SHOWN),
        "q": words,
        "filters": [
            (_("Tutti"), f"?{query.lstrip('&')}", len(found), not level),
            *((label, f"?level={key}{query}", counts[key], level == key) for key, label in LEVELS.items()),
        ],
        "may_enter": may_enter(request),
        "lacking": without_act() if may_enter(request) else None,
        "named_by_an_act": sheets().find("register.named_by_an_act"),
    }
    return render(request, "plan/acts.html", context)


def _sought(act, words):
    hay = search_key(" ".join([str(act), act.issuer, *act.subject.values(), act.code]))
    return all(word in hay for word in search_key(words).split())


def without_act():
    """What the plan holds and no act is named for (ACC-ACT), by kind of thing."""
    found = [
        (_("Obiettivi"), [row.name for row in Target.objects.filter(promised=True, act=None)]),
        (_("Organi"), [row.name for row in Body.objects.filter(act=None)]),
        (_("Linee di finanziamento"), [row.names for row in FundLine.objects.filter(acts=None)]),
    ]
    bare = Operation.objects.filter(act=None).count()
    return {"kinds": [(label, names) for label, names in found if names], "operations": bare}


@login_not_required
@require_safe
def act(request, act):
    """One act: the chain it is in and what stands on it."""
    row = get_object_or_404(Act.objects.select_related("zone", "entered_by"), code=act)
    standing = ActLink.objects.standing()
    does = list(standing.filter(act=row).select_related("other").order_by("other__date", "id"))
    undergoes = list(standing.filter(other=row).select_related("act").order_by("act__date", "id"))
    parameters = _parameters(row)
    locals_ = LocalParameter.objects.standing().filter(act=row).select_related("zone", "call").order_by("name", "id")
    planner = may_enter(request)
    may_correct = planner and Act.objects.written_by(request.acting).filter(pk=row.pk).exists()
    operations = Operation.objects.filter(act=row).select_related("zone") if planner else Operation.objects.none()
    context = {
        "act": row,
        "level": LEVELS[level_of(row)],
        "does": does,
        "undergoes": undergoes,
        "calls": list(row.calls.select_related("fund_line")),
        "targets": list(row.targets.all()),
        "fund_lines": list(row.fund_lines.all()),
        "amounts": list(row.fund_amounts.select_related("fund_line")),
        "allocations": list(row.allocations.adopted().select_related("fund_line")),
        "bodies": list(row.bodies.all()),
        "parameters": parameters[:NAMED],
        "more_parameters": max(0, len(parameters) - NAMED),
        "local_parameters": [(one, sheets().by_name.get(one.name)) for one in locals_],
        "operations": list(operations[:NAMED]),
        "may_correct": may_correct,
        "own_links": {one.pk for one in does if one.recorded_at and may_correct},
    }
    context["stands_alone"] = not any(
        context[name]
        for name in (
            "calls",
            "targets",
            "fund_lines",
            "amounts",
            "allocations",
            "bodies",
            "parameters",
            "local_parameters",
            "operations",
        )
    )
    return render(request, "plan/act.html", context)


def _parameters(act):
    """The numbers of the law that were read in this act or in a page of it, as rows."""
    keys, today = set(act.sheet_sources), timezone.localdate()
    if not keys:
        return []
    return [
        norm_pages.line(entry, today)
        for entry in sheets().parameters()
        if any(source.key in keys for dated in entry.values for source in dated.sources)
    ]


class ActForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("Tipo"), choices=[("", gettext_lazy("scegli")), *Act.Kind.choices])
    issuer = forms.CharField(
        label=gettext_lazy("Chi lo ha emanato"),
        max_length=120,
        help_text=gettext_lazy("Per esempio: Giunta regionale della Toscana, SdS Mugello."),
    )
    number = forms.CharField(label=gettext_lazy("Numero"), max_length=20, required=False)
    date = DayField(label=gettext_lazy("Data"), required=False)
    year = forms.IntegerField(
        label=gettext_lazy("Anno"),
        min_value=1900,
        max_value=2100,
        required=False,
        help_text=gettext_lazy("Solo se la data non si conosce."),
    )
    subject = forms.CharField(
        label=gettext_lazy("Oggetto"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Con parole tue, in una frase: che cosa stabilisce."),
    )
    link = forms.URLField(label=gettext_lazy("Collegamento"), max_length=300, required=False, assume_scheme="https")
    content_read = forms.ChoiceField(label=gettext_lazy("Quanto ne hai letto"), choices=Act.Read.choices)
    grade = forms.ChoiceField(
        label=gettext_lazy("Da dove sai numero e data"), choices=Grade.choices, initial=Grade.VERIFIED
    )

    def __init__(self, *args, acting, **kwargs):
        super().__init__(*args, **kwargs)
        if acting.reads_by_zone:
            own = [(key, label) for key, label in Act.Kind.choices if key in acts_of.OF_A_ZONE]
            self.fields["kind"].choices = [("", _("scegli")), *own]

    def clean(self):
        found = super().clean()
        day = found.get("date")
        if day and day > timezone.localdate():
            self.add_error("date", _("Un atto non si registra prima del suo giorno."))
        if day and found.get("year") and found["year"] != day.year:
            self.add_error("year", _("La data è di un altro anno: lascia vuoto l’anno, o correggi la data."))
        if not day and not found.get("year") and not {"date", "year"} & set(self.errors):
            self.add_error("date", _("Scrivi la data; se non la conosci, almeno l’anno."))
        return found

    def said(self):
        said = dict(self.cleaned_data)
        text = said.pop("subject").strip()
        if said["date"]:
            said["year"] = None
        return said | {"subject": {"it": text, "en": text}, "source": ""}


@for_kinds(*PLANNERS)
@writes
def new_act(request):
    """Enter an act: of the Region for the regional officer, of the own zone for its planner."""
    acting = request.acting
    back = request.POST.get("next") or request.GET.get("next", "")
    ours = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    back = back if ours and back.startswith("/") else ""
    form = ActForm(request.POST or None, acting=acting, initial={"issuer": _issuer(acting)})
    if request.method == "POST" and form.is_valid():
        zone = acting.role.zone if acting.reads_by_zone else None
        try:
            row = acts_of.enter(zone=zone, by=acting, now=timezone.now(), **form.said())
        except AlreadyThere as there:
            say_twin(form, there.args[0])
        else:
            messages.success(request, _("Atto registrato: %(act)s.") % {"act": row})
            return HttpResponseRedirect(back or reverse("act", args=[row.code]))
    context = {"form": form, "act": None, "next": back}
    return render(request, "plan/edit_act.html", context, status=422 if form.errors else 200)


def say_twin(form, twin):
    sentence = _("C’è già: apri «%(act)s», o correggi numero e data.") % {"act": twin}
    form.add_error("number", format_html('<a href="{}">{}</a>', reverse("act", args=[twin.code]), sentence))


def _issuer(acting):
    return f"SdS {acting.role.zone}" if acting.reads_by_zone else "Giunta regionale della Toscana"


def own_act_or_404(request, code):
    return get_object_or_404(Act.objects.written_by(request.acting), code=code)


@for_kinds(*PLANNERS)
@writes
def change_act(request, act):
    """Correct an act that one's own office entered."""
    row = own_act_or_404(request, act)
    initial = {name: getattr(row, name) for name in acts_of.EDITABLE if name not in ("subject", "source")}
    initial["subject"] = row.subject.get("it", "")
    form = ActForm(request.POST or None, acting=request.acting, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            acts_of.correct(act=row, by=request.acting, now=timezone.now(), **form.said())
        except AlreadyThere as there:
            say_twin(form, there.args[0])
        else:
            messages.success(request, _("Atto corretto."))
            return redirect("act", row.code)
    context = {"form": form, "act": row, "next": ""}
    return render(request, "plan/edit_act.html", context, status=422 if form.errors else 200)


class ActField(forms.ModelChoiceField):
    """One of the acts, by its number and the beginning of what it is about."""

    def __init__(self, **kwargs):
        super().__init__(Act.objects.none(), to_field_name="code", **kwargs)

    def label_from_instance(self, obj):
        return f"{obj}: {Truncator(local(obj.subject)).chars(70)}"


class LinkForm(forms.Form):
    verb = forms.ChoiceField(label=gettext_lazy("Questo atto"), choices=ActLink.Verb.choices)
    other = ActField(label=gettext_lazy("Quale atto"), empty_label=gettext_lazy("scegli"))
    starts = DayField(label=gettext_lazy("Dal"), required=False)
    note = forms.CharField(
        label=gettext_lazy("In che cosa"), max_length=300, required=False,
        help_text=gettext_lazy("Per esempio: art. 3, il massimo di ore."),
    )  # fmt: skip

    def __init__(self, *args, act, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["other"].queryset = Act.objects.exclude(pk=act.pk).newest_first()


@for_kinds(*PLANNERS)
@writes
def link_act(request, act):
    """Say what an act of one's own does to another."""
    row = own_act_or_404(request, act)
    form = LinkForm(request.POST or None, act=row)
    if request.method == "POST" and form.is_valid():
        acts_of.link(act=row, by=request.acting, now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Legame registrato."))
        return redirect("act", row.code)
    return render(request, "plan/link_act.html", {"form": form, "act": row}, status=422 if form.errors else 200)


@for_kinds(*PLANNERS)
@writes
@require_POST
def unlink_act(request, act, link):
    row = own_act_or_404(request, act)
    own = get_object_or_404(ActLink.objects.standing().filter(act=row, recorded_at__isnull=False), pk=link)
    acts_of.unlink(row=own, by=request.acting, now=timezone.now())
    messages.success(request, _("Legame tolto."))
    return redirect("act", row.code)
