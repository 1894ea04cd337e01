"""A refund that the provider rejects is work, and may be settled by bank transfer, recorded by two persons (X6, K4)."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Account, Notice
from portal.models import AuditRecord
from subscriptions.actions.again import repeat_refund
from subscriptions.actions.cancel import cancel
from subscriptions.actions.dispute import learn_disputes
from subscriptions.actions.refund import repeat_rejected, send_refund, settle_refund
from subscriptions.actions.run import charging_run
from subscriptions.actions.transfer import confirm_transfer, drop_transfer, propose_transfer
from subscriptions.actions.work import assign_work_item, close_work_item
from subscriptions.gateway.port import Refunded, RefundRejected
from subscriptions.invoicing.printing import contents_of
from subscriptions.ledger.provider import compare_with_provider
from subscriptions.models import BankTransfer, Document, Refund, WorkItem
from tests import make
from tests.clean_ledger import _the_ledger_adds_up  # noqa: F401  (after each test here)
from tests.refusing import refusal_code


@pytest.fixture
def later(now):
    return now + make.days(100)


@pytest.fixture
def rejected(car, card, digital_key, gateway, clock, later) -> Refund:
    """40.00 of 60.00, which the card's bank does not take."""
    yearly = make.subscription(car, package=digital_key, gateway=gateway)
    gateway.set_refund_behaviour(card_ref=card.card_ref, behaviour="rejected")
    clock.now = later
    cancel(subscription=yearly, confirmed=None, now=later, by=car.account)
    send_refund(refund_id=Refund.objects.get().pk, now=later, gateway=gateway)
    return Refund.objects.get()


def staff(market, name: str) -> Account:
    account = make.account(f"{name}@example.com", market=market)
    account.is_staff = account.is_superuser = True
    account.save(update_fields=["is_staff", "is_superuser"])
    return account


@pytest.fixture
def first(market) -> Account:
    return staff(market, "first")


@pytest.fixture
def second(market) -> Account:
    return staff(market, "second")


@pytest.fixture
def proposed(rejected, first, later) -> BankTransfer:
    return propose_transfer(refund=rejected, reference="SEPA 4711", reason="card closed", now=later, by=first)


def confirmed(proposed, second, *, now) -> Refund:
    return confirm_transfer(transfer=proposed, reason="on the statement", now=now, by=second)


# The work list


def test_K4_a_rejected_refund_is_on_the_work_list_once_with_a_link_to_it(rejected, gateway, market, later):
    charging_run(market=market, now=later + make.days(1), gateway=gateway)
    item = WorkItem.objects.get()
    assert (item.kind, item.refund, item.opened_at, item.owner) == ("refund_rejected", rejected, later, None)
    assert item.days_open(later + make.days(3)) == 3


def test_X6_it_closes_by_itself_when_a_later_try_succeeds(rejected, gateway, card, market, later):
    gateway.set_refund_behaviour(card_ref=card.card_ref, behaviour="ok")
    charging_run(market=market, now=later + make.days(1), gateway=gateway)
    item = WorkItem.objects.get()
    assert item.closed_at == later + make.days(1)
    record = AuditRecord.objects.get(what="work item closed")
    assert (record.by, record.subject_id) == (None, item.pk)


def test_X6_nobody_closes_it_while_the_refund_is_not_paid(rejected, first, later):
    item = WorkItem.objects.get()
    assert refusal_code(close_work_item, item=item, reason="seen", now=later, by=first) == "closes_by_itself"


def test_K4_it_is_given_to_somebody_and_back(rejected, first, second, later):
    item = assign_work_item(item=WorkItem.objects.get(), owner=second, reason="", now=later, by=first)
    assert item.owner == second
    assert assign_work_item(item=item, owner=None, reason="holiday", now=later, by=second).owner is None
    assert AuditRecord.objects.filter(what="work item assigned").count() == 2


def test_a_closed_item_is_given_to_nobody(rejected, first, second, proposed, later):
    confirmed(proposed, second, now=later)
    arguments = {"item": WorkItem.objects.get(), "owner": first, "reason": "", "now": later, "by": first}
    assert refusal_code(assign_work_item, **arguments) == "already_closed"


def test_a_refund_that_fails_after_it_was_credited_is_work(rejected, gateway, card, market, later):
    gateway.set_refund_behaviour(card_ref=card.card_ref, behaviour="ok")
    charging_run(market=market, now=later, gateway=gateway)
    rejected.refresh_from_db()
    failed = RefundRejected(reason="expired_or_canceled_card")
    settle_refund(refund_id=rejected.pk, key=rejected.key, outcome=failed, now=later)
    assert "expired_or_canceled_card" in WorkItem.objects.get(kind="refund_failed_later").text


# Two persons


def test_X6_two_persons_settle_it_and_the_customer_is_told(rejected, first, second, proposed, later):
    after = later + make.days(2)
    paid = confirmed(proposed, second, now=after)
    assert (paid.status, paid.channel, paid.refund_ref) == ("succeeded", "transfer", "SEPA 4711")
    note = Document.objects.get(kind="credit_note")
    assert (note.gross, note.refund, str(paid.expected_on)) == (Decimal("40.00"), paid, "2026-09-27")
    assert Notice.objects.get(kind="credit_note_issued").facts["transfer"] == "SEPA 4711"
    said = AuditRecord.objects.filter(what__startswith="bank transfer").order_by("pk")
    assert [(record.by, record.data["reason"]) for record in said] == [
        (first, "card closed"),
        (second, "on the statement"),
    ]
    assert AuditRecord.objects.get(what="refunded").by == second
    assert not WorkItem.objects.filter(closed_at=None).exists()


def test_X6_the_credit_note_names_the_transfer_instead_of_the_card(proposed, second, later, card):
    confirmed(proposed, second, now=later)
    contents = contents_of(Document.objects.get(kind="credit_note"))
    assert contents.card is None
    assert "SEPA 4711" in contents.notes[0]
    assert card.last4 in contents.notes[0]


def test_X6_nobody_confirms_their_own(proposed, first, later):
    assert refusal_code(confirm_transfer, transfer=proposed, reason="me", now=later, by=first) == "same_person"
    with pytest.raises(IntegrityError, match="transfer_two_persons"), transaction.atomic():
        BankTransfer.objects.update(confirmed_by=first, confirmed_at=later)


def test_X6_it_is_settled_once(proposed, first, second, later):
    confirmed(proposed, second, now=later)
    again = {"transfer": proposed, "reason": "again", "now": later, "by": second}
    assert refusal_code(confirm_transfer, **again) == "not_proposed"
    other = {"refund": proposed.refund, "reference": "other", "reason": "", "now": later, "by": first}
    assert refusal_code(propose_transfer, **other) == "not_rejected"
    assert Document.objects.filter(kind="credit_note").count() == 1


def test_the_database_refuses_a_second_transfer(proposed, first, later):
    refused = {"refund": proposed.refund, "reference": "other", "proposed_by": first, "proposed_at": later}
    with pytest.raises(IntegrityError, match="transfer_one_stands_per_refund"), transaction.atomic():
        BankTransfer.objects.create(**refused)
    with pytest.raises(IntegrityError, match="refund_by_transfer_is_paid"), transaction.atomic():
        Refund.objects.update(channel="transfer")


def test_X6_while_a_transfer_is_recorded_the_card_is_not_tried(rejected, proposed, first, gateway, card, later):
    gateway.set_refund_behaviour(card_ref=card.card_ref, behaviour="ok")
    repeat_rejected(refund_id=rejected.pk, now=later, gateway=gateway)
    send_refund(refund_id=rejected.pk, now=later, gateway=gateway)
    again = {"refund": rejected, "times": 0, "reason": "", "now": later, "by": first}
    assert refusal_code(repeat_refund, **again) == "transfer_proposed"
    twice = {"refund": rejected, "reference": "other", "reason": "", "now": later, "by": first}
    assert refusal_code(propose_transfer, **twice) == "transfer_proposed"
    assert gateway.charges()[0].refunded == Decimal("0.00")


def test_a_dropped_transfer_lets_the_card_be_tried_again(rejected, proposed, second, gateway, card, market, later):
    drop_transfer(transfer=proposed, reason="never left the bank", now=later, by=second)
    gateway.set_refund_behaviour(card_ref=card.card_ref, behaviour="ok")
    charging_run(market=market, now=later, gateway=gateway)
    assert (Refund.objects.get().status, Refund.objects.get().channel) == ("succeeded", "card")
    late = {"transfer": proposed, "reason": "", "now": later, "by": second}
    assert refusal_code(confirm_transfer, **late) == "not_proposed"


def test_a_refund_that_arrives_meanwhile_bars_the_confirmation_and_is_work(rejected, proposed, second, later):
    came = Refunded(refund_ref="re_1", amount=rejected.amount)
    settle_refund(refund_id=rejected.pk, key=rejected.key, outcome=came, now=later)
    arguments = {"transfer": proposed, "reason": "", "now": later, "by": second}
    assert refusal_code(confirm_transfer, **arguments) == "not_proposed"
    assert "SEPA 4711" in WorkItem.objects.get(closed_at=None).text
    assert WorkItem.objects.get(closed_at=None).kind == "transfer_overtaken"


def test_the_providers_list_knows_nothing_of_a_transfer_and_that_is_right(proposed, second, gateway, now, later):
    confirmed(proposed, second, now=later)
    after = later + make.days(1)
    for since in (now - make.days(1), later - make.days(1)):
        assert list(compare_with_provider(gateway=gateway, since=since, now=after)) == []


# P10


@pytest.fixture
def disputed(rejected, proposed, gateway, later) -> str:
    ref = gateway.open_dispute(charge_ref=rejected.payment.charge_ref)
    learn_disputes(now=later, gateway=gateway)
    return ref


def test_P10_a_dispute_freezes_the_transfer_too(disputed, proposed, first, second, later):
    arguments = {"transfer": proposed, "reason": "", "now": later, "by": second}
    assert refusal_code(confirm_transfer, **arguments) == "payment_disputed"
    drop_transfer(transfer=proposed, reason="disputed", now=later, by=first)
    other = {"refund": proposed.refund, "reference": "other", "reason": "", "now": later, "by": first}
    assert refusal_code(propose_transfer, **other) == "payment_disputed"


def test_P10_won_the_transfer_can_be_confirmed(disputed, proposed, second, gateway, later):
    gateway.win_dispute(dispute_ref=disputed)
    learn_disputes(now=later, gateway=gateway)
    assert confirmed(proposed, second, now=later).status == "succeeded"


def test_P10_lost_the_refund_is_replaced_and_off_the_list(disputed, rejected, proposed, gateway, later):
    gateway.lose_dispute(dispute_ref=disputed)
    learn_disputes(now=later, gateway=gateway)
    rejected.refresh_from_db()
    assert rejected.status == "replaced"
    assert [item.kind for item in WorkItem.objects.filter(closed_at=None)] == ["transfer_overtaken"]
