"""The rows of a traineeship's plan beside its form: what they say at first, and what they are once it is sent."""

from accanto.access.organisation import Organisation
from accanto.traineeships import facts
from accanto.traineeships.allowance import AllowanceTerms
from accanto.traineeships.traineeship import Kind as TraineeshipKind
from accanto.traineeships.traineeship import PromoterType
from accanto.web.host_offers import WEEKDAYS

Body = Organisation.Kind
# a promoter of these kinds needs not say in what capacity it promotes (R-TIS-07)
CAPACITY = {
    Body.ZONE_AUTHORITY: PromoterType.ZONE_AUTHORITY,
    Body.EMPLOYMENT_CENTRE: PromoterType.EMPLOYMENT_CENTRE,
    Body.THIRD_SECTOR_BODY: PromoterType.THIRD_SECTOR,
}


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
    values["place"] = str(row.place_id or "")
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
# a text -> the row of the host's list it was chosen from
LISTED = {"seat": "listed_seat", "host_tutor_name": "listed_host_tutor"}
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


def filled(sheets, form, acting):
    """The rows with what the form says; what it does not say, or says wrongly, is not there."""
    data = form.cleaned_data
    row, plan, condition, terms = sheets.traineeship, sheets.plan, sheets.condition, sheets.terms
    before = {text: (row.host_id, getattr(row, text), getattr(row, f"{listed}_id")) for text, listed in LISTED.items()}
    for part, names in (
        (row, ROW_FIELDS),
        (plan, PLAN_FIELDS),
        (condition, CONDITION_FIELDS),
        (terms, TERMS_FIELDS),
    ):
        for name in names:
            value = data.get(name)
            setattr(part, name, "" if value is None and _is_text(part, name) else value)
    for text, listed in LISTED.items():
        *said, chosen = before[text]
        if found := data.get(listed):
            chosen = found.pk
        elif said != [row.host_id, getattr(row, text)]:  # the same words stay what they were: the list may have changed
            chosen = None
        setattr(row, f"{listed}_id", chosen)
    row.place = data.get("place")
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
