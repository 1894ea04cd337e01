"""Our gateway for Stripe, and beside it what the contract suite asks of a sandbox: done to the stand-in directly."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from subscriptions.gateway.sandbox.cards import brand_of
from subscriptions.gateway.sandbox.wire import ChargeRecord
from subscriptions.gateway.stripe.amounts import from_minor_units
from subscriptions.gateway.stripe.client import StripeGateway
from tests.gateway.stripe_account import Account, fingerprint_of
from tests.gateway.stripe_stub import StripeStub, serving

# Put together, so that nothing in the repository looks like a key that was lost.
SECRET_KEY = "_".join(["sk", "test", "of", "this", "test"])
FAILED_3DS = {"type": "invalid_request_error", "code": "setup_intent_authentication_failure"}
EXPIRED = {"type": "card_error", "code": "expired_card"}


class ControlledStripe(StripeGateway):
    def __init__(self, stub: StripeStub, address: str) -> None:
        super().__init__(SECRET_KEY, base_url=address, timeout=5.0, clock=stub.account.clock)
        self.stub, self.account = stub, stub.account

    def complete_setup(self, *, setup_ref, number, exp_month, exp_year, behaviour=None, authenticate=True):
        today = datetime.fromtimestamp(self.account.clock(), UTC)
        error = FAILED_3DS if not authenticate or behaviour == "fails_3ds" else None
        error = error or (EXPIRED if (exp_year, exp_month) < (today.year, today.month) else None)
        card = {"brand": brand_of(number), "funding": "credit", "last4": number[-4:]}
        card |= {"exp_month": exp_month, "exp_year": exp_year, "fingerprint": fingerprint_of(number)}
        self.account.finish_session(setup_ref, card=card, error=error)
        outcome = self.card_setup(setup_ref=setup_ref)
        if behaviour and hasattr(outcome, "card"):
            self.set_behaviour(card_ref=outcome.card.card_ref, behaviour=behaviour)
        return outcome

    def set_behaviour(self, *, card_ref: str, behaviour: str) -> None:
        self.account.behaviours[card_ref.split(":")[1]] = behaviour

    def set_refund_behaviour(self, *, card_ref: str, behaviour: str) -> None:
        self.account.refund_behaviours[card_ref.split(":")[1]] = behaviour

    def charges(self) -> list[ChargeRecord]:
        """Those that moved money, oldest first."""
        return [_record(intent) for intent in self.account.intents.values() if intent["status"] == "succeeded"]


def _record(intent: dict) -> ChargeRecord:
    return ChargeRecord(
        charge_ref=intent["id"],
        key=intent["metadata"]["key"],
        card_ref=f"{intent['customer']}:{intent['payment_method']}",
        amount=from_minor_units(intent["amount"], currency=intent["currency"]),
        currency=intent["currency"].upper(),
        refunded=from_minor_units(intent["amount_refunded"], currency=intent["currency"]),
        created_at=datetime.fromtimestamp(intent["created"], UTC),
    )


@contextmanager
def controlled_stripe(clock, **account) -> Iterator[ControlledStripe]:
    stub = StripeStub(Account(lambda: clock().timestamp(), **account), secret_key=SECRET_KEY)
    with serving(stub) as address:
        gateway = ControlledStripe(stub, address)
        yield gateway
        gateway.close()
