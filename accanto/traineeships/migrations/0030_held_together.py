from django.db import migrations, models
from django.db.models import Q

from accanto.access.permissions import function

# A month that says that lists hold it, when one of its lines is no more, would never be paid.
STILL_HELD = """
begin
  if exists (select from traineeships_monthallowance a
    where a.traineeship_id = new.traineeship_id and a.month = new.month and a.superseded_at is null and a.is_listed
      and a.amount is distinct from (select sum(p.amount) from traineeships_paymentline p
        where p.traineeship_id = a.traineeship_id and p.month = a.month and p.is_live)) then
    raise exception 'month % of traineeship % is owed again', new.month, new.traineeship_id
      using errcode = '23514', constraint = 'traineeships_allowance_is_listed',
      detail = 'traineeships_allowance_is_listed';
  end if;
  return null;
end
"""


class Migration(migrations.Migration):
    dependencies = [("traineeships", "0029_agreed_with_the_host"), ("documents", "0005_only_who_signs")]

    operations = [
        function(
            "refuse_lines_that_leave_a_month_listed()",
            "trigger",
            STILL_HELD,
            reads=["select on traineeships_monthallowance", "select on traineeships_paymentline"],
            language="plpgsql",
            volatility="volatile",
        ),
        migrations.RunSQL(
            "create constraint trigger traineeships_paymentline_listed after update of is_live on "
            "traineeships_paymentline deferrable initially deferred for each row when (not new.is_live) "
            "execute function refuse_lines_that_leave_a_month_listed()",
            migrations.RunSQL.noop,
        ),
        migrations.AddConstraint(
            "attestationpaper",
            models.CheckConstraint(
                condition=Q(media_type__in=["application/pdf", "image/jpeg", "image/png"]),
                name="traineeships_attestationpaper_type",
            ),
        ),
    ]
