"""Packages, services and plans brought to what a market's catalogue says.

Nothing is deleted: contracts keep their plan. What a package is (words, services, what it asks of a car) is the
brand's, one for all markets; whether it is in the catalogue, its free months and its prices are the market's own.
"""

from collections.abc import Mapping
from typing import Any

from portal.models import Market
from subscriptions.catalogue.file import CatalogueFile
from subscriptions.models import Package, Plan, Service, Subscription

Row = Mapping[str, Any]
# Of the market, or rows of their own; the other columns are the package's, as they stand in the file.
_OWN = {"services", "prices", "base", "complimentary_months"}


def store(file: CatalogueFile) -> dict[str, int]:
    """Within the caller's transaction. Gives how many rows were created, changed and left unchanged."""
    counts = {"created": 0, "changed": 0, "unchanged": 0}
    for row in file.services.values():
        counts[_upsert(Service, row)] += 1
    # Bases first, so that an add-on finds its own.
    for row in sorted(file.packages.values(), key=lambda row: bool(row["base"])):
        counts[_store_package(row, file.market)] += 1
        _store_plans(file.market, row, counts)
    counts["changed"] += _leave_out(file)
    return counts


def lost_services(row: Row, package: Package) -> set[str]:
    """Codes of services that the row takes from a package that customers have now."""
    lost = {service.code for service in package.services.all()} - set(row["services"])
    return lost if lost and _is_promised(package) else set()


def moves_base(row: Row, package: Package) -> bool:
    """Whether the row makes another package the base of one that customers have now (S12)."""
    return row["base"] != (package.base.code if package.base else "") and _is_promised(package)


def _is_promised(package: Package) -> bool:
    return Subscription.objects.live().filter(package=package).exists()


def _store_package(row: Row, market: Market) -> str:
    values = {key: value for key, value in row.items() if key not in _OWN}
    package = Package.objects.select_related("base").filter(code=row["code"]).first()
    kept = lost_services(row, package) if package else set()
    if package is None or not moves_base(row, package):
        values["base"] = Package.objects.get(code=row["base"]) if row["base"] else None
    outcome = _upsert(Package, values | _of_market(row, market, package))
    services = Service.objects.filter(code__in={*row["services"], *kept})
    Package.objects.get(code=row["code"]).services.set(services)
    return outcome


def _of_market(row: Row, market: Market, package: Package | None) -> dict[str, Any]:
    """C4: a market may differ in its free months; the default market's are those of all that do not."""
    months = row["complimentary_months"]
    if package is None:
        others = Market.objects.exclude(pk=market.pk).order_by("code").values_list("code", flat=True)
        return {"complimentary_months": months, "left_out_in": list(others)}
    return {
        "complimentary_months": months if market.is_default else package.complimentary_months,
        "complimentary_months_in": _but_for(market, package, months),
        "left_out_in": [code for code in package.left_out_in if code != market.code],
    }


def _but_for(market: Market, package: Package, months: Mapping[str, int]) -> dict[str, Any]:
    others = {code: each for code, each in package.complimentary_months_in.items() if code != market.code}
    is_as_all = market.is_default or months == package.complimentary_months
    return others if is_as_all else others | {market.code: months}


def _store_plans(market: Market, row: Row, counts: dict[str, int]) -> None:
    package = Package.objects.get(code=row["code"])
    for term, price in row["prices"].items():
        plan, created = Plan.objects.get_or_create(package=package, market=market, term=term, defaults={"price": price})
        is_changed = not created and (plan.price, plan.is_offered) != (price, True)
        if is_changed:
            Plan.objects.filter(pk=plan.pk).update(price=price, is_offered=True)
        counts["created" if created else "changed" if is_changed else "unchanged"] += 1
    gone = Plan.objects.filter(package=package, market=market, is_offered=True).exclude(term__in=row["prices"])
    counts["changed"] += gone.update(is_offered=False)


def _leave_out(file: CatalogueFile) -> int:
    """What the file does not name is not in this market's catalogue, and none of its plans can be ordered."""
    code = file.market.code
    gone = Package.objects.exclude(code__in=file.packages).exclude(left_out_in__contains=[code])
    for package in gone:
        package.left_out_in = [*package.left_out_in, code]
        package.save(update_fields=["left_out_in"])
    plans = Plan.objects.filter(market=file.market, is_offered=True).exclude(package__code__in=file.packages)
    return len(gone) + plans.update(is_offered=False)


def _upsert(model: Any, values: Mapping[str, Any]) -> str:
    row, created = model.objects.get_or_create(code=values["code"], defaults=values)
    if created:
        return "created"
    changed = [key for key, value in values.items() if getattr(row, key) != value]
    if not changed:
        return "unchanged"
    for key in changed:
        setattr(row, key, values[key])
    row.save(update_fields=changed)
    return "changed"
