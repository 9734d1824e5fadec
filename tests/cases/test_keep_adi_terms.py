"""ADI and SFL in a person's file: what is recorded, the terms that follow, the next act with one press, the day."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accanto.access.role import Kind
from accanto.cases import benefit
from accanto.cases.benefit import AlreadyRecorded, BenefitFact, BenefitSituation
from tests import factories
from tests.cases.scene import Worker


@pytest.fixture
def worker(enter, anna):
    return Worker(enter(anna))


@pytest.fixture
def url(case):
    return reverse("benefits", args=[case.subject_id])


def ago(days):
    return timezone.localdate() - dt.timedelta(days=days)


@pytest.fixture
def recorded(case, anna):
    def write(kind, days, *, name="adi", **more):
        return benefit.record(
            case=case, benefit=name, kind=kind, day=ago(days), by=anna, now=timezone.now(), **more
        )  # fmt: skip

    return write


def test_the_pad_begins_the_terms_and_a_press_meets_them(worker, url, case):
    worker.open(url).submit("reason", what="adi-pad_signed", day=ago(10).isoformat())
    due = ago(10) + dt.timedelta(days=120)
    assert "Primo incontro" in worker.page
    assert f"{due:%d/%m/%Y}" in worker.page
    assert "R-ADI-02" in worker.page
    assert "letto nell&#x27;atto" in worker.page
    # the button of the first meeting: nothing is typed
    press = {"what": "adi-met", "day": ago(0).isoformat(), "gepi_on": ago(0).isoformat()}
    worker.client.post(url, press)
    met = BenefitFact.objects.get(kind="met")
    assert (met.day, met.gepi_on, met.recorded_by) == (ago(0), ago(0), met.recorded_by)
    worker.open(url)
    assert f"{ago(0) + dt.timedelta(days=90):%d/%m/%Y}" in worker.page


def test_absent_without_a_reason_is_loss_and_with_one_suspends_the_terms(worker, url, recorded):
    recorded("pad_signed", 60)
    recorded("convened", 5)
    assert "com’è andata" in worker.open(url).page
    worker.submit("reason", what="adi-absent", day=ago(5).isoformat())
    assert "decadenza, per tutto il nucleo" in worker.page
    worker.submit("fact", do="withdraw", fact=str(BenefitFact.objects.get(kind="absent").pk))
    worker.submit("reason", what="adi-absent", day=ago(5).isoformat(), reason="illness")
    assert "i termini sono sospesi" in worker.page
    assert BenefitFact.objects.filter(kind="absent").count() == 2  # the one withdrawn stays in the history


def test_a_meeting_outside_gepi_asks_to_be_recorded(worker, url, recorded):
    recorded("pad_signed", 60)
    row = recorded("met", 3)
    assert "non è ancora in GePI" in worker.open(url).page
    worker.submit("fact", do="gepi", fact=str(row.pk))
    row.refresh_from_db()
    assert row.superseded_at
    assert BenefitFact.objects.standing().get(kind="met").gepi_on == ago(0)
    assert "non è ancora in GePI" not in worker.page


@pytest.mark.parametrize(("age", "exempt"), [(62, True), (40, False)])
def test_from_sixty_years_there_is_no_update(worker, url, case, recorded, age, exempt):
    today = timezone.localdate()
    registry = case.person.registry
    registry.birth_date = dt.date(today.year - age, 1, 1)
    registry.save()
    recorded("pad_signed", 200)
    recorded("met", 100, gepi_on=ago(100))
    page = worker.open(url).page
    assert ("Esente dall&#x27;aggiornamento" in page) is exempt
    assert ("il beneficio si sospende" in page) is not exempt


def test_who_is_exempt_is_kept_and_never_why(worker, url, case):
    worker.open(url).submit("s-exempt", **{"s-exempt": "on"})
    worker.open(url).submit("s-exempt", **{"s-exempt": [], "s-only_adult_with_minors": "on"})
    rows = BenefitSituation.objects.order_by("id")
    assert [(row.exempt, row.only_adult_with_minors, row.superseded_at is None) for row in rows] == [
        (True, False, False),
        (False, True, True),
    ]


def test_my_day_and_the_file_show_every_pending_term(worker, case, recorded, url):
    recorded("pad_signed", 130)
    due = ago(130) + dt.timedelta(days=120)
    for page in (reverse("my_day"), reverse("person", args=[case.subject_id])):
        assert "ADI: primo incontro" in worker.open(page).page
        assert f"scadeva il {due:%d/%m/%Y}" in worker.page
    assert "ADI: sospeso · Primo incontro" in worker.page
    recorded("met", 0, gepi_on=ago(0))
    recorded("sent_to_cpi", 0)
    assert "ADI: primo incontro" not in worker.open(reverse("my_day")).page


def test_an_appointment_is_in_the_day_and_asks_how_it_went(worker, case, recorded):
    my_day = reverse("my_day")
    recorded("pad_signed", 30)
    row = recorded("convened", -4)
    assert "ADI: incontro con il nucleo" in worker.open(my_day).page
    assert f"il {ago(-4):%d/%m/%Y}" in worker.page
    BenefitFact.objects.filter(pk=row.pk).update(day=ago(2))
    assert f"ADI: com’è andato l’incontro del {ago(2):%d/%m/%Y}" in worker.open(my_day).page
    recorded("met", 2, gepi_on=ago(2))
    assert "l’incontro del" not in worker.open(my_day).page


def test_a_term_gone_by_is_never_said_in_term(worker, url, recorded):
    recorded("pad_signed", 60)
    recorded("met", 3)
    assert "in ritardo" in worker.open(url).page


def test_a_traineeship_of_somebody_in_adi_goes_into_gepi(worker, case, recorded, tutor, anna, url):
    factories.traineeship(case, tutor=tutor, by=anna)
    my_day = reverse("my_day")
    assert "Inserire il tirocinio in GePI" not in worker.open(my_day).page
    recorded("pad_signed", 10)
    assert "Inserire il tirocinio in GePI" in worker.open(my_day).page
    worker.open(url).submit("reason", what="adi-traineeship_in_gepi", day=ago(0).isoformat())
    assert "Inserire il tirocinio in GePI" not in worker.open(my_day).page


def test_my_day_asks_as_many_queries_for_thirty_as_for_three(make_case, anna, enter, same_queries):
    client, now = enter(anna), timezone.now()

    def begin(n):
        case = make_case(n)
        benefit.record(case=case, benefit="adi", kind="pad_signed", day=ago(130), by=anna, now=now)

    for n in range(3):
        begin(n)
    same_queries(lambda: client.get(reverse("my_day")), more=lambda: [begin(n) for n in range(3, 12)])


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"what": "adi-met", "day": "today"}, "Prima registra la firma del PAD"),
        ({"what": "adi-pad_signed", "day": "tomorrow"}, "Non può essere dopo"),
        ({"what": "adi-pad_signed", "day": "1999-01-01"}, "controlla l’anno"),
        ({"what": "adi-pad_signed", "day": "today", "reason": "illness"}, "Vale solo per un’assenza"),
        ({"what": "adi-pad_signed", "day": "today", "unchanged": "on"}, "Vale solo per un rinnovo"),
        ({"what": "adi-pad_signed", "day": "today", "gepi_on": "today"}, "Vale solo per un incontro"),
        ({"what": "sfl-met", "day": "today"}, "Scegli"),
        ({"what": "nul\x00la", "day": "today"}, ""),
        ({"what": "", "day": ""}, "Scrivi il giorno"),
    ],
)
def test_bad_input_is_told_and_nothing_is_written(worker, url, typed, said):
    days = {"today": ago(0).isoformat(), "tomorrow": ago(-1).isoformat()}
    answer = worker.client.post(url, {name: days.get(value, value) for name, value in typed.items()})
    assert answer.status_code == 200
    assert said in answer.content.decode() or said == "Scegli"
    assert "Correggi" in answer.content.decode()
    assert not BenefitFact.objects.exists()


def test_an_absence_wants_its_appointment(worker, url, recorded):
    recorded("pad_signed", 60)
    worker.open(url).submit("reason", what="adi-absent", day=ago(5).isoformat())
    assert "non c’è una convocazione" in worker.page


def test_the_same_fact_of_the_same_day_is_written_once(case, recorded):
    recorded("pad_signed", 60)
    with pytest.raises(AlreadyRecorded):
        recorded("pad_signed", 60)
    row = BenefitFact.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        BenefitFact.objects.create(
            subject_id=row.subject_id, zone_id=row.zone_id, case=case, benefit="adi", kind="pad_signed", day=row.day,
            recorded_at=timezone.now(), recorded_by=row.recorded_by,
        )  # fmt: skip


@pytest.mark.parametrize("fact", ["0", "999999999", "nul\x00la", "9" * 40, ""])
def test_a_fact_of_somebody_else_is_not_touched(worker, url, recorded, make_case, anna, fact):
    other = benefit.record(
        case=make_case(1), benefit="adi", kind="pad_signed", day=ago(9), by=anna, now=timezone.now()
    )  # fmt: skip
    for named in (fact, str(other.pk)):
        for do in ("withdraw", "gepi"):
            assert worker.client.post(url, {"do": do, "fact": named}).status_code == 302
    other.refresh_from_db()
    assert other.superseded_at is None


def test_the_person_reads_it_and_writes_nothing(enter, own, url, recorded):
    recorded("pad_signed", 10)
    client = enter(own)
    page = client.get(url).content.decode()
    assert "Primo incontro" in page
    assert "Registra un fatto" not in page
    assert client.post(url, {"what": "adi-met", "day": ago(0).isoformat()}).status_code == 404
    assert BenefitFact.objects.count() == 1


@pytest.mark.parametrize("kind", [Kind.EMPLOYMENT_OPERATOR, Kind.HEALTH_WORKER, Kind.THIRD_SECTOR_TUTOR])
def test_postgresql_keeps_it_from_the_others(kind, mugello, case, recorded, as_application, anna):
    recorded("pad_signed", 10)
    other = factories.user("other", kind, zone=mugello if kind == Kind.EMPLOYMENT_OPERATOR else None)
    with as_application(other) as cursor:
        cursor.execute("select count(*) from cases_benefitfact")
        assert cursor.fetchone() == (0,)
    with as_application(anna) as cursor:
        cursor.execute("select count(*) from cases_benefitfact")
        assert cursor.fetchone() == (1,)


def test_a_closed_case_is_read_and_not_written(worker, url, case, recorded, anna):
    recorded("pad_signed", 10)
    case.closed_on, case.closing_reason, case.closing_outcome = ago(0), "withdrew", "none"
    case.save()
    assert "Registra un fatto" not in worker.open(url).page
    assert worker.client.post(url, {"what": "adi-met", "day": ago(0).isoformat()}).status_code == 404


def test_disadvantage_is_asked_and_nothing_of_it_kept(worker, case):
    url = reverse("disadvantage", args=[case.subject_id])
    worker.open(url).submit("letter", letter="a", certified_by="third_sector")
    assert "certifica solo un servizio sanitario" in worker.page
    worker.submit("letter", letter="b", certified_by="public_health_service", disability_percent="45")
    assert "almeno il 46" in worker.page
    ended = ago(400).isoformat()
    worker.submit("letter", letter="f", disability_percent="", sentence_ended_on=ended)
    assert "primo anno" in worker.page
    asked = worker.client.post(url, {"letter": "f", "sentence_ended_on": "9999-12-31"})
    assert "Non può essere dopo oggi" in asked.content.decode()
