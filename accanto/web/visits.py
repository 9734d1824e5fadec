"""The tutoring visits of a traineeship: to come, made, taken away; what came out of them and what was agreed."""

from django import forms
from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accanto.access.door import for_kinds, writes
from accanto.access.role import Kind
from accanto.access.user import User
from accanto.traineeships import visit as acts
from accanto.traineeships.traineeship import STARTED
from accanto.traineeships.visit import VISITORS, Visit, VisitNote, VisitTask
from accanto.web.frame import TUTORS, WORKERS
from accanto.web.law_beside import NearDay, long_text, no_reason
from accanto.web.parts.confirm import Confirm
from accanto.web.parts.forms import TimeField
from accanto.web.traineeship import crumbs_to, visible

READERS = (*WORKERS, *TUTORS, Kind.PERSON)
MAY_KEEP = (Kind.SOCIAL_WORKER, Kind.CASE_MANAGER, Kind.THIRD_SECTOR_TUTOR)
AGREED = 3  # rows of the form for what was agreed


def reads_notes(acting):
    return acting.kind != Kind.HOST_TUTOR


def may_change(row, acting):
    """The services and the promoter's tutor any visit of the traineeship; the employment centre those it makes."""
    return acting.kind in MAY_KEEP or (acting.kind == Kind.EMPLOYMENT_OPERATOR and row.kind == acting.kind)


class WhoField(forms.ModelChoiceField):
    def label_from_instance(self, user):
        return _("%(name)s (io)") % {"name": user} if user.pk == self.me else str(user)


class PlannedForm(forms.Form):
    day = NearDay(label=gettext_lazy("Giorno"))
    begins = TimeField(label=gettext_lazy("Ora, se si sa"), required=False)
    mode = forms.ChoiceField(label=gettext_lazy("Dove"), choices=Visit.Mode.choices)
    visitor = WhoField(label=gettext_lazy("Chi va"), queryset=User.objects.none(), empty_label=None)

    def __init__(self, *args, row, acting, today, before=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        known = {acting.user.pk} | ({before.visitor_id} if before else set())
        if acting.kind in MAY_KEEP:
            known |= {pk for pk in (row.tutor_id, row.case_manager_id) if pk}
        self.fields["visitor"].me = acting.user.pk
        self.fields["visitor"].queryset = User.objects.filter(pk__in=known).order_by("name", "id")
        self.fields["visitor"].initial = acting.user.pk
        self.fields["visitor"].error_messages["invalid_choice"] = _("Scegli una voce dell’elenco.")

    def clean_day(self):
        day = self.cleaned_data["day"]
        if day < self.today:
            raise forms.ValidationError(_("È già passato: se la visita è stata fatta, scrivila come visita fatta."))
        return day


class HeldForm(PlannedForm):
    """A visit that was made. What was agreed has three rows: text, who, by when."""

    met = forms.MultipleChoiceField(
        label=gettext_lazy("Chi hai incontrato o sentito"),
        choices=VisitNote.Met.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Segna almeno una persona.")},
    )
    text = long_text(
        gettext_lazy("Che cosa è emerso"),
        required=True,
        help_text=gettext_lazy("Lo leggono la persona, i servizi, il centro per l’impiego e il tutor. L’ospitante no."),
        validators=[no_reason],
    )
    next_day = NearDay(
        label=gettext_lazy("Prossima visita, se è fissata"),
        required=False,
        help_text=gettext_lazy("Compare nella tua giornata e nel calendario, senza nomi."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["begins"]
        self.fields["text"].error_messages["required"] = _("Scrivi in due righe che cosa è emerso.")
        for n in range(1, AGREED + 1):
            self.fields[f"agreed_{n}"] = forms.CharField(
                label=_("Che cosa si è concordato (%(n)s)") % {"n": n},
                required=False,
                max_length=300,
                validators=[no_reason],
            )
            self.fields[f"party_{n}"] = forms.ChoiceField(
                label=_("Chi lo fa (%(n)s)") % {"n": n},
                required=False,
                choices=[("", "—"), *VisitTask.Party.choices],
            )
            self.fields[f"due_{n}"] = NearDay(label=_("Entro (%(n)s)") % {"n": n}, required=False)

    def clean_day(self):
        day = self.cleaned_data["day"]
        if day > self.today:
            raise forms.ValidationError(_("Non è ancora arrivato: per adesso programma la visita."))
        return day

    def clean(self):
        data = super().clean()
        if data.get("next_day") and data["next_day"] < self.today:
            self.add_error("next_day", _("La prossima visita è da oggi in poi."))
        for n in range(1, AGREED + 1):
            text, party, due = (data.get(f"{name}_{n}") for name in ("agreed", "party", "due"))
            if text and not party:
                self.add_error(f"party_{n}", _("Scegli chi lo fa."))
            elif not text and (party or due) and f"agreed_{n}" not in self.errors:
                self.add_error(f"agreed_{n}", _("Scrivi che cosa si è concordato, o lascia vuota la riga."))
        return data

    def agreed(self):
        data = self.cleaned_data
        rows = [(data[f"agreed_{n}"], data[f"party_{n}"], data[f"due_{n}"]) for n in range(1, AGREED + 1)]
        return [row for row in rows if row[0]]

    def rows(self):
        return [[self[f"{name}_{n}"] for name in ("agreed", "party", "due")] for n in range(1, AGREED + 1)]


def visit_or_404(request, pk):
    """A standing visit that the acting role may change, with its traineeship as that role sees it."""
    row = get_object_or_404(Visit.objects.within(request.acting).standing().select_related("visitor"), pk=pk)
    if not may_change(row, request.acting):
        raise Http404
    row.traineeship = visible(request, row.traineeship_id)
    return row


def of(row, acting):
    """The visits of a traineeship: to come, made with their notes, taken away. The host has the days alone."""
    rows = Visit.objects.within(acting).of(row.subject_id).filter(traineeship=row).select_related("visitor")
    if reads_notes(acting):
        rows = rows.select_related("note").prefetch_related(Prefetch("tasks", VisitTask.objects.standing()))
    rows = list(rows.order_by("-day", "-id"))
    standing = [one for one in rows if one.superseded_at is None]
    for one in standing:
        one.may_change = may_change(one, acting)
    return {
        "to_make": sorted((one for one in standing if one.held_at is None), key=lambda one: (one.day, one.pk)),
        "held": [one for one in standing if one.held_at is not None],
        "taken_away": [one for one in rows if one.withdrawal_reason] if acting.kind in VISITORS else [],
    }


@for_kinds(*READERS)
@writes
def visits(request, traineeship):
    acting, now = request.acting, timezone.now()
    today = timezone.localdate(now)
    row = visible(request, traineeship)
    form = None
    if acting.kind in VISITORS and row.state in STARTED:
        sent = request.POST if request.method == "POST" else None
        form = PlannedForm(sent, row=row, acting=acting, today=today)
        if sent is not None and form.is_valid():
            acts.plan(traineeship=row, **form.cleaned_data, by=acting, now=now)
            messages.success(request, _("Visita programmata: è nella giornata di chi va."))
            return redirect("visits", row.pk)
    context = {
        "traineeship": row,
        **of(row, acting),
        "form": form,
        "today": today,
        "is_own": acting.kind == Kind.PERSON,
        "reads_notes": reads_notes(acting),
        "may_write": form is not None,
    }
    return render(request, "course/visits.html", context, status=422 if form and form.is_bound else 200)


@for_kinds(*VISITORS)
@writes
def new_visit(request, traineeship):
    """A visit that was made without being planned."""
    row = visible(request, traineeship)
    if row.state not in STARTED:
        messages.info(request, _("Il tirocinio non è ancora cominciato: le visite si scrivono da allora."))
        return redirect("traineeship", row.pk)
    return write(request, row, None)


@for_kinds(*VISITORS)
@writes
def write_visit(request, visit):
    """A planned visit that was made, or a made one that is to be corrected."""
    row = visit_or_404(request, visit)
    return write(request, row.traineeship, row)


def write(request, row, before):
    acting, now = request.acting, timezone.now()
    today = timezone.localdate(now)
    given = {"row": row, "acting": acting, "today": today, "before": before}
    form = HeldForm(initial=initial_of(before, today), **given)
    if request.method == "POST":
        form = HeldForm(request.POST, **given)
        if form.is_valid():
            data = form.cleaned_data
            made = {name: data[name] for name in ("day", "mode", "visitor", "met", "text")}
            acts.record(traineeship=row, **made, agreed=form.agreed(), instead_of=before, by=acting, now=now)
            if data["next_day"]:
                who = {"mode": data["mode"], "visitor": data["visitor"]}
                acts.plan(traineeship=row, day=data["next_day"], **who, by=acting, now=now)
            messages.success(request, _("Visita scritta."))
            return redirect("visits", row.pk)
    context = {
        "traineeship": row,
        "form": form,
        "corrects": before is not None and before.held_at is not None,
        "visit": before,
    }
    return render(request, "course/visit.html", context, status=422 if form.is_bound else 200)


def initial_of(before, today):
    if before is None:
        return {"day": today, "met": [VisitNote.Met.TRAINEE]}
    found = {"day": min(before.day, today), "mode": before.mode, "visitor": before.visitor_id}
    if before.held_at is None:
        return found | {"met": [VisitNote.Met.TRAINEE, VisitNote.Met.HOST_TUTOR]}
    found |= {"met": before.note.met, "text": before.note.text}
    for n, task in enumerate(before.tasks.to_do().order_by("id")[:AGREED], 1):
        found |= {f"agreed_{n}": task.text, f"party_{n}": task.party, f"due_{n}": task.due}
    return found


@for_kinds(*VISITORS)
@writes
def move_visit(request, visit):
    """Another day for a visit not made yet."""
    acting, now = request.acting, timezone.now()
    row = visit_or_404(request, visit)
    if row.held_at is not None:
        return redirect("visits", row.traineeship_id)
    given = {"row": row.traineeship, "acting": acting, "today": timezone.localdate(now)}
    initial = {"day": row.day, "begins": row.begins, "mode": row.mode}
    form = PlannedForm(request.POST if request.method == "POST" else None, initial=initial, **given)
    del form.fields["visitor"]
    if form.is_bound and form.is_valid():
        acts.move(visit=row, **form.cleaned_data, by=acting, now=now)
        messages.success(request, _("Visita spostata."))
        return redirect("visits", row.traineeship_id)
    context = {"traineeship": row.traineeship, "form": form, "visit": row}
    return render(request, "course/move_visit.html", context, status=422 if form.is_bound else 200)


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Perché"),
        max_length=200,
        validators=[no_reason],
        error_messages={"required": gettext_lazy("Scrivi perché: resta nel fascicolo.")},
    )


@for_kinds(*VISITORS)
@writes
def withdraw_visit(request, visit):
    row = visit_or_404(request, visit)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        acts.withdraw(visit=row, reason=form.cleaned_data["reason"], by=request.acting, now=timezone.now())
        messages.success(request, _("Visita tolta."))
        return redirect("visits", row.traineeship_id)
    confirm = Confirm(
        title=_("Togli la visita"),
        sentence=_("Non sarà più fra le visite del tirocinio. Nel fascicolo resta che c’era, e perché è stata tolta."),
        consequences=[_("Ciò che si era concordato in questa visita, e non è ancora fatto, non si chiede più.")]
        if row.held_at
        else [],
        url=request.path,
        label=_("Togli"),
        cancel_url=reverse("visits", args=[row.traineeship_id]),
        danger=True,
        form=form,
        crumbs=[*crumbs_to(row.traineeship), (_("Visite"), reverse("visits", args=[row.traineeship_id]))],
    )
    return render(request, "confirm.html", {"confirm": confirm}, status=422 if form.is_bound else 200)


@for_kinds(*VISITORS)
@writes
@require_POST
def visit_task_done(request, task):
    """What was agreed in a visit is done today."""
    row = task_or_404(request, task, done=False)
    acts.fulfil(task=row, by=request.acting, now=timezone.now())
    messages.success(request, _("Fatto: «%(text)s».") % {"text": row.text})
    return back(request, row)


@for_kinds(*VISITORS)
@writes
@require_POST
def visit_task_reopened(request, task):
    """It was marked done by mistake."""
    row = task_or_404(request, task, done=True)
    acts.reopen(task=row, by=request.acting, now=timezone.now())
    messages.success(request, _("Di nuovo da fare: «%(text)s».") % {"text": row.text})
    return back(request, row)


def task_or_404(request, pk, *, done):
    acting = request.acting
    rows = VisitTask.objects.within(acting).standing().filter(done_on__isnull=not done).select_related("visit")
    row = get_object_or_404(rows, pk=pk)
    of_the_centre = Kind.EMPLOYMENT_OPERATOR in (row.kind, row.party)
    if acting.kind == Kind.EMPLOYMENT_OPERATOR and not of_the_centre:
        raise Http404
    return row


def back(request, row):
    if request.POST.get("back") == "my_day":
        return redirect("my_day")
    return redirect("visits", row.visit.traineeship_id)
