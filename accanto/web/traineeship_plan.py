"""Writing the plan of a traineeship, with what the law says beside the fields while one can still change one's mind."""

import datetime as dt
from decimal import Decimal

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.forms.models import ModelChoiceIterator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accanto.access.door import for_kinds, writes
from accanto.access.organisation import Organisation
from accanto.access.role import Kind, Role
from accanto.access.user import User
from accanto.cases.benefit import Benefit, BenefitFact, receives
from accanto.cases.case import Case
from accanto.cases.personal_plan import PersonalPlan
from accanto.norms.findings import Refused, Severity
from accanto.plan.operation import Operation
from accanto.traineeships import facts, matching_round, planning
from accanto.traineeships.allowance import AllowanceTerms
from accanto.traineeships.host import Host
from accanto.traineeships.matching_round import MatchingProposal
from accanto.traineeships.traineeship import Kind as TraineeshipKind
from accanto.traineeships.traineeship import PromoterType, State, Traineeship
from accanto.traineeships.traineeship_plan import Condition, TraineeshipPlan
from accanto.web.law_beside import NearDay, long_text, no_reason, tell, told_to_who_follows
from accanto.web.parts.forms import EuroField, HoursField

STARTERS = (Kind.SOCIAL_WORKER, Kind.CASE_MANAGER)
Body = Organisation.Kind
SOONEST = dt.timedelta(days=14)  # the first day proposed for a new traineeship
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
# a promoter of these kinds needs not say in what capacity it promotes (R-TIS-07)
CAPACITY = {
    Body.ZONE_AUTHORITY: PromoterType.ZONE_AUTHORITY,
    Body.EMPLOYMENT_CENTRE: PromoterType.EMPLOYMENT_CENTRE,
    Body.THIRD_SECTOR_BODY: PromoterType.THIRD_SECTOR,
}
# where the form shows what the law says of a fact
FIELD_OF = {
    "start": "starts",
    "end": "ends",
    "host_tutor": "host_tutor_name",
    "promoter_type": "promoter",
    "host_type": "host",
    "plan_reason": "reason",
    "personal_path": "path_agreed_on",
    "integrated_phase_on": "integrated_on",
    "taken_in_charge_on": "body_in_charge",
    "attestation_on": "attested_on",
    "attestation_by": "attested_by",
    "allowance_monthly": "monthly_amount",
    "allowance_hourly": "hourly_rate",
    "allowance_mode": "mode",
}


def with_role(*kinds, zone=None):
    roles = Role.objects.on(timezone.localdate()).filter(kind__in=kinds)
    if zone:
        roles = roles.filter(zone_id=zone)
    return User.objects.filter(is_active=True, pk__in=roles.values("user_id")).order_by("name", "pk")


class NearAndFar(ModelChoiceIterator):
    """The hosts of the zone, then those of the others, each under its word."""

    def __iter__(self):
        yield "", self.field.empty_label
        groups = {_("Nella zona"): [], _("Nelle altre zone"): []}
        near, far = groups.values()
        for host in self.queryset:
            (near if host.municipality.zone_id == self.field.zone_id else far).append(self.choice(host))
        yield from ((word, hosts) for word, hosts in groups.items() if hosts)


class HostChoice(forms.ModelChoiceField):
    iterator = NearAndFar
    zone_id = None


class PlanForm(forms.Form):
    kind = forms.ChoiceField(
        label=gettext_lazy("Tipo di tirocinio"), choices=TraineeshipKind.choices, widget=forms.RadioSelect
    )
    host = HostChoice(label=gettext_lazy("Soggetto ospitante"), queryset=Host.objects.none())
    seat = forms.CharField(label=gettext_lazy("Sede, se diversa"), max_length=200, required=False)
    host_tutor_name = forms.CharField(
        label=gettext_lazy("Tutor aziendale"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Chi dell’ospitante affianca la persona per tutta l’esperienza."),
    )
    host_tutor = forms.ModelChoiceField(
        label=gettext_lazy("Oppure, se usa Accanto"), queryset=User.objects.none(), required=False
    )
    promoter = forms.ModelChoiceField(
        label=gettext_lazy("Soggetto promotore"), queryset=Organisation.objects.none(), required=False
    )
    promoter_type = forms.ChoiceField(
        label=gettext_lazy("In che veste promuove"),
        choices=[("", gettext_lazy("secondo il tipo di ente")), *PromoterType.choices],
        required=False,
    )
    tutor = forms.ModelChoiceField(
        label=gettext_lazy("Tutor del promotore"), queryset=User.objects.none(), required=False
    )
    body_in_charge = forms.ModelChoiceField(
        label=gettext_lazy("Ente che ha in carico la persona"), queryset=Organisation.objects.none(), required=False
    )
    case_manager = forms.ModelChoiceField(
        label=gettext_lazy("Case manager"), queryset=User.objects.none(), required=False
    )
    path_agreed_on = NearDay(label=gettext_lazy("Percorso personalizzato definito il"), required=False)
    integrated_on = NearDay(label=gettext_lazy("Presa in carico integrata dal"), required=False)
    integrated_with = forms.ModelChoiceField(
        label=gettext_lazy("Con il servizio per il lavoro"), queryset=Organisation.objects.none(), required=False
    )
    starts = NearDay(label=gettext_lazy("Inizio"))
    ends = NearDay(label=gettext_lazy("Fine"))
    weekly_hours = HoursField(
        label=gettext_lazy("Ore la settimana"),
        max_value=168,
        required=False,
        help_text=gettext_lazy("Basta il totale; l’orario giorno per giorno riempie da solo il registro."),
    )
    monday = HoursField(label=gettext_lazy("Lunedì"), required=False)
    tuesday = HoursField(label=gettext_lazy("Martedì"), required=False)
    wednesday = HoursField(label=gettext_lazy("Mercoledì"), required=False)
    thursday = HoursField(label=gettext_lazy("Giovedì"), required=False)
    friday = HoursField(label=gettext_lazy("Venerdì"), required=False)
    saturday = HoursField(label=gettext_lazy("Sabato"), required=False)
    sunday = HoursField(label=gettext_lazy("Domenica"), required=False)
    accommodations = long_text(
        gettext_lazy("Accorgimenti e limiti di orario o di luogo"),
        help_text=gettext_lazy("Che cosa serve, mai perché: lo leggono il tutor e l’ospitante."),
        validators=[no_reason],
    )
    operation = forms.ModelChoiceField(
        label=gettext_lazy("Operazione che lo finanzia"), queryset=Operation.objects.none(), required=False
    )
    mode = forms.ChoiceField(
        label=gettext_lazy("Come si calcola l’indennità"),
        choices=AllowanceTerms.Mode.choices,
        required=False,
        help_text=gettext_lazy("Se l’operazione ha una sua tariffa oraria vale quella."),
    )
    monthly_amount = EuroField(label=gettext_lazy("Somma al mese"), required=False, max_digits=8)
    hourly_rate = EuroField(label=gettext_lazy("Euro l’ora"), required=False, max_digits=6)
    payer = forms.ChoiceField(
        label=gettext_lazy("Chi paga"), choices=[("", "—"), *AllowanceTerms.Payer.choices], required=False
    )
    # the promoter's tutor and the employment centre read these
    reason = long_text(gettext_lazy("Perché questo tirocinio, per i bisogni della persona"), validators=[no_reason])
    inclusion_goals = long_text(gettext_lazy("Obiettivi di inclusione"), validators=[no_reason])
    autonomy_goals = long_text(gettext_lazy("Obiettivi di autonomia"), validators=[no_reason])
    training_goals = long_text(gettext_lazy("Obiettivi formativi"), validators=[no_reason])
    activities = long_text(gettext_lazy("Attività"), validators=[no_reason])
    adi = forms.BooleanField(label=gettext_lazy("Riceve l’assegno di inclusione (ADI)"), required=False)
    gepi_entered_on = NearDay(label=gettext_lazy("Inserito in GePI il"), required=False)
    needs_authorisation = forms.BooleanField(
        label=gettext_lazy("Serve un’autorizzazione prima dell’inizio"), required=False
    )
    authorisation_date = NearDay(label=gettext_lazy("Autorizzazione del"), required=False)
    repeats = forms.TypedChoiceField(
        label=gettext_lazy("Ripete un tirocinio già fatto"),
        choices=[("", gettext_lazy("non detto")), ("yes", gettext_lazy("sì")), ("no", gettext_lazy("no"))],
        coerce={"yes": True, "no": False}.get,
        empty_value=None,
        required=False,
    )
    attested_by = forms.ModelChoiceField(
        label=gettext_lazy("Attestazione del bisogno, firmata da"),
        queryset=Organisation.objects.none(),
        required=False,
        help_text=gettext_lazy(
            "Serve oltre la durata ordinaria, o per ripetere: la firma il servizio pubblico in carico."
        ),
    )
    attested_on = NearDay(label=gettext_lazy("Attestazione del"), required=False)
    leave = long_text(
        gettext_lazy("Se qualcosa è «da autorizzare»: perché lo autorizzi"),
        help_text=gettext_lazy("Resta scritto nel fascicolo, con il tuo nome."),
    )

    def __init__(self, *args, acting, **kwargs):
        super().__init__(*args, **kwargs)
        zone = acting.zone_id
        bodies = Organisation.objects.exclude(kind__in=[Body.HOST, Body.REGION])
        near = bodies.filter(Q(zone_id=zone) | Q(zone=None) | Q(kind=Body.THIRD_SECTOR_BODY))
        self.fields["host"].zone_id = zone
        querysets = {
            "host": Host.objects.with_place().receiving().near_first(zone),
            "host_tutor": with_role(Kind.HOST_TUTOR),
            "tutor": with_role(Kind.THIRD_SECTOR_TUTOR),
            "case_manager": with_role(*STARTERS, zone=zone),
            "promoter": near,
            "attested_by": near,
            "body_in_charge": near.filter(kind__in=facts.PUBLIC_SERVICES),
            "integrated_with": near.filter(kind=Body.EMPLOYMENT_CENTRE),
            "operation": Operation.objects.filter(zone_id=zone, ends__gte=timezone.localdate()),
        }
        for name, queryset in querysets.items():
            self.fields[name].queryset = queryset
            self.fields[name].empty_label = _("scegli")
            self.fields[name].error_messages["invalid_choice"] = _("Scegli una voce dell’elenco.")
        self.fields["host"].error_messages["required"] = _("Scegli il soggetto ospitante.")

    def clean(self):
        data = self.cleaned_data
        days = [data.get(name) for name in WEEKDAYS]
        total, asked = sum((hours or Decimal(0) for hours in days), Decimal(0)), data.get("weekly_hours")
        if not any(name in self.errors for name in (*WEEKDAYS, "weekly_hours")):
            if any(days) and asked and total != asked:
                self.add_error("weekly_hours", _("Le ore dei giorni non fanno questo totale: correggile."))
            elif not any(days) and not asked:
                self.add_error("weekly_hours", _("Scrivi le ore la settimana, o quelle di ogni giorno."))
        data["weekly_total"] = total if any(days) else asked
        data["days"] = [hours or Decimal(0) for hours in days] if any(days) else []
        host, tutor = data.get("host"), data.get("host_tutor")
        if host and tutor and not tutor.roles.filter(organisation_id=host.organisation_id).exists():
            self.add_error("host_tutor", _("Questa persona lavora per un altro ospitante."))
        return data


def initial_of(sheets):
    """The form's first values: those of the draft, or what the case tells already."""
    row, plan, condition, terms = sheets.traineeship, sheets.plan, sheets.condition, sheets.terms
    values = {
        name: getattr(part, part._meta.get_field(name).attname)
        for part, names in (
            (row, ROW_FIELDS),
            (plan, PLAN_FIELDS),
            (condition, CONDITION_FIELDS),
            (terms, TERMS_FIELDS),
        )
        for name in names
    }
    values |= dict(zip(WEEKDAYS, row.hours_by_weekday, strict=False))
    values["weekly_hours"] = None if row.hours_by_weekday else row.weekly_hours
    values["repeats"] = {True: "yes", False: "no"}.get(plan.repeats, "")
    values["leave"] = plan.leave_reason
    return values


ROW_FIELDS = [
    "kind",
    "host",
    "seat",
    "host_tutor_name",
    "host_tutor",
    "promoter",
    "promoter_type",
    "tutor",
    "case_manager",
    "starts",
    "ends",
    "accommodations",
    "operation",
]
PLAN_FIELDS = [
    "body_in_charge",
    "path_agreed_on",
    "integrated_on",
    "integrated_with",
    "reason",
    "inclusion_goals",
    "autonomy_goals",
    "training_goals",
    "activities",
    "repeats",
    "attested_by",
    "attested_on",
]
CONDITION_FIELDS = ["adi", "gepi_entered_on", "needs_authorisation", "authorisation_date"]
TERMS_FIELDS = ["mode", "hourly_rate", "monthly_amount", "payer"]


def blank(case, acting):
    """A new plan, with all that is known already: asked once, never twice."""
    who = {"subject_id": case.subject_id, "zone_id": case.zone_id}
    path = PersonalPlan.objects.within(acting).standing().agreed().filter(case=case).first()
    told = BenefitFact.objects.within(acting).of(case.subject_id).standing().with_bearing()
    body = acting.role.organisation
    return facts.Sheets(
        traineeship=Traineeship(case=case, case_manager_id=case.manager_id, **who),
        plan=TraineeshipPlan(
            body_in_charge=body if body and body.kind in facts.PUBLIC_SERVICES else None,
            path_agreed_on=path.agreed_on if path else None,
            **who,
        ),
        condition=Condition(adi=receives(Benefit.ADI, told, on=timezone.localdate()), **who),
        terms=AllowanceTerms(**who),
        case=case,
    )


def filled(sheets, form, acting):
    """The rows with what the form says; what it does not say, or says wrongly, is not there."""
    data = form.cleaned_data
    row, plan, condition, terms = sheets.traineeship, sheets.plan, sheets.condition, sheets.terms
    for part, names in (
        (row, ROW_FIELDS),
        (plan, PLAN_FIELDS),
        (condition, CONDITION_FIELDS),
        (terms, TERMS_FIELDS),
    ):
        for name in names:
            value = data.get(name)
            setattr(part, name, "" if value is None and _is_text(part, name) else value)
    row.kind = data.get("kind") or TraineeshipKind.TIS
    terms.mode = data.get("mode") or AllowanceTerms.Mode.MONTHLY
    condition.adi, condition.needs_authorisation = bool(data.get("adi")), bool(data.get("needs_authorisation"))
    row.hours_by_weekday, row.weekly_hours = data.get("days") or [], data.get("weekly_total")
    row.__dict__.pop("has_host_tutor", None)
    if row.promoter_id and not row.promoter_type:
        row.promoter_type = CAPACITY.get(row.promoter.kind, PromoterType.OTHER)
    if row.operation_id and row.operation.hourly_rate:
        terms.mode, terms.hourly_rate = AllowanceTerms.Mode.HOURLY, row.operation.hourly_rate
    return facts.Sheets(
        traineeship=row,
        plan=plan,
        condition=condition,
        terms=terms,
        case=sheets.case,
        passages=sheets.passages,
        notices=sheets.notices,
        around=facts.around(row, acting=acting),
        leave=facts.leave_by(row, acting=acting),
    )


def _is_text(part, name):
    return part._meta.get_field(name).get_internal_type() in ("CharField", "TextField")


def case_for(request, case):
    return get_object_or_404(Case.objects.within(request.acting).select_related("person"), pk=case)


def draft_for(request, traineeship):
    rows = Traineeship.objects.within(request.acting).with_people().filter(state=State.DRAFT)
    return facts.sheets_of(get_object_or_404(rows, pk=traineeship), acting=request.acting)


@for_kinds(*STARTERS)
@writes
def plan_traineeship(request, case):
    """A new plan for a person in charge."""
    case = case_for(request, case)
    sheets, findings_url = blank(case, request.acting), reverse("plan_findings", args=[case.pk])
    proposal = proposal_for(request, case)
    if proposal is not None:
        begin_from(sheets.traineeship, proposal.place, today=timezone.localdate())
    return edit(request, sheets, findings_url, proposal=proposal)


def proposal_for(request, case):
    """The accepted pair the plan begins from, where the address names one of this person that has no plan yet."""
    asked = request.GET.get("proposal", "")
    if not (asked.isascii() and asked.isdecimal() and len(asked) < 18):
        return None
    rows = MatchingProposal.objects.within(request.acting).still_to_write().filter(case=case)
    return rows.select_related("place__host", "place__seat").filter(pk=int(asked)).first()


def begin_from(row, place, *, today):
    """A new traineeship with what its place says already: host, seat, hours, when from."""
    row.place, row.host = place, place.host
    row.seat = place.address or (str(place.seat) if place.seat else "")
    row.starts = max(place.valid_from, today + SOONEST)
    row.weekly_hours, row.hours_by_weekday = place.weekly_hours, hours_of(place)


def hours_of(place):
    """The hours of each day, where the timetable gives exactly those of the week: with pauses only the sum is known."""
    days = [Decimal(0)] * len(WEEKDAYS)
    for number, first, last in place.timetable:
        minutes = (last.hour - first.hour) * 60 + last.minute - first.minute
        days[number] = (Decimal(minutes) / 60).quantize(Decimal("0.01"))
    return days if sum(days) == place.weekly_hours and min(days) >= 0 else []


@for_kinds(*STARTERS)
@writes
def change_plan(request, traineeship):
    """A plan not signed yet."""
    sheets = draft_for(request, traineeship)
    return edit(request, sheets, reverse("plan_change_findings", args=[traineeship]))


@for_kinds(*STARTERS)
def plan_findings(request, case):
    """What the law says of the form as it stands: asked at every change, writes nothing."""
    return say_findings(request, blank(case_for(request, case), request.acting))


@for_kinds(*STARTERS)
def plan_change_findings(request, traineeship):
    return say_findings(request, draft_for(request, traineeship))


def say_findings(request, sheets):
    form = PlanForm(request.POST, acting=request.acting)
    form.is_valid()
    found = facts.to_plan(filled(sheets, form, request.acting), on=timezone.localdate())
    found = told_to_who_follows(found, case_id=sheets.case.pk)
    return render(request, "traineeships/findings.html", {"found": found})


def edit(request, sheets, findings_url, proposal=None, again=None):
    now = timezone.now()
    found = []
    form = PlanForm(acting=request.acting, initial=initial_of(sheets))
    person = str(sheets.case.person)
    new = sheets.traineeship.pk is None
    if request.method != "POST" and not new:
        found = facts.to_plan(sheets, on=timezone.localdate(now))
    if request.method == "POST":
        form = PlanForm(request.POST, acting=request.acting)
        valid = form.is_valid()
        written = filled(sheets, form, request.acting)
        found = facts.to_plan(written, on=timezone.localdate(now))
        if "check" not in request.POST:
            if valid:
                if proposal and written.traineeship.host_id != proposal.place.host_id:
                    written.traineeship.place = None  # it is another place
                try:
                    leave = form.cleaned_data["leave"]
                    row = planning.write(sheets=written, by=request.acting, now=now, leave=leave, repeats=again)
                except Refused as refused:
                    found = refused.findings
                else:
                    if proposal and row.place_id:
                        matching_round.write_from(proposal=proposal, traineeship=row, by=request.acting, now=now)
                    messages.success(request, _("Progetto salvato."))
                    return redirect("traineeship", row.pk)
            found = told_to_who_follows(found, case_id=sheets.case.pk)
            tell(form, found, FIELD_OF)
    found = told_to_who_follows(found, case_id=sheets.case.pk)
    context = {
        "form": form,
        "found": found,
        "findings_url": findings_url,
        "case": sheets.case,
        "person": person,
        "new": new,
        "person_url": reverse("person", args=[sheets.case.subject_id]),
        "traineeship": sheets.traineeship,
        "proposal": proposal,
        "again": again,
        "can_write_host": request.acting.kind in STARTERS,
        "needs_leave": any(finding.severity is Severity.AUTHORISE for finding in found),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "traineeships/plan_form.html", context, status=status)
