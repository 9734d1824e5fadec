from django.db import migrations

from accanto.access.permissions import APPLICATION, DEFINER, function, narrowed, read_by_all, secret

KIND = "(select s.kind from app_session() s)"

# The hours of a day follow from in and out, wherever these are known: two or four times in order, inside one day.
DAY = """
alter table traineeships_attendanceday add constraint traineeships_attendance_times check (
  cardinality(times) = 0 or
  cardinality(times) in (2, 4) and array_position(times, null) is null
  and times[1] between 0 and 1440 and times[2] between times[1] + 1 and 1440
  and (cardinality(times) = 2 or times[3] between times[2] + 1 and 1440 and times[4] between times[3] + 1 and 1440)
  and hours = round((times[2] - times[1] + coalesce(times[4] - times[3], 0)) / 60.0, 2))
"""
TRUE_TO_THEIR_TEXT = [
    f"alter table traineeships_{table} add constraint traineeships_{name}_hash "
    "check (sha256 = encode(sha256(convert_to(shown, 'UTF8')), 'hex'))"
    for table, name in (("registersignature", "signature"), ("monthlyclose", "close"))
]

# Days and signatures of a closed month stay as they are, whoever writes them. Once a statement, over all its rows. The
# lock, one for each zone and month, is the one the monthly close takes for itself alone: who writes meanwhile waits, and
# then sees the close.
GUARD = """
declare found record;
begin
  perform pg_advisory_xact_lock_shared(m.number, m.zone_id) from (
    select distinct extract(year from d.month)::int * 12 + extract(month from d.month)::int as number, d.zone_id
    from (select zone_id, generate_series(date_trunc('month', {first}), {last}, '1 month') as month from fresh) d
    order by 2, 1) m;
  select c.traineeship_id, c.month into found
  from fresh f join traineeships_monthlyclose c on c.traineeship_id = f.traineeship_id and c.reopened_at is null
    and c.month >= date_trunc('month', f.{first}) and c.month <= f.{last}
  limit 1;
  if found is not null then
    raise exception 'the month % of the register % is closed', found.month, found.traineeship_id
      using errcode = '23514', constraint = 'traineeships_month_is_closed',
      detail = 'traineeships_month_is_closed';
  end if;
  return null;
end
"""


def guard(name, first, last):
    return function(
        f"{name}()",
        "trigger",
        GUARD.format(first=first, last=last),
        reads=["select on traineeships_monthlyclose"],
        language="plpgsql",
        volatility="volatile",
    )


def guarded(table, name, *events):
    return migrations.RunSQL(
        [
            f"create trigger {table}_closed_{event} after {event} on {table} referencing new table as fresh "
            f"for each statement execute function {name}()"
            for event in events
        ],
        migrations.RunSQL.noop,
    )


# The one thing that who is in charge writes in their own register. What is signed, and its hash, are the row's own.
SIGN_OWN = """
declare made bigint; acting record; row record;
begin
  select s.user_id, s.kind into acting from app_session() s;
  if acting.kind is distinct from 'person' then
    raise exception 'only the person signs here' using errcode = '42501';
  end if;
  select t.subject_id, t.zone_id into row from traineeships_traineeship t
  where t.id = $1 and t.subject_id = any(app_subjects('register'));
  if row is null then
    raise exception 'no such register' using errcode = '42501';
  end if;
  insert into traineeships_registersignature
    (subject_id, zone_id, traineeship_id, signer, way, name, first, last, shown, sha256, strokes, signed_at, signed_by_id)
  values (row.subject_id, row.zone_id, $1, 'trainee', 'session', '', $2, $3, $4, $5, '', now(), acting.user_id)
  returning id into made;
  return made;
end
"""

# The hosts whose closures the session may write: its own, those where its trainees are, those of the offices' zone.
HOSTS = """
select coalesce(array_agg(h.id), '{}')
from app_session() s join traineeships_host h on case s.kind
  when 'host_tutor' then h.organisation_id = s.organisation_id
    or exists (select from traineeships_traineeship t where t.host_id = h.id and t.host_tutor_id = s.user_id)
  when 'third_sector_tutor' then
    exists (select from traineeships_traineeship t where t.host_id = h.id and t.tutor_id = s.user_id)
  when 'social_worker' then
    exists (select from territory_municipality m where m.istat_code = h.municipality_id and m.zone_id = s.zone_id)
    or exists (select from traineeships_traineeship t where t.host_id = h.id and t.zone_id = s.zone_id)
  when 'case_manager' then
    exists (select from territory_municipality m where m.istat_code = h.municipality_id and m.zone_id = s.zone_id)
    or exists (select from traineeships_traineeship t where t.host_id = h.id and t.zone_id = s.zone_id)
  else false end
"""


# Whether somebody is in another register at the same hour is asked by hosts too, who do not see the other: of the people
# whose register the session writes, when they were where, without the host.
ELSEWHERE = f"""
select d.subject_id, d.day, d.traineeship_id, d.times, d.hours
from traineeships_attendanceday d
where d.subject_id = any($1) and d.day between $2 and $3 and d.superseded_at is null and d.hours > 0
  and (d.zone_id = any((select app_zones_writing('register'))::smallint[])
       or d.subject_id = any((select app_subjects_writing('register'))::bigint[])
       or (select '{APPLICATION}' not in (session_user, current_setting('role', true))))
"""
UNLESS_A_HOST = (
    "(select s.kind from app_session() s) is distinct from 'host_tutor' "
    "or traineeship_id = any((select app_traineeships_hosted())::bigint[])"
)


class Migration(migrations.Migration):
    dependencies = [("traineeships", "0005_register")]

    operations = [
        secret("traineeships_timetable", "register"),
        secret("traineeships_registersignature", "register"),
        secret("traineeships_monthlyclose", "register", update=["reopened_at", "reopened_by_id", "reopening_reason"]),
        *(narrowed(f"traineeships_{noun}", UNLESS_A_HOST) for noun in ("timetable", "registersignature", "monthlyclose")),
        function(
            "times_elsewhere(about bigint[], first date, last date)",
            "table(subject_id bigint, day date, traineeship_id bigint, times smallint[], hours numeric)",
            ELSEWHERE,
            reads=["select on traineeships_attendanceday"],
        ),
        migrations.RunSQL(
            [
                DAY,
                *TRUE_TO_THEIR_TEXT,
                # hosts keep the register and do not close it; the offices alone open it again
                "create policy traineeships_monthlyclose_not_by_hosts on traineeships_monthlyclose as restrictive "
                f"for insert to {APPLICATION} with check ({KIND} is distinct from 'host_tutor')",
                "create policy traineeships_monthlyclose_reopened_by_offices on traineeships_monthlyclose as restrictive "
                f"for update to {APPLICATION} using ({KIND} = 'social_worker' or {KIND} = 'case_manager')",
            ],
            migrations.RunSQL.noop,
        ),
        guard("refuse_days_of_closed_months", "day", "day"),
        guard("refuse_signatures_of_closed_months", "first", "last"),
        guarded("traineeships_attendanceday", "refuse_days_of_closed_months", "insert", "update"),
        guarded("traineeships_registersignature", "refuse_signatures_of_closed_months", "insert"),
        function(
            "sign_own_register(of_traineeship bigint, first date, last date, shown text, sha256 text)",
            "bigint",
            SIGN_OWN,
            reads=["select on traineeships_traineeship", "insert on traineeships_registersignature",
                "select on traineeships_registersignature",
            ],
            language="plpgsql",
            volatility="volatile",
        ),
        function("app_hosts_closing()", "bigint[]", HOSTS, reads=["select on traineeships_host", "select on territory_municipality"]),
        read_by_all(
            "traineeships_hostclosure",
            written_where="host_id = any((select app_hosts_closing())::bigint[])",
            update=["withdrawn_at", "withdrawn_by_id"],
        ),
        migrations.RunSQL(
            f"grant usage on sequence traineeships_registersignature_id_seq to {DEFINER}", migrations.RunSQL.noop
        ),
    ]
