"""The documents of a person: kept whole, opened by who may, withdrawn with a reason, never deleted."""

import hashlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from accanto.access.log import Act, Reading
from accanto.access.role import Kind
from accanto.documents.content import Content
from accanto.documents.document import AlreadyThere, Document
from tests import factories
from tests.documents import files


@pytest.fixture
def case(mugello, anna):
    return factories.person_in_charge(mugello, by=anna)


@pytest.fixture
def operator(mugello):
    return factories.user("operator", Kind.EMPLOYMENT_OPERATOR, zone=mugello)


def upload(client, case, *, data=None, name="Rossi Maria psichiatria.pdf", **typed):
    content = files.pdf_with(files.link_and_first_page) if data is None else data
    values = {"title": "Carta d’identità", "degree": "registry", "day": timezone.localdate().isoformat()} | typed
    values["file"] = SimpleUploadedFile(name, content, content_type="text/html")
    return client.post(reverse("new_document", args=[case.subject_id]), values, follow=True)


def test_a_document_is_kept_whole_and_its_name_forgotten(enter, anna, case):
    data = files.pdf_with(files.link_and_first_page)
    answer = upload(enter(anna), case, data=data)
    assert "Documento registrato" in answer.content.decode()
    row, content = Document.objects.get(), Content.objects.get()
    assert bytes(content.data) == data
    assert row.sha256 == content.sha256 == hashlib.sha256(data).hexdigest()
    assert (row.media_type, row.degree, row.size) == ("application/pdf", "registry", len(data))
    assert "psichiatria" not in str(row.__dict__)
    act = Act.objects.get(verb="keep", noun="document")
    assert act.detail == {"sha256": row.sha256, "size": row.size}
    assert act.subject_id == case.subject_id


def test_it_comes_back_as_a_file_that_runs_nothing_and_names_nobody(enter, anna, case):
    client = enter(anna)
    upload(client, case)
    row = Document.objects.get()
    answer = client.get(reverse("document_content", args=[row.pk]))
    assert answer.content == bytes(Content.objects.get().data)
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == f'attachment; filename="documento-{row.pk}.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert "no-store" in answer["Cache-Control"]
    assert Reading.objects.filter(page="document_content", subject_ids=[case.subject_id]).exists()


def test_who_does_not_read_the_class_sees_neither_document_nor_title_nor_count(enter, anna, operator, case):
    upload(enter(anna), case, title="SEGRETO", degree="area")
    upload(enter(anna), case, title="Contratto", degree="case", data=files.picture())
    secret = Document.objects.get(degree="area")
    client = enter(operator)
    page = client.get(reverse("documents", args=[case.subject_id])).content.decode()
    assert "Contratto" in page
    assert "SEGRETO" not in page
    for name in ("document", "document_content"):
        assert client.get(reverse(name, args=[secret.pk])).status_code == 404
    assert Reading.objects.filter(refused=True, page="document_content").exists()
    file = client.get(reverse("person", args=[case.subject_id])).content.decode()
    assert "1 documento<" in file


def test_an_employment_operator_adds_only_what_they_may_write(enter, operator, case):
    client = enter(operator)
    form = client.get(reverse("new_document", args=[case.subject_id])).content.decode()
    assert 'value="employability"' in form
    for degree in ("case", "health", "area", "plan"):
        assert f'value="{degree}"' not in form
    answer = upload(client, case, degree="health")
    assert not Document.objects.exists()
    assert "Correggi" in answer.content.decode()


@pytest.mark.parametrize("kind", [Kind.EMPLOYMENT_OPERATOR, Kind.HEALTH_WORKER, Kind.THIRD_SECTOR_TUTOR])
def test_postgresql_itself_refuses_a_class_one_may_not_write(kind, anna, operator, case, as_application, mugello):
    acting = operator if kind == Kind.EMPLOYMENT_OPERATOR else factories.user("x", kind)
    insert = (
        "insert into documents_document (subject_id, zone_id, degree, title, day, media_type, size, sha256, "
        "recorded_at, recorded_by_id, withdrawal_reason) "
        "values (%s, %s, 'justice', 'x', now(), 'image/png', 1, 'x', now(), %s, '')"
    )
    values = [case.subject_id, case.zone_id, acting.user.pk]
    with (
        as_application(acting) as cursor,
        pytest.raises(DatabaseError, match="row-level security"),
        transaction.atomic(),
    ):
        cursor.execute(insert, values)


def test_bytes_lie_neither_about_their_hash_nor_about_their_class(anna, case):
    row = factories.document(case, by=anna, degree="health")
    for change in ("data = 'x'", "sha256 = 'x'", "degree = 'contact'"):
        with pytest.raises(DatabaseError), transaction.atomic():
            change_content(change)
    row.refresh_from_db()


def change_content(change):
    with connection.cursor() as cursor:
        cursor.execute(f"update documents_content set {change}")
        cursor.execute("set constraints all immediate")


def test_what_is_wrong_is_said_all_at_once_and_nothing_is_written(enter, anna, case):
    answer = upload(
        enter(anna), case, title="", degree="", day="2999-01-01", data=files.pdf_with(files.javascript)
    ).content.decode()
    for sentence in ("Correggi 4 campi", "JavaScript", "Non può essere dopo oggi"):
        assert sentence in answer
    assert not Document.objects.exists()


def test_without_a_file_or_with_an_empty_one_a_sentence_comes(enter, anna, case):
    client, url = enter(anna), reverse("new_document", args=[case.subject_id])
    typed = {"title": "x", "degree": "case", "day": timezone.localdate().isoformat()}
    assert "Scegli il file" in client.post(url, typed).content.decode()
    assert "vuoto" in upload(client, case, data=b"").content.decode()
    assert "Non è un PDF" in upload(client, case, data=b"MZ").content.decode()
    assert not Document.objects.exists()


def test_the_same_file_twice_is_said(enter, anna, case):
    client = enter(anna)
    data = files.picture()
    upload(client, case, data=data)
    assert "c’è già" in upload(client, case, data=data).content.decode()
    assert Document.objects.count() == 1


def test_two_at_once_keep_one(monkeypatch, anna, case):
    """The second has looked before the first wrote: PostgreSQL says so, and it is a sentence and no fault."""
    factories.keep_document(case, by=anna)
    monkeypatch.setattr(QuerySet, "exists", lambda self: False)
    with pytest.raises(AlreadyThere):
        factories.keep_document(case, by=anna)
    assert Document.objects.count() == Content.objects.count() == 1


def test_a_withdrawn_document_stays_with_its_reason(enter, anna, tutor, case):
    client = enter(anna)
    factories.traineeship(case, tutor=tutor, by=anna)
    row = factories.document(case, by=anna, degree="placement")
    seen_by_tutor = enter(tutor)
    url = reverse("document", args=[row.pk])
    assert seen_by_tutor.get(url).status_code == 200
    assert "Scrivi perché" in client.post(url, {"reason": " "}).content.decode()
    page = client.post(url, {"reason": "è di un’altra persona"}, follow=True).content.decode()
    assert "è di un’altra persona" in page
    row.refresh_from_db()
    assert (row.withdrawn_by, bool(row.withdrawn_at)) == (anna.user, True)
    assert Content.objects.filter(document=row).exists()
    assert client.get(reverse("document_content", args=[row.pk])).status_code == 200
    assert client.post(url, {"reason": "ancora"}).status_code == 404
    # who could not have withdrawn it opens it no more
    assert seen_by_tutor.get(url).status_code == 404
    assert seen_by_tutor.get(reverse("documents", args=[case.subject_id])).status_code == 200


def test_a_withdrawn_title_and_its_reason_are_shown_to_nobody_who_could_not_withdraw_it(enter, anna, tutor, case):
    """Why it was withdrawn may be that it was in the wrong class."""
    factories.traineeship(case, tutor=tutor, by=anna)
    row = factories.keep_document(case, by=anna, degree="contact")
    Document.objects.update(title="TITOLO")
    enter(anna).post(reverse("document", args=[row.pk]), {"reason": "è una cosa di salute"})
    url = reverse("documents", args=[case.subject_id])
    assert "cosa di salute" in enter(anna).get(url).content.decode()
    page = enter(tutor).get(url).content.decode()
    assert "cosa di salute" not in page
    assert "TITOLO" not in page


def test_a_title_that_tells_why_goes_with_no_class_that_others_read(enter, anna, case):
    page = upload(enter(anna), case, title="Lettera del Ser.D.", degree="contact").content.decode()
    assert "«Ser.D» fa capire perché" in page
    assert not Document.objects.exists()
    upload(enter(anna), case, title="Lettera del Ser.D.", degree="diary")
    assert Document.objects.get().degree == "diary"


def test_a_tutor_goes_back_to_the_traineeship(enter, anna, tutor, case):
    row = factories.traineeship(case, tutor=tutor, by=anna)
    kept = factories.document(case, by=anna, degree="placement")
    back = f'href="{reverse("traineeship", args=[row.pk])}"'
    for url in (reverse("documents", args=[case.subject_id]), reverse("document", args=[kept.pk])):
        assert back in enter(tutor).get(url).content.decode(), url


def test_a_tutor_withdraws_nothing(enter, anna, tutor, case):
    factories.traineeship(case, tutor=tutor, by=anna)
    row = factories.document(case, by=anna, degree="placement")
    assert enter(tutor).post(reverse("document", args=[row.pk]), {"reason": "x"}).status_code == 404
    row.refresh_from_db()
    assert row.withdrawn_at is None


def test_odd_texts_are_kept_or_refused_and_never_break(enter, anna, case):
    client = enter(anna)
    assert upload(client, case, title="nul\x00la").status_code == 200
    assert upload(client, case, title="x" * 500).status_code == 200
    assert upload(client, case, name="a" * 300 + ".pdf").status_code == 200
    assert upload(client, case, name="<script>.pdf", title="<script>alert(1)</script>").status_code == 200
    assert "<script>alert(1)" not in client.get(reverse("documents", args=[case.subject_id])).content.decode()


def test_the_list_asks_the_same_whatever_its_length(enter, anna, case, same_queries):
    client, url = enter(anna), reverse("documents", args=[case.subject_id])
    for n in range(3):
        factories.keep_document(case, by=anna, degree="case", data=b"few %d" % n)

    def more():
        for n in range(27):
            factories.keep_document(case, by=anna, degree="case", data=b"many %d" % n)

    same_queries(lambda: client.get(url), more=more)


def test_the_line_of_the_index_says_how_many(enter, anna, case):
    factories.document(case, by=anna)
    assert "1 documento" in enter(anna).get(reverse("person", args=[case.subject_id])).content.decode()


@pytest.mark.parametrize(
    ("title", "degree"),
    [
        ("Progetto di tirocinio firmato", "traineeship_plan"),
        ("Il progetto formativo", "traineeship_plan"),
        ("PFI di marzo", "traineeship_plan"),
        ("Convenzione di tirocinio", "placement"),
    ],
)
def test_a_signed_traineeship_plan_is_closed_to_the_host_and_to_persons_of_trust(enter, anna, case, title, degree):
    answer = upload(enter(anna), case, title=title, degree="placement").content.decode()
    assert Document.objects.get().degree == Content.objects.get().degree == degree
    assert ("chi ospita e le persone di fiducia non leggono" in answer) == (degree != "placement")
