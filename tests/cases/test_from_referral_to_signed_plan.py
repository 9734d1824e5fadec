"""The journey of a social worker with ten minutes: from a name on the telephone to a signed plan."""

import datetime as dt

from django.urls import reverse
from django.utils import timezone

from accanto.access.log import Act
from accanto.cases.case import Case
from accanto.cases.personal_plan import PersonalPlan
from accanto.cases.referral import Referral
from tests.cases.scene import Worker

MOST_INPUTS = 15


def test_the_journey_takes_at_most_fifteen_inputs(enter, anna):
    soon = (timezone.localdate() + dt.timedelta(days=30)).isoformat()
    worker = Worker(enter(anna)).open(reverse("home"))

    worker.submit("q", q="Prova Dario")
    assert "Nessuna persona della zona" in worker.page
    worker.submit("begun_from")
    worker.submit(
        "channel",
        fiscal_code="PRVDRA90E03D612Y",
        channel="third_sector_body",
        need="Ha perso il lavoro e la casa è in sfratto.",
    )
    worker.follow("Accogli e prendi in carico")
    worker.submit("area", area="disadvantage")
    worker.submit("outcome", work_text="Dieci anni in magazzino, patente B.", outcome="complex")
    worker.submit(
        "own_words_1",
        own_words_1="Vorrei lavorare di nuovo",
        result_1="Un contratto di almeno sei mesi",
        supports=["traineeship"],
        action_1="Si presenta al centro per l’impiego",
        action_due_1=soon,
    )
    worker.submit("signers")

    plan = PersonalPlan.objects.get()
    assert plan.agreed_on == timezone.localdate()
    assert {row.signer for row in plan.signatures.all()} == {"person", "manager"}
    assert "Vorrei lavorare di nuovo" in worker.page
    assert worker.touched <= MOST_INPUTS, worker.touched


def test_nothing_the_code_says_is_asked(enter, anna):
    worker = Worker(enter(anna)).open(reverse("new_referral"))
    worker.submit(
        "channel",
        family_name="Prova",
        given_name="Dario",
        fiscal_code="prv dra 90e03 d612y",
        channel="school",
        need="x",
    )
    registry = Referral.objects.get().person.registry
    assert (registry.fiscal_code, registry.birth_date, registry.sex) == ("PRVDRA90E03D612Y", dt.date(1990, 5, 3), "M")
    assert registry.birth_place == "Firenze"


def test_what_is_missing_is_said_all_at_once(enter, anna):
    answer = enter(anna).post(reverse("new_referral"), {"fiscal_code": "PRVDRA90E03D612X", "received_on": "2999-01-01"})
    page = answer.content.decode()
    assert answer.status_code == 200
    for sentence in ("Correggi 6 campi", "errore di battitura", "Non può essere dopo oggi"):
        assert sentence in page
    assert not Referral.objects.exists()


def test_a_referral_not_accepted_says_why(enter, anna):
    client = enter(anna)
    worker = Worker(client).open(reverse("new_referral"))
    worker.submit("channel", family_name="Prova", given_name="Ida", channel="school", need="x")
    referral = Referral.objects.get()
    worker.submit("reason", reason="other_zone")
    referral.refresh_from_db()
    assert (referral.outcome, referral.reason) == ("not_accepted", "other_zone")
    assert Act.objects.filter(verb="decline", subject_id=referral.subject_id).exists()
    again = client.post(reverse("referral", args=[referral.pk]), {"reason": "declined"}, follow=True)
    assert "già risposto" in again.content.decode()


def test_the_same_fiscal_code_is_told_with_its_owner(enter, anna):
    worker = Worker(enter(anna))
    for _time in range(2):
        worker.open(reverse("new_referral"))
        worker.submit(
            "channel",
            family_name="Prova",
            given_name="Dario",
            fiscal_code="PRVDRA90E03D612Y",
            channel="school",
            need="x",
        )
    assert "è già nella zona" in worker.page
    assert reverse("person", args=[Referral.objects.get().subject_id]) in worker.page


def test_two_zones_may_know_the_same_person_and_neither_learns_it(enter, anna, bruno):
    for acting in (anna, bruno):
        worker = Worker(enter(acting)).open(reverse("new_referral"))
        worker.submit(
            "channel",
            family_name="Prova",
            given_name="Dario",
            fiscal_code="PRVDRA90E03D612Y",
            channel="school",
            need="x",
        )
        assert "già nella zona" not in worker.page
    assert Referral.objects.count() == 2


def test_taking_charge_twice_is_refused_kindly(enter, anna):
    worker = Worker(enter(anna)).open(reverse("new_referral"))
    worker.submit("channel", family_name="Prova", given_name="Ida", channel="school", need="x")
    worker.follow("Accogli e prendi in carico")
    take = worker.url
    worker.submit("area", area="disability")
    again = worker.client.post(
        take, {"area": "prison", "manager": anna.user.pk, "opened_on": "2020-01-01"}, follow=True
    )
    assert "già in carico" in again.content.decode()
    assert Case.objects.count() == 1
