"""Telling customers of charges and ends before they come (S9, C5): found by date in one query, told one by one."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.actions.notice_choices import early_notices_since
from accounts.models import NoticeChoice
from accounts.rules.notices import INBOX, kept_from
from portal.models import Market
from subscriptions.models import PaymentCard, Subscription
from subscriptions.rules.advance_notice import (
    DAYS_BEFORE_CARD_EXPIRES,
    DAYS_BEFORE_CHARGE,
    DAYS_BEFORE_COMPLIMENTARY_END,
    EARLY_DAYS,
    AdvanceNotice,
    card_warnings,
    charge_warnings,
    complimentary_warning,
)
from subscriptions.rules.lifecycle import TO_BE_CHARGED, Status
from subscriptions.telling import tell_about, tell_card, tell_complimentary, tell_price


def charges_coming(*, market: Market, now: datetime) -> list[int]:
    """S9: ids of the trials that turn into a charge, and of those with a yearly or four-yearly charge, by its date."""
    today = market.local_date(now)
    coming = Subscription.objects.filter(
        market=market,
        status__in=[Status.TRIAL, Status.PAID],
        ends_on__isnull=True,
        next_try_on__gt=today,
        next_try_on__lte=today + timedelta(days=max(EARLY_DAYS)),
    ).filter(Q(next_try_on__lte=today + timedelta(days=DAYS_BEFORE_CHARGE)) | Q(account__in=_opted_in()))
    first = Subscription.objects.filter(market=market).ordered_ahead().filter(next_charge_on__gt=today)
    ahead = first.filter(next_charge_on__lte=today + timedelta(days=DAYS_BEFORE_CHARGE))
    ids = [rows.order_by("next_charge_on", "pk").values_list("pk", flat=True) for rows in (coming, ahead)]
    return [*ids[0], *ids[1]]


def _opted_in() -> QuerySet[NoticeChoice]:
    return NoticeChoice.objects.filter(choice=NoticeChoice.EARLY, channel=INBOX).values("account")  # type: ignore[return-value]


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
            if subscription.is_complimentary and subscription.has_stopped(notice.event_on):
                # It goes with its package before (S10), which its customer was told.
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
        is_trial=subscription.is_in_trial or (subscription.is_scheduled and subscription.trial_months > 0),
        term_months=subscription.term_months,
        next_charge_on=subscription.next_charge_on,
        opted_in_on=early_notices_since(subscription.account),
    )


def _tell_of_charge(subscription: Subscription, notice: AdvanceNotice, *, now: datetime) -> None:
    offer = subscription.open_offer
    if offer and offer.period_index == subscription.periods_paid:
        # No charge comes without an answer (S10): on the days on which it would be announced, the offer is.
        tell_price(subscription, offer, now=now, occasion=f":{notice.days_before}")
        return
    if subscription.has_stopped(notice.event_on):
        return
    card = PaymentCard.objects.in_wallet().filter(account=subscription.account, is_primary=True).first()
    tell_about(
        subscription,
        # One that was opted into is a kind of its own: its mail is left by one click (N1).
        "charge_upcoming_early" if notice.is_early else notice.kind,
        event_on=notice.event_on,
        # Of one charge told up to three times.
        occasion=f":{notice.days_before}" if notice.is_early else "",
        now=now,
        amount=subscription.next_price,
        charge_on=notice.event_on,
        card_last4=card.last4 if card else "",
    )


def cards_expiring(*, market: Market, now: datetime) -> list[int]:
    """W6: ids of the primary cards that expire within 30 days, of accounts with a running subscription."""
    today = market.local_date(now)
    latest = today + timedelta(days=max(DAYS_BEFORE_CARD_EXPIRES))
    cards = _cards_in_use(market).filter(_expires_from(today), ~_expires_from(_first_of_next_month(latest)))
    return list(cards.order_by("exp_year", "exp_month", "pk").values_list("pk", flat=True))


def cards_expired(*, market: Market, now: datetime) -> list[int]:
    """W6: ids of the primary cards whose expiry month is over; who was told is not told again."""
    expired = _cards_in_use(market).exclude(_expires_from(market.local_date(now)))
    return list(expired.order_by("exp_year", "exp_month", "pk").values_list("pk", flat=True))


def warn_of_card(*, card_id: int, now: datetime) -> None:
    """Tells that the card expires, or that it has expired; each notice once."""
    with transaction.atomic():
        card = PaymentCard.objects.select_for_update(of=["self"], no_key=True).get(pk=card_id)
        market = card.account.market
        today = market.local_date(now)
        if card.removed_at or not card.is_primary:
            return
        # One that expired longer ago was told of before its notice left the inbox (N2).
        if card.is_expired_on(today) and card.expires_on >= kept_from(today=today, months=market.notice_months):
            tell_card(card, "card_expired", now=now)
        for notice in card_warnings(card.expires_on):
            if notice.is_due(today):
                tell_card(card, notice.kind, now=now, occasion=f":{notice.days_before}")


def card_days(market: Market) -> list[date]:
    """W6: the days on which a card that is primary now would be told of, past ones too."""
    days: list[date] = []
    for card in _cards_in_use(market):
        days += [notice.first_day for notice in card_warnings(card.expires_on)]
        days.append(card.expires_on + timedelta(days=1))
    return days


def _cards_in_use(market: Market) -> QuerySet[PaymentCard]:
    running = Subscription.objects.filter(account=OuterRef("account"), market=market, status__in=sorted(TO_BE_CHARGED))
    return PaymentCard.objects.in_wallet().filter(Exists(running), is_primary=True)


def _expires_from(day: date) -> Q:
    """Cards that are good in the month of that day."""
    return Q(exp_year__gt=day.year) | Q(exp_year=day.year, exp_month__gte=day.month)


def _first_of_next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
