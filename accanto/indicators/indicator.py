"""What an indicator over persons is: one SELECT over facts, from which PostgreSQL gets two functions.

The owner's aggregate sees every zone and gives out counts by zone, area, sex and age, never a row a person; the rows
that open a figure are read with the rights of who asks. Both are the same text, so they count the same things.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.migrations import RunSQL

from accanto.access.permissions import APPLICATION, DEFINER, function

# Bands of Annex I to Regulation (EU) 2021/1057: under 18, 18-29, 30-54, over 54.
AGE_BANDS = ("0-17", "18-29", "30-54", "55+", "unknown")
SEXES = ("F", "M", "X", "unknown")
AREAS = ("mental_health", "disability", "disadvantage", "prison", "unknown")
READS = (
    "cases_case",
    "cases_casearea",
    "cases_measure",
    "cases_measurestep",
    "cases_participation",
    "people_registry",
    "people_link",
    "plan_operation",
    "traineeships_traineeship",
    "traineeships_attendanceday",
    "traineeships_traineeshipoutcome",
)
REFERENCE = ("plan_fundline",)
# Files tied together are one person (people/link.py), as they were tied at the moment asked about.
PERSON = "coalesce(l.cluster, r.subject_id)"
TIED = (
    "left join people_link l on l.subject_id = r.subject_id and l.recorded_at <= {known} "
    "and (l.ended_at is null or l.ended_at > {known})"
)
ASKED = "(select app_reads_figures())"
# A person is in one cell: the area is that of the last of their cases counted here.
AGGREGATE = """
with standing as (
  select {person} as person, r.zone_id, coalesce(max(r.subject_id) filter (where l.shown_first), max(r.subject_id))
    as subject_id, max(case_id) as case_id, sum(value) as value
  from ({rows}) r {tied} where {standing} and {asked} group by 1, 2
)
select s.zone_id, coalesce(a.area, 'unknown')::text, coalesce(nullif(g.sex, ''), 'unknown')::text,
  (case when g.birth_date is null then 'unknown' when age.years < 18 then '0-17' when age.years < 30 then '18-29'
        when age.years < 55 then '30-54' else '55+' end)::text,
  sum(s.value)::numeric, count(*)::bigint
from standing s
left join cases_casearea a on a.case_id = s.case_id
left join people_registry g on g.subject_id = s.subject_id
left join lateral (select extract(year from age($1, g.birth_date)) as years) age on true
group by 1, 2, 3, 4
"""
BY_ZONE = """
select r.zone_id, sum(value)::numeric, count(distinct {person})::bigint
from ({rows}) r {tied} where {standing} and {asked} group by 1
"""
STOCK_BY_MONTH = """
select r.zone_id, m.month::date, sum(r.value)::numeric, count(distinct {person})::bigint
from generate_series($1::timestamp, $2::timestamp, interval '1 month') m(month)
join ({rows}) r on r.enters <= least($2, (m.month + interval '1 month - 1 day')::date)
  and (r.leaves is null or r.leaves > least($2, (m.month + interval '1 month - 1 day')::date))
{tied}
where {asked}
group by 1, 2
"""
FLOW_BY_MONTH = """
select r.zone_id, date_trunc('month', enters)::date, sum(value)::numeric, count(distinct {person})::bigint
from ({rows}) r {tied} where enters between $1 and $2 and {asked} group by 1, 2
"""
ROWS_STANDING = "select id, subject_id, zone_id, case_id, enters, value from ({rows}) r where {standing}"
STANDING = "enters <= $1 and (leaves is null or leaves > $1)"
OF_THE_MONTH = "enters <= $1 and enters >= date_trunc('month', $1)"


@dataclass(frozen=True)
class Indicator:
    """Of persons. `rows` is a SELECT of id, subject_id, zone_id, case_id, enters, leaves, value.

    $known is the moment of which the facts are asked, as they were then known. A `flow` adds up what happened (hours);
    a stock says how many there are. A magnitude is not a count of persons and is published only where it is of enough
    of them."""

    code: str
    rows: str
    flow: bool = False
    magnitude: bool = False
    monthly: bool = False  # its figure is that of one month, not of all time up to the day
    breakdowns: tuple[str, ...] = ("area", "sex", "age")
    sensitive: bool = False  # to be counted tells something grave (DI-02): the higher threshold everywhere

    def _filled(self, template: str, known: str) -> str:
        standing = OF_THE_MONTH if self.monthly else STANDING
        rows = self.rows.replace("$known", known)
        return template.format(rows=rows, standing=standing, person=PERSON, tied=TIED.format(known=known), asked=ASKED)

    def operations(self) -> list[RunSQL]:
        """What a migration makes of it."""
        by_month = FLOW_BY_MONTH if self.flow else STOCK_BY_MONTH
        name = f"indicator_{self.code}"
        columns = "zone_id smallint, value numeric, people bigint"
        return [
            function(
                f"{name}(on_day date, known timestamptz)",
                "table(zone_id smallint, area text, sex text, age text, value numeric, people bigint)",
                self._filled(AGGREGATE, "$2"),
            ),
            function(
                f"{name}_by_zone(on_day date, known timestamptz)", f"table({columns})", self._filled(BY_ZONE, "$2")
            ),
            function(
                f"{name}_by_month(first date, last date, known timestamptz)",
                "table(zone_id smallint, month date, value numeric, people bigint)",
                self._filled(by_month, "$3"),
            ),
            RunSQL(
                [
                    f"create or replace function {name}_rows(on_day date, known timestamptz) returns table(id bigint, "
                    "subject_id bigint, zone_id smallint, case_id bigint, enters date, value numeric) "
                    f"language sql stable security invoker as $body$ {self._filled(ROWS_STANDING, '$2')} $body$",
                    f"revoke all on function {name}_rows(date, timestamptz) from public",
                    f"grant execute on function {name}_rows(date, timestamptz) to {APPLICATION}",
                ],
                RunSQL.noop,
            ),
        ]


def operations(indicators: Sequence[Indicator]) -> list[RunSQL]:
    """Everything a migration needs: what the functions' owner may read, then the functions."""
    rights = [f"grant select on {table} to {DEFINER}" for table in (*READS, *REFERENCE)]
    for table in READS:
        rights += [
            f"drop policy if exists {table}_definer on {table}",
            f"create policy {table}_definer on {table} to {DEFINER} using (true) with check (true)",
        ]
    return [RunSQL(rights, RunSQL.noop), *(one for indicator in indicators for one in indicator.operations())]
