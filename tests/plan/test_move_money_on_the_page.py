"""The planner and the regional officer follow the money on the pages: move, reverse, tell, look at where it went."""

import datetime as dt
import re
from decimal import Decimal
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest
from django.urls import reverse
from django.utils import timezone

from accanto.plan.cumulative_figure import CumulativeFigure
from accanto.plan.movement import Movement, Place
from accanto.web import deadlines
from accanto.web.parts.flow import Stream, flow, grouped
from tests import factories

YEAR = timezone.localdate().year


def text_of(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).replace("\u00a0", " ").split())


@pytest.fixture
def line(db):
    return factories.fund_line()


@pytest.fixture
def operation(mugello, line):
    return factories.operation(mugello, line=line.code)


def address(name, fund, **more):
    return f"{reverse(name)}?{urlencode({'line': fund.code, 'year': YEAR} | more)}"


def filled(**changes):
    today = f"{timezone.localdate():%d/%m/%Y}"
    empty = dict.fromkeys(("operation", "act", "cup", "chapter", "peg", "explanation"), "")
    return {"given": "committed", "amount": "1.234,50", "day": today} | empty | changes


def test_the_empty_ledger_says_what_to_do_first(line, planner, enter):
    page = enter(planner).get(reverse("ledger"))
    assert "comincia dalla prima somma" in text_of(page)
    assert address("new_movement", line, taken="outside") in page.content.decode().replace("&amp;", "&")


def test_a_planner_is_assigned_a_sum_commits_it_and_pays_more_than_there_is(line, planner, operation, enter):
    client = enter(planner)
    done = client.post(address("new_movement", line, taken="outside"), filled(given="allocated", amount="100"))
    assert done.status_code == 302
    said = filled(amount="80", operation=operation.pk, chapter="1234", peg="55")
    assert client.post(address("new_movement", line, taken="allocated"), said).status_code == 302
    row = Movement.objects.get(given="committed")
    assert (row.cup, row.chapter, row.peg, row.operation, row.from_operation) == (
        operation.cup, "1234", "55", operation, None,
    )  # fmt: skip
    own = address("new_movement", line, taken="committed", operation=operation.pk)
    refused = client.post(own, filled(given="liquidated", amount="90"))
    assert refused.status_code == 422
    assert "Di impegnato e non ancora andato avanti ci sono 80,00 €: 90,00 € sono troppi." in text_of(refused)
    assert "Scrivi una somma più bassa" in text_of(refused)
    assert "(ACC-MONEY)" in text_of(refused)
    page = text_of(client.get(address("ledger", line)))
    assert "Che cosa si può muovere" in page
    assert "80,00 €" in page
    assert "Operazione di prova" in page


def test_all_that_is_wrong_in_the_form_is_said_at_once(line, planner, enter):
    client = enter(planner)
    factories.movement(planner.role.zone, by=planner, line=line)
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    said = filled(given="economy", amount="x", day=f"{tomorrow:%d/%m/%Y}", cup="ABC")
    page = text_of(client.post(address("new_movement", line, taken="allocated"), said))
    for sentence in (
        "Scrivi l’importo in euro", "Il giorno non è ancora arrivato", "Un CUP ha 15 caratteri",
        "Scrivi perché questi soldi escono dalla catena",
    ):  # fmt: skip
        assert sentence in page


def test_a_button_pressed_twice_moves_once(line, planner, enter):
    client, url = enter(planner), address("new_movement", line, taken="outside")
    for _press in range(2):
        done = client.post(url, filled(given="allocated", amount="100"), follow=True)
    assert "Era già registrato un momento fa" in text_of(done)
    assert Movement.objects.count() == 1


def test_a_movement_is_reversed_on_its_page(line, planner, mugello, enter):
    client, row = enter(planner), factories.movement(mugello, by=planner, line=line)
    assert "Storna" in text_of(client.get(reverse("movement", args=[row.pk])))
    assert client.post(reverse("reverse_movement", args=[row.pk]), {"explanation": ""}).status_code == 422
    done = client.post(reverse("reverse_movement", args=[row.pk]), {"explanation": "Doppio"}, follow=True)
    assert "restano agli atti tutti e due" in text_of(done)
    page = text_of(client.get(reverse("movement", args=[row.pk])))
    assert "Questo movimento è stornato" in page
    again = client.post(reverse("reverse_movement", args=[row.pk]), {"explanation": "Ancora"}, follow=True)
    assert "è già stornato" in text_of(again)


def test_another_zone_s_movement_is_not_there(line, planner, officer, versilia, enter, anna):
    row = factories.movement(versilia, by=officer, line=line)
    for name in ("movement", "reverse_movement"):
        assert enter(planner).get(reverse(name, args=[row.pk])).status_code == 404
        assert enter(anna).get(reverse(name, args=[row.pk])).status_code == 404
        assert enter(officer).get(reverse(name, args=[row.pk])).status_code == 200
    assert enter(planner).get(address("ledger", line, zone="versilia")).status_code == 404
    assert enter(planner).get(address("new_movement", line, zone="versilia", taken="outside")).status_code == 404
    assert enter(anna).get(reverse("ledger")).status_code == 404


@pytest.mark.parametrize(
    "wrong", [{"taken": "uncovered"}, {"taken": "economy"}, {"taken": "x"}, {"taken": "lump_sums"},
              {"operation": "999"}, {"operation": "x"}, {"year": "12"}, {"line": "nessuna"}]
)  # fmt: skip
def test_an_address_that_leads_nowhere_is_not_there(line, planner, enter, wrong):
    said = {"taken": "outside"} | wrong
    assert enter(planner).get(address("new_movement", line, **said)).status_code == 404


def test_what_no_text_can_hold_is_said_to_be_wrong(line, officer, planner, mugello, enter):
    factories.movement(None, by=officer, line=line, given="budgeted")
    client, nul = enter(officer), "a\x00b"
    for name in ("ledger", "movements", "expenditure", "money_flow", "cumulative"):
        for wrong in ({"line": nul}, {"zone": nul}):
            assert client.get(address(name, line, **wrong)).status_code == 404
    fields = ("given", "zone", "amount", "day", "act", "cup", "chapter", "peg", "explanation")
    answer = client.post(address("new_movement", line, taken="budgeted"), dict.fromkeys(fields, nul))
    assert answer.status_code == 422


def test_the_region_gives_its_budget_to_a_zone(line, officer, planner, mugello, enter):
    client = enter(officer)
    said = filled(given="budgeted", amount="500")
    assert client.post(address("new_movement", line, taken="outside"), said).status_code == 302
    nobody = client.post(address("new_movement", line, taken="budgeted"), filled(given="allocated", amount="5"))
    assert "Di’ a quale zona" in text_of(nobody)
    said = filled(given="allocated", amount="200", zone="mugello")
    assert client.post(address("new_movement", line, taken="budgeted"), said).status_code == 302
    row = Movement.objects.get(given="allocated")
    assert (row.zone, row.from_zone) == (mugello, None)
    assert "Storna" not in text_of(enter(planner).get(reverse("movement", args=[row.pk])))
    assert "200,00 €" in text_of(client.get(address("expenditure", line)))
    page = text_of(enter(planner).get(address("ledger", line)))
    assert "500,00 €" in page  # of the whole region


def test_the_spending_of_two_years_before_warns_and_shows_the_percent(line, officer, planner, mugello, enter):
    here = {"line": line, "by": officer, "year": YEAR - 2}
    factories.movement(mugello, amount="100", **here)
    for taken, given in (("allocated", "committed"), ("committed", "liquidated"), ("liquidated", "paid")):
        factories.movement(mugello, taken=taken, given=given, amount="90", **here)
    factories.movement(mugello, taken="paid", given="reported", amount="74.99", **here)
    for somebody in (officer, planner):
        page = text_of(enter(somebody).get(address("expenditure", line)))
        assert "Rendicontato il 74,99 % dell’assegnato" in page
        assert "FU-09" in page
        assert "Blocca" not in page


def test_a_lower_cumulative_sum_asks_which_of_three_it_is(line, planner, enter):
    client, today = enter(planner), timezone.localdate()
    url = address("new_cumulative", line)
    said = {"step": "paid", "amount": "100", "source": "", "as_of": f"{today - dt.timedelta(days=60):%d/%m/%Y}"}
    assert "È scesa" not in text_of(client.get(url))
    assert client.post(url, said).status_code == 302
    lower = said | {"amount": "90", "as_of": f"{today:%d/%m/%Y}"}
    page = client.post(url, lower)
    assert page.status_code == 422
    words = text_of(page)
    for sentence in ("Un errore: la somma di prima era sbagliata", "Una registrazione in ritardo", "Un disimpegno"):
        assert sentence in words
    assert "ACC-CUMULATIVE" in words
    assert page.content.decode().count('type="radio"') == 3
    assert "resta accanto alla somma" in text_of(client.post(url, lower | {"reason": "error"}))
    late = lower | {"reason": "late_posting", "explanation": "Arrivata ora"}
    assert "a quale giorno appartiene" in text_of(client.post(url, late))
    early = late | {"belongs_on": f"{today - dt.timedelta(days=30):%d/%m/%Y}"}
    assert "la serie dice 100,00 €" in text_of(client.post(url, early))
    mine = lower | {"reason": "error", "explanation": "Contato due volte"}
    done = client.post(url, mine, follow=True)
    assert "Contato due volte" in text_of(done)
    assert CumulativeFigure.objects.standing().get().amount == 90


def test_the_picture_and_its_table_add_up_to_the_ledger(line, officer, mugello, versilia, operation, enter):
    factories.movement(mugello, by=officer, line=line, amount="100")
    here = Place(zone_id=mugello.pk)
    factories.movement(
        mugello, by=officer, operation=operation, taken="allocated", given="committed", amount="60", source=here
    )
    factories.movement(versilia, by=officer, line=line, amount="40")
    page = enter(officer).get(address("money_flow", line))
    words = text_of(page)
    assert "impegnato, da liquidare" in words
    assert "140,00 €" in words
    picture = re.search(r"<svg[^>]*chart-flow.*?</svg>", page.content.decode(), re.S)[0]
    assert "Mugello → Operazione di prova → impegnato, da liquidare: 60 €" in picture


def test_the_pages_ask_the_same_queries_for_few_zones_and_many(line, officer, planner, mugello, enter, same_queries):
    factories.movement(mugello, by=officer, line=line)
    client = enter(officer)
    rest = iter([f"zona-{n}" for n in range(60)])

    def more():
        for _n in range(15):
            factories.movement(factories.zone(next(rest)), by=officer, line=line)

    for name in ("ledger", "movements", "expenditure", "money_flow"):
        same_queries(lambda name=name: client.get(address(name, line)), more=more)


def test_the_operation_says_who_pays_its_cost_and_what_nobody_committed(planner, mugello, enter):
    operation = factories.operation(mugello)
    page = text_of(enter(planner).get(reverse("operation", args=[operation.pk])))
    assert "Nessun movimento di questa operazione" in page
    factories.movement(mugello, by=planner, operation=operation, amount="100")
    factories.movement(mugello, by=planner, operation=operation, taken="allocated", given="committed", amount="100")
    page = text_of(enter(planner).get(reverse("operation", args=[operation.pk])))
    assert "l’Unione europea paga il 40 %: 40,00 €. Il resto, 60,00 €, è di Stato e Regione" in page
    Movement.objects.create(
        fund_line=operation.fund_line, year=YEAR, zone=mugello, operation=operation, from_zone=mugello,
        from_operation=operation, taken="uncovered", given="liquidated", amount=Decimal(30), day=timezone.localdate(),
        kind="ordinary", source_kind="payment_list", source_id=1, recorded_at=timezone.now(),
    )  # fmt: skip
    page = text_of(enter(planner).get(reverse("operation", args=[operation.pk])))
    assert "Ci sono 30,00 € liquidati senza un impegno." in page
    assert "Il registro e i pagamenti non dicono lo stesso" in page  # no list says so


def test_an_operation_with_movements_cannot_change_zone_in_its_form(planner, officer, mugello, versilia, enter):
    operation = factories.operation(mugello)
    factories.movement(mugello, by=planner, operation=operation)
    said = {
        "cup": operation.cup, "title": "Nuovo", "fund_line": operation.fund_line_id, "zone": versilia.pk,
        "starts": f"{operation.starts}", "ends": f"{operation.ends}", "allowance_mode": "hourly", "hourly_rate": "3",
    }  # fmt: skip
    page = enter(officer).post(reverse("edit_operation", args=[operation.pk]), said)
    assert page.status_code == 422
    assert "linea e zona non cambiano più" in text_of(page)


def test_the_deadlines_are_a_table_and_come_in_the_day(officer, planner, enter):
    page = text_of(enter(planner).get(reverse("deadlines")))
    assert "Trasmissione dei dati FSE+, con gli indicatori" in page
    assert "ST-07" in page
    day = dt.date(2026, 5, 20)
    mine = [str(due.title) for due in deadlines.in_the_day(planner, day)]
    assert mine == ["Usi dei fondi al 31/12/2025", "Fine dei progetti PNRR M5C2"]
    region = [str(due.title) for due in deadlines.in_the_day(officer, day)]
    assert region == ["Usi dei fondi al 31/12/2025"]
    assert deadlines.in_the_day(planner, dt.date(2026, 2, 1)) == []  # the return has its own line


# --- the picture ---


def streams(zones):
    return [Stream((f"zona {n:02}", f"misura {n % 3}", "pagato"), Decimal(10 + n)) for n in range(zones)]


def test_beyond_twelve_the_smallest_are_one_and_nothing_is_lost():
    few = grouped(streams(12), lambda n: f"altre {n}")
    assert few == streams(12)
    many = grouped(streams(28), lambda n: f"altre {n}")
    names = {one.through[0] for one in many}
    assert len(names) == 12
    assert "altre 17" in names
    assert "zona 27" in names
    assert sum(one.amount for one in many) == sum(one.amount for one in streams(28))
    assert grouped([], lambda n: "") == []


def test_the_picture_is_whole_says_all_it_shows_and_hurts_nobody():
    drawn = flow(
        whole="Fondo <povertà>", levels=["zona", "misura", "dove"], streams=streams(12), title="Prova",
        show=lambda amount: f"{amount} €", synthetic=True,
    )  # fmt: skip
    root = ElementTree.fromstring(drawn)
    width = float(root.attrib["viewBox"].split()[2])
    texts = list(root.iter("{http://www.w3.org/2000/svg}text"))
    assert width == 360
    assert all(float(one.attrib["font-size"]) >= 11 for one in texts)
    assert all(float(one.attrib["x"]) <= width for one in texts)
    assert "Dati sintetici" in drawn
    assert "Fondo &lt;povertà&gt;" in drawn
    assert len(list(root.iter("{http://www.w3.org/2000/svg}path"))) == 12 + 12 + 3
    assert ElementTree.fromstring(flow(whole="x", levels=["a"], streams=[], title="x", show=str)) is not None
