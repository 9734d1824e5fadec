from django.db import migrations, models
from django.db.models import Q

from accanto.access.permissions import APPLICATION, function

# Where a month says that lists hold it, live lines add up to it.
LISTED = """
begin
  if new.is_listed and new.amount is distinct from (
    select sum(p.amount) from traineeships_paymentline p
    where p.traineeship_id = new.traineeship_id and p.month = new.month and p.is_live) then
    raise exception 'the lines of % of traineeship % do not hold it', new.month, new.traineeship_id
      using errcode = '23514', constraint = 'traineeships_allowance_is_listed',
      detail = 'traineeships_allowance_is_listed';
  end if;
  return null;
end
"""
NOW = """
update traineeships_monthallowance a set is_listed = true
where a.superseded_at is null and a.amount = (
  select sum(p.amount) from traineeships_paymentline p
  where p.traineeship_id = a.traineeship_id and p.month = a.month and p.is_live)
"""


class Migration(migrations.Migration):
    dependencies = [("traineeships", "0022_offline_entries")]

    operations = [
        migrations.AddField(
            "monthallowance", "is_listed", models.BooleanField("in lista di pagamento", default=False)
        ),
        migrations.RunSQL([f"grant update (is_listed) on traineeships_monthallowance to {APPLICATION}"], ""),
        migrations.RunSQL([NOW], ""),
        migrations.AddIndex(
            "monthallowance",
            models.Index(
                fields=["zone", "computed_at"],
                condition=Q(superseded_at=None, is_listed=False, close__isnull=False),
                name="traineeships_allowance_to_list",
            ),
        ),
        function(
            "refuse_months_not_listed()",
            "trigger",
            LISTED,
            reads=["select on traineeships_paymentline"],
            language="plpgsql",
            volatility="volatile",
        ),
        migrations.RunSQL(
            [
                "create trigger traineeships_monthallowance_listed after insert or update of is_listed on "
                "traineeships_monthallowance for each row when (new.is_listed) "
                "execute function refuse_months_not_listed()"
            ],
            "",
        ),
    ]
