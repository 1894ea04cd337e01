"""Telling customers of charges and ends before they come (S9, C5). Each finds its rows by date, in one query."""

from datetime import datetime, timedelta

from django.db import transaction

from portal.models import Market
from subscriptions.models import PaymentCard, Subscription
from subscriptions.rules.advance_notice import (
    DAYS_BEFORE_CHARGE,
    DAYS_BEFORE_COMPLIMENTARY_END,
    AdvanceNotice,
    charge_warnings,
    complimentary_warning,
)
from subscriptions.rules.lifecycle import Status
from subscriptions.telling import tell_about, tell_complimentary


def warn_of_charges(*, market: Market, now: datetime) -> None:
    """S9: trials that turn into a charge, yearly and four-yearly charges."""
    today = market.local_date(now)
    coming = Subscription.objects.filter(
        market=market,
        status__in=[Status.TRIAL, Status.PAID],
        ends_on__isnull=True,
        next_try_on__gt=today,
        next_try_on__lte=today + timedelta(days=DAYS_BEFORE_CHARGE),
    )
    for subscription in coming.select_related("account", "package", "vehicle").order_by("next_charge_on", "pk"):
        _warn_of_charge(subscription, now=now)


def _warn_of_charge(subscription: Subscription, *, now: datetime) -> None:
    today = subscription.market.local_date(now)
    card = PaymentCard.objects.in_wallet().filter(account=subscription.account, is_primary=True).first()
    for notice in warnings_of(subscription):
        if notice.is_due(today):
            with transaction.atomic():
                tell_about(
                    subscription,
                    notice.kind,
                    event_on=notice.event_on,
                    now=now,
                    amount=subscription.price,
                    charge_on=notice.event_on,
                    card_last4=card.last4 if card else "",
                )


def warnings_of(subscription: Subscription) -> list[AdvanceNotice]:
    """What the account is to be told of before it happens to this subscription, by the rules."""
    if subscription.is_complimentary:
        return [complimentary_warning(subscription.ends_on)] if subscription.ends_on else []
    if subscription.next_charge_on is None or subscription.is_past_due:
        return []
    return charge_warnings(
        is_trial=subscription.is_in_trial,
        term_months=subscription.term_months,
        next_charge_on=subscription.next_charge_on,
    )


def warn_of_complimentary_ends(*, market: Market, now: datetime) -> None:
    """C5: 30 days before the free years end, once."""
    today = market.local_date(now)
    ending = Subscription.objects.filter(
        market=market,
        status=Status.COMPLIMENTARY,
        ends_on__gt=today,
        ends_on__lte=today + timedelta(days=DAYS_BEFORE_COMPLIMENTARY_END),
    )
    for subscription in ending.select_related("account", "package", "vehicle").order_by("ends_on", "pk"):
        for notice in warnings_of(subscription):
            if notice.is_due(today):
                with transaction.atomic():
                    tell_complimentary(subscription, notice.kind, now=now)
