"""A social worker brings in the records kept until today in a spreadsheet: sees all that is wrong, decides on who may
be known already, imports; stops and goes on; takes everything back."""

import datetime as dt
import io
import random

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone, translation

from accanto.access.log import Act
from accanto.access.role import Kind
from accanto.access.subject import Subject
from accanto.cases import case as cases
from accanto.cases.area import CaseArea
from accanto.cases.case import Case
from accanto.cases.personal_plan import PersonalPlan
from accanto.demonstration import names
from accanto.exchange import linkage, record_file, records
from accanto.exchange.record_batch import KEPT, RecordBatch, RecordOrigin, RecordPair, RecordRow, Refused
from accanto.exchange.workbook import Sheet, written
from accanto.people import person as people
from accanto.people import registry, search
from accanto.people.person import Person
from accanto.people.registry import Registry
from tests import factories

HEAD = ["Cognome", "Nome", "Codice Fiscale", "Nato il", "In carico dal", "Responsabile", "Area", "Data progetto", "ID"]
DARIO = ["Prova", "Dario", "PRVDRA90E03D612Y", "", "10/01/2024", "anna", "disabilità", "01/02/2024", "A-17"]


def csv_of(rows, head=HEAD):
    text = "\n".join(";".join(f'"{cell}"' for cell in row) for row in [head, *rows])
    return SimpleUploadedFile("archivio.csv", text.encode())


def xlsx_of(rows, head=HEAD):
    return SimpleUploadedFile("archivio.xlsx", written([Sheet("Persone", head, rows)]))


@pytest.fixture
def pushed(as_application):
    """Do something, then every step that follows, each in a transaction of the application like those of the pages."""

    def push(by, do=None):
        with as_application(by):
            batch = do() if do else None
        while True:
            with as_application(by):
                batch = records.taken(batch.pk, by=by)
                if not batch.is_working:
                    return batch
                records.go_on(batch=batch, by=by, now=timezone.now())

    return push


@pytest.fixture
def brought(pushed):
    """A batch of a file, mapped as proposed, checked and compared."""

    def bring(by, file, manager=None):
        def begin():
            batch = record_file.begin(file, file_name=file.name, by=by, now=timezone.now())
            records.map_columns(batch=batch, mapping=batch.mapping, manager=manager, by=by, now=timezone.now())
            return batch

        return pushed(by, begin)

    return bring


@pytest.fixture
def imported(brought, pushed):
    def bring(by, file, manager=None):
        batch = brought(by, file, manager)

        def start():
            found = records.taken(batch.pk, by=by)
            records.start(batch=found, by=by, now=timezone.now())
            return found

        return pushed(by, start)

    return bring


def take_back(batch, by, pushed):
    def begin():
        found = records.taken(batch.pk, by=by)
        records.undo(batch=found, by=by, now=timezone.now())
        return found

    return pushed(by, begin)


@pytest.mark.parametrize("file", [csv_of, xlsx_of])
def test_a_row_becomes_a_person_with_registry_case_area_and_plan(imported, anna, file):
    batch = imported(anna, file([DARIO]))
    assert (batch.state, batch.imported, batch.people, batch.cases) == ("done", 1, 1, 1)
    person, row, case = Person.objects.get(), Registry.objects.get(), Case.objects.get()
    assert (str(person), person.name_key, person.zone_id) == ("Dario Prova", "prova dario", anna.zone_id)
    assert (row.fiscal_code, row.birth_date, row.sex) == ("PRVDRA90E03D612Y", dt.date(1990, 5, 3), "M")
    assert (case.opened_on, case.manager) == (dt.date(2024, 1, 10), anna.user)
    assert case.members.get().kind == Kind.CASE_MANAGER
    assert CaseArea.objects.get().area == "disability"
    assert PersonalPlan.objects.get().agreed_on == dt.date(2024, 2, 1)
    origin = RecordOrigin.objects.get()
    assert (origin.line, origin.reference, origin.new_person, origin.case) == (2, "A-17", True, case)
    act = Act.objects.get(verb="import", subject_id=person.subject_id)
    assert (act.user_id, act.detail) == (anna.user.pk, {"batch": batch.pk, "line": 2, "case": case.pk})
    assert not RecordRow.objects.exists(), "the copy of what was imported is not kept"


def test_who_was_imported_is_found_by_the_search(imported, anna, as_application):
    imported(anna, csv_of([DARIO]))
    with as_application(anna):
        assert search.find("prova dario") == search.find("PRVDRA90E03D612Y") == [Subject.objects.get().pk]


def test_all_that_is_wrong_is_told_at_once_by_row_and_column(brought, anna):
    wrong = ["", "Ida", "PRVDRA90E03D612X", "30/02/1990", "01/01/2999", "nessuno", "boh", "ieri", ""]
    batch = brought(anna, csv_of([DARIO, wrong]))
    assert batch.state == "ready"
    row = RecordRow.objects.broken().get()
    assert row.line == 3
    assert {name for name, *_rest in row.errors} == {
        "family_name", "fiscal_code", "birth_date", "opened_on", "manager", "area", "plan_on",
    }  # fmt: skip
    assert all(sentence and way_out for _name, sentence, way_out in row.errors)


def test_who_reads_in_english_reads_the_errors_in_english(brought, anna, enter):
    batch = brought(anna, csv_of([DARIO, ["", "Ida", "", "30/02/1990", "", "", "", "", ""]]))
    client, url = enter(anna), reverse("record_batch", args=[batch.pk])
    assert "Manca il valore." in client.get(url).content.decode()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    with translation.override("en"):
        page = client.get(url).content.decode()
        assert translation.gettext("Manca il valore.") in page
    translation.activate("it")
    assert "Manca il valore." not in page
    assert "non è un giorno del calendario" not in page


def test_a_code_twice_in_the_file_is_an_error_and_a_name_twice_a_caution(brought, anna):
    again = [*DARIO[:2], "", "03/05/1990", *DARIO[4:]]
    brought(anna, csv_of([DARIO, DARIO, again]))
    first, second, third = RecordRow.objects.order_by("line")
    assert first.state == "sound"
    assert "riga 2" in second.errors[0][1]
    assert third.state == "sound"
    assert "riga 2" in third.cautions[0][1]


def test_the_broken_rows_go_out_mended_and_come_in_again(imported, brought, anna):
    broken = [*DARIO[:2], "", "30/02/1990", *DARIO[4:]]
    batch = imported(anna, csv_of([broken, ["Esempio", "Ida", *[""] * 7]]))
    assert (batch.state, batch.imported) == ("done", 1)
    sheet = SimpleUploadedFile("di-nuovo.xlsx", records.broken_rows(batch))
    again = brought(anna, sheet)
    assert (again.imported, again.columns[-2:]) == (0, ["Riga di prima", "Da correggere"])
    assert "calendario" in RecordRow.objects.filter(batch=again).get().cells[-1]


def test_what_comes_first_is_proposed_by_the_names_of_the_columns(brought, anna):
    batch = brought(anna, csv_of([DARIO]))
    assert batch.mapping == {
        "family_name": 0, "given_name": 1, "fiscal_code": 2, "birth_date": 3, "opened_on": 4, "manager": 5, "area": 6,
        "plan_on": 7, "reference": 8,
    }  # fmt: skip


def test_a_case_without_a_manager_goes_to_who_was_chosen(imported, anna):
    other = factories.user("zaira", Kind.CASE_MANAGER, zone=anna.role.zone)
    imported(anna, csv_of([[*DARIO[:5], "", *DARIO[6:]]]), manager=other.user)
    assert Case.objects.get().manager == other.user


def known(anna, *, code="", born=None, given="Dario", family="Prova"):
    now = timezone.now()
    person = people.register(zone_id=anna.zone_id, given_name=given, family_name=family, by=anna, now=now)
    registry.record(person=person, by=anna, now=now, fiscal_code=code, birth_date=born)
    return person


def test_the_same_code_is_the_same_person_and_only_the_case_is_added(imported, anna):
    person = known(anna, code="PRVDRA90E03D612Y")
    batch = imported(anna, csv_of([DARIO]))
    assert (batch.imported, batch.people, batch.cases) == (1, 0, 1)
    assert Person.objects.get() == person
    assert Case.objects.get().person == person


def test_a_person_in_charge_is_not_taken_in_charge_twice(imported, anna):
    person = known(anna, code="PRVDRA90E03D612Y")
    cases.open_case(person=person, manager=anna.user, on=dt.date(2023, 1, 1), by=anna, now=timezone.now())
    batch = imported(anna, csv_of([DARIO]))
    assert (batch.imported, batch.cases, Case.objects.count()) == (1, 0, 1)


@pytest.mark.parametrize("verdict", ["same", "different"])
def test_who_is_alike_waits_for_a_decision(brought, pushed, anna, as_application, verdict):
    known(anna, born=dt.date(1990, 5, 3), family="Prova", given="Dario")
    batch = brought(anna, csv_of([[*DARIO[:2], "", "03/05/1990", *DARIO[4:]]]))
    pair = RecordPair.objects.get()
    assert pair.score > 0.9
    with as_application(anna):
        with pytest.raises(Refused, match="doppioni"):
            records.start(batch=records.taken(batch.pk, by=anna), by=anna, now=timezone.now())
        records.decide(pair=pair, verdict=verdict, by=anna, now=timezone.now())

    def start():
        found = records.taken(batch.pk, by=anna)
        records.start(batch=found, by=anna, now=timezone.now())
        return found

    batch = pushed(anna, start)
    assert (batch.imported, Person.objects.count()) == (1, 1 if verdict == "same" else 2)


def test_without_the_library_the_plain_comparison_says_so(brought, anna, monkeypatch):
    monkeypatch.setattr(linkage, "has_splink", lambda: False)
    known(anna, born=dt.date(1990, 5, 3), family="Prova", given="Dario")
    known(anna, born=dt.date(1990, 5, 3), family="Diverso", given="Ugo")
    batch = brought(anna, csv_of([["Dario", "Prova", "", "05/03/1990", *DARIO[4:]]]))
    assert batch.compared_by == "plain"
    assert RecordPair.objects.get().subject.person.family_name == "Prova"


def test_an_import_is_taken_back_whole(imported, pushed, anna):
    before = known(anna, code="PRVDRA90E03D612Y")
    batch = imported(
        anna, csv_of([DARIO, ["Esempio", "Ida", "", "01/01/1980", "10/01/2024", "", "", "", ""]], HEAD), anna.user
    )
    assert Person.objects.count() == 2
    batch = take_back(batch, anna, pushed)
    assert (batch.state, batch.imported) == ("undone", 0)
    assert Person.objects.get() == before
    assert not Case.objects.exists()
    assert not RecordOrigin.objects.exists()
    assert Act.objects.filter(verb="undo_import").count() == 2
    again = imported(anna, csv_of([DARIO]))
    assert again.cases == 1


def test_an_import_on_which_somebody_worked_stays(imported, pushed, anna, as_application):
    batch = imported(anna, csv_of([DARIO, ["Esempio", "Ida", *[""] * 7]]))
    person = Person.objects.get(family_name="Esempio")
    people.rename(
        person=person, given_name="Ada", family_name="Esempio", phone="", email="", by=anna, now=timezone.now()
    )
    with pytest.raises(records.WorkedOn) as refused:
        take_back(batch, anna, pushed)
    assert refused.value.subjects == [person.subject_id]
    assert Person.objects.count() == 2


def test_records_worked_on_and_records_undo_know_one_s_own_zone_only(imported, anna, bruno, as_application):
    batch = imported(anna, csv_of([DARIO]))
    people.rename(
        person=Person.objects.get(),
        given_name="Ada",
        family_name="Prova",
        phone="",
        email="",
        by=anna,
        now=timezone.now(),
    )
    with as_application(bruno) as cursor:
        cursor.execute("select * from records_worked_on(%s)", [batch.pk])
        assert cursor.fetchall() == []
        with pytest.raises(DatabaseError, match="not to be undone"), transaction.atomic():
            cursor.execute("select records_undo(%s, %s)", [batch.pk, [RecordOrigin.objects.count()]])
    with as_application(anna) as cursor:
        cursor.execute("select * from records_worked_on(%s)", [batch.pk])
        assert len(cursor.fetchall()) == 1
        RecordBatch.objects.filter(pk=batch.pk).update(state="undoing")
        origin = RecordOrigin.objects.get()
        with pytest.raises(DatabaseError, match="somebody has worked"), transaction.atomic():
            cursor.execute("select records_undo(%s, %s)", [batch.pk, [origin.pk]])


def test_another_zone_sees_nothing_of_it(imported, brought, anna, bruno, as_application):
    brought(anna, csv_of([DARIO]))
    with as_application(bruno) as cursor:
        for table in ("exchange_recordbatch", "exchange_recordrow", "exchange_recordpair", "exchange_recordorigin"):
            cursor.execute(f"select count(*) from {table}")
            assert cursor.fetchone()[0] == 0
        assert records.taken(RecordBatch.objects.first() or 1, by=bruno) is None


class MachineStopsError(Exception):
    pass


def half_a_step(batch, by, as_application):
    with as_application(by):
        records.go_on(batch=records.taken(batch.pk, by=by), by=by, now=timezone.now())
        raise MachineStopsError


def test_stopped_in_the_middle_it_goes_on_from_there(brought, pushed, anna, as_application, monkeypatch):
    monkeypatch.setattr(records, "IMPORTED", 2)
    rows = [[f"Esempio{n}", "Ida", "", f"0{n}/01/1980", "10/01/2024", "anna", "", "", ""] for n in range(1, 6)]
    batch = brought(anna, csv_of(rows))
    with as_application(anna):
        found = records.taken(batch.pk, by=anna)
        records.start(batch=found, by=anna, now=timezone.now())
    with as_application(anna):
        records.go_on(batch=records.taken(batch.pk, by=anna), by=anna, now=timezone.now())
    assert (Person.objects.count(), RecordRow.objects.count()) == (2, 3)
    with pytest.raises(MachineStopsError):
        half_a_step(batch, anna, as_application)
    assert (Person.objects.count(), RecordRow.objects.count()) == (2, 3)
    batch = pushed(anna, lambda: batch)
    assert (batch.state, batch.imported, Person.objects.count()) == ("done", 5, 5)
    assert sorted(RecordOrigin.objects.values_list("line", flat=True)) == [2, 3, 4, 5, 6]


def invented(count, *, broken=0, seed=7):
    """Rows of a file; the last ones are broken, each in its way."""
    rng = random.Random(seed)
    rows = []
    for n in range(count):
        sex = rng.choice("FM")
        given, family = rng.choice(names.GIVEN[sex]), f"{rng.choice(names.STEMS)}ini"
        born = dt.date(1950, 1, 1) + dt.timedelta(days=rng.randrange(20_000))
        rows.append([family, given, "", f"{born:%d/%m/%Y}", "10/01/2024", "anna", "", "", f"N{n}"])
    ways = [(0, ""), (2, "PRVDRA90E03D612X"), (3, "31/02/1980"), (4, "10/01/2999"), (5, "chi sarà"), (6, "luna")]
    for n in range(broken):
        place, value = ways[n % len(ways)]
        rows[-1 - n * (count // broken)][place] = value
    return rows


@pytest.mark.single
def test_five_thousand_rows_of_which_forty_are_broken(imported, anna):
    rows = invented(5000, broken=40)
    batch = imported(anna, xlsx_of(rows))
    broken = RecordRow.objects.broken().order_by("line")
    assert (batch.rows, batch.imported, broken.count()) == (5000, 4960, 40)
    assert Person.objects.count() == Registry.objects.count() == Case.objects.count() == 4960
    assert Act.objects.filter(verb="import").count() == 4960
    sound = invented(5000)
    wrong = {n + 2 for n, row in enumerate(rows) if row != sound[n]}
    assert {row.line for row in broken} == wrong


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "vuoto"),
        (b"Cognome;Nome\n", "nessuna riga"),
        (b"PK\x03\x04rovinato", "rovinato"),
        (b"\xd0\xcf\x11\xe0" + b"x" * 900, "non si legge"),
        (b"%PDF-1.7 ...", "PDF"),
        (b'Cognome;Nome\n"aperto;x\n', "virgolette"),
        (b"a;" * 200 + b"\n1;2\n" + b"1;" * 200 + b"x", "80 colonne"),
        (b"x" * (26 * 1024 * 1024), "25 MB"),
    ],
)
def test_a_file_that_cannot_be_read_says_why_and_leaves_nothing(anna, as_application, content, sentence):
    with as_application(anna):
        with pytest.raises(Refused, match=sentence), transaction.atomic():
            record_file.begin(SimpleUploadedFile("a.csv", content), file_name="a.csv", by=anna, now=timezone.now())
        assert not RecordBatch.objects.exists()


def test_a_workbook_that_claims_a_cell_at_the_end_of_the_world_harms_nobody(anna, as_application):
    honest = written([Sheet("Persone", ["Cognome", "Nome"], [["Prova", "Dario"]])])
    import zipfile

    bomb = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(honest)) as source, zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as target:
        for part in source.namelist():
            text = source.read(part)
            if part.endswith("sheet1.xml"):
                far = b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'
                text = text.replace(b"</sheetData>", far)
            target.writestr(part, text)
    with as_application(anna):
        file = SimpleUploadedFile("a.xlsx", bomb.getvalue())
        with pytest.raises(Refused), transaction.atomic():
            record_file.begin(file, file_name="a.xlsx", by=anna, now=timezone.now())


def test_an_old_windows_file_is_read_and_said(brought, anna):
    text = "Cognome;Nome\nNiccolò;Zoè\n".encode("cp1252")
    batch = brought(anna, SimpleUploadedFile("vecchio.csv", text))
    assert batch.notice == "cp1252"
    assert RecordRow.objects.get().data["family_name"] == "Niccolò"


def test_the_waiting_rows_are_forgotten_when_given_up(brought, anna, as_application):
    batch = brought(anna, csv_of([DARIO]))
    with as_application(anna):
        records.drop(batch=records.taken(batch.pk, by=anna), by=anna, now=timezone.now())
    assert not RecordRow.objects.exists()
    assert RecordBatch.objects.get().state == "dropped"
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from exchange_recordpair")
        assert cursor.fetchone()[0] == 0


def test_what_nobody_finishes_is_dropped_after_a_month(brought, imported, anna):
    now = timezone.now()
    later = now + KEPT + dt.timedelta(minutes=1)
    left = brought(anna, csv_of([DARIO]))
    partly = imported(anna, csv_of([[*DARIO[:2], "", *DARIO[3:-1], "A-18"], [*DARIO[:2], "XXX", *DARIO[3:-1], "A-19"]]))
    assert records.drop_abandoned(now=now) == []
    assert {batch.pk for batch in records.drop_abandoned(now=later)} == {left.pk, partly.pk}
    assert not RecordRow.objects.exists()
    assert [RecordBatch.objects.get(pk=one.pk).state for one in (left, partly)] == ["dropped", "done"]
    assert Act.objects.filter(verb="drop", object_id=left.pk, user_id=None).exists()
    assert records.drop_abandoned(now=later) == []


def test_what_is_at_work_is_left_alone(brought, anna):
    batch = brought(anna, csv_of([DARIO]))
    RecordBatch.objects.filter(pk=batch.pk).update(state="importing")
    assert records.drop_abandoned(now=timezone.now() + 2 * KEPT) == []


# --- the pages -------------------------------------------------------------------------------------------------------


def follow(client, batch):
    """What the page does by itself: asks for the next step until there is none."""
    for _n in range(60):
        answer = client.post(f"/people/records/{batch.pk}/step/", headers={"HX-Request": "true"})
        assert answer.status_code == 200
        if "HX-Redirect" in answer.headers:
            return client.get(answer.headers["HX-Redirect"])
        assert 'hx-trigger="load' in answer.content.decode()
    raise AssertionError("it never ends")


def test_from_the_file_to_the_people_by_the_pages(enter, anna):
    client = enter(anna)
    known(anna, born=dt.date(1990, 5, 3))
    rows = [
        [*DARIO[:2], "", "03/05/1990", *DARIO[4:]],
        ["Esempio", "Ida", "", "", "10/01/2024", *[""] * 4],
        ["", *[""] * 8],
    ]
    rows[2][1] = "Senzacognome"
    answer = client.post("/people/records/", {"file": csv_of(rows)}, follow=True)
    page = answer.content.decode()
    assert "Abbina le colonne" in page
    batch = RecordBatch.objects.get()
    form = {name: str(place) for name, place in batch.mapping.items()} | {"do": "map", "manager_of_all": anna.user.pk}
    client.post(f"/people/records/{batch.pk}/", form)
    page = follow(client, batch).content.decode()
    assert "Manca il valore" in page
    assert 'id="ready">1<' in page
    assert 'id="waiting">1<' in page
    pairs = client.get(f"/people/records/{batch.pk}/pairs/").content.decode()
    assert "È la stessa persona" in pairs
    client.post(f"/people/records/{batch.pk}/pairs/", {"pair": RecordPair.objects.get().pk, "verdict": "different"})
    client.post(f"/people/records/{batch.pk}/", {"do": "import"})
    page = follow(client, batch).content.decode()
    assert 'id="imported">2<' in page
    person = Person.objects.get(family_name="Esempio")
    assert "riga 3 di «archivio.csv»" in client.get(f"/people/{person.subject_id}/").content.decode()
    client.post(f"/people/records/{batch.pk}/", {"do": "undo"})
    assert Person.objects.count() == 3, "without the tick nothing is taken back"
    client.post(f"/people/records/{batch.pk}/", {"do": "undo", "sure": "on"})
    assert "annullata" in follow(client, batch).content.decode()
    assert Person.objects.count() == 1


def test_the_page_says_why_an_import_is_not_taken_back(enter, imported, anna):
    batch = imported(anna, csv_of([DARIO]))
    person = Person.objects.get()
    people.rename(person=person, given_name="Ada", family_name="Prova", phone="", email="", by=anna, now=timezone.now())
    page = enter(anna).post(f"/people/records/{batch.pk}/", {"do": "undo", "sure": "on"}, follow=True).content.decode()
    assert "qualcuno ha già lavorato" in page
    assert f"/people/{person.subject_id}/" in page


def test_two_data_cannot_be_in_one_column_and_the_names_must_be_said(enter, anna, as_application):
    with as_application(anna):
        batch = record_file.begin(csv_of([DARIO]), file_name="a.csv", by=anna, now=timezone.now())
    client = enter(anna)
    answer = client.post(f"/people/records/{batch.pk}/", {"do": "map", "family_name": "0", "given_name": "0"})
    assert answer.status_code == 422
    assert "già abbinata a «Cognome»" in answer.content.decode()
    answer = client.post(f"/people/records/{batch.pk}/", {"do": "map", "family_name": "0"})
    assert "senza non si sa chi è la persona" in answer.content.decode()


def test_the_template_can_be_filled_in_and_comes_in_as_it_is(enter, anna, imported, mugello):
    place = factories.municipality(mugello, "Borgo di Prova")
    content = enter(anna).get("/people/records/template.xlsx").content
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    head = book.get_sheet_by_index(0).to_python()[0]
    assert len(book.sheet_names) == 3
    row = ["Prova", "Dario", "PRVDRA90E03D612Y", "", "", "uomo", "Borgo di Prova", "055 1", "d@prova.it", "10/01/2024",
           "anna", "salute mentale", "", "7"]  # fmt: skip
    imported(anna, SimpleUploadedFile("pieno.xlsx", written([Sheet("Persone", head, [row])])))
    assert Registry.objects.get().municipality == place
    assert CaseArea.objects.get().area == "mental_health"


@pytest.mark.parametrize(
    "content", [b"", b"\x00" * 500, b"PK\x03\x04" + b"\x00" * 200, b'"' * 5000, b"a;b\n" * 3, b";;;\n"]
)
def test_the_page_takes_any_file(enter, anna, content):
    for name in ("a.csv", "../../etc/passwd", "x" * 400 + ".csv"):
        answer = enter(anna).post("/people/records/", {"file": SimpleUploadedFile(name, content)})
        assert answer.status_code in (302, 422)


def test_an_open_document_sheet_comes_in_too(imported, anna):
    import zipfile

    cells = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>' for cell in HEAD
    )
    row = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>' for cell in DARIO
    )
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    text = (
        f'<?xml version="1.0"?><office:document-content {spaces}><office:body><office:spreadsheet>'
        f'<table:table table:name="P"><table:table-row>{cells}</table:table-row>'
        f"<table:table-row>{row}</table:table-row>"
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", text)
        archive.writestr(
            "META-INF/manifest.xml", '<manifest xmlns="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
        )
    imported(anna, SimpleUploadedFile("archivio.ods", file.getvalue()))
    assert str(Person.objects.get()) == "Dario Prova"
