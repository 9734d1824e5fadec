"""What the rows of a batch become: persons with their registry data, cases with area, team and last plan, each with
where it came from."""

from django.utils.translation import gettext as _

from accanto.access import log
from accanto.access.role import Kind
from accanto.access.subject import Subject
from accanto.cases.area import CaseArea
from accanto.cases.case import Case
from accanto.cases.case_team import CaseMember
from accanto.cases.personal_plan import PersonalPlan
from accanto.exchange.record_batch import RecordOrigin, RecordPair
from accanto.people.person import Person, name_key
from accanto.people.registry import Registry
from accanto.people.search_key import write_first_keys


def write(batch, rows, *, by, now):
    """The persons, registry data, cases and plans of some rows, in bulk, each with its origin and line of the log."""
    zone = batch.zone_id
    known = dict(
        RecordPair.objects.filter(row__in=rows, zone_id=zone, verdict=RecordPair.Verdict.SAME)
        .order_by("score", "id")
        .values_list("row_id", "subject_id")
    )
    codes = [row.data["fiscal_code"] for row in rows if row.data["fiscal_code"] and row.pk not in known]
    # written by somebody else since the comparison: it is that person
    since = dict(Registry.objects.filter(zone_id=zone, fiscal_code__in=codes).values_list("fiscal_code", "subject_id"))
    known |= {row.pk: since[row.data["fiscal_code"]] for row in rows if row.data["fiscal_code"] in since}
    fresh = [row for row in rows if row.pk not in known]
    subjects = Subject.objects.bulk_create([Subject(zone_id=zone, created_at=now) for _row in fresh])
    people = Person.objects.bulk_create(
        [
            Person(
                subject=subject,
                zone_id=zone,
                given_name=row.data["given_name"],
                family_name=row.data["family_name"],
                name_key=name_key(row.data["given_name"], row.data["family_name"]),
                phone=row.data["phone"],
                email=row.data["email"],
            )
            for subject, row in zip(subjects, fresh, strict=True)
        ]
    )
    write_first_keys(people)
    Registry.objects.bulk_create(
        [
            Registry(
                subject_id=person.subject_id,
                zone_id=zone,
                person=person,
                fiscal_code=row.data["fiscal_code"],
                birth_date=row.data["birth_date"],
                birth_place=row.data["birth_place"],
                sex=row.data["sex"],
                municipality_id=row.data["municipality"],
            )
            for person, row in zip(people, fresh, strict=True)
        ]
    )
    who = {row.pk: person for row, person in zip(fresh, people, strict=True)}
    if known:
        there = Person.objects.filter(zone_id=zone, subject_id__in=set(known.values())).in_bulk(field_name="subject_id")
        who |= {row: there[subject] for row, subject in known.items()}
    cases = open_cases(batch, rows, who, known, by=by, now=now)
    origins = RecordOrigin.objects.bulk_create(
        [
            RecordOrigin(
                subject_id=who[row.pk].subject_id,
                zone_id=zone,
                batch=batch,
                line=row.line,
                reference=row.data["reference"],
                new_person=row.pk not in known,
                case=cases.get(row.pk),
                recorded_at=now,
            )
            for row in rows
        ]
    )
    log.acts(
        "import",
        [(origin, {"batch": batch.pk, "line": origin.line, "case": origin.case_id}) for origin in origins],
        by=by,
        now=now,
    )
    batch.imported += len(rows)
    batch.people += len(fresh)
    batch.cases += len(cases)


def open_cases(batch, rows, who, known, *, by, now):
    """{row: its case}, for the rows that say a day and whose person has no open one; with area, team and last plan."""
    zone = batch.zone_id
    asking = [row for row in rows if row.data["opened_on"]]
    busy = set(
        Case.objects.filter(zone_id=zone, subject_id__in=set(known.values()))
        .open()
        .values_list("subject_id", flat=True)
    )
    opening, seen = [], set()
    for row in asking:
        subject = who[row.pk].subject_id
        if subject not in busy and subject not in seen:
            seen.add(subject)
            opening.append(row)
    cases = Case.objects.bulk_create(
        [
            Case(
                subject_id=who[row.pk].subject_id,
                zone_id=zone,
                person=who[row.pk],
                opened_on=row.data["opened_on"],
                manager_id=row.data["manager"],
            )
            for row in opening
        ]
    )
    made = list(zip(opening, cases, strict=True))
    CaseArea.objects.bulk_create(
        [
            CaseArea(subject_id=case.subject_id, zone_id=zone, case=case, area=row.data["area"])
            for row, case in made
            if row.data["area"]
        ]
    )
    CaseMember.objects.bulk_create(
        [
            CaseMember(
                subject_id=case.subject_id,
                zone_id=zone,
                case=case,
                kind=Kind.CASE_MANAGER,
                user_id=row.data["manager"],
                starts=row.data["opened_on"],
            )
            for row, case in made
        ]
    )
    PersonalPlan.objects.bulk_create(
        [
            PersonalPlan(
                subject_id=case.subject_id,
                zone_id=zone,
                case=case,
                version=1,
                reason=_("Progetto firmato prima di Accanto, conservato nel vecchio archivio"),
                recorded_at=now,
                recorded_by=by.user,
                agreed_on=row.data["plan_on"],
            )
            for row, case in made
            if row.data["plan_on"]
        ]
    )
    return {row.pk: case for row, case in made}
