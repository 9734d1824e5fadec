from django.db import migrations

from accanto.access.permissions import APPLICATION, DEFINER, function, own, reference, secret, written_by

# Days are those of Italy and not of the connection's time zone, which an injected statement could move.
TODAY = "(now() at time zone 'Europe/Rome')::date"
TOKEN = "encode(sha256(convert_to(coalesce({}, ''), 'UTF8')), 'hex')"

# The user of the session that the door has announced, if it is alive and its seal (HMAC-SHA256, see session.py) is right:
# a row that did not come from the program signs nobody in. Everything else asks this function.
USER = f"""
select s.user_id
from access_session s
join access_user u on u.id = s.user_id and u.is_active
cross join access_sealingkey k
where s.session_key = {TOKEN.format("current_setting('accanto.session', true)")} and s.expire_date > now()
  and s.seal = encode(sha256(k.outer || sha256(k.inner || convert_to(concat(
    s.session_key, ':', s.user_id, ':', s.role_id, ':', extract(epoch from s.expire_date)::bigint), 'UTF8'))), 'hex')
"""

# With the role the session acts in, if it is that user's and in force today. Nobody acts with a password that somebody
# else knows.
SESSION = f"""
select u.id, r.id, r.kind, r.zone_id, r.organisation_id
from access_session s
join access_user u on u.id = (select app_user()) and u.id = s.user_id and not u.password_is_temporary
join access_role r on r.id = s.role_id and r.user_id = s.user_id
where s.session_key = {TOKEN.format("current_setting('accanto.session', true)")}
  and r.starts <= {TODAY} and (r.ends is null or r.ends >= {TODAY})
"""

MAY_WRITE = """
exists (select 1 from app_session() s join access_right a on a.kind = s.kind and a.degree = $1 and a.writes)
"""

SESSION_LOAD = f"select session_data from access_session where session_key = {TOKEN.format('$1')} and expire_date > now()"
SESSION_SAVE = f"""
begin
  if must_create then
    insert into access_session (session_key, session_data, expire_date, user_id, role_id, seal)
    values ({TOKEN.format('token')}, data, to_timestamp(expires), of_user, of_role, mark) on conflict do nothing;
  else
    update access_session
    set session_data = data, expire_date = to_timestamp(expires), user_id = of_user, role_id = of_role, seal = mark
    where session_key = {TOKEN.format('token')};
  end if;
  return found;
end
"""
SESSION_DELETE = f"delete from access_session where session_key = {TOKEN.format('$1')}"

ZONES = """
select case
  when s.kind is null or a.reach is null or a.reach = 'subject' then '{{}}'::smallint[]
  when a.reach = 'region' then (select coalesce(array_agg(z.id), '{{}}') from territory_zone z)::smallint[]
  else array[s.zone_id]::smallint[] end
from (select 1) one left join app_session() s on true
left join access_right a on a.kind = s.kind and a.degree = $1 {writes}
"""

# A relation that says its degrees opens those only.
SUBJECTS = """
select coalesce(array_agg(distinct t.subject_id), '{{}}')
from app_session() s
join access_right a on a.kind = s.kind and a.degree = $1 and a.reach = 'subject' {writes}
join access_relation t on t.kind = s.kind
  and (t.user_id = s.user_id or t.organisation_id = s.organisation_id)
  and (t.degrees is null or $1 = any(t.degrees))
where t.starts <= {today} and (t.ends is null or t.ends >= {today})
"""

# The author of a line of the log is the live session's, and its time the server's. Only the owner, who serves nobody,
# may name another author or another time.
LOG_ACT = """
declare author bigint := app_user(); acting bigint; by_application boolean;
begin
  select s.role_id into acting from app_session() s;
  by_application := session_user = '{application}' or current_setting('role') = '{application}';
  if author is null and by_application then
    raise exception 'no live session: nothing can be done without an author' using errcode = '42501';
  end if;
  insert into access_act (at, user_id, role_id, verb, noun, object_id, subject_id, zone_id, detail)
  values (case when by_application then now() else $1 end, coalesce(author, $2),
    case when author is null then $3 else acting end, $4, $5, $6, $7, $8, $9::jsonb);
end
""".format(application=APPLICATION)

LOG_READING = """
declare author bigint := app_user(); acting bigint;
begin
  if author is null then
    raise exception 'no live session: nobody is reading' using errcode = '42501';
  end if;
  select s.role_id into acting from app_session() s;
  insert into access_reading (at, user_id, role_id, page, subject_ids, refused, detail)
  values (now(), author, acting, $2, $3, $4, $5::jsonb);
end
"""

# The application may set one password: that of who is signed in.
OWN_PASSWORD = """
update access_user set password = $1, password_is_temporary = false where id = (select app_user())
"""

MAY_READ_LOG = """
exists (select 1 from access_subject j where j.id = $1 and
  (j.zone_id = any((select app_zones('readings'))::smallint[]) or j.id = any((select app_subjects('readings'))::bigint[])))
"""

READINGS_OF = f"""
select g.at, coalesce(nullif(u.name, ''), u.username)::text, r.kind::text, coalesce(o.name, '')::text, g.page::text
from access_reading g
left join access_user u on u.id = g.user_id
left join access_role r on r.id = g.role_id
left join access_organisation o on o.id = r.organisation_id
where g.subject_ids @> array[$1] and not g.refused and {MAY_READ_LOG}
order by g.at desc limit $2
"""

# An act whose very existence is secret (`sealed` in its detail) is told only to who did it.
ACTS_ON = f"""
select g.at, coalesce(nullif(u.name, ''), u.username)::text, r.kind::text, coalesce(o.name, '')::text,
       g.verb::text, g.noun::text, g.object_id, g.detail
from access_act g
left join access_user u on u.id = g.user_id
left join access_role r on r.id = g.role_id
left join access_organisation o on o.id = r.organisation_id
where g.subject_id = $1 and (not g.detail ? 'sealed' or g.user_id = (select app_user())) and {MAY_READ_LOG}
order by g.at desc limit $2
"""

# What the data-protection officer reads: readings and refusals by page and author, without whom they were about. An
# author in charge, who reads their own file, has no name here either.
LOG_PAGE = """
select g.id, g.at, case when r.kind = 'person' then '' else coalesce(nullif(u.name, ''), u.username) end::text,
       r.kind::text, coalesce(o.name, '')::text, g.page::text, g.refused, cardinality(g.subject_ids)
from access_reading g
left join access_user u on u.id = g.user_id
left join access_role r on r.id = g.role_id
left join access_organisation o on o.id = r.organisation_id
where (select s.kind from app_session() s) = 'data_protection_officer'
  and ($1 is null or g.id < $1) and (not $2 or g.refused) and ($3 = '' or r.kind = $3)
  and ($4 is null or g.at >= $4) and ($5 is null or g.at < $5)
order by g.id desc limit least($6, 200)
"""

# The last batch sealed of each log, and how many rows wait: figures, for who watches over the log.
LOG_SEALS = """
select 'act'::text, (select max(made_at) from access_seal where log = 'act'),
  (select count(*) from access_act where id > coalesce((select max(last) from access_seal where log = 'act'), 0))
where (select s.kind from app_session() s) = 'data_protection_officer'
union all
select 'reading', (select max(made_at) from access_seal where log = 'reading'),
  (select count(*) from access_reading where id > coalesce((select max(last) from access_seal where log = 'reading'), 0))
where (select s.kind from app_session() s) = 'data_protection_officer'
"""

AXES = ["axes_accessattempt", "axes_accessattemptexpiration", "axes_accesslog", "axes_accessfailurelog"]
DEFINER_READS = ["access_session", "access_user", "access_role", "access_right", "access_organisation", "access_sealingkey", "access_seal", "territory_zone"]


def planned_once(select):
    """A function in SQL is planned at every call (before PostgreSQL 18), one in PL/pgSQL once a connection: these are
    called twice for every table of every query, and so cost a tenth (measured on PostgreSQL 15)."""
    return f"begin return ({select}); end"


class Migration(migrations.Migration):
    dependencies = [("access", "0001_initial"), ("territory", "0001_initial"), ("axes", "0010_accessattemptexpiration"), ("contenttypes", "0002_remove_content_type_name")]

    operations = [
        migrations.RunSQL(
            [
                "create extension if not exists pg_trgm",
                "create extension if not exists unaccent",
                "create extension if not exists btree_gist",
                f"grant usage on schema public to {APPLICATION}, {DEFINER}",
                f"grant create on schema public to {DEFINER}",
                *(f"grant select on {table} to {DEFINER}" for table in DEFINER_READS),
                f"grant insert, select on access_act, access_reading to {DEFINER}",
                f"grant usage on sequence access_act_id_seq, access_reading_id_seq to {DEFINER}",
                *(f"grant select, insert, update, delete on {table} to {APPLICATION}" for table in AXES),
                f"grant insert, update, delete on access_session to {DEFINER}",
                f"grant update (password, password_is_temporary) on access_user to {DEFINER}",
                # a function is PUBLIC's until somebody thinks of it: not here
                "alter default privileges revoke execute on functions from public",
                f"grant select on django_content_type to {APPLICATION}",
                "alter table access_act enable row level security",
                "alter table access_reading enable row level security",
                f"create policy access_act_definer on access_act to {DEFINER} using (true) with check (true)",
                f"create policy access_reading_definer on access_reading to {DEFINER} using (true) with check (true)",
            ],
            migrations.RunSQL.noop,
        ),
        reference("territory_zone", "territory_municipality", "territory_population", "access_right", "access_installation"),
        function("app_user()", "bigint", planned_once(USER), language="plpgsql"),
        function(
            "app_session()",
            "table(user_id bigint, role_id bigint, kind varchar, zone_id smallint, organisation_id bigint)",
            f"#variable_conflict use_column\nbegin return query {SESSION}; end",
            language="plpgsql",
        ),
        function("app_may_write(degree text)", "boolean", planned_once(f"select {MAY_WRITE}"), language="plpgsql"),
        # a body's kind stays: who acts for it does so because of its kind
        written_by("access_organisation", "access", update=["name", "tax_code", "zone_id", "source"]),
        written_by("access_user", "access", update=["name", "email", "is_active", "password", "password_is_temporary"]),
        # a role is given, and ends: nobody gives one to themselves, and none changes hands, kind or place
        written_by("access_role", "access", update=["ends"]),
        migrations.RunSQL(
            [
                f"create policy {table}_definer on {table} to {DEFINER} using (true) with check (true)"
                for table in ("access_organisation", "access_user", "access_role")
            ]
            + [
                f"create policy access_role_not_own_insert on access_role as restrictive for insert to {APPLICATION} "
                "with check (user_id <> (select app_user()))",
                f"create policy access_role_not_own_update on access_role as restrictive for update to {APPLICATION} "
                "using (user_id <> (select app_user()))",
            ],
            migrations.RunSQL.noop,
        ),
        function("session_load(token text)", "text", SESSION_LOAD),
        function(
            "session_save(token text, data text, expires bigint, of_user bigint, of_role bigint, mark text, must_create boolean)",
            "boolean",
            SESSION_SAVE,
            language="plpgsql",
            volatility="volatile",
        ),
        function("session_delete(token text)", "void", SESSION_DELETE, volatility="volatile"),
        function("session_clear_expired()", "void", "delete from access_session where expire_date < now()", volatility="volatile"),
        function("set_own_password(encoded text)", "void", OWN_PASSWORD, volatility="volatile"),
        function(
            "app_zones(degree text)", "smallint[]", planned_once(ZONES.format(writes="")), language="plpgsql"
        ),
        function(
            "app_zones_writing(degree text)",
            "smallint[]",
            planned_once(ZONES.format(writes="and a.writes")),
            language="plpgsql",
        ),
        function(
            "app_subjects(degree text)",
            "bigint[]",
            planned_once(SUBJECTS.format(writes="", today=TODAY)),
            reads=["select on access_relation"],
            language="plpgsql",
        ),
        function(
            "app_subjects_writing(degree text)",
            "bigint[]",
            planned_once(SUBJECTS.format(writes="and a.writes", today=TODAY)),
            language="plpgsql",
        ),
        own("access_draft"),
        secret("access_subject", "contact", subject="id"),
        secret("access_relation", "relation", update=["ends"]),
        function(
            "log_act(at timestamptz, by_user bigint, by_role bigint, verb text, noun text, object_id bigint, "
            "about bigint, of_zone smallint, detail text)",
            "void",
            LOG_ACT,
            language="plpgsql",
            volatility="volatile",
        ),
        function(
            "log_reading(at timestamptz, page text, about bigint[], was_refused boolean, detail text)",
            "void",
            LOG_READING,
            language="plpgsql",
            volatility="volatile",
        ),
        function(
            "readings_of(about bigint, most integer)",
            "table(at timestamptz, name text, kind text, organisation text, page text)",
            READINGS_OF,
            reads=["select on access_subject"],
        ),
        function(
            "acts_on(about bigint, most integer)",
            "table(at timestamptz, name text, kind text, organisation text, verb text, noun text, object_id bigint, detail jsonb)",
            ACTS_ON,
        ),
        function(
            "log_page(before bigint, only_refused boolean, of_kind text, since timestamptz, until timestamptz, most integer)",
            "table(id bigint, at timestamptz, name text, kind text, organisation text, page text, refused boolean, subjects integer)",
            LOG_PAGE,
        ),
        function("log_seals()", "table(log text, made_at timestamptz, waiting bigint)", LOG_SEALS),
    ]
