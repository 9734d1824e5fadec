"""The pages of the payments: who reads which, from the month to the money and back to the days."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accanto.access.relation import open_relation
from accanto.access.role import Kind
from accanto.traineeships import attendance, owed, payment
from accanto.traineeships.allowance import AllowanceTerms
from accanto.traineeships.payment import PaymentLine, PaymentList
from tests import factories


@pytest.fixture
def month(today):
    return (today.replace(day=1) - dt.timedelta(days=1)).replace(day=1)


@pytest.fixture
def make(trainees, month, anna, mugello):
    """So many trainees of an operation with ten hours at 3 euros in a closed month, and an account each."""

    def made(count, first=0):
        operation = factories.operation(mugello)
        rows = trainees(count, first=first)
        for row in rows:
            row.starts, row.operation = month, operation
            row.save()
            attendance.record(traineeship=row, day=month, hours=Decimal(10), by=anna, now=timezone.now())
            factories.close_of(row, month, by=anna)
            factories.payee(row, by=anna)
        return rows

    return made


def text_of(answer):
    return answer.content.decode()


def test_from_the_closed_month_to_the_reported_euro_by_the_pages(make, month, anna, enter, today):
    rows = make(2)
    client, slug = enter(anna), f"{month:%Y-%m}"
    assert "Determina 2 mesi" in text_of(client.get(f"{reverse('determine_month')}?month={slug}"))
    assert client.post(f"{reverse('determine_month')}?month={slug}").status_code == 302
    page = text_of(client.get(f"{reverse('payments')}?month={slug}"))
    assert "60,00" in page
    assert "R-IND-07" in page, "what the sheet says of money not paid, and that no term was found"
    client.post(reverse("draw_list"), {"month": slug, "payer": "operation", "organisation": ""})
    drawn = PaymentList.objects.get()
    url = reverse("payment_list", args=[drawn.pk])
    assert client.get(reverse("payment_file", args=[drawn.pk, "sepa"])).status_code == 404, "a draft has no files"
    wrong = {"step": "approve", "act": "Determina 1/2026", "act_on": f"{today:%d/%m/%Y}", "debtor_name": "SdS"}
    answer = client.post(url, wrong | {"debtor_iban": "IT60X0542811101000000123457"})
    assert answer.status_code == 422
    assert "cifre di controllo" in text_of(answer)
    assert client.post(url, wrong | {"debtor_iban": factories.IBAN}).status_code == 302
    order = client.get(reverse("payment_file", args=[drawn.pk, "sepa"]))
    assert order["Content-Type"] == "application/xml"
    assert b"<CtrlSum>60.00</CtrlSum>" in order.content
    assert client.post(url, {"step": "send", "execution_on": f"{today:%d/%m/%Y}"}).status_code == 302
    table = client.get(reverse("payment_file", args=[drawn.pk, "treasurer"])).content.decode("utf-8-sig")
    bad = SimpleUploadedFile("esiti.csv", table.replace(";;;\r\n", ";boh;;\r\n").encode())
    answer = client.post(url, {"step": "outcomes", "table": bad})
    assert answer.status_code == 422
    assert text_of(answer).count("non si capisce") == 2
    good = SimpleUploadedFile("esiti.csv", table.replace(";;;\r\n", f";pagato;{today:%d/%m/%Y};\r\n").encode())
    assert client.post(url, {"step": "outcomes", "table": good}).status_code == 302
    drawn.refresh_from_db()
    assert drawn.state == "settled"
    operation = reverse("operation_payments", args=[rows[0].operation_id])
    report = {"reference": "DDR 1/2026", "presented_on": f"{today:%d/%m/%Y}"}
    assert client.post(operation, report).status_code == 302
    page = text_of(client.get(f"{operation}?month={slug}"))
    chain = reverse("payment_chain", args=[rows[0].pk, slug])
    assert chain in page, "from the euro of an operation back to the days"
    page = text_of(client.get(chain))
    for ring in ("Firmato il", "1 giornata", "Chiuso il", "R-FSE-12", "Determina 1/2026", "DDR 1/2026"):
        assert ring in page, ring
    assert rows[0].operation.cup in page


def test_the_region_reads_the_sums_of_an_operation_and_nobody_s_payment(
    make, month, anna, officer, planner, bruno, enter, as_application
):
    rows = make(2)
    enter(anna).post(f"{reverse('determine_month')}?month={month:%Y-%m}")
    url = reverse("operation", args=[rows[0].operation_id])
    for acting in (officer, planner):
        assert "60,00" in text_of(enter(acting).get(url))
        with as_application(acting, writing=False) as cursor:
            for table in ("paymentline", "paymentlist", "payee", "monthallowance"):
                cursor.execute(f"select count(*) from traineeships_{table}")
                assert cursor.fetchone() == (0,), table
    with as_application(bruno, writing=False) as cursor:
        cursor.execute("select * from operation_sums(%s)", [rows[0].operation_id])
        assert cursor.fetchone() is None


def test_the_tutor_reads_payments_where_its_body_pays_and_the_person_their_own(
    make, month, anna, tutor, carla, sara, enter, as_application
):
    row, other = make(2)
    for one, payer in ((row, "promoter"), (other, "body_in_charge")):
        one.promoter = tutor.role.organisation
        one.save()
        AllowanceTerms.objects.create(
            traineeship=one, subject_id=one.subject_id, zone_id=one.zone_id, payer=payer, monthly_amount=400
        )
    for acting, kind in ((carla, Kind.PERSON), (sara, Kind.HOST_TUTOR)):
        open_relation(subject=row.subject, kind=kind, user=acting.user, reason="prova", by=anna, now=timezone.now())
    enter(anna).post(f"{reverse('determine_month')}?month={month:%Y-%m}")
    for payer, body in (("promoter", tutor.role.organisation_id), ("body_in_charge", "")):
        enter(anna).post(reverse("draw_list"), {"month": f"{month:%Y-%m}", "payer": payer, "organisation": body})
    assert PaymentLine.objects.count() == 2
    for acting, seen in ((tutor, 1), (carla, 1), (sara, 0)):
        client = enter(acting)
        for one, opens in ((row, seen), (other, 0)):
            for name, about in (
                ("person_payments", [one.subject_id]),
                ("payment_chain", [one.pk, f"{month:%Y-%m}"]),
            ):
                assert client.get(reverse(name, args=about)).status_code == (200 if opens else 404), (acting, name)
        with as_application(acting, writing=False) as cursor:
            for table in ("paymentline", "payee"):  # which app_people_paid narrows
                cursor.execute(f"select count(*) from traineeships_{table}")
                assert cursor.fetchone() == (seen,), (acting, table)
    assert enter(tutor).post(reverse("person_payments", args=[row.subject_id]), {}).status_code == 404


def test_a_wrong_iban_is_told_beside_its_field(make, anna, enter):
    (row,) = make(1)
    url = reverse("person_payments", args=[row.subject_id])
    answer = enter(anna).post(url, {"means": "iban", "iban": "IT00X0542811101000000123456", "holder": ""})
    assert answer.status_code == 422
    assert "ACC-IBAN" in text_of(answer)
    assert enter(anna).post(url, {"means": "cash_desk", "holder": ""}).status_code == 302
    assert "contanti" in text_of(enter(anna).get(url))


def test_my_day_says_what_is_to_be_done_with_the_payments(make, month, anna, enter):
    make(1)
    enter(anna).post(f"{reverse('determine_month')}?month={month:%Y-%m}")
    assert "1 mese determinato da mettere in lista" in text_of(enter(anna).get(reverse("my_day")))
    owed.draw(zone_id=anna.zone_id, month=month, payer="operation", by=anna, now=timezone.now())
    assert "Lista da approvare" in text_of(enter(anna).get(reverse("my_day")))


@pytest.mark.parametrize("name", ["payments", "determine_month"])
def test_the_pages_ask_the_same_queries_for_few_and_for_many(name, make, month, anna, enter, same_queries):
    make(2)
    client = enter(anna)

    def determine():
        client.post(f"{reverse('determine_month')}?month={month:%Y-%m}")
        client.get(reverse("my_day"))  # shows the message, which is then gone

    def more():
        make(6, first=10)
        determine()

    determine()
    same_queries(lambda: client.get(reverse(name)), more=more)


def test_a_list_asks_the_same_queries_for_few_and_for_many(make, month, anna, enter, same_queries):
    make(2)
    client = enter(anna)
    client.post(f"{reverse('determine_month')}?month={month:%Y-%m}")
    client.get(reverse("my_day"))
    drawn = [owed.draw(zone_id=anna.zone_id, month=month, payer="operation", by=anna, now=timezone.now())]

    def more():
        payment.discard(drawn=drawn[0], by=anna, now=timezone.now())
        make(6, first=10)
        client.post(f"{reverse('determine_month')}?month={month:%Y-%m}")
        client.get(reverse("my_day"))
        drawn[0] = owed.draw(zone_id=anna.zone_id, month=month, payer="operation", by=anna, now=timezone.now())
        assert drawn[0].people == 8

    same_queries(lambda: client.get(reverse("payment_list", args=[drawn[0].pk])), more=more)
