"""Who stands in for the payment provider where a customer's real state is rehearsed: it moves nothing and asks nobody.

The sandbox keeps cards that were added to it, and is not loaded where real money is taken; this one knows the cards of
the wallet, and what was charged and paid back within the rehearsal.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from subscriptions.gateway.port import (
    CardPage,
    Charged,
    ChargeOutcome,
    ChargeRecord,
    Declined,
    DisputeStanding,
    Event,
    ProviderDown,
    Refunded,
    RefundOutcome,
    SetupOutcome,
)


class StandIn:
    """Charges succeed until a card has expired, or until the day from which the bank declines."""

    def __init__(
        self, *, today: Callable[[], date], last_days: Mapping[str, date], declines_from: date | None = None
    ) -> None:
        """`last_days` are the last days of validity, by the provider's reference of the card."""
        self.today, self.last_days, self.declines_from = today, last_days, declines_from
        self._charges: dict[str, ChargeOutcome] = {}
        self._refunds: dict[str, RefundOutcome] = {}

    def charge(self, *, key: str, card_ref: str, amount: Decimal, currency: str, description: str) -> ChargeOutcome:
        return self._charges.setdefault(key, self._answer(key, card_ref, amount, currency))

    def _answer(self, key: str, card_ref: str, amount: Decimal, currency: str) -> ChargeOutcome:
        if self.today() > self.last_days[card_ref]:
            return Declined(reason="expired")
        if self.declines_from and self.today() >= self.declines_from:
            return Declined(reason="insufficient_funds")
        return Charged(charge_ref=f"rehearsed:{key}", amount=amount, currency=currency)

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
        return self.charge(key=key, card_ref=card_ref, amount=amount, currency=currency, description=description)

    def find_charge(self, *, key: str) -> ChargeOutcome | None:
        """What was sent before the rehearsal counts as never arrived: then it is sent again, as the rules say (P4)."""
        return self._charges.get(key)

    def refund(self, *, key: str, charge_ref: str, amount: Decimal, currency: str) -> RefundOutcome:
        return self._refunds.setdefault(key, Refunded(refund_ref=f"rehearsed:{key}", amount=amount))

    def find_refund(self, *, key: str) -> RefundOutcome | None:
        return self._refunds.get(key)

    def forget_card(self, *, card_ref: str) -> None:
        """The wallet's own row says it."""

    def charges(self, *, since: datetime | None = None, after: str = "") -> list[ChargeRecord]:
        return []

    def find_dispute(self, *, dispute_ref: str) -> DisputeStanding | None:
        return None

    def disputes(self, *, since: datetime) -> list[DisputeStanding]:
        return []

    def begin_card_setup(self, *, key: str, customer_ref: str, return_url: str, language: str) -> CardPage:
        raise ProviderDown("No card is added in a rehearsal.")

    def card_setup(self, *, setup_ref: str) -> SetupOutcome:
        raise ProviderDown("No card is added in a rehearsal.")

    def read_event(self, *, body: bytes, headers: Mapping[str, str], secrets: Sequence[str], now: datetime) -> Event:
        raise ProviderDown("Nothing is told in a rehearsal.")
