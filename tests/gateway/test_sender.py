"""How events leave the provider: signed, again until they are taken, and as badly as was chosen."""

from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from types import SimpleNamespace

import pytest

from subscriptions.gateway.port import RateLimited
from subscriptions.gateway.sandbox.application import Application
from subscriptions.gateway.sandbox.client import SandboxGateway
from subscriptions.gateway.sandbox.events import MOST_ATTEMPTS, SIGNATURE
from subscriptions.gateway.sandbox.in_process import InProcessGateway
from subscriptions.gateway.sandbox.rate import Bucket
from subscriptions.gateway.sandbox.sender import Sender
from subscriptions.gateway.sandbox.server import Server
from subscriptions.gateway.signatures import is_signed
from tests.gateway.calls import SECRET, add_card, charge


class _Taker(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.taken.append((body, self.headers[SIGNATURE]))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *_):
        """Says nothing."""


@contextmanager
def running(server):
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    with server:
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


@pytest.fixture
def portal():
    """Somebody who takes events: `taken` are bodies with their signatures, `status` is what is answered."""
    server = HTTPServer(("127.0.0.1", 0), _Taker)
    server.taken, server.status = [], 200
    with running(server) as url:
        server.url = url
        yield server


@pytest.fixture
def sender(provider, portal):
    sender = Sender(provider, url=portal.url, secret=SECRET)
    yield sender
    sender.close()


@pytest.fixture
def told(provider):
    """Three charges, so three events."""
    gateway = InProcessGateway(provider)
    card = add_card(gateway)
    for number in range(3):
        charge(gateway, card, key=f"charge-{number}")
    return SimpleNamespace(gateway=gateway, bodies=[event.body for event in gateway.events()])


def test_events_are_sent_once_in_order_and_signed_at_the_moment_of_sending(sender, portal, told, clock):
    clock.now += timedelta(days=2)
    for _ in range(2):
        sender.send_waiting()
    assert [body for body, _ in portal.taken] == told.bodies
    assert all(is_signed(each, body, secrets=[SECRET], at=clock.now.timestamp()) for body, each in portal.taken)


def test_an_event_that_is_not_taken_comes_again_after_longer_and_longer_pauses(sender, portal, told, clock):
    portal.status = 503
    for sent, pause in ((3, 2), (6, 4), (9, 8)):
        sender.send_waiting()
        clock.now += timedelta(seconds=pause - 0.1)
        sender.send_waiting()
        assert len(portal.taken) == sent
        clock.now += timedelta(seconds=0.1)


def test_an_event_that_nobody_ever_takes_is_given_up(sender, portal, told, clock):
    portal.status = 503
    for _ in range(MOST_ATTEMPTS + 3):
        sender.send_waiting()
        clock.now += timedelta(hours=1)
    assert len(portal.taken) == 3 * MOST_ATTEMPTS


def test_an_event_is_kept_while_nobody_listens_and_taken_afterwards(provider, sender, portal, told, clock):
    deaf = Sender(provider, url="http://127.0.0.1:1", secret=SECRET)
    deaf.send_waiting()
    deaf.close()
    clock.now += timedelta(seconds=2)
    sender.send_waiting()
    assert [body for body, _ in portal.taken] == told.bodies


@pytest.mark.parametrize(("delivery", "times"), [("five_times", 5), ("out_of_order", 1), ("never", 0)])
def test_events_are_delivered_as_badly_as_was_chosen(sender, portal, told, delivery, times):
    told.gateway.set_delivery(delivery=delivery)
    sender.send_waiting()
    assert sorted(body for body, _ in portal.taken) == sorted(told.bodies * times)


def test_no_other_delivery_can_be_chosen(told):
    with pytest.raises(ValueError, match="No such delivery"):
        told.gateway.set_delivery(delivery="by pigeon")


def test_an_event_may_overtake_the_answer_to_its_call(provider, sender, portal):
    with running(Server(Application(provider, secret=SECRET, sender=sender), port=0)) as address:
        gateway = SandboxGateway(address, SECRET)
        gateway.set_delivery(delivery="before_the_answer")
        charge(gateway, add_card(gateway))
        assert [body for body, _ in portal.taken] == [event.body for event in gateway.events()]
        gateway.close()


def test_a_sender_that_was_started_sends_by_itself(sender, portal, told):
    sender.start()
    sender._stop.wait(1.0)
    sender.close()
    assert len(portal.taken) == 3


# The rate (fault 11)


def test_calls_beyond_the_rate_are_answered_with_429_and_when_to_come_again(provider):
    bucket = Bucket(2, clock=lambda: 0.0)
    with running(Server(Application(provider, secret=SECRET, bucket=bucket), port=0)) as address:
        gateway = SandboxGateway(address, SECRET)
        card = add_card(gateway)
        charge(gateway, card)
        with pytest.raises(RateLimited) as limited:
            charge(gateway, card, key="charge-2")
        assert limited.value.retry_after == 1.0
        assert provider.find_charge(key="charge-2") is None
        gateway.close()


def test_a_bucket_fills_with_time_up_to_one_second():
    moment = [0.0]
    bucket = Bucket(25, clock=lambda: moment[0])
    assert [bucket.seconds_to_wait() for _ in range(26)] == [0.0] * 25 + [0.04]
    moment[0] = 0.04
    assert [bucket.seconds_to_wait() for _ in range(2)] == [0.0, 0.04]
    moment[0] = 100.0
    assert [bucket.seconds_to_wait() for _ in range(26)].count(0.0) == 25
