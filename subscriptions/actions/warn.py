"""Telling customers of charges and ends before they come (S9, C5): found by date in one query, told one by one."""

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


def charges_coming(*, market: Market, now: datetime) -> list[int]:
    """S9: ids of the trials that turn into a charge, and of those with a yearly or four-yearly charge, by its date."""
    today = market.local_date(now)
    coming = Subscription.objects.filter(
        market=market,
        status__in=[Status.TRIAL, Status.PAID],
        ends_on__isnull=True,
        next_try_on__gt=today,
        next_try_on__lte=today + timedelta(days=DAYS_BEFORE_CHARGE),
    )
    return list(coming.order_by("next_charge_on", "pk").values_list("pk", flat=True))


def complimentary_ends_coming(*, market: Market, now: datetime) -> list[int]:
    """C5: ids of the free years that end within 30 days, by their end."""
    today = market.local_date(now)
    ending = Subscription.objects.filter(
        market=market,
        status=Status.COMPLIMENTARY,
        ends_on__gt=today,
        ends_on__lte=today + timedelta(days=DAYS_BEFORE_COMPLIMENTARY_END),
    )
    return list(ending.order_by("ends_on", "pk").values_list("pk", flat=True))


def warn(*, subscription_id: int, now: datetime) -> None:
    """Tells of what is coming to this subscription, as it stands now; each notice once."""
    with transaction.atomic():
        subscription = Subscription.objects.select_for_update(of=["self"], no_key=True).get(pk=subscription_id)
        today = subscription.market.local_date(now)
        for notice in warnings_of(subscription):
            if not notice.is_due(today):
                continue
            if subscription.is_complimentary:
                tell_complimentary(subscription, notice.kind, now=now)
            else:
                _tell_of_charge(subscription, notice, now=now)


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


def _tell_of_charge(subscription: Subscription, notice: AdvanceNotice, *, now: datetime) -> None:
    card = PaymentCard.objects.in_wallet().filter(account=subscription.account, is_primary=True).first()
    tell_about(
        subscription,
        notice.kind,
        event_on=notice.event_on,
        now=now,
        amount=subscription.price,
        charge_on=notice.event_on,
        card_last4=card.last4 if card else "",
    )
