"""What the tests of gateways ask of one, with the values that do not matter filled in."""

from decimal import Decimal

from subscriptions.gateway.port import CardAdded
from subscriptions.gateway.sandbox.cards import card_number

PORTAL = "http://portal.example:8000"
SECRET = "a secret of this test"
RETURN_URL = f"{PORTAL}/wallet/cards/new/?from=checkout"


def begin(gateway, key="setup-1", **changes):
    asked = {"key": key, "customer_ref": "account-1", "return_url": RETURN_URL, "language": "en"} | changes
    return gateway.begin_card_setup(**asked)


def add_card(gateway, behaviour="ok", nth=0, key=None, **changes):
    page = begin(gateway, key=key or f"setup-of-{nth}")
    entered = {"number": card_number("visa", nth), "exp_month": 12, "exp_year": 2030, "behaviour": behaviour} | changes
    outcome = gateway.complete_setup(setup_ref=page.setup_ref, **entered)
    assert isinstance(outcome, CardAdded), outcome
    return outcome.card


def charge(gateway, card, key="charge-1", amount="99.00", currency="EUR"):
    return gateway.charge(
        key=key, card_ref=card.card_ref, amount=Decimal(amount), currency=currency, description="Navigation, yearly"
    )


def charge_present(gateway, card, key="charge-1", **changes):
    order = {"key": key, "card_ref": card.card_ref, "amount": Decimal("99.00"), "currency": "EUR"}
    about = {"description": "Navigation, yearly", "return_url": RETURN_URL, "language": "en"}
    return gateway.charge_present(**order | about | changes)


def refund(gateway, charged, key="refund-1", amount="99.00", currency="EUR"):
    return gateway.refund(key=key, charge_ref=charged.charge_ref, amount=Decimal(amount), currency=currency)
