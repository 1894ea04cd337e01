"""Telling customers that the card which is charged expires, or has expired (W6): found by date, told one by one."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.rules.notices import kept_from
from portal.models import Market
from portal.querying.written import Given, written
from subscriptions.actions.whose import given, only
from subscriptions.models import PaymentCard, Subscription
from subscriptions.notices.telling import tell_card
from subscriptions.rules.advance_notice import DAYS_BEFORE_CARD_EXPIRES, card_warnings
from subscriptions.rules.lifecycle import TO_BE_CHARGED


def cards_expiring(*, market: Market, now: datetime, account_id: int | None = None) -> list[int]:
    """W6: ids of the primary cards that expire within 30 days, of accounts with a running subscription."""
    today = market.local_date(now)
    latest = today + timedelta(days=max(DAYS_BEFORE_CARD_EXPIRES))
    over = _first_of_next_month(latest)
    until = {"until_year": over.year, "until_month": over.month}
    return _expiring(**given(market, account_id), **until, year=today.year, month=today.month)


def cards_expired(*, market: Market, now: datetime, account_id: int | None = None) -> list[int]:
    """W6: ids of the primary cards whose expiry month is over; who was told is not told again."""
    today = market.local_date(now)
    return _expired(**given(market, account_id), year=today.year, month=today.month)


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


def card_days(market: Market, *, account_id: int | None = None) -> list[date]:
    """W6: the days on which a card that is primary now would be told of, past ones too."""
    days: list[date] = []
    for card in _cards_in_use(**given(market, account_id)):
        days += [notice.first_day for notice in card_warnings(card.expires_on)]
        days.append(card.expires_on + timedelta(days=1))
    return days


@written
def _expiring(
    *,
    market: Given,
    year: Given,
    month: Given,
    until_year: Given,
    until_month: Given,
    account: Given | None = None,
) -> QuerySet[PaymentCard, int]:
    cards = _in_use(market, account).filter(_expires_from(year, month), ~_expires_from(until_year, until_month))
    return cards.order_by("exp_year", "exp_month", "pk").values_list("pk", flat=True)


@written
def _expired(*, market: Given, year: Given, month: Given, account: Given | None = None) -> QuerySet[PaymentCard, int]:
    expired = _in_use(market, account).exclude(_expires_from(year, month))
    return expired.order_by("exp_year", "exp_month", "pk").values_list("pk", flat=True)


@written
def _cards_in_use(*, market: Given, account: Given | None = None) -> QuerySet[PaymentCard]:
    return _in_use(market, account)


def _in_use(market: Given, account: Given | None) -> QuerySet[PaymentCard]:
    running = Subscription.objects.filter(account=OuterRef("account"), market=market, status__in=sorted(TO_BE_CHARGED))
    return PaymentCard.objects.in_wallet().filter(only(account), Exists(running), is_primary=True)


def _expires_from(year: Given, month: Given) -> Q:
    """Cards that are good in that month."""
    return Q(exp_year__gt=year) | Q(exp_year=year, exp_month__gte=month)


def _first_of_next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
