"""Who may be the same person as somebody else of the zone: while one types, and as a short list to go through."""

from dataclasses import dataclass

from django.db import connection, models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accanto.access import log
from accanto.access.subject import SubjectRow, SubjectRows
from accanto.people.person import Person
from accanto.people.registry import Registry
from accanto.people.search import find
from accanto.people.search_key import folded, sound

MOST = 50  # pairs of the list
SHOWN = 5  # persons while one types


class Comparison(SubjectRow):
    """Two files somebody has looked at: different people, or to be looked at again later."""

    class Verdict(models.TextChoices):
        DIFFERENT = "different", _("sono due persone")
        LATER = "later", _("da riguardare")

    # the lower of the two is the subject, so that a pair is one row
    other = models.ForeignKey("access.Subject", models.PROTECT, related_name="+")
    verdict = models.CharField(_("decisione"), max_length=10, choices=Verdict.choices)
    compared_at = models.DateTimeField(_("confrontate il"))
    compared_by = models.ForeignKey("access.User", models.PROTECT, related_name="+")

    objects = SubjectRows.as_manager()

    class Meta:
        verbose_name = _("confronto fra schede")
        verbose_name_plural = _("confronti fra schede")
        ordering = ["compared_at", "id"]
        indexes = [models.Index(fields=["zone", "subject"], name="people_comparison_zone")]
        constraints = [
            models.UniqueConstraint(fields=["subject", "other"], name="people_comparison_once"),
            models.CheckConstraint(condition=Q(other_id__gt=F("subject_id")), name="people_comparison_in_order"),
        ]

    def __str__(self):
        return self.get_verdict_display()


def compare(*, person, other, verdict, by, now):
    """Remember what somebody saw: different people, or later. Said again, it replaces what was said."""
    low, high = sorted((person.subject_id, other.subject_id))
    said = {"verdict": verdict, "compared_at": now, "compared_by": by.user}
    row, _new = Comparison.objects.update_or_create(
        subject_id=low, other_id=high, defaults=said, create_defaults=said | {"zone_id": person.zone_id}
    )
    log.act("compare", row, by=by, now=now, verdict=str(verdict), other=high)
    return row


# Pairs with the same code but for letters in the place of digits, or the same birth date and a name that sounds alike,
# or the same name where a birth date is missing or has its day and month swapped. The best first. Each way of being
# alike is a join by equal values: to compare the names of all who share a birth date takes four times as long.
QUEUE = """
with known as materialized (
  select p.subject_id, p.name_key, r.birth_date,
    case when length(r.fiscal_code) = 16 then translate(left(r.fiscal_code, 15), 'LMNPQRSTUV', '0123456789') end
      collate "C" as plain
  from people_person p
  left join people_registry r on r.subject_id = p.subject_id and r.zone_id = %(zone)s
  where p.zone_id = %(zone)s
), heard as materialized (
  select s.subject_id, s.birth_date, k.key
  from people_searchkey k join known s on s.subject_id = k.subject_id
  where k.zone_id = %(zone)s and k.key like '~%%' and s.birth_date is not null
), pairs as (
  select a.subject_id as one, b.subject_id as other, 3 as score, 'code' as why
  from known a join known b on b.plain = a.plain and b.subject_id > a.subject_id
  union all
  select a.subject_id, b.subject_id, 2.5, 'birth'
  from known a join known b
    on b.birth_date = a.birth_date and b.name_key = a.name_key and b.subject_id > a.subject_id
  union all
  select a.subject_id, b.subject_id, 2, 'birth'
  from heard a join heard b on b.birth_date = a.birth_date and b.key = a.key and b.subject_id > a.subject_id
  union all
  select least(a.subject_id, b.subject_id), greatest(a.subject_id, b.subject_id), 1, 'name'
  from known a join known b on b.name_key = a.name_key and b.subject_id <> a.subject_id
  where a.birth_date is null
  union all
  select least(a.subject_id, b.subject_id), greatest(a.subject_id, b.subject_id), 1.5, 'name'
  from known a join known b on b.name_key = a.name_key and b.subject_id <> a.subject_id
    and extract(year from b.birth_date) = extract(year from a.birth_date)
    and extract(month from b.birth_date) = extract(day from a.birth_date)
    and extract(day from b.birth_date) = extract(month from a.birth_date)
), best as (
  select one, other, max(score) as score, (array_agg(why order by score desc))[1] as why from pairs group by 1, 2
)
select b.one, b.other, b.why, c.verdict is not null as later
from best b
left join people_comparison c on c.subject_id = b.one and c.other_id = b.other and c.zone_id = %(zone)s
left join people_link l on l.subject_id = b.one and l.ended_at is null
left join people_link m on m.subject_id = b.other and m.ended_at is null
where (c.verdict is null or c.verdict = 'later') and (l.cluster is null or m.cluster is null or l.cluster <> m.cluster)
order by c.verdict is not null, b.score desc, b.one, b.other limit %(most)s
"""
WHY = {
    "code": _("codici fiscali uguali a meno delle lettere di omocodia"),
    "birth": _("stessa data di nascita, nomi che suonano uguali"),
    "name": _("stesso nome, data di nascita mancante o con giorno e mese scambiati"),
}


@dataclass(frozen=True)
class Pair:
    one: int
    other: int
    why: str
    later: bool


def queue(zone_id, *, most=MOST):
    """The likeliest pairs of a zone, best first, those put off last; never those tied or told apart."""
    with connection.cursor() as cursor:
        cursor.execute(QUEUE, {"zone": zone_id, "most": most})
        return [Pair(*row) for row in cursor]


@dataclass(frozen=True)
class Alike:
    """Somebody of the zone who may be who is being written down. `sure` stops a registration until somebody looks."""

    person: Person
    registry: Registry | None
    sure: bool


def alike(*, acting, family_name, given_name, birth_date=None, but=None):
    """Persons of the zone with a name like that, the likeliest first; birth dates that differ clear of it."""
    subjects = [subject for subject in find(f"{family_name} {given_name}", most=12) if subject != but]
    people = {row.subject_id: row for row in Person.objects.within(acting).filter(subject_id__in=subjects)}
    rows = Registry.objects.within(acting).filter(subject_id__in=subjects).select_related("municipality")
    registry = {row.subject_id: row for row in rows}
    wanted = sorted(folded(f"{family_name} {given_name}").split())
    found = []
    for subject in subjects:
        if subject not in people:
            continue
        person, row = people[subject], registry.get(subject)
        born = row.birth_date if row else None
        words = sorted(folded(f"{person.family_name} {person.given_name}").split())
        same_name = sorted(map(sound, words)) == sorted(map(sound, wanted))
        if birth_date and born and born != birth_date and (born.day, born.month) != (birth_date.month, birth_date.day):
            continue
        found.append(Alike(person, row, sure=same_name and (words == wanted or bool(born and birth_date))))
    return sorted(found, key=lambda one: not one.sure)[:SHOWN]
