"""The participations that the common indicators of the European fund count, one SELECT for outputs and results alike.

A row is one person in one operation (FS-06, FS-07) of a line that is the European fund's (AD-44: others are not), with
the sheet of the first day as it was known at a moment. What the requirement of the operation says of everybody who may
enter fills what was not said (FS-09). `norms/esf_plus.py` says the same, and a test counts both ways.

Numbers of the sheets stand here because PostgreSQL's functions hold them: a test fails on the day a sheet says
otherwise. The function's owner sees every zone and gives out sums by operation, sex and code: never a person."""

from accanto.access.permissions import APPLICATION

LONG_TERM_MONTHS, LONG_TERM_MONTHS_YOUNG, YOUNG = 12, 6, 25
CHILD_BELOW, YOUNG_MAX, OLDER_MIN = 18, 29, 55
TRAITS = {
    "disability": "EECO12",
    "third_country": "EECO13",
    "foreign_background": "EECO14",
    "minority": "EECO15",
    "homeless": "EECO16",
    "rural": "EECO17",
}
# Whose figures the one who asks may have: the Region every zone's, a planner those of their own; the owner, all.
ZONES = f"""
select case when session_user <> '{APPLICATION}' and coalesce(current_setting('role', true), '') <> '{APPLICATION}'
  then (select coalesce(array_agg(z.id), '{{}}') from territory_zone z)::smallint[]
  else app_zones('programme') end
"""
MINE = "o.zone_id = any((select app_esf_zones())::smallint[])"


def _number(name):
    """A number of the sheet, null where it is not there or is no number."""
    return f"case when jsonb_typeof(p.entry -> '{name}') = 'number' then (p.entry ->> '{name}')::numeric end"


def _has(name):
    """Whether the person has a trait: said, or given by the requirement where nothing was said."""
    return (
        f"p.entry ->> '{name}' = 'yes' or o.declared_trait = '{name}' and "
        f"coalesce(p.entry ->> '{name}', '') not in ('yes', 'no')"
    )


ROWS = f"""
select p.subject_id, p.operation_id, o.zone_id, o.specific_objective, p.starts, p.ends,
  case when p.entry ->> 'sex' in ('F', 'M') then p.entry ->> 'sex' end as sex,
  coalesce(
    nullif(replace(coalesce(p.entry ->> 'employment_status', ''), 'long_term_unemployed', 'unemployed'), ''),
    case when o.declared_trait in ('unemployed', 'inactive') then o.declared_trait end) as status,
  p.entry ->> 'employment_status' = 'long_term_unemployed' as said_long_term,
  {_number("months_unemployed")} as months, {_number("age")} as age,
  nullif(p.entry ->> 'education', '') as education,
  {", ".join(f"({_has(name)}) as {name}" for name in TRAITS)}
from cases_participation p
join plan_operation o on o.id = p.operation_id
join plan_fundline f on f.id = o.fund_line_id and f.counts_for_targets
where {MINE} and p.recorded_at <= $known and (p.superseded_at is null or p.superseded_at > $known)
"""
COMPLETE = "sex is not null and status is not null and age is not null and education is not null"
