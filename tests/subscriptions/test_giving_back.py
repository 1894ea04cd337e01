"""Refunds by staff: a wrong charge in whole or part, a free month that was missed; two persons above a sum (K3)."""

from decimal import Decimal
from functools import partial

import pytest

from accounts.models import Account, Notice
from portal.models import AuditRecord
from subscriptions.actions.cancel import cancel, cancellation_quote, may_undo
from subscriptions.actions.dispute import learn_disputes
from subscriptions.actions.giving_back import confirm_giving_back, drop_expired, drop_giving_back, give_back
from subscriptions.actions.withdraw import withdraw, withdrawal_quote
from subscriptions.models import Document, GivingBack, Payment, Subscription, TrialUse, WorkItem
from subscriptions.rules.giving_back import Kind
from tests import make
from tests.clean_ledger import _the_ledger_adds_up  # noqa: F401  (after each test here)
from tests.refusing import refusal_code

D = Decimal


def staff(market, name: str) -> Account:
    return make.account(f"{name}@staff.example.com", market=market, is_staff=True, is_superuser=True)


@pytest.fixture
def first(market) -> Account:
    return staff(market, "first")


@pytest.fixture
def second(market) -> Account:
    return staff(market, "second")


@pytest.fixture
def yearly(car, card, digital_key, gateway) -> Subscription:
    """60.00 paid today; one person may give 50.00 of it back."""
    return make.subscription(car, package=digital_key, gateway=gateway)


@pytest.fixture
def payment(yearly) -> Payment:
    return yearly.payments.get()


def given(payment, amount: str, *, by, now, kind=Kind.WRONG_CHARGE) -> GivingBack:
    words = {"told": "We charged too much.", "reason": "call of today"}
    return give_back(payment=payment, kind=kind, amount=D(amount), now=now, by=by, **words)


def refused(payment, amount: str, *, by, now, kind=Kind.WRONG_CHARGE) -> str:
    return refusal_code(partial(given, payment, amount), by=by, now=now, kind=kind)


def test_K3_a_part_goes_back_with_a_credit_note_and_the_reason(payment, first, now, deliver):
    given(payment, "20.00", by=first, now=now)
    deliver()
    note = Document.objects.get(kind="credit_note")
    assert (note.gross, note.corrects.payment, note.refund.basis) == (D("20.00"), payment, "wrong_charge")
    assert "Our customer centre gives back what was charged wrongly." in note.payment_facts["calculation"]
    told = Notice.objects.get(kind="refund_by_staff")
    assert (told.facts["amount"], told.facts["told"]) == ("20.00", "We charged too much.")
    record = AuditRecord.objects.get(what="refund by staff")
    assert (record.by, record.data["reason"]) == (first, "call of today")


def test_K3_never_more_than_is_left_whoever_gave_it_back(payment, first, now):
    given(payment, "50.00", by=first, now=now)
    assert refused(payment, "10.01", by=first, now=now) == "more_than_paid"


def test_K3_nobody_refunds_themselves(payment, owner, now):
    assert refused(payment, "1.00", by=owner, now=now) == "own_account"


def test_P10_a_disputed_payment_is_frozen(payment, first, now, gateway):
    gateway.open_dispute(charge_ref=payment.charge_ref)
    learn_disputes(now=now, gateway=gateway)
    assert refused(payment, "1.00", by=first, now=now) == "payment_disputed"


def test_X4_what_is_given_back_leaves_less_for_cancelling(yearly, payment, first, owner, now, deliver):
    given(payment, "20.00", by=first, now=now)
    yearly.refresh_from_db()
    quote = cancellation_quote(yearly, now=now)
    assert (quote.refund, quote.months_left) == (D("40.00"), 12)
    cancel(subscription=yearly, confirmed=quote, now=now, by=owner)
    deliver()
    payment.refresh_from_db()
    assert payment.refundable == 0


def test_X5_withdrawing_deducts_it(yearly, payment, first, owner, now, deliver):
    given(payment, "20.00", by=first, now=now)
    withdraw(subscription=yearly, confirmed=withdrawal_quote(yearly, now=now), now=now, by=owner)
    deliver()
    assert sorted(Document.objects.filter(kind="credit_note").values_list("gross", flat=True)) == [
        D("20.00"),
        D("40.00"),
    ]


def test_X8_a_cancellation_can_still_be_taken_back(car, card, digital_key, gateway, first, owner, now):
    monthly = make.subscription(car, package=digital_key, term="monthly", gateway=gateway)
    given(monthly.payments.get(), "2.00", by=first, now=now)
    cancel(subscription=monthly, confirmed=None, now=now, by=owner)
    monthly.refresh_from_db()
    assert may_undo(monthly, now=now)


# Two persons


@pytest.fixture
def proposed(payment, first, now) -> GivingBack:
    return given(payment, "55.00", by=first, now=now)


def test_K3_above_the_limit_nothing_goes_back_until_another_confirms(proposed, payment, first, second, now, deliver):
    assert (proposed.refund, WorkItem.objects.get().kind) == (None, "refund_proposed")
    assert refusal_code(confirm_giving_back, given=proposed, reason="x", now=now, by=first) == "same_person"
    confirm_giving_back(given=proposed, reason="checked", now=now, by=second)
    deliver()
    assert Document.objects.get(kind="credit_note").gross == D("55.00")
    assert WorkItem.objects.get().closed_at == now
    assert refusal_code(confirm_giving_back, given=proposed, reason="x", now=now, by=second) == "not_proposed"


def test_K3_two_small_ones_need_two_persons_like_a_large_one(payment, first, now):
    assert not given(payment, "50.00", by=first, now=now).needs_two
    assert given(payment, "5.00", by=first, now=now).needs_two


def test_K3_one_waits_at_a_time_and_can_be_dropped(proposed, payment, second, now):
    assert refused(payment, "1.00", by=second, now=now) == "proposal_waits"
    drop_giving_back(given=proposed, reason="wrong customer", now=now, by=second)
    assert given(payment, "1.00", by=second, now=now).refund.amount == D("1.00")


def test_K3_a_proposal_expires_after_seven_days(proposed, payment, second, now):
    late = now + make.days(7)
    assert refusal_code(confirm_giving_back, given=proposed, reason="x", now=late, by=second) == "not_proposed"
    assert (drop_expired(now=late), drop_expired(now=late)) == (1, 0)
    assert WorkItem.objects.get().closed_at == late


def test_X6_what_the_customer_took_meanwhile_is_deducted(proposed, yearly, second, owner, now):
    cancel(subscription=yearly, confirmed=None, now=now, by=owner)
    assert refusal_code(confirm_giving_back, given=proposed, reason="x", now=now, by=second) == "more_than_paid"


# The free month that was missed


@pytest.fixture
def without_month(car, card, gateway, owner, navigation, now) -> Subscription:
    """Ordered before the package gave a free month, which it should have had."""
    navigation.gives_trial = False
    navigation.save(update_fields=["gives_trial"])
    made = make.subscription(car, package=navigation, gateway=gateway)
    navigation.gives_trial = True
    navigation.save(update_fields=["gives_trial"])
    return Subscription.objects.get(pk=made.pk)


def test_S3_a_missed_month_is_given_once_and_counts_as_used(without_month, first, now, deliver):
    payment = without_month.payments.get()
    month = (payment.amount / 12).quantize(D("0.01"))
    given(payment, str(month), by=first, now=now, kind=Kind.MISSED_MONTH)
    deliver()
    assert TrialUse.objects.get().subscription == without_month
    assert Notice.objects.get(kind="refund_by_staff").facts["is_free_month"] is True
    assert refused(payment, str(month), by=first, now=now, kind=Kind.MISSED_MONTH) == "month_not_missed"


def test_S3_none_was_missed_where_the_package_gives_none(payment, first, now):
    assert refused(payment, "5.00", by=first, now=now, kind=Kind.MISSED_MONTH) == "month_not_missed"
