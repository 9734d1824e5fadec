from django.db import migrations

from accanto.access.permissions import function, narrowed, of_zone, secret

TUTOR = "(select s.kind from app_session() s) is distinct from 'third_sector_tutor'"
UNLESS_A_TUTOR = f"{TUTOR} or traineeship_id = any((select app_traineeships_paid())::bigint[])"

# The people whose allowance is paid by the body the session acts for.
PAID_PEOPLE = """
select coalesce(array_agg(distinct t.subject_id), '{}')
from traineeships_traineeship t where t.id = any(app_traineeships_paid())
"""

# The live lines of a month add up to what is determined: no month is paid twice, whoever writes. Lists of a zone are
# drawn one at a time (the same lock as `payment.alone`), and a statement sees what the one before it left.
PAID_ONCE = """
declare wrong record;
begin
  perform pg_advisory_xact_lock(-1, z.zone_id) from (select distinct zone_id from fresh order by 1) z;
  select f.traineeship_id, f.month into wrong from fresh f
  where not exists (select from traineeships_paymentlist l
      where l.id = f.list_id and l.state = 'draft' and l.zone_id = f.zone_id and f.month <= l.month)
    or not exists (select from traineeships_monthallowance a join traineeships_monthlyclose c on c.id = a.close_id
      where a.id = f.allowance_id and a.traineeship_id = f.traineeship_id and a.month = f.month
        and a.amount = f.determined and a.superseded_at is null and c.reopened_at is null)
    or not exists (select from traineeships_payee p where p.id = f.payee_id and p.subject_id = f.subject_id)
    or f.determined <> (select sum(p.amount) from traineeships_paymentline p
      where p.traineeship_id = f.traineeship_id and p.month = f.month and p.is_live)
  limit 1;
  if wrong is not null then
    raise exception 'the lines of % of traineeship % are not what was determined', wrong.month, wrong.traineeship_id
      using errcode = '23514', constraint = 'traineeships_month_is_paid_once',
      detail = 'traineeships_month_is_paid_once';
  end if;
  return null;
end
"""

# A list is the sum of its lines, to the cent; and its state only goes forward.
ADDS_UP = """
declare found record;
begin
  select count(distinct p.subject_id) as people, coalesce(sum(p.amount), 0) as total into found
  from traineeships_paymentline p where p.list_id = new.id;
  if found.total <> new.total or found.people <> new.people then
    raise exception 'list % says % and its lines %', new.id, new.total, found.total
      using errcode = '23514', constraint = 'traineeships_list_adds_up', detail = 'traineeships_list_adds_up';
  end if;
  return null;
end
"""
FORWARD = """
begin
  if old.state <> new.state and not (old.state || ' ' || new.state) = any(array[
    'draft approved', 'draft discarded', 'approved sent', 'sent settled'])
    or old.state <> 'draft' and (old.act, old.act_on, old.debtor_name, old.debtor_iban, old.approved_at)
      is distinct from (new.act, new.act_on, new.debtor_name, new.debtor_iban, new.approved_at) then
    raise exception 'an approved list does not change' using errcode = '23514',
      constraint = 'traineeships_list_goes_forward', detail = 'traineeships_list_goes_forward';
  end if;
  return new;
end
"""
# What came back stays back, and what was reported stays paid.
OUTCOME_FORWARD = """
begin
  if old.outcome in ('returned', 'discarded') and old.outcome <> new.outcome
    or old.outcome = 'paid' and new.outcome not in ('paid', 'returned')
    or old.statement_id is not null and old.statement_id is distinct from new.statement_id then
    raise exception 'a payment that came back does not change' using errcode = '23514',
      constraint = 'traineeships_line_goes_forward', detail = 'traineeships_line_goes_forward';
  end if;
  return new;
end
"""

# The sums of an operation, for who reads no person: what is determined, on lists, paid, reported.
SUMS = """
select
  coalesce((select sum(a.amount) from traineeships_monthallowance a
    join traineeships_traineeship t on t.id = a.traineeship_id
    where t.operation_id = o.id and a.superseded_at is null and a.close_id is not null), 0),
  coalesce((select sum(p.amount) from traineeships_paymentline p
    join traineeships_paymentlist l on l.id = p.list_id
    where p.operation_id = o.id and p.is_live and l.state in ('approved', 'sent', 'settled')), 0),
  coalesce((select sum(p.amount) from traineeships_paymentline p
    where p.operation_id = o.id and p.outcome = 'paid'), 0),
  coalesce((select sum(s.amount) from traineeships_expenditurestatement s where s.operation_id = o.id), 0)
from plan_operation o
where o.id = $1 and (
  (select s.kind from app_session() s) = 'regional_officer'
  or o.zone_id = any(app_zones('programme')) or o.zone_id = any(app_zones('payment')))
"""


class Migration(migrations.Migration):
    dependencies = [("traineeships", "0013_payment_lists")]

    operations = [
        secret("traineeships_payee", "payment", update=["superseded_at"]),
        of_zone(
            "traineeships_paymentlist",
            "payment",
            update=[
                "state", "act", "act_on", "debtor_name", "debtor_iban", "approved_at", "approved_by_id", "execution_on",
                "sent_at", "sent_by_id",
            ],
        ),
        of_zone("traineeships_expenditurestatement", "payment"),
        secret(
            "traineeships_paymentline",
            "payment",
            update=[
                "is_live", "outcome", "outcome_on", "return_reason", "outcome_at", "outcome_by_id", "statement_id",
            ],
        ),
        function("app_people_paid()", "bigint[]", PAID_PEOPLE, reads=["select on traineeships_traineeship"]),
        narrowed("traineeships_payee", f"{TUTOR} or subject_id = any((select app_people_paid())::bigint[])"),
        narrowed("traineeships_paymentline", UNLESS_A_TUTOR),
        function(
            "refuse_to_pay_twice()",
            "trigger",
            PAID_ONCE,
            reads=[
                "select on traineeships_paymentlist", "select on traineeships_paymentline",
                "select on traineeships_monthallowance", "select on traineeships_monthlyclose",
                "select on traineeships_payee",
            ],
            language="plpgsql",
            volatility="volatile",
        ),
        function("refuse_lists_that_do_not_add_up()", "trigger", ADDS_UP, language="plpgsql", volatility="volatile"),
        function("refuse_lists_that_go_back()", "trigger", FORWARD, language="plpgsql", volatility="volatile"),
        function("refuse_outcomes_that_go_back()", "trigger", OUTCOME_FORWARD, language="plpgsql", volatility="volatile"),
        migrations.RunSQL(
            [
                "create trigger traineeships_paymentline_once after insert on traineeships_paymentline "
                "referencing new table as fresh for each statement execute function refuse_to_pay_twice()",
                "create constraint trigger traineeships_paymentlist_adds_up after insert or update of state on "
                "traineeships_paymentlist deferrable initially deferred "
                "for each row execute function refuse_lists_that_do_not_add_up()",
                "create trigger traineeships_paymentlist_forward before update on traineeships_paymentlist "
                "for each row execute function refuse_lists_that_go_back()",
                "create trigger traineeships_paymentline_forward before update on traineeships_paymentline "
                "for each row execute function refuse_outcomes_that_go_back()",
            ],
            migrations.RunSQL.noop,
        ),
        function(
            "operation_sums(of_operation bigint)",
            "table(determined numeric, listed numeric, paid numeric, reported numeric)",
            SUMS,
            reads=[
                "select on traineeships_expenditurestatement", "select on plan_operation",
                "select on traineeships_monthallowance", "select on traineeships_traineeship",
                "select on traineeships_paymentline", "select on traineeships_paymentlist",
            ],
        ),
    ]
