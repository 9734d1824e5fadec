"""Cases closed, by month; those opened by mistake left out."""

from accanto.indicators.indicator import Indicator

ROWS = """
select c.id, c.subject_id, c.zone_id, c.id as case_id, c.closed_on as enters, null::date as leaves, 1::numeric as value
from cases_case c where c.closed_on is not null and c.closing_reason <> 'mistake'
"""
INDICATOR = Indicator(code="closed_cases", rows=ROWS, flow=True, magnitude=True, monthly=True)
