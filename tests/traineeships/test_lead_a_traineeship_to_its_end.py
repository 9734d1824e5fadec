"""From the signed plan to the attestation, through the pages and by the acts, with what each step refuses."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accanto.access.log import Act
from accanto.access.relation import Relation, tail
from accanto.access.role import Kind
from accanto.norms import states
from accanto.norms.days import last_day
from accanto.norms.findings import Refused
from accanto.traineeships import attendance, life
from accanto.traineeships.agreement import Agreement
from accanto.traineeships.models import Extension, MandatoryNotice, Passage, PassageReason, Traineeship
from accanto.traineeships.traineeship import State
from accanto.traineeships.traineeship_plan import TraineeshipPlan
from tests import factories


@pytest.fixture
def draft(enter, scene, anna):
    assert enter(anna).post(reverse("plan_traineeship", args=[scene.case.pk]), scene.form).status_code == 302
    return Traineeship.objects.get()


@pytest.fixture
def step(enter, anna):
    def take(row, slug, **data):
        return enter(anna).post(reverse("traineeship_step", args=[row.pk, slug]), data)

    return take


@pytest.fixture
def started(draft, step, today):
    iso = today.isoformat()
    parties = ["promoter", "host", "body_in_charge", "trainee"]
    assert step(draft, "sign", on=iso, signed_by=parties).status_code == 302
    agreement = {
        "signed_on": iso,
        "signed_by": parties[:3],
        "valid_from": iso,
        "inail_reference": "12",
        "liability_reference": "34",
    }
    assert step(draft, "agreement", **agreement).status_code == 302
    assert step(draft, "notice", sent_on=iso, category="9", sent_by="host").status_code == 302
    assert step(draft, "start").status_code == 302
    draft.refresh_from_db()
    return draft


@pytest.fixture
def running(trainees):
    return trainees(1)[0]


def test_each_step_leaves_its_trace(started, today):
    assert started.state == State.RUNNING
    passed = list(Passage.objects.values_list("before", "after"))
    assert passed == [
        ("draft", "plan_signed"),
        ("plan_signed", "agreement_active"),
        ("agreement_active", "notice_sent"),
        ("notice_sent", "running"),
    ]
    assert list(Act.objects.filter(noun="traineeship").order_by("at").values_list("verb", flat=True)) == [
        "plan", "sign", "agree", "notify", "start",
    ]  # fmt: skip
    notice = MandatoryNotice.objects.get()
    assert (notice.category, notice.due_on) == ("09", started.starts - dt.timedelta(days=1))


def test_the_tutor_sees_the_person_from_the_signature_to_a_while_after_the_end(started, tutor, enter):
    relation = Relation.objects.get(kind=Kind.THIRD_SECTOR_TUTOR)
    assert (relation.user_id, relation.ends) == (tutor.user.pk, started.ends + tail(started.ends))
    assert enter(tutor).get(reverse("traineeship", args=[started.pk])).status_code == 200


def test_the_page_says_what_is_missing_and_whose_move_it_is(enter, anna, draft):
    page = enter(anna).get(reverse("traineeship", args=[draft.pk])).content.decode()
    assert "Che cosa manca per cominciare" in page
    assert "R-INS-01" in page
    assert "soggetto promotore" in page
    assert "Registra le firme" in page


def test_without_covers_the_start_wants_somebody_to_answer_for_it(draft, step, today):
    iso = today.isoformat()
    step(draft, "sign", on=iso, signed_by=["promoter", "host", "body_in_charge", "trainee"])
    step(draft, "agreement", signed_on=iso, signed_by=["promoter", "host", "body_in_charge"], valid_from=iso)
    step(draft, "notice", sent_on=iso, category="09", sent_by="host")
    refused = step(draft, "start")
    assert refused.status_code == 422
    assert "R-INS-01" in refused.content.decode()
    draft.refresh_from_db()
    assert draft.state == State.NOTICE_SENT
    assert step(draft, "start", leave="La polizza arriva domani.").status_code == 302
    assert PassageReason.objects.get().note == "La polizza arriva domani."


def test_covers_that_come_after_the_agreement_are_written_where_they_are_missing(draft, step, enter, anna, today):
    iso = today.isoformat()
    step(draft, "sign", on=iso, signed_by=["promoter", "host", "body_in_charge", "trainee"])
    step(draft, "agreement", signed_on=iso, signed_by=["promoter", "host", "body_in_charge"], valid_from=iso)
    where = reverse("traineeship_step", args=[draft.pk, "covers"])
    assert where in enter(anna).get(reverse("traineeship", args=[draft.pk])).content.decode()

    assert step(draft, "covers", inail_reference="12", liability_reference="34").status_code == 302

    page = enter(anna).get(reverse("traineeship", args=[draft.pk])).content.decode()
    assert "Manca la copertura INAIL" not in page
    step(draft, "notice", sent_on=iso, category="09", sent_by="host")
    assert step(draft, "start").status_code == 302
    assert Act.objects.filter(verb="insure").count() == 1


def test_a_cover_that_ends_before_the_traineeship_is_told_and_one_over_is_missing(draft, step, enter, anna, today):
    iso, where = today.isoformat(), reverse("traineeship", args=[draft.pk])
    covers = {"inail_reference": "12", "liability_reference": "34"}
    step(draft, "sign", on=iso, signed_by=["promoter", "host", "body_in_charge", "trainee"])
    agreement = {"signed_on": iso, "signed_by": ["promoter", "host", "body_in_charge"], "valid_from": iso}
    # a last day of nothing is refused, and no agreement is left behind
    refused = step(draft, "agreement", **agreement, liability_to=draft.ends.isoformat())
    assert refused.status_code == 422
    assert "Scrivi quale copertura finisce quel giorno" in refused.content.decode()
    assert not Agreement.objects.exists()
    assert step(draft, "agreement", **agreement, **covers, inail_to=draft.ends.isoformat()).status_code == 302
    page = enter(anna).get(where).content.decode()
    assert "finisce prima del tirocinio" not in page
    assert "R-INS-01" not in page

    early = draft.ends - dt.timedelta(days=40)
    assert step(draft, "covers", **covers, inail_to=early.isoformat()).status_code == 302
    page = enter(anna).get(where).content.decode()
    assert "La copertura INAIL dura fino al" in page
    assert "R-INS-01" in page
    assert "Chiedi al promotore il rinnovo" in page
    assert reverse("traineeship_step", args=[draft.pk, "covers"]) in page
    assert "finisce prima del tirocinio" in page
    # over before the first day it is as if it were not there: somebody answers for it
    over = draft.starts - dt.timedelta(days=1)
    assert step(draft, "covers", **covers, liability_to=over.isoformat()).status_code == 302
    step(draft, "notice", sent_on=iso, category="09", sent_by="host")
    refused = step(draft, "start")
    assert refused.status_code == 422
    assert "La polizza di responsabilità civile dura fino al" in refused.content.decode()
    assert step(draft, "covers", **covers, liability_to=early.isoformat()).status_code == 302
    assert step(draft, "start").status_code == 302  # a caution stops nobody

    logged = Act.objects.filter(verb="insure").latest("id").detail
    assert logged["liability_to"] == early.isoformat()
    assert "34" not in str(logged)


def test_before_a_cover_ends_its_renewal_is_in_the_day(
    running, step, enter, anna, tutor, today, trainees, same_queries
):
    day = reverse("my_day")
    words = "Polizza di responsabilità civile del tirocinio da rinnovare"
    covers = {"inail_reference": "12", "liability_reference": "34"}
    where = reverse("traineeship_step", args=[running.pk, "covers"])

    def told():
        page = enter(anna).get(day).content.decode()
        assert (where in page) == (words in page)
        return words in page

    for last, due in (
        (today + dt.timedelta(days=31), False),  # far yet
        (today + dt.timedelta(days=30), True),
        (today - dt.timedelta(days=3), True),  # over, and the traineeship goes on
        (running.ends, False),  # to the end
    ):
        assert step(running, "covers", **covers, liability_to=last.isoformat()).status_code == 302
        assert told() is due, last
    step(running, "covers", **covers, liability_to=today.isoformat())
    assert words not in enter(tutor).get(day).content.decode()  # who cannot write it is not asked
    client = enter(anna)

    def more():
        for row in trainees(2, first=3):
            row.inail_reference, row.inail_to = "12", today
            row.save()

    same_queries(lambda: client.get(day), more=more)
    running.state = State.CONCLUDED
    running.save()
    assert not told()


def test_postgresql_keeps_no_last_day_of_no_cover(running, today):
    with pytest.raises(IntegrityError), transaction.atomic():
        Traineeship.objects.filter(pk=running.pk).update(inail_to=today)


def test_for_a_person_in_adi_a_notice_of_another_category_is_refused(draft, step, today):
    draft.condition.adi = True
    draft.condition.save()
    iso = today.isoformat()
    step(draft, "sign", on=iso, signed_by=["promoter", "host", "body_in_charge", "trainee"])
    step(draft, "agreement", signed_on=iso, signed_by=["promoter", "host", "body_in_charge"], valid_from=iso)
    refused = step(draft, "notice", sent_on=iso, category="03", sent_by="host", leave="Va bene così.")
    assert refused.status_code == 422
    assert "R-CO-02" in refused.content.decode()
    assert not MandatoryNotice.objects.exists()


def test_before_the_authorisation_it_does_not_start(draft, step, today):
    draft.condition.needs_authorisation = True
    draft.condition.save()
    iso = today.isoformat()
    step(draft, "sign", on=iso, signed_by=["promoter", "host", "body_in_charge", "trainee"])
    step(draft, "agreement", signed_on=iso, signed_by=["promoter", "host", "body_in_charge"], valid_from=iso)
    step(draft, "notice", sent_on=iso, category="09", sent_by="host")
    refused = step(draft, "start", leave="Subito.")
    assert refused.status_code == 422
    assert "R-CAR-01" in refused.content.decode()


def test_an_extension_needs_the_attestation_of_the_service_in_charge(started, step, scene, enter, anna, today):
    later = (started.ends + dt.timedelta(days=60)).isoformat()
    without = step(started, "extend", new_end=later)
    assert without.status_code == 422
    assert "R-TIS-28" in without.content.decode()
    by_promoter = step(
        started, "extend", new_end=later, attested_by=scene.tutor.role.organisation_id, attested_on=today.isoformat()
    )
    assert by_promoter.status_code == 422

    answer = step(started, "extend", new_end=later, attested_by=scene.authority.pk, attested_on=today.isoformat())

    assert answer.status_code == 302
    started.refresh_from_db()
    assert (started.state, started.ends.isoformat()) == (State.EXTENDED, later)
    assert Extension.objects.get().ends_after.isoformat() == later
    assert {relation.ends for relation in Relation.objects.filter(user__isnull=False)} == {
        started.ends + tail(started.ends)
    }
    notice = MandatoryNotice.objects.get(event="extension")
    where = reverse("traineeship_step", args=[started.pk, "later-notice"])
    assert where in enter(anna).get(reverse("traineeship", args=[started.pk])).content.decode()
    assert where in enter(anna).get(reverse("my_day")).content.decode()
    sent = {"notice": notice.pk, "sent_on": today.isoformat(), "sent_by": "host", "reference": "CO 7"}
    assert step(started, "later-notice", **sent).status_code == 302
    assert not MandatoryNotice.objects.due().exists()
    assert where not in enter(anna).get(reverse("traineeship", args=[started.pk])).content.decode()


def test_only_who_can_attest_an_extension_is_offered(started, scene, enter, anna, mugello):
    """The public service in charge, and no other; where the plan does not say which, the public services."""
    other = factories.organisation("health_authority", "Azienda sanitaria di prova")
    factories.organisation("third_sector_body", "Cooperativa che non attesta", zone=mugello)
    page = reverse("traineeship_step", args=[started.pk, "extend"])

    def offered():
        field = enter(anna).get(page).context["form"]["attested_by"]
        return [str(label) for _value, label in field.field.choices][1:], field.initial

    assert offered() == ([str(scene.authority)], scene.authority.pk)
    TraineeshipPlan.objects.filter(traineeship=started).update(body_in_charge=None)
    names, _first = offered()
    assert set(names) == {str(scene.authority), str(other)}
    told = enter(anna).post(page, {"attested_by": scene.tutor.role.organisation_id}).content.decode()
    assert "lo attesta solo il servizio pubblico" in told


def test_beyond_36_months_not_even_the_attestation_serves(started, step, scene, today):
    answer = step(
        started,
        "extend",
        new_end=last_day(started.starts, 37).isoformat(),
        attested_by=scene.authority.pk,
        attested_on=today.isoformat(),
    )
    assert answer.status_code == 422
    assert "R-TIS-27" in answer.content.decode()


def test_suspended_days_cannot_be_recorded_and_the_reason_stays_with_the_services(
    running, step, enter, tutor, anna, today
):
    day = today - dt.timedelta(days=10)
    assert step(running, "suspend", on=day.isoformat(), reason="illness", note="Riposo.").status_code == 302
    with pytest.raises(Refused) as refused:
        attendance.record(traineeship=running, day=day, hours=Decimal(4), by=tutor, now=timezone.now())
    assert "sospeso" in str(refused.value)
    assert "malattia" in enter(anna).get(reverse("traineeship", args=[running.pk])).content.decode()
    seen = enter(tutor).get(reverse("traineeship", args=[running.pk])).content.decode()
    assert "malattia" not in seen
    assert "Riposo" not in seen

    back = day + dt.timedelta(days=5)
    assert step(running, "resume", on=back.isoformat()).status_code == 302
    running.refresh_from_db()
    assert running.state == State.RUNNING
    attendance.record(traineeship=running, day=back, hours=Decimal(4), by=tutor, now=timezone.now())


def test_an_interruption_shortens_the_accesses_and_opens_a_notice(running, step, enter, tutor, today):
    ended = today - dt.timedelta(days=1)
    without_leave = step(running, "close", ended_on=ended.isoformat(), reason="job_found")
    assert without_leave.status_code == 422  # days of the register are not confirmed: somebody answers for it
    answer = step(running, "close", ended_on=ended.isoformat(), reason="job_found", leave="Registro su carta.")
    assert answer.status_code == 302
    running.refresh_from_db()
    assert (running.state, running.ends) == (State.INTERRUPTED, ended)
    relations = Relation.objects.filter(kind=Kind.THIRD_SECTOR_TUTOR)
    assert relations.get().ends == ended + tail(ended)
    # the last days can still be confirmed; afterwards the person is not there any more
    url = reverse("attendance_day", args=[running.pk, ended.isoformat()])
    assert enter(tutor).post(url, {"hours": "4"}).status_code == 302
    relations.update(ends=ended)
    assert enter(tutor).get(reverse("traineeship", args=[running.pk])).status_code == 404
    assert MandatoryNotice.objects.get(event="end").due_on >= ended + dt.timedelta(days=5)


def test_an_end_in_the_future_or_outside_the_period_is_refused(running, step, today):
    for day in (today + dt.timedelta(days=3), running.starts - dt.timedelta(days=1)):
        answer = step(running, "close", ended_on=day.isoformat(), reason="person", leave="Sì.")
        assert answer.status_code == 422
    running.refresh_from_db()
    assert running.state == State.RUNNING


def test_a_step_the_state_does_not_allow_is_not_taken(running, step, today, anna):
    assert step(running, "sign", on=today.isoformat(), signed_by=["host"]).status_code == 302  # back to its page
    with pytest.raises(Refused) as refused:
        life.attest(traineeship=running, on=today, by=anna, now=timezone.now())
    assert "ACC-STATE" in {finding.code for finding in refused.value.findings}
    assert not Passage.objects.exists()


def test_steps_are_for_those_who_start_traineeships(running, enter, tutor, bruno):
    for acting in (tutor, bruno):
        assert enter(acting).post(reverse("traineeship_step", args=[running.pk, "close"]), {}).status_code == 404


@pytest.mark.parametrize("value", ["", "\x00", "x" * 5000, "0000-01-01", "9999-12-31", "-1", "9" * 30])
def test_no_input_breaks_a_step(running, enter, anna, step, value):
    fields = (
        "on",
        "reason",
        "note",
        "new_end",
        "attested_by",
        "attested_on",
        "need",
        "leave",
        "ended_on",
        "final_report",
    )
    for slug in ("suspend", "extend", "close"):
        assert step(running, slug, **dict.fromkeys(fields, value)).status_code in (302, 422)
    running.state = State.PLAN_SIGNED
    running.save()
    fields = ("agreement", "signed_on", "signed_by", "valid_from", "valid_to", "places", "inail_reference")
    assert step(running, "agreement", **dict.fromkeys(fields, value)).status_code in (302, 422)
    running.state = State.AGREEMENT_ACTIVE
    running.save()
    assert step(running, "notice", sent_on=value, category=value, sent_by=value).status_code in (302, 422)


def test_every_state_of_the_norm_has_its_word_here():
    assert set(states.TRAINEESHIP.states) == set(State.values)


def test_the_acts_pass_only_where_the_table_of_states_lets_them(running, anna, today):
    """Every act from every state: it goes where the table says, or is refused and nothing has moved."""
    now = timezone.now()
    acts = {
        "suspend": lambda row: life.suspend(traineeship=row, on=today, reason="other", by=anna, now=now),
        "resume": lambda row: life.resume(traineeship=row, on=today, by=anna, now=now),
        "attest": lambda row: life.attest(traineeship=row, on=today, by=anna, now=now),
        "archive": lambda row: life.archive(traineeship=row, by=anna, now=now),
        "reopen": lambda row: life.reopen(traineeship=row, by=anna, now=now),
        "withdraw": lambda row: life.withdraw(traineeship=row, by=anna, now=now),
        "start": lambda row: life.start(traineeship=row, by=anna, now=now, leave="prova"),
        "close": lambda row: life.close(traineeship=row, ended_on=today, by=anna, now=now, leave="prova"),
    }
    for state in State.values:
        for name, act in acts.items():
            Traineeship.objects.filter(pk=running.pk).update(state=state, ends=today + dt.timedelta(days=100))
            row = Traineeship.objects.get(pk=running.pk)
            before = Passage.objects.count()
            try:
                act(row)
            except Refused:
                row = Traineeship.objects.get(pk=running.pk)
                assert (row.state, Passage.objects.count()) == (state, before), (state, name)
            else:
                row = Traineeship.objects.get(pk=running.pk)
                assert states.may_pass("traineeship", state, row.state), (state, name, row.state)
                assert Passage.objects.count() == before + 1


def test_the_list_finds_them_by_words_and_asks_the_same_queries(enter, anna, trainees, same_queries):
    trainees(3)
    client = enter(anna)
    for show in ("running", "ending", "over", "to-start", "suspended", "ended", "withdrawn", "all"):
        assert client.get(reverse("traineeships"), {"show": show}).status_code == 200
    assert client.get(reverse("traineeships"), {"show": "x"}).status_code == 404
    for after in ("x", "20260101-x", "99999999-1", "20260101-" + "9" * 40, "\x00"):
        assert client.get(reverse("traineeships"), {"after": after}).status_code == 404
    same_queries(lambda: client.get(reverse("traineeships")), more=lambda: trainees(27, first=3))
    first = client.get(reverse("traineeships")).content.decode()
    assert "Prova00" in first or "Prova29" in first


def test_the_next_page_goes_on_where_the_first_ended(enter, anna, trainees):
    trainees(33)
    client = enter(anna)
    first = client.get(reverse("traineeships"))
    url = first.context["next_url"]
    second = client.get(url)
    names = [str(entry.row.person) for page in (first, second) for entry in page.context["rows"]]
    assert len(names) == len(set(names)) == 33


def test_the_page_of_one_asks_the_same_queries_with_few_days_and_many(enter, anna, running, tutor, same_queries):
    client = enter(anna)
    now = timezone.now()

    def days(first, last):
        entries = [
            attendance.Entry(running, running.starts + dt.timedelta(days=n), Decimal(4)) for n in range(first, last)
        ]
        attendance.record_all(entries=entries, by=tutor, now=now)

    days(0, 3)
    same_queries(lambda: client.get(reverse("traineeship", args=[running.pk])), more=lambda: days(3, 30))


@pytest.mark.parametrize("kind", ["health_authority", "zone_authority"])
def test_who_follows_the_person_is_not_named_outside(started, enter, anna, tutor, mugello, kind):
    """A health authority by its name says why; and the name of another, that it is not one."""
    plan = TraineeshipPlan.objects.get(traineeship=started)
    plan.body_in_charge = factories.organisation(kind, "Ente che segue di prova", zone=mugello)
    plan.save()
    url = reverse("traineeship", args=[started.pk])
    operator = factories.user("operator", Kind.EMPLOYMENT_OPERATOR, zone=mugello)
    for reader, named in ((anna, True), (tutor, False), (operator, False)):
        page = enter(reader).get(url).content.decode()
        assert ("Ente che segue di prova" in page) == named, reader.kind
        assert ("servizio pubblico che ha in carico la persona" in page) != named
