"""Telling customers of charges and ends before they come (S9, C5), a batch at a time: each notice once.

The database finds whom there is still something to tell, so that a run which was missed, doubled or killed is made good
by the next, and a second one finds nothing.
"""

import logging
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value, prefetch_related_objects
from django.db.models.functions import Cast, Concat

from accounts.actions.notice_choices import early_notices_of, early_notices_since
from accounts.models import Notice, NoticeChoice
from accounts.notices.kinds import tell_all, worded
from accounts.rules.notices import INBOX
from portal import audit
from portal.batches import all_or_each
from portal.models import Market
from portal.querying.written import Given, is_one_of, written
from subscriptions.actions.whose import given, only
from subscriptions.models import Package, PaymentCard, Plan, PriceOffer, Subscription
from subscriptions.models.subscription import SubscriptionQuerySet
from subscriptions.notices.free_periods import ENDING, complimentary_facts
from subscriptions.notices.telling import facts_about, price_facts
from subscriptions.rules.advance_notice import (
    DAYS_BEFORE_CHARGE,
    DAYS_BEFORE_COMPLIMENTARY_END,
    EARLY_DAYS,
    LONG_TERM_MONTHS,
    AdvanceNotice,
    charge_warnings,
    complimentary_warning,
)
from subscriptions.rules.lifecycle import Status

logger = logging.getLogger(__name__)

# Subscriptions that are told of in one transaction.
BATCH = 500
OF_CHARGE = ("trial_ending", "charge_upcoming")
Facts = dict[str, Any]
# Of the ids that are given as `among`, those of which there is still something to tell.
Still = Callable[..., list[int]]


def charges_coming(
    *, market: Market, now: datetime, account_id: int | None = None, among: Sequence[int] | None = None
) -> list[int]:
    """S9: ids of those with a charge to come of which there is something to tell, by its date."""
    today = market.local_date(now)
    whose = {"today": today, **_whose(market, account_id, among)}
    soon = today + timedelta(days=DAYS_BEFORE_CHARGE)
    found = {*_always(**whose, until=soon), *_ahead(**whose, until=soon)}
    for days, shortest_term in EARLY_DAYS.items():
        until = today + timedelta(days=days)
        found.update(_early(**whose, until=until, shortest_term=shortest_term, occasion=f":{days}"))
    return [pk for _on, pk in sorted(found)]


def _whose(market: Market, account_id: int | None, among: Sequence[int] | None) -> dict[str, Any]:
    return given(market, account_id) | ({} if among is None else {"among": list(among)})


@written
def _always(
    *, market: Given, today: Given, until: Given, account: Given | None = None, among: Given | None = None
) -> QuerySet[Subscription, tuple[Any, int]]:
    renewing = _renewing(only(account) & _among(among), market=market, today=today, until=until)
    always = renewing.filter(Q(status=Status.TRIAL) | Q(status=Status.PAID, term_months__gte=LONG_TERM_MONTHS))
    return _untold(always, _told(OF_CHARGE), price_on=Value(f":{DAYS_BEFORE_CHARGE}"))


@written
def _ahead(
    *, market: Given, today: Given, until: Given, account: Given | None = None, among: Given | None = None
) -> QuerySet[Subscription, tuple[Any, int]]:
    """The first charge of an order ahead, which nobody tries yet."""
    ordered = Subscription.objects.ordered_ahead().filter(only(account) & _among(among), market=market, trial_months=0)
    first = ordered.filter(activated_on__gt=today, activated_on__lte=until, term_months__gte=LONG_TERM_MONTHS)
    return _untold(first, _told(OF_CHARGE), price_on=Value(f":{DAYS_BEFORE_CHARGE}"))


@written
def _early(
    *,
    market: Given,
    today: Given,
    until: Given,
    shortest_term: Given,
    occasion: Given,
    account: Given | None = None,
    among: Given | None = None,
) -> QuerySet[Subscription, tuple[Any, int]]:
    renewing = _renewing(only(account) & _among(among), market=market, today=today, until=until)
    opted_in = renewing.filter(status=Status.PAID, account__in=_opted_in(), term_months__gte=shortest_term)
    day = Cast(occasion, CharField())
    return _untold(opted_in, _told(["charge_upcoming_early"], occasion=day), price_on=day)


def _among(ids: Given | None) -> Q:
    return Q() if ids is None else Q(is_one_of("pk", ids))


def _renewing(whose: Q, *, market: Given, today: Given, until: Given) -> SubscriptionQuerySet:
    """Those with a charge to try after today, and not after that day."""
    renewing = Subscription.objects.filter(whose, market=market, ends_on__isnull=True)
    return renewing.filter(next_try_on__gt=today, next_try_on__lte=until)


def _untold(rows: SubscriptionQuerySet, told: Exists, *, price_on: Any) -> QuerySet[Subscription, tuple[Any, int]]:
    """Without those whose account was told of the charge, or of the new price that it waits for (S10)."""
    untold = rows.filter(~(told | _told(["price_change"], occasion=price_on)))
    return untold.values_list("next_charge_on", "pk")


def _told(kinds: Sequence[str], *, event: str = "next_charge_on", occasion: Any = None) -> Exists:
    key: Any = Cast(OuterRef("public_id"), CharField())
    subject = key if occasion is None else Concat(key, occasion)
    notices = Notice.objects.filter(account=OuterRef("account"), kind__in=kinds, subject_key=subject)
    return Exists(notices.filter(event_on=OuterRef(event)))


def _told_untaken() -> Exists:
    """Before it was taken up (`warn_untaken`)."""
    car: Any = Cast(OuterRef("vehicle__public_id"), CharField())
    key = Concat(Value("free:"), car, Value(":"), Cast(OuterRef("package"), CharField()))
    notices = Notice.objects.filter(account=OuterRef("account"), kind=ENDING, subject_key=key)
    return Exists(notices.filter(event_on=OuterRef("ends_on")))


def _opted_in() -> QuerySet[NoticeChoice]:
    return NoticeChoice.objects.filter(choice=NoticeChoice.EARLY, channel=INBOX).values("account")  # type: ignore[return-value]


def complimentary_ends_coming(
    *, market: Market, now: datetime, account_id: int | None = None, among: Sequence[int] | None = None
) -> list[int]:
    """C5: ids of the free years that end within 30 days and were not told of yet, taken up or not, by their end."""
    today = market.local_date(now)
    until = today + timedelta(days=DAYS_BEFORE_COMPLIMENTARY_END)
    return _free_ends(**_whose(market, account_id, among), today=today, until=until)


@written
def _free_ends(
    *, market: Given, today: Given, until: Given, account: Given | None = None, among: Given | None = None
) -> QuerySet[Subscription, int]:
    ending = Subscription.objects.filter(
        only(account) & _among(among),
        market=market,
        status=Status.COMPLIMENTARY,
        ends_on__gt=today,
        ends_on__lte=until,
    )
    untold = ending.filter(~_told([ENDING], event="ends_on"), ~_told_untaken())
    return untold.order_by("ends_on", "pk").values_list("pk", flat=True)


def tell_of_charges(*, market: Market, now: datetime, account_id: int | None = None) -> None:
    ids = charges_coming(market=market, now=now, account_id=account_id)
    warn(subscription_ids=ids, now=now, still=partial(charges_coming, market=market, now=now))


def tell_of_free_ends(*, market: Market, now: datetime, account_id: int | None = None) -> None:
    ids = complimentary_ends_coming(market=market, now=now, account_id=account_id)
    warn(subscription_ids=ids, now=now, still=partial(complimentary_ends_coming, market=market, now=now))


def warn(*, subscription_ids: Sequence[int], now: datetime, still: Still | None = None) -> None:
    """Tells of what is coming to these, as they stand now, each notice once.

    `still` finds those of a batch of which nobody has told meanwhile, so that two runs at once share the work. A batch
    never waits while it holds rows. Those in somebody else's hands come last, a batch at a time once more, and what is
    held even then is waited for, one by one: they are told before this run's charges all the same.
    """
    held = _in_batches(_in_batches(subscription_ids, now=now, still=still), now=now, still=still)
    for subscription_id in held:
        try:
            _warn([subscription_id], now=now)
        except Exception:
            logger.exception("could not be told of what is coming: %s", subscription_id)


def _in_batches(subscription_ids: Sequence[int], *, now: datetime, still: Still | None) -> list[int]:
    """Those that others hold are passed over, and given back."""
    held: list[int] = []
    for first in range(0, len(subscription_ids), BATCH):
        batch = subscription_ids[first : first + BATCH]
        all_or_each(partial(_warn, now=now, held=held), still(among=batch) if still else batch)
    return sorted(held)


def _warn(ids: Sequence[int], *, now: datetime, held: list[int] | None = None) -> None:
    with transaction.atomic():
        rows = _lock(ids, waits=held is None)
        wanted = [worded(now=now, **facts) for facts in _what_to_tell(rows, now=now)]
        audit.append(tell_all(_unknown(wanted), now=now))
    if held is not None:
        held += set(ids) - {row.pk for row in rows}


def _lock(ids: Sequence[int], *, waits: bool) -> list[Subscription]:
    """In the order given."""
    locked = Subscription.objects.select_for_update(of=["self"], no_key=True, skip_locked=not waits)
    rows = {row.pk: row for row in locked.select_related("account", "vehicle").filter(pk__in=ids)}
    _read_what_they_share(rows.values())
    return [rows[pk] for pk in ids if pk in rows]


def _read_what_they_share(rows: Collection[Subscription]) -> None:
    """Once for all of them, not once for each: that is half of the work. The few with a new price get theirs."""
    markets = Market.objects.in_bulk({pk for row in rows for pk in (row.market_id, row.account.market_id)})
    plans = Plan.objects.in_bulk({row.plan_id for row in rows if row.plan_id})
    packages = Package.objects.prefetch_related("discontinuations").in_bulk({row.package_id for row in rows})
    offered = set(PriceOffer.objects.filter(subscription__in=rows).values_list("subscription", flat=True))
    for row in rows:
        row.market, row.account.market = markets[row.market_id], markets[row.account.market_id]
        row.package, row.plan = packages[row.package_id], plans.get(row.plan_id)
        row.has_offers = row.is_amended = row.pk in offered
    prefetch_related_objects([row for row in rows if row.has_offers], "amendments", "price_offers")


def _unknown(wanted: Sequence[Notice]) -> list[Notice]:
    """Those that were not told before: nobody else tells of these subscriptions while they are locked."""
    of_them = Notice.objects.filter(account__in={each.account_id for each in wanted})
    about = of_them.filter(subject_key__in=[each.subject_key for each in wanted])
    told = set(about.values_list("kind", "subject_key", "event_on"))
    return [each for each in wanted if (each.kind, each.subject_key, each.event_on) not in told]


@dataclass(frozen=True, kw_only=True)
class _Accounts:
    """What is read of the accounts of a batch: since when they opted in, and the last digits of what is charged."""

    opted_in_on: dict[int, date]
    card_last4: dict[int, str]

    @classmethod
    def of(cls, rows: Sequence[Subscription]) -> "_Accounts":
        accounts = {row.account_id: row.account for row in rows}
        cards = PaymentCard.objects.in_wallet().filter(account__in=accounts, is_primary=True)
        return cls(
            opted_in_on=early_notices_of(accounts.values()),
            card_last4=dict(cards.values_list("account_id", "last4")),
        )


def _what_to_tell(rows: Sequence[Subscription], *, now: datetime) -> Iterator[Facts]:
    """In the order of the rows, which are all free periods or none of them is (`warn` is given either)."""
    free = [row for row in rows if _is_free_and_ending(row, now=now)]
    yield from complimentary_facts(free, ENDING, now=now)
    accounts = _Accounts.of(rows)
    for row in rows:
        if not row.is_complimentary:
            for notice in _charge_warnings(row, opted_in_on=accounts.opted_in_on.get(row.account_id)):
                if notice.is_due(row.market.local_date(now)):
                    yield from _of_charge(row, notice, card_last4=accounts.card_last4.get(row.account_id, ""))


def _is_free_and_ending(row: Subscription, *, now: datetime) -> bool:
    """One that goes with its package before is left out (S10): its customer was told of that."""
    if not row.is_complimentary or not row.is_live or row.ends_on is None:
        return False
    return complimentary_warning(row.ends_on).is_due(row.market.local_date(now)) and not row.has_stopped(row.ends_on)


def _of_charge(row: Subscription, notice: AdvanceNotice, *, card_last4: str) -> Iterator[Facts]:
    offer = row.open_offer
    if offer and offer.period_index == row.periods_paid:
        # No charge comes without an answer (S10): on the days on which it would be announced, the offer is.
        yield price_facts(row, offer, occasion=f":{notice.days_before}")
    elif not row.has_stopped(notice.event_on):
        yield facts_about(
            row,
            # One that was opted into is a kind of its own: its mail is left by one click (N1).
            "charge_upcoming_early" if notice.is_early else notice.kind,
            event_on=notice.event_on,
            # Of one charge told up to three times.
            occasion=f":{notice.days_before}" if notice.is_early else "",
            amount=row.next_price,
            charge_on=notice.event_on,
            card_last4=card_last4,
        )


def warnings_of(subscription: Subscription) -> list[AdvanceNotice]:
    """What the account is to be told of before it happens to this subscription, by the rules."""
    if subscription.is_complimentary:
        return [complimentary_warning(subscription.ends_on)] if subscription.ends_on else []
    return _charge_warnings(subscription, opted_in_on=early_notices_since(subscription.account))


def _charge_warnings(subscription: Subscription, *, opted_in_on: date | None) -> list[AdvanceNotice]:
    if subscription.next_charge_on is None or subscription.is_past_due or not subscription.is_live:
        return []
    is_ahead = subscription.is_scheduled
    return charge_warnings(
        is_trial=subscription.is_in_trial or (is_ahead and subscription.trial_months > 0),
        term_months=subscription.term_months,
        next_charge_on=subscription.next_charge_on,
        # Its first charge was confirmed with the order, like that of a trial.
        opted_in_on=None if is_ahead else opted_in_on,
    )
