"""C5 for free periods that nobody took up: they end all the same (C4), and the active account is told.

The database finds whom there is still something to tell. A free period that is taken up is told of by `warn`.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import CharField, DateField, Exists, F, Func, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Coalesce, Concat

from accounts.models import Account, Notice
from accounts.notices.kinds import tell_all, worded
from garage.models import Membership
from portal import audit
from portal.batches import all_or_each
from portal.models import Market
from portal.texts import localized
from subscriptions.centre.packages import missing_of, packages_of
from subscriptions.models import Package, Subscription
from subscriptions.notices.free_periods import ENDED, ENDING, key_of_untaken
from subscriptions.notices.telling import path_for
from subscriptions.rules.advance_notice import DAYS_BEFORE_COMPLIMENTARY_END
from subscriptions.rules.lifecycle import EndReason

BATCH = 500
# The second notice is still of use so long after the day; then it is news no more.
LATE_DAYS = 30
COUNTED_FROM = Coalesce("vehicle__warranty_start", "vehicle__purchased_on", "vehicle__first_registered_on")


@dataclass(frozen=True)
class Untaken:
    link_id: int
    package: Package
    ends_on: date


def tell_of_untaken(*, market: Market, now: datetime) -> None:
    """Both notices, each once for a car and a package: 30 days before the end, and from the day of the end on."""
    for kind in (ENDING, ENDED):
        found = list(_found(kind, market, today=market.local_date(now)))
        for first in range(0, len(found), BATCH):
            all_or_each(partial(_tell, kind=kind, market=market, now=now), found[first : first + BATCH])


def _found(kind: str, market: Market, *, today: date) -> Iterator[Untaken]:
    for package in packages_of(market):
        if not package.is_left_out(market):
            for months, cars in _by_months(package.free_months_in(market)):
                links = _links(kind, market, package, months, today=today).filter(cars)
                for link_id, ends_on in links.order_by("pk").values_list("pk", "free_until"):  # type: ignore[misc]
                    yield Untaken(link_id, package, ends_on)


def _by_months(free_months: dict[str, int]) -> Iterator[tuple[int, Q]]:
    """Each number of free months, with the cars that have it by their multimedia generation."""
    listed = [generation for generation in free_months if generation != "default"]
    generations: dict[int, list[str]] = defaultdict(list)
    for generation in listed:
        generations[free_months[generation]].append(generation)
    for months, having in generations.items():
        if months:
            yield months, Q(vehicle__multimedia__in=having)
    if free_months.get("default"):
        yield free_months["default"], ~Q(vehicle__multimedia__in=listed)


def _links(kind: str, market: Market, package: Package, months: int, *, today: date) -> QuerySet[Membership]:
    """Of accounts that control a car whose free period comes to its end, and that were not told so."""
    first, last = _ends(kind, today)
    # A month more on either side: the index narrows by the start, the end itself is reckoned.
    slack = timedelta(days=31 * (months + 1)), timedelta(days=28 * (months - 1))
    active = Membership.objects.current().filter(is_active=True, account__market=market)
    rows = active.annotate(counted_from=COUNTED_FROM).filter(
        counted_from__gt=first - slack[0], counted_from__lt=last - slack[1]
    )
    ends_on: Any = Func(
        F("counted_from"), template=f"(%(expressions)s + interval '{months:d} months')::date", output_field=DateField()
    )
    rows = rows.annotate(free_until=ends_on).filter(Q(free_until__gte=first), Q(free_until__lte=last))
    same = {"vehicle": OuterRef("vehicle"), "package": package.pk}
    # A plan that was chosen ahead takes nothing up: it follows.
    running = Subscription.objects.begun() if kind == ENDING else Subscription.objects.live()
    rows = rows.filter(~Exists(running.filter(**same)), ~_told(kind, package))
    if kind == ENDED:
        # Whoever had taken it up was told by its own end.
        own = Subscription.objects.filter(account=OuterRef("account"), end_reason=EndReason.EXPIRED, **same)
        rows = rows.filter(_told(ENDING, package), ~Exists(own.filter(ends_on=OuterRef("free_until"))))
    return rows


def _ends(kind: str, today: date) -> tuple[date, date]:
    """The first and the last end of which that notice tells today."""
    if kind == ENDING:
        return today + timedelta(days=1), today + timedelta(days=DAYS_BEFORE_COMPLIMENTARY_END)
    return today - timedelta(days=LATE_DAYS), today


def _told(kind: str, package: Package) -> Exists:
    car: Any = Cast(OuterRef("vehicle__public_id"), CharField())
    key = Concat(Value("free:"), car, Value(f":{package.pk}"))
    return Exists(
        Notice.objects.filter(account=OuterRef("account"), kind=kind, subject_key=key, event_on=OuterRef("free_until"))
    )


@transaction.atomic
def _tell(found: Sequence[Untaken], *, kind: str, market: Market, now: datetime) -> None:
    """Whoever takes one up, or runs, at the same time waits for the accounts, and then finds them told."""
    accounts = Account.objects.filter(memberships__in=[each.link_id for each in found]).order_by("pk")
    list(accounts.select_for_update(of=["self"], no_key=True))
    links = Membership.objects.current().filter(pk__in={each.link_id for each in found}, is_active=True)
    locked = (
        links.select_for_update(of=["self"], no_key=True).select_related("account__market", "vehicle").order_by("pk")
    )
    rows = {link.pk: link for link in locked}
    own = Subscription.objects.live().filter(vehicle__in={link.vehicle_id for link in rows.values()})
    running = {(row.vehicle_id, row.package_id): row for row in own.select_related("plan").order_by("-status")}
    pairs = [
        (rows[each.link_id], each)
        for each in found
        if each.link_id in rows and not _is_taken(running.get((rows[each.link_id].vehicle_id, each.package.pk)))
    ]
    wanted = [
        _notice(link, each, kind=kind, ordered=running.get((link.vehicle_id, each.package.pk)), market=market, now=now)
        for link, each in pairs
        if _may_have(link, each, market)
    ]
    told = Notice.objects.filter(kind=kind, account__in={link.account_id for link, _each in pairs})
    known = set(told.filter(subject_key__in=[row.subject_key for row in wanted]).values_list("subject_key", "event_on"))
    audit.append(tell_all([row for row in wanted if (row.subject_key, row.event_on) not in known], now=now))


def _is_taken(running: Subscription | None) -> bool:
    return running is not None and not running.is_scheduled


def _may_have(link: Membership, untaken: Untaken, market: Market) -> bool:
    """C2, S10: of what the car cannot have, and of what goes before, there is nothing to tell."""
    gone_on = untaken.package.discontinued_on(market.pk)
    return gone_on is None and not missing_of(untaken.package, link.vehicle, market=market)


def _notice(
    link: Membership, untaken: Untaken, *, kind: str, ordered: Subscription | None, market: Market, now: datetime
) -> Notice:
    package = untaken.package
    return worded(
        account=link.account,
        kind=kind,
        subject_key=key_of_untaken(link.vehicle, package),
        event_on=untaken.ends_on,
        now=now,
        package=package.code,
        package_name=localized(package.names, link.account.language),
        vehicle_label=link.label,
        currency=market.currency,
        url=f"{path_for(link.account, 'services', link.public_id)}#{package.code}",
        ends_on=untaken.ends_on,
        ordered_term=ordered.term if ordered else "",
        plans=[{"term": plan.term, "price": str(plan.price)} for plan in package.plans.all()],
        is_untaken=True,
    )
