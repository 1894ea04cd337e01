"""What our gateway for Stripe concludes from what happens on the wire (P4, P7; faults 8 to 12)."""

import json
import socket
import struct
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from threading import Thread

import pytest

from subscriptions.gateway.port import OutcomeUnknown, ProviderDown, RateLimited
from subscriptions.gateway.stripe.client import StripeGateway

ORDER = {"amount": Decimal("1.00"), "currency": "EUR"}
CALLS = {
    "charge": lambda g: g.charge(key="k", card_ref="cus_1:pm_1", description="d", **ORDER),
    "charges": lambda g: g.charges(),
    "disputes": lambda g: g.disputes(since=datetime(2024, 1, 10, tzinfo=UTC)),
    "find_dispute": lambda g: g.find_dispute(dispute_ref="du_1"),
    "find_charge": lambda g: g.find_charge(key="k"),
    "find_refund": lambda g: g.find_refund(key="k"),
    "card_setup": lambda g: g.card_setup(setup_ref="cs_1"),
    "forget_card": lambda g: g.forget_card(card_ref="cus_1:pm_1"),
    "begin_card_setup": lambda g: g.begin_card_setup(key="k", customer_ref="a", return_url="r", language="en"),
}
QUESTIONS = [name for name in CALLS if name != "charge"]


def refund(gateway):
    return gateway.refund(key="k", charge_ref="pi_1", **ORDER)


def http(status, body):
    text = body if isinstance(body, str) else json.dumps(body)
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(text)}\r\nConnection: close\r\n\r\n{text}".encode()


def error(status, **fields):
    return http(status, {"error": {"type": "api_error", "message": "as it is"} | fields})


INTENT = http("200 OK", {"id": "pi_1", "object": "payment_intent", "currency": "eur"})
UNREADABLE = {
    "500": error("500 Internal Server Error"),
    "502": http("502 Bad Gateway", "<html>"),
    "503": error("503 Service Unavailable"),
    "504": http("504 Gateway Timeout", ""),
    "the key at work": error("409 Conflict", type="idempotency_error", code="idempotency_key_in_use"),
    "redirect": http("302 Found", ""),
    "no JSON": http("200 OK", "<html>"),
    "another object": http("200 OK", {"id": "pi_1", "object": "payment_intent"}),
    "half an answer": INTENT[:-8],
    "no answer": b"",
}
NOT_TAKEN = {
    "over the rate": error("429 Too Many Requests", code="rate_limit"),
    "a lock": error("429 Too Many Requests", code="lock_timeout"),
    "a wrong key": error("401 Unauthorized"),
    "a key that may not": error("403 Forbidden"),
}


@contextmanager
def wire(*answers, is_reset=False, timeout=5.0):
    """A gateway whose Stripe reads one request for each answer, says it and hangs up, with a reset if wanted."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        # A gateway that asks for less than was planned fails its test, and does not stop the run.
        listening.settimeout(timeout)

        def serve():
            for answer in answers:
                connection, _ = listening.accept()
                connection.settimeout(timeout)
                _read_request(connection)
                connection.sendall(answer)
                if is_reset:
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                connection.close()

        thread = Thread(target=serve)
        thread.start()
        gateway = StripeGateway("sk_test_1", base_url=f"http://127.0.0.1:{listening.getsockname()[1]}", timeout=timeout)
        yield gateway
        gateway.close()
        thread.join()


def _read_request(connection):
    head, _, body = b"", b"", b""
    while b"\r\n\r\n" not in head:
        head += connection.recv(65536)
    head, _, body = head.partition(b"\r\n\r\n")
    lengths = [int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length")]
    while len(body) < sum(lengths):
        body += connection.recv(65536)


@pytest.mark.parametrize("answer", UNREADABLE)
def test_without_a_readable_answer_it_is_unknown_what_became_of_a_charge(answer):
    with wire(UNREADABLE[answer]) as gateway, pytest.raises(OutcomeUnknown):
        CALLS["charge"](gateway)


@pytest.mark.parametrize("answer", UNREADABLE)
def test_without_a_readable_answer_it_is_unknown_what_became_of_a_refund(answer):
    with wire(INTENT, UNREADABLE[answer]) as gateway, pytest.raises(OutcomeUnknown):
        refund(gateway)


@pytest.mark.parametrize("answer", ["500", "503", "no JSON", "no answer"])
def test_a_refund_that_was_not_sent_yet_did_nothing(answer):
    with wire(UNREADABLE[answer]) as gateway, pytest.raises(ProviderDown):
        refund(gateway)


@pytest.mark.parametrize("answer", ["500", "503", "no JSON", "no answer"])
@pytest.mark.parametrize("call", QUESTIONS)
def test_a_question_without_a_readable_answer_may_be_asked_again(call, answer):
    with wire(UNREADABLE[answer]) as gateway, pytest.raises(ProviderDown):
        CALLS[call](gateway)


@pytest.mark.parametrize("answer", NOT_TAKEN)
@pytest.mark.parametrize("call", CALLS)
def test_a_request_that_was_not_taken_did_nothing(call, answer):
    with wire(NOT_TAKEN[answer]) as gateway, pytest.raises(ProviderDown):
        CALLS[call](gateway)


@pytest.mark.parametrize(("told", "seconds"), [("", 1.0), ("Retry-After: 7\r\n", 7.0), ("Retry-After: soon\r\n", 1.0)])
def test_over_the_rate_says_how_long_to_wait(told, seconds):
    answer = NOT_TAKEN["over the rate"].replace(b"Connection:", f"{told}Connection:".encode())
    with wire(answer) as gateway, pytest.raises(RateLimited) as limited:
        CALLS["charge"](gateway)
    assert limited.value.retry_after == seconds


def test_a_refund_over_the_rate_did_nothing():
    with wire(INTENT, NOT_TAKEN["over the rate"]) as gateway, pytest.raises(ProviderDown):
        refund(gateway)


@pytest.mark.parametrize(("call", "expected"), [("charge", OutcomeUnknown), ("find_charge", ProviderDown)])
def test_a_connection_reset_after_sending_is_no_answer(call, expected):
    with wire(b"", is_reset=True) as gateway, pytest.raises(expected):
        CALLS[call](gateway)


@pytest.mark.parametrize("call", CALLS)
def test_a_refused_connection_did_nothing(call):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    gateway = StripeGateway("sk_test_1", base_url=f"http://127.0.0.1:{port}")
    with pytest.raises(ProviderDown):
        CALLS[call](gateway)
    gateway.close()


@pytest.mark.parametrize(("call", "expected"), [("charge", OutcomeUnknown), ("find_refund", ProviderDown)])
def test_a_provider_that_accepts_and_says_nothing_is_not_waited_for(call, expected):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        gateway = StripeGateway("sk_test_1", base_url=f"http://127.0.0.1:{silent.getsockname()[1]}", timeout=0.2)
        with pytest.raises(expected):
            CALLS[call](gateway)
        gateway.close()


@pytest.mark.parametrize("status", ["400 Bad Request", "404 Not Found"])
@pytest.mark.parametrize("call", [name for name in CALLS if name != "forget_card"])
def test_a_refusal_is_an_error_of_the_caller(call, status):
    with wire(error(status, type="invalid_request_error")) as gateway, pytest.raises(ValueError, match="as it is"):
        CALLS[call](gateway)
