"""Cards, payments, refunds and documents over the API (W1 to W5, P6, X6, I1)."""

import pytest

from accounts.models import Account
from subscriptions.actions.cancel import cancel
from tests import make
from tests.api.answers import keyed, refused
from tests.api.money import shop  # noqa: F401

pytestmark = pytest.mark.django_db
CARDS = "/api/v1/cards/"


@pytest.fixture
def paid(car, card, digital_key, gateway):
    return make.subscription(car, package=digital_key, gateway=gateway)


def test_W1_of_a_card_no_more_is_told_than_this(app, card):
    wallet = app.get(CARDS).json()
    assert wallet["may_be_removed"] is True
    assert wallet["accepted"] == "Visa, Mastercard (credit cards)"
    assert set(wallet["results"][0]) == {
        "id",
        "brand",
        "last4",
        "exp_month",
        "exp_year",
        "expires_on",
        "is_primary",
        "is_refused",
        "added_at",
    }


def test_W2_a_card_is_added_on_the_providers_page(shop, owner, gateway):  # noqa: F811
    page = keyed(shop, CARDS).json()
    assert page["url"].startswith("http")
    completed = f"/api/v1/card-setups/{page['id']}/"
    assert refused(shop.post(completed)) == (409, "not_finished")
    gateway.complete_setup(
        setup_ref=owner.card_setups.get().setup_ref,
        number="4242424242424242",
        exp_month=12,
        exp_year=2030,
        behaviour="ok",
    )
    first = shop.post(completed)
    assert (first.status_code, first.json()["last4"], first.json()["is_primary"]) == (200, "4242", True)
    assert shop.post(completed).json() == first.json()


def test_W3_W5_another_card_is_made_primary_and_one_removed(app, owner, card, paid, gateway):
    other = make.card(owner, gateway=gateway, nth=1)
    made = keyed(app, f"{CARDS}{other.public_id}/primary/")
    assert (made.status_code, made.json()["is_primary"]) == (200, True)
    gone = app.delete(f"{CARDS}{other.public_id}/", headers={"Idempotency-Key": "remove-1-of-a-test"})
    assert gone.json()["primary"]["id"] == str(card.public_id)
    assert app.get(CARDS).json()["may_be_removed"] is False
    last = app.delete(f"{CARDS}{card.public_id}/", headers={"Idempotency-Key": "remove-2-of-a-test"})
    assert refused(last) == (409, "last_card")


def test_P6_payments_say_why_in_words(app, owner, car, digital_key, gateway):
    make.card(owner, gateway=gateway, behaves="insufficient_funds")
    with pytest.raises(Exception, match="not enough money"):
        make.subscription(car, package=digital_key, gateway=gateway)
    row = app.get("/api/v1/payments/").json()["results"][0]
    assert (row["status"], row["reason"], row["amount"]) == ("declined", "insufficient_funds", "60.00")
    assert "not enough money" in row["reason_words"]


def test_I1_documents_are_filtered_and_downloaded_by_their_owner(app, others_app, paid, car, owner, files):
    cancel(subscription=paid, confirmed=None, now=make.NOW, by=owner)
    listed = app.get(f"/api/v1/documents/?vehicle={car.public_id}&year=2026&kind=invoice").json()["results"]
    assert [(row["kind"], row["gross"], row["vat"]) for row in listed] == [("invoice", "60.00", "9.58")]
    assert app.get("/api/v1/documents/?kind=credit_note").json()["results"] == []
    assert refused(app.get("/api/v1/documents/?kind=receipt")) == (400, "invalid")
    one = f"/api/v1/documents/{listed[0]['id']}"
    assert app.get(f"{one}/").json()["calculation"]
    assert app.get(f"{one}.pdf").content.startswith(b"%PDF-")
    assert refused(others_app.get(f"{one}.pdf")) == (404, "not_found")
    assert others_app.get(f"/api/v1/documents/?vehicle={car.public_id}").json()["results"] == []


def test_X6_a_refund_says_where_it_is(app, paid, owner):
    cancel(subscription=paid, confirmed=None, now=make.NOW, by=owner)
    refund = app.get("/api/v1/refunds/").json()["results"][0]
    assert (refund["status"], refund["state"], refund["amount"]) == ("promised", "On its way", "60.00")
    assert "expected by" in refund["sentence"]


def test_lists_of_money_have_fixed_queries(app, paid, car, market, gateway, django_assert_max_num_queries):
    for number in range(3):
        make.subscription(car, package=make.package(f"p{number}", market=market), gateway=gateway)
    for name in ("payments", "documents", "refunds"):
        with django_assert_max_num_queries(5):
            assert app.get(f"/api/v1/{name}/").status_code == 200


def test_A4_whom_documents_are_made_out_to(app, owner):
    path = "/api/v1/billing-profile/"
    known = app.get(path).json()["profile"]
    assert (known["name"], known["country"]) == ("Eleni Georgiou", "CY")
    kept = app.put(path, json=known | {"name": "Georgiou Ltd", "is_company": True, "vat_number": "CY10123456A"})
    assert kept.json()["profile"]["vat_number"] == "CY10123456A"
    assert refused(app.put(path, json=known | {"country": "XX"})) == (400, "invalid")
    assert refused(app.put(path, json=known | {"is_company": True, "vat_number": "CY1"})) == (409, "vat_number")
    assert Account.objects.get(pk=owner.pk).billing_profile.name == "Georgiou Ltd"
