from django.db import migrations

from accanto.access.permissions import function

# What payments say, written in the ledger of the plan: one sum for an operation, never a person's. Who approves and who
# pays has no right on the programme: the function writes for them, and writes what the payments say and nothing else,
# so that it may be asked again by anybody and then finds nothing to do.
#
# A list approved is liquidated, its paid lines are paid. What nobody has committed yet is owed by «uncovered»: a payment
# is never stopped by a movement that is missing.
OF_A_LIST = """
declare one record; step record; part numeric; author bigint := app_user();
begin
  perform pg_advisory_xact_lock(-6, l.line::integer) from (
    select distinct o.fund_line_id as line from traineeships_paymentline p
    join plan_operation o on o.id = p.operation_id where p.list_id = of_list order by 1) l;
  for one in
    select o.id as operation, o.zone_id as zone, o.fund_line_id as line, o.cup, o.synthetic,
      extract(year from l.month)::integer as year, l.act_on, coalesce(max(p.outcome_on), l.act_on) as paid_on,
      coalesce(sum(p.amount) filter (where p.is_live and l.state in ('approved', 'sent', 'settled')), 0) as liquidated,
      coalesce(sum(p.amount) filter (where p.outcome = 'paid'), 0) as paid,
      coalesce((select sum(case when m.given = 'liquidated' then m.amount else -m.amount end) from plan_movement m
        where m.source_kind = 'payment_list' and m.source_id = of_list and m.operation_id = o.id
          and (m.given = 'liquidated' and m.taken in ('committed', 'uncovered')
            or m.taken = 'liquidated' and m.given = 'committed')), 0) as liquidated_before,
      coalesce((select sum(case when m.given = 'paid' then m.amount else -m.amount end) from plan_movement m
        where m.source_kind = 'payment_list' and m.source_id = of_list and m.operation_id = o.id
          and 'paid' in (m.given, m.taken)), 0) as paid_before
    from traineeships_paymentlist l
    join traineeships_paymentline p on p.list_id = l.id
    join plan_operation o on o.id = p.operation_id
    where l.id = of_list and l.act_on is not null
    group by o.id, l.id order by o.id
  loop
    -- back from the later steps first, then forwards
    for step in
      select * from (values
        ('paid', 'liquidated', one.paid_before - one.paid, one.paid_on),
        ('liquidated', 'committed', one.liquidated_before - one.liquidated, one.paid_on),
        ('committed', 'liquidated', one.liquidated - one.liquidated_before, one.act_on),
        ('liquidated', 'paid', one.paid - one.paid_before, one.paid_on)) as way (taken, given, amount, day)
      where way.amount > 0
    loop
      part := least(step.amount,
        greatest(ledger_standing(one.line, one.year, one.zone, one.operation, step.taken), 0));
      perform ledger_write(one.line, one.year, one.zone, one.operation, step.taken, step.given, part, step.day,
        'payment_list', of_list, one.cup, one.synthetic, author, moment);
      -- forwards what is not there is owed; backwards it stays, and the page of the operation says so
      if (step.taken, step.given) in (('committed', 'liquidated'), ('liquidated', 'paid')) then
        perform ledger_write(one.line, one.year, one.zone, one.operation, 'uncovered', step.given,
          step.amount - part, step.day, 'payment_list', of_list, one.cup, one.synthetic, author, moment);
      end if;
    end loop;
    -- what came back covers what was owed
    perform ledger_write(one.line, one.year, one.zone, one.operation, 'committed', 'uncovered',
      least(ledger_standing(one.line, one.year, one.zone, one.operation, 'committed'),
        -ledger_standing(one.line, one.year, one.zone, one.operation, 'uncovered')),
      one.paid_on, 'payment_list', of_list, one.cup, one.synthetic, author, moment);
  end loop;
end
"""
# A statement of expenditure, of the year of each list whose lines it reports.
OF_A_STATEMENT = """
declare one record; part numeric; author bigint := app_user();
begin
  perform pg_advisory_xact_lock(-6, o.fund_line_id::integer)
  from traineeships_expenditurestatement s join plan_operation o on o.id = s.operation_id where s.id = of_statement;
  for one in
    select o.id as operation, o.zone_id as zone, o.fund_line_id as line, o.cup, o.synthetic, s.presented_on, y.year,
      y.reported,
      coalesce((select sum(m.amount) from plan_movement m where m.source_kind = 'statement'
        and m.source_id = of_statement and m.given = 'reported' and m.year = y.year), 0) as before
    from traineeships_expenditurestatement s
    join plan_operation o on o.id = s.operation_id
    cross join lateral (
      select extract(year from l.month)::integer as year, sum(p.amount) as reported
      from traineeships_paymentline p join traineeships_paymentlist l on l.id = p.list_id
      where p.statement_id = s.id group by 1) y
    where s.id = of_statement order by y.year
  loop
    if one.reported <= one.before then
      continue;
    end if;
    part := least(one.reported - one.before,
      greatest(ledger_standing(one.line, one.year, one.zone, one.operation, 'paid'), 0));
    perform ledger_write(one.line, one.year, one.zone, one.operation, 'paid', 'reported', part, one.presented_on,
      'statement', of_statement, one.cup, one.synthetic, author, moment);
    perform ledger_write(one.line, one.year, one.zone, one.operation, 'uncovered', 'reported',
      one.reported - one.before - part, one.presented_on, 'statement', of_statement, one.cup, one.synthetic, author,
      moment);
  end loop;
end
"""
STANDING = """
select coalesce((select sum(m.amount) from plan_movement m where m.fund_line_id = $1 and m.year = $2 and m.zone_id = $3
    and m.operation_id = $4 and m.given = $5), 0)
  - coalesce((select sum(m.amount) from plan_movement m where m.fund_line_id = $1 and m.year = $2 and m.from_zone_id = $3
    and m.from_operation_id = $4 and m.taken = $5), 0)
"""
WRITE = """
insert into plan_movement (fund_line_id, year, zone_id, operation_id, from_zone_id, from_operation_id, taken, given,
  amount, day, kind, cup, chapter, peg, explanation, source_kind, source_id, synthetic, recorded_at, recorded_by_id)
select $1, $2, $3, $4, $3, $4, $5, $6, $7, $8,
  case when ($5, $6) in (('paid', 'liquidated'), ('liquidated', 'committed')) then 'correction' else 'ordinary' end,
  $11, '', '', '', $9, $10, $12, $14, $13
where $7 > 0
"""
ARGUMENTS = (
    "of_line bigint, of_year integer, of_zone smallint, of_operation bigint, taken_from varchar, given_to varchar, "
    "euro numeric, on_day date, because varchar, of_number bigint, with_cup varchar, is_synthetic boolean, author bigint, "
    "moment timestamp with time zone"
)


class Migration(migrations.Migration):
    dependencies = [("traineeships", "0030_held_together"), ("plan", "0005_money_chain")]

    operations = [
        function(
            "ledger_standing(of_line bigint, of_year integer, of_zone smallint, of_operation bigint, of_account varchar)",
            "numeric",
            STANDING,
            reads=["select on plan_movement"],
            # each call sees what the movements written before it left
            volatility="volatile",
        ),
        function(
            f"ledger_write({ARGUMENTS})",
            "void",
            WRITE,
            reads=["select, insert on plan_movement"],
            volatility="volatile",
        ),
        function(
            "ledger_of_list(of_list bigint, moment timestamp with time zone)",
            "void",
            OF_A_LIST,
            reads=[
                "select on traineeships_paymentlist", "select on traineeships_paymentline", "select on plan_operation",
                "select, insert on plan_movement",
            ],
            language="plpgsql",
            volatility="volatile",
        ),
        function(
            "ledger_of_statement(of_statement bigint, moment timestamp with time zone)",
            "void",
            OF_A_STATEMENT,
            reads=["select on traineeships_expenditurestatement"],
            language="plpgsql",
            volatility="volatile",
        ),
        # what it is made of is for the two above and for nobody else
        migrations.RunSQL(
            [
                "revoke execute on function ledger_standing(bigint, integer, smallint, bigint, varchar) from accanto_app",
                "revoke execute on function ledger_write(bigint, integer, smallint, bigint, varchar, varchar, numeric, "
                "date, varchar, bigint, varchar, boolean, bigint, timestamp with time zone) from accanto_app",
            ],
            migrations.RunSQL.noop,
        ),
    ]
