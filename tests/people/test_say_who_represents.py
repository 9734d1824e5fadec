"""Representation act by act; the signatures the law wants on the plan; the dissent that the judge is told of."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from accanto.access.log import Act
from accanto.cases import personal_plan
from accanto.cases.case import Case
from accanto.cases.personal_plan import PersonalPlan, PlanSignature
from accanto.norms import representation as norms
from accanto.people import registry
from accanto.people import representation as representations
from accanto.people.representation import Dissent, Representation, RepresentationPower
from accanto.traineeships.traineeship import State
from tests import factories

TODAY = timezone.localdate()
BEFORE = TODAY - dt.timedelta(days=400)
DECREE = {
    "kind": "support_administrator",
    "name": "Aldo Sostegni",
    "court": "Firenze",
    "decree_on": BEFORE.isoformat(),
    "starts": BEFORE.isoformat(),
    "spending_limit": "1.200,50",
    "report_every_months": "12",
    "power_personal_plan": "assists",
    "power_money": "represents",
}


@pytest.fixture
def plan(ida, anna):
    return personal_plan.write(
        case=Case.objects.get(subject=ida.subject),
        reason="prima stesura",
        goals=[{"own_words": "Vorrei una casa", "result": "Un contratto", "due": None}],
        supports=[{"kind": "housing", "text": ""}],
        actions=[{"party": "person", "text": "Telefona", "due": TODAY, "done_on": None}],
        review_on=None,
        by=anna,
        now=timezone.now(),
    )


def represented(person, by, *, kind="support_administrator", **powers):
    return representations.record(
        person=person, kind=kind, name="Aldo Sostegni", court="Firenze", decree_on=BEFORE, starts=BEFORE,
        powers=powers, by=by, now=timezone.now(),
    )  # fmt: skip


def signed(*signers, **more):
    return {"agreed_on": TODAY.isoformat(), "how": "paper", "signers": list(signers), **more}


def test_a_decree_is_written_act_by_act(enter, anna, ida):
    client = enter(anna)
    client.post(reverse("new_representation", args=[ida.subject_id]), DECREE)
    row = Representation.objects.get()
    powers = dict(RepresentationPower.objects.order_by("id").values_list("power", "mode"))
    assert powers == {"personal_plan": "assists", "money": "represents"}
    assert (str(row.spending_limit), row.report_every_months, row.ends) == ("1200.50", 12, None)
    page = client.get(reverse("representation", args=[ida.subject_id])).content.decode()
    for words in ("Aldo Sostegni", "senza termine", "1.200,50", "lo fanno insieme", "R-ADS-01"):
        assert words in page
    assert (
        "Aldo Sostegni, amministratore di sostegno"
        in client.get(reverse("person", args=[ida.subject_id])).content.decode()
    )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"court": ""}, "tribunale e il giorno"),
        ({"decree_on": ""}, "tribunale e il giorno"),
        ({"power_personal_plan": "", "power_money": ""}, "almeno un atto"),
        ({"ends": (BEFORE - dt.timedelta(days=9)).isoformat()}, "prima di cominciare"),
        ({"starts": (BEFORE - dt.timedelta(days=9)).isoformat()}, "prima del decreto"),
        ({"kind": "parents"}, "giudice tutelare"),
        ({"spending_limit": "-3"}, "meno di"),
        ({"report_every_months": "9" * 40}, ""),
        ({"name": "nul\x00la"}, ""),
        ({"power_money": "x"}, ""),
    ],
)
def test_what_cannot_be_is_said_and_not_written(enter, anna, ida, change, said):
    answer = enter(anna).post(reverse("new_representation", args=[ida.subject_id]), DECREE | change)
    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert not Representation.objects.exists()


def test_a_correction_and_the_end_keep_what_was_written(enter, anna, ida):
    row = represented(ida, anna, money="represents")
    client = enter(anna)
    client.post(reverse("change_representation", args=[row.pk]), DECREE | {"decree_number": "12/2025"})
    held = Representation.objects.standing().get()
    assert (held.decree_number, Representation.objects.count()) == ("12/2025", 2)
    sent = DECREE | {"decree_number": "12/2025", "ends": TODAY.isoformat()}
    client.post(reverse("change_representation", args=[held.pk]), sent)
    held.refresh_from_db()
    assert (held.ends, Representation.objects.count()) == (TODAY, 2)


def test_the_page_of_signatures_says_who_must_sign_by_the_decree(enter, anna, ida, plan):
    represented(ida, anna, personal_plan="represents")
    page = enter(anna).get(reverse("agree_plan", args=[plan.pk])).content.decode()
    assert "Firma l&#x27;amministratore di sostegno." in page
    assert "R-ADS-01" in page
    assert 'value="representative" checked' in page.replace("  ", " ") or "representative" in page


def test_signatures_that_the_law_wants_are_registered_at_once_with_the_name(enter, anna, ida, plan):
    represented(ida, anna, personal_plan="assists")
    enter(anna).post(reverse("agree_plan", args=[plan.pk]), signed("person", "representative", "manager"))
    names = dict(PlanSignature.objects.order_by("id").values_list("signer", "name"))
    assert names == {"person": "", "representative": "Aldo Sostegni", "manager": ""}


@pytest.mark.parametrize(
    ("powers", "signers", "said"),
    [
        ({"personal_plan": "assists"}, ["person"], "vuole la firma di chi rappresenta"),
        ({"money": "represents"}, ["representative"], "non gli affida questo atto"),
        ({"money": "represents"}, ["person", "representative"], "non gli affida questo atto"),
        ({"personal_plan": "represents"}, ["person"], "vuole la firma di chi rappresenta"),
        (None, ["representative"], "non gli affida questo atto"),
    ],
)
def test_a_missing_or_powerless_signature_warns_with_the_article_and_stops_nothing(
    enter, anna, ida, plan, powers, signers, said
):
    if powers:
        represented(ida, anna, **powers)
    client, url = enter(anna), reverse("agree_plan", args=[plan.pk])
    answer = client.post(url, signed(*signers))
    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert "R-ADS-0" in answer.content.decode()
    assert PersonalPlan.objects.get().agreed_on is None
    client.post(url, signed(*signers, anyway="on"))
    assert PersonalPlan.objects.get().agreed_on == TODAY
    assert Act.objects.get(verb="agree").detail["cautions"]


def test_a_minor_signs_with_the_parents(enter, anna, ida, plan):
    born = TODAY.replace(year=TODAY.year - 16, day=1)
    registry.record(person=ida, birth_date=born, by=anna, now=timezone.now())
    representations.record(person=ida, kind="parents", name="Ada e Ugo Prova", starts=born, by=anna, now=timezone.now())
    client, url = enter(anna), reverse("agree_plan", args=[plan.pk])
    assert "R-ADS-04" in client.get(url).content.decode()
    assert "manca la firma dei genitori" in client.post(url, signed("person")).content.decode()
    assert client.post(url, signed("person", "representative")).status_code == 302


@pytest.mark.parametrize(("years", "written"), [(17, True), (18, False)])
def test_parents_represent_who_is_a_minor(enter, anna, ida, years, written):
    born = TODAY.replace(year=TODAY.year - years, day=1)
    registry.record(person=ida, birth_date=born, by=anna, now=timezone.now())
    sent = {"kind": "parents", "name": "Ada e Ugo Prova", "starts": TODAY.isoformat()}
    answer = enter(anna).post(reverse("new_representation", args=[ida.subject_id]), sent)
    assert Representation.objects.exists() is written
    assert written or "ha già diciotto anni" in answer.content.decode()


def test_without_representation_nothing_more_is_asked(enter, anna, ida, plan):
    client, url = enter(anna), reverse("agree_plan", args=[plan.pk])
    assert "Chi deve firmare" not in client.get(url).content.decode()
    assert client.post(url, signed("person", "manager")).status_code == 302


def test_a_dissent_blocks_nothing_and_is_to_tell_until_it_is_told(enter, anna, ida, plan):
    represented(ida, anna, personal_plan="represents")
    client = enter(anna)
    sent = signed("representative", "manager", dissent="Non voglio andare via di casa")
    client.post(reverse("agree_plan", args=[plan.pk]), sent)
    assert PersonalPlan.objects.get().agreed_on == TODAY
    for name, args in (("my_day", []), ("person", [ida.subject_id])):
        assert "Informare il giudice tutelare" in client.get(reverse(name, args=args)).content.decode()
    page = client.get(reverse("representation", args=[ida.subject_id])).content.decode()
    assert "Non voglio andare via di casa" in page
    row = Dissent.objects.get()
    told, day = reverse("judge_told", args=[row.pk]), f"d{row.pk}-day"
    for wrong in ("", (TODAY + dt.timedelta(days=1)).isoformat(), "x"):
        client.post(told, {day: wrong})
        assert Dissent.objects.get().done_on is None
    client.post(told, {day: TODAY.isoformat()})
    assert Dissent.objects.get().done_on == TODAY
    assert "Informare il giudice tutelare" not in client.get(reverse("my_day")).content.decode()
    assert client.post(told, {day: TODAY.isoformat()}).status_code == 404
    undo = reverse("judge_not_told", args=[row.pk])
    client.post(undo)
    assert "Informare il giudice tutelare" in client.get(reverse("my_day")).content.decode()
    assert client.post(undo).status_code == 404


def test_an_expired_decree_stays_in_the_day_until_somebody_says_what_happened(enter, anna, ida):
    row = represented(ida, anna)
    Representation.objects.update(ends=TODAY - dt.timedelta(days=3))
    client, day = enter(anna), reverse("my_day")
    assert "È scaduto il decreto di Aldo Sostegni" in client.get(day).content.decode()
    page = reverse("representation", args=[ida.subject_id])
    assert "è scaduto il" in client.get(page).content.decode()
    url = reverse("representation_ending", args=[row.pk])
    client.post(url, {f"r{row.pk}-ending": "as_written"})
    assert Representation.objects.get().ending == ""
    client.post(url, {f"r{row.pk}-ending": "revoked"})
    assert Representation.objects.get().ending == "revoked"
    assert "È scaduto il decreto" not in client.get(day).content.decode()
    assert "il giudice l’ha revocata" in client.get(page).content.decode()
    assert client.post(url, {f"r{row.pk}-ending": "revoked"}).status_code == 404


def test_a_dissent_is_written_from_its_page_too(enter, anna, ida):
    client, url = enter(anna), reverse("representation", args=[ida.subject_id])
    assert client.post(url, {"own_words": "", "power": "x"}).status_code == 200
    client.post(url, {"own_words": "Non mi ascolta", "power": "money"})
    assert (Dissent.objects.get().own_words, Dissent.objects.get().power) == ("Non mi ascolta", "money")


def test_who_signs_a_traineeship_stands_on_its_page_too(enter, anna, ida, tutor):
    row = factories.traineeship(Case.objects.get(subject=ida.subject), tutor=tutor, by=anna)
    row.state = State.DRAFT
    row.save()
    client, url = enter(anna), reverse("traineeship_step", args=[row.pk, "sign"])
    assert "R-ADS" not in client.get(url).content.decode()
    represented(ida, anna, traineeship="represents")
    page = client.get(url).content.decode()
    assert "Firma l&#x27;amministratore di sostegno." in page
    assert "R-ADS-01" in page


def test_a_decree_that_ends_is_told_before(enter, anna, ida):
    row = represented(ida, anna, money="represents")
    row.ends = TODAY + dt.timedelta(days=40)
    row.save()
    assert "Finisce il decreto di Aldo Sostegni" in enter(anna).get(reverse("my_day")).content.decode()


@pytest.mark.parametrize(
    ("starts", "every", "on", "day"),
    [
        ("2025-01-31", 12, "2025-01-31", "2026-01-31"),
        ("2025-01-31", 12, "2026-01-31", "2026-01-31"),
        ("2025-01-31", 12, "2026-02-01", "2027-01-31"),
        ("2025-01-31", 1, "2025-02-10", "2025-02-28"),
        ("2025-01-31", 1, "2025-03-01", "2025-03-31"),
        ("2025-05-10", 6, "2026-11-27", "2027-05-10"),
    ],
)
def test_the_next_report_is_counted_from_the_first_day_of_the_decree(starts, every, on, day):
    starts, on, day = (dt.date.fromisoformat(text) for text in (starts, on, day))
    assert norms.next_report(starts=starts, every_months=every, on=on) == day


def test_a_report_that_comes_near_is_in_the_day_and_is_never_late(enter, anna, ida):
    row = represented(ida, anna, money="represents")
    client, words = enter(anna), "Rendiconto al giudice tutelare: lo presenta Aldo Sostegni"
    for days_since, every, told in ((360, 12, True), (300, 12, False), (370, 12, False), (360, None, False)):
        row.starts, row.report_every_months = TODAY - dt.timedelta(days=days_since), every
        row.save()
        assert (words in client.get(reverse("my_day")).content.decode()) is told, (days_since, every)


def test_only_who_may_reads_it_in_postgresql(anna, manager, own, operator, tutor, bruno, ida, as_application):
    represented(ida, anna, money="represents")
    representations.dissent(person=ida, own_words="No", on=TODAY, by=anna, now=timezone.now())
    for acting, seen in ((anna, 1), (manager, 1), (own, 1), (operator, 0), (tutor, 0), (bruno, 0)):
        for table in ("people_representation", "people_representationpower", "people_dissent"):
            with as_application(acting) as cursor:
                cursor.execute(f"select count(*) from {table}")
                assert cursor.fetchone() == (seen,), (acting.kind, table)


def test_the_person_reads_who_represents_them_and_writes_nothing(enter, anna, own, ida):
    represented(ida, anna, money="represents")
    client, url = enter(own), reverse("representation", args=[ida.subject_id])
    page = client.get(url).content.decode()
    assert "Aldo Sostegni" in page
    assert "Per tutti gli altri atti decidi tu." in page
    assert client.post(url, {"own_words": "x"}).status_code == 404


@pytest.mark.parametrize("on", [dt.date(2026, 3, 1)])
def test_the_rule_of_signatures_alone(on):
    def codes(**facts):
        return [finding.code for finding in norms.signatures(act="a", on=on, **facts)]

    assert codes(signed=["person"]) == []
    assert codes(signed=[]) == ["R-ADS-03"]
    assert codes(signed=["support_administrator"], represented_acts=["a"]) == []
    assert codes(signed=["support_administrator"], represented_acts=["b"]) == ["R-ADS-01", "R-ADS-03"]
    assert codes(signed=["person"], assisted_acts=["a"]) == ["R-ADS-01"]
    assert codes(signed=["person"], age=17) == ["R-ADS-04"]
    assert codes(signed=["person", "parents_or_guardian"], age=17) == []
