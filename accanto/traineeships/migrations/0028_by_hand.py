from django.db import migrations

from accanto.access.permissions import APPLICATION, function, hangs_on

# As before, and in the year in which it is issued only: both those between which a transaction may stand at midnight.
NUMBER = f"""
declare is_owner boolean := '{APPLICATION}' not in (session_user, current_setting('role', true));
begin
  if not is_owner and not ($1 = any(app_zones_writing('traineeship_plan'))
    or exists (select from app_session() s join traineeships_traineeship t on t.promoter_id = s.organisation_id
      where s.kind = 'third_sector_tutor' and t.zone_id = $1 and t.subject_id = any(app_subjects_writing('register'))))
  then
    raise exception 'only who attests asks for a number' using errcode = '42501';
  end if;
  if not is_owner and $2 not in (extract(year from now() at time zone 'Europe/Rome'),
    extract(year from clock_timestamp() at time zone 'Europe/Rome')) then
    raise exception 'an attestation is numbered in the year in which it is issued' using errcode = '42501';
  end if;
  perform pg_advisory_xact_lock(-2, $1 * 10000 + $2);
  return (select coalesce(max(a.number), 0) + 1 from traineeships_attestation a where a.zone_id = $1 and a.year = $2);
end
"""


class Migration(migrations.Migration):
    dependencies = [("traineeships", "0027_control_search")]

    operations = [
        hangs_on("traineeships_paymentline", "traineeship_id", "traineeships_traineeship"),
        function(
            "attestation_number(of_zone smallint, of_year integer)",
            "integer",
            NUMBER,
            language="plpgsql",
            volatility="volatile",
        ),
        # whoever writes one, it bears the number that follows: row by row, each sees those before it in its statement
        migrations.RunSQL(
            "create policy traineeships_attestation_numbered on traineeships_attestation as restrictive for insert "
            f"to {APPLICATION} with check (number = attestation_number(zone_id, year))",
            migrations.RunSQL.noop,
        ),
    ]
