"""Free years that nobody took up end as well: whoever has control of the car is told, thirty days before and then (C5).

There is no subscription that could say so, so cars are found by when their free years began. Accounts are locked while
they are told: nobody takes a period up meanwhile, who would be told of it a second time.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Max, Q
from django.db.models.functions import Coalesce

from accounts.models import Account, Notice
from accounts.notices import tell_all, worded
from garage.models import ControlPeriod, Membership
from garage.models.membership import MembershipQuerySet
from portal import audit
from portal.batches import all_or_each
from portal.models import Market
from subscriptions.centre import missing_of, packages_of
from subscriptions.free_periods import free_period
from subscriptions.models import Package, Subscription
from subscriptions.rules.advance_notice import ENDED, ENDING, unused_start_between, unused_warning
from subscriptions.rules.lifecycle import EndReason, Status
from subscriptions.telling_free import unused_facts, unused_key

# Cars that are told of in one transaction.
BATCH = 500
_Key = tuple[int, int, int]


def warn_unused(*, market: Market, now: datetime) -> None:
    """Tells of all, a batch at a time. Accounts in somebody else's hands are passed over: the next run finds them."""
    packages = [package for package in packages_of(market) if package.free_months_in(market)]
    links = list(_near_their_end(market, packages, today=market.local_date(now)).values_list("pk", flat=True))
    for first in range(0, len(links), BATCH):
        all_or_each(partial(_warn, packages=packages, now=now), links[first : first + BATCH])


def _near_their_end(market: Market, packages: Sequence[Package], *, today: date) -> MembershipQuerySet:
    near = Q(pk__in=[])
    for months in {months for package in packages for months in package.free_months_in(market).values()}:
        near |= Q(began_on__range=unused_start_between(months, today=today))
    began = Coalesce("vehicle__warranty_start", "vehicle__purchased_on", "vehicle__first_registered_on")
    active = Membership.objects.current().filter(is_active=True, account__market=market)
    return active.annotate(began_on=began).filter(near).order_by("pk")


@transaction.atomic
def _warn(link_ids: Sequence[int], *, packages: Sequence[Package], now: datetime) -> None:
    whose = Membership.objects.filter(pk__in=link_ids).values("account")
    accounts = Account.objects.select_for_update(of=["self"], no_key=True, skip_locked=True)
    locked = [account.pk for account in accounts.filter(pk__in=whose).order_by("pk")]
    current = Membership.objects.current().filter(pk__in=link_ids, is_active=True, account__in=locked)
    links = list(current.select_related("account__market", "vehicle").order_by("pk"))
    wanted = [worded(now=now, **facts) for facts in _what_to_tell(links, packages, now=now)]
    audit.append(tell_all(wanted, now=now))


@dataclass(frozen=True, kw_only=True)
class _Known:
    """What is read of a batch: since when its cars are controlled, what was had on them, what was told."""

    since: dict[tuple[int, int], datetime]
    had: dict[_Key, list[Subscription]]
    told: set[tuple[int, str, str, date]]

    @classmethod
    def of(cls, links: Sequence[Membership]) -> "_Known":
        whose = {"account__in": {link.account_id for link in links}, "vehicle__in": {link.vehicle_id for link in links}}
        periods = ControlPeriod.objects.filter(ended_at__isnull=True, **whose)
        had: dict[_Key, list[Subscription]] = defaultdict(list)
        for row in Subscription.objects.filter(**whose).exclude(status=Status.ABANDONED).select_related("plan"):
            had[row.account_id, row.vehicle_id, row.package_id].append(row)
        notices = Notice.objects.filter(kind__in=[ENDING, ENDED], account__in=whose["account__in"])
        return cls(
            since={(one, car): at for one, car, at in _began(periods)},
            had=had,
            told=set(notices.values_list("account_id", "kind", "subject_key", "event_on")),
        )


def _began(periods: Any) -> Any:
    return periods.values_list("account", "vehicle").annotate(at=Max("started_at"))


def _what_to_tell(
    links: Sequence[Membership], packages: Sequence[Package], *, now: datetime
) -> Iterator[dict[str, Any]]:
    known = _Known.of(links)
    for link in links:
        since = known.since.get((link.account_id, link.vehicle_id), link.verified_at or link.linked_at)
        for package in packages:
            yield from _of_package(link, package, known, since=since, now=now)


def _of_package(
    link: Membership, package: Package, known: _Known, *, since: datetime, now: datetime
) -> Iterator[dict[str, Any]]:
    market = link.account.market
    period = free_period(link.vehicle, package, market)
    if period is None:
        return
    ends_on = period.end_on
    kind = unused_warning(ends_on, today=market.local_date(now), controlled_since=market.local_date(since))
    had = known.had.get((link.account_id, link.vehicle_id, package.pk), [])
    if not kind or _is_used(had, kind, ends_on=ends_on) or missing_of(package, link.vehicle, market=market):
        return
    subjects = [unused_key(link.vehicle, package), *(str(row.public_id) for row in had)]
    if not any((link.account_id, kind, subject, ends_on) in known.told for subject in subjects):
        ordered = next((row for row in had if row.is_scheduled), None)
        yield unused_facts(link, package, kind, ends_on=ends_on, ordered=ordered, now=now)


def _is_used(had: Sequence[Subscription], kind: str, *, ends_on: date) -> bool:
    """Taken up, or followed already by a plan. One that is ordered ahead says so before the end, and goes on after."""
    if any(row.is_live and not (row.is_scheduled and kind == ENDING) for row in had):
        return True
    return any(row.ends_on == ends_on and row.end_reason == EndReason.EXPIRED for row in had)
