"""The worked cases of the law, through the form: what blocks is refused all at once, what cautions lets pass."""

import datetime as dt

import pytest
from django.urls import reverse

from accanto.access.organisation import Organisation
from accanto.norms.days import last_day
from accanto.traineeships.models import AllowanceTerms, Condition, Traineeship, TraineeshipPlan
from tests import factories


def post(client, scene, **changes):
    data = {key: value for key, value in {**scene.form, **changes}.items() if value is not None}
    return client.post(reverse("plan_traineeship", args=[scene.case.pk]), data)


def refused(answer):
    assert answer.status_code == 422, answer.status_code
    assert not Traineeship.objects.exists()
    assert not TraineeshipPlan.objects.exists()
    return answer.content.decode()


def test_a_plan_in_order_is_saved_with_all_its_parts(enter, scene, anna):
    answer = post(enter(anna), scene)

    assert answer.status_code == 302
    row = Traineeship.objects.get()
    assert (row.state, row.weekly_hours, row.promoter_type) == ("draft", 20, "third_sector")
    assert row.plan.reason == "Vuole tornare a lavorare con le piante."
    assert AllowanceTerms.objects.get().monthly_amount == 450
    assert not Condition.objects.get().adi


@pytest.mark.parametrize(
    ("months", "attested", "code"),
    [
        (24, None, None),
        (25, None, "R-TIS-26"),
        (30, "authority", None),
        (30, "promoter", "R-TIS-28"),
        (37, "authority", "R-TIS-27"),
    ],
)
def test_how_long_it_may_last(enter, scene, anna, today, months, attested, code):
    body = {None: None, "authority": scene.authority.pk, "promoter": scene.tutor.role.organisation_id}[attested]
    answer = post(
        enter(anna),
        scene,
        ends=last_day(scene.start, months).isoformat(),
        attested_by=body,
        attested_on=today.isoformat() if attested else None,
    )
    if code:
        assert code in refused(answer)
    else:
        assert answer.status_code == 302


def test_the_attestation_of_another_zones_service_does_not_serve(enter, scene, anna, today):
    other = factories.organisation("health_authority", "Azienda sanitaria di prova")
    page = refused(
        post(
            enter(anna),
            scene,
            ends=last_day(scene.start, 25).isoformat(),
            attested_by=other.pk,
            attested_on=today.isoformat(),
        )
    )
    assert "R-TIS-28" in page


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"host_tutor_name": ""}, "R-TIS-10"),
        ({"case_manager": ""}, "R-TIS-06"),
        ({"reason": ""}, "R-TIS-21"),
        ({"inclusion_goals": " "}, "R-TIS-22"),
        ({"path_agreed_on": ""}, "R-TIS-15"),
        ({"integrated_on": ""}, "R-TIS-16"),
        ({"body_in_charge": ""}, "R-TIS-13"),
        ({"promoter": ""}, "R-TIS-07"),
        ({"promoter_type": "other"}, "R-TIS-07"),
    ],
)
def test_what_the_law_asks_and_is_not_there_is_refused(enter, scene, anna, changes, code):
    assert code in refused(post(enter(anna), scene, **changes))


def test_an_end_before_the_start_names_the_field_and_the_way_out(enter, scene, anna):
    page = refused(post(enter(anna), scene, ends=(scene.start - dt.timedelta(days=1)).isoformat()))
    assert "viene prima dell" in page
    assert 'href="#id_ends"' in page


def test_all_the_problems_are_told_at_once(enter, scene, anna):
    page = refused(
        post(
            enter(anna),
            scene,
            host_tutor_name="",
            case_manager="",
            reason="",
            ends=last_day(scene.start, 25).isoformat(),
            monday="molte",
        )
    )
    for said in ("R-TIS-10", "R-TIS-06", "R-TIS-21", "R-TIS-26", "Scrivi le ore con la virgola"):
        assert said in page


def test_a_start_before_the_authorisation_is_refused_and_never_tells_why_it_is_needed(enter, scene, anna):
    page = refused(
        post(
            enter(anna),
            scene,
            needs_authorisation="on",
            authorisation_date=(scene.start + dt.timedelta(days=3)).isoformat(),
        )
    )
    assert "R-CAR-01" in page
    assert "carcere" not in page.lower()


def test_a_start_waiting_for_the_authorisation_can_be_planned(enter, scene, anna):
    assert post(enter(anna), scene, needs_authorisation="on").status_code == 302


def test_above_the_ceiling_somebody_must_answer_for_it(enter, scene, anna):
    page = refused(post(enter(anna), scene, monthly_amount="550"))
    assert "R-IND-01" in page
    assert 'href="#id_leave"' in page

    assert post(enter(anna), scene, monthly_amount="550", leave="Deciso in équipe.").status_code == 302
    plan = TraineeshipPlan.objects.get()
    assert (plan.leave_codes, plan.leave_reason) == (["R-IND-01"], "Deciso in équipe.")


def test_a_volunteer_body_without_employees_may_host(enter, scene, anna):
    scene.host.type, scene.host.permanent_staff = "volunteer_body", 0
    scene.host.save()
    assert post(enter(anna), scene).status_code == 302


def test_the_ordinary_traineeship_has_its_own_numbers(enter, scene, anna):
    six = last_day(scene.start, 6).isoformat()
    assert post(enter(anna), scene, kind="TNC", ends=six, monthly_amount="600").status_code == 302
    Traineeship.objects.all().update(state="draft")

    page = post(enter(anna), scene, kind="TNC", ends=six, monthly_amount="450").content.decode()
    assert "R-TNC-03" in page
    assert "R-IND-01" not in page


def test_the_findings_stand_beside_the_form_and_write_nothing(enter, scene, anna):
    url = reverse("plan_findings", args=[scene.case.pk])
    answer = enter(anna).post(url, {**scene.form, "ends": last_day(scene.start, 25).isoformat(), "host_tutor_name": ""})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "R-TIS-26" in page
    assert "R-TIS-10" in page
    assert not Traineeship.objects.exists()


def test_without_scripts_a_button_asks_the_same(enter, scene, anna):
    answer = post(enter(anna), scene, check="1", host_tutor_name="")
    assert answer.status_code == 200
    assert "R-TIS-10" in answer.content.decode()
    assert not Traineeship.objects.exists()


def test_a_draft_is_corrected_in_the_same_form(enter, scene, anna):
    client = enter(anna)
    post(client, scene)
    row = Traineeship.objects.get()
    url = reverse("change_plan", args=[row.pk])
    assert "Vuole tornare a lavorare" in client.get(url).content.decode()

    answer = client.post(url, {**scene.form, "weekly_hours": "", "monday": "4,5", "tuesday": "4:30"})

    assert answer.status_code == 302
    row.refresh_from_db()
    assert row.weekly_hours == 9
    assert row.hours_by_weekday[0] == row.hours_by_weekday[1] == 4.5


def test_the_worker_of_another_zone_does_not_find_the_person(enter, scene, anna, bruno):
    assert post(enter(bruno), scene).status_code == 404
    assert enter(bruno).post(reverse("plan_findings", args=[scene.case.pk]), scene.form).status_code == 404


@pytest.mark.parametrize(
    "value", ["", "\x00", "x" * 5000, "-1", "9" * 40, "<script>", "0000-00-00", "9999-12-31", "NaN"]
)
def test_no_form_input_breaks_the_page(enter, scene, anna, value):
    client = enter(anna)
    answer = client.post(reverse("plan_traineeship", args=[scene.case.pk]), dict.fromkeys(scene.form, value))
    assert answer.status_code == 422
    for name in scene.form:
        answer = client.post(reverse("plan_findings", args=[scene.case.pk]), {**scene.form, name: value})
        assert answer.status_code == 200, name


def test_a_new_host_is_added_by_who_starts_traineeships(enter, scene, anna, tutor):
    client, place = enter(anna), scene.host.municipality.pk
    data = {"name": "Forno di prova", "type": "private_employer", "municipality": place, "permanent_staff": "3"}
    assert client.post(reverse("new_host"), data).status_code == 302
    assert Organisation.objects.get(name="Forno di prova").kind == "host"
    again = client.post(reverse("new_host"), data)
    assert again.status_code == 422
    assert "c’è già" in again.content.decode()
    assert "Forno di prova" in client.get(reverse("hosts")).content.decode()
    assert enter(tutor).get(reverse("new_host")).status_code == 404
