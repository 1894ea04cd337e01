"""Whoever uses the portal during a soak: customers and staff over HTTP, cars over the API, and orders that fall due."""

import random
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count, product
from threading import Event, Thread
from uuid import uuid4

import httpx
from django.conf import settings
from django.db import Error, connection
from django.test import Client
from django.urls import reverse

from garage.models import Membership
from portal.refusals import Refusal
from subscriptions.models import Package
from tests import make
from tests.demo_walk.browser import Visitor, WalkError
from tests.garage.driving import said

PAGES = ("/", "/en/", "/en/garage/", "/en/services/", "/en/payments/", "/en/payments/documents/", "/en/support/")
PAGES += ("/en/account/", "/en/account/inbox/", "/el/garage/", "/en/services/subscriptions/")
DESK = ("/admin/", "/admin/subscriptions/payment/", "/admin/subscriptions/subscription/", "/admin/accounts/account/")
TRIPS_AT_ONCE = 20
# The key of a call whose process was killed is locked for two minutes (docs/api.md).
LONGEST_ACT_SECONDS = 180


@dataclass
class Counts:
    """What was answered; a page that says 500 is kept to be shown."""

    answers: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    acts: Counter[str] = field(default_factory=Counter)
    clients: list[httpx.Client] = field(default_factory=list)

    def client(self, who: str, site: str) -> httpx.Client:
        """Whatever it is answered is counted."""
        self.clients.append(httpx.Client(base_url=site, follow_redirects=True, timeout=30, trust_env=False))
        self.clients[-1].event_hooks["response"].append(lambda response: self.note(who, response))
        return self.clients[-1]

    def note(self, who: str, response: httpx.Response) -> None:
        self.answers[f"{who} {response.status_code}"] += 1
        if response.status_code == 500:
            self.wrong.append(f"{response.request.method} {response.request.url}")

    def total(self, ending: str) -> int:
        return sum(number for name, number in self.answers.items() if name.endswith(ending))


def visitor_of(client: Client, site: str, *, who: str, counts: Counts) -> Visitor:
    """Somebody whom this process has signed in, over HTTP."""
    visitor = Visitor(site)
    visitor.client.close()
    visitor.client = counts.client(who, site)
    visitor.client.cookies.set(settings.SESSION_COOKIE_NAME, client.cookies[settings.SESSION_COOKIE_NAME].value)
    return visitor


class Crowd:
    """Threads that go on until they are told to stop; what fails is tried again, as people do."""

    def __init__(self, counts: Counts) -> None:
        self.counts = counts
        self.is_over = Event()
        self._threads: list[Thread] = []

    def add(self, act: Callable[[], None], *, pause: float) -> None:
        self._threads.append(Thread(target=self._go_on, args=[act, pause], daemon=True))
        self._threads[-1].start()

    def go_home(self) -> None:
        self.is_over.set()
        for thread in self._threads:
            thread.join(timeout=LONGEST_ACT_SECONDS)
            assert not thread.is_alive()
        for client in self.counts.clients:
            client.close()

    def _go_on(self, act: Callable[[], None], pause: float) -> None:
        while not self.is_over.wait(random.uniform(0, 2 * pause)):
            try:
                act()
            except (httpx.TransportError, WalkError, Error, Refusal) as error:
                self.counts.acts[f"{type(error).__name__}"] += 1
                connection.close()
        connection.close()


class Customer:
    """Reads, orders what is charged at once, and cancels some of it."""

    def __init__(self, car: Membership, packages: Iterable[Package], site: str, counts: Counts) -> None:
        client = Client()
        client.force_login(car.account)
        self._visitor = visitor_of(client, site, who="customer", counts=counts)
        self._counts, self._car = counts, car
        self._to_order = list(packages)
        self._ordered: list[str] = []

    def act(self) -> None:
        chance = random.random()
        if chance < 0.08 and self._to_order:
            self._order()
        elif chance < 0.12 and self._ordered:
            self._cancel()
        else:
            self._visitor.open(random.choice(PAGES))

    def _order(self) -> None:
        package = self._to_order[-1]
        with_car = {"membership_id": self._car.public_id, "package_code": package.code}
        page = self._visitor.open(f"{reverse('checkout_summary', kwargs=with_car)}?term=yearly")
        page = self._visitor.press(page, "Order with obligation to pay")
        self._to_order.pop()
        if page.url.endswith("/ordered/"):
            self._counts.acts["ordered"] += 1
            self._ordered.append(page.url.removesuffix("ordered/"))

    def _cancel(self) -> None:
        self._visitor.press(self._visitor.open(f"{self._ordered[-1]}cancellation/"), "Cancel, ending on")
        self._ordered.pop()
        self._counts.acts["cancelled"] += 1


class Cars:
    """Their backend sends trips; a call without an answer is sent again under its key until it has one."""

    def __init__(self, cars: list[Membership], token: str, site: str, counts: Counts, *, since: datetime) -> None:
        self._client = counts.client("car", site)
        self._client.headers["Authorization"] = f"Bearer {token}"
        self._cars, self._since, self._numbers = cars, since, count(1)
        self.sent = 0

    def act(self) -> None:
        at = self._since + timedelta(minutes=next(self._numbers))
        trips = [said(car, at) for car in random.choices(self._cars, k=1)] * 2
        trips += [said(car, at) for car in self._cars[: TRIPS_AT_ONCE - 2] if car.vehicle.vin != trips[0]["vin"]]
        key = {"Idempotency-Key": str(uuid4())}
        while True:
            try:
                answer = self._client.post("/api/v1/trips/", json={"trips": trips}, headers=key)
                if answer.status_code == 200:
                    self.sent += len({trip["id"] for trip in trips})
                    return
                assert answer.status_code in {409, 429, 500, 503}, answer.text
            except httpx.TransportError:
                pass
            time.sleep(0.3)


class Orders:
    """Orders of a month ago, each of an account and a package of its own: the next run charges them."""

    def __init__(self, cars: list[Membership], packages: list[Package], *, gateway, ordered_at: datetime) -> None:
        self._left = list(product(cars, packages))
        random.shuffle(self._left)
        self._gateway, self._ordered_at = gateway, ordered_at
        self.made = 0

    def act(self) -> None:
        if self._left:
            car, package = self._left.pop()
            make.subscription(car, package=package, term="monthly", gateway=self._gateway, now=self._ordered_at)
            self.made += 1


def agent_at_the_desk(client: Client, site: str, counts: Counts) -> Callable[[], None]:
    visitor = visitor_of(client, site, who="staff", counts=counts)
    return lambda: visitor.open(random.choice(DESK)) and None
