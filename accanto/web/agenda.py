"""What is due around people in charge: the same answers for a worker's day and for one person's file."""

import datetime as dt

from django.db.models import Exists, F, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accanto.access.gathering import Gathering, Given, Part
from accanto.access.role import Degree
from accanto.cases.assessment import Assessment
from accanto.cases.benefit import BenefitFact, BenefitSituation
from accanto.cases.justice import JusticeMeasure
from accanto.cases.meeting import Meeting, MeetingDecision
from accanto.cases.participation import Participation
from accanto.cases.participation_outcome import ParticipationOutcome
from accanto.cases.personal_plan import PersonalPlan, PlanAction
from accanto.norms.cases import plan_signature
from accanto.norms.days import month_of
from accanto.people.registry import Registry
from accanto.people.representation import Dissent, Representation
from accanto.traineeships.allowance import MonthAllowance
from accanto.traineeships.evaluation import Evaluation, EvaluationAnswer
from accanto.traineeships.mandatory_notice import MandatoryNotice
from accanto.traineeships.monthly_close import MonthlyClose
from accanto.traineeships.traineeship import OPEN, SOON, STARTED, TO_START, Traineeship
from accanto.traineeships.traineeship_plan import Condition
from accanto.traineeships.visit import Visit, VisitTask
from accanto.web import benefit_agenda, course_agenda, meeting_agenda, paper_agenda, participation_agenda
from accanto.web.close_registers import CLOSERS
from accanto.web.due import AHEAD, ANYTHING, Due, Together, Weight
from accanto.web.frame import STARTERS
from accanto.web.parts import numbers

NOTICES_BACK = dt.timedelta(days=60)  # what is older is told by the traineeship

DUES = Gathering(
    assessments=Part(Degree.ASSESSMENT, Assessment.objects.standing().order_by("-day", "-id")),
    plans=Part(Degree.PLAN, PersonalPlan.objects.standing().order_by("-version", "-id")),
    actions_to_do=Part(
        Degree.PLAN,
        PlanAction.objects.to_do()
        .filter(plan__agreed_on__isnull=False)
        .annotate(agreed_on=F("plan__agreed_on"), case_id=F("plan__case_id"))
        .order_by("due", "id"),
    ),
    benefit_facts=Part(Degree.BENEFITS, BenefitFact.objects.standing().with_birth_date().order_by("day", "id")),
    benefit_situations=Part(Degree.BENEFITS, BenefitSituation.objects.standing().order_by("id")),
    traineeships=Part(
        Degree.PLACEMENT,
        Traineeship.objects.filter(state__in=(*TO_START, *STARTED))
        .only("subject", "zone", "kind", "state", "starts", "ends", "inail_to", "liability_to")
        .order_by("starts", "id"),
    ),
    notices_due=Part(Degree.PLACEMENT, MandatoryNotice.objects.due().order_by("due_on", "id")),
    conditions=Part(
        Degree.AREA,
        Condition.objects.filter(traineeship__state__in=(*TO_START, *OPEN))
        .annotate(starts=F("traineeship__starts"), state=F("traineeship__state"))
        .order_by("traineeship__starts", "id"),
    ),
    participations=Part(
        Degree.PARTICIPATION,
        Participation.objects.standing().annotate(operation_ends=F("operation__ends")).order_by("id"),
    ),
    participation_outcomes=Part(
        Degree.PARTICIPATION,
        ParticipationOutcome.objects.standing().only("subject", "zone", "operation", "moment").order_by("id"),
    ),
    permits=Part(
        Degree.REGISTRY,
        Registry.objects.filter(permit_expires_on__isnull=False)
        .only("subject", "zone", "permit_expires_on")
        .order_by("id"),
    ),
    representations=Part(Degree.REPRESENTATION, Representation.objects.standing().order_by("starts", "id")),
    dissents_to_tell=Part(Degree.REPRESENTATION, Dissent.objects.to_tell().order_by("id")),
    decisions_to_do=Part(Degree.CASE, MeetingDecision.objects.to_do().order_by("due", "id")),
    meetings_to_hold=Part(Degree.CASE, Meeting.objects.to_hold().order_by("day", "id")),
    visits_to_make=Part(Degree.REGISTER, Visit.objects.to_make().order_by("day", "id")),
    visit_tasks_to_do=Part(
        Degree.REGISTER,
        VisitTask.objects.to_do().annotate(of_traineeship=F("visit__traineeship_id")).order_by("due", "id"),
    ),
    evaluation_answers=Part(
        Degree.REGISTER,
        EvaluationAnswer.objects.standing().only("subject", "zone", "traineeship", "moment", "party").order_by("id"),
    ),
    evaluations_closed=Part(
        Degree.REGISTER, Evaluation.objects.standing().only("subject", "zone", "traineeship", "moment").order_by("id")
    ),
    justice_measures=Part(Degree.JUSTICE, JusticeMeasure.objects.standing().order_by("id")),
    # of last month
    closes=Part(
        Degree.PAYMENT,
        MonthlyClose.objects.standing()
        .filter(month=Given("last_month"))
        .annotate(is_determined=Exists(MonthAllowance.objects.standing().filter(close=OuterRef("pk"))))
        .only("subject", "zone", "traineeship")
        .order_by("id"),
    ),
)


def last_month(today):
    return month_of(today.replace(day=1) - dt.timedelta(days=1))


def days(today):
    """The days that the parts of `DUES` ask for."""
    return {"last_month": last_month(today).first}


def of_cases(*, acting, cases, today, rows=None):
    """What is due for these open cases (with their persons), in order. `rows` are those of `DUES`, where the page has
    read them with others; otherwise they are read here, all in one statement, however many the cases are."""
    by_subject = {case.subject_id: case for case in cases}
    if not by_subject:
        return []
    rows = with_started(rows or DUES.of(by_subject, acting=acting, **days(today)))
    found = []
    if acting.may(Degree.PLAN):
        found += assessments_and_plans(by_subject, rows, today)
        found += actions(acting, by_subject, rows, today)
    if acting.may(Degree.BENEFITS, write=True):
        found += benefit_agenda.benefit_terms(by_subject, rows, today)
    if acting.may(Degree.PLACEMENT):
        found += beginnings(acting, by_subject, rows, today)
        found += endings(by_subject, rows, today)
        found += notices(acting, by_subject, rows, today)
        found += paper_agenda.covers(acting, by_subject, rows, today)
    if acting.may(Degree.REGISTER):
        found += course_agenda.of_cases(acting, by_subject, rows, today)
    if acting.may(Degree.PAYMENT) and acting.reads_by_zone:
        found += months(acting, by_subject, rows, today)
    if acting.may(Degree.PARTICIPATION, write=True):
        found += participation_agenda.of_cases(by_subject, rows, today)
    if acting.may(Degree.REGISTRY, write=True):
        found += paper_agenda.permits(by_subject, rows, today)
    if acting.may(Degree.REPRESENTATION, write=True):
        found += paper_agenda.decrees(by_subject, rows, today)
        found += paper_agenda.reports_to_the_judge(by_subject, rows, today)
        found += paper_agenda.dissents(by_subject, rows)
    if acting.may(Degree.CASE):
        found += meeting_agenda.decisions(acting, by_subject, rows, today)
        found += meeting_agenda.meetings(acting, by_subject, rows, today)
    if acting.may(Degree.JUSTICE) and acting.reads_by_zone:
        found += authorisations(by_subject, rows, today)
    horizon = today + AHEAD
    found = [due for due in found if due.when is None or due.when <= horizon or due.note]
    return sorted(found, key=lambda due: (due.order(today), str(due.person)))


def of_person(*, acting, cases, today, rows):
    """What the person in charge has to do and where they are expected: their own commitments, their meetings."""
    by_subject = {case.subject_id: case for case in cases}
    rows = with_started(rows)
    found = meeting_agenda.decisions(acting, by_subject, rows, today)
    found += meeting_agenda.meetings(acting, by_subject, rows, today)
    found += course_agenda.of_cases(acting, by_subject, rows, today)
    found += [
        Due(
            title=row.text,
            what=gettext_lazy("impegni di un progetto"),
            person=by_subject[row.subject_id].person,
            when=row.due,
            since=row.agreed_on,
            url=reverse("person", args=[row.subject_id]),
            label=_("L’ho fatto"),
            done_url=reverse("action_done", args=[row.pk]),
        )
        for row in rows["actions_to_do"]
        if row.party == PlanAction.Party.PERSON and row.case_id == by_subject[row.subject_id].pk
    ]
    return sorted(found, key=lambda due: due.order(today))


def assessments_and_plans(by_subject, rows, today):
    assessed = {}
    for row in rows["assessments"]:
        if row.case_id == by_subject[row.subject_id].pk:
            assessed[row.subject_id] = row
    drafts, agreed = {}, {}
    for plan in rows["plans"]:
        if plan.case_id == by_subject[plan.subject_id].pk:
            (agreed if plan.agreed_on else drafts)[plan.subject_id] = plan
    found = []
    for subject, case in by_subject.items():
        if subject not in assessed:
            found.append(
                Due(
                    title=_("Manca l’analisi preliminare"),
                    what=gettext_lazy("analisi preliminari"),
                    person=case.person,
                    since=case.opened_on,
                    url=reverse("new_assessment", args=[case.pk]),
                    label=_("Scrivila"),
                )
            )
        if subject in drafts:
            found.append(
                Due(
                    title=_("Progetto da firmare"),
                    what=gettext_lazy("progetti da firmare"),
                    person=case.person,
                    since=timezone.localdate(drafts[subject].recorded_at),
                    url=reverse("agree_plan", args=[drafts[subject].pk]),
                    label=_("Registra le firme"),
                )
            )
        elif subject not in agreed and subject in assessed:
            found.append(
                Due(
                    title=_("Progetto da scrivere"),
                    what=gettext_lazy("progetti da scrivere"),
                    person=case.person,
                    when=plan_signature(screened_on=assessed[subject].day, signed_on=None, on=today)[0],
                    url=reverse("write_plan", args=[case.pk]),
                    label=_("Scrivilo"),
                    since=assessed[subject].day,
                    note=_("termine indicativo, dall’analisi preliminare"),
                    weight=Weight.TARGET,
                )
            )
        elif subject in agreed and agreed[subject].review_on:
            found.append(
                Due(
                    title=_("Verifica del progetto"),
                    what=gettext_lazy("verifiche di progetto"),
                    weight=Weight.TARGET,
                    person=case.person,
                    when=agreed[subject].review_on,
                    url=reverse("write_plan", args=[case.pk]),
                    label=_("Rivedilo"),
                )
            )
    return found


def actions(acting, by_subject, rows, today):
    return [
        Due(
            title=row.text,
            what=gettext_lazy("impegni di un progetto"),
            weight=Weight.TARGET,
            person=by_subject[row.subject_id].person,
            when=row.due,
            url=reverse("person", args=[row.subject_id]),
            label=_("Fatto"),
            note=row.get_party_display(),
            done_url=reverse("action_done", args=[row.pk]) if acting.may(Degree.PLAN, write=True) else "",
        )
        for row in rows["actions_to_do"]
        if row.due and row.due <= today + AHEAD and row.case_id == by_subject[row.subject_id].pk
    ]


def with_started(rows):
    """Most of what is due is of traineeships that have begun; of the others, that they should."""
    started = [row for row in rows["traineeships"] if row.state in STARTED]
    return {**rows, "traineeships_started": started}


def beginnings(acting, by_subject, rows, today):
    """What must begin within two weeks, or should have: its page says what it still lacks, covers and notice too."""
    return [
        Due(
            title=_("Comincia il tirocinio: controlla che cosa manca"),
            what=gettext_lazy("tirocini che cominciano"),
            person=by_subject[row.subject_id].person,
            when=row.starts,
            url=reverse("traineeship", args=[row.pk]),
            label=_("Controlla"),
            note=str(row.get_state_display()),
            weight=Weight.STOPS,
        )
        for row in rows["traineeships"]
        if row.state in TO_START and acting.kind in STARTERS and row.starts <= today + AHEAD
    ]


def endings(by_subject, rows, today):
    return [
        Due(
            title=_("Finisce il tirocinio"),
            what=gettext_lazy("tirocini che finiscono"),
            person=by_subject[row.subject_id].person,
            when=row.ends,
            url=reverse("traineeship", args=[row.pk]),
            label=_("Decidi"),
            note=_("proroga o conclusione"),
        )
        for row in rows["traineeships_started"]
        if row.state in OPEN and today <= row.ends <= today + SOON
    ]


def notices(acting, by_subject, rows, today):
    """The mandatory notices of an extension or of an end of which nobody has said that they went out."""
    return [
        Due(
            title=_("Comunicazione obbligatoria di %(event)s") % {"event": row.get_event_display()},
            what=gettext_lazy("comunicazioni obbligatorie"),
            person=by_subject[row.subject_id].person,
            when=row.due_on,
            url=reverse("traineeship_step", args=[row.traineeship_id, "later-notice"]),
            label=_("Registra"),
            note=_("la manda l’ospitante: chiedila"),
            weight=Weight.STOPS,
        )
        for row in rows["notices_due"]
        if acting.kind in STARTERS and row.due_on >= today - NOTICES_BACK
    ]


def months(acting, by_subject, rows, today):
    """Last month's registers: to be closed first, then determined on that close, for an estimate is never paid."""
    last = last_month(today)
    there = [row for row in rows["traineeships_started"] if row.starts <= last.last and row.ends >= last.first]
    determined = {row.traineeship_id: row.is_determined for row in rows["closes"]}
    month = numbers.spelled(last.first, "F Y")
    found = []
    for row in there:
        shared = {"person": by_subject[row.subject_id].person, "since": today.replace(day=1), "weight": Weight.STOPS}
        slug = f"{last.first:%Y-%m}"
        if row.pk not in determined:
            found.append(
                Due(
                    title=_("Registro da chiudere: %(month)s") % {"month": month},
                    what=gettext_lazy("registri da chiudere"),
                    url=reverse("month_register", args=[row.pk, slug]),
                    label=_("Registro"),
                    together=Together(
                        _("Registri da chiudere, %(month)s") % {"month": month},
                        f"{reverse('close_registers')}?month={slug}",
                        _("Chiudili"),
                    )
                    if acting.kind in CLOSERS
                    else None,
                    **shared,
                )
            )
        elif not determined[row.pk]:
            found.append(
                Due(
                    title=_("Indennità da determinare: %(month)s") % {"month": month},
                    what=gettext_lazy("indennità del mese"),
                    url=reverse("month_allowance", args=[row.pk, slug]),
                    label=_("Indennità del mese"),
                    note="" if acting.may(Degree.PAYMENT, write=True) else _("la determina un assistente sociale"),
                    together=Together(
                        _("Indennità da determinare, %(month)s") % {"month": month},
                        f"{reverse('determine_month')}?month={slug}",
                        _("Determinale"),
                    )
                    if acting.may(Degree.PAYMENT, write=True)
                    else None,
                    **shared,
                )
            )
    return found


def authorisations(by_subject, rows, today):
    """Traineeships that wait for a leave: the first one (R-CAR-01), or a new one because place or hours changed after
    it (R-CAR-02). The day of the new act closes it. Only who follows the case sees its measures, and so this."""
    measures = {}
    for measure in rows["justice_measures"]:
        measures.setdefault(measure.subject_id, []).append(measure)
    found = []
    for row in rows["conditions"]:
        starts, changed = row.starts, row.programme_changed_on
        asked = [m for m in measures.get(row.subject_id, []) if m.valid_to is None or m.valid_to >= starts]
        days = [max(m.authorised_on, m.valid_from or m.authorised_on) for m in asked if m.authorised_on]
        days += [row.authorisation_date] if row.authorisation_date else []
        if not asked and not row.needs_authorisation:
            continue
        case = by_subject[row.subject_id]
        url = reverse("justice", args=[case.pk])
        if row.state in TO_START and not any(day <= starts for day in days):
            title, when, since = _("Autorizzazione da avere prima dell’inizio"), starts, None
        elif changed and days and max(days) < changed:
            title, when, since = _("Nuova autorizzazione da chiedere"), None, changed
        else:
            continue
        note = _("il tirocinio non comincia prima") if when else _("luogo od orario del tirocinio sono cambiati")
        found.append(
            Due(
                title=title,
                what=ANYTHING,
                person=case.person,
                when=when,
                since=since,
                url=url,
                label=_("Registrala"),
                weight=Weight.STOPS,
                note=note,
            )
        )
    return found
