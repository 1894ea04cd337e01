"""Months in which processes are killed -9 at random, while charges, refunds and webhooks go on over a bad line.

After each month everything that was due is collected once, the ledger is clean and the provider's list is ours. Here a
few kills; `make proof` makes PROOF_KILLS of them.
"""

import os
import random
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.urls import reverse

from garage.models import Membership
from portal.models import Market, OutboxMessage
from portal.refusals import Refusal
from subscriptions.actions.cancel import cancel
from subscriptions.actions.run import charging_run
from subscriptions.gateway import _sandbox, get_gateway
from subscriptions.models import Package, Payment, Refund, Subscription
from tests import make
from tests.faults.actors import KILLED, Actor, Orders
from tests.faults.bank import CHARGE, REFUND, SECRET, WEBHOOK_SECRET, Bank, open_bank
from tests.faults.books import assert_books_are_right, database_settings
from tests.proof.results import note

pytestmark = pytest.mark.django_db(transaction=True)

KILLS = int(os.environ.get("PROOF_KILLS", "5"))
MEMBERS = 3
MONTHLY_EACH = 3
ROUNDS = 4
# Somewhere in a run over all that is due; who is to die later than it ends, lives.
MOST_STEPS = 500
LONGEST_LIFE_SECONDS = 0.4
BEHAVIOURS = ["ok", "ok", "ok", "timeout_charged", "timeout_not_charged", "insufficient_funds", "provider_down"]
DELIVERIES = ["once", "five_times", "out_of_order", "before_the_answer", "never"]
LINE_FAULTS = ["reset", "drop_reply", "delay"]


class Campaign:
    def __init__(self, market: Market, bank: Bank, *, now: datetime, seed: int) -> None:
        self.market, self.bank, self.now = market, bank, now
        self.dice = random.Random(seed)
        self.killed = self.months = 0
        before = now - timedelta(days=31)
        packages = [
            make.package(f"monthly-{number}", market=market, prices={"monthly": "9.90"}, gives_trial=True)
            for number in range(MONTHLY_EACH)
        ]
        self.garages = [self._member(number, packages, now=before) for number in range(MEMBERS)]

    def _member(self, number: int, packages: list[Package], *, now: datetime) -> Membership:
        member = make.account(f"member-{number}@example.com", market=self.market, now=now)
        make.card(member, gateway=self.bank.gateway, now=now)
        garage = make.active_car(member, number + 1, now=now)
        for package in packages:
            make.subscription(garage, package=package, term="monthly", gateway=self.bank.gateway, now=now)
        return garage

    def month(self) -> None:
        self._choose_how_things_go_wrong()
        for _ in range(ROUNDS):
            self._strike_the_line()
            actors = [self._start(act) for act in ("run", "run", "work")]
            self._customers_act()
            self.killed += sum(actor.wait()[0] == KILLED for actor in actors)
            self.now += timedelta(minutes=20)
        self._have_a_quiet_night()
        self.check()
        self.months += 1
        self.now += timedelta(days=28)

    def _choose_how_things_go_wrong(self) -> None:
        self.bank.gateway.set_delivery(delivery=self.dice.choice(DELIVERIES))
        self._cards_behave(lambda: self.dice.choice(BEHAVIOURS))

    def _cards_behave(self, choose) -> None:
        for garage in self.garages:
            card_ref = garage.account.cards.get().card_ref
            self.bank.gateway.set_behaviour(card_ref=card_ref, behaviour=choose())

    def _strike_the_line(self) -> None:
        for when in (CHARGE, REFUND):
            if self.dice.random() < 0.7:
                self.bank.proxy.strike(
                    self.dice.choice(LINE_FAULTS), when=when, skip=self.dice.randint(0, 3), seconds=0.1
                )

    def _start(self, act: str) -> Actor:
        """Half of them die at a step of their own, the others whenever it comes to it."""
        at_a_step = self.dice.random() < 0.5
        orders = Orders(
            act=act,
            now=self.now,
            database=database_settings(),
            bank_url=self.bank.url,
            dies_at=self.dice.randint(1, MOST_STEPS) if at_a_step else 0,
        )
        actor = Actor(orders)
        if not at_a_step:
            actor.kill_after(self.dice.uniform(0, LONGEST_LIFE_SECONDS))
        return actor

    def _customers_act(self) -> None:
        """One cancels a year that was paid, one orders a new one; both may meet the same bad line."""
        garage = self.dice.choice(self.garages)
        yearly = Subscription.objects.filter(term_months=12, status="paid", ends_on=None).first()
        with suppress(Refusal):
            if yearly:
                cancel(subscription=yearly, confirmed=None, now=self.now, by=yearly.account)
        code = f"yearly-{self.months}-{self.now:%H%M}"
        package = make.package(code, market=self.market, prices={"yearly": "60.00"})
        with suppress(Refusal):
            make.subscription(garage, package=package, gateway=get_gateway(), now=self.now)

    def _have_a_quiet_night(self) -> None:
        """The line is good, the cards are, nobody is killed: what was left is done."""
        self.bank.proxy.calm()
        self._cards_behave(lambda: "ok")
        for _ in range(3):
            self.now += timedelta(days=1)
            charging_run(market=self.market, now=self.now, gateway=get_gateway())
            self._work()
        self._hear_the_last_events()

    def _work(self) -> None:
        orders = Orders(act="work", now=self.now, database=database_settings(), bank_url=self.bank.url)
        assert Actor(orders).wait()[0] == 0

    def _hear_the_last_events(self) -> None:
        """The provider tells in its own time, and again what it could not tell: it may be at it after the night's work.

        Heard until it has been quiet for a moment.
        """
        for _ in range(40):
            if set(_waiting()) <= {"notice_mail"}:
                time.sleep(0.5)
                if set(_waiting()) <= {"notice_mail"}:
                    return
            self.now += timedelta(minutes=10)
            self._work()

    def check(self) -> None:
        today = self.market.local_date(self.now)
        assert not Subscription.objects.filter(market=self.market).due(today).exists()
        assert set(Payment.objects.values_list("status", flat=True)) <= {"succeeded", "declined", "failed"}
        assert set(Refund.objects.values_list("status", flat=True)) <= {"succeeded"}
        assert set(_waiting()) <= {"notice_mail"}
        assert_books_are_right(self.bank, now=self.now)


def _waiting() -> list[str]:
    """The kinds of work that the outbox still has."""
    return list(OutboxMessage.objects.filter(done_at__isnull=True).values_list("handler", flat=True))


@pytest.fixture
def bank(live_server, tmp_path: Path, settings) -> Iterator[Bank]:
    with open_bank(tmp_path, webhook_url=live_server.url + reverse("payment_events")) as bank:
        settings.SANDBOX_URL, settings.SANDBOX_SECRET = bank.url, SECRET
        settings.WEBHOOK_SECRETS = [WEBHOOK_SECRET]
        yield bank
        _sandbox(bank.url, SECRET).close()
        _sandbox.cache_clear()


def test_whoever_is_killed_whenever_everything_is_collected_once(market, bank, today):
    began, seed = time.monotonic(), random.SystemRandom().randrange(2**32)
    print(f"seed {seed}")
    campaign = Campaign(market, bank, now=today, seed=seed)
    while campaign.killed < KILLS:
        campaign.month()
    statuses = Counter(Payment.objects.values_list("status", flat=True))
    note(
        "processes killed at random, on a bad line, with webhooks told badly",
        kills=campaign.killed,
        months=campaign.months,
        **{f"payments {status}": count for status, count in sorted(statuses.items())},
        **{"charges at the provider": len(bank.charged()), "refunds": Refund.objects.count()},
        seconds=round(time.monotonic() - began),
    )
