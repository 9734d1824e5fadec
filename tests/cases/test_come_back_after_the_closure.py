"""After the end of a case: what somebody does six months later, and the same person again."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from accanto.access.role import Kind
from accanto.cases import case as cases
from accanto.cases.assessment import assess
from accanto.cases.case import Case
from accanto.cases.follow_up import CaseFollowUp
from accanto.norms.days import add_months
from accanto.people import person as people
from tests import factories
from tests.cases.scene import Worker


@pytest.fixture
def worker(enter, anna):
    return Worker(enter(anna))


@pytest.fixture
def closed(mugello, anna):
    def make(*, months=7, reason="goals_reached", n=0):
        now, day = timezone.now(), add_months(timezone.localdate(), -months)
        person = people.register(zone_id=mugello.pk, given_name=f"Ada{n}", family_name="Prova", by=anna, now=now)
        case = cases.open_case(
            person=person, manager=anna.user, on=day - dt.timedelta(days=200), area="prison", by=anna, now=now
        )
        return cases.close_case(case=case, on=day, reason=reason, outcome="job", by=anna, now=now)

    return make


def test_a_reopened_case_is_tied_to_the_former_and_keeps_it(worker, closed):
    former = closed()
    worker.open(reverse("person", args=[former.subject_id])).follow("Riapri il caso")
    assert "obiettivi raggiunti" in worker.page
    worker.submit("area")  # the area is the former's, already chosen
    case = Case.objects.open().get()
    assert (case.former, case.area.area, case.opened_on) == (former, "prison", timezone.localdate())
    former.refresh_from_db()
    assert former.closing_reason == "goals_reached"
    assert "Di nuovo in carico" in worker.open(reverse("person", args=[case.subject_id])).page


def test_a_case_does_not_begin_before_the_former_ended(worker, closed):
    former = closed()
    day = former.closed_on - dt.timedelta(days=1)
    worker.open(reverse("reopen_case", args=[former.pk])).submit("opened_on", opened_on=day.isoformat())
    assert "Non può essere prima del" in worker.page
    assert not Case.objects.open().exists()


def test_two_open_cases_of_the_same_person_are_refused(worker, closed):
    former = closed()
    worker.open(reverse("reopen_case", args=[former.pk])).submit("area")
    for name, key in (("reopen_case", former.pk), ("take_charge", former.subject_id)):
        assert "già in carico" in worker.open(reverse(name, args=[key])).page
    assert Case.objects.open().count() == 1


def test_a_new_referral_after_a_mistake_ties_to_the_case_before_it(worker, closed, anna):
    former = closed()
    now, today = timezone.now(), timezone.localdate()
    wrong = cases.open_case(person=former.person, manager=anna.user, on=today, former=former, by=anna, now=now)
    cases.close_case(case=wrong, on=today, reason="mistake", outcome="none", by=anna, now=now)
    worker.open(reverse("take_charge", args=[former.subject_id])).submit("area")
    assert Case.objects.open().get().former == former


def test_the_outcome_after_six_months_is_recorded_once_and_corrected_by_another_row(worker, closed):
    case = closed(months=6)
    assert "sei mesi dopo la chiusura" in worker.open(reverse("my_day")).page
    worker.follow("Registra").submit("outcome", outcome="working")
    assert CaseFollowUp.objects.get().outcome == "working"
    assert "sei mesi dopo la chiusura" not in worker.open(reverse("my_day")).page
    assert "lavora, il" in worker.open(reverse("person", args=[case.subject_id])).page
    worker.open(reverse("follow_up", args=[case.pk])).submit("outcome", outcome="neither")
    assert CaseFollowUp.objects.standing().get().outcome == "neither"
    assert CaseFollowUp.objects.count() == 2


@pytest.mark.parametrize(("months", "reason"), [(5, "goals_reached"), (8, "died"), (8, "mistake"), (8, "moved")])
def test_whom_nobody_asks(worker, closed, months, reason):
    case = closed(months=months, reason=reason)
    assert "sei mesi dopo la chiusura" not in worker.open(reverse("my_day")).page
    answer = worker.client.post(reverse("follow_up", args=[case.pk]), {"outcome": "working", "day": "2026-01-01"})
    assert answer.status_code == 302
    assert not CaseFollowUp.objects.exists()


@pytest.mark.parametrize(
    "sent", [{}, {"outcome": "working"}, {"outcome": "boh"}, {"day": "9999-12-31"}, {"day": "0001-01-01"},
             {"outcome": "nul\x00la"}]
)  # fmt: skip
def test_what_is_wrong_is_said_and_nothing_is_written(worker, closed, sent):
    case = closed()
    said = {"outcome": "working", "day": "x"} | sent
    assert worker.client.post(reverse("follow_up", args=[case.pk]), said).status_code == 200
    assert not CaseFollowUp.objects.exists()


def test_nobody_of_another_zone_reopens_or_asks(closed, enter, bruno):
    case, client = closed(), enter(bruno)
    for name in ("reopen_case", "follow_up"):
        assert client.get(reverse(name, args=[case.pk])).status_code == 404
        assert client.post(reverse(name, args=[case.pk]), {"outcome": "working"}).status_code == 404


def test_my_day_asks_the_same_queries_however_many_are_to_ask(worker, closed, same_queries):
    made = iter(range(100))

    def more(n=12):
        for _ in range(n):
            closed(n=next(made))

    more(2)
    same_queries(lambda: worker.client.get(reverse("my_day")), more=more)


def test_a_reopened_case_begins_anew_in_the_lists_and_in_the_day(worker, make_case, anna):
    former = make_case()
    for choice in ("unassessed", "unplanned"):
        assert "Prova Ida0" not in worker.open(f"{reverse('people')}?show={choice}").page
    cases.close_case(
        case=former, on=former.opened_on, reason="goals_reached", outcome="job", by=anna, now=timezone.now()
    )  # fmt: skip
    worker.open(reverse("reopen_case", args=[former.pk])).submit("area")
    for choice in ("unassessed", "unplanned"):
        assert "Prova Ida0" in worker.open(f"{reverse('people')}?show={choice}").page
    page = worker.open(reverse("my_day")).page
    assert "Manca l’analisi preliminare" in page
    assert "Chiede all’agenzia" not in page  # a commitment of the former plan


def test_the_file_says_how_the_person_came(worker, case):
    worker.open(reverse("person", args=[case.subject_id])).follow("Segnalazione")
    assert "SEGRETO" in worker.page


def test_the_domains_of_the_former_case_say_so(worker, enter, closed, anna, mugello):
    former = closed()
    told = {"work": {"text": "MAGAZZINIERA", "score": 4, "note": ""}}
    words = f"del caso di prima, chiuso il {former.closed_on:%d/%m/%Y}"
    assess(case=former, kind="preliminary", day=former.opened_on, outcome="complex", domains=told, by=anna,
           now=timezone.now() - dt.timedelta(days=300))  # fmt: skip
    file = reverse("person", args=[former.subject_id])
    operator = Worker(enter(factories.user("operator", Kind.EMPLOYMENT_OPERATOR, zone=mugello)))
    assert words not in worker.open(file).page
    now, today = timezone.now(), timezone.localdate()
    case = cases.open_case(person=former.person, manager=anna.user, on=today, former=former, by=anna, now=now)
    for reader in (worker, operator):
        assert words in reader.open(file).page
        assert "MAGAZZINIERA" in reader.page
    told["work"]["text"] = "GIARDINIERA"
    assess(case=case, kind="preliminary", day=today, outcome="complex", domains=told, by=anna, now=now)
    for reader in (worker, operator):
        assert "GIARDINIERA" in reader.open(file).page
        assert words not in reader.page
