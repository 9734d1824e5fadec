"""What a person takes away from a traineeship: issued, shown, handed over, done again, withdrawn; by whom, and what an
employer must not read in it."""

import datetime as dt
import hashlib
import io
import json
from decimal import Decimal

import pikepdf
import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from accanto.access.log import Act
from accanto.access.relation import open_relation
from accanto.access.role import Kind
from accanto.documents.file_type import FileType, LookedAt
from accanto.norms.attestations import AttestationFacts
from accanto.norms.attestations import attestation as law
from accanto.norms.findings import Severity
from accanto.traineeships import attestation as attestations
from accanto.traineeships import ending as endings
from accanto.traineeships import skill
from accanto.traineeships.attestation import Attestation, AttestationPaper
from accanto.traineeships.evaluation import GoalJudgement
from accanto.traineeships.models import Passage
from accanto.traineeships.traineeship import State
from accanto.web import ending_papers
from accanto.web.ending_agenda import WITHIN
from tests import factories


def learn(row, by, title="Pota le rose", evidence="Ha potato da sola il roseto."):
    return skill.record(
        traineeship=row, title=title, vocabulary="own", code="", level="alone", evidence=evidence, seen_on=row.ends,
        seen_by="Sara Esempio", by=by, now=timezone.now(),
    )  # fmt: skip


def url(row):
    return reverse("attestation", args=[row.pk])


def file(data=b"%PDF-1.4 firmata"):
    return LookedAt(data, FileType.PDF, hashlib.sha256(data).hexdigest())


def test_it_is_issued_handed_over_done_again_and_withdrawn(ended, anna, carla, enter, today):
    office = enter(anna)
    page = office.get(url(ended)).content.decode()
    assert "Potatura e rinvaso" in page
    assert "Pota le rose" in page
    for lacking in ("Mesi del registro ancora aperti", "Il registro non dice niente di", "valutazione finale"):
        assert lacking in page
    before = Attestation.objects.count()
    shown = office.post(reverse("attestation_preview", args=[ended.pk]), {"activities": "Altro", "wording": "full"})
    assert (shown.status_code, shown["Content-Type"], Attestation.objects.count()) == (200, "application/pdf", before)

    # all that is wrong at once, and nothing lost
    refused = office.post(url(ended), {"activities": "Detenuto in semilibertà", "handed_on": "9999-12-31"})
    assert refused.status_code == 422
    text = refused.content.decode()
    assert "non deve poter capire il perché" in text
    assert "Detenuto in semilibertà" in text
    assert "Controlla l’anno" in text

    assert office.post(url(ended), {"activities": "Potatura", "wording": "neutral"}).status_code == 302
    one = Attestation.objects.get()
    assert (one.protocol, one.hours, one.skills) == (f"1/{today.year}", Decimal(20), 1)
    paper = one.papers.get()
    assert hashlib.sha256(bytes(paper.data)).hexdigest() == one.sha256
    ended.refresh_from_db()
    assert ended.state == State.CONCLUDED

    # the person reads it on their own page, before and after it is handed over
    own = enter(carla)
    assert "N. 1/" in own.get(url(ended)).content.decode()
    assert own.get(reverse("attestation_paper", args=[paper.pk])).status_code == 200
    kept = own.get(reverse("documents", args=[ended.subject_id])).content.decode()
    assert reverse("attestation_paper", args=[paper.pk]) in kept
    assert own.post(url(ended), {"activities": "x", "wording": "full"}).status_code == 404
    assert office.post(reverse("hand_attestation", args=[one.pk]), {"on": today.isoformat()}).status_code == 302
    ended.refresh_from_db()
    assert ended.state == State.ATTESTED

    # the form of before it was issued, pressed twice, does not do it again
    twice = office.post(url(ended), {"activities": "Potatura", "wording": "neutral"}, follow=True)
    assert "È già emessa" in twice.content.decode()
    again = {"activities": "Potatura e innesti", "wording": "full", "reason": ""}
    assert office.post(url(ended), again).status_code == 422, "it says why"
    assert office.post(url(ended), again | {"reason": "Mancavano gli innesti."}).status_code == 302
    two = Attestation.objects.standing().get()
    assert (two.instead_of, two.number) == (one, 2)
    ended.refresh_from_db()
    assert ended.state == State.ATTESTED

    withdraw = reverse("withdraw_attestation", args=[two.pk])
    assert office.post(withdraw, {"reason": ""}).status_code == 422
    assert office.post(withdraw, {"reason": "È di un’altra persona."}).status_code == 302
    ended.refresh_from_db()
    assert ended.state == State.CONCLUDED
    assert "È di un’altra persona." in own.get(url(ended)).content.decode()
    verbs = list(
        Act.objects.filter(noun__in=["attestation", "traineeship"]).order_by("id").values_list("verb", flat=True)
    )
    assert verbs == ["issue", "attest", "issue", "withdraw", "wait_for_attestation"]


def test_an_employer_reads_nothing_of_why(ended, anna, today):
    ending = endings.of([ended], acting=anna, today=today)[ended.pk]
    said = {
        "protocol": "1/2026", "activities": "Potatura", "registry": ended.person.registry, "seats": (), "acting": anna,
    }  # fmt: skip
    neutral = json.dumps(ending_papers.attestation_data(ending, wording="neutral", **said), ensure_ascii=False)
    full = json.dumps(ending_papers.attestation_data(ending, wording="full", **said), ensure_ascii=False)
    for word in ("inclusione", "MOTIVO", "INCLUSIONE", "620/2020", "categoria", "presa in carico", "servizi sociali"):
        assert word not in neutral
    assert "inclusione sociale" in full
    for word in ("Vivaio di prova", "20", "nata il 01/05/1990 a Prato", "Pota le rose", "Sara Esempio", "da sé"):
        assert word in neutral
    assert "MOTIVO" not in full
    assert f"attesta che {ended.person}, nata il 01/05/1990 a Prato, ha svolto un tirocinio" in neutral
    ended.person.registry.birth_place, ended.person.registry.fiscal_code = "Perù", "XXXXXX90E41Z611X"
    abroad = ending_papers.attestation_data(ending, wording="neutral", **said)
    assert f"{ended.person}, nata il 01/05/1990 in Perù, ha svolto" in abroad["paragraphs"][0]
    without = ending_papers.attestation_data(ending, wording="neutral", **said | {"registry": None})
    assert f"{ended.person} ha svolto" in without["paragraphs"][0]
    learn(ended, anna, evidence="Pota anche quando le terapie la stancano.")
    ending = endings.of([ended], acting=anna, today=today)[ended.pk]
    assert ending_papers.telling_words(ending.skills) == ["terapie"]


def test_the_tutor_of_the_promoter_attests_and_no_other(ended, tutor, enter, as_application, anna, today):
    """`attestation_issue`, `attestation_hand_over` and `attestation_number`: what a tutor writes of a traineeship."""
    now = timezone.now()
    said = {"wording": "neutral", "activities": "Potatura", "hours": 20, "skills": 1, "by": tutor, "now": now}
    with as_application(tutor):
        assert list(attestations.numbers(zone_id=ended.zone_id, year=today.year)) == [1]
        one = attestations.issue(traineeship=ended, number=1, document=b"%PDF-1.4 a", **said)
        two = attestations.issue(
            traineeship=ended, number=2, document=b"%PDF-1.4 b", instead_of=one, reason="x", **said
        )
        attestations.hand_over(attestation=two, on=today, by=tutor, now=now, file=file())
    ended.refresh_from_db()
    assert ended.state == State.ATTESTED
    assert Passage.objects.get().after == State.ATTESTED
    assert sorted(AttestationPaper.objects.values_list("part", flat=True)) == ["document", "document", "signed"]
    two.refresh_from_db()
    assert (two.instead_of_id, two.handed_on, two.issued_by_id) == (one.pk, today, tutor.user.pk)
    page = enter(tutor).get(url(ended)).content.decode()
    assert "È sbagliata" not in page, "the office withdraws"

    other = factories.user(
        "altra", Kind.THIRD_SECTOR_TUTOR, organisation=factories.organisation("third_sector_body", "Un’altra")
    )
    open_relation(
        subject=ended.subject, kind=Kind.THIRD_SECTOR_TUTOR, user=other.user, reason="tutor", by=anna, now=now
    )
    assert enter(other).post(url(ended), {"activities": "x", "wording": "neutral"}).status_code == 404
    host = factories.user("ospite", Kind.HOST_TUTOR, organisation=ended.host.organisation)
    open_relation(
        subject=ended.subject, kind=Kind.HOST_TUTOR, user=host.user, reason="tutor aziendale", by=anna, now=now
    )
    for somebody in (other, host):
        with as_application(somebody) as cursor:
            for call, values in (
                ("attestation_number(%s::smallint, 2026)", [ended.zone_id]),
                ("attestation_issue(%s, 2026, 9, 'neutral', '', 1, 0, '', 'x')", [ended.pk]),
                ("attestation_hand_over(%s, '2026-01-01', null, '')", [two.pk]),
            ):
                with pytest.raises(DatabaseError, match=r"only (who|the promoter)"), transaction.atomic():
                    cursor.execute(f"select {call}", values)
    with as_application(host) as cursor:
        cursor.execute("select count(*) from traineeships_attestation")
        assert cursor.fetchone() == (0,)


def test_bytes_and_hash_go_together_and_numbers_are_of_one_each(ended, anna):
    one = factories.attestation(ended, by=anna)
    with pytest.raises(DatabaseError, match="attpaper_hash"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("update traineeships_attestationpaper set data = 'x' where attestation_id = %s", [one.pk])
    with pytest.raises(DatabaseError, match="attestation_number"), transaction.atomic():
        Attestation.objects.create(
            traineeship=ended, subject=ended.subject, zone=ended.zone, year=one.year, number=one.number, hours=0,
            issued_at=timezone.now(), issued_by=anna.user, superseded_at=timezone.now(),
        )  # fmt: skip


def test_a_zone_prepares_all_of_them_in_portions_and_says_which_tell_too_much(
    ended, trainees, anna, enter, today, monkeypatch, same_queries
):
    monkeypatch.setattr("accanto.web.attestations.CHUNK", 2)
    rows = [ended, *trainees(3, first=1)]
    for row in rows[1:]:
        row.ends, row.state = today - dt.timedelta(days=5), State.INTERRUPTED
        row.save()
    learn(rows[1], anna, evidence="Lavora bene nonostante la depressione.")
    office, page = enter(anna), reverse("attestations")
    assert "Preparale tutte, 4" in office.get(page).content.decode()
    posted, answer = {"do": "prepare"}, None
    for _n in range(5):
        answer = office.post(page, posted)
        if answer.status_code != 200:
            break
        work = answer.context["work"]
        posted = {"do": "prepare"} | {name: work[name] for name in ("after", "done", "left", "total")}
    assert answer.status_code == 302
    assert Attestation.objects.count() == 3
    assert not Attestation.objects.filter(traineeship=rows[1]).exists()
    text = office.get(page).content.decode()
    assert "Prova01" in text
    chosen = [str(row.pk) for row in Attestation.objects.order_by("id")[:2]]
    assert office.post(page, {"do": "hand", "on": today.isoformat()}).status_code == 422
    assert office.post(page, {"do": "hand", "on": today.isoformat(), "chosen": chosen}).status_code == 302
    assert Attestation.objects.exclude(handed_on=None).count() == 2
    assert office.post(page, {"do": "?"}).status_code == 404

    def more():
        for row in trainees(12, first=10):
            row.ends, row.state = today - dt.timedelta(days=5), State.CONCLUDED
            row.save()
            factories.attestation(row, by=anna)
        for row in trainees(12, first=30):
            row.ends, row.state = today - dt.timedelta(days=5), State.CONCLUDED
            row.save()

    same_queries(lambda: office.get(page), more=more)


def test_the_dossier_tells_all_but_why_and_not_to_the_host(ended, anna, carla, enter):
    for acting in (anna, carla):
        answer = enter(acting).get(reverse("dossier_document", args=[ended.pk]))
        with pikepdf.open(io.BytesIO(answer.content)) as made:
            assert made.Root.MarkInfo.Marked
            assert str(made.docinfo["/Title"]) == "Dossier individuale"
    data = ending_papers.dossier_data(
        endings.of([ended], acting=anna, today=timezone.localdate())[ended.pk], plan=ended.plan, passages=[],
        extensions=[], visits=[], answers=[], judgements=[], evaluations=[], seats=(),
    )  # fmt: skip
    told = json.dumps(data, ensure_ascii=False)
    for word in ("La potatura", "Pota le rose", "20"):
        assert word in told
    judged = [
        GoalJudgement(kind="training", goal="La potatura", outcome="reached", moment=moment)
        for moment in ("mid", "final")
    ]
    titles = [section["title"] for section in ending_papers.goals_sections(judged)]
    assert titles == ["Obiettivi formativi, valutazione intermedia", "Obiettivi formativi, valutazione finale"]
    for word in ("MOTIVO", "INCLUSIONE"):
        assert word not in told


def test_a_month_to_come_is_not_said_to_be_open(ended, anna, today):
    ended.ends = today + dt.timedelta(days=70)
    ending = endings.of([ended], acting=anna, today=today)[ended.pk]
    words = [row[-1] for row in ending_papers.months_section(ending)["rows"]]
    assert words[-1] == "da venire"
    assert words[0] == "aperto"


def test_after_ten_days_the_day_of_who_follows_and_of_the_promoter_says_it(ended, anna, tutor, enter):
    assert WITHIN.days == 10
    for acting in (anna, tutor):
        assert "Attestazione da preparare" in enter(acting).get(reverse("my_day")).content.decode()
    factories.attestation(ended, by=anna)
    assert "Attestazione da consegnare" in enter(anna).get(reverse("my_day")).content.decode()
    attestations.hand_over(attestation=Attestation.objects.get(), on=timezone.localdate(), by=anna, now=timezone.now())
    for acting in (anna, tutor):
        assert "Attestazione da" not in enter(acting).get(reverse("my_day")).content.decode()


def test_the_rule_cautions_and_blocks_only_before_the_end():
    day = dt.date(2026, 11, 1)
    found = law(AttestationFacts(state="running"), on=day)
    assert {one.code for one in found if one.severity is Severity.BLOCK} == {"ACC-STATE"}
    lacking = AttestationFacts(state="concluded", open_days=[day], open_months=[day], promoter=False)
    found = law(lacking, on=day)
    assert {one.field for one in found} == {"register", "activities", "skills", "evaluation", "promoter"}
    assert {one.severity for one in found} == {Severity.CAUTION}
    whole = AttestationFacts(state="attested", hours=4, skills=1, activities=True, final_evaluation=True)
    assert law(whole, on=day) == []
