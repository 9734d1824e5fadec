"""A session of supervision: written, corrected and withdrawn with the reason, by who plans the zone."""

from decimal import Decimal

from django import forms
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accanto.access.door import for_kinds, writes
from accanto.access.role import Kind
from accanto.norms.findings import Refused
from accanto.staffing import supervision as of_supervision
from accanto.staffing.supervision import LONGEST, SessionTerms, SupervisionKind, SupervisionSession
from accanto.staffing.worker import Worker
from accanto.web.contracts import WorkingDay, told
from accanto.web.parts.confirm import Confirm
from accanto.web.parts.forms import HoursField
from accanto.web.people import CHOOSE
from accanto.web.supervision_plan import ReasonForm, overview
from accanto.web.templatetags.parts import local


class SessionForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("Tipo"), choices=[CHOOSE, *SupervisionKind.choices])
    day = WorkingDay(label=gettext_lazy("Giorno"))
    hours = HoursField(label=gettext_lazy("Ore"), min_value=Decimal("0.01"), max_value=LONGEST, max_digits=4)
    supervisor = forms.CharField(label=gettext_lazy("Supervisore"), max_length=120)
    supervisor_profession = forms.ChoiceField(
        label=gettext_lazy("Professione del supervisore"), choices=[CHOOSE, *Worker.Profession.choices]
    )
    external = forms.BooleanField(label=gettext_lazy("È esterno all’ente"), required=False)
    present = forms.ModelMultipleChoiceField(
        Worker.objects.none(),
        label=gettext_lazy("Chi c’era"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Segna chi c’era; se non si è tenuto, non scriverlo.")},
    )
    missing = forms.ModelMultipleChoiceField(
        Worker.objects.none(),
        label=gettext_lazy("Chi è del gruppo e mancava"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy("Serve per la presenza che i crediti formativi chiedono."),
    )

    def __init__(self, *args, acting, **kwargs):
        super().__init__(*args, **kwargs)
        workers = Worker.objects.within(acting).known().order_by("code", "id")
        for name in ("present", "missing"):
            self.fields[name].queryset = workers

    def terms(self):
        found = self.cleaned_data
        return SessionTerms(**{name: found[name] for name in SessionTerms.__dataclass_fields__})


def session_or_404(request, session, *, standing=True):
    rows = SupervisionSession.objects.within(request.acting).select_related("zone", "corrects")
    return get_object_or_404(rows.held() if standing else rows, pk=session)


@for_kinds(Kind.ZONE_PLANNER)
@writes
def new_supervision_session(request):
    return _write(request, None)


@for_kinds(Kind.ZONE_PLANNER)
@writes
def correct_supervision_session(request, supervision_session):
    return _write(request, session_or_404(request, supervision_session))


def _write(request, before):
    today = timezone.localdate()
    form = SessionForm(
        request.POST if request.method == "POST" else None, acting=request.acting, initial=_initial(before, request)
    )
    if before:
        form.fields["reason"] = ReasonForm.base_fields["reason"]
    if request.method == "POST" and form.is_valid():
        said = {"terms": form.terms(), "by": request.acting, "now": timezone.now(), "today": today}
        try:
            if before:
                row = of_supervision.correct(session=before, reason=form.cleaned_data["reason"], **said)
            else:
                row = of_supervision.record(zone=request.acting.role.zone, **said)
        except Refused as refused:
            told(form, refused)
        else:
            messages.success(
                request,
                _("Incontro corretto: com’era prima resta scritto.") if before else _("Incontro scritto: ore e presenze"
                                                                                      " sono nelle somme."),
            )  # fmt: skip
            return redirect("supervision_session", row.pk)
    context = {"form": form, "session": before, "overview": overview(before.day.year if before else today.year)}
    return render(request, "staffing/edit_supervision_session.html", context, status=422 if form.errors else 200)


def _initial(before, request):
    if before is None:
        kind = request.GET.get("kind", "")
        return {"kind": kind} if kind in SupervisionKind.values else {}
    members = list(before.attendances.standing().order_by("id").values_list("worker_id", "present"))
    names = ("kind", "day", "hours", "supervisor", "supervisor_profession", "external")
    return {name: getattr(before, name) for name in names} | {
        "present": [worker for worker, there in members if there],
        "missing": [worker for worker, there in members if not there],
    }


@for_kinds(Kind.ZONE_PLANNER)
def supervision_session(request, supervision_session):
    row = session_or_404(request, supervision_session, standing=False)
    members = row.attendances.select_related("worker").order_by("worker__code", "id")
    if not row.superseded_at:
        members = members.filter(superseded_at=None)
    members = list(members)
    standing = not row.superseded_at and not row.withdrawn
    follows = row.corrections.order_by("-id").first()
    context = {
        "row": row,
        "present": [one.worker for one in members if one.present],
        "missing": [one.worker for one in members if not one.present],
        "findings": of_supervision.told_of(row, [one.worker for one in members]) if standing else [],
        "standing": standing,
        "follows": follows,
        "overview": overview(row.day.year),
    }
    return render(request, "staffing/supervision_session.html", context)


@for_kinds(Kind.ZONE_PLANNER)
@writes
def withdraw_supervision_session(request, supervision_session):
    row = session_or_404(request, supervision_session)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            of_supervision.withdraw(
                session=row, reason=form.cleaned_data["reason"], by=request.acting, now=timezone.now()
            )
        except Refused as refused:
            messages.info(request, local(refused.findings[0].sentence))
        else:
            messages.success(request, _("Incontro ritirato: non conta più, e resta scritto perché."))
        return redirect(overview(row.day.year))
    confirm = Confirm(
        title=_("Questo incontro non si è tenuto?"),
        sentence=_("Se è solo scritto male, torna indietro e correggilo."),
        consequences=[_("Ore e presenze escono dalle somme della zona e della Regione.")],
        url=reverse("withdraw_supervision_session", args=[row.pk]),
        label=_("Ritiralo"),
        cancel_url=reverse("supervision_session", args=[row.pk]),
        danger=True,
        form=form,
    )
    return render(request, "confirm.html", {"confirm": confirm}, status=422 if form.errors else 200)
