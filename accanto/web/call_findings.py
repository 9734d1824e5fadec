"""What the call behind an operation says of a person about to enter it."""

from accanto.cases.entry_sheet import EmploymentStatus
from accanto.norms import calls
from accanto.norms.sheet_file import sheets

# the call speaks of unemployed people without asking for how long
AS_THE_CALL_SAYS = {EmploymentStatus.LONG_TERM.value: EmploymentStatus.UNEMPLOYED.value}


def eligibility(form, *, case, registry, today, operation=None):
    """The findings on the answers given so far; none where the operation is not chosen or its call has no sheet."""
    data = getattr(form, "cleaned_data", {})
    operation = operation or data.get("operation")
    if operation is None and (chosen := form.initial.get("operation")):
        operation = form.fields["operation"].queryset.filter(pk=chosen).first()
    if operation is None or operation.call_code not in sheets().calls():
        return []
    day = data.get("starts") or today
    status = data.get("employment_status", form.initial.get("employment_status")) or None
    return calls.eligible(
        call=operation.call_code,
        employment_status=AS_THE_CALL_SAYS.get(status, status),
        in_charge=case.opened_on <= day,
        target=None,
        age=registry.age_on(day) if registry else None,
        on=day,
    )
