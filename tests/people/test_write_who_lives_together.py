"""The household: written with few fields, one at a time, kept in its history."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from accanto.people import household as households
from accanto.people.household import AlreadyThere, CareDuty, HouseholdMember

TODAY = timezone.localdate()
LAST_YEAR = TODAY - dt.timedelta(days=365)


def typed(name, **more):
    return {"name": name, "kinship": "child", "starts": LAST_YEAR.isoformat(), **more}


def page_of(client, person):
    return client.get(reverse("household", args=[person.subject_id])).content.decode()


def test_a_child_is_written_and_counted_in_the_file(enter, anna, ida):
    client, url = enter(anna), reverse("household", args=[ida.subject_id])
    born = TODAY.replace(year=TODAY.year - 7, day=1)
    client.post(url, typed("Gino Prova", birth_date=born.isoformat(), dependant="on", needs_care="on"))
    page = page_of(client, ida)
    assert "2 persone, 1 minore, 1 da accudire" in page
    assert "a carico" in page
    assert "2 persone, 1 minore" in client.get(reverse("person", args=[ida.subject_id])).content.decode()


def test_that_they_live_alone_is_said_with_the_day(enter, anna, ida):
    client, url = enter(anna), reverse("household_alone", args=[ida.subject_id])
    assert 'name="alone-starts"' in page_of(client, ida)
    for wrong in ("", "x", (timezone.localdate() + dt.timedelta(days=1)).isoformat()):
        assert "Scrivi da quando" in client.post(url, {"alone-starts": wrong}, follow=True).content.decode()
    day = timezone.localdate() - dt.timedelta(days=400)
    client.post(url, {"alone-starts": day.isoformat()})
    assert "1 persona" in page_of(client, ida)
    assert HouseholdMember.objects.get().starts == day
    client.post(url, {"alone-starts": day.isoformat()})
    assert HouseholdMember.objects.count() == 1


def test_who_has_a_file_is_proposed_and_shares_the_household(enter, anna, ida, make_person):
    aldo = make_person("Aldo", "Vivoli")
    client, url = enter(anna), reverse("household", args=[ida.subject_id])
    answer = client.post(url, typed("Vivoli Aldo", kinship="partner")).content.decode()
    assert "C’è già un fascicolo con questo nome" in answer
    assert not HouseholdMember.objects.exists()
    client.post(url, typed("Vivoli Aldo", kinship="partner", who=str(aldo.subject_id)))
    page = page_of(client, aldo)
    assert "Ida Prova" in page
    assert "La parentela è rispetto a Ida Prova" in page


def test_of_two_of_the_same_name_one_may_be_somebody_else(enter, anna, ida, make_person):
    make_person("Aldo", "Vivoli")
    client, url = enter(anna), reverse("household", args=[ida.subject_id])
    client.post(url, typed("Aldo Vivoli", who="no"))
    assert HouseholdMember.objects.get(name="Aldo Vivoli").person is None


def test_nobody_of_another_zone_is_proposed_or_taken(enter, anna, ida, make_person, versilia, bruno):
    other = make_person("Aldo", "Vivoli", zone=versilia, by=bruno)
    client, url = enter(anna), reverse("household", args=[ida.subject_id])
    client.post(url, typed("Aldo Vivoli", who=str(other.subject_id)))
    assert HouseholdMember.objects.get(name="Aldo Vivoli").person is None


def test_a_person_is_in_one_household_at_a_time_and_the_sentence_says_the_way_out(enter, anna, ida, make_person):
    aldo, eva = make_person("Aldo", "Vivoli"), make_person("Eva", "Altra")
    now = timezone.now()
    theirs = households.begin(person=eva, starts=LAST_YEAR, by=anna, now=now)
    households.join(household=theirs, person=aldo, kinship="partner", starts=LAST_YEAR, by=anna, now=now)
    client, url = enter(anna), reverse("household", args=[ida.subject_id])
    answer = client.post(url, typed("Aldo Vivoli", kinship="partner", who=str(aldo.subject_id))).content.decode()
    assert "è già nel nucleo di Eva Altra" in answer
    assert "Chiudi prima quell’appartenenza" in answer
    assert HouseholdMember.objects.filter(subject=aldo.subject).count() == 1
    # nothing was half written: not even Ida's own household
    assert not HouseholdMember.objects.filter(subject=ida.subject).exists()


def test_postgresql_itself_refuses_two_households_and_a_name_twice(anna, ida, make_person, mugello):
    now = timezone.now()
    family = households.begin(person=ida, starts=LAST_YEAR, by=anna, now=now)
    households.join(household=family, name="Gino Prova", kinship="child", starts=LAST_YEAR, by=anna, now=now)
    with pytest.raises(AlreadyThere):
        households.join(household=family, name="GINO  PROVÀ", kinship="child", starts=TODAY, by=anna, now=now)
    with pytest.raises(AlreadyThere):
        households.begin(person=ida, starts=TODAY, by=anna, now=now)
    with pytest.raises(IntegrityError, match="one_at_a_time"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "insert into people_householdmember (subject_id, zone_id, household_id, person_id, name, name_key, kinship,"
            " dependant, starts, recorded_at) values (%s, %s, %s, %s, '', '', 'child', false, %s, now())",
            [ida.subject_id, mugello.pk, family.pk, ida.pk, TODAY],
        )


def test_one_moves_to_another_household_the_day_after(anna, ida, make_person):
    now, eva = timezone.now(), make_person("Eva", "Altra")
    households.begin(person=ida, starts=LAST_YEAR, by=anna, now=now)
    mine = HouseholdMember.objects.get(subject=ida.subject)
    households.leave(member=mine, on=TODAY - dt.timedelta(days=1), by=anna, now=now)
    theirs = households.begin(person=eva, starts=LAST_YEAR, by=anna, now=now)
    households.join(household=theirs, person=ida, kinship="relative", starts=TODAY, by=anna, now=now)
    today = HouseholdMember.objects.living_with(ida.subject_id, TODAY)
    assert {str(member) for member in today.order_by("id")} == {"Eva Altra", "Ida Prova"}
    before = HouseholdMember.objects.living_with(ida.subject_id, LAST_YEAR)
    assert [str(member) for member in before.order_by("id")] == ["Ida Prova"]


def test_a_correction_and_a_departure_leave_the_history(enter, anna, ida):
    now = timezone.now()
    family = households.begin(person=ida, starts=LAST_YEAR, by=anna, now=now)
    child = households.join(household=family, name="Gino Prova", kinship="relative", starts=LAST_YEAR, by=anna, now=now)
    client, url = enter(anna), reverse("household_member", args=[ida.subject_id, child.pk])
    sent = typed("Gino Prova", needs_care="on", carers="la nonna", school="does_not")
    client.post(url, sent)
    held = HouseholdMember.objects.standing().get(name="Gino Prova")
    assert held.kinship == "child"
    assert HouseholdMember.objects.filter(name="Gino Prova").count() == 2
    assert CareDuty.objects.standing().get().carers == "la nonna"
    url = reverse("household_member", args=[ida.subject_id, held.pk])
    client.post(url, sent | {"ends": (TODAY - dt.timedelta(days=3)).isoformat()})
    page = page_of(client, ida)
    assert "Hanno vissuto qui" in page
    assert "1 persona" in page
    assert CareDuty.objects.standing().count() == 1


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", "", "obbligatorio"),
        ("starts", "9999-12-31", "dopo oggi"),
        ("birth_date", TODAY.isoformat(), "prima di nascere"),
        ("kinship", "reference", "valid"),
        ("name", "RSSMRA80A01H501U", "codice fiscale"),
        ("name", "nul\x00la", ""),
    ],
)
def test_what_cannot_be_is_said_and_not_written(enter, anna, ida, field, value, said):
    answer = enter(anna).post(reverse("household", args=[ida.subject_id]), typed("Gino Prova") | {field: value})
    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert not HouseholdMember.objects.exists()


def test_the_employment_centre_knows_who_lives_there_and_not_who_needs_care(enter, anna, operator, ida):
    now = timezone.now()
    family = households.begin(person=ida, starts=LAST_YEAR, by=anna, now=now)
    child = households.join(household=family, name="Gino Prova", kinship="child", starts=LAST_YEAR, by=anna, now=now)
    households.note_care(member=child, needs_care=True, carers="la nonna", school="does_not", by=anna, now=now)
    client = enter(operator)
    page = page_of(client, ida)
    assert "Gino Prova" in page
    assert "Sezione chiusa" in page
    assert "la nonna" not in page
    assert "accudire" not in page
    assert client.post(reverse("household", args=[ida.subject_id]), typed("Altro Nome")).status_code == 404
    assert "accudire" not in client.get(reverse("person", args=[ida.subject_id])).content.decode()


def test_the_person_reads_their_own_and_not_the_file_of_who_lives_with_them(
    enter, anna, own, ida, make_person, as_application
):
    now, aldo = timezone.now(), make_person("Aldo", "Vivoli")
    family = households.begin(person=ida, starts=LAST_YEAR, by=anna, now=now)
    households.join(household=family, name="Gino Prova", kinship="child", starts=LAST_YEAR, by=anna, now=now)
    households.join(household=family, person=aldo, kinship="partner", starts=LAST_YEAR, by=anna, now=now)
    page = page_of(enter(own), ida)
    assert "Gino Prova" in page
    assert "Aldo" not in page
    with as_application(own) as cursor:
        cursor.execute("select count(*) from people_householdmember where subject_id = %s", [aldo.subject_id])
        assert cursor.fetchone() == (0,)


def test_the_page_asks_the_same_queries_for_two_and_for_twenty(enter, anna, ida, same_queries):
    now = timezone.now()
    family = households.begin(person=ida, starts=LAST_YEAR, by=anna, now=now)
    client, url = enter(anna), reverse("household", args=[ida.subject_id])

    def more(numbers=range(20)):
        for n in numbers:
            households.join(household=family, name=f"Figlio {n}", kinship="child", starts=TODAY, by=anna, now=now)

    more(range(20, 22))
    same_queries(lambda: client.get(url), more=more)
