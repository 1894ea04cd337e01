"""When a service of the catalogue ran for an account and a car: by its subscriptions, or as a standard service (C3)."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, time
from typing import Any

from django.db.models import OuterRef, Q, Subquery

from accounts.models import Account, TermsAcceptance
from accounts.rules.terms import is_paused
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
    contents = _contents_with(service)
    if not contents:
        return {}
    packages = [each.package for each in contents]
    accounts = _accounts({account_id for account_id, _ in pairs})
    cars = Vehicle.objects.in_bulk({vehicle_id for _, vehicle_id in pairs})
    wanted = {
        (account_id, vehicle_id)
        for account_id, vehicle_id in pairs
        if not _is_paused(accounts[account_id], now)
        and _works(contents[0].service, accounts[account_id].market, cars[vehicle_id])
    }
    times: dict[Pair, list[Span]] = defaultdict(list)
    for pair, span in (*_subscribed(packages, wanted), *_standard(packages, wanted, accounts, cars)):
        times[pair].append(span)
    return times


def _contents_with(service: str) -> list[Any]:
    """Each package that the service is in, with the service."""
    contents = Package.services.through.objects.filter(service__code=service)
    return list(contents.select_related("package", "service"))


def _accounts(account_ids: Collection[int]) -> dict[int, Any]:
    """With when they first accepted Terms."""
    acceptances = TermsAcceptance.objects.filter(account=OuterRef("pk")).order_by("accepted_at")
    accounts = Account.objects.select_related("market")
    return accounts.annotate(first_accepted_at=Subquery(acceptances.values("accepted_at")[:1])).in_bulk(account_ids)


def _is_paused(account: Any, now: datetime) -> bool:
    return is_paused(
        last_day=account.terms_due_on,
        has_ever_accepted=account.first_accepted_at is not None,
        today=account.market.local_date(now),
    )


def _works(service: Service, market: Market, car: Vehicle) -> bool:
    """C2: not where the country's law forbids the service, or the car lacks its equipment."""
    return not what_service_misses(service.needs_in(market), facts_of(car))


def was_disturbed(service: str, market: Market, span: Span) -> bool:
    """Whether staff have written something down that concerns the service: by its name, by a package's, or all."""
    rows = ServiceIncident.objects.in_market(market).not_over(span.start)
    if span.end:
        rows = rows.filter(began_at__lt=span.end)
    of_all = Q(services__isnull=True, packages__isnull=True)
    return rows.filter(of_all | Q(services__code=service) | Q(packages__services__code=service)).exists()


def _subscribed(packages: Collection[Package], pairs: Collection[Pair]) -> Iterator[tuple[Pair, Span]]:
    """From the moment of the order, which is that of the activation but for one ordered ahead, to the end that was
    carried out or has come."""
    rows = Subscription.objects.filter(vehicle__in={vehicle_id for _, vehicle_id in pairs})
    rows = rows.filter(package__in=packages).exclude(status__in=NEVER_RAN).select_related("market")
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


def _standard(
    packages: Collection[Package], pairs: Collection[Pair], accounts: Mapping[int, Any], cars: Mapping[int, Vehicle]
) -> Iterator[tuple[Pair, Span]]:
    """Of every car that can have it, since its account first accepted Terms, or since its days began to count."""
    standard = [package for package in packages if package.is_standard]
    for account_id, vehicle_id in pairs:
        account = accounts[account_id]
        if any(_fits(package, cars[vehicle_id], account.market.code) for package in standard):
            yield (account_id, vehicle_id), Span(account.first_accepted_at or account.created_at)


def _fits(package: Package, vehicle: Vehicle, market_code: str) -> bool:
    is_sold = market_code not in package.left_out_in
    return not what_is_missing(package.needs, facts_of(vehicle), is_sold_in_market=is_sold)
