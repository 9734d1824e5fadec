from django.db import migrations

from accanto.access.permissions import APPLICATION, DEFINER, function, narrowed, read_by_all

# Hosts are of the whole region: who works with people at any office keeps them. Places, links and entries of the
# directory are of the office that follows them.
KIND = "(select s.kind from app_session() s)"
WORKERS = f"{KIND} in ('social_worker', 'case_manager', 'employment_operator')"
OWN_ZONE = "zone_id = (select s.zone_id from app_session() s)"
OF_THE_OFFICE = f"{WORKERS} and {OWN_ZONE}"

REGISTER_HOST_BODY = """
declare found bigint;
begin
  if coalesce((select s.kind from app_session() s), '') not in ('social_worker', 'case_manager', 'employment_operator') then
    raise exception 'only who works with hosts may add one' using errcode = '42501';
  end if;
  select o.id into found from access_organisation o where o.kind = 'host' and lower(o.name) = lower($1);
  if found is null then
    insert into access_organisation (kind, name, tax_code, source) values ('host', $1, $2, '') returning id into found;
  end if;
  return found;
end
"""

NOT_OVER = "('draft', 'plan_signed', 'agreement_active', 'notice_sent', 'running', 'suspended', 'extended')"
RUNNING = "('running', 'suspended', 'extended')"
# Figures over every zone and nobody's name: openings and limits are of the host, whoever its trainees are.
PLACES_TAKEN = f"""
select t.place_id, count(*) from traineeships_traineeship t
where t.place_id is not null and t.state in {NOT_OVER} and (select s.kind from app_session() s) is not null
group by t.place_id
"""
HOST_TRAINEES = f"""
select t.host_id, count(*) filter (where t.state in {RUNNING}), count(*) filter (where t.state not in {RUNNING})
from traineeships_traineeship t
where t.host_id = any($1) and t.state in {NOT_OVER}
  and (select s.kind from app_session() s) in ('social_worker', 'case_manager', 'employment_operator')
group by t.host_id
"""

# Those who are at a seat, of every zone: the programme of each changes (R-CAR-02), whether or not anybody needs a
# leave. Without a seat, those who are at none of the others. Answers how many they are.
SEAT_MOVED = f"""
declare touched bigint;
begin
  if '{APPLICATION}' in (session_user, current_setting('role', true)) and not coalesce({WORKERS}, false) then
    raise exception 'only who works with hosts may move a seat' using errcode = '42501';
  end if;
  update traineeships_condition c set programme_changed_on = $3
  from traineeships_traineeship t left join traineeships_place p on p.id = t.place_id
  where c.traineeship_id = t.id and t.host_id = $1 and t.state in {NOT_OVER}
    and case when $2 is null then p.seat_id is null and coalesce(p.address, '') = '' else p.seat_id = $2
      or p.seat_id is null and t.seat ilike '%' || (select replace(replace(s.name, '%', ''), '_', '')
        from traineeships_seat s where s.id = $2) || '%' end;
  get diagnostics touched = row_count;
  return touched;
end
"""

# The company has no session. Its address tells what an unknown one tells: nothing; a link that has expired says only
# that, for a year, to who holds it.
ITALY = "(now() at time zone 'Europe/Rome')::date"
LIVE = f"l.hash = $1 and l.revoked_at is null and l.expires_on >= {ITALY}"
EXPIRED = f"l.hash = $1 and l.revoked_at is null and l.expires_on < {ITALY} and l.expires_on >= {ITALY} - 365"
OFFER_LINK_READ = f"""
select 'live'::text, l.id, l.host_id, l.zone_id, l.to_name::text, l.expires_on from traineeships_offerlink l
where {LIVE}
union all
select 'expired', null, null, null, '', l.expires_on from traineeships_offerlink l where {EXPIRED}
"""
WAITING = 30  # offers of one company that wait for the office
# What the company may write of a place; whose it is, its state and its dates of review are never its own to say.
WRITTEN = (
    "setting, title, tasks, skills, openings, weekly_hours, begins_at, ends_at, timetable_note, access, suits, "
    "accommodations, transport, transport_note, contact_name, contact_phone, valid_from, valid_to, municipality_id, "
    "seat_id, address"
)
OFFER_PLACE = f"""
declare link traineeships_offerlink; said traineeships_place; found bigint;
begin
  select l.* into link from traineeships_offerlink l where {LIVE};
  if link.id is null then
    return null;
  end if;
  said := jsonb_populate_record(null::traineeships_place, $3::jsonb);
  if said.seat_id is not null and not exists (
    select from traineeships_seat s where s.id = said.seat_id and s.host_id = link.host_id and s.closed_on is null
  ) then
    return null;
  end if;
  if $2 is null then
    if (select count(*) from traineeships_place p
        where p.host_id = link.host_id and p.zone_id = link.zone_id and p.state = 'offered') >= {WAITING} then
      return null;
    end if;
    insert into traineeships_place ({WRITTEN}, host_id, zone_id, state, office_words, offered_at, offered_through_id, synthetic)
    select {WRITTEN}, link.host_id, link.zone_id, 'offered', '', now(), link.id,
      coalesce((select i.demonstration from access_installation i), false)
    from (select (said).*) one returning id into found;
  else
    update traineeships_place p set ({WRITTEN}, office_words, offered_at, offered_through_id) =
      (select {WRITTEN}, ''::varchar, now(), link.id from (select (said).*) one)
    where p.id = $2 and p.host_id = link.host_id and p.zone_id = link.zone_id and p.state = 'offered'
      and p.offered_through_id is not null
    returning p.id into found;
  end if;
  if found is not null then
    update traineeships_offerlink set used_at = now() where id = link.id;
    insert into access_act (at, verb, noun, object_id, zone_id, detail)
    values (now(), case when $2 is null then 'offer' else 'change' end, 'place', found, link.zone_id,
      jsonb_build_object('link', link.id));
  end if;
  return found;
end
"""
# Pausing and opening again what the office had accepted, or taking an offer back.
OFFER_LINK_TURN = f"""
declare link traineeships_offerlink; found bigint;
begin
  select l.* into link from traineeships_offerlink l where {LIVE};
  update traineeships_place p set state = $3
  where p.id = $2 and p.host_id = link.host_id and p.zone_id = link.zone_id and p.offered_through_id is not null
    and (p.state, $3) in (('open', 'paused'), ('paused', 'open'), ('open', 'withdrawn'), ('paused', 'withdrawn'),
      ('offered', 'withdrawn'))
  returning p.id into found;
  if found is not null then
    update traineeships_offerlink set used_at = now() where id = link.id;
    insert into access_act (at, verb, noun, object_id, zone_id, detail)
    values (now(), $3, 'place', found, link.zone_id, jsonb_build_object('link', link.id));
  end if;
  return found is not null;
end
"""
# A new link where one has expired, for the mailbox the office wrote down and nobody else's; three a day for a company.
OFFER_LINK_RENEW = f"""
insert into traineeships_offerlink (host_id, zone_id, hash, to_name, email, made_at, made_by_id, expires_on, renews_id, mail_failure)
select l.host_id, l.zone_id, $2, l.to_name, l.email, now(), l.made_by_id, {ITALY} + $3, l.id, ''
from traineeships_offerlink l join traineeships_host h on h.id = l.host_id and h.closed_on is null
where {EXPIRED} and l.email <> ''
  and 3 > (select count(*) from traineeships_offerlink n
    where n.host_id = l.host_id and n.zone_id = l.zone_id and n.renews_id is not null and n.made_at > now() - interval '1 day')
returning email::text, host_id
"""
OFFER_LINK_MAILED = """
update traineeships_offerlink
set mailed_at = case when $2 = '' then now() end, mail_failure = left($2, 200)
where hash = $1 and mailed_at is null
"""


class Migration(migrations.Migration):
    dependencies = [("traineeships", "0007_places")]

    operations = [
        read_by_all("traineeships_seat", written_where=WORKERS, update="all"),
        read_by_all("traineeships_staffcount", written_where=WORKERS, update=["superseded_at"]),
        read_by_all("traineeships_safetyduty", written_where=WORKERS, update=["superseded_at"]),
        read_by_all("traineeships_place", written_where=OF_THE_OFFICE, update="all"),
        read_by_all(
            "traineeships_directoryentry",
            written_where=f"({WORKERS} or {KIND} = 'zone_planner') and {OWN_ZONE}",
            update="all",
        ),
        # names and numbers of who works at a host, for who has signed in; the addresses of the links, for the office
        read_by_all("traineeships_hosttutor", written_where=WORKERS, update=["seat_id", "post", "phone", "email", "ended_on"]),
        narrowed("traineeships_hosttutor", "(select app_user()) is not null", write="true"),
        read_by_all(
            "traineeships_offerlink",
            written_where=OF_THE_OFFICE,
            update=["revoked_at", "revoked_by_id", "mailed_at", "mail_failure"],
        ),
        narrowed("traineeships_offerlink", OF_THE_OFFICE),
        # hosts are kept by who works in an employment centre too
        migrations.RunSQL(
            [
                "drop policy traineeships_host_insert on traineeships_host",
                "drop policy traineeships_host_update on traineeships_host",
                f"create policy traineeships_host_insert on traineeships_host for insert to {APPLICATION} "
                f"with check ({WORKERS})",
                f"create policy traineeships_host_update on traineeships_host for update to {APPLICATION} "
                f"using ({WORKERS}) with check ({WORKERS})",
                f"grant usage on sequence traineeships_place_id_seq, traineeships_offerlink_id_seq to {DEFINER}",
                f"grant select on access_installation to {DEFINER}",
            ],
            migrations.RunSQL.noop,
        ),
        function("register_host_body(name text, tax_code text)", "bigint", REGISTER_HOST_BODY, language="plpgsql", volatility="volatile"),
        function("places_taken()", "table(place_id bigint, taken bigint)", PLACES_TAKEN),
        function("host_trainees(hosts bigint[])", "table(host_id bigint, running bigint, to_start bigint)", HOST_TRAINEES),
        function(
            "seat_moved(of_host bigint, of_seat bigint, day date)",
            "bigint",
            SEAT_MOVED,
            reads=["select on traineeships_condition", "update on traineeships_condition", "select on traineeships_place", "select on traineeships_seat"],
            language="plpgsql",
            volatility="volatile",
        ),
        function(
            "offer_link_read(hash text)",
            "table(standing text, link_id bigint, host_id bigint, zone_id smallint, to_name text, expires_on date)",
            OFFER_LINK_READ,
            reads=["select on traineeships_offerlink", "insert on traineeships_offerlink", "update on traineeships_offerlink"],
        ),
        function(
            "offer_place(hash text, of_place bigint, facts text)",
            "bigint",
            OFFER_PLACE,
            reads=["insert on traineeships_place", "update on traineeships_place"],
            language="plpgsql",
            volatility="volatile",
        ),
        function(
            "offer_link_turn(hash text, of_place bigint, to_state text)", "boolean", OFFER_LINK_TURN, language="plpgsql", volatility="volatile"
        ),
        function(
            "offer_link_renew(hash text, new_hash text, days integer)",
            "table(email text, host_id bigint)",
            OFFER_LINK_RENEW,
            reads=["select on traineeships_host"],
            volatility="volatile",
        ),
        function("offer_link_mailed(of_hash text, failure text)", "void", OFFER_LINK_MAILED, volatility="volatile"),
    ]
