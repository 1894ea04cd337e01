"""The Connected Services Centre and ordering over the API: as on the pages (C1, C4, C8, G11, S2, S11, X10)."""

import pytest

from subscriptions.models import Subscription
from tests import make
from tests.api.answers import keyed, refused
from tests.api.money import shop  # noqa: F401

pytestmark = pytest.mark.django_db


def services(app, car) -> dict:
    answer = app.get(f"/api/v1/vehicles/{car.public_id}/services/")
    assert answer.status_code == 200, answer.text
    return answer.json()


def package_of(centre: dict, code: str) -> dict:
    return next(each for suite in centre["suites"] for each in suite["packages"] if each["code"] == code)


def address(car, package: str, what: str = "order") -> str:
    return f"/api/v1/vehicles/{car.public_id}/services/{package}/{what}/"


def test_C1_a_package_tells_its_state_prices_and_next_step(app, car, navigation):
    centre = services(app, car)
    assert (centre["controls"], centre["sees_state"], centre["currency"]) == (True, True, "EUR")
    shown = package_of(centre, "navigation")
    assert (shown["state"], shown["next_step"], shown["may_order"], shown["gives_trial"]) == (
        "available",
        "order",
        True,
        True,
    )
    assert [(price["term"], price["price"], price["per_month"]) for price in shown["prices"]][1] == (
        "yearly",
        "99.00",
        "8.25",
    )


def test_G11_another_linked_account_sees_that_it_runs_and_nothing_of_the_money(
    others_app, stranger, car, card, digital_key, gateway
):
    make.subscription(car, package=digital_key, gateway=gateway)
    theirs = make.verified(stranger, car.vehicle)
    centre = services(others_app, theirs)
    shown = package_of(centre, "digital-key")
    assert (centre["controls"], shown["state"], shown["next_step"]) == (False, "paid", "none")
    hidden = ("subscription", "prices", "ends_on", "next_charge_on")
    assert [shown[name] for name in hidden] == [None, [], None, None]


def test_G11_before_access_is_proved_it_is_the_connectivity_match(app, owner, navigation, others_app, stranger):
    car = make.linked(stranger, make.active_car(owner, 4).vehicle)
    centre = services(others_app, car)
    shown = package_of(centre, "navigation")
    assert (centre["sees_state"], shown["state"], shown["limits"], shown["next_step"]) == (
        False,
        "capable",
        None,
        "prove_access",
    )


def test_C4_a_complimentary_period_is_taken_up(app, car, market):
    make.package("free", market=market, complimentary_months={"default": 600})
    assert package_of(services(app, car), "free")["next_step"] == "activate"
    made = keyed(app, address(car, "free", "activation"))
    assert (made.status_code, made.json()["status"], made.json()["term"]) == (201, "complimentary", "")
    assert package_of(services(app, car), "free")["next_step"] == "see_subscription"
    assert refused(keyed(app, address(car, "free", "activation"))) == (409, "already_subscribed")


def test_S2_the_summary_is_what_is_ordered_and_the_same_key_orders_once(shop, car, card, digital_key):  # noqa: F811
    summary = shop.get(address(car, "digital-key") + "?term=yearly").json()
    assert (summary["price"], summary["vat"], summary["charges_on"][:2]) == (
        "60.00",
        "9.58",
        ["2026-06-10", "2027-06-10"],
    )
    assert (summary["card"]["last4"], summary["obstacles"], len(summary["outcomes"])) == (card.last4, [], 3)
    body = {"term": "yearly", "confirmation": summary["confirmation"]}
    first = keyed(shop, address(car, "digital-key"), body, key="order-of-a-test")
    assert (first.status_code, first.json()["status"], first.json()["price"]) == (201, "paid", "60.00")
    again = keyed(shop, address(car, "digital-key"), body, key="order-of-a-test")
    assert (again.json(), again.headers["Idempotency-Replayed"]) == (first.json(), "true")
    row = Subscription.objects.get(public_id=first.json()["id"])
    assert row.contract.order_text == summary["order_text"]


def test_X10_what_was_shown_otherwise_is_not_ordered(shop, car, card, digital_key):  # noqa: F811
    other = shop.get(address(car, "digital-key") + "?term=monthly").json()["confirmation"]
    body = {"term": "yearly", "confirmation": other}
    assert refused(keyed(shop, address(car, "digital-key"), body)) == (409, "quote_changed")
    assert not Subscription.objects.exists()


def test_S11_a_declined_first_charge_activates_nothing_and_says_why(shop, owner, car, gateway, digital_key):  # noqa: F811
    make.card(owner, gateway=gateway, behaves="insufficient_funds")
    seal = shop.get(address(car, "digital-key") + "?term=yearly").json()["confirmation"]
    answer = keyed(shop, address(car, "digital-key"), {"term": "yearly", "confirmation": seal})
    assert refused(answer) == (409, "first_charge_declined")
    assert "not enough money" in answer.json()["detail"]


def test_P8_the_bank_asks_about_the_first_charge_and_the_app_learns_what_came_of_it(
    shop,  # noqa: F811
    owner,
    car,
    gateway,
    digital_key,
):
    make.card(owner, gateway=gateway, behaves="needs_authentication")
    seal = shop.get(address(car, "digital-key") + "?term=yearly").json()["confirmation"]
    order = {"term": "yearly", "confirmation": seal}
    for is_confirmed, outcome, status in ((False, "declined", "abandoned"), (True, "charged", "paid")):
        answer = keyed(shop, address(car, "digital-key"), order)
        ordered = answer.json()
        assert (answer.status_code, ordered["status"]) == (201, "pending")
        asked = f"/api/v1/subscriptions/{ordered['id']}/payment/outcome/"
        assert shop.post(asked).json()["authentication_url"] == ordered["authentication_url"]
        gateway.confirm_charge(url=ordered["authentication_url"], is_confirmed=is_confirmed)
        assert shop.post(asked).json()["outcome"] == outcome
        assert Subscription.objects.latest("pk").status == status
        if not is_confirmed:
            assert refused(shop.post(asked)) == (409, "first_charge_declined")


def test_S11_without_a_card_the_summary_says_what_is_to_be_mended(shop, car, digital_key):  # noqa: F811
    summary = shop.get(address(car, "digital-key") + "?term=yearly").json()
    assert (summary["card"], [each["code"] for each in summary["obstacles"]]) == (None, ["no_card"])
    body = {"term": "yearly", "confirmation": summary["confirmation"]}
    assert refused(keyed(shop, address(car, "digital-key"), body)) == (409, "no_card")


def test_an_order_names_a_term_that_there_is_and_has_a_key(shop, car, card, digital_key):  # noqa: F811
    path = address(car, "digital-key")
    assert refused(shop.get(path + "?term=four-yearly")) == (400, "invalid")
    assert refused(shop.post(path, json={})) == (400, "idempotency_key_missing")
    assert refused(keyed(shop, path, {"term": "yearly"})) == (400, "invalid")
    assert refused(shop.get(path + "?term=yearly&dealer=00000000-0000-0000-0000-000000000000")) == (400, "invalid")
    assert refused(shop.get(address(car, "unknown") + "?term=yearly")) == (404, "not_found")


def test_C8_the_app_sells_where_the_portal_does_not(shop, car, card, digital_key, market):  # noqa: F811
    market.sells_in_portal = False
    market.save(update_fields=["sells_in_portal"])
    seal = shop.get(address(car, "digital-key") + "?term=yearly").json()["confirmation"]
    assert keyed(shop, address(car, "digital-key"), {"term": "yearly", "confirmation": seal}).status_code == 201


def test_C7_who_does_not_control_the_car_orders_nothing(others_app, stranger, car, digital_key):
    theirs = make.verified(stranger, car.vehicle)
    assert refused(others_app.get(address(theirs, "digital-key") + "?term=yearly")) == (409, "right_missing")
