"""Free years that end, as their account is told of it: with what may follow, or with what does (C5)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from accounts.models import Notice
from accounts.notices import tell
from garage.models import Membership, Vehicle
from portal.texts import localized
from subscriptions.free_periods import start_of_plan
from subscriptions.models import Package, Plan, Subscription
from subscriptions.rules.advance_notice import ENDING
from subscriptions.telling import facts_about, path_for


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
        plans=_priced(plans),
    )


def _priced(plans: Iterable[Plan]) -> list[dict[str, str]]:
    return [{"term": plan.term, "price": str(plan.price)} for plan in plans]


def _path(row: Subscription, *, ordered: Subscription | None, link: Membership | None, now: datetime) -> str:
    """The order that follows; else the choice of plans, once one can be ordered; else the free period's own page."""
    if ordered:
        return path_for(row.account, "subscription", ordered.public_id)
    today = row.market.local_date(now)
    if link is None or start_of_plan(row.vehicle, row.package, row.market, today=today) is None:
        return ""
    return path_for(row.account, "checkout_plan", link.public_id, row.package.code)


# Free years that nobody took up


def unused_key(vehicle: Vehicle, package: Package) -> str:
    """What a notice of them is about: there is no subscription to name."""
    return f"{vehicle.public_id}:{package.pk}"


def was_told_unused(subscription: Subscription) -> bool:
    """Whether the account was told of the end before it took the free years up."""
    told = Notice.objects.filter(account=subscription.account_id, kind=ENDING, event_on=subscription.ends_on)
    return told.filter(subject_key=unused_key(subscription.vehicle, subscription.package)).exists()


def unused_facts(
    link: Membership, package: Package, kind: str, *, ends_on: date, ordered: Subscription | None, now: datetime
) -> dict[str, Any]:
    """What `worded` wants. `package` comes with the market's plans on offer, the cheapest first."""
    account, vehicle = link.account, link.vehicle
    return {
        "account": account,
        "kind": kind,
        "subject_key": unused_key(vehicle, package),
        "event_on": ends_on,
        "package": package.code,
        "package_name": localized(package.names, account.language),
        "vehicle_label": f"{vehicle.model} {vehicle.plate}".strip(),
        "currency": account.market.currency,
        "url": _path_of_unused(link, package, ordered=ordered, now=now),
        "ends_on": str(ends_on),
        "ordered_term": ordered.term if ordered else "",
        "plans": _priced(package.plans.all()),
        "is_unused": True,
    }


def _path_of_unused(link: Membership, package: Package, *, ordered: Subscription | None, now: datetime) -> str:
    """The order that follows; else the choice of plans, once one can be ordered; else where it is switched on."""
    account = link.account
    if ordered:
        return path_for(account, "subscription", ordered.public_id)
    starts_on = start_of_plan(link.vehicle, package, account.market, today=account.market.local_date(now))
    if starts_on is None or not package.plans.all():
        return path_for(account, "services", link.public_id)
    return path_for(account, "checkout_plan", link.public_id, package.code)
