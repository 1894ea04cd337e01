"""When a service of the catalogue ran for an account and a car: by its subscriptions, or as a standard service (C3)."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import datetime, time

from django.db.models import Min, Q
from django.db.models.functions import Coalesce

from accounts.models import Account
from accounts.pausing import is_paused
from garage.models import Vehicle
from garage.rules.trips import Span
from garage.service_times import Pair, Times
from portal.models import Market
from subscriptions.centre.suiting import facts_of
from subscriptions.models import Package, Service, ServiceIncident, Subscription
from subscriptions.rules.eligibility import what_is_missing, what_service_misses
from subscriptions.rules.lifecycle import EndReason, Status

# Of these nothing was ever activated.
NEVER_RAN = (Status.PENDING, Status.SCHEDULED, Status.ABANDONED)

# Ends that come on a day set before it.
FORESEEN = {
    *(EndReason.CANCELLED, EndReason.EXPIRED, EndReason.BASE_ENDED),
    *(EndReason.PRICE_NOT_ACCEPTED, EndReason.DISCONTINUED),
}


def times_of(service: str, pairs: Collection[Pair], now: datetime) -> Times:
    """Nothing counts while an account's services pause for the Terms (A2), nor on a car on which the service does not
    work (C2). A fixed number of queries."""
    paused = _paused({account_id for account_id, _ in pairs}, now)
    wanted = _working(service, {pair for pair in pairs if pair[0] not in paused})
    times: dict[Pair, list[Span]] = defaultdict(list)
    for source in (_subscribed, _standard):
        for pair, span in source(service, wanted):
            times[pair].append(span)
    return times


def _working(service: str, pairs: Collection[Pair]) -> set[Pair]:
    """C2: without those whose country's law forbids the service, or whose car lacks its equipment."""
    asked = Service.objects.filter(code=service).first()
    if asked is None:
        return set()
    accounts = Account.objects.select_related("market").in_bulk({account_id for account_id, _ in pairs})
    cars = Vehicle.objects.in_bulk({vehicle_id for _, vehicle_id in pairs})
    return {
        pair
        for pair in pairs
        if not what_service_misses(asked.needs_in(accounts[pair[0]].market), facts_of(cars[pair[1]]))
    }


def was_disturbed(service: str, market: Market, span: Span) -> bool:
    """Whether staff have written something down that concerns the service: by its name, by a package's, or all."""
    rows = ServiceIncident.objects.in_market(market).not_over(span.start)
    if span.end:
        rows = rows.filter(began_at__lt=span.end)
    of_all = Q(services__isnull=True, packages__isnull=True)
    return rows.filter(of_all | Q(services__code=service) | Q(packages__services__code=service)).exists()


def _subscribed(service: str, pairs: Collection[Pair]) -> Iterator[tuple[Pair, Span]]:
    """From the moment of the order, which is that of the activation but for one ordered ahead, to the end that was
    carried out or has come."""
    rows = Subscription.objects.filter(vehicle__in={vehicle_id for _, vehicle_id in pairs})
    rows = rows.filter(package__in=_packages(service)).exclude(status__in=NEVER_RAN).select_related("market")
    for row in rows:
        pair = (row.account_id, row.vehicle_id)
        began_at, end = _begin(row), _end(row)
        if pair in pairs and (end is None or began_at < end):
            yield pair, Span(began_at, end)


def _begin(subscription: Subscription) -> datetime:
    started_at = datetime.combine(subscription.activated_on, time.min, tzinfo=subscription.market.zone)
    return max(subscription.ordered_at, started_at)


def _end(subscription: Subscription) -> datetime | None:
    """The moment of an end at once; else the midnight of the first day without, whenever the run came by."""
    last, ended_at, zone = subscription.ends_on, subscription.ended_at, subscription.market.zone
    midnight = datetime.combine(last, time.min, tzinfo=zone) if last else None
    if ended_at is None or midnight is None:
        return ended_at or midnight
    cancelled_at = subscription.cancelled_at
    was_set_that_day = cancelled_at is not None and cancelled_at.astimezone(zone).date() == last
    is_at_once = was_set_that_day or subscription.end_reason not in FORESEEN
    return ended_at if is_at_once else min(midnight, ended_at)


def _standard(service: str, pairs: Collection[Pair]) -> Iterator[tuple[Pair, Span]]:
    """Of every car that can have it, since its account first accepted Terms, or since its days began to count."""
    packages = [package for package in _packages(service) if package.is_standard]
    if not packages:
        return
    accounts = Account.objects.filter(pk__in={account_id for account_id, _ in pairs})
    first = Coalesce(Min("terms_acceptances__accepted_at"), "created_at")
    rows = accounts.annotate(since=first).values_list("pk", "since", "market__code")
    known = {pk: (since, market_code) for pk, since, market_code in rows}
    cars = Vehicle.objects.in_bulk({vehicle_id for _, vehicle_id in pairs})
    for account_id, vehicle_id in pairs:
        since, market_code = known[account_id]
        if any(_fits(package, cars[vehicle_id], market_code) for package in packages):
            yield (account_id, vehicle_id), Span(since)


def _fits(package: Package, vehicle: Vehicle, market_code: str) -> bool:
    is_sold = market_code not in package.left_out_in
    return not what_is_missing(package.needs, facts_of(vehicle), is_sold_in_market=is_sold)


def _packages(service: str) -> list[Package]:
    return list(Package.objects.filter(services__code=service))


def _paused(account_ids: Collection[int], now: datetime) -> set[int]:
    counted = Account.objects.filter(pk__in=account_ids, terms_due_on__isnull=False).select_related("market")
    return {account.pk for account in counted if is_paused(account, today=account.market.local_date(now))}
