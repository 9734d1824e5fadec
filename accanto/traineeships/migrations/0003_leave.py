from django.db import migrations

from accanto.access.permissions import function

# Of a subject, on a day: whether a measure of the judicial authority asks for a leave, and the day of the leave that
# holds by then (or the first that will). Two facts of the degree of the area; the measure itself stays sealed.
LEAVE = """
select count(*) > 0,
  coalesce(
    max(greatest(m.authorised_on, m.valid_from)) filter (where greatest(m.authorised_on, m.valid_from) <= $2),
    min(greatest(m.authorised_on, m.valid_from)))
from (
  select authorised_on, case when authorised_on is not null then valid_from end valid_from
  from cases_justicemeasure
  where subject_id = $1 and superseded_at is null and (valid_to is null or valid_to >= $2)
) m
where exists (select from access_subject j where j.id = $1 and (
  j.zone_id = any((select app_zones('area'))::smallint[]) or j.id = any((select app_subjects('area'))::bigint[])))
"""

# For who reads the plan of a traineeship and not the area: whether some leave or attestation of others is still
# missing. One answer for many reasons, so that it tells of none.
LEAVE_IS_MISSING = """
select exists (
  select from traineeships_traineeship t
  left join traineeships_condition c on c.traineeship_id = t.id
  left join traineeships_traineeshipplan p on p.traineeship_id = t.id
  cross join lateral (
    select count(*) > 0 needed, max(greatest(j.authorised_on, j.valid_from)) filter (where j.authorised_on is not null) given
    from cases_justicemeasure j
    where j.subject_id = t.subject_id and j.superseded_at is null and (j.valid_to is null or j.valid_to >= t.starts)
  ) m
  where t.id = $1
    and t.state in ('draft', 'plan_signed', 'agreement_active', 'notice_sent', 'running', 'suspended', 'extended')
    and (t.zone_id = any((select app_zones('traineeship_plan'))::smallint[])
         or t.subject_id = any((select app_subjects('traineeship_plan'))::bigint[]))
    and (
      (m.needed or c.needs_authorisation) and (
        t.state not in ('running', 'suspended', 'extended')
          and coalesce(greatest(m.given, c.authorisation_date) > t.starts, true)
        or coalesce(greatest(m.given, c.authorisation_date) < c.programme_changed_on, false))
      or p.repeats and p.attested_on is null
      or c.adi and c.gepi_entered_on is null and t.state not in ('running', 'suspended', 'extended'))
)
"""


class Migration(migrations.Migration):
    dependencies = [("traineeships", "0002_protection"), ("cases", "0006_secrecy")]

    operations = [
        function(
            "leave_by(about bigint, day date)",
            "table(needed boolean, given_on date)",
            LEAVE,
            reads=["select on cases_justicemeasure", "select on access_subject"],
        ),
        function(
            "leave_is_missing(of_traineeship bigint)",
            "boolean",
            LEAVE_IS_MISSING,
            reads=[
                "select on traineeships_traineeship",
                "select on traineeships_condition",
                "select on traineeships_traineeshipplan",
            ],
        ),
    ]
