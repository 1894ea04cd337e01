"""The port over Stripe's API. Idempotency keys are the caller's; the SDK never repeats a call by itself."""

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

import stripe
from stripe.params import PaymentIntentCreateParams

from subscriptions.gateway.port import (
    CardPage,
    ChargeOutcome,
    ChargeRecord,
    DisputeStanding,
    Event,
    OutcomeUnknown,
    ProviderDown,
    RefundOutcome,
    RefundRejected,
    SetupOutcome,
)
from subscriptions.gateway.stripe import charges, disputes, outcomes, webhook
from subscriptions.gateway.stripe.amounts import to_minor_units
from subscriptions.gateway.stripe.keys import PER_PAGE, having, of_key
from subscriptions.gateway.stripe.transport import Transport
from subscriptions.gateway.stripe.wire import concluding

# The version that this SDK release was made for; both change together, after reading Stripe's changelog.
STRIPE_API_VERSION = "2026-10-28.endive"
STRIPE_API = "https://api.stripe.com"
ANSWER_SECONDS = 20.0
LOCALES = {"en": "en-GB", "el": "el"}
REJECTED = {
    "amount_too_large": "exceeds_charge",
    "charge_already_refunded": "exceeds_charge",
    "charge_disputed": "disputed",
}


class StripeGateway:
    """Usable from many threads; `timeout` is how many seconds an answer may take, `clock` gives seconds since 1970."""

    def __init__(
        self,
        secret_key: str,
        *,
        base_url: str = STRIPE_API,
        timeout: float = ANSWER_SECONDS,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._transport = Transport(timeout=timeout)
        self._clock = clock
        self._api = stripe.StripeClient(
            secret_key,
            stripe_version=STRIPE_API_VERSION,
            base_addresses={"api": base_url},
            max_network_retries=0,
            http_client=self._transport,
        ).v1

    def close(self) -> None:
        self._transport.close()

    def begin_card_setup(self, *, key: str, customer_ref: str, return_url: str, language: str) -> CardPage:
        """Stripe's own page (Checkout in setup mode), with one strong authentication by the bank (W2)."""
        with concluding(unanswered=ProviderDown):
            session = self._api.checkout.sessions.create(
                params={
                    "mode": "setup",
                    "customer": self._customer(customer_ref),
                    "allowed_payment_method_types": ["card"],
                    "payment_method_options": {"card": {"request_three_d_secure": "challenge"}},
                    "setup_intent_data": {"metadata": {"key": key, "customer_ref": customer_ref}},
                    "locale": LOCALES.get(language, "auto"),
                    "success_url": _with_setup_ref(return_url),
                    "cancel_url": return_url,
                },
                options={"idempotency_key": key},
            )
            if not session.url:
                raise outcomes.NotSettled(f"{session.id} has no page")
            return CardPage(setup_ref=session.id, url=session.url)

    def _customer(self, customer_ref: str) -> str:
        """Found or made. Search lags by minutes, the idempotency key bridges a day: together, one for each account."""
        found = self._api.customers.search(params={"query": having("customer_ref", customer_ref), "limit": 1}).data
        if found:
            return found[0].id
        created = self._api.customers.create(
            params={"metadata": {"customer_ref": customer_ref}},
            options={"idempotency_key": f"customer:{customer_ref}"},
        )
        return created.id

    def card_setup(self, *, setup_ref: str) -> SetupOutcome:
        with concluding(unanswered=ProviderDown):
            expanded = ["setup_intent.payment_method"]
            return outcomes.setup_outcome(self._api.checkout.sessions.retrieve(setup_ref, params={"expand": expanded}))

    def forget_card(self, *, card_ref: str) -> None:
        _, method = outcomes.parts_of_card_ref(card_ref)
        with concluding(unanswered=ProviderDown):
            try:
                self._api.payment_methods.detach(method)
            except stripe.InvalidRequestError:
                # Stripe refuses to do it twice; it is done when the card belongs to nobody.
                if self._api.payment_methods.retrieve(method).customer is not None:
                    raise

    def charge(self, *, key: str, card_ref: str, amount: Decimal, currency: str, description: str) -> ChargeOutcome:
        order = _order(key=key, card_ref=card_ref, amount=amount, currency=currency, description=description)
        return self._charge({**order, "off_session": True}, key=key)

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
        """The bank's page chooses its language itself: Stripe takes none for it."""
        order = _order(key=key, card_ref=card_ref, amount=amount, currency=currency, description=description)
        return self._charge({**order, "return_url": return_url}, key=key)

    def _charge(self, order: PaymentIntentCreateParams, *, key: str) -> ChargeOutcome:
        with concluding(unanswered=OutcomeUnknown):
            return charges.take(self._api.payment_intents, order, key=key, now=self._clock())

    def find_charge(self, *, key: str) -> ChargeOutcome | None:
        with concluding(unanswered=ProviderDown):
            return charges.find(self._api.payment_intents, key=key, now=self._clock())

    def charges(self, *, since: datetime | None = None, after: str = "") -> list[ChargeRecord]:
        with concluding(unanswered=ProviderDown):
            return charges.listed(self._api.payment_intents, since=since, after=after)

    def find_dispute(self, *, dispute_ref: str) -> DisputeStanding | None:
        with concluding(unanswered=ProviderDown):
            return disputes.find(self._api.disputes, dispute_ref=dispute_ref)

    def disputes(self, *, since: datetime) -> list[DisputeStanding]:
        with concluding(unanswered=ProviderDown):
            return disputes.listed(self._api.disputes, since=since)

    def read_event(self, *, body: bytes, headers: Mapping[str, str], secrets: Sequence[str], now: datetime) -> Event:
        return webhook.read_event(body=body, headers=headers, secrets=secrets, now=now)

    def refund(self, *, key: str, charge_ref: str, amount: Decimal, currency: str) -> RefundOutcome:
        minor = to_minor_units(amount, currency=currency)
        self._check_currency(charge_ref, currency)
        with concluding(unanswered=OutcomeUnknown):
            try:
                refund = self._api.refunds.create(
                    params={"payment_intent": charge_ref, "amount": minor, "metadata": {"key": key}},
                    options={"idempotency_key": key},
                )
            except stripe.InvalidRequestError as error:
                if error.code in REJECTED or error.param == "amount":
                    return RefundRejected(reason=REJECTED.get(error.code or "", "exceeds_charge"))
                raise
            return outcomes.refund_outcome(refund)

    def _check_currency(self, charge_ref: str, currency: str) -> None:
        # Stripe refunds in the currency of the charge, whichever the caller means.
        with concluding(unanswered=ProviderDown):
            charged_in = self._api.payment_intents.retrieve(charge_ref).currency.upper()
        if charged_in != currency:
            raise ValueError(f"{charge_ref} was charged in {charged_in}, not in {currency}.")

    def find_refund(self, *, key: str) -> RefundOutcome | None:
        """By the list of all refunds, newest first: Stripe has no search for them."""
        with concluding(unanswered=ProviderDown):
            refund = of_key(self._api.refunds.list(params={"limit": PER_PAGE}).auto_paging_iter(), key)
            return outcomes.refund_outcome(refund) if refund else None


def _order(*, key: str, card_ref: str, amount: Decimal, currency: str, description: str) -> PaymentIntentCreateParams:
    customer, method = outcomes.parts_of_card_ref(card_ref)
    return {
        "amount": to_minor_units(amount, currency=currency),
        "currency": currency.lower(),
        "customer": customer,
        "payment_method": method,
        # Otherwise the Dashboard's methods count, and those that redirect want a return address.
        "allowed_payment_method_types": ["card"],
        "confirm": True,
        "description": description,
        "metadata": {"key": key},
    }


def _with_setup_ref(return_url: str) -> str:
    # Stripe fills in the braces.
    return f"{return_url}{'&' if '?' in return_url else '?'}setup={{CHECKOUT_SESSION_ID}}"
