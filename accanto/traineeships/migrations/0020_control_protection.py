from django.db import migrations

from accanto.access.permissions import (
    APPLICATION,
    DEFINER,
    function,
    hangs_on,
    narrowed,
    read_by_all,
    secret,
)

KIND = "(select s.kind from app_session() s)"
OWN_ZONE = "zone_id = (select s.zone_id from app_session() s)"
TODAY = "(now() at time zone 'Europe/Rome')::date"
ITS_INSPECTOR = f"{KIND} = 'inspector' and inspector_id = (select app_user())"
LONGEST = 90  # days of an inspection, as the page that opens it says: it is not a standing access
PLANS = f"{KIND} = 'zone_planner' and {OWN_ZONE}"
# who opened it, whose it is, and who follows the people of that zone
READS_INSPECTIONS = (
    f"({KIND} in ('zone_planner', 'social_worker', 'case_manager') and {OWN_ZONE}) or ({ITS_INSPECTOR})"
)

# A relation opens a person to an inspector: of their traineeships, it sees those at the inspected host, on its days.
INSPECTED = f"""
select coalesce(array_agg(c.traineeship_id), '{{}}')
from traineeships_inspectioncheck c
where c.inspection_id = any(array(
  select i.id from traineeships_hostinspection i
  where i.inspector_id = (select s.user_id from app_session() s where s.kind = 'inspector')
    and i.ended_at is null and {TODAY} between i.starts and i.ends))
"""
INSPECTIONS_OPEN = f"""
select coalesce(array_agg(i.id), '{{}}')
from traineeships_hostinspection i
where i.inspector_id = (select s.user_id from app_session() s where s.kind = 'inspector')
  and i.ended_at is null and i.closed_at is null and {TODAY} between i.starts and i.ends
"""
UNLESS_AN_INSPECTOR = (
    f"{KIND} is distinct from 'inspector' or {{id}} = any((select app_traineeships_inspected())::bigint[])"
)
OF_A_TRAINEESHIP = (
    "mandatorynotice", "passage", "attendanceday", "timetable", "registersignature", "monthlyclose", "anomaly",
    "anomalystep", "inspectioncheck", "visit",
)  # fmt: skip


def unless_an_inspector(table, column):
    """A second restriction beside those that narrow the same table for hosts."""
    condition = UNLESS_AN_INSPECTOR.format(id=column)
    return migrations.RunSQL(
        [
            f"create policy {table}_inspected_read on {table} as restrictive for select to {APPLICATION} "
            f"using ({condition})",
            f"create policy {table}_inspected_insert on {table} as restrictive for insert to {APPLICATION} "
            f"with check ({condition})",
            f"create policy {table}_inspected_update on {table} as restrictive for update to {APPLICATION} "
            f"using ({condition}) with check ({condition})",
        ],
        migrations.RunSQL.noop,
    )


# Inspectors write no relation: on the days of their inspection, those of the people at its host are opened for them,
# once, until its end. Answers how many.
BEGIN = f"""
declare acting record; inspection traineeships_hostinspection; here record; relation bigint; opened integer := 0;
begin
  select s.user_id, s.role_id, s.kind into acting from app_session() s;
  select i.* into inspection from traineeships_hostinspection i
  where i.id = $1 and acting.kind = 'inspector' and i.inspector_id = acting.user_id
    and i.ended_at is null and i.closed_at is null and {TODAY} between i.starts and i.ends;
  if inspection.id is null then
    raise exception 'no inspection of yours today' using errcode = '42501';
  end if;
  for here in
    select t.id, t.subject_id, t.zone_id from traineeships_traineeship t
    where t.host_id = inspection.host_id and t.zone_id = inspection.zone_id
      and t.state in ('running', 'suspended', 'extended', 'concluded', 'interrupted', 'attested', 'archived')
      and t.starts <= inspection.ends and t.ends >= inspection.starts
      and not exists (select from traineeships_inspectioncheck c
        where c.inspection_id = inspection.id and c.traineeship_id = t.id)
    order by t.id
  loop
    insert into access_relation (subject_id, zone_id, kind, user_id, starts, ends, reason)
    values (here.subject_id, here.zone_id, 'inspector', acting.user_id, {TODAY},
      greatest(least(inspection.ends, inspection.starts + {LONGEST}), {TODAY}), $2)
    returning id into relation;
    insert into traineeships_inspectioncheck
      (subject_id, zone_id, inspection_id, traineeship_id, relation_id, presence, does_what_planned, tutor_there, words)
    values (here.subject_id, here.zone_id, inspection.id, here.id, relation, '', '', '', '');
    insert into access_act (at, user_id, role_id, verb, noun, object_id, subject_id, zone_id, detail)
    values (now(), acting.user_id, acting.role_id, 'open', 'relation', relation, here.subject_id, here.zone_id,
      jsonb_build_object('inspection', inspection.id));
    opened := opened + 1;
  end loop;
  update traineeships_hostinspection i set begun_at = coalesce(i.begun_at, now()) where i.id = inspection.id;
  return opened;
end
"""
# Where who plans the zone has moved the end of an inspection, what it opened ends with it. Answers how many.
FOLLOW = f"""
declare acting record; moved record; followed integer := 0;
begin
  select s.user_id, s.role_id, s.kind, s.zone_id into acting from app_session() s;
  for moved in
    update access_relation r set ends = greatest(least(i.ends, i.starts + {LONGEST}), r.starts)
    from traineeships_inspectioncheck c join traineeships_hostinspection i on i.id = c.inspection_id
    where i.id = $1 and c.relation_id = r.id and r.kind = 'inspector' and acting.kind = 'zone_planner'
      and i.zone_id = acting.zone_id
    returning r.id, r.subject_id, r.zone_id, r.ends
  loop
    insert into access_act (at, user_id, role_id, verb, noun, object_id, subject_id, zone_id, detail)
    values (now(), acting.user_id, acting.role_id, 'end', 'relation', moved.id, moved.subject_id, moved.zone_id,
      jsonb_build_object('inspection', $1, 'on', moved.ends));
    followed := followed + 1;
  end loop;
  return followed;
end
"""
# What an inspector is told of the money: sums and days, month by month; not the accounts, nor why.
PAYMENTS = """
select m.traineeship_id, m.month, m.hours, m.amount,
  coalesce(sum(p.amount) filter (where p.outcome = 'paid'), 0), max(p.outcome_on) filter (where p.outcome = 'paid')
from traineeships_monthallowance m
left join traineeships_paymentline p on p.traineeship_id = m.traineeship_id and p.month = m.month and p.is_live
where m.superseded_at is null and m.traineeship_id = any(app_traineeships_inspected())
  and m.traineeship_id in (select c.traineeship_id from traineeships_inspectioncheck c where c.inspection_id = $1)
group by m.id order by m.traineeship_id, m.month
"""
# Who may raise one, of whom: the offices of the zone, the tutor, the inspector and the person. Not the host.
RAISE = """
#variable_conflict use_column
declare acting record; row record; made bigint;
begin
  select s.user_id, s.role_id, s.kind into acting from app_session() s;
  select t.subject_id, t.zone_id, t.host_id into row from traineeships_traineeship t
  where t.id = $1 and (
    acting.kind in ('social_worker', 'case_manager') and t.zone_id = any(app_zones('placement'))
    or acting.kind in ('third_sector_tutor', 'person') and t.subject_id = any(app_subjects('placement'))
    or acting.kind = 'inspector' and t.id = any(app_traineeships_inspected()));
  if row is null then
    raise exception 'no such traineeship' using errcode = '42501';
  end if;
  insert into traineeships_anomaly (subject_id, zone_id, traineeship_id, host_id, what, code, finding, evidence, first,
    last, days, fingerprint, words, raised_by_id, found_at, state, state_at)
  values (row.subject_id, row.zone_id, $1, row.host_id, 'reported', 'ACC-REPORTED', $6::jsonb, $7::jsonb, $3, $4, $5, $8,
    $2, acting.user_id, now(), 'open', now())
  on conflict (traineeship_id, what, fingerprint) do nothing
  returning id into made;
  if made is not null then
    insert into access_act (at, user_id, role_id, verb, noun, object_id, subject_id, zone_id, detail)
    values (now(), acting.user_id, acting.role_id, 'report', 'anomaly', made, row.subject_id, row.zone_id,
      jsonb_build_object('sealed', true));
  end if;
  return made;
end
"""
# Figures by host for who plans the zone: no person, no day.
BY_HOST = """
select a.host_id, a.what::text, a.state::text, count(*), min(a.found_at)
from app_session() s join traineeships_anomaly a on a.zone_id = s.zone_id
where s.kind = 'zone_planner'
group by a.host_id, a.what, a.state
"""
RUNNING = "('running', 'suspended', 'extended')"
NOT_OVER = "('draft', 'plan_signed', 'agreement_active', 'notice_sent', 'running', 'suspended', 'extended')"
HOST_TRAINEES = f"""
select t.host_id, count(*) filter (where t.state in {RUNNING}), count(*) filter (where t.state not in {RUNNING})
from traineeships_traineeship t
where t.host_id = any($1) and t.state in {NOT_OVER}
  and (select s.kind from app_session() s) in
    ('social_worker', 'case_manager', 'employment_operator', 'inspector', 'zone_planner')
group by t.host_id
"""
# A closed report is only read, whoever writes, and its inspection does not begin again. Inspectors do not move the end of what they may see; planners do not write
# what inspectors found.
CLOSED = """
declare acting varchar := (select s.kind from app_session() s);
begin
  if acting = 'inspector' and (old.ends, old.ended_at) is distinct from (new.ends, new.ended_at)
    or acting = 'zone_planner' and (old.visited_on, old.received_by, old.found, old.closed_at)
      is distinct from (new.visited_on, new.received_by, new.found, new.closed_at) then
    raise exception 'that is not yours to write' using errcode = '42501';
  end if;
  if old.closed_at is not null and
    (old.visited_on, old.received_by, old.found, old.closed_at, old.host_id, old.inspector_id)
      is distinct from (new.visited_on, new.received_by, new.found, new.closed_at, new.host_id, new.inspector_id)
    or old.closed_at is not null
      and (new.ends > old.ends or old.ended_at is not null and new.ended_at is null) then
    raise exception 'the report of an inspection does not change' using errcode = '23514',
      constraint = 'traineeships_inspection_report_stays', detail = 'traineeships_inspection_report_stays';
  end if;
  return new;
end
"""


class Migration(migrations.Migration):
    dependencies = [("traineeships", "0019_controls"), ("access", "0004_inspectors")]

    operations = [
        read_by_all(
            "traineeships_hostinspection",
            written_where=f"({PLANS}) or ({ITS_INSPECTOR})",
            update=["ends", "ended_at", "visited_on", "received_by", "found", "closed_at"],
        ),
        narrowed("traineeships_hostinspection", READS_INSPECTIONS),
        migrations.RunSQL(
            f"create policy traineeships_hostinspection_by_planners on traineeships_hostinspection as restrictive "
            f"for insert to {APPLICATION} with check ({PLANS})",
            migrations.RunSQL.noop,
        ),
        secret("traineeships_anomaly", "control", update=["state", "state_at"]),
        secret("traineeships_anomalystep", "control"),
        hangs_on("traineeships_anomaly", "traineeship_id", "traineeships_traineeship"),
        hangs_on("traineeships_anomalystep", "anomaly_id", "traineeships_anomaly"),
        # inspectors judge what was found; what they find themselves they raise, in words and under their name
        migrations.RunSQL(
            [
                f"create policy traineeships_anomaly_not_by_inspectors on traineeships_anomaly as restrictive for insert "
                f"to {APPLICATION} with check ({KIND} is distinct from 'inspector')",
                # who is verified is written by `begin_inspection`, and by nobody else
                f"create policy traineeships_inspectioncheck_begun on traineeships_inspectioncheck as restrictive "
                f"for insert to {APPLICATION} with check (false)",
            ],
            migrations.RunSQL.noop,
        ),
        secret(
            "traineeships_inspectioncheck",
            "control",
            update=["presence", "does_what_planned", "tutor_there", "words", "checked_at"],
        ),
        function(
            "app_traineeships_inspected()",
            "bigint[]",
            INSPECTED,
            reads=["select on traineeships_hostinspection", "select on traineeships_inspectioncheck"],
        ),
        function("app_inspections_open()", "bigint[]", INSPECTIONS_OPEN),
        unless_an_inspector("traineeships_traineeship", "id"),
        *(unless_an_inspector(f"traineeships_{noun}", "traineeship_id") for noun in OF_A_TRAINEESHIP),
        # the inspector whose it is writes what was seen, until the report is closed
        narrowed(
            "traineeships_inspectioncheck",
            "true",
            write="inspection_id = any((select app_inspections_open())::bigint[])",
        ),
        # papers kept in a file are not part of an inspection: what it needs of them is in the rows
        migrations.RunSQL(
            [
                f"create policy {table}_not_to_inspectors on {table} as restrictive for select to {APPLICATION} "
                f"using ({KIND} is distinct from 'inspector')"
                for table in ("documents_document", "documents_content")
            ],
            migrations.RunSQL.noop,
        ),
        function(
            "begin_inspection(of_inspection bigint, why text)",
            "integer",
            BEGIN,
            reads=[
                "select on traineeships_traineeship", "insert on access_relation",
                "insert on traineeships_inspectioncheck", "update on traineeships_hostinspection",
            ],
            language="plpgsql",
            volatility="volatile",
        ),
        function(
            "follow_inspection(of_inspection bigint)",
            "integer",
            FOLLOW,
            reads=["update on access_relation"],
            language="plpgsql",
            volatility="volatile",
        ),
        function(
            "inspection_payments(of_inspection bigint)",
            "table(traineeship_id bigint, month date, hours numeric, amount numeric, paid numeric, paid_on date)",
            PAYMENTS,
            reads=["select on traineeships_monthallowance", "select on traineeships_paymentline"],
        ),
        function(
            "raise_anomaly(of_traineeship bigint, words text, first date, last date, days integer, finding text, "
            "evidence text, fingerprint text)",
            "bigint",
            RAISE,
            reads=["insert on traineeships_anomaly", "select on traineeships_anomaly"],
            language="plpgsql",
            volatility="volatile",
        ),
        function(
            "controls_by_host()",
            "table(host_id bigint, what text, state text, found bigint, since timestamptz)",
            BY_HOST,
        ),
        function(
            "host_trainees(hosts bigint[])", "table(host_id bigint, running bigint, to_start bigint)", HOST_TRAINEES
        ),
        function("refuse_changed_reports()", "trigger", CLOSED, language="plpgsql", volatility="volatile"),
        migrations.RunSQL(
            [
                "create trigger traineeships_hostinspection_stays before update on traineeships_hostinspection "
                "for each row execute function refuse_changed_reports()",
                "grant usage on sequence traineeships_inspectioncheck_id_seq, traineeships_anomaly_id_seq, "
                f"access_relation_id_seq to {DEFINER}",
            ],
            migrations.RunSQL.noop,
        ),
    ]
