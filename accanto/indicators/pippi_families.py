"""Families that have entered P.I.P.P.I., whether or not they have gone through it (PNRR 1.1.1)."""

from accanto.indicators.indicator import Indicator

STANDS = "{0}.recorded_at <= $known and ({0}.superseded_at is null or {0}.superseded_at > $known)"
ROWS = f"""
select distinct on (m.subject_id)
  m.id, m.subject_id, m.zone_id, m.case_id, m.starts as enters, null::date as leaves, 1::numeric as value
from cases_measure m
where m.kind = 'pippi' and {STANDS.format("m")}
order by m.subject_id, m.starts, m.id
"""
INDICATOR = Indicator(code="pippi_families", rows=ROWS, breakdowns=("sex", "age"), sensitive=True)
