"""The regional officer splits a fund on the pages: writes, sees the quotas, saves, adopts, corrects; anybody reads."""

import io
import re
from decimal import Decimal

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accanto.exchange import workbook
from accanto.plan import pack as plan_pack
from accanto.plan.allocation import Allocation
from accanto.plan.demonstration import demonstration_allocations
from accanto.territory import pack
from accanto.territory.zone import Zone
from tests import factories

LINE = "poverty-services-quota"


def text_of(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).replace("\u00a0", " ").split())


@pytest.fixture
def toscana(db):
    now = timezone.now()
    pack.load(settings.REGION_PACK, now=now)
    return plan_pack.load(settings.REGION_PACK, now=now)


@pytest.fixture
def decree(toscana):
    return factories.act("900", kind="DD")


def households(factor=1):
    return "\n".join(f"{zone.name};{zone.pk * 10 * factor}" for zone in Zone.objects.all())


def filled(**changes):
    return {
        "year": "2026", "total": "10.000.000,00", "perimeter": "Quota ripartita fra le zone", "act": "",
        "name_1": "Nuclei beneficiari", "weight_1": "60", "base_1": "", "table_1": households(),
        "day_1": "2026-09-30", "source_1": "INPS, nota di prova", "name_2": "", "weight_2": "40",
        "base_2": "2024-12-31", "what": "preview",
    } | changes  # fmt: skip


def saved(client, **changes):
    answer = client.post(reverse("split_fund", args=[LINE]), filled(what="save", **changes))
    assert answer.status_code == 302, text_of(answer)
    return Allocation.objects.drafts().latest("id")


def adopted(client, decree, **changes):
    draft = saved(client, **changes)
    client.post(reverse("adopt_allocation", args=[draft.pk]), {"act": decree.code, "adopted_on": "2026-10-01"})
    return Allocation.objects.standing().adopted().latest("id")


# --- anybody reads ---


def test_anybody_reads_the_lines_in_a_tree_with_perimeter_year_and_act(toscana):
    page = text_of(Client().get(reverse("funds")))
    assert "Quota servizi del Fondo povertà" in page
    assert "23.899.000,00 €" in page
    assert "496.734.439,08 €" in page
    assert "Nessun importo trovato." in page  # 3.k.7
    one = text_of(Client().get(reverse("fund", args=[LINE])))
    assert "DGR n. 557 del 16/05/2022" in one
    assert "non si sommano" in one
    assert "Dividi una somma" not in one


def test_the_one_real_allocation_is_shown_as_partial(toscana):
    page = text_of(Client().get(reverse("fund", args=["fnps"])))
    assert "15 zone di 28 trovate" in page
    row = Allocation.objects.get(fund_line__code="fnps")
    one = text_of(Client().get(reverse("allocation", args=[row.pk])))
    assert "15 zone di 28 trovate: le altre non si conoscono e non si stimano." in one
    assert "479.527,26 €" in one
    assert "Mugello" not in one
    assert "gonews.it, 9/6/2020" in one
    assert "8.949.472,01" in one


def test_a_line_asks_the_same_queries_with_more_rows(toscana, same_queries):
    line, zones = factories.fund_line(LINE), list(Zone.objects.all())

    def more():
        for n in range(12):
            line.amounts.create(order=100 + n, of_the_plan=False, amount=n, perimeter={"it": "x", "en": "x"},
                                grade="SECONDARY", source="x")  # fmt: skip
            factories.allocation(zones[n], year=2000 + n)

    factories.allocation(zones[0], year=2024)
    same_queries(lambda: Client().get(reverse("fund", args=[LINE])), more=more)
    same_queries(lambda: Client().get(reverse("funds")), more=lambda: factories.allocation(zones[0], year=1999))


# --- the officer splits ---


def test_the_officer_sees_28_quotas_that_add_up_before_anything_is_saved(toscana, enter, officer):
    answer = enter(officer).post(reverse("split_fund", args=[LINE]), filled())
    page = text_of(answer)
    assert answer.status_code == 200
    assert "28 quote che fanno 10.000.000,00 €. Niente è ancora salvato." in page
    assert "FU-07" in page
    assert re.search(r"avanzava(no)? \d+ centesim", page)
    assert "ACC-RESIDUE" in page
    assert not Allocation.objects.filter(fund_line__code=LINE).exists()


def test_the_draft_keeps_the_bases_with_their_day_and_source_and_strangers_do_not_read_it(toscana, enter, officer):
    draft = saved(enter(officer))
    assert sum(quota.amount for quota in draft.quotas.all()) == 10_000_000
    first, second = draft.criteria.all()
    assert (first.base_source, f"{first.base_day}", first.kind) == ("INPS, nota di prova", "2026-09-30", "table")
    assert (second.name, f"{second.base_day}", second.kind) == ("Residenti", "2024-12-31", "residents")
    assert sum(base.quantity for base in second.bases.all()) == 3_657_716
    assert Client().get(reverse("allocation", args=[draft.pk])).status_code == 404
    assert "Adotta il riparto" in text_of(enter(officer).get(reverse("allocation", args=[draft.pk])))


def test_everything_that_is_wrong_is_told_at_once(toscana, enter, officer):
    table = households().replace("Mugello;", "Mugelo;").replace("Elba;180", "Elba;tanti")
    answer = enter(officer).post(
        reverse("split_fund", args=[LINE]),
        filled(total="", table_1=table, source_1="", weight_2="", what="save"),
    )
    page = text_of(answer)
    assert answer.status_code == 422
    for words in (
        "Scrivi l’importo in euro.", "«Mugelo» non è una zona-distretto. Forse «Mugello»?", "«tanti» non è un numero.",
        "Scrivi da dove vengono i dati.", "Scrivi quanto pesa.",
    ):  # fmt: skip
        assert words in page, words
    assert "Riga 4:" in page
    assert "Riga 18:" in page


def test_weights_that_do_not_make_a_hundred_a_zone_that_lacks_and_informatics_are_refused_together(
    toscana, enter, officer
):
    rows = [row for row in households().splitlines() if not row.startswith("Elba")]
    answer = enter(officer).post(
        reverse("split_fund", args=[LINE]),
        filled(weight_2="39", table_1="\n".join(rows), reserve_informatics="200000", what="save"),
    )
    page = text_of(answer)
    assert answer.status_code == 422
    assert "I pesi fanno 99 %: devono fare 100." in page
    assert "Manca la base di Elba." in page
    assert "200.000,00 €" in page
    assert "FU-06" in page
    assert not Allocation.objects.drafts().exists()
    assert saved(enter(officer), reserve_informatics="199999").reserves.get().taken_before is False


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_a_base_comes_from_a_file_and_stays_on_the_page(toscana, enter, officer, kind):
    rows = [row.split(";") for row in households().splitlines()]
    if kind == "xlsx":
        content = workbook.written([workbook.Sheet(name="Base", head=["Zona", "Nuclei"], rows=rows)])
    else:
        content = ("Zona;Nuclei\n" + "\n".join(";".join(row) for row in rows)).encode()
    file = SimpleUploadedFile(f"base.{kind}", content)
    answer = enter(officer).post(reverse("split_fund", args=[LINE]), filled(table_1="", file_1=file))
    assert "28 quote che fanno" in text_of(answer)
    assert "Mugello\t40" in answer.content.decode()
    wrong = SimpleUploadedFile("base.pdf", b"%PDF-1.7")
    answer = enter(officer).post(reverse("split_fund", args=[LINE]), filled(table_1="", file_1=wrong))
    assert answer.status_code == 422
    assert "È un PDF" in text_of(answer)


def test_adopted_it_is_read_by_anybody_and_compared_with_the_year_before(toscana, enter, officer, decree):
    client = enter(officer)
    adopted(client, decree, year="2025", total="8000000", base_2="2023-01-01")
    row = adopted(client, decree)
    page = text_of(Client().get(reverse("allocation", args=[row.pk])))
    assert "DD n. 900" in page
    assert "+" not in page.split("Le quote")[0]
    assert "2.000.000,00 € 25" in page  # the total's difference and percent
    assert "Da che cosa viene la differenza dal 2025" in page
    assert "sono due serie diverse" in page
    assert "Correggi con un altro atto" not in page
    assert "2.026" not in page
    assert "2.025" not in page
    assert text_of(Client().get(reverse("act", args=[decree.code]))).count("Quota servizi del Fondo povertà") == 2


def test_the_same_money_twice_is_refused_with_the_way_out(toscana, enter, officer, decree):
    client = enter(officer)
    adopted(client, decree)
    answer = client.post(reverse("split_fund", args=[LINE]), filled(what="save"))
    page = text_of(answer)
    assert answer.status_code == 422
    assert "Questa somma è già ripartita" in page
    assert "correggilo con un nuovo atto" in page
    assert "ACC-ALLOCATED" in page


def test_an_adopted_one_is_corrected_by_another_act_and_both_are_read(toscana, enter, officer, decree):
    client = enter(officer)
    first = adopted(client, decree)
    address = f"{reverse('split_fund', args=[LINE])}?corrects={first.pk}"
    assert "10.000.000,00" in client.get(address).content.decode()
    client.post(address, filled(what="save", total="11000000"))
    draft = Allocation.objects.drafts().get()
    same = client.post(reverse("adopt_allocation", args=[draft.pk]), {"act": decree.code, "adopted_on": "2026-10-02"})
    assert same.status_code == 422
    assert "si corregge con un altro atto" in text_of(same)
    other = factories.act("901", kind="DD")
    client.post(reverse("adopt_allocation", args=[draft.pk]), {"act": other.code, "adopted_on": "2026-10-02"})
    first.refresh_from_db()
    assert first.superseded_by.total == 11_000_000
    page = text_of(Client().get(reverse("allocation", args=[first.pk])))
    assert "Questo riparto non vale più" in page
    assert "10.000.000,00 €" in page
    line = text_of(Client().get(reverse("fund", args=[LINE])))
    assert "corretto da un altro" in line


def test_a_draft_is_changed_discarded_and_not_adopted_twice(toscana, enter, officer, decree):
    client = enter(officer)
    draft = saved(client)
    answer = client.post(f"{reverse('split_fund', args=[LINE])}?draft={draft.pk}", filled(what="save", total="5000"))
    changed = Allocation.objects.drafts().get()
    assert answer["Location"] == reverse("allocation", args=[changed.pk])
    gone = client.post(reverse("adopt_allocation", args=[draft.pk]), {"act": decree.code, "adopted_on": "2026-10-02"})
    assert gone.status_code == 302
    assert not Allocation.objects.adopted().filter(fund_line__code=LINE).exists()
    client.post(reverse("discard_allocation", args=[changed.pk]))
    assert not Allocation.objects.drafts().exists()
    assert client.post(reverse("discard_allocation", args=[changed.pk])).status_code == 302


def test_nobody_else_splits(toscana, enter, planner, anna):
    for somebody in (planner, anna):
        answer = enter(somebody).post(reverse("split_fund", args=[LINE]), filled(what="save"))
        assert answer.status_code in (403, 404)
    assert not Allocation.objects.drafts().exists()


def test_the_files_add_up_to_the_page(toscana, enter, officer, decree):
    row = adopted(enter(officer), decree)
    answer = Client().get(reverse("allocation_csv", args=[row.pk]))
    lines = [line.split(",") for line in answer.content.decode().splitlines()]
    at = lines[0].index("quota")
    assert len(lines) == 29
    assert sum(Decimal(line[at]) for line in lines[1:]) == 10_000_000
    book = Client().get(reverse("allocation_xlsx", args=[row.pk]))
    assert io.BytesIO(book.content).read(2) == b"PK"


def test_the_demonstration_splits_two_years_and_says_it_is_invented(toscana):
    assert len(demonstration_allocations("prova", now=timezone.now())) == 2
    row = Allocation.objects.get(fund_line__code=LINE, year=2023)
    assert sum(quota.amount for quota in row.quotas.all()) == 18_423_000
    page = text_of(Client().get(reverse("allocation", args=[row.pk])))
    assert "Dati sintetici" in page
    assert "-5.476.000,00 €" in page
    assert "dati sintetici" in Client().get(reverse("allocation_csv", args=[row.pk])).content.decode()
    # loading the pack again leaves it alone
    assert plan_pack.load(settings.REGION_PACK, now=timezone.now())["allocations"].unchanged == 1
