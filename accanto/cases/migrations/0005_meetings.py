from django.db import migrations

from accanto.access.permissions import function, of_zone, secret


# What was given to who asks, and nothing else: a colleague by name, the person, whoever is at the employment centre. The
# rows are those their role sees.
MINE = """
(zone_id = any(app_zones('{degree}')) or subject_id = any(app_subjects('{degree}')))
and superseded_at is null and (done_on is null) = ($2 is not null)
and ({whose})
"""
KIND = "(select s.kind from app_session() s)"
DECISION_DONE = """
begin
  update cases_meetingdecision d set done_on = $2 where d.id = $1 and {mine};
  return found;
end
""".format(
    mine=MINE.format(
        degree="case",
        whose=f"user_id = app_user() or party = 'person' and {KIND} = 'person' "
        f"or party = 'employment_centre' and {KIND} = 'employment_operator'",
    )
)
ACTION_DONE = """
begin
  update cases_planaction a set done_on = $2 where a.id = $1 and {mine};
  return found;
end
""".format(mine=MINE.format(degree="plan", whose=f"party = 'person' and {KIND} = 'person'"))

# How long the queue of a zone is, for its planner: of the referrals themselves planners read nothing.
REFERRALS_WAITING = """
select count(*), min(r.received_on),
  count(*) filter (where r.received_on < (now() at time zone 'Europe/Rome')::date - $1)
from cases_referral r
where r.outcome = '' and r.zone_id = (select s.zone_id from app_session() s where s.kind = 'zone_planner')
"""


class Migration(migrations.Migration):

    dependencies = [("cases", "0004_transfers")]

    operations = [
        of_zone("cases_sitting", "case", update=["day", "begins", "place", "withdrawn_at"]),
        secret("cases_meeting", "case", update=["day", "begins", "place", "held_at", "withdrawn_at"]),
        secret("cases_meetingattendee", "case", update=["superseded_at"]),
        secret("cases_meetingdecision", "case", update=["done_on", "superseded_at"]),
        secret("cases_meetingminutes", "diary", update=["superseded_at"]),
        function(
            "own_decision_done(decision bigint, day date)",
            "boolean",
            DECISION_DONE,
            reads=["select on cases_meetingdecision", "update on cases_meetingdecision"],
            language="plpgsql",
            volatility="volatile",
        ),
        function(
            "own_action_done(action bigint, day date)",
            "boolean",
            ACTION_DONE,
            reads=["select on cases_planaction", "update on cases_planaction"],
            language="plpgsql",
            volatility="volatile",
        ),
        function(
            "referrals_waiting(beyond integer)",
            "table(waiting bigint, oldest date, late bigint)",
            REFERRALS_WAITING,
            reads=["select on cases_referral"],
        ),
    ]
