"""People housed at least six months without a break: who counts in the PNRR (PN-02), once each, from the day they do.

The months stand here because PostgreSQL's functions hold them, and only a migration writes those again: a test fails on
the day the sheet (`pnrr.housed_months`) says otherwise."""

from accanto.indicators.indicator import Indicator
from accanto.indicators.people_in_housing_first import LEFT
from accanto.indicators.pippi_families import STANDS

MONTHS = 6
COUNTS_FROM = f"(m.starts + interval '{MONTHS} months' - interval '1 day')::date"
ROWS = f"""
select distinct on (m.subject_id)
  m.id, m.subject_id, m.zone_id, m.case_id, {COUNTS_FROM} as enters, null::date as leaves, 1::numeric as value
from cases_measure m {LEFT}
where m.kind = 'housing_first' and {STANDS.format("m")} and (x.day is null or x.day >= {COUNTS_FROM})
order by m.subject_id, m.starts, m.id
"""
INDICATOR = Indicator(code="people_housed_six_months", rows=ROWS, breakdowns=("sex", "age"), sensitive=True)
