"""EECO01 to EECO17 by operation and sex, counted at the entry (FS-02, FS-03, FS-07, FS-13, FS-15, AD-31 to AD-33)."""

from accanto.access.permissions import function
from accanto.indicators import esf_participations as rows

COUNTED = {
    "EECO01": "true",
    "EECO02": "status = 'unemployed'",
    "EECO03": (
        f"status = 'unemployed' and coalesce(months > case when age < {rows.YOUNG} then {rows.LONG_TERM_MONTHS_YOUNG} "
        f"else {rows.LONG_TERM_MONTHS} end, said_long_term)"
    ),
    "EECO04": "status = 'inactive'",
    "EECO05": "status = 'employed'",
    "EECO06": f"age < {rows.CHILD_BELOW}",
    "EECO07": f"age between {rows.CHILD_BELOW} and {rows.YOUNG_MAX}",
    "EECO08": f"age >= {rows.OLDER_MIN}",
    "EECO09": "education = 'isced_0_2'",
    "EECO10": "education = 'isced_3_4'",
    "EECO11": "education = 'isced_5_8'",
    **{code: name for name, code in rows.TRAITS.items()},
}
# of complete records, though no indicator: of whom nobody knows for how long they have been without work
UNKNOWN_MONTHS = "unknown_months"
# of those that are not transmitted: how many, and how many lack each datum
INCOMPLETE, LACKS = "incomplete", {
    "sex": "sex is null",
    "employment_status": "status is null",
    "age": "age is null",
    "education": "education is null",
}  # fmt: skip


def _cases():
    complete = f"({rows.COMPLETE})"
    yield from (f"('{code}', {complete} and ({condition}))" for code, condition in COUNTED.items())
    unknown = "status = 'unemployed' and months is null and not coalesce(said_long_term, false)"
    yield f"('{UNKNOWN_MONTHS}', {complete} and {unknown})"
    yield f"('{INCOMPLETE}', not {complete})"
    yield from (f"('lacks_{name}', {condition})" for name, condition in LACKS.items())


TABLE = "table(operation_id bigint, sex text, code text, people bigint)"
BODY = f"""
select r.operation_id, coalesce(r.sex, '')::text, v.code::text, count(*)::bigint
from ({rows.ROWS.replace("$known", "$3")}) r
cross join lateral (values {", ".join(_cases())}) v(code, counts)
where r.starts between $1 and $2 and v.counts
group by 1, 2, 3
"""
# FS-07: EECO01 counts participations; how many persons they are is told beside, with files of one person tied together
PERSONS = f"""
select r.zone_id, nullif(r.specific_objective, '')::text, count(distinct coalesce(l.cluster, r.subject_id))::bigint,
  grouping(r.zone_id, r.specific_objective)
from ({rows.ROWS.replace("$known", "$3")}) r
left join people_link l on l.subject_id = r.subject_id and l.recorded_at <= $3
  and (l.ended_at is null or l.ended_at > $3)
where r.starts between $1 and $2 and {rows.COMPLETE}
group by grouping sets ((r.zone_id, r.specific_objective), (r.zone_id), (r.specific_objective), ())
"""
ARGUMENTS = "first date, last date, known timestamptz"


def operations():
    """What a migration makes of them."""
    return [
        function("app_esf_zones()", "smallint[]", rows.ZONES, reads=[]),
        function(f"esf_outputs({ARGUMENTS})", TABLE, BODY),
        function(
            f"esf_persons({ARGUMENTS})",
            "table(zone_id smallint, specific_objective text, people bigint, whole integer)",
            PERSONS,
        ),
    ]
