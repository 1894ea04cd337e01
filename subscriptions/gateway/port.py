"""The port to a payment provider: what the portal asks of one, whichever it is.

Every call that moves money carries the caller's idempotency key: the same key never moves money twice, and the
provider can be asked later what became of it. Amounts are gross `Decimal`s with two places. Outcomes that are to be
expected are values; what is not known is an exception. Card numbers never pass through here: the customer enters the
card on the provider's own page (`begin_card_setup`), and the portal keeps a reference (W1).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol


@dataclass(frozen=True, kw_only=True)
class CardPage:
    """The provider's page for entering one card; the customer is sent to `url` and comes back to the return address."""

    setup_ref: str
    url: str


@dataclass(frozen=True, kw_only=True)
class CardDetails:
    """What the portal may keep of a card (W1)."""

    card_ref: str
    fingerprint: str
    brand: str  # "visa", "mastercard", "amex" ...
    funding: str  # "credit", "debit", "prepaid", "unknown"
    last4: str
    exp_month: int
    exp_year: int
    country: str = ""  # ISO code of the bank that gave the card, where the provider tells it


@dataclass(frozen=True)
class SetupPending:
    """The customer has not finished on the provider's page."""


@dataclass(frozen=True, kw_only=True)
class SetupFailed:
    """Nothing was added. Reason: `authentication_failed`, `cancelled`, or a decline reason."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class CardAdded:
    card: CardDetails


SetupOutcome = SetupPending | SetupFailed | CardAdded


@dataclass(frozen=True, kw_only=True)
class Charged:
    charge_ref: str
    amount: Decimal
    currency: str


@dataclass(frozen=True, kw_only=True)
class Declined:
    """Reason: `insufficient_funds`, `stolen`, `expired`, `authentication_failed`, `declined`.

    `is_final`: the networks forbid a repeat (P6).
    """

    reason: str
    is_final: bool = False


@dataclass(frozen=True, kw_only=True)
class NeedsAuthentication:
    """The bank wants the customer to confirm (P8).

    `url` is given while a customer who is here (`charge_present`) may still do so, on the page that it leads to; until
    they have answered there the charge is open. Without it the charge is refused.
    """

    url: str = ""


ChargeOutcome = Charged | Declined | NeedsAuthentication


@dataclass(frozen=True, kw_only=True)
class Refunded:
    refund_ref: str
    amount: Decimal


@dataclass(frozen=True, kw_only=True)
class RefundRejected:
    reason: str


RefundOutcome = Refunded | RefundRejected


@dataclass(frozen=True, kw_only=True)
class ChargeRecord:
    """One charge as the provider's own list shows it; `refunded` is what went back so far, `created_at` is aware."""

    charge_ref: str
    key: str
    card_ref: str
    amount: Decimal
    currency: str
    refunded: Decimal
    created_at: datetime


@dataclass(frozen=True, kw_only=True)
class DisputeStanding:
    """How a dispute stands at the provider (P10). State: `opened`, `won` or `lost`, as seen from the seller.

    `charge_key` is the idempotency key of the disputed charge; `amount` is what the customer's bank claims or took.
    """

    dispute_ref: str
    charge_key: str
    amount: Decimal
    currency: str
    state: str


@dataclass(frozen=True, kw_only=True)
class Event:
    """What the provider told of its own accord: a hint that it is worth asking, never an outcome by itself.

    Kind: `charge.succeeded`, `charge.declined`, `refund.succeeded`, `refund.rejected`, `dispute.opened`, `dispute.won`,
    `dispute.lost`, or one that the portal does not know. `subject_key` is the idempotency key of the charge or refund,
    the provider's reference of a dispute.
    """

    event_id: str
    kind: str
    subject_key: str


class OutcomeUnknown(Exception):
    """The request may or may not have been carried out (P4): ask with the same key, never charge again blindly."""


class ProviderDown(Exception):
    """The provider certainly did nothing (P7): refused connection, 5xx before execution, rate limit."""


class RateLimited(ProviderDown):
    """More calls than the provider takes: it did nothing and wants to be asked again after `retry_after` seconds."""

    def __init__(self, message: str, *, retry_after: float) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class ForgedEvent(ValueError):
    """Not signed by the provider, signed too long ago, or not readable: nothing of it may be believed or stored."""


class Gateway(Protocol):
    """Every method may raise `ProviderDown`; those that move money may raise `OutcomeUnknown`.

    A declined charge and a rejected refund are outcomes of their key as well: a new attempt takes a new key. A key used
    for another request, an unknown reference and an impossible amount are the caller's errors: `ValueError`.
    """

    def begin_card_setup(self, *, key: str, customer_ref: str, return_url: str, language: str) -> CardPage:
        """Opens the provider's page for one card. The same key gives the same page."""

    def card_setup(self, *, setup_ref: str) -> SetupOutcome:
        """What became of a setup. Brand and funding are reported, not judged: that is the portal's rule."""

    def forget_card(self, *, card_ref: str) -> None:
        """The customer removed the card: no new charge. Refunds of earlier charges still reach it (X6). Idempotent."""

    def charge(self, *, key: str, card_ref: str, amount: Decimal, currency: str, description: str) -> ChargeOutcome:
        """Charges the card without the customer present."""

    def charge_present(
        self,
        *,
        key: str,
        card_ref: str,
        amount: Decimal,
        currency: str,
        description: str,
        return_url: str,
        language: str,
    ) -> ChargeOutcome:
        """Charges the card while its customer is here (P2, P8).

        Where the bank wants them to confirm, they are sent to the url of `NeedsAuthentication` and come back to
        `return_url`. What they answered is then the charge's outcome: `Charged`, or `Declined` with the reason
        `authentication_failed`, which it becomes by itself if they have not answered after half an hour.
        """

    def find_charge(self, *, key: str) -> ChargeOutcome | None:
        """What became of a charge; None when the provider has never taken that key."""

    def refund(self, *, key: str, charge_ref: str, amount: Decimal, currency: str) -> RefundOutcome:
        """Pays back to the card that paid."""

    def find_refund(self, *, key: str) -> RefundOutcome | None:
        """What became of a refund; None when the provider has never taken that key."""

    def charges(self, *, since: datetime | None = None, after: str = "") -> list[ChargeRecord]:
        """A page of the provider's own list of charges, oldest first, declined ones left out; empty after the last.

        `since` leaves out what was charged before that moment. `after` is the reference of the last charge of the page
        before. How long a page is, is the provider's choice; a charge made meanwhile comes on a later page.
        """

    def find_dispute(self, *, dispute_ref: str) -> DisputeStanding | None:
        """How a dispute stands now; None when the provider knows of none by that reference."""

    def disputes(self, *, since: datetime) -> list[DisputeStanding]:
        """The provider's own list of disputes opened at or after `since` (aware), oldest first."""

    def read_event(self, *, body: bytes, headers: Mapping[str, str], secrets: Sequence[str], now: datetime) -> Event:
        """The event in a request to the portal, signed with one of the secrets. Raises `ForgedEvent`; asks nobody."""
