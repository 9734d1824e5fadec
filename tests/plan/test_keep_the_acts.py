"""An office enters its acts and says what they change; whoever reads an act finds its chain and what stands on it."""

import re

import pytest
from django.conf import settings
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accanto.plan import pack as plan_pack
from accanto.plan.act import Act, ActLink
from accanto.territory import pack
from tests import factories


@pytest.fixture
def toscana(db):
    now = timezone.now()
    pack.load(settings.REGION_PACK, now=now)
    return plan_pack.load(settings.REGION_PACK, now=now)


def text_of(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).replace("\u00a0", " ").split())


def said(**changes):
    return {
        "kind": "DELIBERA", "issuer": "SdS Mugello", "number": "12", "date": "2026-02-03", "year": "",
        "subject": "Fissa 20 ore la settimana per i tirocini della zona.", "link": "", "content_read": "full",
        "grade": "VERIFIED",
    } | changes  # fmt: skip


def test_anybody_reads_what_an_act_changed_and_what_changed_it(toscana):
    page = text_of(Client().get(reverse("act", args=["dd-14522-2022"])))
    assert "rettificato da DD n. 14657 del 21/07/2022" in page
    other = text_of(Client().get(reverse("act", args=["dd-14657-2022"])))
    assert "rettifica DD n. 14522 del 13/07/2022" in other
    assert "rettificato da DD n. 14657" in text_of(Client().get(reverse("acts"), {"q": "14522"}))


def test_an_act_opens_into_what_stands_on_it(toscana):
    plan = text_of(Client().get(reverse("act", args=["dgr-557-2022"])))
    assert "Obiettivi" in plan
    assert "26.433.000,00" in plan
    call = text_of(Client().get(reverse("act", args=["dd-12541-2024"])))
    assert "3.h.1" in call
    assert "R-FSE" in call  # numbers of the call's sheet read in its page
    law = text_of(Client().get(reverse("act", args=["di-500-2025"])))
    assert "617.000.000" in law
    assert "FU-02" in law


def test_words_without_accents_and_any_order_find_an_act(toscana):
    page = text_of(Client().get(reverse("acts"), {"q": "poverta piano regionale 557"}))
    assert "DGR n. 557 del 16/05/2022" in page
    assert "DGR n. 620" not in page
    assert "Nessun atto ha tutte queste parole" in text_of(Client().get(reverse("acts"), {"q": "zzz \x00"}))


def test_what_has_no_act_is_told_to_who_governs_and_to_nobody_else(toscana, enter, officer):
    assert "Senza un atto" in text_of(enter(officer).get(reverse("acts")))
    assert "Senza un atto" not in text_of(Client().get(reverse("acts")))


def test_a_planner_enters_an_act_of_the_zone_and_the_officer_one_of_the_region(enter, planner, officer, mugello):
    assert enter(planner).post(reverse("new_act"), said()).status_code == 302
    row = Act.objects.get(number="12")
    assert (row.zone, row.code, row.entered_by) == (mugello, f"delibera-12-2026-{mugello.code}", planner.user)
    answer = enter(officer).post(
        reverse("new_act"), said(kind="DGR", issuer="Giunta regionale della Toscana", number="900")
    )
    assert answer.status_code == 302
    assert Act.objects.get(code="dgr-900-2026").zone is None
    assert "Mugello" in text_of(Client().get(reverse("act", args=[row.code])))


def test_all_that_is_wrong_is_told_at_once_and_nothing_is_written(enter, planner):
    answer = enter(planner).post(reverse("new_act"), said(kind="DGR", date="", year="", subject="", link="non un link"))
    assert answer.status_code == 422
    told = text_of(answer)
    for word in ("almeno l’anno", "Tipo", "Oggetto", "Collegamento"):
        assert word in told
    assert not Act.objects.filter(entered_at__isnull=False).exists()


def test_the_same_act_twice_leads_to_the_one_that_is_there(enter, planner):
    enter(planner).post(reverse("new_act"), said())
    again = enter(planner).post(reverse("new_act"), said())
    assert again.status_code == 422
    assert reverse("act", args=[Act.objects.get(number="12").code]) in again.content.decode()
    # another body of the zone may have an act of the same number
    assert enter(planner).post(reverse("new_act"), said(issuer="Comune di Prova")).status_code == 302
    assert Act.objects.filter(number="12").count() == 2


def test_an_amendment_is_linked_and_taken_off(enter, planner, mugello):
    first = factories.act("3", zone=mugello)
    client = enter(planner)
    client.post(reverse("new_act"), said())
    row = Act.objects.get(number="12")
    answer = client.post(
        reverse("link_act", args=[row.code]),
        {"verb": "amends", "other": first.code, "starts": "2026-03-01", "note": "art. 3"},
    )
    assert answer.status_code == 302
    assert "modificato da" in text_of(client.get(reverse("act", args=[first.code])))
    link = ActLink.objects.get()
    client.post(reverse("unlink_act", args=[row.code, link.pk]))
    link.refresh_from_db()
    assert link.superseded_at is not None
    assert "modificato da" not in text_of(client.get(reverse("act", args=[first.code])))


def test_an_office_corrects_only_its_own(enter, planner, other_planner, officer, mugello):
    row, pack_row = factories.act("3", zone=mugello), factories.act("1", kind="DGR")
    for someone, code in ((other_planner, row.code), (officer, row.code), (officer, pack_row.code)):
        for name in ("change_act", "link_act"):
            assert enter(someone).get(reverse(name, args=[code])).status_code == 404
    assert enter(planner).post(reverse("change_act", args=[row.code]), said(number="4")).status_code == 302
    row.refresh_from_db()
    assert row.number == "4"


def test_postgresql_lets_nobody_write_an_act_of_another_office(as_application, bruno, other_planner, officer, mugello):
    row = factories.act("3", zone=mugello)
    pack_row = factories.act("1", kind="DGR")
    for someone, acts in ((bruno, [row, pack_row]), (other_planner, [row, pack_row]), (officer, [pack_row])):
        with as_application(someone) as cursor:
            cursor.execute("update plan_act set number = 'x' where id = any(%s)", [[one.pk for one in acts]])
            assert cursor.rowcount == 0


def test_loading_the_pack_again_leaves_the_offices_acts(toscana, enter, officer):
    enter(officer).post(reverse("new_act"), said(kind="DGR", issuer="Giunta regionale della Toscana"))
    again = plan_pack.load(settings.REGION_PACK, now=timezone.now())
    assert again["acts"].left == []
    assert (again["links"].added, again["links"].changed) == (0, 0)
    assert Act.objects.filter(number="12").exists()


@pytest.mark.parametrize("next_page", ["https://altrove.example/", "//altrove.example", "javascript:alert(1)"])
def test_after_an_act_one_goes_back_to_a_page_of_ours_only(enter, planner, next_page):
    answer = enter(planner).post(reverse("new_act"), said(next=next_page))
    assert answer.url.startswith("/plan/acts/")


@pytest.mark.parametrize("number", ["12.bis", "n°12", "12 è", "12/A", "..", "ŁÓ"])
def test_whatever_is_in_the_number_the_act_has_an_address(enter, planner, number):
    assert enter(planner).post(reverse("new_act"), said(number=number)).status_code == 302
    row = Act.objects.get(number=number)
    assert Client().get(reverse("act", args=[row.code])).status_code == 200
    assert Client().get(reverse("acts")).status_code == 200


def test_a_corrected_number_leaves_the_true_one_free_and_takes_nobody_elses(enter, planner):
    client = enter(planner)
    client.post(reverse("new_act"), said(number="77"))
    row = Act.objects.get(number="77")
    assert client.post(reverse("change_act", args=[row.code]), said(number="78")).status_code == 302
    assert client.post(reverse("new_act"), said(number="77")).status_code == 302
    again = client.post(reverse("change_act", args=[Act.objects.get(number="77").code]), said(number="78"))
    assert again.status_code == 422
    assert Act.objects.filter(number="78").count() == 1


def test_pressed_twice_without_a_number_it_is_one_act(enter, planner):
    for _press in range(2):
        enter(planner).post(reverse("new_act"), said(number=""))
    assert Act.objects.filter(entered_at__isnull=False).count() == 1


def test_a_link_said_again_in_other_words_takes_the_place_of_the_first(enter, planner, mugello):
    first, row = factories.act("3", zone=mugello), factories.act("4", zone=mugello)
    url = reverse("link_act", args=[row.code])
    for note in ("art. 3", "art. 3", "artt. 3 e 4"):
        enter(planner).post(url, {"verb": "amends", "other": first.code, "note": note})
    assert [link.note for link in ActLink.objects.standing()] == ["artt. 3 e 4"]
    assert ActLink.objects.count() == 2


def test_postgresql_refuses_an_act_with_an_address_or_a_link_that_is_none(as_application, planner, mugello):
    wrong = {"code": "12.bis", "link": "javascript:alert(1)", "kind": "L", "sheet_sources": "{portal-tis}"}
    for column, value in wrong.items():
        facts = {
            "code": "prova", "order": 1, "kind": "DELIBERA", "issuer": "x", "zone_id": mugello.pk, "number": "",
            "subject": "{}", "sheet_sources": "{}", "grade": "VERIFIED", "content_read": "none", "link": "",
            "source": "", "entered_at": timezone.now(), "entered_by_id": planner.user.pk,
        } | {column: value}  # fmt: skip
        names, marks = ", ".join(f'"{name}"' for name in facts), ", ".join(["%s"] * len(facts))
        with pytest.raises(DatabaseError), as_application(planner) as cursor:
            cursor.execute(f"insert into plan_act ({names}) values ({marks})", list(facts.values()))
