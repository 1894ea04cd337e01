"""C1: the one state in which a package stands for a car."""

import pytest

from subscriptions.rules.eligibility import Missing
from subscriptions.rules.lifecycle import LIVE, Status
from subscriptions.rules.offer import Channel, OfferState, is_sold_by, offer_state


def state(**facts) -> OfferState:
    nothing = {
        "missing": [],
        "is_standard": False,
        "running": None,
        "is_ending": False,
        "is_in_free_period": False,
    }
    return offer_state(**nothing | facts)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, OfferState.AVAILABLE),
        ({"is_in_free_period": True}, OfferState.INCLUDED),
        ({"is_free_later": True}, OfferState.INCLUDED_LATER),
        ({"is_free_later": True, "has_ended": True}, OfferState.INCLUDED_LATER),
        ({"is_free_later": True, "running": Status.PAID}, OfferState.PAID),
        ({"has_ended": True}, OfferState.EXPIRED),
        ({"has_ended": True, "is_in_free_period": True}, OfferState.INCLUDED),
        ({"has_ended": True, "is_standard": True}, OfferState.STANDARD),
        ({"has_ended": True, "running": Status.PAID}, OfferState.PAID),
        ({"is_standard": True}, OfferState.STANDARD),
        ({"is_standard": True, "is_in_free_period": True}, OfferState.STANDARD),
        ({"missing": [Missing.POWERTRAIN]}, OfferState.UNAVAILABLE),
        ({"missing": [Missing.MARKET], "is_standard": True}, OfferState.UNAVAILABLE),
        ({"running": Status.PAID, "is_ending": True}, OfferState.ENDING),
        ({"running": Status.TRIAL, "is_ending": True}, OfferState.ENDING),
        # What runs is shown as running, even if the market has stopped selling it.
        ({"running": Status.PAID, "missing": [Missing.MARKET]}, OfferState.PAID),
        ({"running": Status.COMPLIMENTARY, "is_in_free_period": True}, OfferState.COMPLIMENTARY),
        # What is over counts no longer.
        ({"running": Status.ENDED}, OfferState.AVAILABLE),
    ],
)
def test_C1_the_state_of_an_offer(facts, expected):
    assert state(**facts) is expected


@pytest.mark.parametrize("facts", [{}, {"is_standard": True}, {"is_in_free_period": True}, {"running": Status.PAID}])
def test_A2_while_the_terms_are_missing_what_runs_or_could_be_ordered_is_paused(facts):
    assert state(**facts, is_paused=True) is OfferState.PAUSED


def test_A2_what_the_car_cannot_have_is_no_pause():
    assert state(missing=[Missing.POWERTRAIN], is_paused=True) is OfferState.UNAVAILABLE


@pytest.mark.parametrize("status", sorted(LIVE - {Status.SCHEDULED}))
def test_C1_every_live_status_has_its_own_state(status):
    assert state(running=status) == status


def test_C1_an_order_whose_day_has_come_is_being_activated():
    assert state(running=Status.SCHEDULED) == "pending"


@pytest.mark.parametrize(
    ("channel", "sells_in_portal", "expected"),
    [
        (Channel.PORTAL, True, True),
        (Channel.PORTAL, False, False),
        (Channel.APP, True, True),
        (Channel.APP, False, True),
    ],
)
def test_C8_a_market_may_sell_in_the_app_alone(channel, sells_in_portal, expected):
    assert is_sold_by(channel, sells_in_portal=sells_in_portal) is expected
    assert is_sold_by(channel, sells_in_portal=sells_in_portal, channels=["app"]) is (channel is Channel.APP)
    assert is_sold_by(channel, sells_in_portal=sells_in_portal, channels=["app", "portal"]) is expected
