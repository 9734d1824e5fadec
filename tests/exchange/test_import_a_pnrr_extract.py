"""The regional officer brings in an extract: looks first, then imports it whole; a broken file changes nothing."""

import csv
import io
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accanto.access.log import Act
from accanto.exchange import pnrr
from accanto.exchange.sheet import LARGEST
from accanto.plan.extract import Extract
from accanto.plan.localisation import Localisation
from accanto.plan.pnrr_project import PnrrProject
from accanto.territory import pack
from accanto.web import import_pnrr
from tests import factories

REAL = Path(settings.REGION_PACK) / "pnrr" / "pnrr_m5_localisations_toscana.csv"
CUP = "I54H22000180001"


@pytest.fixture
def toscana(db):
    pack.load(settings.REGION_PACK, now=timezone.now())


@pytest.fixture
def borgo(mugello):
    return factories.municipality(mugello, "Borgo di Prova")


def row(municipality, **changes):
    return {
        "submeasure": "M5C2I1.01.01",
        "submeasure_description": "Intervento 1",
        "cup": CUP,
        "local_project_code": CUP,
        "province_name": "FIRENZE",
        "municipality_as_published": municipality.name.upper(),
        "istat_code": municipality.istat_code,
        "zone_id": municipality.zone.code,
        "extraction_date": "2023-03-01",
    } | changes


def project(**changes):
    return (
        dict.fromkeys(pnrr.PROJECT_COLUMNS, "")
        | {
            "submeasure": "M5C2I1.03.01",
            "cup": CUP,
            "local_project_code": CUP,
            "project_title": "Una casa prima di tutto",
            "funding_pnrr": "710000.00",
            "funding_total": "710000.00",
            "implementing_body": "Comune di prova",
            "implementing_body_tax_code": "01234567890",
            "updated": "2023-02-20",
            "zone_ids": "mugello",
        }
        | changes
    )


def file_of(*rows, encoding="utf-8", delimiter=","):
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode(encoding)


def look(content):
    return pnrr.preview(content, file_name="prova.csv", today=timezone.localdate())


def bring_in(content):
    return pnrr.bring_in(content, file_name="prova.csv", by=None, now=timezone.now())


def standing():
    return list(Localisation.objects.order_by("id").values())


def errors_of(content):
    return [(error.line, error.field) for error in look(content).errors]


# --- the real file ----------------------------------------------------------------------------------------------------


def test_the_real_extract_comes_in_through_the_page_and_a_second_time_changes_nothing(toscana, officer, enter):
    client, content = enter(officer), REAL.read_bytes()
    seen = client.post(reverse("import_pnrr"), {"file": SimpleUploadedFile("estratto.csv", content)})
    page = seen.content.decode()
    assert '<dd id="new">648</dd>' in page
    assert "aree interne" in page
    assert not Localisation.objects.exists()
    assert (
        client.post(reverse("import_pnrr"), {"name": "estratto.csv", "content": seen.context["kept"]}).status_code
        == 302
    )
    assert Localisation.objects.standing().count() == 648
    assert Act.objects.get(verb="import").user_id == officer.user.pk
    before = standing()

    again = client.post(reverse("import_pnrr"), {"file": SimpleUploadedFile("estratto.csv", content)})
    assert '<dd id="unchanged">648</dd>' in again.content.decode()
    assert again.context["kept"] == ""
    client.post(reverse("import_pnrr"), {"name": "estratto.csv", "content": import_pnrr.pack(content)})
    assert standing() == before
    assert Extract.objects.count() == 1


def test_the_real_projects_hold_none_of_the_lines_and_say_so(toscana, officer, enter):
    content = REAL.with_name("pnrr_m5c2_projects_toscana.csv").read_bytes()
    page = enter(officer).post(reverse("import_pnrr"), {"file": SimpleUploadedFile("progetti.csv", content)})
    assert "nessuna riga è delle linee" in page.content.decode()
    assert look(content).left_out == 89


def test_the_extract_has_as_many_projects_on_each_line_as_counted_by_hand(toscana):
    bring_in(REAL.read_bytes())
    counted = {
        line: len({row.cup for row in Localisation.objects.filter(submeasure=line)})
        for line in ("M5C2I1.01.01", "M5C2I1.01.04", "M5C2I1.02.00")
    }
    assert counted == {"M5C2I1.01.01": 18, "M5C2I1.01.04": 13, "M5C2I1.02.00": 39}


def test_the_measure_of_inner_areas_is_never_taken_for_the_line_of_families(toscana):
    bring_in(REAL.read_bytes())
    assert not Localisation.objects.filter(submeasure__startswith="M5C3").exists()
    assert look(REAL.read_bytes()).elsewhere["M5C3I1.01.01"] == 45


# --- what changes -----------------------------------------------------------------------------------------------------


def test_a_changed_row_supersedes_the_one_before_and_the_preview_says_which_field(borgo):
    bring_in(file_of(row(borgo)))
    changed = file_of(row(borgo, local_project_code="ALTRO"))
    seen = look(changed).difference
    assert (len(seen.new), len(seen.changed), seen.unchanged) == (0, 1, 0)
    assert seen.changed[0][2] == ["local_code"]
    bring_in(changed)
    assert Localisation.objects.standing().get().local_code == "ALTRO"
    assert Localisation.objects.count() == 2


def test_a_row_that_a_new_file_no_longer_has_stays_and_is_named(borgo, mugello):
    other = factories.municipality(mugello, "Altro di Prova")
    bring_in(file_of(row(borgo), row(other)))
    done = bring_in(file_of(row(borgo)))
    assert [one.municipality_as_published for one in done.difference.absent] == ["ALTRO DI PROVA"]
    assert Localisation.objects.standing().count() == 2


def test_a_project_already_imported_in_a_later_version_is_not_taken_back(mugello):
    bring_in(file_of(project(updated="2023-02-20", project_title="Nuovo")))
    done = bring_in(file_of(project(updated="2022-12-20", project_title="Vecchio")))
    assert done.difference.older == 1
    assert PnrrProject.objects.standing().get().title == "Nuovo"


def test_semicolons_and_the_mark_of_spreadsheets_are_understood(borgo):
    assert look(file_of(row(borgo), encoding="utf-8-sig", delimiter=";")).errors == []


def test_rows_for_a_whole_province_have_no_municipality(borgo):
    bring_in(file_of(row(borgo, municipality_as_published="TUTTI I COMUNI", istat_code="")))
    found = Localisation.objects.get()
    assert (found.municipality, found.zone) == (None, borgo.zone)


# --- broken files -----------------------------------------------------------------------------------------------------


def test_every_wrong_row_is_told_at_once_and_nothing_is_written(borgo, versilia):
    content = file_of(
        row(borgo),
        row(borgo, cup="ABC"),
        row(borgo, cup="J54H22000180001", istat_code="999999"),
        row(borgo, cup="J54H22000180002", zone_id="atlantide"),
        row(borgo, cup="J54H22000180003", zone_id=versilia.code),
        row(borgo, cup="J54H22000180004", istat_code=""),
        row(borgo, cup="J54H22000180005", extraction_date="01/03/2023"),
        row(borgo, cup="J54H22000180006", extraction_date="2999-01-01"),
        row(borgo, cup="J54H22000180007", submeasure="pippi"),
        row(borgo),
    )
    assert errors_of(content) == [
        (3, "cup"),
        (4, "istat_code"),
        (5, "zone_id"),
        (6, "zone_id"),
        (7, "istat_code"),
        (8, "extraction_date"),
        (9, "extraction_date"),
        (9, "extraction_date"),
        (10, "submeasure"),
        (11, "cup"),
    ]
    with pytest.raises(pnrr.Refused) as refused:
        bring_in(content)
    assert all(error.sentence and error.way_out for error in refused.value.preview.errors)
    assert not Localisation.objects.exists()
    assert not Extract.objects.exists()


def test_wrong_projects_are_told_with_field_and_way_out(mugello):
    content = file_of(
        project(funding_total="1.000,00"),
        project(local_project_code="b", implementing_body_tax_code="RSSMRA80A01H501U"),
        project(local_project_code="c", project_title="", funding_pnrr="-1", istat_codes="000000", updated=""),
    )
    assert errors_of(content) == [
        (2, "funding_total"),
        (3, "implementing_body_tax_code"),
        (4, "updated"),
        (4, "project_title"),
        (4, "funding_pnrr"),
        (4, "istat_codes"),
    ]


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        (b"", 0, "vuoto"),
        (b"  \n ", 0, "vuoto"),
        (b"PK\x03\x04 xlsx", 0, "foglio di calcolo"),
        ("perché,cup\nè,b\n".encode("latin-1"), 1, "UTF-8"),
        (b"cup,submeasure\nx,y\n", 1, "colonna manca"),
        (b"\x00" * 40, 1, "colonna manca"),
        ("submeasure\n".encode("utf-16"), 1, "UTF-8"),
        (b"x" * (LARGEST + 1), 0, "5 MB"),
    ],
    ids=["empty", "blank", "spreadsheet", "latin-1", "columns", "nul", "utf-16", "huge"],
)
def test_a_file_that_is_no_extract_is_told_in_a_sentence(db, content, line, words):
    first = look(content).errors[0]
    assert (first.line, words in first.sentence) == (line, True), first


def test_rows_torn_by_the_wrong_number_of_fields_or_open_quotes_are_told(borgo):
    sound = file_of(row(borgo)).decode()
    assert errors_of((sound + "a,b,c\r\n").encode()) == [(3, "")]
    assert errors_of((sound + 'M5C2I1.01.01,"aperta').encode()) == [(3, "")]
    assert errors_of((sound + "\x00,b,c,d,e,f,g,h,i\r\n").encode()) == [(3, "")]
    assert errors_of(sound.split("\r\n")[0].encode()) == [(0, "")]
    assert errors_of((sound + "x" * 200_000 + ",b\r\n").encode()) == [(3, "")]


def test_the_page_shows_the_errors_and_offers_no_import(borgo, officer, enter):
    content = file_of(row(borgo, cup="ABC"))
    answer = enter(officer).post(reverse("import_pnrr"), {"file": SimpleUploadedFile("x.csv", content)})
    assert answer.status_code == 422
    assert answer.context["kept"] == ""
    assert "non ha la forma di un CUP" in answer.content.decode()
    forced = enter(officer).post(reverse("import_pnrr"), {"name": "x", "content": import_pnrr.pack(content)})
    assert forced.status_code == 422
    assert not Localisation.objects.exists()


@pytest.mark.parametrize(
    "content", ["", "x", "é", "\x00", import_pnrr.pack(b"x")[:-4], import_pnrr.pack(b"0" * (LARGEST + 9))]
)
def test_what_comes_back_from_the_preview_is_not_trusted(officer, enter, content):
    answer = enter(officer).post(reverse("import_pnrr"), {"name": "\x00", "content": content})
    assert answer.status_code in (302, 422)
    assert not Localisation.objects.exists()


def test_a_form_without_a_file_asks_for_it(officer, enter):
    for posted in ({}, {"file": "non un file"}, {"file": SimpleUploadedFile("x.csv", b"")}):
        assert enter(officer).post(reverse("import_pnrr"), posted).status_code == 422


def test_only_the_region_imports(planner, anna, borgo, enter):
    for somebody in (planner, anna):
        content = import_pnrr.pack(file_of(row(borgo)))
        assert enter(somebody).post(reverse("import_pnrr"), {"name": "x", "content": content}).status_code == 404
    assert not Localisation.objects.exists()
