"""Agents at once: of a caller three checks fail (K7), of a payment no more goes back than was paid (K3, X6)."""

from decimal import Decimal
from functools import partial

import pytest

from accounts.actions.caller import check_caller_code
from accounts.models import CallerTry
from subscriptions.actions.cancel import cancel
from subscriptions.actions.giving_back import give_back
from subscriptions.models import Payment
from subscriptions.rules.giving_back import Kind
from tests import make
from tests.concurrency.at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_K7_of_eight_wrong_codes_at_once_three_are_judged(owner, market, now):
    agents = [make.account(f"agent{number}@staff.example.com", market=market, is_staff=True) for number in range(2)]

    tries = [
        partial(check_caller_code, account=owner, code="000000", now=now, by=agents[each % 2]) for each in range(8)
    ]
    said = at_once(*tries, say=lambda tried: "passed" if tried.has_passed else "failed")
    assert said == {"failed": 3, "no_more_tries": 5}
    assert sorted(CallerTry.objects.values_list("failure", flat=True)) == [1, 2, 3]


def test_K3_two_of_finance_and_the_customer_at_once_take_no_more_than_was_paid(
    market, owner, car, card, digital_key, gateway, now
):
    yearly = make.subscription(car, package=digital_key, gateway=gateway)
    payment = Payment.objects.get()
    people = [make.account(f"finance{number}@staff.example.com", market=market, is_staff=True) for number in range(2)]
    words = {"amount": Decimal("40.00"), "told": "Too much.", "reason": "x"}
    acts = [partial(give_back, payment=payment, kind=Kind.WRONG_CHARGE, now=now, by=by, **words) for by in people]
    said = at_once(*acts, partial(cancel, subscription=yearly, confirmed=None, now=now, by=owner))
    payment.refresh_from_db()
    assert payment.refunded <= payment.amount
    assert said["more_than_paid"] in {1, 2}
