"""What everybody reads comes from releases that never change."""

import calendar
import csv
import datetime as dt
import hashlib
import io

import pytest
from django.urls import reverse
from django.utils import timezone

from accanto.indicators import release
from accanto.indicators.release import ReleasedFigure, ReleaseError
from tests import factories

pytestmark = pytest.mark.django_db


def last_month():
    return timezone.localdate().replace(day=1) - dt.timedelta(days=1)


@pytest.fixture
def people(mugello, versilia, anna, bruno):
    """Taken in charge 90 days ago: in the last month's figures already."""
    for n in range(4):
        factories.person_in_charge(mugello, by=anna, family_name=f"Qui{n}")
    for n in range(3):
        factories.person_in_charge(versilia, by=bruno, family_name=f"Là{n}")


def rows_of(made):
    return list(csv.DictReader(io.StringIO(release.as_csv(made))))


def test_a_month_that_is_not_over_is_refused(people):
    with pytest.raises(ReleaseError, match="non è finito"):
        release.make(month=timezone.localdate(), now=timezone.now())


def test_a_release_counts_at_the_end_of_its_month(people, mugello):
    made = release.make(month=last_month(), now=timezone.now())
    assert made.day.day == calendar.monthrange(made.month.year, made.month.month)[1]
    found = made.figures.get(indicator="people_in_charge", zone=mugello)
    assert (found.value, found.suppressed) == (4, False)
    assert made.figures.get(indicator="people_in_charge", zone=None, breakdown="").value == 7


def test_what_was_published_does_not_change(people, mugello, anna):
    made = release.make(month=last_month(), now=timezone.now())
    factories.person_in_charge(mugello, by=anna, family_name="Tardi")
    again = release.make(month=last_month(), now=timezone.now())
    assert again.pk == made.pk
    assert hashlib.sha256(release.as_csv(again).encode()).hexdigest() == made.sha256


def test_a_small_zone_is_withheld_in_page_and_file(mugello, versilia, anna, bruno, client):
    for n in range(4):
        factories.person_in_charge(mugello, by=anna, family_name=f"Qui{n}")
    factories.person_in_charge(versilia, by=bruno, family_name="Sola")
    made = release.make(month=last_month(), now=timezone.now())
    withheld = {
        row["zona_codice"] for row in rows_of(made) if row["indicatore"] == "people_in_charge" and row["non_pubblicato"]
    }
    assert withheld >= {"mugello", "versilia"}
    assert not ReleasedFigure.objects.filter(suppressed=True).exclude(value=None).exists()
    assert "numeri sono troppo piccoli" in client.get(reverse("figures")).content.decode()


def test_areas_are_published_for_the_region_only(people):
    made = release.make(month=last_month(), now=timezone.now())
    assert not made.figures.exclude(breakdown="").exclude(zone=None).exists()


def test_anybody_reads_and_downloads_without_signing_in(people, client):
    made = release.make(month=last_month(), now=timezone.now())
    month = f"{made.month:%Y-%m}"
    for url in (
        reverse("public_home"),
        reverse("figures"),
        reverse("figures") + "?indicator=traineeship_hours",
        reverse("figures_of", args=[month]),
        reverse("open_data"),
        reverse("accessibility"),
        reverse("privacy"),
    ):
        assert client.get(url).status_code == 200, url
    answer = client.get(reverse("open_data_csv", args=[month]))
    assert hashlib.sha256(answer.content).hexdigest() == made.sha256


def test_before_the_first_release_pages_say_so(client, db):
    assert "nessuna pubblicazione mensile" in client.get(reverse("public_home")).content.decode()
    assert "nessuna pubblicazione mensile" in client.get(reverse("figures")).content.decode()
    assert client.get(reverse("open_data")).status_code == 200


@pytest.mark.parametrize("month", ["2026", "9999-99", "x", "2026-1-1", "1990-01", "%00"])
def test_a_month_that_is_not_there_is_not_found(client, db, month):
    assert client.get(f"/figures/{month}/").status_code == 404
    assert client.get(f"/open-data/{month}.csv").status_code == 404


def test_figures_of_one_month_do_not_show_todays(people, anna, mugello, client):
    release.make(month=last_month(), now=timezone.now())
    factories.person_in_charge(mugello, by=anna, family_name="Oggi")
    assert ">7<" in client.get(reverse("figures")).content.decode()
