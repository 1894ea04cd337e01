"""Customers with a history, played by stories: later states are reached by what customers and jobs do."""

from datetime import date
from decimal import Decimal

from accounts.models import Account
from portal.models import Market
from subscriptions.gateway.sandbox.in_process import InProcessGateway
from subscriptions.gateway.sandbox.provider import SandboxProvider
from subscriptions.rehearsal.play import Clock, play
from subscriptions.rehearsal.story import Car, Customer, Event, PackageSpec, Story
from tests.garage.cars import make_entry, make_market, vin

PACKAGES = {
    "navigation": PackageSpec(prices={"monthly": Decimal("9.90"), "yearly": Decimal("99.00")}),
}
# Charged on that day, so that on 30 May four months are used (X4). Without a trial hardly a day needs to be played.
ORDERED_ON = date(2026, 2, 10)
UNTIL = date(2026, 5, 29)


def event(do: str, on: date = ORDERED_ON, **values: object) -> Event:
    return Event(on=on, do=do, values=values)


YEARLY = (event("add card", card="gold", brand="visa"), event("subscribe", package="navigation", term="yearly"))
BROKE = (
    event("add card", card="gold", brand="visa"),
    event("subscribe", package="navigation", term="monthly"),
    event("card behaves", on=date(2026, 2, 11), card="gold", behaves="stolen"),
)
CANCEL = event("cancel", on=date(2026, 5, 28), package="navigation")
CANCELLED = (*YEARLY, CANCEL)
# The provider rejects the refund, in every run since.
REJECTED = (*YEARLY, event("refund behaves", card="gold", behaves="rejected"), CANCEL)


class Town:
    """A market with its provider, in which customers live."""

    def __init__(self) -> None:
        self.market: Market = make_market()
        self.clock = Clock()
        self.gateway = InProcessGateway(
            SandboxProvider(clock=self.clock, return_origins=["https://portal.invalid"]),
        )

    def live(self, name: str, events: tuple[Event, ...] = YEARLY, *, number: int = 1) -> Account:
        """Plays a customer `<name>@example.com` with the sample car `number` to the end of 29 May 2026."""
        make_entry(number)
        customer = Customer(email=f"{name}@example.com", first_name=name.title(), last_name="Sample")
        story = Story(
            name=name,
            market=self.market.code,
            until=UNTIL,
            car=Car(vin=vin(number)),
            customer=customer,
            packages=PACKAGES,
            events=events,
        )
        for _line in play([story], gateway=self.gateway, clock=self.clock):
            pass
        return Account.objects.get(email=customer.email)
