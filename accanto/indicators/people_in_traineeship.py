"""People in a running traineeship on a day: begun, not over, the suspended ones too."""

from accanto.indicators.indicator import Indicator
from accanto.traineeships.traineeship import STARTED as STATES

STARTED = ", ".join(f"'{state.value}'" for state in STATES)
ROWS = f"""
select distinct on (t.subject_id, t.starts)
  t.id, t.subject_id, t.zone_id, t.case_id, t.starts as enters, t.ends + 1 as leaves, 1::numeric as value
from traineeships_traineeship t where t.state in ({STARTED}) order by t.subject_id, t.starts, t.ends desc, t.id
"""
INDICATOR = Indicator(code="people_in_traineeship", rows=ROWS)
