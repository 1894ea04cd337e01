"""Twenty customers as stories: 26 cars and 30 subscriptions, for which 120 charges were paid by today."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from garage.models import RegistryEntry
from portal.models import Market
from portal.months import add_months
from subscriptions.rehearsal.story import Car, Customer, Event, Story

# Widths never change, so that no name is a part of another one.
EMAIL, EMAIL_END = "customer", "@example.com"
VIN = "JTJPPLCY"
PLATE = "KP"
DIGITS = {EMAIL: 9, VIN: 9, PLATE: 8}
# The free years of such a car are over, whatever its multimedia system.
FREE_YEARS_ARE_OVER = timedelta(days=6 * 365)
NAMES = (
    ("Eleni", "Georgiou"),
    ("Andreas", "Ioannou"),
    ("Maria", "Christodoulou"),
    ("Petros", "Constantinou"),
    ("Sofia", "Nicolaou"),
)
CAPABILITIES = [
    *("digital_key", "driving_analytics", "map_care", "navigation", "remote", "remote_climate"),
    *("smart_services", "telematics", "wifi"),
]
N, R, W, K, Y = (
    ("navigation", "monthly"),
    ("remote", "monthly"),
    ("wifi", "monthly"),
    ("digital-key", "yearly"),
    ("navigation", "yearly"),
)


@dataclass(frozen=True)
class Household:
    """`months` ago it came, and ordered for each car what stands in its row."""

    months: int
    cars: tuple[tuple[tuple[str, str], ...], ...]
    cancels: bool = False


# A monthly plan without a trial is paid once more than its months, one with a trial as often, a yearly one once.
HOUSEHOLDS = (
    Household(5, ((N,),)),
    Household(5, ((W,),)),
    Household(4, ((R,),)),
    Household(4, ((N,), (W,))),
    Household(6, ((K,),)),
    Household(4, ((N, W),)),
    Household(4, ((W,), (N,))),
    Household(6, ((R,),)),
    Household(4, ((N,), (R,))),
    Household(3, ((W,),)),
    Household(6, ((N,),)),
    Household(6, ((Y,),)),
    Household(4, ((W, R),)),
    Household(4, ((W,), (K,))),
    Household(6, ((N,),)),
    Household(5, ((K, W),)),
    Household(4, ((N,), (W,))),
    Household(3, ((Y,),)),
    Household(4, ((R, K),), cancels=True),
    Household(4, ((W,), (N,))),
)


def stories(market: Market, *, today: date, days: int) -> list[Story]:
    """One for each car. They end yesterday: whatever is due today waits, as it does before the day's first run."""
    made: list[Story] = []
    for position, household in enumerate(HOUSEHOLDS):
        for car, packages in enumerate(household.cars):
            events = _events(
                household, packages, came_on=_came_on(position % days, household, today), is_first=car == 0
            )
            made.append(_story(market, position, car=len(made), events=events, until=today - timedelta(days=1)))
    return made


def register_cars(market: Market, *, today: date) -> None:
    """The brand's registry knows them all before anybody comes."""
    began_on = today - FREE_YEARS_ARE_OVER
    facts: dict[str, Any] = {"model": "NX 350h", "body": "suv", "colour": "Red Mica", "colour_hex": "#8a1c2b"}
    facts |= {"powertrain": "hybrid", "multimedia": "MM21", "market_code": market.code, "capabilities": CAPABILITIES}
    facts |= {"warranty_start": began_on, "purchased_on": began_on, "first_registered_on": began_on}
    moment = {"updated_at": f"{began_on}T09:00:00Z"}
    cars = sum(len(household.cars) for household in HOUSEHOLDS)
    RegistryEntry.objects.bulk_create(
        [RegistryEntry(vin=_named(VIN, car), plate=_named(PLATE, car), **facts | moment) for car in range(cars)]
    )


def email_of(position: int) -> str:
    return _named(EMAIL, position) + EMAIL_END


def _came_on(day: int, household: Household, today: date) -> date:
    """Spread over the days of a month, so that something falls due on most of them."""
    return add_months(today, -household.months) - timedelta(days=1 + day)


def _events(
    household: Household, packages: tuple[tuple[str, str], ...], *, came_on: date, is_first: bool
) -> tuple[Event, ...]:
    cards = [Event(on=came_on, do="add card", values={"card": "card", "brand": "visa"})] if is_first else []
    orders = [
        Event(on=came_on, do="subscribe", values={"package": package, "term": term}) for package, term in packages
    ]
    ends = [
        Event(on=add_months(came_on, 2), do="cancel", values={"package": package})
        for package, term in packages
        if household.cancels and term == "yearly"
    ]
    return (*cards, *orders, *ends)


def _story(market: Market, position: int, *, car: int, events: tuple[Event, ...], until: date) -> Story:
    first_name, last_name = NAMES[position % len(NAMES)]
    language = market.languages[position % len(market.languages)]
    return Story(
        name=f"{position}.{car}",
        market=market.code,
        until=until,
        car=Car(vin=_named(VIN, car)),
        customer=Customer(email=email_of(position), first_name=first_name, last_name=last_name, language=language),
        packages=None,
        events=events,
    )


def _named(prefix: str, number: int) -> str:
    return f"{prefix}{number:0{DIGITS[prefix]}d}"
