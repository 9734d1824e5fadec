from django.db import migrations

from accanto.access.permissions import APPLICATION, function

# Figures over every zone and nobody's name: openings and limits are of the host, whoever its trainees are. The owner,
# who builds the demonstration, counts too.
COUNTING = f"""(coalesce((select s.kind from app_session() s), '') in ('social_worker', 'case_manager', 'employment_operator')
  or '{APPLICATION}' not in (session_user, coalesce(current_setting('role', true), '')))"""
OWN = "coalesce(t.zone_id = (select s.zone_id from app_session() s), true)"
NOT_OVER = "('draft', 'plan_signed', 'agreement_active', 'notice_sent', 'running', 'suspended', 'extended')"
RUNNING = "('running', 'suspended', 'extended')"

# Of each only what was asked, the traineeship itself left out: one of the session's own zone, or the difference would
# tell where a trainee of another zone is.
TRAINEES_AROUND = f"""
select case when $2 is not null then count(*) filter (where t.host_id = $2) end,
  case when $3 is not null then count(*) filter (where t.tutor_id = $3) end,
  case when $4 is not null then count(*) filter (where t.host_tutor_id = $4) end,
  case when $5 is not null then count(*) filter (where t.agreement_id = $5) end
from traineeships_traineeship t
where (t.host_id = $2 or t.tutor_id = $3 or t.host_tutor_id = $4 or t.agreement_id = $5)
  and t.state in {RUNNING} and not (t.id is not distinct from $1 and {OWN})
having {COUNTING}
"""
AGREEMENTS_USED = f"""
select t.agreement_id, count(*) filter (where t.state in {RUNNING}), count(*) filter (where t.state not in {RUNNING})
from traineeships_traineeship t
where t.agreement_id = any($1) and t.state in {NOT_OVER} and {COUNTING}
group by t.agreement_id
"""
TO_WRITE = "m.state = 'accepted' and m.traineeship_id is null"
PLACES_PROMISED = f"""
select m.place_id, p.host_id, count(*)
from traineeships_matchingproposal m join traineeships_place p on p.id = m.place_id
where {TO_WRITE} and {COUNTING}
group by m.place_id, p.host_id
"""
# The row of the place is held until the end of the transaction: of two zones that want the last opening the second sees
# the first, and is told.
PLACE_LEFT = f"""
declare held traineeships_place;
begin
  if not {COUNTING} then
    raise exception 'only who works with hosts may take an opening' using errcode = '42501';
  end if;
  select p.* into held from traineeships_place p where p.id = $1 for update;
  if held.id is null or held.state <> 'open' and not exists (
    select from traineeships_traineeship t where t.id = $2 and t.place_id = $1 and {OWN}
  ) then
    return 0;
  end if;
  return held.openings
    - (select count(*) from traineeships_traineeship t
      where t.place_id = $1 and t.state in {NOT_OVER}
        and not (t.id is not distinct from $2 and {OWN}))
    - (select count(*) from traineeships_matchingproposal m
      where m.place_id = $1 and {TO_WRITE} and m.id is distinct from $3);
end
"""


class Migration(migrations.Migration):
    dependencies = [("traineeships", "0020_control_protection")]

    operations = [
        function(
            "trainees_around(but bigint, of_host bigint, of_tutor bigint, of_host_tutor bigint, of_agreement bigint)",
            "table(host bigint, tutor bigint, host_tutor bigint, agreement bigint)",
            TRAINEES_AROUND,
        ),
        function(
            "agreements_used(agreements bigint[])",
            "table(agreement_id bigint, running bigint, to_start bigint)",
            AGREEMENTS_USED,
        ),
        function(
            "places_promised()",
            "table(place_id bigint, host_id bigint, promised bigint)",
            PLACES_PROMISED,
            reads=["select on traineeships_matchingproposal"],
        ),
        function(
            "place_left(of_place bigint, but_traineeship bigint, but_proposal bigint)",
            "bigint",
            PLACE_LEFT,
            language="plpgsql",
            volatility="volatile",
        ),
    ]
