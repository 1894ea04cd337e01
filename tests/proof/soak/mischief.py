"""Faults at random while everything runs: each kind once before any comes again, and how long until all goes on."""

import random
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import ExitStack, suppress

import httpx
import psycopg

from subscriptions.gateway.sandbox.client import SandboxGateway
from tests.faults import mail_server
from tests.faults.bank import CHARGE, REFUND, Bank
from tests.faults.own_database import OwnDatabase
from tests.faults.proxy import Proxy
from tests.proof.soak.estate import Estate

PATIENCE_SECONDS = 90
BEHAVIOURS = ("timeout_charged", "timeout_not_charged", "provider_down", "insufficient_funds")
DELIVERIES = ("five_times", "out_of_order", "before_the_answer", "never", "once")


class MailServer:
    """Up, but for the moments when it is not."""

    def __init__(self) -> None:
        self.moods = mail_server.Moods()
        self.port = mail_server.free_port()
        self.answers_lost = 0
        self._open = ExitStack()

    def start(self) -> None:
        self._open.enter_context(mail_server.running(self.moods, port=self.port))

    def stop(self) -> None:
        self._open.close()


class Mischief:
    def __init__(
        self,
        *,
        estate: Estate,
        database: OwnDatabase,
        wire: Proxy,
        bank: Bank,
        mail: MailServer,
        cards: list[str],
        booked: Callable[[], int],
        dice: random.Random,
    ) -> None:
        self._estate, self._database, self._wire, self._bank, self._mail = estate, database, wire, bank, mail
        self._cards, self._booked, self._dice = cards, booked, dice
        self.recovered: dict[str, list[float]] = defaultdict(list)
        self._left: list[tuple[str, Callable[[], None]]] = []
        self._site = estate.site

    def act(self) -> None:
        """One fault, and then the wait until pages come and charges are booked again."""
        if not self._left:
            self._left = list(self._kinds().items())
            self._dice.shuffle(self._left)
        name, fault = self._left.pop()
        fault()
        began = time.monotonic()
        self.wait_until_all_goes_on()
        self.recovered[name].append(time.monotonic() - began)

    def wait_until_all_goes_on(self) -> None:
        before, deadline = self._booked(), time.monotonic() + PATIENCE_SECONDS
        while not (self.page_comes() and self._booked() > before):
            assert time.monotonic() < deadline, "It does not go on."
            time.sleep(0.2)

    def rest(self) -> None:
        time.sleep(self._dice.uniform(0, 2))

    def _kinds(self) -> dict[str, Callable[[], None]]:
        return {
            "a worker's child killed": lambda: self._estate.kill_child("worker"),
            "a worker killed": lambda: self._estate.kill("worker"),
            "a worker replaced": lambda: self._estate.end("worker"),
            "a web process killed": lambda: self._estate.kill_child("web"),
            "the web replaced": lambda: self._estate.end("web"),
            "beat killed": lambda: self._estate.kill("beat"),
            "the broker lost": self._estate.lose_the_broker,
            "the database crashed": self._crash_the_database,
            "sessions ended by the database": self._end_sessions,
            "replies to commits lost": lambda: self._wire.strike("drop_reply", when=b"COMMIT", times=3),
            "the database's wire cut": lambda: self._wire.strike("reset", times=5),
            "the provider's wire cut": self._cut_the_providers_wire,
            "cards in moods": self._moods_of_cards,
            "events told badly": self._tell_badly,
            "the mail server down": self._mail_server_down,
            "the mail server says later": self._mail_server_later,
            "a mail's answer lost": self._lose_an_answer,
        }

    def _crash_the_database(self) -> None:
        self._database.crash()
        time.sleep(self._dice.uniform(0.2, 1.5))
        self._database.start()

    def _end_sessions(self) -> None:
        with suppress(psycopg.Error), self._database.superuser() as session:
            session.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"
            )

    def _cut_the_providers_wire(self) -> None:
        for when in (CHARGE, REFUND):
            mode = self._dice.choice(["reset", "drop_reply", "delay"])
            self._bank.proxy.strike(mode, when=when, times=self._dice.randint(1, 3), seconds=1.0)

    def _moods_of_cards(self) -> None:
        moody = self._dice.sample(self._cards, k=len(self._cards) // 4)
        self._behave(moody, lambda: self._dice.choice(BEHAVIOURS))
        time.sleep(3)
        self._behave(moody, lambda: "ok")

    def _behave(self, cards: list[str], choose: Callable[[], str]) -> None:
        gateway: SandboxGateway = self._bank.gateway
        for card_ref in cards:
            gateway.set_behaviour(card_ref=card_ref, behaviour=choose())

    def _tell_badly(self) -> None:
        self._bank.gateway.set_delivery(delivery=self._dice.choice(DELIVERIES))

    def _mail_server_down(self) -> None:
        self._mail.stop()
        time.sleep(self._dice.uniform(1, 3))
        self._mail.start()

    def _mail_server_later(self) -> None:
        self._mail.moods.everybody = "451 4.7.1 please try again later"
        time.sleep(2)
        self._mail.moods.everybody = ""

    def _lose_an_answer(self) -> None:
        self._mail.moods.loses_answers += 1
        self._mail.answers_lost += 1

    def page_comes(self) -> bool:
        try:
            page = httpx.get(f"{self._site}/en/services/", follow_redirects=True, timeout=5, trust_env=False)
            return page.status_code == 200
        except httpx.TransportError:
            return False
