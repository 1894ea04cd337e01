"""The port right on a provider in this process, with its clock: for rehearsals, and for tests without a server."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from subscriptions.gateway.port import (
    CardPage,
    ChargeOutcome,
    ChargeRecord,
    DisputeStanding,
    Event,
    RateLimited,
    RefundOutcome,
    SetupOutcome,
)
from subscriptions.gateway.sandbox import events
from subscriptions.gateway.sandbox.cards import Behaviour, RefundBehaviour
from subscriptions.gateway.sandbox.events import Delivery, KeptEvent
from subscriptions.gateway.sandbox.provider import CHARGES_PER_PAGE, SandboxProvider
from subscriptions.gateway.sandbox.rate import Bucket
from subscriptions.gateway.sandbox.wire import with_origin

# Nobody answers here: in process there is no page, `complete_setup` stands for the customer.
PAGES = "https://sandbox.invalid"


class InProcessGateway:
    def __init__(self, provider: SandboxProvider, *, bucket: Bucket | None = None) -> None:
        """With a bucket, calls that move money keep to its rate, as over HTTP all calls do."""
        self.provider = provider
        self._bucket = bucket

    def begin_card_setup(self, *, key: str, customer_ref: str, return_url: str, language: str) -> CardPage:
        setup_ref = self.provider.begin_card_setup(
            key=key, customer_ref=customer_ref, return_url=return_url, language=language
        )
        return CardPage(setup_ref=setup_ref, url=f"{PAGES}/pay/card/{setup_ref}")

    def card_setup(self, *, setup_ref: str) -> SetupOutcome:
        return self.provider.card_setup(setup_ref=setup_ref)

    def forget_card(self, *, card_ref: str) -> None:
        self.provider.forget_card(card_ref=card_ref)

    def charge(self, *, key: str, card_ref: str, amount: Decimal, currency: str, description: str) -> ChargeOutcome:
        self._check_rate()
        return self.provider.charge(
            key=key, card_ref=card_ref, amount=amount, currency=currency, description=description
        )

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
        outcome = self.provider.charge_present(
            key=key,
            card_ref=card_ref,
            amount=amount,
            currency=currency,
            description=description,
            return_url=return_url,
            language=language,
        )
        return with_origin(outcome, PAGES)

    def find_charge(self, *, key: str) -> ChargeOutcome | None:
        outcome = self.provider.find_charge(key=key)
        return outcome and with_origin(outcome, PAGES)

    def refund(self, *, key: str, charge_ref: str, amount: Decimal, currency: str) -> RefundOutcome:
        self._check_rate()
        return self.provider.refund(key=key, charge_ref=charge_ref, amount=amount, currency=currency)

    def find_refund(self, *, key: str) -> RefundOutcome | None:
        return self.provider.find_refund(key=key)

    def charges(self, *, since: datetime | None = None, after: str = "") -> list[ChargeRecord]:
        return self.provider.charges(since=since, after=after, limit=CHARGES_PER_PAGE)

    def find_dispute(self, *, dispute_ref: str) -> DisputeStanding | None:
        return self.provider.find_dispute(dispute_ref=dispute_ref)

    def disputes(self, *, since: datetime) -> list[DisputeStanding]:
        return self.provider.disputes(since=since)

    def read_event(self, *, body: bytes, headers: Mapping[str, str], secrets: Sequence[str], now: datetime) -> Event:
        return events.read_event(body=body, headers=headers, secrets=secrets, now=now)

    # Beyond the port: what the sandbox offers to rehearsals and tests, here and over HTTP alike

    def complete_setup(
        self,
        *,
        setup_ref: str,
        number: str,
        exp_month: int,
        exp_year: int,
        behaviour: Behaviour | None = None,
        authenticate: bool = True,
    ) -> SetupOutcome:
        """Does what the customer does on the pages."""
        return self.provider.complete_setup(
            setup_ref=setup_ref,
            number=number,
            exp_month=exp_month,
            exp_year=exp_year,
            behaviour=behaviour,
            authenticate=authenticate,
        )

    def confirm_charge(self, *, url: str, is_confirmed: bool = True) -> None:
        """Does what the customer does on the page to which they were sent."""
        self.provider.confirm_charge(confirmation_ref=url.rpartition("/")[2], is_confirmed=is_confirmed)

    def set_behaviour(self, *, card_ref: str, behaviour: Behaviour) -> None:
        self.provider.set_behaviour(card_ref=card_ref, behaviour=behaviour)

    def set_refund_behaviour(self, *, card_ref: str, behaviour: RefundBehaviour) -> None:
        self.provider.set_refund_behaviour(card_ref=card_ref, behaviour=behaviour)

    def open_dispute(self, *, charge_ref: str) -> str:
        return self.provider.open_dispute(charge_ref=charge_ref)

    def win_dispute(self, *, dispute_ref: str) -> None:
        self.provider.decide_dispute(dispute_ref=dispute_ref, state="won")

    def lose_dispute(self, *, dispute_ref: str) -> None:
        self.provider.decide_dispute(dispute_ref=dispute_ref, state="lost")

    def set_delivery(self, *, delivery: Delivery) -> None:
        self.provider.set_delivery(delivery=delivery)

    def events(self) -> list[KeptEvent]:
        """Everything that the provider has told or will tell, oldest first."""
        return self.provider.events()

    def _check_rate(self) -> None:
        wait = self._bucket.seconds_to_wait() if self._bucket else 0.0
        if wait:
            raise RateLimited("More calls than the provider takes.", retry_after=wait)
