"""People with a participation in an operation of a fund line that counts for the plan's target of 15,000 persons.

Each person once, from the first participation on, whether or not it has ended; corrections are followed by the moment
they were recorded, so that a figure can be asked as it was known on a past day."""

from accanto.indicators.indicator import Indicator

ROWS = """
select distinct on (p.subject_id)
  p.id, p.subject_id, p.zone_id, p.case_id, p.starts as enters, null::date as leaves, 1::numeric as value
from cases_participation p
join plan_operation o on o.id = p.operation_id
join plan_fundline f on f.id = o.fund_line_id and f.counts_for_targets
where p.recorded_at <= $known and (p.superseded_at is null or p.superseded_at > $known)
order by p.subject_id, p.starts, p.id
"""
INDICATOR = Indicator(code="esf_people", rows=ROWS)
