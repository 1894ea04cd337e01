"""Free years that end, as their account is told of it: with what may follow, or with what does (C5)."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from accounts.models import Notice
from accounts.notices.kinds import tell
from garage.models import Membership, Vehicle
from subscriptions.centre.free_periods import start_of_plan
from subscriptions.models import Package, Plan, Subscription
from subscriptions.notices.telling import facts_about, path_for

ENDING = "complimentary_ending"
ENDED = "complimentary_ended"


def key_of_untaken(vehicle: Vehicle, package: Package) -> str:
    """What a notice is about where nobody took the free period up: it has no subscription."""
    return f"free:{vehicle.public_id}:{package.pk}"


def was_told_untaken(subscription: Subscription) -> bool:
    """C5: once; the account was told before it took the free period up."""
    key = key_of_untaken(subscription.vehicle, subscription.package)
    told = Notice.objects.filter(account=subscription.account_id, kind=ENDING, subject_key=key)
    return subscription.ends_on is not None and told.filter(event_on=subscription.ends_on).exists()


def tell_complimentary(subscription: Subscription, kind: str, *, now: datetime) -> bool:
    """The free years are ending, or have ended."""
    [facts] = complimentary_facts([subscription], kind, now=now)
    return tell(now=now, **facts)


def complimentary_facts(rows: Sequence[Subscription], kind: str, *, now: datetime) -> list[dict[str, Any]]:
    """For each, what `tell` wants. Three queries, however many there are."""
    plans: dict[tuple[int, int], list[Plan]] = defaultdict(list)
    for plan in Plan.objects.on_offer().filter(package__in={row.package_id for row in rows}).order_by("price"):
        plans[plan.package_id, plan.market_id].append(plan)
    of_them = {"account__in": {row.account_id for row in rows}, "vehicle__in": {row.vehicle_id for row in rows}}
    ahead = Subscription.objects.ordered_ahead().filter(**of_them).select_related("plan")
    ordered = {(row.account_id, row.vehicle_id, row.package_id): row for row in ahead}
    links = Membership.objects.current().filter(is_active=True, **of_them)
    link_of = {(link.account_id, link.vehicle_id): link for link in links}
    return [
        _facts(
            row,
            kind,
            plans=plans[row.package_id, row.market_id],
            ordered=ordered.get((row.account_id, row.vehicle_id, row.package_id)),
            link=link_of.get((row.account_id, row.vehicle_id)),
            now=now,
        )
        for row in rows
    ]


def _facts(
    row: Subscription,
    kind: str,
    *,
    plans: Sequence[Plan],
    ordered: Subscription | None,
    link: Membership | None,
    now: datetime,
) -> dict[str, Any]:
    if row.ends_on is None:
        raise ValueError("a complimentary period has its end from the start")
    return facts_about(
        row,
        kind,
        event_on=row.ends_on,
        path=_path(row, ordered=ordered, link=link, now=now),
        ends_on=row.ends_on,
        ordered_term=ordered.term if ordered else "",
        plans=[{"term": plan.term, "price": str(plan.price)} for plan in plans],
    )


def _path(row: Subscription, *, ordered: Subscription | None, link: Membership | None, now: datetime) -> str:
    """The order that follows; else the choice of plans, once one can be ordered; else the free period's own page."""
    if ordered:
        return path_for(row.account, "subscription", ordered.public_id)
    today = row.market.local_date(now)
    if link is None or start_of_plan(row.vehicle, row.package, row.market, today=today) is None:
        return ""
    return path_for(row.account, "checkout_plan", link.public_id, row.package.code)
