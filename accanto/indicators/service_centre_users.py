"""People who have used a service centre against poverty, once each from the first use (PN-02)."""

from accanto.indicators.indicator import Indicator
from accanto.indicators.pippi_families import STANDS

ROWS = f"""
select distinct on (m.subject_id)
  m.id, m.subject_id, m.zone_id, m.case_id, m.starts as enters, null::date as leaves, 1::numeric as value
from cases_measure m
where m.kind = 'service_centre' and {STANDS.format("m")}
order by m.subject_id, m.starts, m.id
"""
INDICATOR = Indicator(code="service_centre_users", rows=ROWS, breakdowns=("sex", "age"), sensitive=True)
