"""EECR01 to EECR06 by operation and sex: what participants do on leaving and six months after (FS-04, FS-05, FS-11,
FS-14, AD-35). The answer is the participation's; where none stands, that of a traineeship which ended when the person
left, of which the same question is asked."""

from accanto.access.permissions import function
from accanto.indicators import esf_participations as rows
from accanto.indicators.esf_outputs import ARGUMENTS, TABLE

DAYS, MONTHS = 28, 6
BETTER = "('stable', 'full', 'skills', 'promotion')"  # a higher pay alone is not among them (AD-35)

# One answer a participation and a moment. What a traineeship's answer says in the words of the participation's.
ANSWERS = f"""
select p.*, m.moment, a.answer, a.training, a.qualification, a.better, a.known_on
from ({rows.ROWS}) p
cross join (values ('exit'), ('six_months')) m(moment)
join lateral (
  (select 1 as place, o.status as answer, o.training, o.qualification, o.improvement in {BETTER} as better,
     o.known_on, null::date as ended, o.id
   from cases_participationoutcome o
   where o.subject_id = p.subject_id and o.operation_id = p.operation_id and o.moment = m.moment
     and o.recorded_at <= $known and (o.superseded_at is null or o.superseded_at > $known))
  union all
  (select 2, case when o.status = 'self_employed' then 'job' when o.status = 'health' then 'inactive' else o.status end,
     o.status = 'training', o.qualification, o.status in ('job', 'self_employed') and o.improved, o.known_on, t.ends,
     o.id
   from traineeships_traineeshipoutcome o
   join traineeships_traineeship t on t.id = o.traineeship_id
   where t.subject_id = p.subject_id and abs(t.ends - p.ends) <= {DAYS} and o.moment = m.moment
     and o.recorded_at <= $known and (o.superseded_at is null or o.superseded_at > $known))
  order by place, ended desc nulls last, id desc limit 1
) a on true
where p.ends is not null and {rows.COMPLETE}
"""
INSIDE = f"moment = 'exit' and known_on <= ends + {DAYS}"
LATER = "moment = 'six_months'"
COUNTED = {
    "EECR01": f"{INSIDE} and answer in ('searching', 'unemployed') and status = 'inactive'",
    "EECR02": f"{INSIDE} and training",
    "EECR03": f"{INSIDE} and qualification",
    "EECR04": f"{INSIDE} and answer = 'job' and status <> 'employed'",
    "EECR05": f"{LATER} and answer = 'job' and status in ('unemployed', 'inactive')",
    "EECR06": f"{LATER} and better and status = 'employed'",
}
# how many left, and of how many there is an answer: what the results are out of
LEFT, ANSWERED, LATER_ON, ANSWERED_LATER = "left", "answered_exit", "left_six_months", "answered_six_months"
SAID = "answer not in ('not_reached', 'would_not_say')"
AFTER = f"(r.ends + interval '{MONTHS} months')::date"
BODY = f"""
select r.operation_id, r.sex::text, v.code::text, count(*)::bigint
from ({ANSWERS.replace("$known", "$3")}) r
cross join lateral (values {", ".join(f"('{code}', {condition})" for code, condition in COUNTED.items())},
  ('{ANSWERED}', moment = 'exit' and {SAID}), ('{ANSWERED_LATER}', {LATER} and {SAID})) v(code, counts)
where v.counts and case when r.moment = 'exit' then r.ends else {AFTER} end between $1 and $2
group by 1, 2, 3
union all
select r.operation_id, r.sex::text, v.code::text, count(*)::bigint
from ({rows.ROWS.replace("$known", "$3")}) r
cross join lateral (values ('{LEFT}', r.ends between $1 and $2), ('{LATER_ON}', {AFTER} between $1 and $2))
  v(code, counts)
where v.counts and {rows.COMPLETE}
group by 1, 2, 3
"""


def operations():
    """What a migration makes of it."""
    return [function(f"esf_results({ARGUMENTS})", TABLE, BODY, reads=["select on cases_participationoutcome"])]
