"""Each page of the site in the states that somebody meets it in: whose it is, and its address in a language."""

from collections.abc import Iterator
from dataclasses import dataclass
from types import SimpleNamespace

from django.urls import reverse
from django.utils import translation

from accounts.models import Account
from garage.actions.prove import prove_access
from portal.refusals import Refusal
from subscriptions.actions.cancel import cancel, cancellation_quote
from subscriptions.actions.run import charging_run
from subscriptions.gateway.sandbox.in_process import InProcessGateway
from subscriptions.models import Package, Subscription
from tests import make
from tests.meta.routes import ROUTES

# What somebody without a car, a card or a document sees.
OF_A_BEGINNER = (
    "home",
    "garage",
    "services_of_selected",
    "subscriptions",
    "wallet",
    "documents",
    "notices",
    "account",
    "cases",
    "privacy",
)
# Addresses that make an answer which is no page to look at.
NO_PAGES = ("brand_css", "alive", "favicon", "service_worker", "web_manifest")


@dataclass(frozen=True, kw_only=True)
class Place:
    """`who` is None for a visitor. `route` is the address' name, `state` tells one look from another."""

    route: str
    state: str
    who: Account | None
    arguments: tuple[object, ...] = ()
    query: str = ""

    @property
    def name(self) -> str:
        return f"{self.route}-{self.state}" if self.state else self.route

    def address(self, language: str) -> str:
        with translation.override(language):
            return reverse(self.route, args=self.arguments) + self.query


def places(estate: SimpleNamespace, *, gateway: InProcessGateway, package: Package) -> Iterator[Place]:
    yield from _of_the_table(estate)
    yield from _of_a_beginner(estate.owner)
    yield from _in_trouble(estate.owner, gateway=gateway, package=package)


def _of_the_table(estate: SimpleNamespace) -> Iterator[Place]:
    """Every address that answers with 200, as a visitor where they may, else as the owner of the estate."""
    for name, route in ROUTES.items():
        if route.is_api or name in NO_PAGES or 200 not in (route.visitor, route.owner):
            continue
        who = None if route.visitor == 200 else estate.owner
        arguments = tuple(getattr(estate, argument) for argument in route.arguments)
        yield Place(route=name, state="", who=who, arguments=arguments, query=route.query)


def _of_a_beginner(owner: Account) -> Iterator[Place]:
    beginner = make.account("beginner@example.com", market=owner.market, first_name="Ioanna", last_name="Papadopoulou")
    for name in OF_A_BEGINNER:
        yield Place(route=name, state="empty", who=beginner)


def _in_trouble(owner: Account, *, gateway: InProcessGateway, package: Package) -> Iterator[Place]:
    """Declined, waiting for the bank, cancelled, blocked: the states in which somebody looks most closely."""
    for number, (state, behaves) in enumerate([("waiting", "timeout_charged"), ("cancelled", "ok")], 20):
        row = _ordered(owner, state, number, behaves=behaves, gateway=gateway, package=package)
        if state == "cancelled":
            quote = cancellation_quote(row, now=make.NOW)
            cancel(subscription=row, confirmed=quote, now=make.NOW, by=row.account)
        yield Place(route="subscription", state=state, who=row.account, arguments=(row.public_id,))
        yield Place(route="home", state=state, who=row.account)
        if state == "waiting":
            yield Place(route="ordered", state=state, who=row.account, arguments=(row.public_id,))
    yield from _declined(owner, gateway=gateway)
    yield from _blocked(owner)


def _ordered(
    owner: Account, state: str, number: int, *, behaves: str, gateway: InProcessGateway, package: Package
) -> Subscription:
    account = make.account(f"{state}@example.com", market=owner.market)
    make.card(account, gateway=gateway, behaves=behaves)
    return make.subscription(make.active_car(account, number), package=package, gateway=gateway)


def _declined(owner: Account, *, gateway: InProcessGateway) -> Iterator[Place]:
    package = make.package("declining", market=owner.market, gives_trial=True)
    long_ago = make.NOW - make.days(31)
    account = make.account("declined@example.com", market=owner.market)
    make.card(account, gateway=gateway, behaves="insufficient_funds")
    row = make.subscription(make.active_car(account, 30), package=package, gateway=gateway, now=long_ago)
    charging_run(market=owner.market, now=make.NOW, gateway=gateway)
    for route, arguments in (("subscription", (row.public_id,)), ("home", ()), ("wallet", ()), ("notices", ())):
        yield Place(route=route, state="declined", who=account, arguments=arguments)


def _blocked(owner: Account) -> Iterator[Place]:
    account = make.account("blocked@example.com", market=owner.market)
    held = make.active_car(make.account("holder@example.com", market=owner.market), 40)
    car = make.linked(account, held.vehicle)
    for reading in (1, 2, 3):
        try:
            prove_access(membership=car, odometer_km=reading, now=make.NOW, by=account)
        except Refusal:
            continue
    for route in ("vehicle", "prove_access"):
        yield Place(route=route, state="blocked", who=account, arguments=(car.public_id,))
