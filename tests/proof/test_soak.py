"""Everything at once for PROOF_SOAK minutes: customers, staff, cars, workers, beat, provider, mail; faults at random.

In the end nothing is lost or doubled: the ledger adds up, the provider's list is ours, each notice was made once and
its mail came.
"""

import os
import random
import statistics
import time
from collections import Counter
from datetime import timedelta
from functools import partial

import pytest
from django.db import Error, connection
from django.db.models import Count
from django.test import Client

from accounts.models import Notice
from garage.models import Trip
from portal import outbox
from portal.clock import database_now
from portal.models import OutboxMessage
from subscriptions import webhooks
from subscriptions.actions import refund
from subscriptions.actions.run import charging_run
from subscriptions.gateway import _sandbox, get_gateway
from subscriptions.models import Payment, PaymentCard, Refund, Subscription
from tests import make, oidc
from tests.faults.bank import SECRET, WEBHOOK_SECRET, free_port, open_bank
from tests.faults.books import assert_books_are_right
from tests.faults.celery_processes import eventually
from tests.faults.own_database import own_database
from tests.faults.proxy import proxy_before
from tests.garage.driving import agree, driving_package
from tests.proof.results import note
from tests.proof.soak.estate import Estate
from tests.proof.soak.mischief import MailServer, Mischief
from tests.proof.soak.people import Cars, Counts, Crowd, Customer, Orders, agent_at_the_desk
from tests.staff import sign_in_at_the_desk

pytestmark = pytest.mark.django_db(transaction=True)

MINUTES = float(os.environ["PROOF_SOAK"])
# A sample, of every day (.ci/run), has fewer of all, and as many kinds of them.
MEMBERS, MONTHLY, YEARLY, CUSTOMERS = (30, 60, 5, 5) if MINUTES >= 1 else (8, 12, 2, 2)
HOUR, MONTH = timedelta(hours=1), timedelta(days=31)


@pytest.fixture
def database(db, tmp_path):
    with own_database(tmp_path / "database") as database:
        yield database


@pytest.fixture
def mail(settings):
    server = MailServer()
    server.start()
    settings.EMAIL_BACKEND, settings.EMAIL_USE_TLS = "portal.smtp.EmailBackend", False
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    yield server
    server.stop()


@pytest.fixture
def web_port():
    return free_port()


@pytest.fixture
def bank(tmp_path, settings, web_port):
    with open_bank(tmp_path, webhook_url=f"http://127.0.0.1:{web_port}/webhooks/payments/") as bank:
        settings.SANDBOX_URL, settings.SANDBOX_SECRET = bank.url, SECRET
        settings.WEBHOOK_SECRETS = [WEBHOOK_SECRET]
        yield bank
        _sandbox(bank.url, SECRET).close()
        _sandbox.cache_clear()


@pytest.fixture
def wire(database):
    with proxy_before(database.socket) as wire:
        yield wire


@pytest.fixture
def estate(tmp_path, database, wire, bank, mail, web_port):
    url = database.url_by(wire.port)
    estate = Estate(tmp_path, database_url=url, bank_url=bank.url, mail_port=mail.port, web_port=web_port)
    yield estate
    estate.close()


def test_everything_at_once_for_minutes_with_faults_at_random(database, market, estate, wire, bank, mail, monkeypatch):
    began_at, seed = database_now(), random.SystemRandom().randrange(2**32)
    print(f"seed {seed}")
    driving_package(market)
    cars = [member(number, market, bank, now=began_at - MONTH) for number in range(MEMBERS)]
    counts = Counts()
    crowd, backend, orders = Crowd(counts), *who_goes_on(cars, market, bank, estate, counts, since=began_at - MONTH)
    customers = customers_and_staff(cars, market, estate, counts)
    mischief = Mischief(
        estate=estate,
        database=database,
        wire=wire,
        bank=bank,
        mail=mail,
        cards=list(PaymentCard.objects.values_list("card_ref", flat=True)),
        booked=booked,
        dice=random.Random(seed),
    )
    estate.open()
    eventually(mischief.page_comes)
    for act, pause in [*customers, (backend.act, 0.5), (orders.act, 0.8)]:
        crowd.add(act, pause=pause)
    mischief.wait_until_all_goes_on()

    ends_at = time.monotonic() + MINUTES * 60
    while time.monotonic() < ends_at:
        mischief.act()
        mischief.rest()
    crowd.go_home()
    wire.calm()
    bank.proxy.calm()
    with estate.at_rest():
        finish(market, monkeypatch)

    note("a soak with faults at random", minutes=MINUTES, **facts(counts, mischief, mail, backend, bank, estate))
    assert counts.wrong == []
    assert Trip.objects.count() == backend.sent
    assert Subscription.objects.filter(market=market).count() >= orders.made
    assert_notices_are_neither_lost_nor_doubled(mail, kills=killings(mischief))
    assert_books_are_right(bank, now=database_now() + 4 * HOUR)


def who_goes_on(cars, market, bank, estate, counts, *, since):
    """The cars' backend, and orders of a month ago."""
    packages = [
        make.package(f"monthly-{n}", market=market, prices={"monthly": "9.90"}, gives_trial=True)
        for n in range(MONTHLY)
    ]
    oidc.clients()
    token = oidc.machine().token["access_token"]
    backend = Cars(cars, token, estate.site, counts, since=since)
    return backend, Orders(cars, packages, gateway=bank.gateway, ordered_at=since)


def customers_and_staff(cars, market, estate, counts):
    packages = [make.package(f"yearly-{n}", market=market, prices={"yearly": "60.00"}) for n in range(YEARLY)]
    agent = make.account("agent@staff.example.com", market=market, is_staff=True, is_superuser=True)
    desk = agent_at_the_desk(sign_in_at_the_desk(Client(), agent), estate.site, counts)
    at_home = [Customer(car, packages, estate.site, counts) for car in cars[:CUSTOMERS]]
    return [(desk, 0.5), *[(customer.act, 0.5) for customer in at_home]]


def member(number, market, bank, *, now):
    account = make.account(f"member-{number}@example.com", market=market, now=now)
    make.card(account, gateway=bank.gateway, now=now)
    agree(account, now=now)
    return make.active_car(account, number + 1, now=now)


def booked() -> int:
    """Charges that were booked; while the database is away, none."""
    try:
        return Payment.objects.filter(status="succeeded").count()
    except Error:
        connection.close()
        return 0


def finish(market, monkeypatch) -> None:
    """A quiet night: what was left is asked for, charged, paid back, mailed."""
    now = database_now()
    for _ in range(3):
        now += HOUR
        charging_run(market=market, now=now, gateway=get_gateway())
        for name, handler in (("refund", refund.send_refund), ("provider_event", webhooks.handle)):
            monkeypatch.setitem(outbox.HANDLERS, name, partial(handler, now=now, gateway=get_gateway()))
        while waiting := outbox.waiting(now=now):
            for message_id in waiting:
                outbox.deliver(message_id, now=now)
    assert not OutboxMessage.objects.filter(done_at__isnull=True).exists()
    assert not Subscription.objects.filter(market=market).due(market.local_date(now)).exists()
    assert set(Payment.objects.values_list("status", flat=True)) <= {"succeeded", "declined", "failed"}
    assert set(Refund.objects.values_list("status", flat=True)) <= {"succeeded"}


def assert_notices_are_neither_lost_nor_doubled(mail, *, kills: int) -> None:
    """Each is a row once, and its mail came; twice, with the same id, only if a sender died or an answer was lost."""
    doubled = Notice.objects.values("account", "kind", "subject_key", "event_on").annotate(times=Count("pk"))
    assert not doubled.filter(times__gt=1).exists()
    sent = OutboxMessage.objects.filter(handler="notice_mail")
    assert len(mail.moods.message_ids) == sent.count()
    assert set(mail.moods.recipients) <= {f"member-{number}@example.com" for number in range(MEMBERS)}
    assert twice(mail) <= mail.answers_lost + kills


def twice(mail) -> int:
    return sum(times - 1 for times in mail.moods.message_ids.values())


def killings(mischief) -> int:
    """After which a mail may come twice: a worker died in its two children, or could not note that it was sent."""
    return 4 * sum(len(seconds) for name, seconds in mischief.recovered.items() if "mail" not in name)


def facts(counts, mischief, mail, backend, bank, estate) -> dict:
    statuses = Counter(Payment.objects.values_list("status", flat=True))
    slowest = {name: max(seconds) for name, seconds in mischief.recovered.items()}
    everything = [each for seconds in mischief.recovered.values() for each in seconds]
    return {
        "faults": len(everything),
        **{f"times {name}": len(seconds) for name, seconds in sorted(mischief.recovered.items())},
        "requests": sum(counts.answers.values()),
        "answered 503": counts.total(" 503"),
        "answered 500": counts.total(" 500"),
        **{f"acts: {name}": number for name, number in sorted(counts.acts.items())},
        "processes started again": estate.restarts,
        **{f"payments {status}": count for status, count in sorted(statuses.items())},
        "charges at the provider": len(bank.charged()),
        "refunds": Refund.objects.count(),
        "trips": backend.sent,
        "notices": Notice.objects.count(),
        "mails": len(mail.moods.message_ids),
        "mails that came twice with the same id": twice(mail),
        "seconds until all went on (median)": round(statistics.median(everything), 1),
        f"seconds at most ({max(slowest, key=slowest.get)})": round(max(slowest.values()), 1),
    }
