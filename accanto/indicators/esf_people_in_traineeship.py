"""Those of the people of `esf_people` who have started an inclusion traineeship: the plan's target of 7,500."""

from accanto.indicators import esf_people
from accanto.indicators.indicator import Indicator
from accanto.indicators.people_in_traineeship import STARTED

ROWS = f"""
select distinct on (t.subject_id)
  t.id, t.subject_id, t.zone_id, t.case_id, greatest(t.starts, e.enters) as enters, null::date as leaves, 1::numeric as
  value
from traineeships_traineeship t
join ({esf_people.ROWS}) e on e.subject_id = t.subject_id
where t.kind = 'TIS' and t.state in ({STARTED})
order by t.subject_id, greatest(t.starts, e.enters), t.id
"""
INDICATOR = Indicator(code="esf_people_in_traineeship", rows=ROWS)
