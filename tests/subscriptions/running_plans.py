"""A yearly and a monthly plan that run, new prices for them, and runs on days (S8, S10)."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from subscriptions.actions.price_answer import accept_price, offer_to_answer, shown
from subscriptions.actions.price_change import announce_price
from subscriptions.actions.run import charging_run
from subscriptions.models import Plan
from tests import make

# Ordered on 10 June 2026 for a year at 60.00 (without a trial) or for a month at 5.00.
EFFECTIVE = date(2027, 1, 1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}T09:00").replace(tzinfo=UTC)


@pytest.fixture
def yearly(car, card, digital_key, gateway):
    """Paid with 60.00 on 10 June 2026."""
    return make.subscription(car, package=digital_key, gateway=gateway)


@pytest.fixture
def monthly(car, card, digital_key, gateway):
    return make.subscription(car, package=digital_key, term="monthly", gateway=gateway)


@pytest.fixture
def announce(stranger, now):
    """Finance sets a new price."""

    def announced(subscription, price="72.00", *, effective_on=EFFECTIVE, now=now):
        plan = Plan.objects.get(pk=subscription.plan_id)
        return announce_price(
            plan=plan, price=Decimal(price), effective_on=effective_on, reason="dearer", now=now, by=stranger
        )

    return announced


@pytest.fixture
def run(market, gateway, clock):
    def on(*days: str):
        for day in days:
            clock.now = at(day)
            charging_run(market=market, now=clock.now, gateway=gateway)

    return on


def accept(subscription, on: str):
    offer = offer_to_answer(subscription, now=at(on))
    return accept_price(
        subscription=subscription, confirmed=shown(offer), order_text="I accept.", now=at(on), by=subscription.account
    )


def amounts(subscription) -> list[str]:
    return [str(payment.amount) for payment in subscription.payments.order_by("period_index")]


def fresh(subscription):
    return type(subscription).objects.get(pk=subscription.pk)
