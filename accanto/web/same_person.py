"""Who of the zone somebody that others write about may be."""

from accanto.cases.case import Case
from accanto.people import registry
from accanto.people.person import Person
from accanto.people.registry import Registry
from accanto.people.search import find

MOST = 8


def candidates(acting, written, looked_for=""):
    """The people of the zone like who is `written` of (a received referral, a transfer), the surest first: by fiscal
    code, then by likeness of the name, or of another name looked for. Dicts with person, registry, in_charge, same_code
    and same_birth."""
    holder = registry.holder_of(fiscal_code=written.fiscal_code, zone_id=acting.zone_id)
    subjects = find(looked_for or f"{written.family_name} {written.given_name}", most=MOST)
    subjects = list(dict.fromkeys([*([holder.subject_id] if holder else []), *subjects]))[:MOST]
    inside = {"subject_id__in": subjects}
    people = {row.subject_id: row for row in Person.objects.within(acting).filter(**inside)}
    rows = Registry.objects.within(acting).filter(**inside).select_related("municipality")
    registries = {row.subject_id: row for row in rows}
    in_charge = set(Case.objects.within(acting).open().filter(**inside).order_by().values_list("subject_id", flat=True))
    return [
        {
            "person": people[subject],
            "registry": registries.get(subject) or Registry(),
            "in_charge": subject in in_charge,
            "same_code": bool(holder and holder.subject_id == subject),
            "same_birth": bool(
                written.birth_date
                and subject in registries
                and registries[subject].birth_date == written.birth_date
            ),
        }
        for subject in subjects
        if subject in people
    ]  # fmt: skip
