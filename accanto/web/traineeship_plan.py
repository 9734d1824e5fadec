"""Writing the plan of a traineeship, with what the law says beside the fields while one can still change one's mind."""

from functools import partial

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accanto.access.door import for_kinds, writes
from accanto.cases.benefit import Benefit, BenefitFact, receives
from accanto.cases.case import Case
from accanto.cases.personal_plan import PersonalPlan
from accanto.norms.findings import Refused
from accanto.traineeships import facts, matching_round, planning
from accanto.traineeships.allowance import AllowanceTerms
from accanto.traineeships.matching_round import MatchingProposal
from accanto.traineeships.place import Place
from accanto.traineeships.traineeship import State, Traineeship
from accanto.traineeships.traineeship_plan import Condition, TraineeshipPlan
from accanto.web.frame import STARTERS
from accanto.web.host_offers import filled_again, number_of, said_by
from accanto.web.law_beside import tell, told_to_who_follows
from accanto.web.parts import meanwhile
from accanto.web.plan_form import FIELD_OF, PlanForm, taken_meanwhile
from accanto.web.plan_rows import filled, initial_of
from accanto.web.writing import Writing


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


def case_for(request, case):
    return get_object_or_404(Case.objects.within(request.acting).select_related("person"), pk=case)


def draft_for(request, traineeship):
    rows = Traineeship.objects.within(request.acting).with_people().select_related("place").filter(state=State.DRAFT)
    return facts.sheets_of(get_object_or_404(rows, pk=traineeship), acting=request.acting)


@for_kinds(*STARTERS)
@writes
def plan_traineeship(request, case):
    """A new plan for a person in charge."""
    case = case_for(request, case)
    waiting = MatchingProposal.objects.within(request.acting).still_to_write().filter(case=case).with_people()
    asked = number_of(request.GET.get("proposal"))
    proposal = waiting.filter(pk=asked).first() if asked else None
    return Edit(
        request,
        blank(case, request.acting),
        about=case.pk,
        findings_url=reverse("plan_findings", args=[case.pk]),
        proposal=proposal,
        waiting=None if proposal else waiting.order_by("pk").first(),
    ).answer()


@for_kinds(*STARTERS)
@writes
def change_plan(request, traineeship):
    """A plan not signed yet."""
    sheets = draft_for(request, traineeship)
    url = reverse("plan_change_findings", args=[traineeship])
    return Edit(request, sheets, about=traineeship, findings_url=url).answer()


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


class Edit:
    """One request of the form: opened, filled again from a host or a place, verified, saved."""

    def __init__(self, request, sheets, *, about, findings_url, proposal=None, waiting=None, again=None):
        self.request, self.sheets, self.findings_url = request, sheets, findings_url
        self.proposal, self.waiting, self.again = proposal, waiting, again
        self.acting, self.now = request.acting, timezone.now()
        self.today = timezone.localdate(self.now)
        self.new = sheets.traineeship.pk is None
        place = proposal.place_id if proposal else sheets.traineeship.place_id
        self.own = Place.objects.with_host().filter(pk=place).first() if place else None
        self.make = partial(PlanForm, acting=self.acting, own=self.own)
        sent, first = request.POST, initial_of(sheets)
        # a place chosen while no host was: what it says is shown before it is saved
        self.filling = request.method == "POST" and ("fill" in sent or bool(sent.get("place") and not sent.get("host")))
        self.writing = Writing(
            request,
            about=about,
            form=self.make,
            standing={} if self.new else first,
            proposed=first if self.new else {},
            begins=self.filling,
        )
        self.form = self.writing.form
        self.found = []

    def answer(self):
        if self.request.method != "POST":
            self.open()
        elif self.filling:
            self.fill()
        elif done := self.keep():
            return done
        return self.page()

    def open(self):
        """With what the accepted place says, unless a draft says it already."""
        if self.proposal and str(self.form.initial.get("place")) != str(self.own.pk):
            values, said = self.form.initial, said_by(self.own, today=self.today)
            typed = {name for name in ("host_tutor_name", "activities") if values.get(name)}
            said = {name: value for name, value in said.items() if name not in typed}
            self.form = self.make(initial=values | said)
        if not self.new:
            self.found = facts.to_plan(self.sheets, on=self.today)

    def fill(self):
        sent = self.request.POST
        values = {name: sent[name] for name in self.form.fields if name in sent}
        self.form = self.make(initial=filled_again(values, acting=self.acting, today=self.today, own=self.own))
        if meanwhile.read(sent.get("seen", "")):
            self.writing.meanwhile.seen = sent["seen"]  # signed by us: what was seen before is no newer now

    def keep(self):
        """The page to go to where the plan was saved; otherwise the form tells what to mend."""
        form, valid = self.form, self.form.is_valid()
        written = filled(self.sheets, form, self.acting)
        self.found = facts.to_plan(written, on=self.today)
        if "check" in self.request.POST:
            return None
        if valid and self.writing.ready():
            try:
                row = planning.write(
                    sheets=written,
                    by=self.acting,
                    now=self.now,
                    leave=form.cleaned_data["leave"],
                    proposal=self.proposal,
                    repeats=self.again,
                )
            except Refused as refused:
                self.found = refused.findings
            except planning.NoOpening:
                form.add_error("place", taken_meanwhile(written.traineeship.place))
            else:
                return self.saved(row)
        self.found = told_to_who_follows(self.found, case_id=self.sheets.case.pk)
        tell(form, self.found, FIELD_OF)
        return None

    def saved(self, row):
        self.writing.done()
        if self.proposal and row.place_id == self.proposal.place_id:
            matching_round.write_from(proposal=self.proposal, traineeship=row, by=self.acting, now=self.now)
        elif self.proposal:
            messages.warning(
                self.request,
                _("Il posto accolto dall’équipe resta promesso: se non serve più, scrivi di no nell’abbinamento."),
            )
        messages.success(self.request, _("Progetto salvato."))
        return redirect("traineeship", row.pk)

    def page(self):
        case, found = self.sheets.case, told_to_who_follows(self.found, case_id=self.sheets.case.pk)
        context = {
            "form": self.form,
            "writing": self.writing,
            "offers": self.form.offers,
            "here": self.request.get_full_path(),
            "found": found,
            "findings_url": self.findings_url,
            "case": case,
            "person": str(case.person),
            "new": self.new,
            "person_url": reverse("person", args=[case.subject_id]),
            "traineeship": self.sheets.traineeship,
            "proposal": self.proposal,
            "waiting": self.waiting,
            "again": self.again,
            "can_write_host": self.acting.kind in STARTERS,
        }
        status = 422 if self.form.is_bound and (self.form.errors or self.writing.meanwhile.changes) else 200
        page = render(self.request, "traineeships/plan_form.html", context, status=status)
        if self.filling:
            page["HX-Trigger-After-Settle"] = "plan-filled"  # and the law is asked again
        return page
