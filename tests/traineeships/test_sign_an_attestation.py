"""An attestation is signed by a link and a code, as plans and agreements are: the very document that was issued, and a
copy with the page of the signatures, which tells an employer nothing more."""

import hashlib
import io
import json
import re

import pikepdf
import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accanto.access.log import Act
from accanto.documents.signature_round import Signatory, Signature, SignaturePaper, SignatureRound
from accanto.traineeships import attestation as attestations
from accanto.traineeships import signing as signings
from accanto.traineeships.attestation import Attestation, AttestationPaper
from accanto.traineeships.signing import Signing
from accanto.traineeships.traineeship import State
from accanto.web import ending_papers
from tests.documents import files
from tests.traineeships.test_attest_a_traineeship import url
from tests.traineeships.test_sign_by_a_link import code_for, sign


@pytest.fixture
def issued(ended, anna, enter):
    assert enter(anna).post(url(ended), {"activities": "Potatura", "wording": "neutral"}).status_code == 302
    return Attestation.objects.get()


@pytest.fixture
def ready(enter, anna, issued):
    """The round of the attestation: the addresses of who signs, by the name of their mailbox."""

    def prepare(parties=("promoter", "host"), **more):
        mail.outbox.clear()
        said = {"send": "on", "host-1-name": ""}
        for party in parties:
            said |= {f"{party}-1-name": f"Firma {party}", f"{party}-1-email": f"{party}@prova.example"}
        answer = enter(anna).post(reverse("prepare_attestation", args=[issued.pk]), said | more)
        assert answer.status_code == 302, answer.context["form"].errors
        found = {}
        for message in mail.outbox:
            found[message.to[0].split("@")[0]] = re.search(r"http://testserver(/sign/\S+)", message.body)[1]
        return found

    return prepare


def round_page():
    return reverse("signature_round", args=[Signing.objects.latest("pk").round_id])


def test_who_attests_and_the_host_sign_and_the_person_finds_the_copy(ready, issued, ended, enter, anna, carla, tutor):
    form = enter(anna).get(reverse("prepare_attestation", args=[issued.pk])).content.decode()
    assert tutor.user.name in form, "the promoter's tutor is known"
    urls = ready()
    row = SignatureRound.objects.get()
    document = bytes(issued.papers.get().data)
    assert row.sha256 == issued.sha256 == hashlib.sha256(document).hexdigest()
    assert Client().get(urls["host"] + "document/").content == document
    text = Client().get(urls["host"]).content.decode()
    for word in (str(ended.person), "MOTIVO", "INCLUSIONE", "inclusione"):
        assert word not in text
    assert "manca la firma di: soggetto promotore, soggetto ospitante" in enter(anna).get(url(ended)).content.decode()
    assert sign(urls["host"]).status_code == 302

    for acting in (tutor, carla):
        assert "alla firma" in enter(acting).get(url(ended)).content.decode()

    # delivered on paper while somebody is missing? Not before the round is finished or cancelled
    hand = {"on": timezone.localdate().isoformat()}
    for acting in (anna, tutor):
        answer = enter(acting).post(reverse("hand_attestation", args=[issued.pk]), hand, follow=True)
        assert "È alla firma" in answer.content.decode()
    page = reverse("attestations")
    chosen = hand | {"do": "hand", "chosen": [str(issued.pk)]}
    assert "1 è ancora alla firma" in enter(anna).post(page, chosen, follow=True).content.decode()
    issued.refresh_from_db()
    assert issued.handed_on is None

    assert sign(urls["promoter"]).status_code == 302
    assert "Firmato da tutti: da registrare" in enter(anna).get(reverse("my_day")).content.decode()
    assert not issued.papers.filter(part="signed").exists()
    assert enter(anna).post(round_page(), {"do": "register"}).status_code == 302
    copy = issued.papers.get(part="signed")
    own = enter(carla)
    assert "Copia firmata" in own.get(url(ended)).content.decode()
    with pikepdf.open(io.BytesIO(own.get(reverse("attestation_paper", args=[copy.pk])).content)) as made:
        assert len(made.pages) == 2
        assert made.Root.MarkInfo.Marked
    assert enter(anna).post(round_page(), {"do": "register"}).status_code == 404
    assert enter(anna).post(reverse("hand_attestation", args=[issued.pk]), hand).status_code == 302
    ended.refresh_from_db()
    assert ended.state == State.ATTESTED
    verbs = list(Act.objects.filter(noun="attestation").order_by("id").values_list("verb", flat=True))
    assert verbs == ["issue", "sign"]
    assert Act.objects.filter(noun="signature", verb="sign", user_id=None).count() == 2


def test_the_page_of_the_signatures_is_as_neutral_as_the_attestation(ready, issued, ended, anna):
    for address in ready(**{"promoter-1-quality": "presidente"}).values():
        sign(address)
    one = Signing.objects.select_related("round").get()
    rows = list(Signatory.objects.select_related("signature__paper").order_by("id"))
    data = ending_papers.signed_page_data(issued, one.round, rows, acting=anna)
    told = json.dumps(data, ensure_ascii=False)
    for word in ("Firma promoter", "presidente", "Firma host", str(ended.promoter), str(ended.host), issued.sha256):
        assert word in told
    silent = ("inclusione", "MOTIVO", "prova.example", "ente che ha in carico", anna.user.name, "Società della Salute")
    for word in silent:
        assert word not in told
    before = ending_papers.made_signed_copy(issued, bytes(issued.papers.get().data), one.round, rows, acting=anna)
    after = ending_papers.made_signed_copy(issued, bytes(issued.papers.get().data), one.round, rows, acting=anna)
    assert before == after


def test_what_an_employer_would_read_in_a_quality_is_refused(enter, anna, issued):
    said = {"promoter-1-name": "Paola", "promoter-1-quality": "psichiatra", "host-1-name": ""}
    answer = enter(anna).post(reverse("prepare_attestation", args=[issued.pk]), said)
    assert answer.status_code == 422
    assert "psichiatra" in answer.content.decode()
    assert not SignatureRound.objects.exists()


def test_one_made_again_or_withdrawn_voids_the_round(ready, issued, ended, enter, anna):
    urls = ready(("promoter",))
    code = code_for(urls["promoter"])
    again = {"activities": "Potatura e innesti", "wording": "neutral", "reason": "Mancavano gli innesti."}
    assert "andrà firmata di nuovo" in enter(anna).get(url(ended)).content.decode()
    assert enter(anna).post(url(ended), again).status_code == 302
    row = SignatureRound.objects.get()
    assert row.void_reason == "changed"
    assert sign(urls["promoter"], code).status_code == 410
    assert "rifatta o ritirata" in enter(anna).get(round_page()).content.decode()
    assert not Signature.objects.exists()
    assert enter(anna).get(reverse("prepare_attestation", args=[issued.pk])).status_code == 404

    standing = Attestation.objects.standing().get()
    second = enter(anna).post(
        reverse("prepare_attestation", args=[standing.pk]),
        {"promoter-1-name": "Paola", "promoter-1-email": "promoter@prova.example", "host-1-name": "", "send": "on"},
    )
    assert second.status_code == 302
    assert (
        enter(anna).post(reverse("withdraw_attestation", args=[standing.pk]), {"reason": "Sbagliata."}).status_code
        == 302
    )
    assert SignatureRound.objects.latest("pk").void_reason == "changed"


def test_one_the_tutor_makes_again_signs_no_more(ready, issued, ended, tutor, as_application, today):
    """The tutor of the promoter writes no round: what the link signs is looked at when somebody signs."""
    urls = ready(("promoter",))
    code = code_for(urls["promoter"])
    with as_application(tutor):
        attestations.issue(
            traineeship=ended, number=2, document=b"%PDF-1.4 b", wording="neutral", activities="x", hours=1, skills=0,
            instead_of=issued, reason="x", by=tutor, now=timezone.now(),
        )  # fmt: skip
    assert Client().get(urls["promoter"]).status_code == 410
    assert sign(urls["promoter"], code).status_code == 410
    with connection.cursor() as cursor:
        cursor.execute("select attestation_mark(%s) = %s", [issued.pk, Signing.objects.get().mark])
        assert cursor.fetchone() == (False,)
        cursor.execute("select attestation_mark(null)")
        assert cursor.fetchone() == (None,)


def test_signed_on_paper_the_scan_is_a_copy_too(ready, issued, enter, anna):
    ready(("promoter",))
    scan = SimpleUploadedFile("firmato.pdf", files.saved(files.plain_pdf()), "application/pdf")
    who = [str(Signatory.objects.get().pk)]
    said = {"do": "paper", "file": scan, "day": timezone.localdate().isoformat(), "who": who}
    assert enter(anna).post(round_page(), said).status_code == 302
    assert enter(anna).post(round_page(), {"do": "register"}).status_code == 302
    kept = set(AttestationPaper.objects.filter(part="signed").values_list("sha256", flat=True))
    assert len(kept) == 2
    assert SignaturePaper.objects.get(part="signed").sha256 in kept


def test_a_round_is_of_its_own_attestation_and_the_plan_of_its_own(
    ready, issued, ended, anna, as_application, trainees
):
    ready(("promoter",))
    assert not signings.of(traineeship=ended).exists()
    assert signings.of(attestation=issued).count() == 1
    (other,) = trainees(1, first=7)
    row = Signing.objects.get()
    with as_application(anna), pytest.raises(DatabaseError, match="of_its_attestation"), transaction.atomic():
        Signing.objects.create(
            round=row.round, traineeship=other, attestation=issued, mark="", subject=other.subject, zone=other.zone
        )


def test_preparing_it_again_says_that_what_was_signed_is_lost(ready, issued, enter, anna):
    first = ready(("promoter",))
    assert "le firme raccolte finora non valgono" in enter(anna).get(
        reverse("prepare_attestation", args=[issued.pk])
    ).content.decode()  # fmt: skip
    second = ready(("promoter",))
    assert Client().get(first["promoter"]).status_code == 410
    assert sign(second["promoter"]).status_code == 302
    for _time in range(2):  # signed by all, and then registered
        answer = enter(anna).get(reverse("prepare_attestation", args=[issued.pk]))
        assert (answer.status_code, answer["Location"]) == (302, round_page())
        enter(anna).post(round_page(), {"do": "register"})


def test_a_round_that_is_cancelled_lets_it_be_handed_over(ready, issued, ended, enter, anna):
    ready(("promoter",))
    answer = enter(anna).post(round_page(), {"do": "cancel"})
    assert answer["Location"] == url(ended)
    hand = {"on": timezone.localdate().isoformat()}
    assert enter(anna).post(reverse("hand_attestation", args=[issued.pk]), hand).status_code == 302
    issued.refresh_from_db()
    assert issued.handed_on


def test_the_pages_ask_the_same_queries_for_one_round_and_for_many(
    ready, ended, issued, enter, anna, trainees, same_queries, today
):
    ready()
    client = enter(anna)

    def more():
        one = Signing.objects.get()
        for row in trainees(8, first=20):
            row.ends, row.state = today, State.CONCLUDED
            row.save()
            made = attestations.issue(
                traineeship=row, number=attestations.numbers(zone_id=row.zone_id, year=today.year)[0],
                document=b"%PDF-1.4 a", wording="neutral", activities="x", hours=1, skills=0, by=anna,
                now=timezone.now(),
            )  # fmt: skip
            round = one.round
            round.pk, round.subject_id = None, row.subject_id
            round.save(force_insert=True)
            Signatory.objects.create(round=round, party="host", name="Altro", subject=row.subject, zone=row.zone)
            Signing.objects.create(
                round=round, traineeship=row, attestation=made, mark=signings.mark_of(Signing(attestation=made)),
                subject=row.subject, zone=row.zone,
            )  # fmt: skip

    same_queries(lambda: [client.get(reverse("attestations")), client.get(reverse("my_day"))], more=more)


def test_the_host_who_signs_nothing_is_left_out(ready, issued):
    urls = ready(("promoter",))
    assert set(urls) == {"promoter"}
    sign(urls["promoter"])
    assert SignatureRound.objects.get().completed_at
