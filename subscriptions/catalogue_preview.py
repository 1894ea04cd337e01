"""What a new version of a catalogue brings, before it does: its changes, and for how many cars and contracts.

Cars are counted by groups that are alike in all that the rule of eligibility asks, so that the rule is put to some
hundred groups and not to each car. A fixed number of queries, whatever the number of cars.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Value, When
from django.db.models.functions import Coalesce

from garage.models import Membership, Vehicle
from portal.models import Market
from subscriptions.catalogue_file import SERVICE_FLAGS, CatalogueFile, read_catalogue
from subscriptions.models import CatalogueVersion, Discontinuation, Package, Plan, Service, Subscription
from subscriptions.rules.catalogue_changes import Change, Content, Row, changes_between
from subscriptions.rules.complimentary import complimentary_months
from subscriptions.rules.eligibility import CarFacts, Missing, Needs, ServiceNeeds, what_is_missing, what_service_misses

SERVICE_COLUMNS = ("names", "descriptions", "capabilities", "forbidden", *SERVICE_FLAGS)
PACKAGE_COLUMNS = (
    *("names", "descriptions", "suite", "is_standard", "gives_trial", "channels"),
    *("car_markets", "car_models", "bought_from", "bought_before", "generations", "powertrains", "capabilities"),
)


@dataclass(frozen=True, kw_only=True)
class Effect:
    """Of one package. Cars are those in a garage of the market."""

    code: str
    # Cars that can have it then and cannot now, and the other way round.
    gained: int
    lost: int
    # Cars that can have it before and after, with other services of it working.
    in_part: int
    # Cars whose free months are others; periods that were taken up keep their end.
    free_months: int
    # Running subscriptions, included ones too. They stay as they are.
    running: int


@dataclass(frozen=True, kw_only=True)
class Preview:
    changes: list[Change]
    # Of each package that changes anything for a car, or is named by a change.
    effects: list[Effect]
    cars: int
    running: int


@dataclass(frozen=True, kw_only=True)
class Group:
    """Cars that are alike for every package."""

    facts: CarFacts
    cars: int


def preview_version(version: CatalogueVersion) -> Preview:
    """Held against what holds on the day before it: what is in force, or a version that is to come before it."""
    before = CatalogueVersion.objects.of_day(version.market, version.effective_on - timedelta(days=1))
    is_to_come = before is not None and before.in_force_at is None
    standing = _of_file(_read(before)) if before and is_to_come else content_in_force(version.market)
    return preview(_read(version), standing)


def preview_file(file: CatalogueFile) -> Preview:
    """Held against what is in force."""
    return preview(file, content_in_force(file.market))


def preview(file: CatalogueFile, before: Content) -> Preview:
    after = _of_file(file)
    changes = changes_between(before, after)
    groups = _groups(file.market, _bounds(before, after))
    running = dict(
        Subscription.objects.live().filter(market=file.market).values_list("package__code").annotate(Count("pk"))
    )
    named = {change.code for change in changes}
    old, new = _Rules(before, file.market), _Rules(after, file.market)
    codes = [*after.packages, *(code for code in before.packages if code not in after.packages)]
    effects = [_effect(code, old, new, groups, running=running.get(code, 0)) for code in codes]
    return Preview(
        changes=changes,
        effects=[each for each in effects if each.code in named or _touches(each)],
        cars=sum(group.cars for group in groups),
        running=sum(running.values()),
    )


def content_in_force(market: Market) -> Content:
    """The catalogue as its rows say it now, in the shape of a file."""
    prices: dict[str, dict[str, Any]] = {}
    plans = Plan.objects.filter(market=market, is_offered=True)
    for code, term, price in plans.values_list("package__code", "term", "price"):
        prices.setdefault(code, {})[term] = price
    packages = Package.objects.order_by("position", "pk").select_related("base").prefetch_related("services")
    rows = {package.code: _row(package, market, prices.get(package.code, {})) for package in packages}
    named = {code: row for code, row in rows.items() if _is_sold(row)}
    used = {
        service.code: service for package in packages if package.code in named for service in package.services.all()
    }
    services = {code: {name: getattr(service, name) for name in SERVICE_COLUMNS} for code, service in used.items()}
    return Content(services=services, packages=named)


def _row(package: Package, market: Market, prices: Mapping[str, Any]) -> dict[str, Any]:
    is_left_out = package.is_left_out(market)
    return {
        **{name: getattr(package, name) for name in PACKAGE_COLUMNS},
        "services": sorted(service.code for service in package.services.all()),
        "base": package.base.code if package.base else "",
        "complimentary_months": {} if is_left_out else package.free_months_in(market),
        "is_standard": package.is_standard and not is_left_out,
        "prices": prices,
    }


def _of_file(file: CatalogueFile) -> Content:
    return Content(services=file.services, packages=file.packages)


def _read(version: CatalogueVersion) -> CatalogueFile:
    return read_catalogue(version.content, name=str(version))


def _is_sold(row: Row) -> bool:
    return bool(row["is_standard"] or row["complimentary_months"] or row["prices"])


def _touches(effect: Effect) -> bool:
    return any((effect.gained, effect.lost, effect.in_part, effect.free_months))


class _Rules:
    """The one rule of eligibility, put to the packages of a version."""

    def __init__(self, content: Content, market: Market) -> None:
        self._content = content
        gone = Discontinuation.objects.filter(market=market).values_list("package__code", flat=True)
        self._discontinued = set(gone)
        self._services = {code: _service_needs(row, market) for code, row in content.services.items()}

    def missing(self, code: str, car: CarFacts) -> list[Missing]:
        row = self._content.packages.get(code)
        if row is None:
            return [Missing.MARKET]
        return what_is_missing(
            _needs(row),
            car,
            is_sold_in_market=_is_sold(row),
            is_discontinued=code in self._discontinued,
            services=[self._services[each] for each in row["services"]],
        )

    def working(self, code: str, car: CarFacts, *, among: set[str]) -> set[str]:
        return {each for each in among if not what_service_misses(self._services[each], car)}

    def services(self, code: str) -> set[str]:
        return set(self._content.packages[code]["services"]) if code in self._content.packages else set()

    def free_months(self, code: str, car: CarFacts) -> int:
        row = self._content.packages.get(code)
        return complimentary_months(row["complimentary_months"], car.generation) if row else 0


def _needs(row: Row) -> Needs:
    columns = {name: row[name] for name in PACKAGE_COLUMNS if name in _OF_CAR}
    return Package(**columns).needs


_OF_CAR = {
    *("car_markets", "car_models", "bought_from", "bought_before"),
    *("generations", "powertrains", "capabilities"),
}


def _service_needs(row: Row, market: Market) -> ServiceNeeds:
    return Service(capabilities=row["capabilities"], forbidden=row["forbidden"]).needs_in(market)


def _effect(code: str, old: _Rules, new: _Rules, groups: Sequence[Group], *, running: int) -> Effect:
    counts = {"gained": 0, "lost": 0, "in_part": 0, "free_months": 0}
    both = old.services(code) & new.services(code)
    for group in groups:
        car = group.facts
        could, can = not old.missing(code, car), not new.missing(code, car)
        if could != can:
            counts["gained" if can else "lost"] += group.cars
        elif can and old.working(code, car, among=both) != new.working(code, car, among=both):
            counts["in_part"] += group.cars
        if old.free_months(code, car) != new.free_months(code, car):
            counts["free_months"] += group.cars
    return Effect(code=code, running=running, **counts)


def _bounds(*contents: Content) -> list[date]:
    """The days of purchase on which a package begins or ceases to be for a car."""
    days = {
        row[name] for each in contents for row in each.packages.values() for name in ("bought_from", "bought_before")
    }
    return sorted(day for day in days if day)


def _groups(market: Market, bounds: Sequence[date]) -> list[Group]:
    """One query. A car in the garages of several accounts of the market counts once."""
    held = Membership.objects.current().filter(vehicle=OuterRef("pk"), account__market=market)
    bought = Coalesce("purchased_on", "first_registered_on", "warranty_start")
    stretches = [When(bought_on__lt=day, then=Value(number)) for number, day in enumerate(bounds)]
    stretches.append(When(bought_on__isnull=False, then=Value(len(bounds))))
    rows = (
        Vehicle.objects.filter(Exists(held))
        .annotate(bought_on=bought)
        .annotate(stretch=Case(*stretches, default=None, output_field=IntegerField()))
        .values("multimedia", "powertrain", "capabilities", "model", "market_code", "stretch")
        .annotate(cars=Count("pk"))
        .order_by()
    )
    return [
        Group(
            facts=CarFacts(
                generation=row["multimedia"],
                powertrain=row["powertrain"],
                capabilities=tuple(row["capabilities"]),
                model=row["model"],
                market=row["market_code"],
                bought_on=_day_within(row["stretch"], bounds),
            ),
            cars=row["cars"],
        )
        for row in rows
    ]


def _day_within(stretch: int | None, bounds: Sequence[date]) -> date | None:
    """Any day of the stretch: before the first bound, or from the one that begins it."""
    if stretch is None:
        return None
    if not bounds:
        return date.min
    return bounds[stretch - 1] if stretch else bounds[0] - timedelta(days=1)
