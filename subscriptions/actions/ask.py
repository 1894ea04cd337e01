"""What became of a charge without an answer: asked under its key, and sent again only if it never arrived (P4)."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from portal.models import Market
from portal.querying.written import Given, written
from subscriptions.actions.locking import lock
from subscriptions.actions.send import send
from subscriptions.actions.settle import mark_failed, settle
from subscriptions.actions.whose import given, only
from subscriptions.gateway.pacing import in_turn
from subscriptions.gateway.port import Gateway, ProviderDown
from subscriptions.models import Payment, PaymentCard
from subscriptions.rules.lifecycle import PaymentStatus

# A payment that was begun this long ago and is still open: whoever began it is gone.
ABANDONED_AFTER = timedelta(minutes=15)


def ask(*, payment_id: int, now: datetime, gateway: Gateway) -> None:
    """Asks of an open payment, and books or sends it again under its key."""
    payment = Payment.objects.select_related("subscription__package", "card").get(pk=payment_id)
    try:
        outcome = in_turn(lambda: gateway.find_charge(key=payment.key))
    except ProviderDown:
        return
    if outcome is not None:
        settle([(payment_id, outcome)], now=now)
    elif _take_up_again(payment_id, now=now):
        send(payment, now=now, gateway=gateway)
    else:
        mark_failed(payment_id=payment_id, reason="not_charged", now=now)


def payments_to_ask(*, market: Market, now: datetime, account_id: int | None = None) -> list[int]:
    """Ids of a market's payments without a known outcome, oldest first."""
    return _to_ask(**given(market, account_id), abandoned_by=now - ABANDONED_AFTER)


@written
def _to_ask(*, market: Given, abandoned_by: Given, account: Given | None = None) -> QuerySet[Payment, int]:
    payments = Payment.objects.filter(only(account), subscription__market=market)
    unknown = payments.filter(status=PaymentStatus.UNKNOWN)
    left = payments.filter(status=PaymentStatus.STARTED, started_at__lte=abandoned_by)
    return (unknown | left).order_by("started_at", "pk").values_list("pk", flat=True)


def _take_up_again(payment_id: int, *, now: datetime) -> bool:
    """Whether a charge that never arrived is to be sent again, as things stand now that the provider has answered."""
    with transaction.atomic():
        payment = lock(payment_id)
        subscription = payment.subscription
        # An order is not charged behind the customer's back (S11), a period not after the end (X11), and a card only
        # while it is the primary one (W3): the run then begins the same try on the card that is.
        if (
            not payment.is_open
            or subscription.is_pending
            or not subscription.is_live
            or not _is_primary(payment.card_id)
        ):
            return False
        payment.status = PaymentStatus.STARTED
        payment.started_at = now
        payment.save(update_fields=["status", "started_at"])
        return True


def _is_primary(card_id: int) -> bool:
    return PaymentCard.objects.in_wallet().filter(pk=card_id, is_primary=True).exists()
