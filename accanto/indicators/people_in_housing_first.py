"""People housed on a day: from the first day of the measure to the day before the exit."""

from accanto.indicators.indicator import Indicator
from accanto.indicators.pippi_families import STANDS

LEFT = f"""
left join lateral (
  select s.day from cases_measurestep s where s.measure_id = m.id and s.kind = 'exit' and {STANDS.format("s")}
) x on true
"""
ROWS = f"""
select m.id, m.subject_id, m.zone_id, m.case_id, m.starts as enters, x.day as leaves, 1::numeric as value
from cases_measure m {LEFT}
where m.kind = 'housing_first' and {STANDS.format("m")}
"""
INDICATOR = Indicator(code="people_in_housing_first", rows=ROWS, breakdowns=("sex", "age"), sensitive=True)
