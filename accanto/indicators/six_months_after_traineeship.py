"""People six months after the end of a traineeship, once each, from the day they are: over whom the other two are
counted. Each of the three is divided in one way only, and withheld with the others: no subtraction tells of few.

The months stand here because PostgreSQL's functions hold them: a test fails on the day the sheet
(`esf.long_term_months`) says otherwise."""

from accanto.indicators.indicator import Indicator

MONTHS = 6
COUNTS_FROM = f"(t.ends + interval '{MONTHS} months')::date"
ENDED = "t.state in ('concluded', 'interrupted', 'attested', 'archived')"
ANSWERED = f"""
select distinct on (t.subject_id)
  o.id, t.subject_id, t.zone_id, t.case_id, {COUNTS_FROM} as enters, null::date as leaves, 1::numeric as value
from traineeships_traineeshipoutcome o join traineeships_traineeship t on t.id = o.traineeship_id and {ENDED}
where o.moment = 'six_months' and o.status {{}} and o.recorded_at <= $known
  and (o.superseded_at is null or o.superseded_at > $known)
order by t.subject_id, t.ends, t.id
"""
ROWS = f"""
select distinct on (t.subject_id)
  t.id, t.subject_id, t.zone_id, t.case_id, {COUNTS_FROM} as enters, null::date as leaves, 1::numeric as value
from traineeships_traineeship t where {ENDED} order by t.subject_id, t.ends, t.id
"""
INDICATOR = Indicator(code="six_months_after_traineeship", rows=ROWS, breakdowns=("area",))
