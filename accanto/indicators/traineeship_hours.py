"""Hours of traineeship in the register, corrections followed by the moment they were recorded."""

from accanto.indicators.indicator import Indicator

ROWS = """
select d.id, d.subject_id, d.zone_id, t.case_id, d.day as enters, null::date as leaves, d.hours as value
from traineeships_attendanceday d join traineeships_traineeship t on t.id = d.traineeship_id
where d.hours > 0 and d.recorded_at <= $known and (d.superseded_at is null or d.superseded_at > $known)
"""
INDICATOR = Indicator(code="traineeship_hours", rows=ROWS, flow=True, magnitude=True)
