"""A host says its seats, tutors and places; a place fills the plan; one opening is given once, to one zone."""

import datetime as dt
import re

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from accanto.access.draft import Draft
from accanto.access.role import Kind
from accanto.norms.reader import in_force
from accanto.traineeships import facts, host_tutor, seat
from accanto.traineeships import matching_round as acts
from accanto.traineeships.host import Host
from accanto.traineeships.matching_round import AlreadyDecided, NoRoom
from accanto.traineeships.place import State, promised_by_place
from accanto.traineeships.traineeship import Traineeship
from tests import factories


@pytest.fixture
def offered(scene, anna):
    """A seat of the host with its tutor and, there, a place for one."""
    now = timezone.now()
    branch = seat.add(host=scene.host, name="Serra grande", municipality=scene.host.municipality, by=anna, now=now)
    host_tutor.add(host=scene.host, name="Sara Bindoni", seat=branch, by=anna, now=now)
    return factories.place(scene.host, by=anna, seat=branch, access=["step_free"])


@pytest.fixture
def in_versilia(versilia, bruno):
    """What Bruno needs to write a plan in his zone, for the same host."""
    centre = factories.organisation("employment_centre", "Centro per l'impiego altrove", zone=versilia)
    authority = factories.organisation("zone_authority", "Società della Salute altrove", zone=versilia)
    case = factories.person_in_charge(versilia, by=bruno)
    said = {"body_in_charge": authority.pk, "case_manager": bruno.user.pk, "integrated_with": centre.pk}
    return case, said


def value_of(page, name):
    found = re.search(rf'<(?:input|select)[^>]*name="{name}"[^>]*?value="([^"]*)"', page)
    return found and found[1]


def text_of(page, name):
    return re.search(rf'<textarea[^>]*name="{name}"[^>]*>\s*([^<]*)</textarea>', page)[1]


def holders(place):
    return Traineeship.objects.filter(place=place).count()


def fill(client, url, scene, **said):
    answer = client.post(url, {**scene.form, "fill": "1", **said})
    assert answer.status_code == 200
    return answer.content.decode()


def proposal_of(case, place, by):
    row = factories.matching_proposal(case, place.host, by=by)
    assert row.place == place
    return row


def test_a_host_says_its_seats_tutors_and_places_and_a_place_fills_the_plan(enter, scene, anna, offered, sara):
    client, url = enter(anna), reverse("plan_traineeship", args=[scene.case.pk])
    page = client.get(url).content.decode()
    assert "Oppure parti da 1 posto libero nella zona" in page
    assert "Serra grande" not in page.replace(
        "Serra grande, Comune", ""
    )  # the place says where it is; no seat is listed
    page = fill(client, url, scene, host_tutor_name="", told="")
    for said in ("Serra grande", "Sara Bindoni", "Cura del verde: lunedì–giovedì 9:00–13:00, 16 ore la settimana"):
        assert said in page
    assert "1 posto libero su 1" in page
    assert "Si entra e si lavora senza scalini" in page
    assert value_of(page, "host_tutor_name") == "Sara Bindoni"  # the only one
    assert value_of(page, "weekly_hours") == "20"
    assert not Traineeship.objects.exists()
    told = f"{scene.host.pk}-"
    page = fill(client, url, scene, place=offered.pk, host_tutor_name="", activities="", told=told)
    assert value_of(page, "seat").startswith("Serra grande")
    assert (value_of(page, "monday"), value_of(page, "friday"), value_of(page, "weekly_hours")) == ("4", "0", None)
    assert text_of(page, "activities") == offered.tasks
    assert text_of(page, "reason") == scene.form["reason"]
    # what was typed stays; another host takes away what was of the first
    told = f"{scene.host.pk}-{offered.pk}"
    other = Host.objects.create(
        organisation=factories.organisation("host", "Forno di prova"), municipality=scene.host.municipality
    )
    seat_now = value_of(page, "seat").replace("&#x27;", "'")
    page = fill(
        client, url, scene, host=other.pk, place=offered.pk, seat=seat_now, host_tutor_name="Sara Bindoni",
        activities="Altre, scritte a mano", told=told,
    )  # fmt: skip
    assert (value_of(page, "seat"), value_of(page, "host_tutor_name")) == (None, None)
    assert text_of(page, "activities") == "Altre, scritte a mano"
    assert "Non ha posti aperti e liberi" in page


def test_a_place_alone_is_shown_first_and_saved_with_a_second_press(enter, scene, anna, offered):
    """Without scripts: nothing was chosen but the place; and a place sent at once fills what is blank."""
    client, url = enter(anna), reverse("plan_traineeship", args=[scene.case.pk])
    bare = {name: value for name, value in scene.form.items() if name not in ("host", "weekly_hours")}
    page = client.post(url, {**bare, "host": "", "place": offered.pk}).content.decode()
    assert re.search(rf'value="{scene.host.pk}"\s+selected', page)
    assert not Traineeship.objects.exists()
    sent = {**bare, "host": scene.host.pk, "place": offered.pk, "host_tutor_name": "", "told": f"{scene.host.pk}-"}
    assert client.post(url, sent).status_code == 302
    row = Traineeship.objects.get()
    assert (row.place, row.weekly_hours, row.host_tutor_name) == (offered, 16, "Sara Bindoni")
    assert row.plan.activities == offered.tasks
    assert row.timetables.get().week == [[540, 780]] * 4 + [[]] * 3  # the register will propose these hours
    assert holders(offered) == 1
    # the draft keeps its place, even when the host pauses it, and gives it back
    offered.state = State.PAUSED
    offered.save()
    url = reverse("change_plan", args=[row.pk])
    assert re.search(rf'name="place"[^>]*value="{offered.pk}"[^>]*checked', client.get(url).content.decode())
    told = f"{scene.host.pk}-{offered.pk}"
    assert client.post(url, {**scene.form, "place": offered.pk, "told": told}).status_code == 302
    assert client.post(url, {**scene.form, "place": "", "told": told}).status_code == 302
    assert holders(offered) == 0
    assert "non è più libero" in client.post(url, {**scene.form, "place": offered.pk}).content.decode()


def test_a_plan_that_outlasts_its_place_is_told_and_stops_nobody(enter, scene, anna, offered):
    client, url = enter(anna), reverse("plan_traineeship", args=[scene.case.pk])
    asked = reverse("plan_findings", args=[scene.case.pk])
    ends = dt.date.fromisoformat(scene.form["ends"])
    sent = {**scene.form, "place": offered.pk, "told": f"{scene.host.pk}-{offered.pk}"}
    for last, told in ((None, False), (ends, False), (ends - dt.timedelta(days=1), True)):
        offered.valid_to = last
        offered.save()
        page = client.post(asked, sent).content.decode()
        assert ("dopo l&#x27;ultimo giorno per cui l&#x27;ospitante ha offerto il posto" in page) is told, last
        assert ("ACC-PLACE" in page) is told
    assert client.post(url, sent).status_code == 302
    row = Traineeship.objects.get()
    assert "Senti l&#x27;ospitante" in client.get(reverse("traineeship", args=[row.pk])).content.decode()
    # and an extension is told the same
    Traineeship.objects.update(state="running")
    offered.valid_to = ends
    offered.save()
    said = {"new_end": (ends + dt.timedelta(days=30)).isoformat(), "check": "1"}
    page = client.post(reverse("traineeship_step", args=[row.pk, "extend"]), said).content.decode()
    assert "ACC-PLACE" in page


def test_what_was_typed_and_not_sent_is_kept(enter, scene, anna, offered):
    client, url = enter(anna), reverse("plan_traineeship", args=[scene.case.pk])
    typed = {"reason": "Scritto a metà", "host": scene.host.pk, "place": offered.pk}
    assert client.post(reverse("draft", args=["plan_traineeship", scene.case.pk]), typed).status_code == 204
    page = client.get(url).content.decode()
    assert text_of(page, "reason") == "Scritto a metà"
    assert re.search(rf'name="place"[^>]*value="{offered.pk}"[^>]*checked', page)
    assert client.post(url, scene.form).status_code == 302
    assert not Draft.objects.exists()


def test_an_accepted_proposal_opens_the_form_filled_and_saving_takes_the_opening(enter, scene, anna, offered):
    row = proposal_of(scene.case, offered, anna)
    acts.accept(proposal=row, by=anna, now=timezone.now())
    assert promised_by_place() == [(offered.pk, offered.host_id, 1)]
    client, url = enter(anna), reverse("plan_traineeship", args=[scene.case.pk])
    assert "Posto accolto: progetto di tirocinio da scrivere" in client.get(reverse("my_day")).content.decode()
    assert f"?proposal={row.pk}" in client.get(url).content.decode()  # whoever begins elsewhere is told
    page = client.get(f"{url}?proposal={row.pk}").content.decode()
    assert value_of(page, "seat").startswith("Serra grande")
    assert value_of(page, "monday") == "4"
    assert text_of(page, "activities") == offered.tasks
    told = f"{scene.host.pk}-{offered.pk}"
    answer = client.post(f"{url}?proposal={row.pk}", {**scene.form, "place": offered.pk, "told": told})
    assert answer.status_code == 302
    row.refresh_from_db()
    assert (row.traineeship.place, promised_by_place()) == (offered, [])
    assert "0 / 1" in client.get(reverse("places")).content.decode()


def test_the_last_opening_is_of_one_zone_and_the_other_is_told(
    enter, scene, anna, bruno, offered, in_versilia, as_application
):
    case, said = in_versilia
    with as_application(anna):
        acts.accept(proposal=proposal_of(scene.case, offered, anna), by=anna, now=timezone.now())
    theirs = proposal_of(case, offered, bruno)
    # promised to Anna: Bruno is told when he accepts…
    client = enter(bruno)
    page = client.post(reverse("matching_proposal", args=[theirs.pk]), {"decide": "accept"}, follow=True)
    assert "Quel posto non è più libero" in page.content.decode()
    with as_application(bruno), pytest.raises(NoRoom):
        acts.accept(proposal=theirs, by=bruno, now=timezone.now())
    # …and when he writes the plan without a proposal
    url = reverse("plan_traineeship", args=[case.pk])
    sent = {**scene.form, **said, "place": offered.pk}
    answer = client.post(url, sent)
    assert answer.status_code == 422
    assert "«Cura del verde» non è più libero" in answer.content.decode()
    assert Traineeship.objects.count() == 0
    assert client.post(url, {**sent, "place": ""}).status_code == 302  # the way out
    assert enter(anna).post(reverse("plan_traineeship", args=[scene.case.pk]), {**scene.form, "place": offered.pk})
    with pytest.raises(AlreadyDecided):
        acts.accept(proposal=acts.MatchingProposal.objects.get(case=scene.case), by=anna, now=timezone.now())


def test_the_trainees_of_a_host_are_counted_in_every_zone_and_nobody_is_named(
    scene, anna, bruno, tutor, versilia, as_application, enter
):
    row = factories.traineeship(scene.case, tutor=tutor, by=anna)
    elsewhere = factories.traineeship(factories.person_in_charge(versilia, by=bruno), tutor=tutor, by=bruno)
    agreement = factories.agreement(row.host, row.zone)
    Traineeship.objects.update(agreement=agreement)
    row.refresh_from_db()
    with as_application(anna) as cursor:
        found = facts.around(row, acting=anna)
        assert (found["host_trainees"], found["promoter_tutor_trainees"], found["agreement_active"]) == (1, 1, 1)
        assert found["host_tutor_trainees"] == 1  # by name, where nobody was chosen from the list
        cursor.execute("select count(*) from traineeships_traineeship where id = %s", [elsewhere.pk])
        assert cursor.fetchone() == (0,)
        cursor.execute("select * from agreements_used(%s)", [[agreement.pk]])
        assert cursor.fetchone() == (agreement.pk, 2, 0)
    # it is what the law is told: a third one is beyond the two places of the agreement
    assert in_force(row.starts)
    for who in (tutor, factories.user("olga", Kind.REFERRER, organisation=tutor.role.organisation), None):
        with as_application(who) as cursor:
            for asked in (
                "agreements_used(array[1::bigint])",
                "trainees_around(null, 1, 1, 1, 1)",
                "places_promised()",
            ):
                cursor.execute(f"select count(*) from {asked}")
                assert cursor.fetchone() == (0,), (who, asked)
            with pytest.raises(DatabaseError), transaction.atomic():
                cursor.execute("select place_left(1, null, null)")
