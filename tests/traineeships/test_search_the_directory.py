"""What there is and what is missing in a territory: found by words, kind, zone, topic; on a map with its table."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accanto.access.organisation import Organisation
from accanto.access.role import Kind
from accanto.traineeships import directory
from accanto.traineeships.directory import Asked
from accanto.traineeships.host import Host
from accanto.traineeships.models import DirectoryEntry, Place
from tests import factories


@pytest.fixture
def host(mugello):
    body = factories.organisation("host", "Caffè dell’Età")
    return Host.objects.create(organisation=body, municipality=factories.municipality(mugello, "Forlì di Sopra"))


@pytest.fixture
def scene(host, anna, bruno, mugello, versilia):
    factories.place(host, by=anna, title="Pulizia delle camere")
    factories.directory_entry(mugello, by=anna, name="Sportello casa", text="Perché nessuno resti senza tetto.")
    factories.directory_entry(mugello, by=anna, name="Circolo", kind="association", topics=["community"])
    factories.directory_entry(versilia, by=bruno, name="Mancano autobus la sera", kind="need", topics=["transport"])
    factories.organisation(Organisation.Kind.EMPLOYMENT_CENTRE, "Centro per l’impiego", zone=mugello)
    return host


def found(**asked):
    return {kind for kind, _pk in directory.page(Asked(**asked), day=timezone.localdate(), limit=50)}


@pytest.mark.parametrize(
    ("words", "kinds"),
    [
        ("caffe", {"host", "place"}),
        ("CAFFÈ dell'eta", {"host", "place"}),
        ("forli camere", {"place"}),
        ("perche tetto", {"service"}),
        ("etto", set()),  # the beginning of a word, not its middle
        ("impiego", {"service"}),
        ("%", {"place", "host", "service", "association", "need"}),
        ("xyz", set()),
    ],
)
def test_the_search_forgives_accents_and_apostrophes(scene, words, kinds):
    assert found(words=words) == kinds


def test_filters_narrow_the_list_and_the_counts(scene, mugello, versilia):
    assert found(zone=versilia.pk) == {"need"}
    assert found(setting="agricultural") == {"place"}
    assert found(topic="work") == {"service"}
    assert found(kind="association") == {"association"}
    counts = directory.counts(Asked(), day=timezone.localdate())
    assert counts == {
        (mugello.pk, "place"): 1,
        (mugello.pk, "host"): 1,
        (mugello.pk, "service"): 2,
        (mugello.pk, "association"): 1,
        (versilia.pk, "need"): 1,
    }


def test_a_place_that_is_paused_full_or_of_a_closed_host_is_not_there(scene, anna, bruno, tutor, mugello):
    place = Place.objects.get()
    Place.objects.update(state="paused")
    assert found(kind="place") == set()
    Place.objects.update(state="open")
    assert found(kind="place") == {"place"}
    row = factories.traineeship(factories.person_in_charge(mugello, by=anna), tutor=tutor, by=anna)
    row.place = place
    row.save()
    assert found(kind="place") == {"place"}  # without a session nothing is counted
    Host.objects.filter(pk=place.host_id).update(closed_on=timezone.localdate())
    assert found(kind="place") == set()


def test_a_full_place_is_not_offered_to_who_looks(scene, enter, bruno, anna, tutor, mugello):
    page = reverse("directory") + "?zone=&kind=place"
    assert "Pulizia delle camere" in enter(bruno).get(page).content.decode()
    row = factories.traineeship(factories.person_in_charge(mugello, by=anna), tutor=tutor, by=anna)
    row.place = Place.objects.get()
    row.save()
    assert "Pulizia delle camere" not in enter(bruno).get(page).content.decode()


def test_one_begins_from_ones_own_zone_and_the_map_leads_to_the_others(scene, enter, anna, versilia):
    text = enter(anna).get(reverse("directory")).content.decode()
    assert "Sportello casa" in text
    assert "Mancano autobus" not in text
    assert "<svg" in text
    assert "zone=versilia" in text
    assert "Mancano autobus" in enter(anna).get(reverse("directory") + "?zone=versilia").content.decode()
    everywhere = enter(anna).get(reverse("directory") + "?zone=").content.decode()
    assert "Mancano autobus" in everywhere
    assert "Sportello casa" in everywhere


def test_nothing_found_says_what_to_do(scene, enter, anna):
    text = enter(anna).get(reverse("directory") + "?q=xyz").content.decode()
    assert "Prova con meno parole" in text
    assert "Cerca in tutta la regione" in text


def test_the_zone_keeps_its_own_entries_and_nobody_elses(scene, enter, anna, bruno, planner, mugello):
    row = DirectoryEntry.objects.get(name="Circolo")
    form = {"kind": "association", "name": "Circolo nuovo", "topics": ["community", "rights"], "text": ""}
    assert enter(bruno).post(reverse("change_entry", args=[row.pk]), form).status_code == 404
    assert enter(planner).post(reverse("change_entry", args=[row.pk]), form).status_code == 302
    row.refresh_from_db()
    assert (row.name, row.topics, row.checked_by) == ("Circolo nuovo", ["community", "rights"], planner.user)
    wrong = enter(anna).post(reverse("new_entry"), {"kind": "moon", "website": "javascript:alert(1)", "phone": "x"})
    assert set(wrong.context["form"].errors) == {"kind", "name", "topics", "website", "phone"}
    assert enter(anna).post(reverse("end_entry", args=[row.pk])).status_code == 302
    assert "Circolo nuovo" not in enter(anna).get(reverse("directory")).content.decode()


def test_who_accompanies_people_reads_it_and_writes_nothing_of_it(scene, enter, tutor, planner, officer, carla):
    for acting, opens in ((tutor, True), (planner, True), (officer, True), (carla, False)):
        answer = enter(acting).get(reverse("directory") + "?zone=")
        assert answer.status_code == (200 if opens else 404)
        if opens:
            assert reverse("host", args=[scene.pk]) not in answer.content.decode()
    health = factories.user("health", Kind.HEALTH_WORKER)
    text = enter(health).get(reverse("directory")).content.decode()
    assert reverse("new_entry") not in text


def test_the_page_costs_the_same_for_few_things_and_for_many(scene, enter, anna, mugello, same_queries):
    client = enter(anna)

    def more():
        for n in range(12):
            factories.place(scene, by=anna, title=f"Posto {n}", openings=1)
            factories.directory_entry(mugello, by=anna, name=f"Voce {n}", kind="need")

    same_queries(lambda: client.get(reverse("directory")), more=more)
