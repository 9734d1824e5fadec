"""A referral accepted waits for its team, with a reason; then it is taken in charge, or leaves the list."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from accanto.cases import referral_wait
from accanto.cases.case import Case
from accanto.cases.received_referral import ReceivedReferral, ReferralTriage
from accanto.cases.referral import Referral, refer
from accanto.cases.referral_wait import ReferralWait
from accanto.people import person as people
from tests import factories
from tests.cases.scene import Worker


@pytest.fixture
def worker(enter, anna):
    return Worker(enter(anna))


@pytest.fixture
def make_referral(mugello, anna):
    def make(n=0):
        now = timezone.now()
        person = people.register(zone_id=mugello.pk, given_name=f"Ida{n}", family_name="Prova", by=anna, now=now)
        return refer(
            person=person, channel="school", need="x", received_on=timezone.localdate(), by=anna, now=now
        )  # fmt: skip

    return make


def put(worker, referral, reason="team_full"):
    worker.open(reverse("referral", args=[referral.pk])).follow("Accogli e metti in lista")
    return worker.submit("reason", reason=reason)


def test_from_the_list_to_the_case(worker, make_referral, anna):
    referral = make_referral()
    sent = factories.received_referral(referral.subject, by=anna)
    ReferralTriage.objects.create(
        subject=sent.subject, zone=sent.zone, received=sent, referral=referral, new_person=True,
        recorded_at=timezone.now(), recorded_by=anna.user,
    )  # fmt: skip
    put(worker, referral)
    assert "l’équipe non ha posto" in worker.page.lower()
    assert Referral.objects.get().outcome == "accepted"
    assert ReceivedReferral.objects.get().outcome == "accepted"
    assert "Ida0" in worker.open(reverse("referrals") + "?show=list").page
    assert "prima di tutti" in worker.open(reverse("my_day")).page
    assert "Lista d’attesa" in worker.open(reverse("person", args=[referral.subject_id])).page
    worker.open(reverse("take_charge", args=[referral.subject_id])).submit("area", area="disability")
    case, wait = Case.objects.get(), ReferralWait.objects.get()
    assert case.referral == referral
    assert (wait.ends, wait.ending) == (timezone.localdate(), "started")


def test_another_reason_is_another_row(worker, make_referral):
    put(worker, make_referral()).follow("Cambia il motivo").submit("reason", reason="papers")
    rows = ReferralWait.objects.order_by("id").values_list("reason", "ending")
    assert list(rows) == [("team_full", "other_reason"), ("papers", "")]
    worker.follow("Cambia il motivo").submit("reason", reason="papers")
    assert ReferralWait.objects.count() == 2


def test_out_of_the_list_with_a_reason(worker, make_referral):
    referral = make_referral()
    put(worker, referral).follow("Cambia il motivo")
    worker.submit("ending")
    assert ReferralWait.objects.live().exists()
    worker.open(reverse("referral_wait", args=[referral.pk])).submit("ending", ending="declined")
    assert ReferralWait.objects.get().ending == "declined"
    assert "Nessuno è in lista" in worker.open(reverse("referrals") + "?show=list").page
    with pytest.raises(referral_wait.NoLongerWaiting):
        referral_wait.leave(wait=ReferralWait.objects.get(), ending="moved", on=None, by=None, now=None)


@pytest.mark.parametrize("sent", [{}, {"reason": ""}, {"reason": "x" * 999}, {"reason": "nul\x00la"},
                                  {"ending": "declined"}, {"ending": "started"}])  # fmt: skip
def test_what_is_not_a_reason_writes_nothing(worker, make_referral, sent):
    answer = worker.client.post(reverse("referral_wait", args=[make_referral().pk]), sent)
    assert answer.status_code == 200
    assert not ReferralWait.objects.exists()
    assert Referral.objects.get().outcome == ""


def test_the_oldest_comes_first_in_the_list(worker, make_referral, anna):
    for n, ago in enumerate((3, 40, 11)):
        on, now = timezone.localdate() - dt.timedelta(days=ago), timezone.now()
        referral_wait.put_in_list(referral=make_referral(n), reason="papers", on=on, by=anna, now=now)
    page = worker.open(reverse("referrals") + "?show=list").page
    assert page.index("Ida1") < page.index("Ida2") < page.index("Ida0")
    assert "40 giorni" in page
    mine = worker.open(reverse("my_day")).page
    assert "Ida1" in mine


def test_who_is_of_another_zone_sees_no_list(worker, make_referral, enter, bruno):
    referral = make_referral()
    put(worker, referral)
    client = enter(bruno)
    assert "Ida0" not in client.get(reverse("referrals") + "?show=list").content.decode()
    assert client.get(reverse("referral_wait", args=[referral.pk])).status_code == 404


def test_the_list_asks_the_same_queries(worker, make_referral, anna, same_queries):
    made = iter(range(100))

    def more(n=27):
        for _ in range(n):
            today, now = timezone.localdate(), timezone.now()
            referral_wait.put_in_list(referral=make_referral(next(made)), reason="papers", on=today, by=anna, now=now)

    more(3)
    same_queries(lambda: worker.client.get(reverse("referrals") + "?show=list"), more=more)
    same_queries(lambda: worker.client.get(reverse("my_day")), more=more)
