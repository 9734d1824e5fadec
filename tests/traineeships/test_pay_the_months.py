"""From the closed register to the money: determination in bulk, lists, outcomes, differences; and what can never be."""

import datetime as dt
from decimal import Decimal

import hypothesis
import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import strategies as st

from accanto.exchange import treasurer
from accanto.norms.findings import Refused
from accanto.traineeships import allowance, attendance, determination, expenditure_statement, owed, payment
from accanto.traineeships.allowance import MonthAllowance
from accanto.traineeships.monthly_close import reopen
from accanto.traineeships.payee import Payee, set_payee
from accanto.traineeships.payment import Outcome, PaymentLine, PaymentList
from tests import factories


@pytest.fixture
def month(today):
    """The first day of the month before this one, which is over."""
    return (today.replace(day=1) - dt.timedelta(days=1)).replace(day=1)


@pytest.fixture
def rows(trainees, month, anna, mugello):
    """Three trainees of an operation, each with ten hours of that month at 3 euros."""
    operation = factories.operation(mugello)
    made = trainees(3)
    for row in made:
        row.starts, row.operation = month, operation
        row.save()
        write_hours(row, month, 10, by=anna)
    return made


def write_hours(row, month, hours, *, by, correction=""):
    attendance.record(
        traineeship=row, day=month + dt.timedelta(days=2), hours=Decimal(hours), by=by, now=timezone.now(),
        correction=correction,
    )  # fmt: skip


def determine(rows, month, by):
    return determination.determine_complete(traineeships=rows, month=month, by=by, now=timezone.now())


def draw(zone, month, by, payer="operation"):
    return owed.draw(zone_id=zone.pk, month=month, payer=payer, by=by, now=timezone.now())


def test_the_day_asks_for_the_close_and_then_for_the_determination_on_it(enter, anna, rows, month):
    """A determination before the close is an estimate, which nobody pays: it does away with nothing. The three of them
    are one line, which leads to the close of them all."""
    row = rows[0]
    url = f"/traineeships/{row.pk}/"

    def day():
        page = enter(anna).get(reverse("my_day")).content.decode()
        if f'{reverse("close_registers")}?month={month:%Y-%m}"' in page:
            return ["all three"]
        return [word for word in ("register", "allowance") if f'{url}{word}/{month:%Y-%m}/"' in page]

    assert day() == ["all three"]
    allowance.determine(traineeship=row, month=month, by=anna, now=timezone.now())
    assert day() == ["all three"]
    factories.close_of(row, month, by=anna)
    assert day() == ["allowance"]
    allowance.determine(traineeship=row, month=month, by=anna, now=timezone.now())
    assert day() == []


def paid_out(drawn, by):
    """Approve and send a list."""
    now, today = timezone.now(), timezone.localdate()
    payment.approve(
        drawn=drawn, act="Determina 12/2026", act_on=today, debtor_name="SdS di prova", debtor_iban=factories.IBAN,
        by=by, now=now,
    )  # fmt: skip
    payment.send(drawn=drawn, execution_on=today, by=by, now=now)
    return drawn


def tell(drawn, by, *, paid=True, codes=None):
    codes = codes or sorted({line.code for line in drawn.lines.all()})
    outcomes = [Outcome(code, paid, timezone.localdate(), "" if paid else "conto chiuso") for code in codes]
    return payment.record_outcomes(drawn=drawn, outcomes=outcomes, by=by, now=timezone.now())


@pytest.fixture
def closed(rows, month, anna):
    for row in rows:
        factories.close_of(row, month, by=anna)
        factories.payee(row, by=anna)
    return rows


def test_only_closed_registers_are_determined_and_the_others_are_named_with_all_they_lack(rows, month, anna, mugello):
    factories.close_of(rows[0], month, by=anna)
    rows[2].operation = None
    rows[2].save()
    made, left = determine(rows, month, anna)
    assert [(row.traineeship_id, row.amount) for row in made] == [(rows[0].pk, Decimal("30.00"))]
    codes = {one.traineeship.pk: [finding.code for finding in one.blocks] for one in left}
    assert codes[rows[1].pk] == ["ACC-CLOSED"]
    assert {"ACC-CLOSED", "ACC-AMOUNT"} <= set(codes[rows[2].pk])
    assert determine(rows, month, anna)[0] == [], "the same close is determined once"


def test_a_bulk_determination_asks_the_same_queries_for_few_and_for_many(closed, trainees, month, anna, same_queries):
    def more():
        for row in trainees(20, first=10):
            row.starts, row.operation = month, closed[0].operation
            row.save()
            factories.close_of(row, month, by=anna)

    def page():
        with transaction.atomic():
            rows = list(type(closed[0]).objects.select_related("operation").order_by("id"))
            determine(rows, month, anna)
            transaction.set_rollback(True)

    same_queries(page, more=more)


def test_a_list_holds_each_month_once_with_its_totals_by_line_cup_and_act(closed, month, anna, mugello):
    determine(closed, month, anna)
    drawn = draw(mugello, month, anna)
    assert (drawn.people, drawn.total) == (3, Decimal("90.00"))
    paid_out(drawn, anna)
    lines = list(drawn.lines.select_related("operation__fund_line", "payee"))
    (total,) = payment.totals(lines, act=drawn.act)
    assert (total.cup, total.amount, total.act) == (closed[0].operation.cup, drawn.total, "Determina 12/2026")
    with pytest.raises(owed.NothingToPay):
        draw(mugello, month, anna)
    assert tell(drawn, anna) == 3
    assert drawn.state == PaymentList.State.SETTLED


def test_a_returned_payment_is_payable_again_and_a_discarded_draft_too(closed, month, anna, mugello):
    determine(closed, month, anna)
    first = draw(mugello, month, anna)
    payment.discard(drawn=first, by=anna, now=timezone.now())
    drawn = paid_out(draw(mugello, month, anna), anna)
    code = drawn.lines.order_by("id")[0].code
    tell(drawn, anna, paid=False, codes=[code])
    again = draw(mugello, month, anna)
    assert [(line.amount, line.before) for line in again.lines.all()] == [(Decimal(30), Decimal(0))]
    assert again.lines.get().code != code


def test_a_month_determined_again_after_approval_makes_a_line_of_difference(closed, month, anna, mugello):
    determine(closed, month, anna)
    drawn = paid_out(draw(mugello, month, anna), anna)
    row = closed[0]
    reopen(close=row.closes.get(), reason="ore sbagliate", by=anna, now=timezone.now())
    with pytest.raises(owed.NothingToPay):
        draw(mugello, month, anna)
    write_hours(row, month, 12, by=anna, correction="checked")
    factories.close_of(row, month, by=anna)
    made, _left = determine(closed, month, anna)
    assert [one.amount for one in made] == [36]
    drawn.refresh_from_db()
    assert drawn.total == 90
    difference = draw(mugello, month, anna).lines.get()
    assert (difference.amount, difference.before, difference.is_difference) == (6, 30, True)


def test_what_was_paid_too_much_comes_off_the_next_month_that_covers_it(closed, month, anna, mugello):
    determine(closed, month, anna)
    paid_out(draw(mugello, month, anna), anna)
    row = closed[0]
    reopen(close=row.closes.get(), reason="ore sbagliate", by=anna, now=timezone.now())
    write_hours(row, month, 8, by=anna, correction="checked")
    factories.close_of(row, month, by=anna)
    determine(closed, month, anna)
    rows = owed.owed(by=anna, upto=month)
    paid, left = owed.sort_out(rows)
    assert not paid
    assert [(one.amount, findings[0].code) for one, findings in left] == [(-6, "ACC-ONCE")]
    later = MonthAllowance.objects.create(
        traineeship=row, subject_id=row.subject_id, zone_id=row.zone_id, month=month.replace(year=month.year - 1),
        hours=10, amount=30, computed_at=timezone.now(), computed_by=anna.user,
        close=factories.close_of(row, month.replace(year=month.year - 1), by=anna),
    )  # fmt: skip
    drawn = draw(mugello, month, anna)
    assert (drawn.total, drawn.people) == (24, 1)
    assert {line.month: line.amount for line in drawn.lines.all()} == {later.month: 30, month: -6}
    assert len({line.code for line in drawn.lines.all()}) == 1


def test_who_has_no_coordinates_stays_out_and_is_named(closed, month, anna, mugello):
    determine(closed, month, anna)
    PaymentLine.objects.all().delete()
    Payee.objects.filter(subject_id=closed[0].subject_id).delete()
    _paid, left = owed.sort_out(owed.owed(by=anna, upto=month))
    assert [(one.traineeship.pk, findings[0].code) for one, findings in left] == [(closed[0].pk, "ACC-PAYEE")]
    assert draw(mugello, month, anna).people == 2


@pytest.mark.parametrize(
    ("iban", "said"),
    [
        ("IT60X0542811101000000123457", "cifre di controllo"),
        ("IT60X054281110100000012345", "lunghezza"),
        ("XX60X0542811101000000123456", "Paese"),
        ("IT60X05428A1101000000123456", "lettere o cifre"),
        ("", "Manca"),
    ],
)
def test_an_iban_that_cannot_be_is_refused_in_words(rows, anna, iban, said):
    with pytest.raises(Refused) as refused:
        set_payee(person=rows[0].person, means="iban", iban=iban, by=anna, now=timezone.now())
    (finding,) = refused.value.findings
    assert finding.code == "ACC-IBAN"
    assert said in finding.sentence.it
    assert not Payee.objects.exists()


def test_an_iban_is_kept_as_it_is_and_a_change_supersedes(rows, anna):
    first = factories.payee(rows[0], by=anna, iban=" it60 x054 2811 1010 0000 0123 456 ")
    assert (first.iban, first.shown) == (factories.IBAN, "IT60 X054 2811 1010 0000 0123 456")
    assert factories.payee(rows[0], by=anna) == first
    set_payee(person=rows[0].person, means="cash_desk", by=anna, now=timezone.now())
    assert Payee.objects.count() == 2
    assert Payee.objects.standing().get().means == "cash_desk"


def test_the_order_to_the_bank_is_valid_and_adds_up(closed, month, anna, mugello):
    set_payee(person=closed[0].person, means="cash_desk", by=anna, now=timezone.now())
    determine(closed, month, anna)
    drawn = paid_out(draw(mugello, month, anna), anna)
    lines = list(drawn.lines.with_chain())
    order = treasurer.as_sepa_order(drawn, lines, at=timezone.now()).decode()
    assert "pain.001.001.09" in order
    assert order.count("<CdtTrfTxInf>") == 2
    assert order.count("<CtrlSum>60.00</CtrlSum>") == 2
    assert f"ACCANTO-{mugello.pk}-{drawn.pk}" in order
    table = treasurer.as_table(drawn, lines)
    assert table.count("30,00") == 3
    assert "contanti" in table


def test_what_is_published_holds_codes_and_no_name(closed, month, anna, mugello, today):
    determine(closed, month, anna)
    drawn = paid_out(draw(mugello, month, anna), anna)
    lines = list(drawn.lines.with_chain())
    yearly = {closed[0].subject_id: Decimal("1000.01"), closed[1].subject_id: Decimal(1000)}
    text = treasurer.as_published(drawn, lines, yearly=yearly, on=today)
    assert text.count("\r\n") == 2, "the header, and only who is above the sum of the sheet"
    assert lines[0].code in text
    assert "Prova" not in text


def test_the_treasurers_answer_is_read_whole_or_not_at_all(closed, month, anna, mugello, today):
    determine(closed, month, anna)
    drawn = paid_out(draw(mugello, month, anna), anna)
    codes = [line.code for line in drawn.lines.all()]
    head = "codice;esito;data;motivo\n"
    bad = treasurer.read_outcomes(
        f"{head}{codes[0]};pagato;{today:%d/%m/%Y};\nNESSUNO;pagato;1/1/2026;\n{codes[1]};boh;1/1/2026;\n"
        f"{codes[2]};tornato;31/31/2026;\n".encode(),
        codes=set(codes), today=today,
    )  # fmt: skip
    assert bad.outcomes == ()
    assert [sentence[:6] for sentence in bad.mistakes] == ["Riga 3", "Riga 4", "Riga 5"]
    good = treasurer.read_outcomes(
        f"{head}{codes[0]};pagato;{today:%d/%m/%Y};\n{codes[1]};tornato;{today:%Y-%m-%d};conto chiuso\n".encode(),
        codes=set(codes), today=today,
    )  # fmt: skip
    assert payment.record_outcomes(drawn=drawn, outcomes=good.outcomes, by=anna, now=timezone.now()) == 2
    assert payment.record_outcomes(drawn=drawn, outcomes=good.outcomes, by=anna, now=timezone.now()) == 0
    assert drawn.state == PaymentList.State.SENT


def test_what_was_paid_for_an_operation_is_reported_once(closed, month, anna, mugello, today):
    determine(closed, month, anna)
    drawn = paid_out(draw(mugello, month, anna), anna)
    tell(drawn, anna)
    operation = closed[0].operation
    told = {"operation": operation, "reference": "DDR 1", "presented_on": today, "by": anna, "now": timezone.now()}
    assert expenditure_statement.report(**told).amount == 90
    with pytest.raises(expenditure_statement.NothingToReport):
        expenditure_statement.report(**told)


def refuses(constraint, act):
    @transaction.atomic
    def to_the_end():
        act()
        with connection.cursor() as cursor:
            cursor.execute("set constraints all immediate")

    with pytest.raises(DatabaseError) as error:
        to_the_end()
    assert constraint in str(error.value) or constraint in str(error.value.__cause__.diag.constraint_name)


# what PostgreSQL holds by refuse_to_pay_twice, refuse_lists_that_do_not_add_up, refuse_lists_that_go_back,
# refuse_outcomes_that_go_back and refuse_months_not_listed
def test_postgresql_refuses_a_month_paid_twice_a_wrong_total_and_a_list_that_goes_back(closed, month, anna, mugello):
    determine(closed, month, anna)
    drawn = draw(mugello, month, anna)
    line = drawn.lines.order_by("id")[0]

    def twice():
        other = PaymentList.objects.get(pk=drawn.pk)
        other.pk, other.payer = None, "promoter"
        other.save()
        line.pk, line.list = None, other
        line.save()

    refuses("traineeships_month_is_paid_once", twice)
    refuses("traineeships_list_adds_up", lambda: PaymentList.objects.filter(pk=drawn.pk).update(total=1, state="draft"))
    paid_out(drawn, anna)
    refuses("traineeships_list_goes_forward", lambda: PaymentList.objects.filter(pk=drawn.pk).update(act="altro"))
    tell(drawn, anna, paid=False)
    refuses("traineeships_line_", lambda: drawn.lines.update(outcome="paid", is_live=True))
    hide = MonthAllowance.objects.filter(pk=line.allowance_id)  # a month that came back is owed again
    refuses("traineeships_allowance_is_listed", lambda: hide.update(is_listed=True))


# what PostgreSQL holds by refuse_lines_that_leave_a_month_listed
def test_a_line_that_is_no_more_leaves_no_month_that_says_it_is_listed(closed, month, anna, mugello):
    determine(closed, month, anna)
    drawn = paid_out(draw(mugello, month, anna), anna)
    gone = {"outcome": "returned", "outcome_on": month, "return_reason": "conto chiuso", "is_live": False}

    def only_the_line():
        PaymentLine.objects.filter(list=drawn).update(**gone)
        with connection.cursor() as cursor:
            cursor.execute("set constraints all immediate")

    refuses("traineeships_allowance_is_listed", only_the_line)


AMOUNTS = st.integers(0, 50000).map(lambda cents: Decimal(cents) / 100)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("determine"), st.integers(0, 2), AMOUNTS),
        st.tuples(st.sampled_from(["draw", "discard", "pay", "return"]), st.integers(0, 2), AMOUNTS),
    ),
    min_size=3,
    max_size=14,
)


@hypothesis.settings(max_examples=25, suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture])
@hypothesis.given(steps=STEPS)
def test_whatever_happens_the_live_lines_never_go_beyond_what_was_determined(closed, month, anna, mugello, steps):
    """Determinations, drafts, payments and returns in any order: a month's live lines are what some determination of it
    came to, a list is the sum of its lines, and drawing after any of it settles what is owed."""
    with transaction.atomic():
        for what, n, amount in steps:
            row = closed[n]
            draft = PaymentList.objects.filter(state="draft").first()
            if what == "determine":
                standing = MonthAllowance.objects.standing().filter(traineeship=row)
                standing.update(superseded_at=timezone.now())
                MonthAllowance.objects.create(
                    traineeship=row, subject_id=row.subject_id, zone_id=row.zone_id, month=month, hours=1,
                    amount=amount, computed_at=timezone.now(), computed_by=anna.user, close=row.closes.get(),
                )  # fmt: skip
            elif what == "draw" and draft is None:
                try:
                    draw(mugello, month, anna)
                except owed.NothingToPay:
                    assert not owed.sort_out(owed.owed(by=anna, upto=month))[0]
            elif what == "discard" and draft:
                payment.discard(drawn=draft, by=anna, now=timezone.now())
            elif what in ("pay", "return"):
                sent = paid_out(draft, anna) if draft else PaymentList.objects.filter(state="sent").first()
                if sent:
                    codes = sorted({line.code for line in sent.lines.all()})
                    tell(sent, anna, paid=what == "pay", codes=codes[: n + 1])
            check_invariants(closed, month)
        transaction.set_rollback(True)


def check_invariants(rows, month):
    for made in PaymentList.objects.all():
        assert made.total == sum(line.amount for line in made.lines.all()) > 0
        for one in payment.payments_of(made.lines.order_by("id")):
            assert one.amount > 0
    for row in rows:
        live = sum(line.amount for line in PaymentLine.objects.live().filter(traineeship=row))
        amounts = {one.amount for one in MonthAllowance.objects.filter(traineeship=row)}
        # a whole came back after its difference was paid: only the difference is held
        assert live >= 0 or PaymentLine.objects.filter(traineeship=row, outcome="returned").exists()
        assert live <= max(amounts, default=0)
        listed = MonthAllowance.objects.standing().filter(traineeship=row, is_listed=True)
        assert all(one.amount == live for one in listed)  # the others are added up when a list is drawn
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        cursor.execute("set constraints all deferred")
