"""Removing a car and handing control over by the app: the figures first, then what was confirmed (G6, V4, X7, X10)."""

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine

from garage.actions.drivers import invite_driver
from garage.models import ControlTransfer, Membership
from garage.rules.control import State
from subscriptions.actions.cancel import cancel
from subscriptions.actions.sell import begin_sale
from subscriptions.models import Refund, Subscription
from tests import make, oidc
from tests.api.answers import keyed, refused
from tests.subscriptions.sharing import in_control

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
OWNER, STRANGER = ["owner@example.com"], ["stranger@example.com"]


def path(car: Membership, below: str) -> str:
    return f"/api/v1/vehicles/{car.public_id}/{below}"


@pytest.fixture
def paid(car, card, digital_key, gateway) -> Subscription:
    """60.00 paid today for a year."""
    return make.subscription(car, package=digital_key, gateway=gateway)


@pytest.fixture
def asking(stranger, car) -> Membership:
    return make.verified(stranger, car.vehicle)


def refunds() -> list[Decimal]:
    return [refund.amount for refund in Refund.objects.order_by("pk")]


# Removing


def test_G6_what_a_removal_ends_is_shown_and_just_that_is_done(app, car, paid):
    invite_driver(membership=car, email="driver@example.com", last_on=None, now=make.NOW, by=car.account)
    shown = app.get(path(car, "removal/")).json()
    [end] = shown["ends"]
    assert (end["subscription"], end["package"], end["refund"]) == (str(paid.public_id), "digital-key", "60.00")
    assert (shown["refund"], shown["currency"], shown["drivers"]) == ("60.00", "EUR", 1)
    answer = keyed(app, path(car, "removal/"), {"confirmation": shown["confirmation"]}, key="remove-the-car")
    again = keyed(app, path(car, "removal/"), {"confirmation": shown["confirmation"]}, key="remove-the-car")
    assert (answer.status_code, again.status_code) == (204, 204)
    assert refunds() == [Decimal("60.00")]
    assert app.get("/api/v1/vehicles/").json()["results"] == []


def test_X10_a_removal_that_is_not_as_shown_is_asked_again(app, car, owner, paid):
    shown = app.get(path(car, "removal/")).json()
    cancel(subscription=paid, confirmed=None, now=make.NOW, by=owner)
    answer = keyed(app, path(car, "removal/"), {"confirmation": shown["confirmation"]})
    assert refused(answer) == (409, "quote_changed")
    assert Membership.objects.current().filter(pk=car.pk).exists()


def test_L1_a_car_that_is_being_sold_leaves_in_its_sale(app, car, owner, paid):
    shown = app.get(path(car, "removal/")).json()
    begin_sale(membership=car, now=make.NOW, by=owner)
    answer = keyed(app, path(car, "removal/"), {"confirmation": shown["confirmation"]})
    assert refused(answer) == (409, "sale_open")
    car.refresh_from_db()
    assert car.ended_at is None


@pytest.mark.parametrize("sent", [{}, {"confirmation": ""}])
def test_X10_nothing_is_removed_without_a_confirmation(app, car, sent):
    assert refused(keyed(app, path(car, "removal/"), sent)) == (400, "invalid")


def test_X10_a_forged_confirmation_confirms_nothing(app, car):
    assert refused(keyed(app, path(car, "removal/"), {"confirmation": "a:b:c"})) == (409, "quote_changed")
    assert refused(app.post(path(car, "removal/"), json={"confirmation": "a"})) == (400, "idempotency_key_missing")


def test_X7_a_month_that_is_paid_is_offered_to_be_used_up_first(app, car, card, digital_key, gateway):
    make.subscription(car, package=digital_key, term="monthly", gateway=gateway)
    with time_machine.travel(make.NOW + make.days(15), tick=False):
        [end] = oidc.sign_in_app(car.account).get(path(car, "removal/")).json()["ends"]
    assert (end["refund"], end["may_wait_until"]) == ("0.00", "2026-07-10")


def test_G12_a_driver_or_unproved_account_leaves_alone(others_app, stranger, car):
    link = make.linked(stranger, car.vehicle)
    shown = others_app.get(path(link, "removal/")).json()
    assert (shown["ends"], shown["refund"], shown["drivers"]) == ([], "0.00", 0)
    assert keyed(others_app, path(link, "removal/"), {"confirmation": shown["confirmation"]}).status_code == 204
    assert in_control(car.vehicle) == OWNER


# Asking for control


def test_V4_control_that_nothing_holds_moves_at_once(others_app, asking, car):
    answer = others_app.post(path(asking, "control/request/"))
    assert (answer.status_code, answer.json()["state"], answer.json()["is_mine"]) == (201, "moved", True)
    assert in_control(car.vehicle) == STRANGER


def test_V4_whoever_is_asked_sees_what_yes_would_end_and_says_yes(app, others_app, asking, car, paid):
    asked = others_app.post(path(asking, "control/request/")).json()
    [found] = app.get(path(car, "control/")).json()["asked_of_me"]
    assert (found["id"], found["is_mine"]) == (asked["id"], False)
    one = f"/api/v1/control-requests/{found['id']}/"
    assert others_app.get(one).json()["quote"] is None
    shown = app.get(one).json()["quote"]
    assert shown["refund"] == "60.00"
    answer = keyed(app, f"{one}answer/", {"answer": "consent", "confirmation": shown["confirmation"]})
    assert answer.json()["state"] == "moved"
    assert (in_control(car.vehicle), refunds()) == (STRANGER, [Decimal("60.00")])
    assert app.get(one).json()["quote"] is None


def test_X10_yes_to_other_figures_moves_nothing(app, others_app, asking, car, paid, owner):
    one = f"/api/v1/control-requests/{others_app.post(path(asking, 'control/request/')).json()['id']}/"
    shown = app.get(one).json()["quote"]
    cancel(subscription=paid, confirmed=None, now=make.NOW, by=owner)
    said = {"answer": "consent", "confirmation": shown["confirmation"]}
    assert refused(keyed(app, f"{one}answer/", said)) == (409, "quote_changed")
    assert refused(keyed(app, f"{one}answer/", {"answer": "consent"})) == (400, "invalid")
    assert in_control(car.vehicle) == OWNER


def test_V4_an_objection_leaves_it_to_dealer_and_customer_centre(app, others_app, asking, car, paid):
    one = f"/api/v1/control-requests/{others_app.post(path(asking, 'control/request/')).json()['id']}/"
    assert keyed(app, f"{one}answer/", {"answer": "object"}).json()["state"] == "objected"
    assert in_control(car.vehicle) == OWNER


def test_V4_a_request_is_withdrawn_by_whoever_asked_alone(app, others_app, asking, paid):
    one = f"/api/v1/control-requests/{others_app.post(path(asking, 'control/request/')).json()['id']}/"
    assert app.delete(one).status_code == 404
    assert others_app.delete(one).status_code == 204
    assert refused(others_app.delete(one)) == (409, "transfer_over")
    assert ControlTransfer.objects.get().state == State.CALLED_OFF


def test_V4_a_request_needs_proved_access(others_app, stranger, car):
    link = make.linked(stranger, car.vehicle)
    assert refused(others_app.post(path(link, "control/request/"))) == (409, "not_verified")


# Offering control


def offered(app, car, email: str = "stranger@example.com"):
    shown = app.get(path(car, "control/offer/")).json()
    sent = {"email": email, "confirmation": shown["confirmation"]}
    return keyed(app, path(car, "control/offer/"), sent)


def test_V4_an_offer_shows_each_days_refund_and_moves_when_it_is_taken(app, others_app, asking, car, paid):
    shown = app.get(path(car, "control/offer/")).json()
    assert (shown["refund"], shown["days"]) == ("60.00", 7)
    assert shown["stretches"][0] == {"since": "2026-06-10", "until": "2026-06-17", "refund": "60.00"}
    made = offered(app, car)
    assert (made.status_code, made.json()["state"], made.json()["is_mine"]) == (201, "waiting", True)
    [found] = others_app.get("/api/v1/control-offers/").json()["results"]
    assert (found["id"], found["is_mine"]) == (made.json()["id"], False)
    answer = keyed(others_app, f"/api/v1/control-offers/{found['id']}/answer/", {"answer": "accept"})
    assert answer.json()["state"] == "moved"
    assert (in_control(car.vehicle), refunds()) == (STRANGER, [Decimal("60.00")])


def test_V4_an_offer_is_declined(app, others_app, asking, car, paid):
    one = f"/api/v1/control-offers/{offered(app, car).json()['id']}/"
    assert others_app.get(one).json()["quote"] is None
    assert keyed(others_app, f"{one}answer/", {"answer": "decline"}).json()["state"] == "declined"
    assert others_app.get("/api/v1/control-offers/").json()["results"] == []
    assert in_control(car.vehicle) == OWNER


def test_X10_what_came_otherwise_is_confirmed_once_more(app, others_app, asking, car, paid, owner):
    one = f"/api/v1/control-offers/{offered(app, car).json()['id']}/"
    cancel(subscription=paid, confirmed=None, now=make.NOW, by=owner)
    assert keyed(others_app, f"{one}answer/", {"answer": "accept"}).json()["state"] == "to_confirm"
    assert in_control(car.vehicle) == OWNER
    shown = app.get(one).json()["quote"]
    answer = keyed(app, f"{one}confirmation/", {"confirmation": shown["confirmation"]})
    assert answer.json()["state"] == "moved"
    assert in_control(car.vehicle) == STRANGER


def test_V4_an_offer_is_called_off_by_whoever_made_it_alone(app, others_app, asking, car):
    one = f"/api/v1/control-offers/{offered(app, car).json()['id']}/"
    assert others_app.delete(one).status_code == 404
    assert app.delete(one).status_code == 204
    assert refused(keyed(others_app, f"{one}answer/", {"answer": "accept"})) == (409, "transfer_over")


def test_V4_offers_are_refused_with_their_reasons(app, car):
    assert refused(offered(app, car, "owner@example.com")) == (409, "offer_oneself")
    assert offered(app, car, "a@example.com").status_code == 201
    assert refused(offered(app, car, "b@example.com")) == (409, "offer_open")


def test_X10_an_offer_on_yesterdays_figures_is_not_made(app, car, paid):
    shown = app.get(path(car, "control/offer/")).json()
    with time_machine.travel(make.NOW + timedelta(days=1), tick=False):
        later = oidc.sign_in_app(car.account)
        sent = {"email": "a@example.com", "confirmation": shown["confirmation"]}
        assert refused(keyed(later, path(car, "control/offer/"), sent)) == (409, "quote_changed")


def test_G11_only_the_active_account_sees_figures_and_offers(others_app, asking):
    for answer in (
        others_app.get(path(asking, "control/offer/")),
        keyed(others_app, path(asking, "control/offer/"), {"email": "a@example.com", "confirmation": "x"}),
    ):
        assert refused(answer) == (409, "right_missing")
    assert others_app.get(path(asking, "control/")).status_code == 200


def test_law_11_what_is_between_two_others_is_not_there(app, others_app, asking, car, paid, market):
    third = oidc.sign_in_app(make.account("third@example.com", market=market))
    asked = others_app.post(path(asking, "control/request/")).json()["id"]
    offer = offered(app, car).json()["id"]
    for one in (f"control-requests/{asked}/", f"control-offers/{offer}/"):
        assert third.get(f"/api/v1/{one}").status_code == 404
        assert third.delete(f"/api/v1/{one}").status_code == 404
        assert keyed(third, f"/api/v1/{one}answer/", {"answer": "object"}).status_code == 404
    assert third.get("/api/v1/control-offers/").json()["results"] == []
