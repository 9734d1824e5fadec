"""Every page about a person, as each of the people of the scene; and the same at the level of the tables."""

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accanto.access.door import opened
from accanto.access.log import Reading
from accanto.access.relation import open_relation
from accanto.access.role import Kind
from accanto.cases.area import CaseArea
from accanto.cases.assessment import Assessment, AssessmentDomain
from accanto.cases.case_team import CaseMember
from accanto.cases.personal_plan import PersonalPlan, PlanAction
from accanto.cases.referral import Referral
from accanto.people.person import Person
from accanto.people.registry import Registry
from accanto.plan.fund import FundLine
from accanto.plan.operation import Operation
from tests import factories

SECRET_WORDS = ("mental", "mentale", "SEGRETO", "salute")


def every_page(case):
    referral = Referral.objects.get(subject=case.subject)
    plan = PersonalPlan.objects.filter(case=case).first()
    member = CaseMember.objects.filter(case=case).first()
    return [
        ("person", [case.subject_id]), ("registry", [case.subject_id]), ("who_can_see", [case.subject_id]),
        ("another_referral", [case.subject_id]), ("take_charge", [case.subject_id]), ("referral", [referral.pk]),
        ("change_area", [case.pk]), ("hand_over", [case.pk]), ("team", [case.pk]), ("leave_team", [case.pk, member.pk]),
        ("close_case", [case.pk]), ("new_assessment", [case.pk]), ("write_plan", [case.pk]),
        ("new_participation", [case.pk]), ("entry_findings", [case.pk]),
        ("assessment", [Assessment.objects.get(case=case).pk]),
        ("revise_domain", [AssessmentDomain.objects.get(domain="work", subject=case.subject).pk]),
        ("personal_plan", [plan.pk]), ("agree_plan", [plan.pk]),
        ("action_done", [PlanAction.objects.get(plan=plan).pk]),
    ]  # fmt: skip


def test_another_zone_gets_404_everywhere_and_it_is_written_down(enter, case, bruno):
    client = enter(bruno)
    for name, args in every_page(case):
        for method in (client.get, client.post):
            if method == client.get and name in ("leave_team", "action_done"):
                continue
            assert method(reverse(name, args=args)).status_code == 404, name
    refused = set(Reading.objects.filter(user_id=bruno.user.pk, refused=True).values_list("page", flat=True))
    assert {name for name, _args in every_page(case)} <= refused


def test_the_worker_opens_them_all(enter, case, anna):
    client = enter(anna)
    for name, args in every_page(case):
        if name not in ("leave_team", "action_done"):
            assert client.get(reverse(name, args=args)).status_code in (200, 302), name
    assert client.get(reverse("people")).status_code == 200
    assert client.get(reverse("my_day")).status_code == 200


def test_the_person_reads_all_of_their_own_and_writes_nothing(enter, case, own):
    client = enter(own)
    assert client.get(reverse("home"), follow=True).request["PATH_INFO"] == reverse("person", args=[case.subject_id])
    for name, args in every_page(case):
        mine = name in ("person", "who_can_see", "personal_plan", "assessment")
        expected = 200 if mine else 404
        if name not in ("leave_team", "action_done"):
            assert client.get(reverse(name, args=args)).status_code == expected, name
        if not mine and name != "action_done":  # what they had to do they say they did
            assert client.post(reverse(name, args=args)).status_code == 404, name
    page = client.get(reverse("person", args=[case.subject_id])).content.decode()
    for words in ("Vorrei una casa mia", "salute mentale", "Chi ha aperto il mio fascicolo", "Che cosa è successo"):
        assert words in page


def test_the_person_reads_how_they_are_written_down(enter, case, own):
    Person.objects.filter(subject=case.subject).update(email="ida@example.org")
    Registry.objects.filter(subject=case.subject).update(
        sex="F", contact_how="email", language="arabo", needs_mediation=True
    )
    client = enter(own)
    page = client.get(reverse("person", args=[case.subject_id])).content.decode()
    for words in (
        "ida@example.org",
        "donna",
        "Come preferisci",
        "arabo",
        "serve un mediatore",
        "nessuno: decidi e firmi tu",
    ):
        assert words in page, words
    plan = client.get(reverse("personal_plan", args=[case.plans.get().pk])).content.decode()
    for words in ("Il mio progetto", "Che cosa voglio"):
        assert words in plan, words


def test_the_person_sees_who_looked(enter, case, own, anna):
    enter(anna).get(reverse("person", args=[case.subject_id]))
    assert "Anna" in enter(own).get(reverse("person", args=[case.subject_id])).content.decode()


def test_the_operator_reads_work_and_never_the_area(enter, case, operator):
    page = enter(operator).get(reverse("person", args=[case.subject_id])).content.decode()
    assert "MAGAZZINIERA" in page
    assert page.count("Sezione chiusa") == 4
    for word in (*SECRET_WORDS, "INTIMO", "Vorrei una casa mia"):
        assert word not in page, word
    for name, args in every_page(case):
        if name in ("person", "who_can_see", "revise_domain", "leave_team", "action_done"):
            continue
        answer = enter(operator).get(reverse(name, args=args))
        assert answer.status_code == 404, name


def test_the_operator_keeps_the_work_domain_up_to_date(enter, case, operator):
    row = AssessmentDomain.objects.get(domain="work")
    client = enter(operator)
    client.post(reverse("revise_domain", args=[row.pk]), {"text": "PATENTINO MULETTO", "score": "5", "note": ""})
    held = AssessmentDomain.objects.standing().get(domain="work")
    assert (held.text, held.score, held.recorded_by) == ("PATENTINO MULETTO", 5, operator.user)
    assert client.get(reverse("revise_domain", args=[row.pk])).status_code == 404
    personal = AssessmentDomain.objects.get(domain="personal")
    assert client.get(reverse("revise_domain", args=[personal.pk])).status_code == 404


TABLES = {
    "cases_casearea": {Kind.SOCIAL_WORKER, Kind.PERSON},
    "cases_referralorigin": {Kind.SOCIAL_WORKER, Kind.PERSON},
    "cases_assessment": {Kind.SOCIAL_WORKER, Kind.PERSON},
    "cases_personalplan": {Kind.SOCIAL_WORKER, Kind.PERSON},
    "cases_plangoal": {Kind.SOCIAL_WORKER, Kind.PERSON},
    "cases_plansupport": {Kind.SOCIAL_WORKER, Kind.PERSON},
    "cases_planaction": {Kind.SOCIAL_WORKER, Kind.PERSON},
    "cases_plansignature": {Kind.SOCIAL_WORKER, Kind.PERSON},
    "cases_participation": {Kind.SOCIAL_WORKER, Kind.PERSON},
    "cases_case": {Kind.SOCIAL_WORKER, Kind.PERSON, Kind.EMPLOYMENT_OPERATOR},
    "cases_casemember": {Kind.SOCIAL_WORKER, Kind.PERSON, Kind.EMPLOYMENT_OPERATOR},
    "cases_referral": {Kind.SOCIAL_WORKER, Kind.PERSON, Kind.EMPLOYMENT_OPERATOR},
    "people_registry": {Kind.SOCIAL_WORKER, Kind.PERSON, Kind.EMPLOYMENT_OPERATOR, Kind.THIRD_SECTOR_TUTOR},
}


@pytest.fixture
def everybody(mugello, case, anna, own, operator, tutor, bruno, officer):
    now = timezone.now()
    line = FundLine.objects.create(code="prova", name="Linea di prova")
    operation = Operation.objects.create(
        cup="D00",
        title="Prova",
        fund_line=line,
        zone=mugello,
        starts=case.opened_on,
        ends=case.opened_on,
        hourly_rate=4,
    )
    from accanto.cases import participation

    participation.enter(case=case, operation=operation, starts=case.opened_on, entry={}, by=anna, now=now)
    host = factories.user("host", Kind.HOST_TUTOR, organisation=factories.organisation("host", "Vivaio di prova"))
    for acting in (tutor, host):
        open_relation(subject=case.subject, kind=acting.kind, user=acting.user, reason="tutor", by=anna, now=now)
    return [anna, own, operator, tutor, host, bruno, officer]


def test_each_table_opens_only_to_those_it_is_for(enter, everybody, bruno):
    for acting in everybody:
        token = enter(acting).session.session_key
        for table, kinds in TABLES.items():
            with opened(token=token, writing=False), connection.cursor() as cursor:
                cursor.execute(f"select count(*) from {table}")
                seen = cursor.fetchone()[0] > 0
            assert seen == (acting.kind in kinds and acting != bruno), (str(acting.user), table)


def test_the_operator_sees_two_domains_of_six(enter, case, operator):
    with opened(token=enter(operator).session.session_key, writing=False):
        assert set(AssessmentDomain.objects.values_list("domain", flat=True)) == {"work"}


def test_the_area_is_in_no_address_title_or_list(enter, case, anna):
    client = enter(anna)
    for url in (reverse("people"), reverse("my_day")):
        page = client.get(url).content.decode()
        assert not any(word in page for word in SECRET_WORDS), url
    found = client.post(reverse("search"), {"q": "Prova Ida"}).content.decode()
    assert "Ida0" in found
    assert not any(word in found for word in SECRET_WORDS)
    page = client.get(reverse("person", args=[case.subject_id])).content.decode()
    title = page[page.index("<title>") : page.index("</title>")]
    assert not any(word in title for word in SECRET_WORDS)
    assert CaseArea.objects.get().area == "mental_health"
