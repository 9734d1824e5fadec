from django.db import migrations

from accanto.access.permissions import APPLICATION, DEFINER, function, secret

# Whose address is protected is never told of; the question stays in the log of their file all the same.
MATCHES = """
  found := array(
    select r.subject_id from territory_zone z join people_registry r on r.zone_id = z.id and r.fiscal_code = wanted
    where z.id <> all(mine));
  told := array(
    select f from unnest(found) f where not exists (
      select from people_protectedaddress p where p.subject_id = f and p.superseded_at is null
        and (p.ends is null or p.ends >= (now() at time zone 'Europe/Rome')::date)));
"""

# The exact code only, and the answer is the zone's number only. Each question is a line of the log: about those found,
# whose zone reads who asked, or about nobody. Twenty an hour and sixty a day, in one transaction too.
TOO_MANY = """
  perform pg_advisory_xact_lock(hashtext('look_elsewhere'), author::integer);
  select count(distinct a.at) filter (where a.at > now() - interval '1 hour'), count(distinct a.at) into an_hour, a_day
  from access_act a where a.user_id = author and a.verb = 'look_elsewhere' and a.at > now() - interval '1 day';
"""
WHO = """
  author bigint := app_user();
  moment timestamptz := clock_timestamp();
  mine smallint[] := app_zones_writing('registry');
  acting bigint;
  an_hour integer;
  a_day integer;
  found bigint[];
  told bigint[];
"""
WORKS_HERE = """
  if author is null or cardinality(mine) = 0 then
    raise exception 'only who registers people may ask' using errcode = '42501';
  end if;
  select s.role_id into acting from app_session() s;
"""
KNOWN_ELSEWHERE = f"""
#variable_conflict use_variable
declare {WHO}
  wanted text := code;
begin {WORKS_HERE} {TOO_MANY}
  if an_hour >= 20 or a_day >= 60 then
    insert into access_act (at, user_id, role_id, verb, noun, detail)
    values (moment, author, acting, 'look_elsewhere', 'person', '{{"refused": true}}');
    return query select true, null::smallint;
    return;
  end if;
  if wanted !~ '^([A-Z0-9]{{16}}|[0-9]{{11}})$' then
    return;
  end if; {MATCHES}
  insert into access_act (at, user_id, role_id, verb, noun, subject_id, zone_id, detail)
  select moment, author, acting, 'look_elsewhere', 'person', s.id, s.zone_id,
    jsonb_build_object('told', s.id is not null and s.id = any(told))
  from (select 1) one left join access_subject s on s.id = any(found);
  return query select distinct false, s.zone_id from access_subject s where s.id = any(told);
end
"""

# To each service that knows the person, once: null where the user has asked too often.
ASK = f"""
#variable_conflict use_column
declare {WHO}
  wanted text;
  here smallint;
  asked integer := 0;
  one record;
  pair uuid;
begin {WORKS_HERE}
  select r.fiscal_code, r.zone_id into wanted, here from people_registry r
  where r.subject_id = about and r.zone_id = any(mine) and r.fiscal_code <> '';
  if wanted is null then
    raise exception 'nobody of this zone with a fiscal code' using errcode = '42501';
  end if; {TOO_MANY}
  if an_hour >= 20 or a_day >= 60 then
    return null;
  end if; {MATCHES}
  insert into access_act (at, user_id, role_id, verb, noun, subject_id, zone_id, detail)
  select moment, author, acting, 'look_elsewhere', 'person', s.id, s.zone_id,
    jsonb_build_object('told', s.id is not null and s.id = any(told))
  from (select 1) one left join access_subject s on s.id = any(found);
  for one in select s.id, s.zone_id from access_subject s where s.id = any(told) order by s.zone_id loop
    continue when exists (
      select from people_enquiry e where e.subject_id = about and e.side = 'sent' and e.other_zone_id = one.zone_id
        and (e.answer = '' or e.answered_at > now() - interval '30 days'));
    pair := gen_random_uuid();
    insert into people_enquiry (subject_id, zone_id, key, side, other_zone_id, why, asked_at, asked_by_id, answer)
    values (about, here, pair, 'sent', one.zone_id, left(reason, 300), now(), author, ''),
           (one.id, one.zone_id, pair, 'received', here, left(reason, 300), now(), author, '');
    asked := asked + 1;
  end loop;
  return asked;
end
"""

# The answer is written on both sides. After a yes the two files are tied, each by a row of its own zone.
ANSWER = """
declare
  mine smallint[] := app_zones_writing('registry');
  received people_enquiry%rowtype;
  sent people_enquiry%rowtype;
  tie bigint;
begin
  select * into received from people_enquiry e
  where e.id = enquiry and e.side = 'received' and e.zone_id = any(mine) and e.answer = '' for update;
  if received.id is null or said not in ('yes', 'no') then
    raise exception 'this question is not to be answered here' using errcode = '42501';
  end if;
  update people_enquiry e set answer = said, answered_at = now(), answered_by_id = app_user(), agreed_on = agreed
  where e.key = received.key;
  if said = 'yes' then
    select * into sent from people_enquiry e where e.key = received.key and e.side = 'sent';
    select l.cluster into tie from people_link l
    where l.subject_id in (received.subject_id, sent.subject_id) and l.ended_at is null order by l.id limit 1;
    tie := coalesce(tie, -1 - ('x' || left(md5(gen_random_uuid()::text), 15))::bit(60)::bigint);
    insert into people_link (subject_id, zone_id, cluster, shown_first, across, reason, recorded_at, recorded_by_id, ended_reason)
    select s.id, s.zone_id, tie, not exists (
        select from people_link f where f.zone_id = s.zone_id and f.cluster = tie and f.ended_at is null), true,
      'i due servizi si sono parlati, con l’accordo della persona', now(), app_user(), ''
    from access_subject s where s.id in (received.subject_id, sent.subject_id)
      and not exists (select from people_link l where l.subject_id = s.id and l.ended_at is null);
  end if;
end
"""

WHO_ASKED = """
select coalesce(nullif(u.name, ''), u.username)::text, coalesce(o.name, '')::text,
  count(distinct g.at) filter (where not coalesce((g.detail ->> 'refused')::boolean, false)),
  count(distinct g.at) filter (where (g.detail ->> 'told')::boolean),
  count(distinct g.at) filter (where (g.detail ->> 'refused')::boolean)
from access_act g
left join access_user u on u.id = g.user_id
left join access_role r on r.id = g.role_id
left join access_organisation o on o.id = r.organisation_id
where g.verb = 'look_elsewhere' and g.at >= $1
  and (select s.kind from app_session() s) = 'data_protection_officer'
group by g.user_id, 1, 2 order by 3 desc, 1, 2 limit 200
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0002_protection")]

    operations = [
        secret("people_link", "registry", update=["ended_at", "ended_reason", "shown_first"]),
        secret("people_comparison", "registry", update=["verdict", "compared_at", "compared_by_id"]),
        # who is asked is of another zone: only the functions below write a question and its answer
        secret("people_enquiry", "registry", update=["seen_at"]),
        migrations.RunSQL(
            [
                f"revoke insert on people_enquiry from {APPLICATION}",
                "alter table people_comparison add constraint people_comparison_other_of_its_zone "
                "foreign key (other_id, zone_id) references access_subject (id, zone_id) deferrable initially deferred",
                # how often somebody has asked is counted at every question
                "create index access_act_looked_elsewhere on access_act (user_id, at) where verb = 'look_elsewhere'",
                "create index people_registry_born on people_registry (zone_id, birth_date)",
                f"grant usage on sequence people_enquiry_id_seq, people_link_id_seq to {DEFINER}",
            ],
            migrations.RunSQL.noop,
        ),
        function(
            "people_known_elsewhere(code text)",
            "table(refused boolean, zone_id smallint)",
            KNOWN_ELSEWHERE,
            reads=["select on people_registry", "select on access_subject", "select on people_protectedaddress"],
            language="plpgsql",
            volatility="volatile",
        ),
        function(
            "enquiry_ask(about bigint, reason text)",
            "integer",
            ASK,
            reads=["select on people_enquiry", "insert on people_enquiry"],
            language="plpgsql",
            volatility="volatile",
        ),
        function(
            "enquiry_answer(enquiry bigint, said text, agreed date)",
            "void",
            ANSWER,
            reads=["update on people_enquiry", "select on people_link", "insert on people_link"],
            language="plpgsql",
            volatility="volatile",
        ),
        function(
            "who_asked_elsewhere(since timestamptz)",
            "table(name text, organisation text, asked bigint, told bigint, refused bigint)",
            WHO_ASKED,
        ),
    ]
