"""The signatures of the personal plan and what proves them: a drawing on the screen, the signed paper brought back."""

import datetime as dt
import hashlib
import io
import json

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from accanto.access.log import Act
from accanto.cases.personal_plan import PersonalPlan, PlanSignature
from accanto.cases.plan_evidence import NoSignature, PlanEvidence, path_of
from accanto.documents.content import Content
from accanto.documents.document import Document
from accanto.norms.cases import plan_signed
from accanto.norms.findings import Grade, Severity
from tests.cases.scene import Worker
from tests.documents import files

WAVE = json.dumps([[value for n in range(30) for value in (n * 20, 100 + 40 * (n % 3))]])
NO_SIGNATURE = [
    "", "[]", "[[1,1]]", "x", "[[1,2,3]]",
    '[["a","b"]]', "[" * 900, "null", '{"a":1}', "[[5,5,5,5,5,5,5,5,5,5,5,5,5,5]]",
]  # fmt: skip


@pytest.fixture
def draft(make_case):
    return make_case(agreed=False).plans.get()


def agreeing(client, draft, **typed):
    worker = Worker(client).open(reverse("agree_plan", args=[draft.pk]))
    return worker.submit("signers", **typed)


def test_the_document_to_sign_is_always_the_same_and_the_page_names_its_mark(enter, anna, draft):
    client = enter(anna)
    one, two = (client.get(reverse("plan_to_sign", args=[draft.pk])) for _again in range(2))
    assert one.content == two.content
    page = client.get(reverse("agree_plan", args=[draft.pk])).content.decode()
    assert hashlib.sha256(one.content).hexdigest() in page


def test_signatures_drawn_on_the_screen_keep_the_document_that_was_shown(enter, anna, draft):
    client = enter(anna)
    shown = client.get(reverse("plan_to_sign", args=[draft.pk])).content
    agreeing(client, draft, how="drawn", drawn_person=WAVE, drawn_manager=WAVE)
    draft.refresh_from_db()
    assert draft.agreed_on
    proofs = {row.signature.signer: row for row in PlanEvidence.objects.select_related("signature")}
    assert set(proofs) == {"person", "manager"}
    proof = proofs["person"]
    assert proof.recorded_by == anna.user
    assert proof.signature.how == PlanSignature.How.DRAWN
    assert bytes(Content.objects.get(document=proof.document).data) == shown
    assert Act.objects.filter(verb="prove", subject_id=draft.subject_id).count() == 2
    page = client.get(reverse("personal_plan", args=[draft.pk])).content.decode()
    assert proof.strokes in page
    assert proof.document.sha256 in page
    assert client.get(reverse("plan_to_sign", args=[draft.pk])).status_code == 404


def test_the_printed_plan_carries_the_drawn_signatures_and_how_they_were_taken(enter, anna, draft):
    client = enter(anna)
    before = len(client.get(reverse("plan_document", args=[draft.pk])).content)
    agreeing(client, draft, how="drawn", drawn_person=WAVE, drawn_manager=WAVE)
    printed = client.get(reverse("plan_document", args=[draft.pk])).content
    assert len(printed) > before
    with pikepdf.open(io.BytesIO(printed)) as pdf:
        figures = [str(found.Alt) for found in pdf.objects if alt_of(found)]
    assert len([alt for alt in figures if alt.startswith("Firma disegnata")]) == 2


def alt_of(found):
    return isinstance(found, pikepdf.Dictionary) and "/Alt" in found and found.get("/S") == "/Figure"


@pytest.mark.parametrize("drawn", NO_SIGNATURE)
def test_without_a_real_drawing_nothing_is_signed_and_a_sentence_names_who(enter, anna, draft, drawn):
    worker = agreeing(enter(anna), draft, how="drawn", drawn_person=drawn, drawn_manager=WAVE)
    assert "Manca la firma disegnata di: la persona" in worker.page
    draft.refresh_from_db()
    assert draft.agreed_on is None
    assert not PlanEvidence.objects.exists()
    assert not Document.objects.exists()


def test_what_is_kept_of_a_drawing_is_a_path_and_nothing_else():
    path = path_of(json.dumps([[-5, 10**9] + [n * 10 for n in range(40)]]))
    assert set(path) <= set("ML0123456789 ")
    for drawn in (json.dumps([[1.5, 2] * 20]), json.dumps([[True, False] * 20]), json.dumps([[0, 0] * 7000])):
        with pytest.raises(NoSignature):
            path_of(drawn)


def test_a_document_that_is_no_more_the_one_shown_is_not_signed(enter, anna, draft):
    worker = agreeing(enter(anna), draft, how="drawn", drawn_person=WAVE, drawn_manager=WAVE, shown="0" * 64)
    assert "non è più quello mostrato" in worker.page
    draft.refresh_from_db()
    assert draft.agreed_on is None


def test_who_signs_on_the_screen_signs_today(enter, anna, draft):
    yesterday = timezone.localdate(draft.recorded_at) - dt.timedelta(days=1)
    draft.case.opened_on = yesterday
    draft.case.save(update_fields=["opened_on"])
    worker = agreeing(
        enter(anna), draft, how="drawn", drawn_person=WAVE, drawn_manager=WAVE, agreed_on=yesterday.isoformat()
    )
    assert "Chi firma qui firma oggi" in worker.page
    draft.refresh_from_db()
    assert draft.agreed_on is None


def test_a_plan_without_the_persons_signature_is_refused_with_the_article_and_the_way_out(enter, anna, draft):
    client = enter(anna)
    page = client.get(reverse("personal_plan", args=[draft.pk])).content.decode()
    assert "Senza la firma della persona" in page
    assert "D.Lgs. 147/2017" in page
    worker = agreeing(client, draft, signers=["manager"])
    for words in ("Senza la firma della persona", "resta una bozza", "R-PAR-01"):
        assert words in worker.page
    draft.refresh_from_db()
    assert draft.agreed_on is None


def test_the_law_of_the_signature_is_read_in_the_act(draft):
    today = timezone.localdate(draft.recorded_at)
    (finding,) = plan_signed(signed=False, on=today)
    assert (finding.severity, finding.grade) == (Severity.BLOCK, Grade.VERIFIED)
    assert plan_signed(signed=True, on=today)[0].severity == Severity.PASS


def paper(data=None):
    return SimpleUploadedFile("Rossi.jpg", data or files.picture("JPEG"), content_type="image/jpeg")


def test_the_signed_paper_comes_with_the_signatures_or_after(enter, anna, draft):
    client = enter(anna)
    url = reverse("agree_plan", args=[draft.pk])
    worker = Worker(client).open(url)
    values = {"agreed_on": timezone.localdate(draft.recorded_at).isoformat(), "how": "paper", "signers": ["person"]}
    bad = client.post(url, values | {"signed_file": paper(b"MZ")}).content.decode()
    assert "Non è un PDF" in bad
    assert not PersonalPlan.objects.agreed().exists()
    client.post(url, values | {"signed_file": paper()})
    assert worker.open(reverse("personal_plan", args=[draft.pk])).page.count("Progetto firmato, versione 1") == 1
    row = PlanEvidence.objects.get()
    assert (row.signature, row.document.degree) == (None, "plan")

    after = reverse("signed_paper", args=[draft.pk])
    assert "già tra le prove" in client.post(after, {"file": paper()}).content.decode()
    client.post(after, {"file": paper(files.pdf_with(files.link_and_first_page))})
    assert PlanEvidence.objects.count() == 2


def test_a_draft_has_no_signed_paper(enter, anna, draft):
    assert enter(anna).get(reverse("signed_paper", args=[draft.pk])).status_code == 404


def test_the_person_reads_the_proofs_of_their_own_plan(enter, anna, own, case):
    draft = case.plans.get()
    factory_paper = reverse("signed_paper", args=[draft.pk])
    enter(anna).post(factory_paper, {"file": paper()})
    client = enter(own)
    assert "Progetto firmato, versione 1" in client.get(reverse("personal_plan", args=[draft.pk])).content.decode()
    row = PlanEvidence.objects.get()
    assert client.get(reverse("document_content", args=[row.document_id])).status_code == 200


def test_postgresql_keeps_no_drawing_that_is_not_a_path(draft, anna, enter):
    agreeing(enter(anna), draft, how="drawn", drawn_person=WAVE, drawn_manager=WAVE)
    for strokes in ("", "<script>", "M1 1"):
        with pytest.raises(DatabaseError), transaction.atomic():
            draw(strokes)


def draw(strokes):
    with connection.cursor() as cursor:
        cursor.execute("update cases_planevidence set strokes = %s", [strokes])
