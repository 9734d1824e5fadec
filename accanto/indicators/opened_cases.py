"""Cases opened, by month; those opened by mistake left out."""

from accanto.indicators.indicator import Indicator

ROWS = """
select c.id, c.subject_id, c.zone_id, c.id as case_id, c.opened_on as enters, null::date as leaves, 1::numeric as value
from cases_case c where c.closing_reason <> 'mistake'
"""
INDICATOR = Indicator(code="opened_cases", rows=ROWS, flow=True, magnitude=True, monthly=True)
