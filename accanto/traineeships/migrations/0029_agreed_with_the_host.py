from django.db import migrations

from accanto.access.permissions import APPLICATION, function

# Of what was agreed in the visits of these traineeships, what the host is to do: the sentence, the day of the visit, which
# it knows, and by when. Nothing else of what was said there is read by who is of the host.
AGREED = f"""
select v.traineeship_id, v.day, t.text, t.due
from traineeships_visittask t join traineeships_visit v on v.id = t.visit_id
where v.traineeship_id = any($1) and t.party = 'host' and t.done_on is null and t.superseded_at is null
  and v.superseded_at is null
  and ((select s.kind from app_session() s) = 'host_tutor'
      and v.traineeship_id = any((select app_traineeships_hosted())::bigint[])
      and v.subject_id = any((select app_subjects('register'))::bigint[])
    or (select '{APPLICATION}' not in (session_user, current_setting('role', true))))
order by t.due nulls last, t.id
"""


class Migration(migrations.Migration):
    dependencies = [("traineeships", "0028_by_hand")]

    operations = [
        function(
            "agreed_with_host(of_traineeships bigint[])",
            "table(traineeship_id bigint, visited_on date, agreed text, due date)",
            AGREED,
            reads=["select on traineeships_visit", "select on traineeships_visittask"],
        ),
    ]
