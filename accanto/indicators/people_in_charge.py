"""People in charge of the services on a day, whoever pays. Cases opened by mistake are not counted."""

from accanto.indicators.indicator import Indicator

ROWS = """
select c.id, c.subject_id, c.zone_id, c.id as case_id, c.opened_on as enters, c.closed_on as leaves, 1::numeric as value
from cases_case c where c.closing_reason <> 'mistake'
"""
INDICATOR = Indicator(code="people_in_charge", rows=ROWS)
