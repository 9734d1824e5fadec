"""On a region of twelve thousand people no page of every day reads a whole table, seen as the application sees it.

PostgreSQL itself counts the whole readings of each table, those inside its functions too."""

from django.db import connection
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from accanto.access.role import Acting, Role
from accanto.access.user import User
from accanto.cases.meeting import Sitting
from accanto.demonstration import cast, multiply
from accanto.demonstration.constraints import FOREIGN_KEYS, alter
from accanto.people.person import Person
from accanto.traineeships.monthly_close import MonthlyClose
from accanto.web import agenda
from accanto.web.file_parts import FILE
from tests.demonstration.scene import WithThePack, ask, fill

LIVES, COPIES, MANY = 300, 40, 3000
# not read by these pages: left at one copy, so that the scene is made in a few seconds
LEFT = ("access_act", "access_reading", "cases_assessmentdomain", "cases_plangoal", "cases_plansupport")


def multiplied(first):
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        tables = sorted(first)
        statements = [
            multiply.statement(cursor, table, first, tables)
            for table in tables
            if table not in (*multiply.WITH_NAMES, *LEFT)
        ]
        # not checked row by row: all is undone at the end
        cursor.execute(FOREIGN_KEYS, [tables])
        alter(cursor, cursor.fetchall(), 'drop constraint "{name}"')
        for statement in statements:
            cursor.execute(statement, [1, COPIES - 1])
        multiply.other_people(cursor.cursor, seed="prova", copies=COPIES, first=first)
        for table in tables:
            cursor.execute(f"analyze {table}")


def told(row):
    return {name: value for name, value in vars(row).items() if name != "_state"}


class ReadThroughIndexes(WithThePack):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        _rows, first = fill(people=LIVES, today=timezone.localdate(), days_back=14)
        multiplied(first)
        cls.big = [table for table in first if ask(f"select count(*) from {table}")[0][0] > MANY]

    def enter(self, part):
        user = User.objects.get(username=cast.CAST[part][0])
        self.client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        session = self.client.session
        session["role"] = Role.objects.filter(user=user).earliest("pk").pk
        session.save()
        return user

    def read_whole(self, ask_page):
        """The big tables that a page reads from end to end."""
        before = self.counted()
        answer = ask_page()
        assert answer.status_code == 200
        return [table for table, times in self.counted().items() if times > before.get(table, 0)]

    def counted(self):
        rows = ask("select relname, seq_scan from pg_stat_xact_user_tables where relname = any(%s)", self.big)
        return dict(rows)

    def test_the_region_is_big_enough_to_tell(self):
        assert {"people_person", "people_searchkey", "cases_case", "cases_planaction", "access_subject"} <= set(
            self.big
        )

    def test_a_table_read_from_end_to_end_is_noticed(self):
        def page():
            ask("select count(*) from people_person where phone = '1'")
            return HttpResponse()

        assert self.read_whole(page) == ["people_person"]

    def test_the_list_the_day_and_the_search_of_a_social_worker(self):
        user = self.enter("social_worker")
        name = Person.objects.filter(cases__manager=user).earliest("pk").family_name

        assert self.read_whole(lambda: self.client.get(reverse("people"))) == []
        assert self.read_whole(lambda: self.client.get(reverse("my_day"))) == []
        for text in (name[:3], name, f"{name[:-1]}k", "zzzq wwwk"):
            assert self.read_whole(lambda text=text: self.client.post(reverse("search"), {"q": text})) == [], text

    def test_the_file_of_a_person(self):
        user = self.enter("social_worker")
        subject = Person.objects.filter(cases__manager=user).latest("pk").subject_id

        assert self.read_whole(lambda: self.client.get(reverse("person", args=[subject]))) == []

    def test_what_is_read_in_one_statement_is_what_its_tables_hold(self):
        user = self.enter("social_worker")
        acting = Acting(user=user, role=Role.objects.filter(user=user).earliest("pk"))
        people = Person.objects.within(acting).filter(cases__isnull=False).order_by("pk").distinct()[:40]
        filled, given = set(), agenda.days(timezone.localdate())
        closes = MonthlyClose.objects.standing().filter(month=given["last_month"]).order_by("id")
        for subject in people.values_list("subject_id", flat=True):
            with self.assertNumQueries(1):
                found = FILE.of([subject], acting=acting, **given)
            assert [row.pk for row in found["closes"]] == [row.pk for row in closes.within(acting).of(subject)]
            for name, part in FILE.items():
                if name == "closes":  # its month comes with the page
                    continue
                apart = [told(row) for row in part.rows.within(acting).of(subject)][: part.most]
                assert [told(row) for row in found[name]] == apart, name
                filled |= {name} if apart else set()
        assert {"assessments", "goals", "benefit_facts", "traineeships", "meetings", "notices"} <= filled

    def test_the_week_of_a_tutor(self):
        self.enter("tutor")

        assert self.read_whole(lambda: self.client.get(reverse("week"))) == []

    def test_the_day_of_every_role(self):
        # an administrator looks through all the accounts: in a region they are some thousands
        for part in ("employment_operator", "tutor", "host_tutor", "planner", "officer", "person"):
            self.enter(part)
            assert self.read_whole(lambda: self.client.get(reverse("my_day"))) == [], part

    def test_the_sittings_of_a_zone_and_the_meetings_around_a_person(self):
        user = self.enter("social_worker")
        subject = Person.objects.filter(cases__manager=user).earliest("pk").subject_id
        sitting = Sitting.objects.filter(zone=Role.objects.filter(user=user).earliest("pk").zone).earliest("pk")

        assert self.read_whole(lambda: self.client.get(reverse("sittings"))) == []
        assert self.read_whole(lambda: self.client.get(reverse("sitting", args=[sitting.pk]))) == []
        assert self.read_whole(lambda: self.client.get(reverse("person_meetings", args=[subject]))) == []
