"""Who reads and writes which kind of data of a person: the permission table (rulebook 5.4), and the walk that holds
PostgreSQL and the pages to it, for every kind of role.

    RW, R    within the role's reach: the zone it works in, or the people it is tied to
    rw, r    the same, but only on the cases one is manager of, or of whose live team one is: for the others it is sealed
    payer    only the traineeships that one's body promotes and pays
    side     what one's own party said, until the evaluation is closed; then all of it, the host always its own alone
    own      what one wrote oneself, or is named in by who wrote it
    –        not at all

The person may narrow what an advocate is let see: their column is the most it may be.
"""

import json
import re
from functools import cache

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from accanto.access.organisation import Organisation
from accanto.access.permissions import APPLICATION
from accanto.access.relation import open_relation
from accanto.access.role import ABOUT_SUBJECTS, REACH, Degree, Kind, Role
from accanto.cases import case_team
from accanto.documents.document import CLASSES
from accanto.web.document import NOT_THE_DOCUMENTS
from tests import factories
from tests.test_isolation import about_subjects, degree_of
from tests.test_permissions import PAGES, url
from tests.test_permissions import scene as scene  # the fixture

# ruff: noqa: E501 (a table is read across)
TABLE = """
kind of data                 | social | case    | employm. | health | third-sector | host  | referrer | advocate | inspec- | person |
                             | worker | manager | operator | worker | tutor        | tutor |          |          | tor     |        |
contact                      | RW     | RW      | R        | R      | R            | R     | –        | R        | R       | R      |
registry                     | RW     | RW      | R        | R      | R            | –     | –        | –        | –       | R      |
household                    | RW     | RW      | R        | R      | –            | –     | –        | –        | –       | R      |
referral                     | RW     | RW      | –        | –      | –            | –     | R        | –        | –       | R      |
case                         | RW     | RW      | R        | R      | –            | –     | –        | –        | –       | R      |
area                         | RW     | RW      | –        | –      | –            | –     | –        | –        | –       | R      |
assessment                   | RW     | RW      | –        | –      | –            | –     | –        | –        | –       | R      |
employability                | RW     | RW      | RW       | –      | –            | –     | –        | –        | –       | R      |
health                       | r      | r       | –        | RW     | –            | –     | –        | –        | –       | R      |
justice                      | rw     | r       | –        | –      | –            | –     | –        | –        | –       | R      |
protected                    | RW     | –       | –        | R      | –            | –     | –        | –        | –       | R      |
limits                       | RW     | RW      | R        | RW     | R            | –     | –        | –        | –       | R      |
accommodations               | RW     | RW      | –        | RW     | –            | R     | –        | –        | –       | R      |
representation               | RW     | RW      | –        | –      | –            | –     | –        | –        | –       | R      |
plan                         | RW     | RW      | –        | –      | –            | –     | –        | R        | –       | R      |
diary                        | RW     | RW      | –        | –      | –            | –     | –        | –        | –       | R      |
reserved notes               | own    | own     | –        | –      | –            | –     | –        | –        | –       | –      |
measure                      | RW     | RW      | –        | –      | –            | –     | –        | –        | –       | R      |
benefits                     | RW     | RW      | –        | –      | –            | –     | –        | –        | –       | R      |
placement                    | RW     | RW      | R        | –      | R            | R     | –        | R        | R       | R      |
traineeship_plan             | RW     | RW      | R        | –      | R            | –     | –        | –        | –       | R      |
register                     | RW     | RW      | R        | –      | RW           | RW    | –        | –        | R       | R      |
monthly close                | RW     | RW      | R        | –      | RW           | R     | –        | –        | R       | R      |
visits                       | RW     | RW      | R        | –      | RW           | R     | –        | –        | R       | R      |
course                       | RW     | RW      | R        | –      | RW           | –     | –        | –        | –       | R      |
goals judged                 | RW     | RW      | R        | –      | R            | –     | –        | –        | –       | R      |
evaluation answers           | side   | side    | R        | –      | side         | side  | –        | –        | –       | side   |
allowance                    | RW     | RW      | –        | –      | payer        | –     | –        | –        | –       | R      |
payment                      | RW     | R       | –        | –      | payer        | –     | –        | –        | –       | R      |
participation                | RW     | RW      | –        | –      | –            | –     | –        | –        | –       | R      |
control                      | RW     | RW      | –        | –      | –            | –     | –        | –        | RW      | R      |
anomalies                    | RW     | RW      | –        | –      | –            | –     | –        | –        | R       | R      |
inspection checks            | R      | R       | –        | –      | –            | –     | –        | –        | R       | R      |
relation                     | RW     | RW      | R        | R      | R            | –     | –        | –        | –       | R      |
readings                     | R      | R       | –        | –      | –            | –     | –        | –        | –       | R      |
"""
COLUMNS = [
    Kind.SOCIAL_WORKER,
    Kind.CASE_MANAGER,
    Kind.EMPLOYMENT_OPERATOR,
    Kind.HEALTH_WORKER,
    Kind.THIRD_SECTOR_TUTOR,
    Kind.HOST_TUTOR,
    Kind.REFERRER,
    Kind.ADVOCATE,
    Kind.INSPECTOR,
    Kind.PERSON,
]
# the zone planner, the regional officer, the data-protection officer and the administrator: nothing about a person
EMPTY = [kind for kind in Kind if kind not in COLUMNS]

# Where the table says other than rulebook 5.4, and why.
OTHERWISE = {
    ("assessment", Kind.HEALTH_WORKER): "5.4 says R/W of their own part: which is `health`, `limits`, `accommodations`",
    (
        "assessment",
        Kind.THIRD_SECTOR_TUTOR,
    ): "5.4 says the summary the traineeship needs: `traineeship_plan` and `limits`",
    ("registry", Kind.HOST_TUTOR): "5.4 says name and contact: `contact`",
    ("justice", Kind.SOCIAL_WORKER): "5.4 says R; R-CAR-01 and R-CAR-02 want the day of the magistrate's act from the "
    "service that has the person in charge: a social worker of the case writes it, and nobody else",
    ("employability", Kind.EMPLOYMENT_OPERATOR): "5.4 does not say whether read or written; the profile of "
    "employability is the centre's own work, and it keeps it up to date",
    ("limits", Kind.EMPLOYMENT_OPERATOR): "the constraints of 5.4, of time and place too, without the reason",
    (
        "traineeship_plan",
        Kind.THIRD_SECTOR_TUTOR,
    ): "5.4 says RW; the plan is rewritten only until it is signed, and the "
    "tutor's tie to the person begins with the signature (R-TIS-24): afterwards nobody writes it",
    ("allowance", Kind.CASE_MANAGER): "5.4 wants payments read and the plan of the traineeship written: the sum agreed "
    "is part of the plan, and the payments are `payment`",
    (
        "control",
        Kind.INSPECTOR,
    ): "5.4 has no inspector: the register and the papers of who is at the inspected host, for "
    "the days of the inspection; payments as sums, through a function; never why somebody is followed",
    ("benefits", Kind.CASE_MANAGER): "the terms of ADI are of the case manager, who enters the meetings in GePI "
    "(R-ADI-23)",
    (
        "protected",
        Kind.HEALTH_WORKER,
    ): "sealed to all but the health workers of that person's team, who must reach them",
}
# a table that is of another kind of data than its degree says
NARROWER = {
    "cases_reservednote": "reserved notes",
    "cases_notereader": "reserved notes",
    "people_household": "household",
    "people_householdmember": "household",
    # who receives the trainee keeps the register, and does not close it
    "traineeships_monthlyclose": "monthly close",
    # the employment centre writes too, of the visits it makes; the host knows the days and not what was said
    "traineeships_visit": "visits",
    "traineeships_visitnote": "course",
    "traineeships_visittask": "course",
    "traineeships_evaluation": "course",
    "traineeships_skill": "course",
    "traineeships_goaljudgement": "goals judged",
    # tests/traineeships/test_say_how_it_goes.py
    "traineeships_evaluationanswer": "evaluation answers",
    # the inspector raises one in words and says what became of it, by functions; and writes what was seen in the rows
    # that beginning an inspection has made (tests/traineeships/test_break_into_the_way_to_work.py)
    "traineeships_anomaly": "anomalies",
    "traineeships_inspectioncheck": "inspection checks",
}
# each row says its own degree
OF_TWO_DEGREES = {"cases_assessmentdomain", "documents_document", "documents_content"}
# an attestation bears the number that follows, whoever writes it
NEXT = {"traineeships_attestation": lambda row: {"number": row["number"] + 1}}


def nothing_else(_row):
    return {}


@cache
def cells():
    """{(kind of data, kind of role): cell}"""
    found = {}
    for line in TABLE.strip().splitlines()[2:]:
        name, *row, _end = (part.strip() for part in line.split("|"))
        assert len(row) == len(COLUMNS), name
        found |= {(name, kind): cell for kind, cell in zip(COLUMNS, row, strict=True)}
        found |= {(name, kind): "–" for kind in EMPTY}
    return found


def kind_of_data(table):
    return NARROWER.get(table) or str(degree_of(table))


def reads(cell, *, on_the_case):
    return cell in ("RW", "R") or (cell in ("rw", "r") and on_the_case)


def writes(cell, *, on_the_case):
    return cell == "RW" or (cell == "rw" and on_the_case) or cell == "own"


def test_every_degree_is_a_row_and_every_cell_a_word():
    rows = {name for name, _kind in cells()}
    assert rows == {str(degree.value) for degree in ABOUT_SUBJECTS} | set(NARROWER.values())
    assert set(cells().values()) <= {"RW", "R", "rw", "r", "own", "payer", "side", "–"}
    assert set(OTHERWISE) <= set(cells())


@pytest.fixture
def file(scene, anna):
    """The person of the scene with a mark in every kind of data that has a page."""
    factories.marks(scene.case, scene.traineeship, by=anna)
    return scene


@pytest.fixture
def somebody(scene, anna):
    """Somebody of a kind: tied to the person where the kind works by relation; on the case, where it works by zone and
    that is asked."""

    def make(kind, *, on_the_case):
        public = factories.organisation(Organisation.Kind.ZONE_AUTHORITY, "Società della Salute di prova")
        by_zone = REACH[kind] == "zone"
        acting = factories.user(
            f"{kind}_{on_the_case}",
            kind,
            zone=scene.zone if by_zone else None,
            organisation=public if by_zone else None,
        )
        now = timezone.now()
        if REACH[kind] == "subject":
            open_relation(subject=scene.case.subject, kind=kind, user=acting.user, reason="prova", by=anna, now=now)
        elif on_the_case and kind in (Kind.SOCIAL_WORKER, Kind.CASE_MANAGER):
            case_team.add(
                case=scene.case, kind=kind, user=acting.user, starts=timezone.localdate(now), by=anna, now=now
            )
        if kind == Kind.INSPECTOR:
            factories.inspection(scene.traineeship, by=anna, inspector=acting)
        if kind == Kind.HOST_TUTOR:
            scene.traineeship.host_tutor = acting.user
            scene.traineeship.save()
        return acting

    return make


POSITIONS = [(kind, True) for kind in Kind] + [(kind, False) for kind in (Kind.SOCIAL_WORKER, Kind.CASE_MANAGER)]


@pytest.mark.parametrize(("kind", "on_the_case"), POSITIONS)
def test_postgresql_shows_each_role_what_the_table_says(kind, on_the_case, file, somebody, as_application):
    acting = somebody(kind, on_the_case=on_the_case)
    of_owner = rows_of(file.case.subject_id)
    wrong = []
    with as_application(acting, writing=False) as cursor:
        for table, row in of_owner.items():
            if row is None or table in OF_TWO_DEGREES:
                continue
            cursor.execute(f"select count(*) from {table} where subject_id = %s", [file.case.subject_id])
            seen, cell = cursor.fetchone()[0] > 0, cells()[kind_of_data(table), kind]
            if seen != reads(cell, on_the_case=on_the_case):
                wrong.append(f"{table} ({kind_of_data(table)}, «{cell}»): {'seen' if seen else 'not seen'}")
    assert not wrong, f"{kind}{' on the case' * on_the_case}: " + "; ".join(wrong)


@pytest.mark.parametrize(("kind", "on_the_case"), POSITIONS)
def test_postgresql_lets_each_role_write_what_the_table_says(kind, on_the_case, file, somebody, as_application):
    """Every row of the person is written again, with a number of its own: what stops it is a policy, or is not."""
    acting = somebody(kind, on_the_case=on_the_case)
    wrong = []
    for table, row in rows_of(file.case.subject_id).items():
        if row is None or table == "cases_notereader" or table in OF_TWO_DEGREES:
            continue
        cell = cells()[kind_of_data(table), kind]
        again = (
            row
            | {"id": 10**9}
            | NEXT.get(table, nothing_else)(row)
            | ({"author_id": acting.user.pk} if cell == "own" else {})
        )
        wrote = not refused_by_a_policy(as_application, acting, table, again)
        if wrote != writes(cell, on_the_case=on_the_case):
            wrong.append(f"{table} ({kind_of_data(table)}, «{cell}»): {'written' if wrote else 'refused'}")
    assert not wrong, f"{kind}{' on the case' * on_the_case}: " + "; ".join(wrong)


@pytest.mark.parametrize(("kind", "on_the_case"), POSITIONS)
def test_a_document_is_read_as_the_row_of_its_class_says(kind, on_the_case, scene, somebody, anna, as_application):
    for degree in CLASSES:
        factories.keep_document(scene.case, by=anna, degree=degree, data=f"%PDF-1.4 {degree}".encode())
    acting = somebody(kind, on_the_case=on_the_case)
    expected = {
        str(degree.value)
        for degree in CLASSES
        if reads(cells()[str(degree.value), kind], on_the_case=on_the_case) and (kind, degree) not in NOT_THE_DOCUMENTS
    }
    with as_application(acting, writing=False) as cursor:
        for table in ("documents_document", "documents_content"):
            cursor.execute(f"select distinct degree from {table} where subject_id = %s", [scene.case.subject_id])
            assert {degree for (degree,) in cursor} == expected, table


def rows_of(subject):
    """A row of the person in each table, as the owner reads it; None where there is none. Relations and subjects are
    held to their degree elsewhere (tests/test_isolation.py)."""
    found = {}
    with connection.cursor() as cursor:
        for table in about_subjects():
            cursor.execute("select has_table_privilege(%s, %s, 'insert')", [APPLICATION, table])
            if not cursor.fetchone()[0] or table == "people_searchkey":
                continue
            cursor.execute(f"select to_jsonb(t)::text from {table} t where subject_id = %s limit 1", [subject])
            row = cursor.fetchone()
            found[table] = json.loads(row[0]) if row else None
    return found


def refused_by_a_policy(as_application, acting, table, row):
    with as_application(acting) as cursor:
        try:
            with transaction.atomic():
                cursor.execute(
                    f"insert into {table} select * from jsonb_populate_record(null::{table}, %s)", [json.dumps(row)]
                )
                transaction.set_rollback(True)
        except DatabaseError as error:
            # a constraint speaks after the policy has let pass
            return "row-level security" in str(error) or "permission denied" in str(error)
    return False


# --- the pages -------------------------------------------------------------------------------------------------------

# a word of the scene that only rows of that kind of data hold, as a page shows it
MARKS = {
    "contact": "Dario",
    "registry": "LUOGONASCITA",
    "area": "alute mentale",
    "assessment": "INTIMO",
    "employability": "MAGAZZINIERA",
    "health": "SANITARIO",
    "justice": "GIUDIZIARIO",
    "limits": "LIMITE",
    "accommodations": "ACCOMODAMENTO",
    "plan": "OBIETTIVO",
    "diary": "DIARIO",
    "reserved notes": "RISERVATO",
    "traineeship_plan": "MOTIVOTIROCINIO",
    "course": "COMPETENZA",
    "goals judged": "TRAGUARDO",
    "allowance": "Paga: soggetto ospitante",
    "payment": "Determinata in",
    "participation": "Operazione di prova",
    "readings": "Chi ha aperto",
}
# the page by which that kind of data is written, and what its form asks; the form is not drawn for who only reads
FORMS = {
    "registry": ("registry", "fiscal_code"),
    "area": ("change_area", "area"),
    "assessment": ("new_assessment", "outcome"),
    "employability": ("revise_domain", "text"),
    "health": ("health", "text"),
    "justice": ("justice", "authorised_on"),
    "limits": ("limits", "limit-text"),
    "accommodations": ("limits", "accommodation-text"),
    "plan": ("write_plan", "own_words_1"),
    "diary": ("diary", "text"),
    "reserved notes": ("reserved_notes", "text"),
    "traineeship_plan": ("plan_traineeship", "inclusion_goals"),
    "payment": ("month_allowance", "determine"),
    "participation": ("new_participation", "operation"),
}
# shown inside the forms of planning, to who writes the plan; no page of their own
BESIDE = {"plan_traineeship", "change_plan", "plan_findings", "plan_change_findings"}


def pages_of(client, kind, scene):
    """{name: text} of every page about the person that opens to that kind."""
    texts = {}
    for name, row in PAGES.items():
        if kind in row.kinds and row.about and not row.post_only and name not in BESIDE:
            answer = client.get(url(name, scene))
            if answer.status_code == 200 and "html" in answer["Content-Type"]:
                texts[name] = re.sub(r"<(title|nav|header)\b.*?</\1>", "", answer.content.decode(), flags=re.DOTALL)
    return texts


@pytest.mark.parametrize(("kind", "on_the_case"), POSITIONS)
def test_the_pages_show_each_role_what_the_table_says(kind, on_the_case, file, somebody, enter):
    client = enter(somebody(kind, on_the_case=on_the_case))
    texts = pages_of(client, kind, file)
    wrong = []
    for data, mark in MARKS.items():
        shown = sorted(name for name, text in texts.items() if mark in text)
        cell = cells()[data, kind]
        expected = reads(cell, on_the_case=on_the_case) and (texts or REACH[kind] == "zone")
        if bool(shown) != bool(expected):
            wrong.append(f"{data} («{cell}») is on {shown or 'no page'}")
    assert not wrong, f"{kind}{' on the case' * on_the_case}: " + "; ".join(wrong)


@pytest.mark.parametrize(("kind", "on_the_case"), POSITIONS)
def test_the_pages_let_each_role_write_what_the_table_says(kind, on_the_case, file, somebody, enter):
    client = enter(somebody(kind, on_the_case=on_the_case))
    wrong = []
    for data, (name, field) in FORMS.items():
        answer = client.get(url(name, file))
        drawn = answer.status_code == 200 and f'name="{field}"' in answer.content.decode()
        cell = cells()[data, kind]
        if drawn != writes(cell, on_the_case=on_the_case):
            wrong.append(f"{data} («{cell}»): {name} {'has' if drawn else 'has not'} its form")
    assert not wrong, f"{kind}{' on the case' * on_the_case}: " + "; ".join(wrong)


def test_the_promoters_tutor_sees_the_money_only_where_the_promoter_pays(file, somebody, enter, as_application):
    tutor = somebody(Kind.THIRD_SECTOR_TUTOR, on_the_case=False)
    promoter = factories.organisation(Organisation.Kind.THIRD_SECTOR_BODY, "Cooperativa che paga")
    Role.objects.filter(pk=tutor.role.pk).update(organisation=promoter)
    row, page = file.traineeship, url("month_allowance", file)
    for payer, body, seen in (("host", promoter, 0), ("promoter", None, 0), ("promoter", promoter, 1)):
        row.promoter = body
        row.save()
        row.terms.payer = payer
        row.terms.save()
        with as_application(tutor) as cursor:
            for table in ("traineeships_allowanceterms", "traineeships_monthallowance"):
                cursor.execute(f"select count(*) from {table}")
                assert cursor.fetchone() == (seen,), (table, payer)
            cursor.execute("select app_traineeships_paid()")
            assert len(cursor.fetchone()[0]) == seen
        answer = enter(tutor).get(page)
        assert answer.status_code == (200 if seen else 404)
        assert 'name="determine"' not in answer.content.decode()
        assert enter(tutor).post(page).status_code == 404


def test_a_degree_of_the_table_is_a_degree():
    assert {Degree(name) for name, _kind in cells() if name not in NARROWER.values()} == set(ABOUT_SUBJECTS)
