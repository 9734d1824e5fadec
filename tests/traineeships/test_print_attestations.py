"""Many attestations in one file to print: those chosen, or all that are to be handed over, so many at a time."""

import io

import pikepdf
import pytest
from django.urls import reverse
from django.utils import timezone

from accanto.access.log import Act, Reading
from accanto.documents import signature_round as rounds
from accanto.traineeships import attestation as attestations
from accanto.traineeships import signing as signings
from accanto.traineeships.attestation import Attestation
from accanto.traineeships.traineeship import State
from accanto.web import ending_papers
from tests import factories

PRINT = "print_attestations"


@pytest.fixture
def made(trainees, anna, today):
    """Five issued, none of them handed over."""
    found = []
    for row in trainees(5):
        row.ends, row.state = today, State.CONCLUDED
        row.save()
        found.append(factories.attestation(row, by=anna))
    return found


def marks(answer):
    assert answer["Content-Type"] == "application/pdf"
    with pikepdf.open(io.BytesIO(answer.content)) as pdf, pdf.open_outline() as outline:
        assert pdf.Root.MarkInfo.Marked
        assert len(pdf.pages) >= len(outline.root)
        return [mark.title for mark in outline.root]


def test_those_chosen_or_all_in_one_file_in_the_order_of_their_numbers(made, enter, anna):
    office = enter(anna)
    chosen = [made[3].pk, made[1].pk]
    assert marks(office.post(reverse(PRINT), {"chosen": chosen})) == [
        f"N. {one.protocol}, {one.traineeship.person}" for one in (made[1], made[3])
    ]
    lines = Act.objects.filter(verb="print", noun="attestation").values_list("object_id", flat=True)
    assert set(lines) == set(chosen)
    reading = Reading.objects.filter(page=PRINT).latest("id")
    assert set(reading.subject_ids) == {made[1].subject_id, made[3].subject_id}
    assert "Stampale tutte, 5" in office.get(reverse("attestations")).content.decode()
    assert len(marks(office.post(reverse(PRINT), {"from": "1"}))) == 5

    attestations.hand_over(attestation=made[0], on=timezone.localdate(), by=anna, now=timezone.now())
    assert len(marks(office.post(reverse(PRINT), {"from": "1", "chosen": [made[0].pk]}))) == 4


def test_more_than_a_file_holds_are_printed_in_groups_with_a_sentence(made, enter, anna, monkeypatch):
    monkeypatch.setattr("accanto.web.attestations.PRINTED", 2)
    office = enter(anna)
    text = office.get(reverse("attestations")).content.decode()
    assert "Da consegnare sono 5, e in un file ne stanno 2" in text
    for words in ("Dalla 1ª alla 2ª", "Dalla 3ª alla 4ª", "Dalla 5ª alla 5ª"):
        assert words in text
    assert [len(marks(office.post(reverse(PRINT), {"from": first}))) for first in ("1", "3", "5")] == [2, 2, 1]
    answer = office.post(reverse(PRINT), {"chosen": [one.pk for one in made]}, follow=True)
    assert "In un file ne stanno 2" in answer.content.decode()


def test_nothing_chosen_is_said_and_what_is_of_others_is_not_there(made, enter, anna, bruno, tutor):
    for said in ({}, {"chosen": ["x", "-1", "9" * 30]}, {"from": "99"}):
        assert "Segna quali stampare" in enter(anna).post(reverse(PRINT), said, follow=True).content.decode()
    assert "Segna quali" in enter(bruno).post(reverse(PRINT), {"chosen": [made[0].pk]}, follow=True).content.decode()
    assert enter(tutor).post(reverse(PRINT), {"chosen": [made[0].pk]}).status_code == 404
    assert enter(anna).get(reverse(PRINT)).status_code == 405
    assert not Act.objects.filter(verb="print").exists()


def test_of_one_signed_by_the_link_the_copy_with_the_signatures_is_printed(made, enter, anna):
    one = made[0]
    one.traineeship = one.traineeship.__class__.objects.with_people().get(pk=one.traineeship_id)
    document = bytes(one.papers.get().data)
    signed = signings.begin(
        attestation=one, title="Attestazione", document=document, by=anna, now=timezone.now(),
        signatories=[{"party": str(signings.attesting_party(one.traineeship)), "name": "Paola"}],
    )  # fmt: skip
    signatory = signed.round.signatories.get()
    rounds.draw(signatory=signatory, path="M1 1L2 2", by=anna, now=timezone.now(), day=timezone.localdate())
    signed.round.refresh_from_db()
    copy = ending_papers.made_signed_copy(
        one, document, signed.round, signed.round.signatories.select_related("signature"), acting=anna
    )
    attestations.keep_signed(signing_of_it=signed, document=copy, by=anna, now=timezone.now())
    answer = enter(anna).post(reverse(PRINT), {"from": "1"})
    with pikepdf.open(io.BytesIO(answer.content)) as pdf:
        assert len(pdf.pages) == 6
    assert Attestation.objects.filter(handed_on=None).count() == 5


def test_the_file_asks_the_same_queries_for_few_and_for_many(made, enter, anna, trainees, same_queries, today):
    office = enter(anna)

    def more():
        for row in trainees(10, first=20):
            row.ends, row.state = today, State.CONCLUDED
            row.save()
            factories.attestation(row, by=anna)

    same_queries(lambda: office.post(reverse(PRINT), {"from": "1"}), more=more)
