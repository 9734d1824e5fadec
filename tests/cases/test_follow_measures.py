"""The measures beside a traineeship: begun, followed step by step, ended; what the employment operator sees of them."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accanto.cases import measure as measures
from accanto.cases.case import Case, close_case
from accanto.cases.measure import Measure, MeasureStep
from tests.cases.scene import Worker


@pytest.fixture
def worker(enter, anna):
    return Worker(enter(anna))


@pytest.fixture
def url(case):
    return reverse("measures", args=[case.subject_id])


def ago(days):
    return timezone.localdate() - dt.timedelta(days=days)


@pytest.fixture
def begun(case, anna):
    def begin(kind, days=200, **more):
        return measures.begin(
            case=case, kind=kind, title=f"prova {kind}", starts=ago(days), by=anna, now=timezone.now(), **more
        )

    return begin


def test_a_family_in_pippi_from_the_first_day_to_the_exit(worker, url, case):
    worker.open(url).submit("children", kind="pippi", title="P.I.P.P.I. 12", starts=ago(100).isoformat(), children="2")
    row = Measure.objects.get()
    assert (row.kind, row.children, row.case_id) == ("pippi", 2, case.pk)
    step, day, reason = (f"m{row.pk}-{name}" for name in ("step", "day", "reason"))
    for kind, days in (("first_assessment", 90), ("home_education", 80), ("implementation", 60)):
        worker.open(url).submit(step, **{step: kind, day: ago(days).isoformat()})
    assert "educativa domiciliare" in worker.page
    assert "Équipe" in worker.page
    worker.open(url).submit(step, **{step: "exit", day: ago(1).isoformat()})
    assert "Scrivi come finisce" in worker.page
    worker.open(url).submit(step, **{step: "exit", day: ago(1).isoformat(), reason: "completed"})
    assert "Uscita: conclusa" in worker.page
    assert f"finita il {ago(1):%d/%m/%Y}" in worker.page


def test_housing_says_from_when_it_counts(worker, url, begun):
    begun("housing_first", days=30, eligible_class="a")
    assert "Conterà dal" in worker.open(url).page
    begun("housing_first", days=400, eligible_class="b")
    assert "Conta fra le persone ospitate almeno 6 mesi" in worker.open(url).page
    assert "PN-02" in worker.page


def test_nobody_is_housed_twice_at_once(worker, url, begun):
    begun("housing_first", days=400)
    worker.open(url).submit("title", kind="housing_first", title="un altro", starts=ago(2).isoformat())
    assert "È già ospitata" in worker.page
    assert Measure.objects.count() == 1


def test_a_file_says_which_measures_there_are(worker, case, begun):
    file = reverse("person", args=[case.subject_id])
    assert "Nessuna ancora" in worker.open(file).page
    begun("service_centre")
    assert "1 misura: centro servizi" in worker.open(file).page


def test_the_employment_operator_sees_training_and_nothing_tells_of_the_rest(enter, operator, url, begun, case):
    begun("training")
    begun("pippi", children=1)
    page = (client := enter(operator)).get(url).content.decode()
    assert "prova training" in page
    assert "pippi" not in page.lower()
    assert "P.I.P.P.I." not in page
    file = client.get(reverse("person", args=[case.subject_id])).content.decode()
    assert "1 misura: formazione" in file
    worker = Worker(client)
    worker.open(url).submit("title", kind="active_labour", title="orientamento", starts=ago(2).isoformat())
    assert Measure.objects.get(kind="active_labour").recorded_by == operator.user
    answer = client.post(url, {"kind": "pippi", "title": "x", "starts": ago(2).isoformat()})
    assert "Scegli un&#x27;opzione valida" in answer.content.decode()


def test_postgresql_keeps_the_others_from_the_operator(operator, as_application, begun, anna):
    family, course = begun("pippi"), begun("training")
    for row in (family, course):
        measures.add_step(
            measure=row, kind="exit", day=ago(1), reason="completed", by=anna, now=timezone.now()
        )  # fmt: skip
    with as_application(operator) as cursor:
        for table, column in (("cases_measure", "kind"), ("cases_measurestep", "measure_kind")):
            cursor.execute(f"select {column} from {table}")
            assert cursor.fetchall() == [("training",)]
    with pytest.raises(IntegrityError), transaction.atomic():  # a step cannot lie about its measure
        MeasureStep.objects.create(
            subject_id=family.subject_id, zone_id=family.zone_id, measure=family, measure_kind="training", kind="exit",
            reason="other", day=ago(0), recorded_at=timezone.now(), recorded_by=anna.user,
        )  # fmt: skip


def test_what_was_wrong_is_withdrawn_and_stays(worker, url, begun, anna):
    row = begun("training")
    step = measures.add_step(measure=row, kind="qualified", day=ago(3), by=anna, now=timezone.now())
    worker.open(url).submit("named", do="withdraw_step", named=str(step.pk))
    assert "ottenuta una qualifica: " not in worker.page
    worker.client.post(url, {"do": "withdraw", "measure": str(row.pk)})
    assert "Nessuna misura registrata" in worker.open(url).page
    assert Measure.objects.count() == MeasureStep.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"kind": "training", "title": "x", "starts": "9999-01-01"}, "Non può essere dopo oggi"),
        ({"kind": "training", "title": "x", "starts": "1900-01-01"}, "Non può essere prima"),
        ({"kind": "training", "title": "x", "children": "2"}, "Vale per P.I.P.P.I."),
        ({"kind": "training", "title": "x", "eligible_class": "a"}, "Vale per housing first"),
        ({"kind": "pippi", "title": "nul\x00la"}, ""),
        ({"kind": "pippi", "title": "x" * 5000}, ""),
        ({"kind": "pippi", "title": "x", "children": "9" * 30}, ""),
        ({"kind": "x", "title": "x"}, ""),
    ],
)
def test_bad_input_is_told_and_nothing_is_written(worker, url, typed, said):
    answer = worker.client.post(url, {"starts": ago(1).isoformat()} | typed)
    assert answer.status_code == 200
    assert "Correggi" in answer.content.decode()
    assert said in answer.content.decode()
    assert not Measure.objects.exists()


def test_steps_stay_between_the_first_day_and_the_exit(worker, url, begun, anna):
    row = begun("service_centre", days=50)
    step, day, reason = (f"m{row.pk}-{name}" for name in ("step", "day", "reason"))
    base = {"do": "step", "measure": str(row.pk)}
    measures.add_step(measure=row, kind="meals", day=ago(20), by=anna, now=timezone.now())
    for typed, said in (
        ({step: "meals", day: ago(60).isoformat()}, "Non può essere prima"),
        ({step: "meals", day: ago(20).isoformat()}, "per lo stesso giorno"),
        ({step: "exit", day: ago(30).isoformat(), reason: "other"}, "viene per ultima"),
        ({step: "meals", day: ago(10).isoformat(), reason: "other"}, "Vale solo per l’uscita"),
        ({step: "implementation", day: ago(10).isoformat()}, ""),
    ):
        answer = worker.client.post(url, base | typed)
        assert answer.status_code == 200
        assert said in answer.content.decode()
    assert MeasureStep.objects.count() == 1


@pytest.mark.parametrize("named", ["0", "999999999", "nul\x00la", "9" * 40, ""])
def test_a_measure_of_somebody_else_is_not_touched(worker, url, make_case, anna, named):
    other = measures.begin(
        case=make_case(1), kind="training", title="x", starts=ago(5), by=anna, now=timezone.now()
    )  # fmt: skip
    for one in (named, str(other.pk)):
        for do in ("step", "withdraw", "withdraw_step"):
            assert worker.client.post(url, {"do": do, "measure": one, "named": one}).status_code == 302
    other.refresh_from_db()
    assert other.superseded_at is None


def test_the_person_reads_them_and_writes_nothing(enter, own, url, begun):
    begun("housing_first")
    client = enter(own)
    assert "prova housing_first" in client.get(url).content.decode()
    assert client.post(url, {"do": "withdraw"}).status_code == 404


def test_who_closes_the_case_reads_what_is_still_open(worker, case, begun):
    begun("pippi")
    page = worker.open(reverse("close_case", args=[case.pk])).page
    assert "P.I.P.P.I.: prova pippi" in page
    assert "senza uscita" in page
    assert "Chiede all’agenzia" in page
    row = Measure.objects.get()
    step, day, reason = (f"m{row.pk}-{name}" for name in ("step", "day", "reason"))
    worker.open(reverse("measures", args=[case.subject_id]))
    worker.submit(step, **{step: "exit", day: ago(1).isoformat(), reason: "completed"})
    assert "prova pippi" not in worker.open(reverse("close_case", args=[case.pk])).page


def test_a_case_closes_with_the_exits_of_its_measures_in_one_screen(worker, case, begun):
    ends, lasts = begun("housing_first"), begun("training")
    url = reverse("close_case", args=[case.pk])
    said = {"reason": "goals_reached", "outcome": "job", f"exit-{ends.pk}": "housed"}
    worker.open(url).submit("reason", **said)
    assert "Caso chiuso" in worker.page
    assert list(MeasureStep.objects.values_list("measure", "kind", "day", "reason")) == [
        (ends.pk, "exit", timezone.localdate(), "housed")
    ]
    assert measures.exit_of(lasts.steps.all()) is None


def test_no_exit_before_the_first_day(worker, case, begun):
    row = begun("housing_first", days=0)
    Case.objects.filter(pk=case.pk).update(opened_on=ago(30))
    url = reverse("close_case", args=[case.pk])
    said = {"closed_on": ago(3).isoformat(), "reason": "moved", "outcome": "none", f"exit-{row.pk}": "other"}
    worker.open(url).submit("reason", **said)
    assert "dopo il giorno della chiusura" in worker.page
    assert Case.objects.open().exists()
    assert not MeasureStep.objects.exists()


def test_a_measure_ends_after_the_case_and_nothing_else_of_it_is_written(worker, url, case, begun, anna):
    row = begun("housing_first")
    close_case(case=case, on=ago(0), reason="moved", outcome="none", by=anna, now=timezone.now())
    assert "Nuova misura" not in worker.open(url).page
    step, day, reason = (f"m{row.pk}-{name}" for name in ("step", "day", "reason"))
    said = {"do": "step", "measure": str(row.pk), day: ago(1).isoformat()}
    assert worker.client.post(url, {"kind": "training", "title": "x", "starts": ago(1).isoformat()}).status_code == 404
    assert worker.client.post(url, said | {step: "moved"}).status_code == 200
    assert not MeasureStep.objects.exists()
    worker.open(url).submit(step, **{step: "exit", day: ago(1).isoformat(), reason: "housed"})
    assert "Uscita: ha una casa sua" in worker.page


def test_a_measure_is_corrected_and_keeps_its_steps(worker, url, begun, anna):
    row = begun("pippi", children=1)
    measures.add_step(measure=row, kind="groups", day=ago(20), by=anna, now=timezone.now())
    measures.add_step(measure=row, kind="exit", day=ago(5), reason="completed", by=anna, now=timezone.now())
    worker.open(url).submit(f"c{row.pk}-title", **{f"c{row.pk}-children": "3"})
    assert "Corretta" in worker.page
    new = Measure.objects.standing().get()
    assert (new.children, new.title, new.starts) == (3, row.title, row.starts)
    assert [(step.kind, step.day) for step in new.steps.standing()] == [("groups", ago(20)), ("exit", ago(5))]
    assert not row.steps.standing().exists()
    assert "uscita" in worker.page.lower()


def test_a_correction_does_not_make_two_of_the_same(worker, url, begun, anna):
    row = begun("housing_first", eligible_class="a")
    now = timezone.now()
    other = measures.begin(case=row.case, kind=row.kind, title="altra", starts=row.starts, by=anna, now=now)
    name = f"c{other.pk}-title"
    worker.open(url).submit(name, **{name: row.title})
    assert "C’è già, dallo stesso giorno" in worker.page
    worker.open(url).submit(f"c{row.pk}-title", **{f"c{row.pk}-eligible_class": "c"})
    assert set(Measure.objects.standing().values_list("title", "eligible_class")) == {(row.title, "c"), ("altra", "")}


def test_nobody_is_asked_what_came_of_the_path_of_who_died(worker, case):
    url = reverse("close_case", args=[case.pk])
    worker.open(url).submit("reason", reason="goals_reached")
    assert "Scegli che cosa è nato dal percorso" in worker.page
    worker.open(url).submit("reason", reason="died")
    assert Case.objects.get().closing_outcome == "none"
