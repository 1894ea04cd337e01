"""Reading a story file: every mistake of writing stops it before anything is played, with its place."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from subscriptions.rules.complimentary import MOST_DAYS_AHEAD
from subscriptions.rules.periods import TERM_MONTHS, add_months

# S9's early ones are all that there are to opt into.
NOTICES = ("early", "charge_upcoming", "all", "true")
BRANDS = ("visa", "mastercard", "amex")
CARD_BEHAVIOURS = (
    "ok",
    "fails_3ds",
    "insufficient_funds",
    "stolen",
    "expired",
    "needs_authentication",
    "provider_down",
    "timeout_charged",
    "timeout_not_charged",
)
REFUND_BEHAVIOURS = ("ok", "rejected")
POWERTRAINS = {"petrol": "petrol", "hybrid": "hybrid", "plug-in": "plug_in_hybrid", "electric": "electric"}

# What a story may say beside market, until and story.
OPTIONAL = {"vehicle", "packages", "customer", "order_ahead_days"}
# What each act needs and may have, beside `on` and `do`.
VOCABULARY: dict[str, tuple[set[str], set[str]]] = {
    "add card": ({"card", "brand"}, {"behaves", "expires"}),
    "card behaves": ({"card", "behaves"}, set()),
    "refund behaves": ({"card", "behaves"}, set()),
    "make primary": ({"card"}, set()),
    "remove card": ({"card"}, set()),
    "activate": ({"package"}, set()),
    "subscribe": ({"package", "term"}, set()),
    "cancel": ({"package"}, set()),
    "undo cancel": ({"package"}, set()),
    "withdraw": ({"package"}, set()),
    "remove vehicle": (set(), set()),
    "pay now": ({"package"}, set()),
    "opt in": (set(), {"notices"}),
    "jobs stop": ({"until"}, set()),
}


class StoryError(Exception):
    """A mistake of writing; the message names the place and what was expected."""


@dataclass(frozen=True, kw_only=True)
class PackageSpec:
    trial: bool = False
    needs: str = ""
    prices: Mapping[str, Decimal] = field(default_factory=dict)
    complimentary_months: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Car:
    multimedia: str = "MM21"
    powertrain: str = "hybrid"
    warranty_start: date | None = None
    # A car of the registry instead of an invented one (with --keep).
    vin: str = ""


@dataclass(frozen=True, kw_only=True)
class Customer:
    """Who the story's customer is when it is kept (the demo's customers)."""

    email: str = "customer@rehearsal.invalid"
    first_name: str = "Rehearsal"
    last_name: str = "Customer"
    language: str = "en"


@dataclass(frozen=True, kw_only=True)
class Event:
    on: date
    do: str
    values: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Story:
    name: str
    market: str
    until: date
    car: Car
    customer: Customer
    # None: the catalogue of the market itself.
    packages: Mapping[str, PackageSpec] | None
    events: tuple[Event, ...]
    # In place of the market's own number (C4).
    order_ahead_days: int | None = None

    @property
    def starts_on(self) -> date:
        return self.events[0].on

    def is_outage(self, day: date) -> bool:
        """Whether the jobs stand still: the 06:00 run of `on` is the first missed, that of `until` the first again."""
        stops = (event for event in self.events if event.do == "jobs stop")
        return any(stop.on <= day < stop.values["until"] for stop in stops)


@dataclass(frozen=True, kw_only=True)
class Known:
    """The names that the portal has: a story may name these, beside those that it brings."""

    markets: Collection[str] = ()
    # Of the catalogue, for a story that brings no packages of its own.
    packages: Collection[str] = ()


def read_story(path: Path, *, today: date, known: Known | None = None) -> Story:
    """The story of a file. Raises `StoryError`; of names, where it is told which ones are `known`.

    Dates may be relative to `today`, days first: `today-40d`, `today-2m`, `today-1d-12m`.
    """
    try:
        root = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise StoryError(f"{path}: cannot be read as YAML: {error}") from error
    return _Reader(path, today=today, known=known).story(root)


class _Reader:
    """Walks the composed document, so that each complaint can name its line."""

    def __init__(self, path: Path, *, today: date, known: Known | None) -> None:
        self.path, self.today, self.known = path, today, known

    def story(self, root: yaml.Node | None) -> Story:
        top = self.mapping(root, required={"market", "until", "story"}, allowed=OPTIONAL)
        market = self.one_of(top["market"], self.known.markets, "market") if self.known else self.text(top["market"])
        until = self.date(top["until"])
        packages = self.packages(top["packages"]) if "packages" in top else None
        return Story(
            name=self.path.stem,
            market=market,
            until=until,
            car=self.car(top.get("vehicle")),
            customer=self.customer(top.get("customer")),
            packages=packages,
            order_ahead_days=self.days_ahead(top["order_ahead_days"]) if "order_ahead_days" in top else None,
            events=self.events(top["story"], until=until, packages=self.names_of(packages)),
        )

    def names_of(self, packages: Mapping[str, PackageSpec] | None) -> Collection[str] | None:
        """None where any name may stand: the catalogue is not known here."""
        if packages is not None:
            return packages.keys()
        return self.known.packages if self.known else None

    def car(self, node: yaml.Node | None) -> Car:
        if node is None:
            return Car()
        values = self.mapping(node, allowed={"multimedia", "powertrain", "warranty_start", "vin"})
        powertrain = self.one_of(values["powertrain"], POWERTRAINS) if "powertrain" in values else "hybrid"
        return Car(
            multimedia=self.text(values["multimedia"], most=12) if "multimedia" in values else "MM21",
            powertrain=POWERTRAINS[powertrain],
            warranty_start=self.date(values["warranty_start"]) if "warranty_start" in values else None,
            vin=self.text(values["vin"]) if "vin" in values else "",
        )

    def customer(self, node: yaml.Node | None) -> Customer:
        if node is None:
            return Customer()
        values = self.mapping(node, required={"email"}, allowed={"first_name", "last_name", "language"})
        return Customer(**{key: self.text(value) for key, value in values.items()})

    def packages(self, node: yaml.Node) -> dict[str, PackageSpec]:
        names = self.mapping(node)
        specs = {name: self.package(value) for name, value in names.items()}
        for name, spec in specs.items():
            if spec.needs and spec.needs not in specs:
                raise self.error(names[name], f"needs {spec.needs!r}, which is no package of this story", specs)
            if spec.needs and specs[spec.needs].needs:
                raise self.error(names[name], f"needs {spec.needs!r}, which is itself or an addition")
        return specs

    def package(self, node: yaml.Node) -> PackageSpec:
        values = self.mapping(node, required={"prices"}, allowed={"trial", "needs", "complimentary_months"})
        prices = self.mapping(values["prices"], allowed=set(TERM_MONTHS))
        months = self.mapping(values["complimentary_months"]) if "complimentary_months" in values else {}
        return PackageSpec(
            trial=self.flag(values["trial"]) if "trial" in values else False,
            needs=self.text(values["needs"]) if "needs" in values else "",
            prices={term: self.price(price) for term, price in prices.items()},
            complimentary_months={generation: self.number(count) for generation, count in months.items()},
        )

    def events(self, node: yaml.Node, *, until: date, packages: Collection[str] | None) -> tuple[Event, ...]:
        if not isinstance(node, yaml.SequenceNode) or not node.value:
            raise self.error(node, "a list of events is expected")
        events: list[Event] = []
        for item in node.value:
            event = self.event(item, packages=packages, cards={e.values.get("card") for e in events})
            earliest = events[-1].on if events else date.min
            if not earliest <= event.on <= until:
                raise self.error(item, f"{event.on} is out of order, or after `until` ({until})")
            events.append(event)
        return tuple(events)

    def event(self, node: yaml.Node, *, packages: Collection[str] | None, cards: set[Any]) -> Event:
        raw = self.mapping(node, required={"on", "do"}, allowed=None)
        do = self.one_of(raw["do"], VOCABULARY)
        required, optional = VOCABULARY[do]
        self.mapping(node, required={"on", "do", *required}, allowed=optional)
        values = {key: self.value(key, value, do=do) for key, value in raw.items() if key not in {"on", "do"}}
        if packages is not None and "package" in values:
            self.one_of(raw["package"], packages, "package")
        if do != "add card" and "card" in values:
            self.one_of(raw["card"], cards - {None}, "card")
        on = self.date(raw["on"])
        if do == "jobs stop" and values["until"] <= on:
            raise self.error(raw["until"], "`until` must come after `on`")
        return Event(on=on, do=do, values=values)

    def value(self, key: str, node: yaml.Node, *, do: str) -> Any:
        match key:
            case "until":
                return self.date(node)
            case "expires":
                return self.month(node)
            case "brand":
                return self.one_of(node, BRANDS)
            case "notices":
                words = node.value if isinstance(node, yaml.SequenceNode) else [node]
                return [self.one_of(word, NOTICES) for word in words]
            case "term":
                return self.one_of(node, TERM_MONTHS)
            case "behaves":
                return self.one_of(node, REFUND_BEHAVIOURS if do == "refund behaves" else CARD_BEHAVIOURS)
        return self.text(node)

    # Values

    def mapping(
        self, node: yaml.Node | None, *, required: set[str] | None = None, allowed: set[str] | None = None
    ) -> dict[str, yaml.Node]:
        """Keys and value nodes. Without `required` and `allowed` any key may stand there."""
        if not isinstance(node, yaml.MappingNode):
            raise self.error(node, "keys with values are expected here")
        found: dict[str, yaml.Node] = {}
        for key, value in node.value:
            if str(key.value) in found:
                raise self.error(key, f"{key.value!r} stands there twice")
            found[str(key.value)] = value
        missing = sorted((required or set()) - found.keys())
        if missing:
            raise self.error(node, f"missing: {', '.join(missing)}")
        known = (required or set()) | (allowed or set())
        for key, value in found.items():
            if allowed is not None and key not in known:
                raise self.error(value, f"unknown key {key!r}", known)
        return found

    def text(self, node: yaml.Node, *, most: int = 50) -> str:
        if not isinstance(node, yaml.ScalarNode) or not node.value:
            raise self.error(node, "a word is expected here")
        if len(node.value) > most:
            raise self.error(node, f"{node.value!r} is longer than {most} characters")
        return str(node.value)

    def one_of(self, node: yaml.Node, words: Collection[str], what: str = "") -> str:
        word = self.text(node)
        if word not in words:
            raise self.error(node, f"no {what} is called {word!r}" if what else f"unknown word {word!r}", words)
        return word

    def flag(self, node: yaml.Node) -> bool:
        """As YAML has them: `True`, `yes` and `on` are the same as `true`."""
        if node.tag == "tag:yaml.org,2002:bool":
            return bool(yaml.SafeLoader.bool_values[str(node.value).lower()])
        return self.one_of(node, ("true", "false")) == "true"

    def number(self, node: yaml.Node) -> int:
        if not re.fullmatch(r"[0-9]{1,3}", self.text(node)):
            raise self.error(node, f"{self.text(node)!r} is not a whole number")
        return int(self.text(node))

    def days_ahead(self, node: yaml.Node) -> int:
        days = self.number(node)
        if days > MOST_DAYS_AHEAD:
            raise self.error(node, f"{days} is more than the {MOST_DAYS_AHEAD} days that a market may allow")
        return days

    def price(self, node: yaml.Node) -> Decimal:
        text = self.text(node)
        if not re.fullmatch(r"[0-9]{1,6}\.[0-9]{2}", text) or Decimal(text) == 0:
            raise self.error(node, f'{text!r} is not a price such as "9.90"')
        return Decimal(text)

    def month(self, node: yaml.Node) -> tuple[int, int]:
        match = re.fullmatch(r"(20[0-9]{2})-(0[1-9]|1[0-2])", self.text(node))
        if not match:
            raise self.error(node, f"{self.text(node)!r} is not a month such as 2027-05")
        return int(match[1]), int(match[2])

    def date(self, node: yaml.Node) -> date:
        text = self.text(node)
        relative = re.fullmatch(r"today(?:-(\d+)d)?(?:-(\d+)m)?", text)
        if relative:
            days, months = int(relative[1] or 0), int(relative[2] or 0)
            return add_months(self.today - timedelta(days=days), -months)
        try:
            # `fromisoformat` takes weeks and numbers without dashes too.
            return date.fromisoformat(text if re.fullmatch(r"[0-9-]{10}", text) else "")
        except ValueError as error:
            raise self.error(node, f"{text!r} is not a date such as 2024-01-10") from error

    def error(self, node: yaml.Node | None, complaint: str, expected: Any = ()) -> StoryError:
        place = f"line {node.start_mark.line + 1}" if node is not None else "line 1"
        hint = f"; expected one of: {', '.join(sorted(map(str, expected)))}" if expected else ""
        return StoryError(f"{self.path}, {place}: {complaint}{hint}")
