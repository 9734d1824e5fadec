"""The planner enters a worker, their contract and their absences on the pages; nobody else finds them."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse

from accanto.access.role import Kind
from accanto.staffing.absence import Absence
from accanto.staffing.contract import Contract
from accanto.staffing.worker import Worker
from tests import factories
from tests.staffing.test_read_the_staff_of_the_zones import text_of

CONTRACT = {"employer": "zone_body", "kind": "permanent", "weekly_hours": "36", "starts": "01/02/2020"}


def enter_worker(client, **said):
    answer = client.post(reverse("new_worker"), {"profession": "social_worker"} | said)
    return answer, Worker.objects.order_by("-pk").first()


def test_from_the_worker_to_the_contract_to_the_list(mugello, planner, enter):
    client = enter(planner)
    assert "inserisci un operatore e il suo contratto" in text_of(client.get(reverse("workers")))
    answer, worker = enter_worker(client, name="Lia Prova")
    assert answer["Location"] == reverse("new_contract", args=[worker.pk])
    without = client.get(reverse("workers"), {"show": "none"}).content.decode()
    assert reverse("new_contract", args=[worker.pk]) in without
    assert reverse("withdraw_worker", args=[worker.pk]) in without
    assert client.post(answer["Location"], CONTRACT | {"weekly_hours": "30,5"}).status_code == 302
    words = text_of(client.get(reverse("workers")))
    assert "AS-0001, Lia Prova assistente sociale Tempo indeterminato, ente dell’ambito, dal 01/02/2020 30,5" in words
    assert Contract.objects.get().weekly_hours == Decimal("30.5")


def test_a_contract_is_corrected_and_the_one_before_is_still_read(mugello, planner, enter):
    client = enter(planner)
    row = factories.contract(factories.worker(mugello, by=planner), hours="18", by=planner)
    said = CONTRACT | {"starts": "01/01/2020", "weekly_hours": "18", "ends": "30/06/2026"}
    assert client.post(reverse("correct_contract", args=[row.pk]), said).status_code == 302
    words = text_of(client.get(reverse("worker", args=[row.worker_id])))
    assert "dal 01/01/2020 al 30/06/2026" in words
    assert "1 com’era scritto prima" in words
    assert client.get(reverse("correct_contract", args=[row.pk])).status_code == 404


def test_each_mistake_is_told_beside_its_field(mugello, versilia, planner, enter):
    client, worker = enter(planner), factories.worker(mugello, by=planner)
    address = reverse("new_contract", args=[worker.pk])
    answer = client.post(address, CONTRACT | {"employer": "cooperative", "ends": "01/01/2019"})
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"kind", "ends"}
    answer = client.post(address, CONTRACT | {"employer": "municipality"})
    assert "Manca il comune che lo impiega. Scegli il comune." in text_of(answer)
    elsewhere = factories.municipality(versilia)
    answer = client.post(address, CONTRACT | {"employer": "municipality", "municipality": elsewhere.pk})
    assert set(answer.context["form"].errors) == {"municipality"}
    answer = client.post(address, {"weekly_hours": "ottanta", "starts": "ieri"})
    assert set(answer.context["form"].errors) == {"employer", "kind", "weekly_hours", "starts"}
    assert not Contract.objects.exists()


def test_contracts_over_full_time_are_told_and_not_refused(mugello, planner, enter):
    client, worker = enter(planner), factories.worker(mugello, by=planner)
    for hours in ("20", "18"):
        assert (
            client.post(reverse("new_contract", args=[worker.pk]), CONTRACT | {"weekly_hours": hours}).status_code
            == 302
        )
    words = text_of(client.get(reverse("worker", args=[worker.pk])))
    assert "più contratti insieme fanno 38 ore la settimana, oltre le 36" in words
    assert "fonte non verificata: avverte e non blocca" in words
    assert "oltre il tempo pieno" in text_of(client.get(reverse("workers")))


def test_an_absence_is_written_corrected_and_taken_away(mugello, planner, enter):
    client, worker = enter(planner), factories.worker(mugello, by=planner)
    factories.contract(worker, by=planner)
    address = reverse("new_absence", args=[worker.pk])
    assert client.post(address, {"kind": "unpaid_leave", "starts": "01/01/2025"}).status_code == 302
    row = Absence.objects.get()
    assert "Correggi quella" in text_of(client.post(address, {"kind": "unpaid_leave", "starts": "01/02/2025"}))
    said = {"kind": "unpaid_leave", "starts": "01/01/2025", "ends": "31/03/2025"}
    assert client.post(reverse("correct_absence", args=[row.pk]), said).status_code == 302
    words = text_of(client.get(reverse("full_time_year", args=[2025])))
    assert "assistenti sociali a tempo pieno, in media: 0,75 ." in words
    assert "Un’assenza che si toglie: aspettativa non retribuita." in words
    row = Absence.objects.standing().get()
    assert client.get(reverse("withdraw_absence", args=[row.pk])).status_code == 200
    assert client.post(reverse("withdraw_absence", args=[row.pk])).status_code == 302
    assert "assistenti sociali a tempo pieno, in media: 1 ." in text_of(
        client.get(reverse("full_time_year", args=[2025]))
    )


def test_every_contract_says_why_it_counts_or_not(mugello, planner, enter):
    town = factories.municipality(mugello, "Borgo di prova")
    for more in (
        {"coordinates": True},
        {"kind": "fixed_term"},
        {"employer": "cooperative", "kind": "outsourced"},
        {"employer": "health_authority", "municipality": town},
        {"employer": "health_authority", "cost_refunded": True},
    ):
        factories.contract(factories.worker(mugello, by=planner), by=planner, **more)
    client = enter(planner)
    words = text_of(client.get(reverse("full_time_year", args=[2025])))
    for told in (
        "assistenti sociali a tempo pieno, in media: 2 . Persone al 31 dicembre: 2",
        "Fa anche coordinamento: conta per tutto il tempo. ST-24",
        "ASL con costo rimborsato: conta. AD-08",
        "Un contratto a termine o di somministrazione non conta. ST-20",
        "Un assistente sociale esternalizzato non conta. ST-25",
        "Il personale ASL conta solo se il costo è rimborsato dall&#x27;ente che lo usa. ST-22",
        "Il foglio ministeriale per il tempo pieno equivalente non è stato letto",
    ):
        assert told in words, told


@pytest.mark.parametrize(
    "asked", [{"reading": "x"}, {"of": "\x00"}, {"of": "999999"}, {"reading": "days", "of": "ente"}]
)
def test_what_a_stranger_asks_of_the_year_is_no_trouble(mugello, planner, enter, asked):
    factories.contract(factories.worker(mugello, by=planner), by=planner)
    assert enter(planner).get(reverse("full_time_year", args=[2025]), asked).status_code == 200


@pytest.mark.parametrize("year", [0, 1999, 9999, 10**18])
def test_a_year_out_of_sense_is_not_there(planner, enter, year):
    assert enter(planner).get(reverse("full_time_year", args=[year])).status_code == 404


def test_a_worker_written_by_mistake_is_taken_away(mugello, planner, enter):
    client, worker = enter(planner), factories.worker(mugello, by=planner)
    row = factories.contract(worker, by=planner)
    address = reverse("withdraw_worker", args=[worker.pk])
    assert client.get(address).status_code == 404  # there is a contract
    assert client.post(reverse("withdraw_contract", args=[row.pk])).status_code == 302
    assert client.get(address).status_code == 200
    assert client.post(address).status_code == 302
    assert client.get(reverse("worker", args=[worker.pk])).status_code == 404


def test_a_name_is_changed(mugello, planner, enter):
    worker = factories.worker(mugello, by=planner)
    assert enter(planner).post(reverse("worker", args=[worker.pk]), {"name": "Ada Prova"}).status_code == 302
    worker.refresh_from_db()
    assert str(worker) == "AS-0001, Ada Prova"


@pytest.mark.parametrize("value", ["\x00", "9" * 400, "NaN", "<b>", "٣", "nul\x00la", "-1"])
def test_no_input_breaks_the_forms(mugello, planner, enter, value):
    client, worker = enter(planner), factories.worker(mugello, by=planner)
    forms = {
        reverse("new_worker"): {"profession": "social_worker", "code": "", "name": ""},
        reverse("new_contract", args=[worker.pk]): CONTRACT
        | {"ends": "", "municipality": "", "cost_source": "", "act": ""},
        reverse("new_absence", args=[worker.pk]): {"kind": "illness", "starts": "01/02/2025", "ends": ""},
        reverse("worker", args=[worker.pk]): {"name": ""},
    }
    for address, said in forms.items():
        for name in said:
            assert client.post(address, said | {name: value}).status_code in (302, 422), (address, name)
    for address in (f"{reverse('workers')}?show={value}", f"{reverse('workers')}?after={value}"):
        assert client.get(address.replace("\x00", "%00")).status_code == 200


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind != Kind.ZONE_PLANNER])
def test_to_the_others_these_pages_are_not_there(mugello, planner, enter, kind):
    absence = factories.absence_of(mugello)
    client = enter(factories.user(f"somebody_{kind}", kind, zone=mugello))
    contract = absence.worker.contracts.get()
    for name, args in (
        ("workers", []), ("new_worker", []), ("worker", [absence.worker_id]), ("new_contract", [absence.worker_id]),
        ("correct_contract", [contract.pk]), ("new_absence", [absence.worker_id]), ("correct_absence", [absence.pk]),
        ("full_time_year", [2025]),
    ):  # fmt: skip
        assert client.get(reverse(name, args=args)).status_code == 404, name


def test_another_zone_finds_nothing(mugello, other_planner, enter):
    absence = factories.absence_of(mugello)
    client, contract = enter(other_planner), absence.worker.contracts.get()
    for name, pk in (
        ("worker", absence.worker_id), ("new_contract", absence.worker_id), ("new_absence", absence.worker_id),
        ("correct_contract", contract.pk), ("withdraw_contract", contract.pk), ("correct_absence", absence.pk),
        ("withdraw_absence", absence.pk),
    ):  # fmt: skip
        assert client.get(reverse(name, args=[pk])).status_code == 404, name
        assert client.post(reverse(name, args=[pk]), CONTRACT).status_code == 404, name
    assert str(absence.worker) not in client.get(reverse("workers"), {"show": "all"}).content.decode()


def test_the_lists_ask_the_same_queries_for_three_workers_and_for_thirty(mugello, planner, enter, same_queries):
    client = enter(planner)

    def more(count):
        for _ in range(count):
            worker = factories.worker(mugello, by=planner)
            factories.contract(worker, hours="18", by=planner)
            Absence.objects.create(
                worker=worker, zone=mugello, kind="illness", starts=dt.date(2025, 1, 1), recorded_at=worker.entered_at
            )

    more(3)
    addresses = [
        reverse("workers"),
        reverse("full_time_year", args=[2025]),
        reverse("staffing_return", args=["mugello", 2026]),
    ]
    same_queries(lambda: [client.get(address) for address in addresses], more=lambda: more(27))
