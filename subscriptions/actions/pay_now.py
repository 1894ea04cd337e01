"""Paying at once while a charge is declined (P2), and confirming one that the bank asks about (P8, S11).

The customer is here: where the bank wants them to confirm, they go to the provider's page and come back. No try is
used up, and the charge dates stay (P3). The payment has the number of the last try: `settle` tells it from the next
one by that.
"""

from datetime import datetime

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from portal.models import AuditRecord
from portal.refusals import Refusal
from subscriptions.actions.begin import start_payment
from subscriptions.actions.entitle import check_not_paused
from subscriptions.actions.send import Heard, book, charge_present
from subscriptions.gateway.port import Charged, ChargeOutcome, Gateway, NeedsAuthentication, ProviderDown
from subscriptions.models import Payment, PaymentCard, Subscription
from subscriptions.rules.lifecycle import OPEN_PAYMENTS, PaymentStatus
from subscriptions.rules.retries import may_pay_now

NOTHING_IS_DUE = _("Nothing is left to pay for this subscription.")
NO_ANSWER_YET = _("Your bank has not answered the last charge yet. Please look again in a few minutes.")
ANOTHER_CARD = _("The card that was declined is not charged again now. Make another card your primary card first.")
CARD_CHANGED = _("Your primary card has changed since this page was made. Please look again.")


def pay_now(
    *,
    subscription: Subscription,
    card: PaymentCard | None,
    return_url: str,
    now: datetime,
    by: Account,
    gateway: Gateway,
) -> ChargeOutcome | None:
    """Charges the primary card for the period that is due; None where the provider gave no answer.

    `card` is the one that the customer was shown, None for whichever is primary. `NeedsAuthentication` with a url sends
    the customer to the provider's page; `finish_paying` follows when they are back at `return_url`. Sending it twice
    charges once: the second finds the payment of the first. Raises `Refusal`: nothing_to_pay, quote_changed,
    terms_missing while the services pause (A2).
    """
    payment = _begin(subscription_id=subscription.pk, card=card, now=now)
    return _book(charge_present(payment, return_url=return_url, language=by.language, gateway=gateway), now=now)


def finish_paying(*, subscription: Subscription, now: datetime, gateway: Gateway) -> ChargeOutcome | None:
    """What the customer answered on the provider's page; asking again changes nothing. None if nothing is open."""
    payment = open_payment(subscription)
    if payment is None:
        return None
    try:
        outcome = gateway.find_charge(key=payment.key)
    except ProviderDown:
        return None
    return _book(Heard(payment=payment, outcome=outcome), now=now) if outcome else None


def page_to_confirm(*, subscription: Subscription, now: datetime, gateway: Gateway) -> str:
    """S11, P8: the provider's page on which the bank asks about an order's first charge; empty where it does not."""
    if not subscription.is_pending or not subscription.payments.filter(status=PaymentStatus.STARTED).exists():
        return ""
    outcome = finish_paying(subscription=subscription, now=now, gateway=gateway)
    return outcome.url if isinstance(outcome, NeedsAuthentication) else ""


def _book(heard: Heard, *, now: datetime) -> ChargeOutcome | None:
    book([heard], now=now)
    if isinstance(heard.outcome, Charged) and not _is_paid(heard.payment):
        # Another sum than was asked for: it is not booked, and being looked into (fault 47).
        return None
    return heard.outcome


def _is_paid(payment: Payment) -> bool:
    return Payment.objects.filter(pk=payment.pk, status=PaymentStatus.SUCCEEDED).exists()


def open_payment(subscription: Subscription) -> Payment | None:
    """The one whose outcome is not known yet: between two tries, or the first of an order (S11)."""
    waiting = subscription.payments.filter(status__in=OPEN_PAYMENTS)
    if not subscription.is_pending:
        waiting = waiting.filter(attempt__lte=subscription.tries_used)
    return waiting.select_related("subscription__package", "card").first()


def card_to_pay_with(subscription: Subscription) -> PaymentCard:
    """The primary card, if it may be charged at once. Raises `Refusal` nothing_to_pay."""
    if not subscription.is_past_due:
        raise _nothing(NOTHING_IS_DUE)
    card = PaymentCard.objects.in_wallet().filter(account_id=subscription.account_id, is_primary=True).first()
    is_allowed = card is not None and may_pay_now(
        is_past_due=subscription.is_past_due,
        is_refused=card.is_refused,
        failed_last=card.public_id.hex == _failed_last(subscription),
        is_to_confirm=subscription.is_to_confirm_on(card),
    )
    if card is None or not is_allowed:
        raise _nothing(ANOTHER_CARD)
    return card


def _begin(*, subscription_id: int, card: PaymentCard | None, now: datetime) -> Payment:
    with transaction.atomic():
        subscription = Subscription.objects.select_for_update(of=["self"], no_key=True).get(pk=subscription_id)
        if not subscription.is_past_due:
            raise _nothing(NOTHING_IS_DUE)
        check_not_paused(account=subscription.account, now=now)
        begun = open_payment(subscription)
        if begun and begun.card.is_primary:
            return begun
        if subscription.payments.filter(status__in=OPEN_PAYMENTS).exists():
            raise _nothing(NO_ANSWER_YET)
        primary = card_to_pay_with(subscription)
        if card is not None and card.pk != primary.pk:
            raise Refusal("quote_changed", CARD_CHANGED)
        return start_payment(subscription, card=primary, attempt=subscription.tries_used, now=now)


def _failed_last(subscription: Subscription) -> str:
    """The card of the last try that was declined or forbidden, by its public id in hex."""
    records = AuditRecord.objects.filter(
        subject_type=subscription._meta.label_lower, subject_id=subscription.pk, what__in=["declined", "not tried"]
    )
    last = records.order_by("-id").first()
    return str(last.data["card"]) if last else ""


def _nothing(sentence: str | Promise) -> Refusal:
    return Refusal("nothing_to_pay", sentence)
