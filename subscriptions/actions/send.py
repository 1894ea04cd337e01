"""The middle step of a charge: the provider is asked, outside of any transaction, and its answer is booked."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import groupby
from typing import Any

from subscriptions.actions.settle import mark_failed, mark_unknown, settle
from subscriptions.gateway.pacing import in_turn
from subscriptions.gateway.port import ChargeOutcome, Gateway, OutcomeUnknown, ProviderDown
from subscriptions.models import Payment

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Heard:
    """What a call of the provider came to: an outcome; or a technical failure's reason; or neither, for no answer."""

    payment: Payment
    outcome: ChargeOutcome | None = None
    failure: str = ""


def send(payment: Payment, *, now: datetime, gateway: Gateway) -> ChargeOutcome | None:
    """Charges, and books what the provider said; None where it said nothing."""
    heard = charge(payment, gateway=gateway)
    book([heard], now=now)
    return heard.outcome


def charge(payment: Payment, *, gateway: Gateway) -> Heard:
    """Asks for the money, and the database for nothing: `payment` comes with its card, subscription and package."""
    return hear(payment, partial(gateway.charge, **charge_facts(payment)))


def charge_present(payment: Payment, *, return_url: str, language: str, gateway: Gateway) -> Heard:
    """The same while the customer is here, and may be asked by the bank (P8)."""
    return hear(
        payment,
        partial(gateway.charge_present, **charge_facts(payment), return_url=return_url, language=language),
    )


def charge_facts(payment: Payment) -> dict[str, Any]:
    """What the provider is asked for, the same whenever this payment is sent."""
    return {
        "key": payment.key,
        "card_ref": payment.card.card_ref,
        "amount": payment.amount,
        "currency": payment.currency,
        "description": payment.subscription.package.code,
    }


def hear(payment: Payment, call: Callable[[], ChargeOutcome]) -> Heard:
    """What a call of the provider says, or that it says nothing (P4, P7)."""
    try:
        return Heard(payment=payment, outcome=in_turn(call))
    except OutcomeUnknown:
        return Heard(payment=payment)
    except ProviderDown:
        return Heard(payment=payment, failure="provider_down")
    except ValueError:
        # The provider does not know the card, or the request is ours to mend: nothing was charged, and staff must look.
        logger.exception("%s: the provider refused the request", payment.key)
        return Heard(payment=payment, failure="not_charged")
    except Exception:
        # Whatever it was: the request may have left.
        logger.exception("%s: the provider's answer could not be read", payment.key)
        return Heard(payment=payment)


def book(answers: Sequence[Heard], *, now: datetime) -> None:
    """Books answers in their order, neighbouring outcomes together."""
    for is_known, group in groupby(answers, key=lambda heard: heard.outcome is not None):
        if is_known:
            known = [(heard.payment.pk, heard.outcome) for heard in group if heard.outcome is not None]
            settle(known, now=now)
            continue
        for heard in group:
            if heard.failure:
                mark_failed(payment_id=heard.payment.pk, reason=heard.failure, now=now)
            else:
                mark_unknown(payment_id=heard.payment.pk, now=now)
