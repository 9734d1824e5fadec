"""Taking in charge, the team around the person, the manager, the end."""

from django import forms
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accanto.access.door import for_kinds, writes
from accanto.access.organisation import Organisation
from accanto.access.relation import WITH_A_TAIL, tail
from accanto.access.role import Kind, Role
from accanto.access.user import User
from accanto.cases import case as cases
from accanto.cases import case_team, referral_wait
from accanto.cases import measure as measures
from accanto.cases.area import CaseArea
from accanto.cases.case import Case
from accanto.cases.case_team import CaseMember
from accanto.cases.measure import MeasureStep
from accanto.cases.referral import Referral
from accanto.cases.transfer import CaseTransfer
from accanto.people.person import Person
from accanto.traineeships.traineeship import OPEN, Traineeship
from accanto.web import agenda
from accanto.web.parts import numbers
from accanto.web.parts.forms import DayField
from accanto.web.people import CHOOSE, MANAGERS, case_or_404, past_day, workers_of_zone

# outside the zone's offices one joins as a person of an organisation
OUTSIDE = {
    Kind.THIRD_SECTOR_TUTOR: Organisation.Kind.THIRD_SECTOR_BODY,
    Kind.HOST_TUTOR: Organisation.Kind.HOST,
    Kind.HEALTH_WORKER: Organisation.Kind.HEALTH_AUTHORITY,
}


class ManagerChoice(forms.ModelChoiceField):
    def __init__(self, **kwargs):
        super().__init__(User.objects.none(), empty_label=None, **kwargs)

    def among(self, zone_id, *, today):
        self.queryset = workers_of_zone(zone_id, kinds=MANAGERS, today=today)
        return self


class TakeChargeForm(forms.Form):
    area = forms.ChoiceField(
        label=gettext_lazy("Area"),
        choices=[CHOOSE, *CaseArea.Area.choices],
        help_text=gettext_lazy(
            "La vedono solo gli assistenti sociali e i responsabili del caso della zona, e la persona: "
            "mai tutor, aziende e centro per l’impiego."
        ),
    )
    manager = ManagerChoice(label=gettext_lazy("Responsabile del caso"))
    opened_on = DayField(label=gettext_lazy("Dal"))

    def __init__(self, *args, zone_id, today, first, **kwargs):
        super().__init__(*args, **kwargs)
        self.today, self.first = today, first
        self.fields["manager"].among(zone_id, today=today)

    def clean_opened_on(self):
        return past_day(
            self.cleaned_data["opened_on"], today=self.today, **({"first": self.first} if self.first else {})
        )


@for_kinds(*MANAGERS)
@writes
def take_charge(request, subject):
    """Open the case: from the referral that waits, where there is one, which is thereby accepted."""
    person = get_object_or_404(Person.objects.within(request.acting), subject_id=subject)
    if Case.objects.within(request.acting).of(subject).open().exists():
        messages.info(request, _("La persona è già in carico."))
        return redirect("person", subject)
    referral = Referral.objects.within(request.acting).of(subject).waiting().first()
    if referral is None and (wait := referral_wait.of_person(subject)):
        referral = wait.referral
    former = cases.last_closed(subject)
    words = {"title": _("Prendi in carico"), "label": _("Prendi in carico"), "referral": referral}
    return opening(request, person, former=former, referral=referral, words=words)


@for_kinds(*MANAGERS)
@writes
def reopen(request, case):
    """The same person again, after the closure: a new case tied to the former, whose history stays as it is."""
    row = case_or_404(request, case, still_open=False)
    if Case.objects.within(request.acting).of(row.subject_id).open().exists():
        messages.info(request, _("La persona è già in carico."))
        return redirect("person", row.subject_id)
    if row.closing_reason == Case.ClosingReason.DIED:
        messages.info(request, _("Il caso è chiuso per decesso: se è un errore, registra una nuova segnalazione."))
        return redirect("person", row.subject_id)
    lead = _("Il caso era chiuso dal %(day)s: %(reason)s. Resta com’è, e questo lo continua.") % {
        "day": numbers.day(row.closed_on),
        "reason": row.get_closing_reason_display(),
    }
    former = cases.last_closed(row.subject_id)
    words = {"title": _("Riapri il caso"), "label": _("Riapri il caso"), "lead": lead}
    return opening(request, row.person, former=former, referral=None, words=words)


def opening(request, person, *, former, referral, words):
    """The form that opens a case, and its opening. It does not begin before the end of the former."""
    subject, today = person.subject_id, timezone.localdate()
    area = CaseArea.objects.within(request.acting).of(subject).filter(case=former).first() if former else None
    form = TakeChargeForm(
        request.POST or None,
        zone_id=request.acting.zone_id,
        today=today,
        first=max(filter(None, [referral and referral.received_on, former and former.closed_on]), default=None),
        initial={"manager": request.acting.user.pk, "opened_on": today, "area": area.area if area else ""},
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            with transaction.atomic():
                case = cases.open_case(
                    person=person,
                    manager=data["manager"],
                    on=data["opened_on"],
                    area=data["area"],
                    referral=referral,
                    former=former,
                    by=request.acting,
                    now=timezone.now(),
                )
        except IntegrityError:
            messages.info(request, _("La persona è già in carico: qualcuno l’ha appena presa in carico."))
            return redirect("person", subject)
        messages.success(request, _("Presa in carico aperta. Ora l’analisi preliminare."))
        return redirect("new_assessment", case.pk)
    return render(request, "people/form.html", {"person": person, "form": form} | words)


class AreaForm(forms.Form):
    area = TakeChargeForm.base_fields["area"]


@for_kinds(*MANAGERS)
@writes
def change_area(request, case):
    row = case_or_404(request, case)
    area = CaseArea.objects.within(request.acting).of(row.subject_id).filter(case=row).first()
    form = AreaForm(request.POST or None, initial={"area": area.area if area else ""})
    if request.method == "POST" and form.is_valid():
        cases.set_area(case=row, area=form.cleaned_data["area"], by=request.acting, now=timezone.now())
        messages.success(request, _("Area registrata."))
        return redirect("person", row.subject_id)
    context = {"person": row.person, "form": form, "title": _("Area del caso"), "label": _("Registra")}
    return render(request, "people/form.html", context)


class HandOverForm(forms.Form):
    manager = ManagerChoice(label=gettext_lazy("Nuovo responsabile del caso"))


@for_kinds(*MANAGERS)
@writes
def hand_over(request, case):
    row = case_or_404(request, case)
    form = HandOverForm(request.POST or None, initial={"manager": row.manager_id})
    form.fields["manager"].among(request.acting.zone_id, today=timezone.localdate())
    if request.method == "POST" and form.is_valid():
        manager = form.cleaned_data["manager"]
        cases.change_manager(case=row, manager=manager, on=timezone.localdate(), by=request.acting, now=timezone.now())
        messages.success(request, _("Da oggi il caso è di %(name)s.") % {"name": manager})
        return redirect("person", row.subject_id)
    context = {"person": row.person, "form": form, "title": _("Cambia responsabile"), "label": _("Cambia")}
    return render(request, "people/form.html", context)


class CloseForm(forms.Form):
    closed_on = DayField(label=gettext_lazy("Chiusa il"))
    reason = forms.ChoiceField(label=gettext_lazy("Perché"), choices=[CHOOSE, *Case.ClosingReason.choices])
    outcome = forms.ChoiceField(
        label=gettext_lazy("Che cosa è nato dal percorso"),
        choices=[CHOOSE, *Case.ClosingOutcome.choices],
        required=False,
        help_text=gettext_lazy("Non si chiede per un decesso, né per un caso aperto per errore."),
    )

    def __init__(self, *args, today, first, running=(), **kwargs):
        """`running`: the measures that nobody has ended, each asked for here so that none is counted for ever."""
        super().__init__(*args, **kwargs)
        self.today, self.first, self.running = today, first, running
        for measure in running:
            self.fields[f"exit-{measure.pk}"] = forms.ChoiceField(
                label=_("Come finisce: %(kind)s, %(title)s")
                % {"kind": measure.get_kind_display(), "title": measure.title},
                required=False,
                choices=[("", _("continua, o lo scrivo dopo")), *MeasureStep.Reason.choices],
                help_text=_("Se finisce, finisce il giorno della chiusura."),
            )

    def clean_closed_on(self):
        return past_day(self.cleaned_data["closed_on"], today=self.today, first=self.first)

    def exits(self):
        """Each measure that ends with the case, and how."""
        return [(row, how) for row in self.running if (how := self.cleaned_data.get(f"exit-{row.pk}"))]

    def clean(self):
        data = self.cleaned_data
        if data.get("reason") in (Case.ClosingReason.DIED, Case.ClosingReason.MISTAKE):
            data["outcome"] = Case.ClosingOutcome.NONE
        elif not data.get("outcome") and "outcome" not in self.errors:
            self.add_error("outcome", _("Scegli che cosa è nato dal percorso."))
        if day := data.get("closed_on"):
            for row, _how in self.exits():
                if day < measures.last_day(row):
                    self.add_error(f"exit-{row.pk}", _("È cominciata, o ha un passo, dopo il giorno della chiusura."))
        return data


@for_kinds(*MANAGERS)
@writes
def close(request, case):
    """The end of the case, which ends the accesses of its team. A traineeship still open is concluded first."""
    row = case_or_404(request, case)
    today = timezone.localdate()
    handed_over = CaseTransfer.objects.within(request.acting).of(row.subject_id).sent().filter(case=row)
    moved = handed_over.filter(outcome=CaseTransfer.Outcome.ACCEPTED).exists()
    initial = {"closed_on": today} | ({"reason": Case.ClosingReason.MOVED} if moved else {})
    going_on = measures.running(case=row, acting=request.acting)
    form = CloseForm(request.POST or None, today=today, first=row.opened_on, running=going_on, initial=initial)
    running = Traineeship.objects.within(request.acting).of(row.subject_id).filter(case=row, state__in=OPEN).exists()
    if request.method == "POST" and running:
        form.add_error(None, _("C’è un tirocinio in corso: concludilo o interrompilo, poi chiudi il caso."))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        acted = {"by": request.acting, "now": timezone.now()}
        for measure, how in form.exits():
            measures.add_step(measure=measure, kind=MeasureStep.Kind.EXIT, day=data["closed_on"], reason=how, **acted)
        cases.close_case(case=row, on=data["closed_on"], reason=data["reason"], outcome=data["outcome"], **acted)
        messages.success(request, _("Caso chiuso. Gli accessi dell’équipe finiscono, dopo i giorni delle consegne."))
        return redirect("person", row.subject_id)
    context = {"person": row.person, "form": form, "title": _("Chiudi il caso"), "label": _("Chiudi il caso")}
    lead = _("Chi non è degli uffici della zona non vedrà più il fascicolo; ciò che è stato scritto resta.")
    still = {"dues": agenda.of_cases(acting=request.acting, cases=[row], today=today), "today": today}
    still["measures"] = going_on
    return render(request, "people/close_case.html", context | still | {"lead": lead})


class MemberForm(forms.Form):
    """Who joins the team: a worker of the zone, somebody of an organisation, or the whole organisation."""

    member = forms.ChoiceField(label=gettext_lazy("Chi entra nell’équipe"))

    def __init__(self, *args, zone_id, today, there, **kwargs):
        super().__init__(*args, **kwargs)
        zone_kinds = (*MANAGERS, Kind.EMPLOYMENT_OPERATOR)
        roles = Role.objects.on(today).select_related("user", "organisation")
        inside = roles.filter(zone_id=zone_id, kind__in=zone_kinds).order_by("kind", "user__name")
        outside = roles.filter(kind__in=OUTSIDE, user__is_active=True).order_by("organisation__name", "user__name")
        bodies = Organisation.objects.filter(kind=Organisation.Kind.THIRD_SECTOR_BODY)
        self.choices = {}
        groups = [CHOOSE]
        groups.append((_("Uffici della zona"), self.of_roles(inside, there)))
        groups.append((_("Tutor e operatori sanitari"), self.of_roles(outside, there)))
        whole = [
            (self.key(Kind.THIRD_SECTOR_TUTOR, None, body), _("%(body)s, tutti i suoi tutor") % {"body": body})
            for body in bodies
            if (Kind.THIRD_SECTOR_TUTOR, None, body.pk) not in there
        ]
        groups.append((_("Enti del Terzo settore"), whole))
        self.fields["member"].choices = groups

    def of_roles(self, roles, there):
        """A role a line; without doubles where a user has the same role for two bodies."""
        return list(
            {
                self.key(Kind(role.kind), role.user, None): f"{role.user}, {role.label}"
                for role in roles
                if (role.kind, role.user_id, None) not in there and role.kind != Kind.CASE_MANAGER
            }.items()
        )

    def key(self, kind, user, organisation):
        key = f"{kind}-u{user.pk}" if user else f"{kind}-o{organisation.pk}"
        self.choices[key] = {"kind": kind, "user": user, "organisation": organisation}
        return key

    def chosen(self):
        return self.choices[self.cleaned_data["member"]]


@for_kinds(*MANAGERS)
@writes
def team(request, case):
    """The team of a person: who is in it since when, who was, and somebody more."""
    row = case_or_404(request, case, still_open=False)
    today = timezone.localdate()
    everybody = list(
        CaseMember.objects.within(request.acting)
        .of(row.subject_id)
        .filter(case=row)
        .with_names()
        .order_by("starts", "id")
    )
    live = [member for member in everybody if member.ends is None]
    there = {(member.kind, member.user_id, member.organisation_id) for member in live}
    form = None
    if row.closed_on is None:
        form = MemberForm(request.POST or None, zone_id=request.acting.zone_id, today=today, there=there)
    if request.method == "POST" and form and form.is_valid():
        member = case_team.add(case=row, starts=today, by=request.acting, now=timezone.now(), **form.chosen())
        messages.success(request, _("%(name)s fa parte dell’équipe da oggi.") % {"name": member})
        return redirect("team", row.pk)
    for member in live:
        member.has_tail = bool(member.relation_id) and member.kind in WITH_A_TAIL
    former = [member for member in everybody if member.ends is not None]
    context = {
        "case": row,
        "person": row.person,
        "live": live,
        "former": former,
        "form": form,
        "tail": tail(today).days,
    }
    return render(request, "people/team.html", context)


@for_kinds(*MANAGERS)
@writes
@require_POST
def leave_team(request, case, member):
    """A member leaves the team today; who hands over work still sees the person for the days of the tail, unless access
    must end at once. The manager is changed, not removed."""
    row = case_or_404(request, case)
    members = CaseMember.objects.within(request.acting).of(row.subject_id).live().with_names()
    leaving = get_object_or_404(members.exclude(kind=Kind.CASE_MANAGER), case=row, pk=member)
    at_once = "at_once" in request.POST
    case_team.end(member=leaving, on=timezone.localdate(), by=request.acting, now=timezone.now(), at_once=at_once)
    said = {"name": leaving}
    if leaving.relation and leaving.relation.ends > leaving.ends:
        said["day"] = numbers.day(leaving.relation.ends)
        messages.success(
            request,
            _("%(name)s non fa più parte dell’équipe: vede la persona fino al %(day)s, per le consegne.") % said,
        )
    else:
        messages.success(request, _("%(name)s non fa più parte dell’équipe.") % said)
    return redirect("team", row.pk)
