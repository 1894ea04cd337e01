"""Withdrawing signed out: always the same page, executed at once, mailed to the address on file alone (X5, X9)."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Notice
from portal.models import AuditRecord, OutboxMessage
from subscriptions.actions.closing import close, closing_quote
from subscriptions.actions.statement import STATED, state_withdrawal, take_statement
from subscriptions.models import Refund, WithdrawalUse
from subscriptions.statement_limit import MOST_FOR_ONE_CONTRACT, MOST_FROM_ONE_ADDRESS
from tests import make
from tests.journeys.conftest import hidden, words

CARD_NUMBER = "4000 0000 0000 0002"


@pytest.fixture
def page() -> str:
    return reverse("withdrawal_statement")


@pytest.fixture
def contract(car, card, digital_key, gateway, deliver, files):
    """60.00 paid on 10 June 2026 for a year; what that was told about is delivered."""
    made = make.subscription(car, package=digital_key, gateway=gateway).contract
    deliver()
    mail.outbox.clear()
    return made


@pytest.fixture
def state(client, page, clock, deliver):
    """Somebody signed out sends the statement some days after ordering; the worker does its part."""

    def stated(contract_number: str, email: str = "owner@example.com", *, after: int = 3):
        clock.now = make.NOW + make.days(after)
        with time_machine.travel(clock.now, tick=False):
            typed = {"contract_number": contract_number, "email": email}
            response = client.post(page, typed | {"confirmed": "1"}, follow=True)
            deliver()
        return response

    return stated


def status_of(contract) -> str:
    contract.subscription.refresh_from_db()
    return contract.subscription.status


def test_X9_the_footer_leads_a_visitor_to_number_and_address_and_to_a_second_step(client, page, contract):
    first = client.get(reverse("withdrawal"), follow=True)
    assert "Withdraw from contract here" in words(client.get(reverse("home")))
    assert first.redirect_chain == [(page, 302)]
    typed = {"contract_number": contract.number, "email": "owner@example.com"}
    second = client.post(page, typed)
    assert ("Confirm withdrawal" in words(second), hidden(second)) == (True, typed)
    assert "reason" not in client.get(page).context["form"].fields
    assert status_of(contract) == "paid"


def test_what_was_typed_can_be_changed_before_it_is_confirmed(client, page, contract):
    typed = {"contract_number": contract.number, "email": "owner@example.com", "change": "1"}
    assert f'value="{contract.number}"' in client.post(page, typed).content.decode()
    assert not OutboxMessage.objects.filter(handler="withdrawal_statement").exists()


def test_X9_it_is_executed_at_once_and_the_receipt_goes_to_the_address_on_file(state, contract):
    said = words(state(contract.number, "OWNER@example.com"))
    receipt = next(sent for sent in mail.outbox if "withdrawal" in sent.subject)
    assert "We have received your withdrawal" in said
    assert (status_of(contract), Refund.objects.get().amount) == ("ended", Decimal("60.00"))
    assert (contract.subscription.end_reason, receipt.to) == ("withdrawn", ["owner@example.com"])
    assert "13 June 2026 at 12:00" in receipt.body


@pytest.mark.parametrize("number", ["known", "CY-BBBBB-BBBBB"])
def test_X9_a_pair_that_does_not_belong_together_changes_nothing_and_is_told_nobody(state, contract, number):
    response = state(contract.number if number == "known" else number, "stranger@example.com")
    assert "We have received your withdrawal" in words(response)
    assert (status_of(contract), mail.outbox, Refund.objects.exists()) == ("paid", [], False)
    assert AuditRecord.objects.get(what=STATED).account is None


def test_X9_known_or_not_the_answer_and_its_work_are_the_same(client, page, contract):
    def answer(number: str) -> tuple[int, bytes, list[str]]:
        with CaptureQueriesContext(connection) as asked:
            sent = client.post(page, {"contract_number": number, "email": "owner@example.com", "confirmed": "1"})
        return sent.status_code, client.get(sent["Location"]).content, [query["sql"].split()[0] for query in asked]

    client.get(page)
    assert answer(contract.number) == answer("CY-BBBBB-BBBBB")


def test_X9_the_statement_counts_as_of_the_moment_it_was_made(contract, deliver, clock):
    """On the fourteenth day, while the worker is down until the sixteenth."""
    stated_at = datetime(2026, 6, 24, 20, 59, tzinfo=UTC)
    state_withdrawal(contract_number=contract.number, email="owner@example.com", now=stated_at)
    clock.now = make.NOW + make.days(16)
    deliver()
    assert (status_of(contract), str(contract.subscription.ends_on)) == ("ended", "2026-06-24")
    assert AuditRecord.objects.get(what=STATED).at == stated_at
    assert "24 June 2026 at 23:59" in next(sent.body for sent in mail.outbox if "withdrawal" in sent.subject)


def test_X9_a_late_statement_is_taken_and_answered_with_what_is_still_possible(state, contract):
    state(contract.number, after=15)
    answer = next(sent for sent in mail.outbox if "About your withdrawal" in sent.subject)
    assert (status_of(contract), answer.to) == ("paid", ["owner@example.com"])
    assert "The fourteen days in which you could withdraw are over." in answer.body
    assert reverse("cancellation", args=[contract.subscription.public_id]) in answer.body
    assert AuditRecord.objects.get(what=STATED).account == contract.subscription.account


def test_X9_a_statement_after_the_closing_is_answered_to_the_address_that_the_account_had(
    state, contract, owner, market, clock
):
    clock.now = make.NOW + make.days(1)
    close(account=owner, confirmed=closing_quote(owner, now=clock.now), now=clock.now, by=owner)
    make.account(owner_address := "owner@example.com", market=market)
    state(contract.number)
    answer = Notice.objects.get(kind="withdrawal_answered")
    assert answer.account_id == owner.pk
    assert [sent.to for sent in mail.outbox if contract.number in sent.body] == [[owner_address]]


def test_X5_a_right_that_is_used_up_is_answered(state, contract, car, digital_key, gateway):
    state(contract.number)
    again = make.subscription(car, package=digital_key, gateway=gateway, now=make.NOW + make.days(4)).contract
    state(again.number, after=5)
    assert (status_of(again), WithdrawalUse.objects.count()) == ("paid", 1)
    assert Notice.objects.get(kind="withdrawal_answered").facts["answer"] == "withdrawal_used"


def test_stated_twice_the_second_is_answered_that_it_is_over(state, contract):
    for _twice in range(2):
        state(contract.number)
    answer = next(sent for sent in mail.outbox if "About your withdrawal" in sent.subject)
    assert "This contract is not running any more." in answer.body
    assert Refund.objects.count() == 1


def test_a_statement_that_the_worker_takes_twice_is_executed_and_told_once(contract, now):
    state_withdrawal(contract_number=contract.number, email="owner@example.com", now=now)
    payload = OutboxMessage.objects.get(handler="withdrawal_statement").payload
    for _twice in range(2):
        take_statement(**payload)
    assert Notice.objects.filter(kind__startswith="withdrawal").count() == 1
    kept = OutboxMessage.objects.get(handler="withdrawal_statement").payload
    assert kept == {"statement": payload["statement"]}


def test_W1_a_card_number_is_refused_and_not_shown_again(client, page, market):
    answer = client.post(page, {"contract_number": CARD_NUMBER, "email": "owner@example.com", "confirmed": "1"})
    assert "looks like a card number" in words(answer)
    assert (CARD_NUMBER in answer.content.decode(), OutboxMessage.objects.count()) == (False, 0)


@pytest.mark.parametrize(
    ("most", "numbers"),
    [
        (MOST_FROM_ONE_ADDRESS, [f"CY-{count:05d}-X" for count in range(MOST_FROM_ONE_ADDRESS + 1)]),
        (MOST_FOR_ONE_CONTRACT, ["CY-BBBBB-BBBBB"] * (MOST_FOR_ONE_CONTRACT + 1)),
    ],
)
def test_statements_of_an_hour_are_limited(client, page, market, now, most, numbers):
    with time_machine.travel(now, tick=False):
        codes = [
            client.post(page, {"contract_number": number, "email": "a@example.com", "confirmed": "1"}).status_code
            for number in numbers
        ]
    assert codes == [302] * most + [429]
    assert OutboxMessage.objects.count() == most
