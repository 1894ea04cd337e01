"""What a new version of a catalogue brings, before it does: its changes, and for how many cars and contracts.

Cars are counted by groups that are alike in all that the rule of eligibility asks, so that the rule is put to some
hundred groups and not to each car. A fixed number of queries, whatever the number of cars.
"""

from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, CharField, Count, Exists, F, IntegerField, OuterRef, Value, When
from django.db.models.functions import Coalesce

from garage.models import Membership, Vehicle
from portal.models import Market
from subscriptions.catalogue.file import SERVICE_FLAGS, CatalogueFile, read_catalogue
from subscriptions.models import CatalogueVersion, Discontinuation, Package, Plan, Service, Subscription
from subscriptions.rules.catalogue_changes import Change, Content, Row, changes_between
from subscriptions.rules.complimentary import complimentary_months
from subscriptions.rules.eligibility import CarFacts, Needs, ServiceNeeds, what_is_missing, what_service_misses

SERVICE_COLUMNS = ("names", "descriptions", "capabilities", "forbidden", *SERVICE_FLAGS)
OF_CAR = (
    *("car_markets", "car_models", "bought_from", "bought_before"),
    *("generations", "powertrains", "capabilities"),
)
PACKAGE_COLUMNS = (
    "names",
    "descriptions",
    "suite",
    "is_standard",
    "is_set_up_in_car",
    "gives_trial",
    "channels",
    *OF_CAR,
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
    groups = _groups(file.market, _asked(before, after))
    running = dict(
        Subscription.objects.live().filter(market=file.market).values_list("package__code").annotate(Count("pk"))
    )
    named = {change.code for change in changes}
    gone = set(Discontinuation.objects.filter(market=file.market).values_list("package__code", flat=True))
    old, new = _rules(before, file.market, gone), _rules(after, file.market, gone)
    effects = [
        _effect(code, old.get(code, _NOT_NAMED), new.get(code, _NOT_NAMED), groups, running=running.get(code, 0))
        for code in [*new, *(code for code in old if code not in new)]
    ]
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


@dataclass(frozen=True, kw_only=True)
class _Rule:
    """The one rule of eligibility, put to a package of a version."""

    needs: Needs
    services: Mapping[str, ServiceNeeds]
    is_sold: bool
    is_discontinued: bool
    free: Mapping[str, int]

    def can_have(self, car: CarFacts) -> bool:
        return not what_is_missing(
            self.needs,
            car,
            is_sold_in_market=self.is_sold,
            is_discontinued=self.is_discontinued,
            services=list(self.services.values()),
        )

    def working(self, car: CarFacts, *, among: Set[str]) -> set[str]:
        return {each for each in among if not what_service_misses(self.services[each], car)}

    def free_months(self, car: CarFacts) -> int:
        return complimentary_months(self.free, car.generation)


# Of a package that a version does not name.
_NOT_NAMED = _Rule(needs=Needs(), services={}, is_sold=False, is_discontinued=False, free={})


def _rules(content: Content, market: Market, discontinued: Collection[str]) -> dict[str, _Rule]:
    services = {code: _service_needs(row, market) for code, row in content.services.items()}
    return {
        code: _Rule(
            needs=Package(**{name: row[name] for name in OF_CAR}).needs,
            services={each: services[each] for each in row["services"]},
            is_sold=_is_sold(row),
            is_discontinued=code in discontinued,
            free=row["complimentary_months"],
        )
        for code, row in content.packages.items()
    }


def _service_needs(row: Row, market: Market) -> ServiceNeeds:
    return Service(capabilities=row["capabilities"], forbidden=row["forbidden"]).needs_in(market)


def _effect(code: str, old: _Rule, new: _Rule, groups: Sequence[Group], *, running: int) -> Effect:
    counts = {"gained": 0, "lost": 0, "in_part": 0, "free_months": 0}
    both = old.services.keys() & new.services.keys()
    # Of a package that asks the same as before nothing can change.
    for group in groups if old != new else ():
        car = group.facts
        could, can = old.can_have(car), new.can_have(car)
        if could != can:
            counts["gained" if can else "lost"] += group.cars
        elif can and old.working(car, among=both) != new.working(car, among=both):
            counts["in_part"] += group.cars
        if old.free_months(car) != new.free_months(car):
            counts["free_months"] += group.cars
    return Effect(code=code, running=running, **counts)


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """What the packages of both versions ask of a car by name; cars that differ in nothing else are alike."""

    models: Collection[str]
    markets: Collection[str]
    # The days of purchase on which a package begins or ceases to be for a car.
    bounds: Sequence[date]


def _asked(*contents: Content) -> _Asked:
    rows = [row for each in contents for row in each.packages.values()]
    days = {row[name] for row in rows for name in ("bought_from", "bought_before")}
    return _Asked(
        models={model for row in rows for model in row["car_models"]},
        markets={code for row in rows for code in row["car_markets"]},
        bounds=sorted(day for day in days if day),
    )


def _groups(market: Market, asked: _Asked) -> list[Group]:
    """One query. A car in the garages of several accounts of the market counts once."""
    held = Membership.objects.current().filter(vehicle=OuterRef("pk"), account__market=market)
    bought = Coalesce("purchased_on", "first_registered_on", "warranty_start")
    stretches = [When(bought_on__lt=day, then=Value(number)) for number, day in enumerate(asked.bounds)]
    stretches.append(When(bought_on__isnull=False, then=Value(len(asked.bounds))))
    rows = (
        Vehicle.objects.filter(Exists(held))
        .annotate(bought_on=bought)
        .annotate(
            stretch=Case(*stretches, default=None, output_field=IntegerField()),
            asked_model=_if_asked("model", asked.models),
            asked_market=_if_asked("market_code", asked.markets),
        )
        .values("multimedia", "powertrain", "capabilities", "asked_model", "asked_market", "stretch")
        .annotate(cars=Count("pk"))
        .order_by()
    )
    return [
        Group(
            facts=CarFacts(
                generation=row["multimedia"],
                powertrain=row["powertrain"],
                capabilities=tuple(row["capabilities"]),
                model=row["asked_model"],
                market=row["asked_market"],
                bought_on=_day_within(row["stretch"], asked.bounds),
            ),
            cars=row["cars"],
        )
        for row in rows
    ]


def _if_asked(column: str, values: Collection[str]) -> Case:
    """The column where some package names its value; what none names is alike."""
    named = When(**{f"{column}__in": sorted(values)}, then=F(column))
    return Case(named, default=Value(""), output_field=CharField())


def _day_within(stretch: int | None, bounds: Sequence[date]) -> date | None:
    """Any day of the stretch: before the first bound, or from the one that begins it."""
    if stretch is None:
        return None
    if not bounds:
        return date.min
    return bounds[stretch - 1] if stretch else bounds[0] - timedelta(days=1)
