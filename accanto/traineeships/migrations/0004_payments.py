from django.db import migrations

from accanto.access.permissions import function, narrowed

# The traineeships whose allowance is paid by the body, which promotes them, that the session acts for.
PAID = """
select coalesce(array_agg(a.traineeship_id), '{}')
from traineeships_allowanceterms a
where a.payer = 'promoter' and a.traineeship_id = any(array(
  select t.id from traineeships_traineeship t where t.promoter_id = (select s.organisation_id from app_session() s)
))
"""
UNLESS_A_TUTOR = (
    "(select s.kind from app_session() s) is distinct from 'third_sector_tutor' "
    "or traineeship_id = any((select app_traineeships_paid())::bigint[])"
)


class Migration(migrations.Migration):
    dependencies = [("traineeships", "0003_leave")]

    operations = [
        function(
            "app_traineeships_paid()",
            "bigint[]",
            PAID,
            reads=["select on traineeships_traineeship", "select on traineeships_allowanceterms"],
        ),
        narrowed("traineeships_monthallowance", UNLESS_A_TUTOR),
        narrowed("traineeships_allowanceterms", UNLESS_A_TUTOR),
    ]
