"""Stories that nobody wrote: cards that fail and recover, ends, outages, at any dates; most charge, refund and fail."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import yaml
from hypothesis import strategies as st

from subscriptions.rehearsal.story import Car, Customer, Event, PackageSpec, Story

# Days from which months are hard to count, and days on which clocks change in Nicosia.
HARD_DAYS = [
    date(2023, 1, 29),
    date(2023, 1, 31),
    date(2024, 1, 10),
    date(2024, 1, 30),
    date(2024, 1, 31),
    date(2024, 2, 29),
    date(2024, 3, 31),
    date(2024, 10, 27),
    date(2024, 12, 31),
    date(2025, 8, 31),
]
FIRST_DAYS = st.one_of(st.sampled_from(HARD_DAYS), st.dates(date(2023, 1, 1), date(2026, 12, 31)))
GAPS = st.sampled_from([0, 0, 0, 1, 1, 1, 2, 3, 7, 13, 14, 15, 27, 30, 31, 61, 120])
CARDS = ("gold", "silver", "bronze")
TROUBLE = (
    "insufficient_funds",
    "insufficient_funds",
    "stolen",
    "expired",
    "needs_authentication",
    "provider_down",
    "timeout_charged",
    "timeout_not_charged",
)
ALL_PRICES = {"monthly": Decimal("9.90"), "yearly": Decimal("99.90"), "four-yearly": Decimal("299.00")}
ADD_ON_PRICES = {"monthly": Decimal("5.00"), "yearly": Decimal("60.00")}
LONGEST = timedelta(days=2 * 366)

Draw = Callable[[Any], Any]


@st.composite
def stories(draw: Draw, longest: timedelta = LONGEST) -> Story:
    packages = draw(_packages())
    writer = _Writer(draw, list(packages), on=draw(FIRST_DAYS))
    writer.open()
    for _act in range(draw(st.integers(1, 5))):
        writer.act()
    writer.trouble()
    for _act in range(draw(st.integers(1, 5))):
        writer.act()
    writer.leave()
    last = writer.events[0].on + longest
    events = tuple(event for event in writer.events if event.on <= last)
    until = min(last, events[-1].on + timedelta(days=draw(st.sampled_from([0, 3, 40, 40, 400]))))
    warranty = draw(st.one_of(st.none(), st.dates(date(2020, 1, 1), date(2024, 12, 31)), st.just(date(2020, 2, 29))))
    return Story(
        name="random",
        market="CY",
        until=until,
        car=Car(multimedia=draw(st.sampled_from(["MM21", "MM19"])), warranty_start=warranty),
        customer=Customer(),
        packages=packages,
        events=events,
    )


@st.composite
def _packages(draw: Draw) -> dict[str, PackageSpec]:
    free_years = draw(st.sampled_from([{}, {}, {"MM21": 48, "default": 36}]))
    return {
        "base": PackageSpec(trial=draw(st.booleans()), prices=ALL_PRICES, complimentary_months=free_years),
        "extra": PackageSpec(trial=draw(st.booleans()), prices=ADD_ON_PRICES, needs="base"),
        "alone": PackageSpec(trial=draw(st.booleans()), prices=ALL_PRICES),
    }


class _Writer:
    """Writes events one after the other; `on` is the day at which it stands."""

    def __init__(self, draw: Draw, packages: list[str], *, on: date) -> None:
        self.draw, self.packages, self.on = draw, packages, on
        self.events: list[Event] = []
        self.cards: list[str] = []

    def write(self, do: str, **values: Any) -> None:
        self.events.append(Event(on=self.on, do=do, values=values))

    def wait(self) -> None:
        self.on += timedelta(days=self.draw(GAPS))

    def one_of(self, words: Any) -> Any:
        return self.draw(st.sampled_from(words))

    def open(self) -> None:
        self.add_card()
        self.subscribe("base")
        for package in ("alone", "extra"):
            if self.draw(st.booleans()):
                self.wait()
                self.subscribe(package)

    def act(self) -> None:
        self.wait()
        acts = [
            self.subscribe,
            self.subscribe,
            self.end,
            self.undo,
            self.activate,
            self.add_card,
            self.choose_card,
            self.trouble,
            self.recover,
            self.pay,
            self.reject,
            self.stop_jobs,
            self.opt_in,
        ]
        self.one_of(acts)()

    def package(self) -> str:
        return str(self.one_of(self.packages))

    def subscribe(self, package: str = "") -> None:
        package = package or self.package()
        terms = ADD_ON_PRICES if package == "extra" else ALL_PRICES
        self.write("subscribe", package=package, term=self.one_of(list(terms)))

    def end(self) -> None:
        self.write(self.one_of(["cancel", "cancel", "withdraw"]), package=self.package())

    def undo(self) -> None:
        self.write("undo cancel", package=self.package())

    def activate(self) -> None:
        self.write("activate", package="base")

    def add_card(self) -> None:
        card = self.one_of(CARDS)
        more: dict[str, Any] = {} if self.draw(st.integers(0, 2)) else {"behaves": self.one_of(TROUBLE)}
        if not self.draw(st.integers(0, 4)):
            ends = self.on + timedelta(days=self.one_of([0, 40, 200]))
            more["expires"] = (ends.year, ends.month)
        self.write("add card", card=card, brand="visa", **more)
        if card not in self.cards:
            self.cards.append(card)

    def choose_card(self) -> None:
        self.write(self.one_of(["make primary", "make primary", "remove card"]), card=self.one_of(self.cards))

    def trouble(self) -> None:
        """Often just before a charge: the cards fail, and recover days later or never."""
        behaves = self.one_of(TROUBLE)
        for card in self.cards:
            self.write("card behaves", card=card, behaves=behaves)
        if self.draw(st.booleans()):
            self.on += timedelta(days=self.one_of([2, 25, 31, 33, 62, 366]))
            self.recover()

    def recover(self) -> None:
        for card in self.cards:
            self.write("card behaves", card=card, behaves="ok")

    def pay(self) -> None:
        if self.draw(st.booleans()):
            self.write("make primary", card=self.one_of(self.cards))
        self.write("pay now", package=self.package())

    def reject(self) -> None:
        self.write("refund behaves", card=self.one_of(self.cards), behaves=self.one_of(["ok", "rejected"]))

    def stop_jobs(self) -> None:
        days = self.one_of([1, 2, 5, 20, 45, 100])
        self.write("jobs stop", until=self.on + timedelta(days=days))

    def opt_in(self) -> None:
        self.write("opt in")

    def leave(self) -> None:
        """A plan of a year on a new card, and its end: what gives money back."""
        self.write("add card", card="last", brand="visa")
        self.write("make primary", card="last")
        self.cards.append("last")
        package = self.one_of(["base", "alone", "alone"])
        self.write("subscribe", package=package, term="yearly")
        self.wait()
        self.subscribe()
        self.wait()
        self.write(self.one_of(["cancel", "cancel", "withdraw"]), package=package)
        self.wait()
        self.write(*self.one_of([("remove vehicle",), ("opt in",)]))
        self.wait()
        self.end()


class _Plain(yaml.SafeDumper):
    def ignore_aliases(self, _data: Any) -> bool:
        return True


def as_yaml(story: Story) -> str:
    """The story as a file, to be rehearsed and kept beside the others."""
    car = {"multimedia": story.car.multimedia, "warranty_start": story.car.warranty_start}
    return yaml.dump(
        {
            "market": story.market,
            "until": story.until,
            "vehicle": {key: value for key, value in car.items() if value},
            "packages": {code: _package(spec) for code, spec in (story.packages or {}).items()},
            "story": [{"on": event.on, "do": event.do} | _values(event) for event in story.events],
        },
        Dumper=_Plain,
        sort_keys=False,
        default_flow_style=None,
        width=120,
    )


def _package(spec: PackageSpec) -> dict[str, Any]:
    prices = {term: str(price) for term, price in spec.prices.items()}
    own: dict[str, Any] = {"trial": spec.trial, "prices": prices}
    own |= {"needs": spec.needs} if spec.needs else {}
    return own | ({"complimentary_months": dict(spec.complimentary_months)} if spec.complimentary_months else {})


def _values(event: Event) -> dict[str, Any]:
    values = dict(event.values)
    if "expires" in values:
        values["expires"] = "{}-{:02}".format(*values["expires"])
    return values
