"""Subscriptions over the API: read whole, ended, changed and paid as on the pages (C1, S8, S10, S13, X1, X5, P2)."""

import pytest

from subscriptions.actions.run import charging_run
from subscriptions.actions.wallet import make_primary
from subscriptions.models import Refund, Subscription
from tests import make
from tests.api.answers import keyed, refused
from tests.api.money import shop  # noqa: F401

pytestmark = pytest.mark.django_db
LIST = "/api/v1/subscriptions/"


@pytest.fixture
def paid(car, card, digital_key, gateway) -> Subscription:
    """A year that was paid on ordering."""
    return make.subscription(car, package=digital_key, gateway=gateway)


def path(row: Subscription, what: str = "") -> str:
    return f"{LIST}{row.public_id}/{what}"


def test_C1_one_subscription_with_all_that_its_page_says(app, paid):
    shown = app.get(path(paid)).json()
    assert (shown["status"], shown["price"], shown["next_charge"]["on"]) == ("paid", "60.00", "2027-06-10")
    assert shown["contract"]["order_text"] == "I order."
    assert shown["contract"]["agreed"]["price"] == "60.00"
    assert shown["may"] == {
        "cancel": True,
        "undo_cancellation": False,
        "withdraw": True,
        "change_term": True,
        "answer_new_price": False,
        "pay_now": False,
    }
    assert (shown["timeline"][0]["title"], shown["timeline"][0]["is_planned"]) == ("Charge of €60.00", True)
    assert shown["explanation"].startswith("€60.00 was charged")


def test_P9_any_day_is_explained(app, paid):
    later = app.get(path(paid) + "?about=2027-01-01").json()["explanation"]
    assert later.startswith("Nothing was due.")
    assert refused(app.get(path(paid) + "?about=nonsense")) == (400, "invalid")


def test_the_list_costs_as_much_for_many_as_for_one(
    app, paid, car, card, market, gateway, django_assert_max_num_queries
):
    others = [make.package(f"package-{number}", market=market) for number in range(3)]
    for package in others:
        make.subscription(car, package=package, gateway=gateway)
    with django_assert_max_num_queries(9):
        page = app.get(f"{LIST}?limit=3").json()
    assert [row["package"] for row in page["results"]] == ["package-2", "package-1", "package-0"]
    rest = app.get(page["next"]).json()
    assert ([row["package"] for row in rest["results"]], rest["next"]) == (["digital-key"], None)


def test_S13_what_if_is_what_is_executed(app, paid):
    outcome = app.get(path(paid, "what-if/?day=2026-09-18")).json()
    assert (outcome["cancellation"]["refund"], outcome["cancellation"]["ends_on"]) == ("40.00", "2026-10-10")
    assert outcome["withdrawal"] is None
    assert outcome["no_withdrawal"]
    assert refused(app.get(path(paid, "what-if/?day=2020-01-01"))) == (400, "invalid")


def test_X10_a_cancellation_is_shown_then_done_once(app, paid):
    quote = app.get(path(paid, "cancellation/")).json()
    assert (quote["refund"], quote["basis"], quote["ends_on"]) == ("60.00", "pro_rata", "2026-06-10")
    body = {"confirmation": quote["confirmation"]}
    assert refused(keyed(app, path(paid, "cancellation/"), {"confirmation": "forged"})) == (409, "quote_changed")
    done = keyed(app, path(paid, "cancellation/"), body)
    assert (done.status_code, done.json()["may"]["cancel"]) == (200, False)
    assert [refund["amount"] for refund in done.json()["refunds"]] == ["60.00"]
    assert refused(keyed(app, path(paid, "cancellation/"), body)) == (409, "nothing_to_cancel")
    assert Refund.objects.count() == 1


def test_X8_a_cancellation_without_refund_is_taken_back(app, car, card, navigation, gateway):
    trial = make.subscription(car, package=navigation, gateway=gateway)
    seal = app.get(path(trial, "cancellation/")).json()["confirmation"]
    assert keyed(app, path(trial, "cancellation/"), {"confirmation": seal}).json()["is_ending"] is True
    undone = app.delete(path(trial, "cancellation/"), headers={"Idempotency-Key": "undo-of-a-test"})
    assert (undone.json()["is_ending"], undone.json()["next_charge_on"]) == (False, "2026-07-10")
    again = app.delete(path(trial, "cancellation/"), headers={"Idempotency-Key": "undo-of-a-test-2"})
    assert refused(again) == (409, "nothing_to_undo")


def test_X9_withdrawing_takes_two_steps_and_pays_back_all(app, paid):
    first = app.get(path(paid, "withdrawal/")).json()
    assert (first["label"], first["refund"]) == ("Confirm withdrawal", "60.00")
    done = keyed(app, path(paid, "withdrawal/"), {"confirmation": first["confirmation"]}).json()
    assert (done["status"], done["end_reason"]) == ("ended", "withdrawn")


def test_S8_another_term_ends_this_one_and_is_ordered_on_its_own(app, paid):
    terms = app.get(path(paid, "term/")).json()
    assert ([each["term"] for each in terms["terms"]], terms["change"]) == (["monthly"], None)
    change = app.get(path(paid, "term/?term=monthly")).json()["change"]
    assert (change["end"]["refund"], change["is_at_once"], change["price"]) == ("60.00", True, "5.00")
    body = {"term": "monthly", "confirmation": change["confirmation"]}
    assert keyed(app, path(paid, "term/"), body).json()["refunds"][0]["amount"] == "60.00"
    assert refused(app.get(path(paid, "term/?term=four-yearly"))) == (400, "invalid")


def test_S10_without_a_new_price_there_is_nothing_to_accept(app, paid):
    assert refused(app.get(path(paid, "new-price/"))) == (409, "nothing_to_accept")
    body = {"answer": "accept", "confirmation": "x"}
    assert refused(keyed(app, path(paid, "new-price/"), body)) == (409, "nothing_to_accept")


def test_the_contract_is_a_file(app, paid):
    paper = app.get(path(paid, "contract.pdf"), headers={"Accept": "application/pdf"})
    assert (paper.headers["Content-Type"], paper.content[:5]) == ("application/pdf", b"%PDF-")
    assert f"{paid.contract.number}.pdf" in paper.headers["Content-Disposition"]


@pytest.fixture
def declined(owner, car, navigation, gateway, clock) -> Subscription:
    """Ordered with a free month; its first charge was declined today."""
    began = make.NOW - make.days(30)
    clock.now = began
    make.card(owner, gateway=gateway, behaves="insufficient_funds", now=began)
    row = make.subscription(car, package=navigation, gateway=gateway, now=began)
    clock.now = make.NOW + make.days(1)
    charging_run(market=owner.market, now=clock.now, gateway=gateway)
    row.refresh_from_db()
    return row


def test_P2_what_was_declined_is_paid_on_another_card(owner, market, declined, gateway, clock, shop):  # noqa: F811
    assert declined.is_past_due
    assert refused(shop.get(path(declined, "payment/"))) == (409, "nothing_to_pay")
    other = make.card(owner, gateway=gateway, nth=1, now=clock.now)
    make_primary(card=other, now=clock.now, by=owner)
    due = shop.get(path(declined, "payment/")).json()
    assert (due["amount"], due["card"]["last4"]) == ("99.00", other.last4)
    paid = keyed(shop, path(declined, "payment/"), {"card": due["card"]["id"]})
    assert (paid.status_code, paid.json()["outcome"]) == (200, "charged")


def test_P8_where_the_bank_asks_the_app_is_given_the_providers_page(owner, declined, gateway, clock, shop):  # noqa: F811
    other = make.card(owner, gateway=gateway, nth=1, behaves="needs_authentication", now=clock.now)
    make_primary(card=other, now=clock.now, by=owner)
    asked = keyed(shop, path(declined, "payment/"), {"card": str(other.public_id)}).json()
    assert asked["outcome"] == "needs_authentication"
    assert asked["authentication_url"].startswith("http")
    assert shop.post(path(declined, "payment/outcome/")).json()["outcome"] in {"needs_authentication", "unknown"}


def test_W1_a_stranger_to_the_card_pays_nothing(declined, shop):  # noqa: F811
    body = {"card": "00000000-0000-0000-0000-000000000000"}
    assert refused(keyed(shop, path(declined, "payment/"), body)) == (409, "quote_changed")
