"""The lists of the months that are over, in a region copied from a few lives: in a zone that works, what waits for a
list is the last month and not years of them. All is written as the acts of `traineeships/payment.py` leave it."""

PAYEES = """
insert into traineeships_payee (id, subject_id, zone_id, means, iban, reference, holder, holder_name, recorded_at,
  recorded_by_id)
select (select coalesce(max(id), 0) from traineeships_payee) + row_number() over (), a.subject_id, a.zone_id,
  'cash_desk', '', '', 'person', 'dato sintetico', min(a.computed_at), min(a.computed_by_id)
from traineeships_monthallowance a
where not exists (select from traineeships_payee p where p.subject_id = a.subject_id and p.superseded_at is null)
group by a.subject_id, a.zone_id
"""
TO_PAY = """
create temporary table to_pay as
select a.id, a.subject_id, a.zone_id, a.traineeship_id, a.month, a.amount, a.computed_at, a.computed_by_id,
  p.id as payee_id, t.operation_id
from traineeships_monthallowance a
join traineeships_traineeship t on t.id = a.traineeship_id
join traineeships_monthlyclose c on c.id = a.close_id and c.reopened_at is null
join traineeships_payee p on p.subject_id = a.subject_id and p.superseded_at is null
where a.superseded_at is null and a.amount > 0 and a.month < %s and not a.is_listed
  and not exists (select from traineeships_paymentline l
    where l.traineeship_id = a.traineeship_id and l.month = a.month)
"""
LISTS = """
insert into traineeships_paymentlist (id, zone_id, month, payer, state, people, total, drawn_at, drawn_by_id, act,
  act_on, debtor_name, debtor_iban, approved_at, approved_by_id, execution_on, sent_at, sent_by_id)
select (select coalesce(max(id), 0) from traineeships_paymentlist) + row_number() over (), zone_id, month, 'operation',
  'settled', count(distinct subject_id), sum(amount), max(computed_at), min(computed_by_id), 'atto sintetico',
  max(computed_at)::date, 'ente sintetico', '', max(computed_at), min(computed_by_id), max(computed_at)::date,
  max(computed_at), min(computed_by_id)
from to_pay group by zone_id, month
returning id, zone_id, month
"""
LINES = """
insert into traineeships_paymentline (id, list_id, subject_id, zone_id, traineeship_id, allowance_id, payee_id,
  operation_id, month, determined, before, amount, code, is_live, outcome, outcome_on, return_reason, outcome_at,
  outcome_by_id)
select (select coalesce(max(id), 0) from traineeships_paymentline) + row_number() over (), l.id, a.subject_id,
  a.zone_id, a.traineeship_id, a.id, a.payee_id, a.operation_id, a.month, a.amount, 0, a.amount,
  'S' || upper(lpad(to_hex(a.id), 11, '0')), true, 'paid', l.sent_at::date, '', l.sent_at, l.sent_by_id
from to_pay a join fresh_list f using (zone_id, month) join traineeships_paymentlist l on l.id = f.id
"""
LISTED = "update traineeships_monthallowance a set is_listed = true from to_pay p where p.id = a.id"
TABLES = ("traineeships_payee", "traineeships_paymentlist", "traineeships_paymentline")


def months_before(cursor, month):
    """Pay all that is determined on a close of the months before that one. The tables' triggers are off."""
    cursor.execute(PAYEES)
    cursor.execute(TO_PAY, [month])
    cursor.execute("create temporary table fresh_list (id bigint, zone_id smallint, month date)")
    cursor.execute(f"with made as ({LISTS}) insert into fresh_list select * from made")
    cursor.execute(LINES)
    cursor.execute(LISTED)
    cursor.execute("drop table to_pay, fresh_list")
