"""Our gateway for Stripe, and beside it what the contract suite asks of a sandbox: done to the stand-in directly."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from stripe import WebhookSignature

from subscriptions.gateway.sandbox.cards import brand_of
from subscriptions.gateway.stripe.client import StripeGateway
from tests.gateway.stripe_account import Account, Refused, fingerprint_of
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

    def confirm_charge(self, *, url: str, is_confirmed: bool = True) -> None:
        self.account.answer_bank(url.rpartition("/")[2], is_confirmed=is_confirmed)

    def open_dispute(self, *, charge_ref: str) -> str:
        with refusing():
            return self.account.open_dispute(charge_ref)

    def win_dispute(self, *, dispute_ref: str) -> None:
        with refusing():
            self.account.decide_dispute(dispute_ref, status="won")

    def lose_dispute(self, *, dispute_ref: str) -> None:
        with refusing():
            self.account.decide_dispute(dispute_ref, status="lost")

    def events(self) -> list["SentEvent"]:
        return [self._sent(json.dumps(event).encode()) for event in self.account.events]

    def _sent(self, body: bytes) -> "SentEvent":
        now = datetime.fromtimestamp(self.account.clock(), UTC)
        headers = {"Stripe-Signature": signed(body, secret="any", at=now)}
        read = self.read_event(body=body, headers=headers, secrets=["any"], now=now)
        return SentEvent(event_id=read.event_id, kind=read.kind, key=read.subject_key, body=body)


@dataclass(frozen=True, kw_only=True)
class SentEvent:
    """What Stripe sends, and how our gateway reads it."""

    event_id: str
    kind: str
    key: str
    body: bytes

    def headers(self, *, secret: str, at: datetime) -> dict[str, str]:
        return {"Stripe-Signature": signed(self.body, secret=secret, at=at)}


def signed(body: bytes, *, secret: str, at: datetime) -> str:
    """By the SDK's own function."""
    header = WebhookSignature.generate_signature_header(body.decode(), secret, timestamp=int(at.timestamp()))
    return str(header)


@contextmanager
def refusing() -> Iterator[None]:
    try:
        yield
    except Refused as refused:
        raise ValueError(refused.error["message"]) from refused


@contextmanager
def controlled_stripe(clock, **account) -> Iterator[ControlledStripe]:
    stub = StripeStub(Account(lambda: clock().timestamp(), **account), secret_key=SECRET_KEY)
    with serving(stub) as address:
        gateway = ControlledStripe(stub, address)
        yield gateway
        gateway.close()
