"""What the rules are asked about: the rows of a traineeship, saved or only being written, as `TraineeshipFacts`."""

from dataclasses import dataclass, field

from django.db import connection
from django.db.models import Q

from accanto.access.organisation import Organisation
from accanto.access.role import Degree
from accanto.cases.case import Case
from accanto.norms import parties
from accanto.norms import traineeships as law
from accanto.norms.days import age_on, months_touched
from accanto.norms.findings import Finding, Severity, for_outsiders
from accanto.norms.reader import in_force
from accanto.people.registry import Registry
from accanto.traineeships.allowance import AllowanceTerms
from accanto.traineeships.passage import suspensions
from accanto.traineeships.traineeship import ENDED, OPEN, Traineeship
from accanto.traineeships.traineeship_plan import Condition, TraineeshipPlan

Body = Organisation.Kind
# facts that come after the plan is written; while it is written their absence stops nobody
LATER = frozenset(
    [
        "plan_signed_on",
        "agreement_signed_on",
        "inail",
        "liability_cover",
        "safety_training",
        "notice_sent_on",
        "notice_category",
        "gepi_entered",
        "authorisation_date",
        "programme_changed_on",
    ]
)
PUBLIC_SERVICES = {
    Body.ZONE_AUTHORITY: "social_service",
    Body.MUNICIPALITY: "social_service",
    Body.HEALTH_AUTHORITY: "health_service",
}


@dataclass(frozen=True)
class Sheets:
    """The rows that together are a traineeship. A role that may not see one of them has None there."""

    traineeship: Traineeship
    plan: object = None
    condition: object = None
    terms: object = None
    case: object = None
    passages: tuple = ()
    notices: tuple = ()
    around: dict = field(default_factory=dict)
    leave: tuple = (False, None)  # of `leave_by`


def sheets_of(traineeship, *, acting):
    """Everything the acting role sees of a saved traineeship; a constant number of queries."""
    row = traineeship
    own = {"traineeship_id": row.pk}
    return Sheets(
        traineeship=row,
        plan=TraineeshipPlan.objects.within(acting)
        .filter(**own)
        .select_related("body_in_charge", "integrated_with", "attested_by")
        .first(),
        condition=Condition.objects.within(acting).filter(**own).first(),
        terms=AllowanceTerms.objects.within(acting).filter(**own).first(),
        case=Case.objects.within(acting).filter(pk=row.case_id).first(),
        passages=tuple(row.passages.select_related("recorded_by")),
        notices=tuple(row.notices.all()),
        around=around(row, acting=acting),
        leave=leave_by(row, acting=acting),
    )


def leave_by(row, *, acting):
    """Whether the person works under a measure that asks for a leave, and the day of the leave, as far as the start of
    the traineeship is concerned (R-CAR-01): PostgreSQL says these two facts and nothing of the measure."""
    if row.starts is None or not acting.may(Degree.AREA):
        return False, None
    with connection.cursor() as cursor:
        cursor.execute("select needed, given_on from leave_by(%s, %s)", [row.subject_id, row.starts])
        return cursor.fetchone()


def leave_missing(row):
    """For who reads the plan and not the area: the finding that a leave of somebody is missing, or nothing."""
    with connection.cursor() as cursor:
        cursor.execute("select leave_is_missing(%s)", [row.pk])
        if not cursor.fetchone()[0]:
            return []
    return for_outsiders(parties.leave(needed=True, given_on=None, day=row.starts, numbers=in_force(row.starts)))


def around(row, *, acting):
    """What only the neighbouring rows tell: the age, the other traineeships of the person, and how many trainees the
    host, the tutors and the agreement have in every zone: figures, and nobody's name."""
    asked = [row.pk, row.host_id, row.tutor_id, row.host_tutor_id, row.agreement_id]
    asked += [row.listed_host_tutor_id, row.host_tutor_name.strip()]
    with connection.cursor() as cursor:
        cursor.execute(
            "select host, tutor, host_tutor, agreement from trainees_around(%s, %s, %s, %s, %s, %s, %s)", asked
        )
        host, tutor, host_tutor, agreement = cursor.fetchone() or (None,) * 4
    earlier = Traineeship.objects.within(acting).filter(
        subject_id=row.subject_id, kind=row.kind, state__in=(*OPEN, *ENDED)
    )
    months = sum(months_touched(other.starts, other.ends) for other in earlier.exclude(pk=row.pk))
    born = Registry.objects.within(acting).of(row.subject_id).values_list("birth_date", flat=True).first()
    return {
        "age": age_on(born, row.starts) if born and row.starts else None,
        "host_trainees": host,
        "promoter_tutor_trainees": tutor,
        "host_tutor_trainees": host_tutor,
        "agreement_active": agreement,
        "previous_months": months or None,
    }


def attesting(body, body_in_charge):
    """Who attests a need, in the rule's words: only the public service that has the person in charge counts."""
    if body is None:
        return None
    service = PUBLIC_SERVICES.get(body.kind)
    if service and body_in_charge is not None and body.pk != body_in_charge.pk:
        return "another_public_service"
    return f"public_{service}" if service else body.kind


def attesting_bodies(plan, *, zone_id):
    """Those whose attestation of need holds (R-TIS-28): the public service that has the person in charge; where the
    plan does not say which, the public services of the zone and of the whole region."""
    public = Organisation.objects.filter(kind__in=PUBLIC_SERVICES).order_by("name", "id")
    if plan and plan.body_in_charge_id:
        return public.filter(pk=plan.body_in_charge_id)
    return public.filter(Q(zone=zone_id) | Q(zone=None))


def facts_of(sheets, **instead):
    """The facts of a traineeship. What is not written is None, which the rules take as not there."""
    row, plan, condition, terms, case = sheets.traineeship, sheets.plan, sheets.condition, sheets.terms, sheets.case
    host = row.host if row.host_id else None
    agreement = row.agreement if row.agreement_id else None
    operation = row.operation if row.operation_id else None
    place = row.place if row.place_id else None
    body = plan.body_in_charge if plan and plan.body_in_charge_id else None
    service = PUBLIC_SERVICES.get(body.kind, body.kind) if body else None
    asked, given_on = sheets.leave
    dates = [day for day in (given_on, condition.authorisation_date if condition else None) if day]
    started = next((notice for notice in sheets.notices if notice.event == "start"), None)
    known = {
        "kind": law.Kind(row.kind),
        "start": row.starts,
        "end": row.ends,
        "suspensions": suspensions(sheets.passages),
        "taken_in_charge_on": case.opened_on if case else None,
        "taken_in_charge_by": service,
        "charge_ended_on": case.closed_on if case else None,
        "personal_path": bool(plan and plan.path_agreed_on),
        "integrated_phase_on": plan.integrated_on if plan else None,
        "integrated_services": _services(service, plan),
        "adi": condition.adi if condition else None,
        "gepi_entered": bool(condition and condition.gepi_entered_on),
        "needs_authorisation": asked or bool(condition and condition.needs_authorisation),
        "authorisation_date": max(dates, default=None),
        "programme_changed_on": condition.programme_changed_on if condition else None,
        "promoter_type": row.promoter_type or None,
        "host_type": host.type if host else None,
        "promoter_is_host": bool(host and row.promoter_id and host.organisation_id == row.promoter_id),
        "host_tutor": row.has_host_tutor,
        "case_manager": bool(row.case_manager_id),
        "host_permanent_staff": host.permanent_staff if host else None,
        "plan_reason": bool(plan and plan.reason.strip()),
        "inclusion_goals": bool(plan and plan.inclusion_goals.strip()),
        "training_goals": bool(plan and plan.training_goals.strip()),
        "plan_signed_on": row.plan_signed_on,
        "plan_signed_by": tuple(row.plan_signed_by or ()),
        "agreement_signed_on": agreement.signed_on if agreement else None,
        "agreement_signed_by": tuple(agreement.signed_by) if agreement else (),
        "agreement_from": agreement.valid_from if agreement else None,
        "agreement_to": agreement.valid_to if agreement else None,
        "place_to": place.valid_to if place else None,
        "agreement_places": agreement.places if agreement else None,
        "inail": bool(row.inail_reference),
        "inail_to": row.inail_to,
        "liability_cover": bool(row.liability_reference),
        "liability_to": row.liability_to,
        "safety_training": bool(row.safety_training_on),
        "notice_sent_on": row.notice_sent_on,
        "notice_category": (started.category or None) if started else None,
        "repeats_previous": plan.repeats if plan else None,
        "attestation_on": plan.attested_on if plan else None,
        "attestation_by": attesting(plan.attested_by, body) if plan and plan.attested_by_id else None,
        "weekly_hours": row.weekly_hours,
        "allowance_mode": terms.mode if terms else None,
        "allowance_monthly": terms.monthly_amount if terms else None,
        "allowance_hourly": terms.hourly_rate if terms else None,
        "operation_from": operation.starts if operation else None,
        "operation_to": operation.ends if operation else None,
    }
    return law.TraineeshipFacts(**{**known, **sheets.around, **instead})


def _services(service, plan):
    found = [service] if service else []
    if plan and plan.integrated_with_id:
        kind = plan.integrated_with.kind
        found.append("employment_centre" if kind == Body.EMPLOYMENT_CENTRE else kind)
    return tuple(found)


def to_plan(sheets, *, on, **instead):
    """The findings that matter while the plan is written: a paper that comes later, and is not there, stops nobody."""
    facts = facts_of(sheets, **instead)
    return [finding for finding in law.start(facts, on=on) if not is_later(finding, facts)]


def is_later(finding: Finding, facts):
    if finding.field not in LATER or finding.severity is Severity.PASS:
        return False
    given = {
        "authorisation_date": facts.authorisation_date,
        "notice_sent_on": facts.notice_sent_on,
        "notice_category": facts.notice_category,
        "plan_signed_on": facts.plan_signed_on,
        "agreement_signed_on": facts.agreement_signed_on,
    }.get(finding.field)
    return given is None


def to_start(sheets, *, on, **instead):
    """All that the law says before the first day."""
    return law.start(facts_of(sheets, **instead), on=on)
