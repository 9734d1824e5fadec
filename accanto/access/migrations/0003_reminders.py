from django.db import migrations

from accanto.access.permissions import DEFINER, function, own


# Who may be reminded: an account that is open and whose password only its owner knows.
MAY_SIGN_IN = "u.is_active and not u.password_is_temporary"
CALENDAR_USER = f"""
select u.id from access_reminder r join access_user u on u.id = r.user_id
where r.calendar_hash = $1 and $1 <> '' and {MAY_SIGN_IN}
"""
# The messages are sent by a job, which has no session: to who has one these functions say and do nothing.
NO_SESSION = "(select app_user()) is null"
DIGESTS_OF = f"""
select u.id, coalesce(d.state, '')::text
from access_reminder r join access_user u on u.id = r.user_id
left join access_digestsent d on d.user_id = u.id and d.day = $1
where r.digest and u.email <> '' and {MAY_SIGN_IN} and {NO_SESSION}
order by u.id
"""
DIGEST_BEGIN = f"""
#variable_conflict use_column
begin
  insert into access_digestsent as d (user_id, day, state, at, attempts, failure)
  select r.user_id, $2, 'sending', now(), 1, '' from access_reminder r where r.user_id = $1 and r.digest and {NO_SESSION}
  on conflict (user_id, day) do update set state = 'sending', at = now(), attempts = d.attempts + 1
    where d.state = 'failed';
  return found;
end
"""
DIGEST_END = f"""
update access_digestsent set state = case when $3 = '' then 'sent' else 'failed' end, at = now(), failure = $3
where user_id = $1 and day = $2 and state = 'sending' and {NO_SESSION}
"""

# What the roles a user has today reach: figures, for who gives roles and for who watches over the data.
TODAY = "(now() at time zone 'Europe/Rome')::date"
USER_REACH = f"""
with asked as (
  select 1 from app_session() s where s.kind in ('administrator', 'data_protection_officer')
), live as (
  select r.* from access_role r join access_user u on u.id = r.user_id and u.is_active
  where r.user_id = $1 and r.starts <= {TODAY} and (r.ends is null or r.ends >= {TODAY}) and exists (select from asked)
)
select l.id, 'zone'::text, ''::text, (select count(*) from access_subject s where s.zone_id = l.zone_id), l.ends, null::text[]
from live l join access_right a on a.kind = l.kind and a.degree = 'contact' and a.reach = 'zone'
union all
select l.id, (case when t.user_id is null then 'body' else 'user' end)::text, t.reason::text, count(distinct t.subject_id),
  case when bool_and(t.ends is not null) then max(t.ends) end, t.degrees::text[]
from live l join access_right a on a.kind = l.kind and a.reach = 'subject'
  and a.degree = (select min(b.degree) from access_right b where b.kind = l.kind)
join access_relation t on t.kind = l.kind and (t.user_id = l.user_id or t.organisation_id = l.organisation_id)
where t.starts <= {TODAY} and (t.ends is null or t.ends >= {TODAY})
group by 1, 2, 3, t.degrees
"""


class Migration(migrations.Migration):

    dependencies = [("access", "0002_protection")]

    operations = [
        own("access_reminder", delete=False),
        function(
            "calendar_user(hash text)",
            "bigint",
            CALENDAR_USER,
            reads=["select on access_reminder"],
        ),
        function(
            "digests_of(day date)",
            "table(user_id bigint, state text)",
            DIGESTS_OF,
            reads=["select on access_digestsent", "insert on access_digestsent", "update on access_digestsent"],
        ),
        migrations.RunSQL(
            [
                f"grant usage on sequence access_digestsent_id_seq to {DEFINER}",
                "alter table access_digestsent enable row level security",
            ],
            migrations.RunSQL.noop,
        ),
        function(
            "digest_begin(of_user bigint, of_day date)", "boolean", DIGEST_BEGIN, language="plpgsql", volatility="volatile"
        ),
        function("digest_end(of_user bigint, of_day date, why text)", "void", DIGEST_END, volatility="volatile"),
        function(
            "user_reach(of_user bigint)",
            "table(role_id bigint, reached_by text, reason text, people bigint, until date, degrees text[])",
            USER_REACH,
        ),
    ]
