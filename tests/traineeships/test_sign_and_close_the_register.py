"""Both signatures of the days, the close of the month, what PostgreSQL refuses after it, the printed register."""

import datetime as dt
import hashlib
import json
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accanto.access.log import Act
from accanto.norms.days import add_months, month_of
from accanto.norms.findings import Refused
from accanto.traineeships import attendance, closing, monthly_close, register, register_signature
from accanto.traineeships.attendance import DaysRefused, Entry
from accanto.traineeships.models import AttendanceDay, MonthlyClose, RegisterSignature
from accanto.traineeships.register_signature import Signer, Way, mark_of, text_of
from accanto.web.month_register import days_of, register_data

from .conftest import factories

DRAWN = json.dumps([[100, 100, 200, 120, 300, 140, 400, 120, 500, 100, 600, 120, 700, 150, 800, 100, 850, 90]])


@pytest.fixture(autouse=True)
def no_holidays(monkeypatch):
    monkeypatch.setattr("accanto.traineeships.traineeship.is_holiday", lambda day: False)


@pytest.fixture
def month(today):
    """The first day of the month that is over."""
    return add_months(today.replace(day=1), -1)


@pytest.fixture
def filled(trainees, tutor, month):
    """Registers of the month that is over, all written: four hours from nine to one."""

    def fill(count, first=0, hours=Decimal(4), times=(540, 780)):
        rows = trainees(count, first=first)
        days = (month + dt.timedelta(days=n) for n in range(31))
        entries = [
            Entry(row, day, hours, "", times)
            for day in days
            if day <= month_of(month).last
            for row in rows
            if row.starts <= day and row.planned_hours(day)
        ]
        attendance.record_all(entries=entries, by=tutor, now=timezone.now())
        return rows

    return fill


def sign_all(row, month, *, by, signers=tuple(Signer)):
    """Both signatures of the whole month, on paper."""
    here = register.read_month(row, month, acting=by, today=timezone.localdate())
    for signer in signers:
        days = {row: here.to_sign(signer)}
        mark = mark_of([text_of(row, days[row])])
        register_signature.sign(days=days, signer=signer, way=Way.PAPER, mark=mark, by=by, now=timezone.now())


def shown_in(page):
    return page.split('name="shown" value="')[1].split('"')[0]


# --- signatures ------------------------------------------------------------------------------------------------------


def test_the_hosts_tutor_confirms_and_signs_the_week_of_all_in_one_act(enter, trainees, sara, hosted, last_monday):
    rows = [hosted(row) for row in trainees(3)]
    client, url = enter(sara), reverse("week", args=[last_monday.isoformat()])
    page = client.get(url).content.decode()
    assert "Conferma e firma la settimana" in page
    days = [last_monday + dt.timedelta(days=n) for n in range(5)]
    data = {f"hours-{row.pk}-{day.isoformat()}": "9-13" for row in rows for day in days}

    assert client.post(url, data | {"sign": "all", "shown": shown_in(page)}).status_code == 302

    signatures = list(RegisterSignature.objects.order_by("id"))
    assert [(one.traineeship_id, one.signer, one.way) for one in signatures] == [
        (row.pk, "host_tutor", "session") for row in rows
    ]
    assert {one.signed_by_id for one in signatures} == {sara.user.pk}
    first = signatures[0]
    assert first.shown.splitlines()[1] == f"{last_monday} 4.00 09:00-13:00"
    assert first.sha256 == hashlib.sha256(first.shown.encode()).hexdigest()
    assert (first.first, first.last) == (days[0], days[-1])
    assert Act.objects.filter(verb="sign", noun="registersignature").count() == 3
    page = client.get(url).content.decode()
    assert "Manca la firma:</p>" not in page
    assert page.count("Manca la firma: la persona") == 3


def test_what_changed_while_the_page_was_read_is_not_signed(enter, trainees, tutor, sara, hosted, last_monday):
    (row,) = trainees(1)
    hosted(row)
    day, now = {"traineeship": row, "day": last_monday, "by": tutor}, timezone.now()
    attendance.record(**day, hours=4, now=now)
    client = enter(sara)
    for url in (reverse("week", args=[last_monday]), reverse("sign_register", args=[row.pk, last_monday])):
        shown = client.get(url).content.decode()
        hours = 3 if "week" in url else 2
        attendance.record(**day, hours=hours, correction="mistyped", now=timezone.now())
        answer = client.post(url, {"sign": "all", "signer": "host_tutor", "shown": shown_in(shown)})
        assert answer.status_code == 422
        assert "Intanto il registro è cambiato" in answer.content.decode()
        assert not RegisterSignature.objects.exists()
    # as it is shown now, it is signed
    again = client.post(url, {"signer": "host_tutor", "shown": shown_in(answer.content.decode())})
    assert again.status_code == 302
    assert RegisterSignature.objects.get().lines == {f"{last_monday} 2.00"}


def test_the_person_signs_on_the_own_page_and_nothing_else(
    enter, filled, month, carla, bruno, herself, as_application, tutor
):
    mine, other = filled(2)
    herself(mine)
    client = enter(carla)
    monday = month + dt.timedelta(days=(7 - month.weekday()) % 7)
    url = reverse("sign_register", args=[mine.pk, monday.isoformat()])
    page = client.get(url).content.decode()
    assert "Firmo queste giornate" in page
    assert "disegna la firma" not in page
    assert client.post(url, {"signer": "trainee", "shown": shown_in(page)}).status_code == 302
    one = RegisterSignature.objects.get()
    assert (one.signer, one.way, one.signed_by, one.traineeship) == ("trainee", "session", carla.user, mine)
    assert one.subject_id == mine.subject_id
    assert Act.objects.get(verb="sign", noun="registersignature").user_id == carla.user.pk
    # neither the host's side, nor somebody else's register
    assert client.post(url, {"signer": "host_tutor", "shown": ""}).status_code == 302
    assert RegisterSignature.objects.count() == 1
    assert client.post(reverse("sign_register", args=[other.pk, monday.isoformat()]), {}).status_code == 404
    text = "Registro di un altro"
    values = [other.pk, monday, monday, text, hashlib.sha256(text.encode()).hexdigest()]
    for acting, whose in ((carla, other.pk), (tutor, mine.pk), (bruno, mine.pk)):
        refused = pytest.raises(DatabaseError, match=r"no such register|only the person")
        with as_application(acting) as cursor, refused, transaction.atomic():
            cursor.execute("select sign_own_register(%s, %s, %s, %s, %s)", [whose, *values[1:]])
    with as_application(carla) as cursor, pytest.raises(DatabaseError, match="hash"), transaction.atomic():
        cursor.execute("select sign_own_register(%s, %s, %s, %s, %s)", [mine.pk, *values[1:4], "0" * 64])


def test_the_person_signs_on_the_tutors_phone(enter, filled, tutor, month):
    (row,) = filled(1)
    monday = month + dt.timedelta(days=(7 - month.weekday()) % 7)
    client, url = enter(tutor), reverse("sign_register", args=[row.pk, monday.isoformat()])
    page = client.get(url).content.decode()
    sides = {"trainee": shown_in(page), "host_tutor": shown_in(page.split('value="host_tutor"', 1)[1])}
    said = {"signer": "trainee", "shown": sides["trainee"]}
    for wrong in ({}, {"how": "drawn"}, {"how": "drawn", "drawn": "[]"}, {"how": "session"}, {"how": "\x00"}):
        assert client.post(url, said | wrong).status_code == 422
        assert not RegisterSignature.objects.exists()
    assert client.post(url, said | {"how": "drawn", "drawn": DRAWN}).status_code == 302
    paper = {"signer": "host_tutor", "shown": sides["host_tutor"], "how": "paper"}
    assert client.post(url, paper).status_code == 302
    drawn, on_paper = RegisterSignature.objects.order_by("id")
    assert (drawn.way, drawn.signer, drawn.strokes[:1]) == ("drawn", "trainee", "M")
    assert (on_paper.way, on_paper.name, on_paper.strokes) == ("paper", "Sara Esempio", "")
    month_page = client.get(reverse("month_register", args=[row.pk, f"{month:%Y-%m}"])).content.decode()
    assert drawn.sha256 in month_page
    assert "persona, tutor" in month_page


def test_a_signature_holds_for_what_was_shown_and_not_for_its_correction(filled, tutor, month):
    (row,) = filled(1)
    sign_all(row, month, by=tutor)
    today = timezone.localdate()
    here = register.read_month(row, month, acting=tutor, today=today)
    assert not here.to_sign(Signer.TRAINEE)
    day = here.rows[3].day
    attendance.record(traineeship=row, day=day, times=(600, 780), by=tutor, now=timezone.now(), correction="told_later")
    here = register.read_month(row, month, acting=tutor, today=today)
    assert [one.day for one in here.to_sign(Signer.TRAINEE)] == [day]
    attendance.record(traineeship=row, day=day, times=(540, 780), by=tutor, now=timezone.now(), correction="mistyped")
    here = register.read_month(row, month, acting=tutor, today=today)
    assert not here.to_sign(Signer.HOST_TUTOR)


# --- the close -------------------------------------------------------------------------------------------------------


def test_a_month_is_closed_when_nothing_lacks_and_then_stays(enter, filled, tutor, anna, month):
    (row,) = filled(1)
    url = reverse("close_register", args=[row.pk, f"{month:%Y-%m}"])
    client = enter(tutor)
    page = client.get(url).content.decode()
    assert page.count("ACC-SIGNED") == 2
    assert client.post(url, {"leave": " "}).status_code == 422
    sign_all(row, month, by=tutor)
    assert client.post(url, {}).status_code == 302
    close = MonthlyClose.objects.get()
    assert (close.closed_by, close.month, close.leave_codes) == (tutor.user, month, [])
    assert close.hours == sum(day.hours for day in AttendanceDay.objects.filter(traineeship=row))
    assert close.sha256 == hashlib.sha256(close.shown.encode()).hexdigest()
    assert client.post(url, {}).status_code == 422  # closed already

    day = AttendanceDay.objects.filter(traineeship=row).earliest("day").day
    with pytest.raises(DaysRefused, match="è chiuso"):
        attendance.record(traineeship=row, day=day, hours=1, by=tutor, now=timezone.now(), correction="mistyped")
    answer = client.post(reverse("attendance_day", args=[row.pk, day]), {"hours": "1", "correction": "mistyped"})
    assert "ACC-CLOSED" in answer.content.decode()
    assert "mese chiuso" in client.get(reverse("month_register", args=[row.pk, f"{month:%Y-%m}"])).content.decode()

    # the office reopens it, with a reason; the tutor does not
    reopen = reverse("reopen_register", args=[row.pk, f"{month:%Y-%m}"])
    assert client.post(reopen, {"reason": "prova"}).status_code == 404
    office = enter(anna)
    assert 'class="crumbs"' in office.get(reopen).content.decode()
    assert office.post(reopen, {"reason": " "}).status_code == 422
    assert office.post(reopen, {"reason": "Un giorno scritto male"}).status_code == 302
    with pytest.raises(monthly_close.AlreadyReopened):
        monthly_close.reopen(close=close, reason="due volte", by=anna, now=timezone.now())
    attendance.record(traineeship=row, day=day, hours=1, by=tutor, now=timezone.now(), correction="mistyped")
    assert client.post(url, {}).status_code == 422  # that day is to be signed again
    assert client.post(url, {"leave": "Firma rifiutata"}).status_code == 302
    assert MonthlyClose.objects.standing().get().leave_reason == "Firma rifiutata"
    page = office.get(reverse("month_register", args=[row.pk, f"{month:%Y-%m}"])).content.decode()
    for said in ("Un giorno scritto male", "Firma rifiutata", close.sha256):
        assert said in page


def test_a_month_with_a_day_of_which_nothing_is_said_is_not_closed(filled, tutor, month):
    (row,) = filled(1)
    sign_all(row, month, by=tutor)
    lost = AttendanceDay.objects.filter(traineeship=row).earliest("day")
    lost.delete()
    with pytest.raises(Refused, match=f"{lost.day:%d/%m}") as refused:
        closing.close(traineeship=row, month=month, by=tutor, now=timezone.now(), leave="fa lo stesso")
    assert {finding.code for finding in refused.value.findings} == {"ACC-COMPLETE"}
    assert not MonthlyClose.objects.exists()


def test_a_month_that_is_not_over_is_not_closed(trainees, tutor, today):
    (row,) = trainees(1)
    with pytest.raises(Refused) as refused:
        closing.close(traineeship=row, month=today.replace(day=1), by=tutor, now=timezone.now())
    assert "ACC-FUTURE" in {finding.code for finding in refused.value.findings}


def test_two_registers_of_one_person_at_the_same_hour_are_not_closed(filled, tutor, anna, month):
    (row,) = filled(1)
    other = factories.traineeship(row.case, tutor=tutor, by=anna, host="Bottega di prova")
    day = AttendanceDay.objects.filter(traineeship=row).latest("day")
    # as an import, or two tutors in the same instant, would have written it
    AttendanceDay.objects.create(
        traineeship=other, subject=row.subject, zone=row.zone, day=day.day, hours=2, times=[600, 720],
        recorded_at=timezone.now(), recorded_by=tutor.user,
    )  # fmt: skip
    looked = {
        one.traineeship.pk: one for one in closing.look([row, other], month, by=tutor, today=timezone.localdate())
    }
    for one in looked.values():
        assert "ACC-TWICE" in {finding.code for finding in one.findings}, one.findings
    (alone,) = closing.look([row], month, by=tutor, today=timezone.localdate())
    assert "ACC-TWICE" in {finding.code for finding in alone.findings}


def test_all_the_complete_registers_are_closed_at_once_and_the_others_named(enter, filled, tutor, anna, month):
    ready, unsigned, lacking = filled(3)
    sign_all(ready, month, by=tutor)
    sign_all(unsigned, month, by=tutor, signers=[Signer.TRAINEE])
    sign_all(lacking, month, by=tutor)
    AttendanceDay.objects.filter(traineeship=lacking).earliest("day").delete()
    client = enter(anna)
    url = f"{reverse('close_registers')}?month={month:%Y-%m}"
    page = client.get(url).content.decode()
    for said in ("1 pronti", "Chiudi 1 registro completo", "ACC-COMPLETE", "ACC-SIGNED", "Prova01", "Prova02"):
        assert said in page, said
    assert client.post(url, {"leave": ""}).status_code == 302
    assert [close.traineeship for close in MonthlyClose.objects.all()] == [ready]
    assert client.post(f"{url}&host={ready.host_id}", {"leave": "Il tutor è cambiato"}).status_code == 302
    closed = MonthlyClose.objects.order_by("id").last()
    assert (closed.traineeship, closed.leave_codes) == (unsigned, ["ACC-SIGNED"])
    assert MonthlyClose.objects.count() == 2
    assert Act.objects.filter(verb="close", noun="monthlyclose").count() == 2


@pytest.mark.parametrize(
    "asked", ["month=2026-13", "month=\x00", "month=1999-01", "host=999999999", "host=x", "operation=-1", "month="]
)
def test_no_address_breaks_the_page_of_the_close(enter, anna, asked):
    client = enter(anna)
    for method in (client.get, client.post):
        assert method(f"{reverse('close_registers')}?{asked}").status_code == 422


def test_the_close_asks_the_same_queries_for_3_and_30(filled, tutor, same_queries, month, as_application):
    rows = filled(3)
    for row in rows:
        sign_all(row, month, by=tutor)

    def close():
        MonthlyClose.objects.all().delete()
        closed, left = closing.close_complete(traineeships=rows, month=month, by=tutor, now=timezone.now())
        assert (len(closed), left) == (len(rows), [])

    def more():
        added = filled(27, first=3)
        for row in added:
            sign_all(row, month, by=tutor)
        rows.extend(added)

    same_queries(close, more=more)


def test_the_pages_ask_the_same_queries_for_3_and_30(enter, filled, tutor, same_queries, month):
    filled(3)
    client = enter(tutor)
    same_queries(lambda: client.get(reverse("close_registers")), more=lambda: filled(27, first=3))


# --- what PostgreSQL holds -------------------------------------------------------------------------------------------


def test_postgresql_refuses_days_and_signatures_of_a_closed_month(filled, tutor, anna, month, as_application):
    """The triggers refuse_days_of_closed_months and refuse_signatures_of_closed_months, for the owner too."""
    (row,) = filled(1)
    sign_all(row, month, by=tutor)
    closing.close(traineeship=row, month=month, by=tutor, now=timezone.now())
    own = {"traineeship": row, "subject": row.subject, "zone": row.zone}
    sunday = next(day for n in range(7) if (day := month + dt.timedelta(days=n)).weekday() == 6)
    text = {"shown": "x", "sha256": hashlib.sha256(b"x").hexdigest()}

    def day():
        AttendanceDay.objects.create(**own, day=sunday, hours=1, recorded_at=timezone.now(), recorded_by=tutor.user)

    def signature():
        RegisterSignature.objects.create(
            **own, **text, signer="trainee", way="paper", first=month - dt.timedelta(days=3), last=month,
            signed_at=timezone.now(), signed_by=tutor.user,
        )  # fmt: skip

    def superseded():
        AttendanceDay.objects.filter(traineeship=row).update(superseded_at=timezone.now())

    for act in (day, signature, superseded):
        with pytest.raises(IntegrityError, match="traineeships_month_is_closed"), transaction.atomic():
            act()
        with as_application(tutor), pytest.raises(IntegrityError, match="is closed"), transaction.atomic():
            act()
    close = MonthlyClose.objects.get()
    monthly_close.reopen(close=close, reason="prova", by=anna, now=timezone.now())
    day()
    signature()


def test_who_closes_and_who_reopens_in_postgresql(filled, tutor, anna, sara, bruno, hosted, month, as_application):
    (row,) = filled(1)
    hosted(row)
    text = "x"
    statement = (
        "insert into traineeships_monthlyclose (subject_id, zone_id, traineeship_id, month, hours, days, shown, "
        "sha256, leave_codes, leave_reason, closed_at, closed_by_id, reopening_reason) "
        "values (%s, %s, %s, '2020-01-01', 0, 0, %s, %s, '{}', '', now(), %s, '')"
    )
    values = [row.subject_id, row.zone_id, row.pk, text, hashlib.sha256(text.encode()).hexdigest()]

    def done(acting, sql, sent):
        with as_application(acting) as cursor:
            try:
                with transaction.atomic():
                    cursor.execute(sql, sent)
                    touched = cursor.rowcount
                    transaction.set_rollback(True)
            except DatabaseError:
                return False
        return touched > 0

    for acting, may in ((tutor, True), (anna, True), (sara, False), (bruno, False)):
        assert done(acting, statement, [*values, acting.user.pk]) is may, acting
    closing.close(traineeship=row, month=month, by=tutor, now=timezone.now(), leave="prova")
    update = (
        "update traineeships_monthlyclose set reopened_at = now(), reopened_by_id = %s, reopening_reason = 'x' "
        "where traineeship_id = %s"
    )
    for acting, may in ((anna, True), (tutor, False), (sara, False), (bruno, False)):
        assert done(acting, update, [acting.user.pk, row.pk]) is may, acting
    assert not done(anna, "update traineeships_monthlyclose set hours = 1 where traineeship_id = %s", [row.pk])


# --- on paper --------------------------------------------------------------------------------------------------------


def test_the_printed_register_says_what_the_screen_says(enter, filled, tutor, month):
    (row,) = filled(1)
    sign_all(row, month, by=tutor)
    closing.close(traineeship=row, month=month, by=tutor, now=timezone.now())
    today = timezone.localdate()
    here = register.read_month(row, month, acting=tutor, today=today)
    data = register_data(row, month, here, today=today)
    client = enter(tutor)
    page = client.get(reverse("month_register", args=[row.pk, f"{month:%Y-%m}"])).content.decode()
    assert len(data["days"]) == len(days_of(here, today=today)) == page.count('<th scope="row">')
    for cells in data["days"]:
        for cell in cells:
            assert f">{cell}" in page, cell
    assert len(data["evidence"]) == 3
    for one in here.signatures:
        assert any(one.sha256 in said for said in data["evidence"])
        assert one.sha256 in page
    assert {block.get("how", "") for block in data["signatures"]} == {"Firmato: le prove seguono."}
    answer = client.get(reverse("register_document", args=[row.pk, f"{month:%Y-%m}"]))
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    assert "Prova" not in answer["Content-Disposition"]


def test_a_register_without_signatures_is_printed_to_be_signed_by_hand(filled, tutor, month):
    (row,) = filled(1)
    today = timezone.localdate()
    here = register.read_month(row, month, acting=tutor, today=today)
    blocks = register_data(row, month, here, today=today)["signatures"]
    assert [block.get("how", "") for block in blocks] == ["", ""]
    assert blocks[1]["name"] == "Sara Esempio"
