from django.db import migrations

from accanto.access.permissions import function, of_zone, secret

# Acts that are no work on the file: that of the import itself, and the question of another zone.
WORKED_ON = """
select distinct o.subject_id from exchange_recordorigin o
join access_act a on a.subject_id = o.subject_id and a.at between o.recorded_at and clock_timestamp()
  and a.verb not in ('import', 'undo_import', 'look_elsewhere')
where o.batch_id = $1 and o.zone_id = any((select app_zones_writing('case'))::smallint[]) order by 1
"""

# What an import wrote is taken away as if it had never been, which no act of the application may do: only the batch's own
# rows, of one's own zone, on which nobody has worked; a row that anything else points to stops it.
UNDO = """
declare
  mine smallint[] := app_zones_writing('case');
  persons bigint[];
  opened bigint[];
begin
  if not exists (select from exchange_recordbatch b where b.id = batch and b.zone_id = any(mine) and b.state = 'undoing')
  then
    raise exception 'this batch is not to be undone here' using errcode = '42501';
  end if;
  if exists (
    select from exchange_recordorigin o join access_act a on a.subject_id = o.subject_id and a.at between o.recorded_at and clock_timestamp()
      and a.verb not in ('import', 'undo_import', 'look_elsewhere')
    where o.id = any(origins) and o.batch_id = batch)
  then
    raise exception 'somebody has worked on these files' using errcode = '23503';
  end if;
  select coalesce(array_agg(o.subject_id) filter (where o.new_person), '{}'),
         coalesce(array_agg(c.id) filter (where c.id is not null), '{}')
  into persons, opened
  from exchange_recordorigin o
  left join cases_case c on c.id = o.case_id and c.subject_id = o.subject_id and c.zone_id = o.zone_id
  where o.id = any(origins) and o.batch_id = batch and o.zone_id = any(mine);
  delete from exchange_recordorigin where id = any(origins) and batch_id = batch and zone_id = any(mine);
  delete from cases_casearea where case_id = any(opened);
  delete from cases_casemember where case_id = any(opened);
  delete from cases_personalplan where case_id = any(opened);
  delete from cases_case where id = any(opened);
  delete from exchange_recordpair where subject_id = any(persons);
  delete from people_searchkey where subject_id = any(persons);
  delete from people_registry where subject_id = any(persons);
  delete from people_person where subject_id = any(persons);
  delete from access_subject where id = any(persons);
end
"""
EMPTIED = [
    "exchange_recordorigin",
    "exchange_recordpair",
    "cases_casearea",
    "cases_casemember",
    "cases_personalplan",
    "cases_case",
    "people_searchkey",
    "people_registry",
    "people_person",
    "access_subject",
]


class Migration(migrations.Migration):
    dependencies = [
        ("exchange", "0001_initial"),
        ("cases", "0002_protection"),
        ("people", "0002_protection"),
        ("indicators", "0002_functions"),
    ]

    operations = [
        of_zone("exchange_recordbatch", "area", update="all"),
        # what waits holds the area too
        of_zone("exchange_recordrow", "area", update=["data", "errors", "cautions", "state"], delete=True),
        secret("exchange_recordpair", "registry", update=["verdict"], delete=True),
        secret("exchange_recordorigin", "registry"),
        function(
            "records_worked_on(batch bigint)",
            "table(subject_id bigint)",
            WORKED_ON,
            reads=["select on exchange_recordorigin"],
        ),
        function(
            "records_undo(batch bigint, origins bigint[])",
            "void",
            UNDO,
            reads=["select on exchange_recordbatch"]
            + [f"{right} on {table}" for table in EMPTIED for right in ("select", "delete")],
            language="plpgsql",
            volatility="volatile",
        ),
    ]
