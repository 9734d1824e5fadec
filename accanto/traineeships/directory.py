"""The directory of a territory: what there is, what is missing and what is offered, from the tables that hold it. The
search forgives accents, capitals and apostrophes. Nobody in charge is in it."""

from dataclasses import dataclass

from django.db import connection
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from accanto.territory.municipality import search_key


class Kind(TextChoices):
    PLACE = "place", _("posti aperti")
    HOST = "host", _("ospitanti")
    SERVICE = "service", _("servizi")
    ASSOCIATION = "association", _("associazioni")
    NEED = "need", _("bisogni")


# One row for each thing, with where it is and the words it is found by. A public body without an address stands in its
# zone and in no municipality.
LISTED = """
with listed as (
  select 'place' kind, p.id, p.title as name, m.zone_id, m.istat_code, p.setting, '{}'::varchar[] topics,
    concat_ws(' ', p.title, p.tasks, array_to_string(p.skills, ' '), o.name, m.name) words
  from traineeships_place p
  join traineeships_host h on h.id = p.host_id and h.closed_on is null
  join access_organisation o on o.id = h.organisation_id
  join territory_municipality m on m.istat_code = p.municipality_id
  left join places_taken() t on t.place_id = p.id
  where p.state = 'open' and p.valid_from <= %(day)s and coalesce(p.valid_to, %(day)s) >= %(day)s
    and coalesce(t.taken, 0) < p.openings
  union all
  select 'host', h.id, o.name, m.zone_id, m.istat_code, '', '{}', concat_ws(' ', o.name, m.name, h.address)
  from traineeships_host h
  join access_organisation o on o.id = h.organisation_id
  join territory_municipality m on m.istat_code = h.municipality_id
  where h.closed_on is null
  union all
  select e.kind, e.id, e.name, e.zone_id, e.municipality_id, '', e.topics, concat_ws(' ', e.name, e.text, m.name)
  from traineeships_directoryentry e
  left join territory_municipality m on m.istat_code = e.municipality_id
  where coalesce(e.ended_on, 'infinity') > %(day)s
  union all
  select 'service', -o.id, o.name, o.zone_id, null,
    '', case o.kind when 'employment_centre' then '{work}' else '{rights}' end::varchar[],
    concat_ws(' ', o.name, z.name)
  from access_organisation o join territory_zone z on z.id = o.zone_id
  where o.kind in ('employment_centre', 'zone_authority')
), found as (
  select kind, id, name, zone_id, istat_code from listed
  where (%(setting)s = '' or setting = %(setting)s) and (%(topic)s = '' or %(topic)s = any(topics))
    and not exists (
      select from unnest(%(words)s::text[]) w
      where ' ' || translate(lower(unaccent(listed.words)), %(marks)s, %(blanks)s) not like '%%' || w || '%%'
    )
)
"""
# between words; a regular expression would take three times as long over all the rows
MARKS = "'\"’`.,;:!?()[]/\\-–«»&+_*"
COUNTS = "select zone_id, kind, count(*) from found group by zone_id, kind"
PAGE = """
select kind, id from found
where (%(zone)s::smallint is null or zone_id = %(zone)s) and (%(kind)s = '' or kind = %(kind)s)
order by case kind when 'place' then 0 when 'host' then 1 when 'service' then 2 when 'association' then 3 else 4 end,
  lower(name), id
limit %(limit)s offset %(offset)s
"""


@dataclass(frozen=True)
class Asked:
    """What somebody looks for; empty for everything. `zone` is the zone's number, or None."""

    words: str = ""
    kind: str = ""
    zone: int | None = None
    setting: str = ""
    topic: str = ""


def counts(asked, *, day):
    """{(zone number, kind): how many}, over all zones and kinds: the map and its table."""
    with connection.cursor() as cursor:
        cursor.execute(LISTED + COUNTS, _values(asked, day))
        return {(zone, kind): number for zone, kind, number in cursor.fetchall()}


def page(asked, *, day, limit, offset=0):
    """[(kind, id)] of the things found, places first. A negative id is a public body's."""
    with connection.cursor() as cursor:
        cursor.execute(LISTED + PAGE, _values(asked, day) | {"limit": limit, "offset": offset})
        return cursor.fetchall()


def _values(asked, day):
    return {
        "day": day,
        "words": [f" {word}" for word in search_key(asked.words).split()[:8]],
        "marks": MARKS,
        "blanks": " " * len(MARKS),
        "kind": asked.kind,
        "zone": asked.zone,
        "setting": asked.setting,
        "topic": asked.topic,
    }
