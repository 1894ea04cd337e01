"""Charges as Stripe's PaymentIntents: made, found again, listed. What an error means, `wire` concludes."""

from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import islice

import stripe
from stripe.params import PaymentIntentCreateParams, PaymentIntentListParams

from subscriptions.gateway.port import ChargeOutcome, ChargeRecord, OutcomeUnknown
from subscriptions.gateway.stripe import outcomes
from subscriptions.gateway.stripe.amounts import from_minor_units
from subscriptions.gateway.stripe.keys import PER_PAGE, having, key_of, of_key
from subscriptions.gateway.stripe.refusals import charge_refusal

# Lists show at once what was made. Stripe's search may lag behind, so it is only believed about what is older.
LISTED_SECONDS = 24 * 60 * 60
# Stripe waits for a customer without end; the port does not.
ANSWER_WITHIN_SECONDS = 30 * 60


def take(
    service: stripe.PaymentIntentService, order: PaymentIntentCreateParams, *, key: str, now: float
) -> ChargeOutcome:
    """Charges once for its key. Raises `OutcomeUnknown` where Stripe has the charge and does not say how it stands."""
    try:
        intent = service.create(params=order, options={"idempotency_key": key})
    except stripe.CardError as error:
        return charge_refusal(error.error)
    except stripe.IdempotencyError as error:
        return _of_same_order(service, order, key=key, now=now, error=error)
    except stripe.InvalidRequestError as error:
        return _of_unusable_card(error)
    # To a key, Stripe repeats its first answer, whatever the customer has said since.
    return _standing(service, intent.id, now=now) if _is_waiting(intent) else outcomes.charge_outcome(intent)


def _of_same_order(
    service: stripe.PaymentIntentService,
    order: PaymentIntentCreateParams,
    *,
    key: str,
    now: float,
    error: stripe.IdempotencyError,
) -> ChargeOutcome:
    """The same charge, once with and once without its customer, is one request of the port and two of Stripe's."""
    try:
        intent = _find(service, key=key, now=now)
    except stripe.StripeError as unanswered:
        raise OutcomeUnknown(f"Stripe has {key} and does not show it: {unanswered}") from unanswered
    if intent is None or not _is_of(order, intent):
        raise error
    return _standing(service, intent.id, now=now)


def _is_of(order: PaymentIntentCreateParams, intent: stripe.PaymentIntent) -> bool:
    # Stripe takes the card off a charge that has failed.
    is_same_card = intent.payment_method in (None, order.get("payment_method"))
    return is_same_card and all(
        getattr(intent, name) == order.get(name) for name in ("amount", "currency", "customer", "description")
    )


def _of_unusable_card(error: stripe.InvalidRequestError) -> ChargeOutcome:
    """A card that was forgotten is declined; one that never was, and every other fault, is the caller's error."""
    if error.param != "payment_method" or error.code == "resource_missing":
        raise error
    return charge_refusal(error.error)


def _standing(service: stripe.PaymentIntentService, ref: str, *, now: float) -> ChargeOutcome:
    try:
        return outcomes.charge_outcome(_waited_for(service, service.retrieve(ref), now=now))
    except stripe.StripeError as unanswered:
        raise OutcomeUnknown(f"Stripe has {ref} and does not show it: {unanswered}") from unanswered


def _is_waiting(intent: stripe.PaymentIntent) -> bool:
    return intent.status == "requires_action"


def _waited_for(
    service: stripe.PaymentIntentService, intent: stripe.PaymentIntent, *, now: float
) -> stripe.PaymentIntent:
    """Gives up a charge that its customer has not confirmed in time, so that they cannot do it later (P8)."""
    if not _is_waiting(intent) or now < intent.created + ANSWER_WITHIN_SECONDS:
        return intent
    try:
        return service.cancel(intent.id, params={"cancellation_reason": "abandoned"})
    except stripe.InvalidRequestError:
        # They answered in this moment.
        return service.retrieve(intent.id)


def find(service: stripe.PaymentIntentService, *, key: str, now: float) -> ChargeOutcome | None:
    """Of the last day by the list of all, which knows every charge at once; of what is older by search."""
    intent = _find(service, key=key, now=now)
    return outcomes.charge_outcome(_waited_for(service, intent, now=now)) if intent else None


def _find(service: stripe.PaymentIntentService, *, key: str, now: float) -> stripe.PaymentIntent | None:
    listed = service.list(params={"created": {"gte": int(now) - LISTED_SECONDS}, "limit": PER_PAGE})
    return of_key(listed.auto_paging_iter(), key) or _searched(service, key)


def _searched(service: stripe.PaymentIntentService, key: str) -> stripe.PaymentIntent | None:
    found = service.search(params={"query": having("key", key), "limit": 1}).data
    # What the index shows may be an earlier state.
    return service.retrieve(found[0].id) if found else None


def listed(service: stripe.PaymentIntentService, *, since: datetime | None, after: str) -> list[ChargeRecord]:
    """As the port says. Stripe lists the newest first: the oldest is known only when all were turned, so that the
    first page has them all; after a charge it goes on by 100. Stripe's moments are whole seconds."""
    asked: PaymentIntentListParams = {"limit": PER_PAGE, "expand": ["data.latest_charge"]}
    if since:
        asked["created"] = {"gte": int(since.timestamp())}
    if not after:
        return [_record(intent) for intent in _charged(service.list(params=asked).auto_paging_iter())][::-1]
    asked["ending_before"] = after
    # From an end, the SDK turns the pages back and gives the oldest first.
    return [_record(intent) for intent in islice(_charged(service.list(params=asked).auto_paging_iter()), PER_PAGE)]


def _charged(intents: Iterable[stripe.PaymentIntent]) -> Iterable[stripe.PaymentIntent]:
    return (intent for intent in intents if intent.status == "succeeded")


def _record(intent: stripe.PaymentIntent) -> ChargeRecord:
    charge = intent.latest_charge
    if not isinstance(charge, stripe.Charge):
        raise outcomes.NotSettled(f"{intent.id} has succeeded without a charge")
    return ChargeRecord(
        charge_ref=intent.id,
        key=key_of(intent),
        card_ref=outcomes.card_ref(customer=str(intent.customer), payment_method=str(intent.payment_method)),
        amount=from_minor_units(intent.amount_received, currency=intent.currency),
        currency=intent.currency.upper(),
        refunded=from_minor_units(charge.amount_refunded, currency=intent.currency),
        created_at=datetime.fromtimestamp(intent.created, UTC),
    )
