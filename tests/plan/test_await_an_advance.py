"""A sum awaited for an operation: written with its day, in the day when it comes near, marked when it comes."""

import datetime as dt
import re
from decimal import Decimal

import pytest
from django.db import DatabaseError, ProgrammingError, transaction
from django.urls import reverse
from django.utils import timezone

from accanto.plan import advance as advances
from accanto.plan.advance import Advance, NoLonger
from accanto.web import advances as pages
from tests import factories


def text_of(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).replace("\u00a0", " ").split())


def filled(**changes):
    return {"kind": "advance", "amount": "1.000,00", "due": "", "condition": "", "act": ""} | changes


def test_a_planner_writes_receives_and_takes_away(planner, mugello, enter):
    client, operation = enter(planner), factories.operation(mugello)
    here, new = reverse("operation", args=[operation.pk]), reverse("new_advance", args=[operation.pk])
    assert "Nessuna somma attesa" in text_of(client.get(here))
    wrong = client.post(new, filled(kind="", amount="0"))
    assert wrong.status_code == 422
    assert "maggiore di zero" in text_of(wrong)
    assert client.post(new, filled(condition="Dopo l’avvio")).status_code == 302
    row = Advance.objects.get()
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    receive = reverse("receive_advance", args=[row.pk])
    assert client.post(receive, {"on": f"{tomorrow:%d/%m/%Y}"}).status_code == 422
    page = text_of(client.post(receive, {"on": f"{timezone.localdate():%d/%m/%Y}"}, follow=True))
    assert "arrivato il" in page
    assert client.get(receive).status_code == 404
    client.post(new, filled(kind="balance"))
    last = Advance.objects.awaited().get()
    page = text_of(client.post(reverse("withdraw_advance", args=[last.pk]), follow=True))
    assert "resta scritto che c’era" in page
    assert Advance.objects.count() == 3


def test_it_comes_in_the_day_of_who_plans_there(planner, officer, other_planner, mugello, enter):
    today = timezone.localdate()
    row = factories.advance(mugello, by=planner, due=today + dt.timedelta(days=10))
    for somebody, count in ((planner, 1), (other_planner, 0), (officer, 0)):  # it is the zone that asks for it
        assert ("Anticipo di 1.000,00 €" in text_of(enter(somebody).get(reverse("my_day")))) is bool(count)
    assert pages.in_the_day(planner, today - dt.timedelta(days=90)) == []
    advances.receive(advance=row, on=today, by=planner, now=timezone.now())
    assert pages.in_the_day(planner, today) == []


def test_two_at_once_is_one(planner, mugello):
    row = factories.advance(mugello, by=planner)
    advances.receive(advance=row, on=timezone.localdate(), by=planner, now=timezone.now())
    for act, said in ((advances.receive, {"on": timezone.localdate()}), (advances.withdraw, {})):
        with pytest.raises(NoLonger):
            act(advance=row, by=planner, now=timezone.now(), **said)
    assert Advance.objects.standing().get().amount == Decimal(1000)


def test_another_zone_s_is_not_there(planner, other_planner, mugello, enter):
    row = factories.advance(mugello, by=planner)
    for name in ("receive_advance", "withdraw_advance"):
        assert enter(other_planner).get(reverse(name, args=[row.pk])).status_code == 404
    assert enter(other_planner).get(reverse("new_advance", args=[row.operation_id])).status_code == 404


def test_postgresql_keeps_an_advance_in_the_zone_of_its_operation(
    planner, other_planner, anna, mugello, versilia, as_application
):
    row = factories.advance(mugello, by=planner)
    insert = (
        "insert into plan_advance (operation_id, zone_id, kind, amount, condition, synthetic, recorded_at) "
        "values (%s, %s, 'advance', 5, '', false, now())"
    )
    with pytest.raises(DatabaseError, match="plan_advance_of_its_zone"), as_application(other_planner) as cursor:
        cursor.execute(insert, [row.operation_id, versilia.pk])
    for somebody in (other_planner, anna):
        with pytest.raises(ProgrammingError), transaction.atomic(), as_application(somebody) as cursor:
            cursor.execute(insert, [row.operation_id, mugello.pk])
        with as_application(somebody, writing=False) as cursor:
            cursor.execute("select count(*) from plan_advance")
            assert cursor.fetchone() == (0,)
    with pytest.raises(ProgrammingError), transaction.atomic(), as_application(planner) as cursor:
        cursor.execute("update plan_advance set amount = 6")
