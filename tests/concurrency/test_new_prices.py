"""A new price is offered and agreed once, however many are at it at once (S10)."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from accounts.models import Notice
from subscriptions.actions.price_answer import accept_price, offer_to_answer, shown
from subscriptions.actions.price_change import announce_price, make_offer
from subscriptions.models import ContractAmendment, Plan, PriceOffer
from tests import make
from tests.concurrency.at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)

AT_ONCE = 4
OFFERED_AT = datetime(2027, 4, 11, 9, tzinfo=UTC)


def test_S10_runs_that_overlap_offer_once_and_the_form_sent_often_agrees_once(owner, car, card, digital_key, gateway):
    subscription = make.subscription(car, package=digital_key, gateway=gateway)
    plan = Plan.objects.get(pk=subscription.plan_id)
    announce_price(
        plan=plan, price=Decimal("72.00"), effective_on=date(2027, 1, 1), reason="dearer", now=make.NOW, by=owner
    )
    said = at_once(
        *[lambda: make_offer(subscription_id=subscription.pk, now=OFFERED_AT)] * AT_ONCE,
        say=lambda offer: "done" if offer else "nothing",
    )
    assert said == {"done": 1, "nothing": AT_ONCE - 1}
    assert (PriceOffer.objects.count(), Notice.objects.filter(kind="price_change").count()) == (1, 1)

    confirmed = shown(offer_to_answer(subscription, now=OFFERED_AT))
    said = at_once(
        *[
            lambda: accept_price(
                subscription=subscription, confirmed=confirmed, order_text="I accept.", now=OFFERED_AT, by=owner
            )
        ]
        * AT_ONCE
    )
    assert said == {"done": 1, "nothing_to_accept": AT_ONCE - 1}
    assert ContractAmendment.objects.count() == 1
