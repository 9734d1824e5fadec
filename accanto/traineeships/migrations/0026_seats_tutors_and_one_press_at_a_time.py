import django.db.models.deletion
from django.db import migrations, models

from accanto.access.permissions import APPLICATION, function
from accanto.access.tables import Together

# A plan names a seat and a tutor of its own host, or none: PostgreSQL holds it, whoever writes.
OF_ITS_HOST = [
    f"alter table traineeships_traineeship add constraint traineeships_{name}_of_its_host "
    f"foreign key ({column}, host_id) references {table} (id, host_id)"
    for name, column, table in (
        ("seat", "listed_seat_id", "traineeships_seat"),
        ("tutor", "listed_host_tutor_id", "traineeships_hosttutor"),
    )
]
WORKERS = "(select s.kind from app_session() s) in ('social_worker', 'case_manager', 'employment_operator')"
COUNTING = f"""(coalesce({WORKERS}, false)
  or '{APPLICATION}' not in (session_user, coalesce(current_setting('role', true), '')))"""
OWN = "coalesce(t.zone_id = (select s.zone_id from app_session() s), true)"
NOT_OVER = "('draft', 'plan_signed', 'agreement_active', 'notice_sent', 'running', 'suspended', 'extended')"
RUNNING = "('running', 'suspended', 'extended')"

# By the row of the list where the plan was chosen from it; by its words where it was not, or was written before.
SAME_TUTOR = """(t.host_tutor_id = $4 or t.listed_host_tutor_id = $6
  or t.host_id = $2 and $7 <> '' and lower(btrim(t.host_tutor_name)) = lower($7)
    and ($6 is null or t.listed_host_tutor_id is null) and ($4 is null or t.host_tutor_id is null))"""
# Of each only what was asked, the traineeship itself left out: one of the session's own zone, or the difference would
# tell where a trainee of another zone is.
TRAINEES_AROUND = f"""
select case when $2 is not null then count(*) filter (where t.host_id = $2) end,
  case when $3 is not null then count(*) filter (where t.tutor_id = $3) end,
  case when $4 is not null or $6 is not null or $7 <> '' then count(*) filter (where {SAME_TUTOR}) end,
  case when $5 is not null then count(*) filter (where t.agreement_id = $5) end
from traineeships_traineeship t
where (t.host_id = $2 or t.tutor_id = $3 or t.host_tutor_id = $4 or t.agreement_id = $5)
  and t.state in {RUNNING} and not (t.id is not distinct from $1 and {OWN})
having {COUNTING}
"""
# `s` is a seat of the host of `t`, `p` the place that `t` fills
AT_SEAT = """case when t.listed_seat_id is not null then t.listed_seat_id = s.id
  when p.seat_id is not null then p.seat_id = s.id
  else t.seat ilike '%' || replace(replace(s.name, '%', ''), '_', '') || '%' end"""
SEAT_MOVED = f"""
declare touched bigint;
begin
  if '{APPLICATION}' in (session_user, current_setting('role', true)) and not coalesce({WORKERS}, false) then
    raise exception 'only who works with hosts may move a seat' using errcode = '42501';
  end if;
  if '{APPLICATION}' in (session_user, current_setting('role', true))
    and $3 is distinct from (now() at time zone 'Europe/Rome')::date then
    raise exception 'a seat moves on the day it is written' using errcode = '42501';
  end if;
  update traineeships_condition c set programme_changed_on = $3
  from traineeships_traineeship t left join traineeships_place p on p.id = t.place_id
  where c.traineeship_id = t.id and t.host_id = $1 and t.state in {NOT_OVER}
    and case when $2 is null then t.listed_seat_id is null and p.seat_id is null and coalesce(p.address, '') = ''
      else exists (select from traineeships_seat s where s.id = $2 and {AT_SEAT}) end;
  get diagnostics touched = row_count;
  return touched;
end
"""
# How many are at each of the other seats of a host, and with each of its tutors: of every zone, and nobody's name.
OF_ITS_LISTS = f"""
select 'seat', s.id, count(*) filter (where t.state in {RUNNING}), count(*) filter (where t.state not in {RUNNING})
from traineeships_traineeship t
  left join traineeships_place p on p.id = t.place_id
  join traineeships_seat s on s.host_id = t.host_id and {AT_SEAT}
where t.host_id = $1 and t.state in {NOT_OVER} and {COUNTING}
group by s.id
union all
select 'tutor', h.id, count(*) filter (where t.state in {RUNNING}), count(*) filter (where t.state not in {RUNNING})
from traineeships_traineeship t
  join traineeships_hosttutor h on h.host_id = t.host_id and case when t.listed_host_tutor_id is not null
    then t.listed_host_tutor_id = h.id else lower(btrim(t.host_tutor_name)) = lower(btrim(h.name)) end
where t.host_id = $1 and t.state in {NOT_OVER} and {COUNTING}
group by h.id
"""
# A second press finds it handed over, and is told so; the state that goes is the one of when the row is free.
HAND_OVER = """
declare acting record; row record; paper record;
begin
  select s.user_id, s.kind, s.organisation_id into acting from app_session() s;
  select t.* into row from traineeships_traineeship t
  where t.id = (select a.traineeship_id from traineeships_attestation a where a.id = of_attestation)
    and t.promoter_id = acting.organisation_id and t.subject_id = any(app_subjects_writing('register'));
  if acting.kind is distinct from 'third_sector_tutor' or row is null
    or row.state not in ('concluded', 'interrupted', 'attested') then
    raise exception 'only the promoter of a traineeship that ended attests it' using errcode = '42501';
  end if;
  if on_day is null or on_day > (now() at time zone 'Europe/Rome')::date then
    raise exception 'nothing was handed over on a day to come' using errcode = '42501';
  end if;
  select a.* into paper from traineeships_attestation a
  where a.id = of_attestation and a.superseded_at is null and a.handed_on is null
  for update;
  if paper.id is null then
    return null;
  end if;
  select t.* into row from traineeships_traineeship t where t.id = row.id for update;
  update traineeships_attestation a set handed_on = on_day where a.id = paper.id;
  if signed is not null then
    insert into traineeships_attestationpaper (subject_id, zone_id, attestation_id, part, media_type, sha256, data)
    values (row.subject_id, row.zone_id, paper.id, 'signed', type, encode(sha256(signed), 'hex'), signed);
  end if;
  if row.state in ('concluded', 'interrupted') then
    update traineeships_traineeship t set state = 'attested' where t.id = row.id;
    insert into traineeships_passage (subject_id, zone_id, traineeship_id, before, after, "on", ends_before, ends_after,
      recorded_at, recorded_by_id)
    values (row.subject_id, row.zone_id, row.id, row.state, 'attested', on_day, row.ends, row.ends, now(),
      acting.user_id);
  end if;
  return paper.id;
end
"""


def listed(table, words):
    return models.ForeignKey(
        blank=True,
        db_index=False,
        null=True,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="traineeships",
        to=f"traineeships.{table}",
        verbose_name=words,
    )


class Migration(migrations.Migration):

    dependencies = [("traineeships", "0025_covers_with_a_last_day")]

    operations = [
        Together([
            migrations.AddField("traineeship", "listed_seat", listed("seat", "sede dell’elenco")),
            migrations.AddField("traineeship", "listed_host_tutor", listed("hosttutor", "tutor aziendale dell’elenco")),
            migrations.AddIndex(
                model_name="traineeship",
                index=models.Index(
                    condition=models.Q(("listed_seat__isnull", False)), fields=["listed_seat"], name="traineeships_of_seat"
                ),
            ),
            migrations.AddIndex(
                model_name="traineeship",
                index=models.Index(
                    condition=models.Q(("listed_host_tutor__isnull", False)),
                    fields=["listed_host_tutor"],
                    name="traineeships_of_listed_tutor",
                ),
            ),
            *(
                migrations.AddConstraint(
                    model_name=table,
                    constraint=models.UniqueConstraint(fields=("id", "host"), name=f"traineeships_{table}_of_one_host"),
                )
                for table in ("seat", "hosttutor")
            ),
        ]),
        migrations.RunSQL(OF_ITS_HOST, migrations.RunSQL.noop),
        migrations.RunSQL(
            "drop function trainees_around(bigint, bigint, bigint, bigint, bigint)", migrations.RunSQL.noop
        ),
        function(
            "trainees_around(but bigint, of_host bigint, of_tutor bigint, of_host_tutor bigint, of_agreement bigint, "
            "of_listed_tutor bigint default null, of_name text default '')",
            "table(host bigint, tutor bigint, host_tutor bigint, agreement bigint)",
            TRAINEES_AROUND,
        ),
        function(
            "seat_moved(of_host bigint, of_seat bigint, day date)",
            "bigint",
            SEAT_MOVED,
            language="plpgsql",
            volatility="volatile",
        ),
        function(
            "trainees_of_its_lists(of_host bigint)",
            "table(list text, id bigint, running bigint, to_start bigint)",
            OF_ITS_LISTS,
            reads=["select on traineeships_hosttutor"],
        ),
        function(
            "attestation_hand_over(of_attestation bigint, on_day date, signed bytea, type text)",
            "bigint",
            HAND_OVER,
            language="plpgsql",
            volatility="volatile",
        ),
    ]
