"""What the client concludes from what happens on the wire (P4, P7; faults 8 to 12)."""

import socket
import struct
from collections.abc import Callable
from contextlib import contextmanager
from decimal import Decimal
from threading import Thread

import pytest

from subscriptions.gateway.port import OutcomeUnknown, ProviderDown
from subscriptions.gateway.sandbox.client import SandboxGateway

MONEY: dict[str, Callable] = {
    "charge": lambda g: g.charge(key="k", card_ref="c", amount=Decimal("1.00"), currency="EUR", description="d"),
    "refund": lambda g: g.refund(key="k", charge_ref="c", amount=Decimal("1.00"), currency="EUR"),
}
QUESTIONS: dict[str, Callable] = {
    "find_charge": lambda g: g.find_charge(key="k"),
    "find_refund": lambda g: g.find_refund(key="k"),
    "charges": lambda g: g.charges(),
    "card_setup": lambda g: g.card_setup(setup_ref="s"),
    "forget_card": lambda g: g.forget_card(card_ref="c"),
    "begin_card_setup": lambda g: g.begin_card_setup(key="k", customer_ref="a", return_url="r", language="en"),
}
EVERYTHING = MONEY | QUESTIONS


def http(status: str, body: str = '{"error": "as it is"}') -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n{body}".encode()


@contextmanager
def wire(answer: bytes, *, is_reset: bool = False, timeout: float = 5.0):
    """A gateway whose provider reads one request, says `answer` and hangs up, with a reset if wanted."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            connection, _ = listening.accept()
            connection.settimeout(timeout)
            request = b""
            while b"\r\n\r\n" not in request:
                request += connection.recv(65536)
            connection.sendall(answer)
            if is_reset:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            connection.close()

        thread = Thread(target=serve)
        thread.start()
        gateway = SandboxGateway(f"http://127.0.0.1:{listening.getsockname()[1]}", "secret", timeout=timeout)
        yield gateway
        gateway.close()
        thread.join()


UNREADABLE = {
    "500": http("500 Internal Server Error"),
    "502": http("502 Bad Gateway", "<html>"),
    "504": http("504 Gateway Timeout"),
    "redirect": http("302 Found"),
    "no JSON": http("200 OK", "<html>"),
    "another word": http("200 OK", '{"outcome": "perhaps", "found": {}}'),
    "404 of another server": http("404 Not Found", "<html>"),
    "half an answer": http("200 OK", '{"outcome": "charged"}')[:-8],
    "no answer": b"",
}


@pytest.mark.parametrize("answer", UNREADABLE)
@pytest.mark.parametrize("call", MONEY)
def test_without_a_readable_answer_it_is_unknown_what_became_of_the_money(call, answer):
    with wire(UNREADABLE[answer]) as gateway, pytest.raises(OutcomeUnknown):
        MONEY[call](gateway)


@pytest.mark.parametrize("answer", ["500", "no JSON", "another word", "no answer"])
@pytest.mark.parametrize("call", [name for name in QUESTIONS if name != "forget_card"])
def test_a_question_without_a_readable_answer_may_be_asked_again(call, answer):
    with wire(UNREADABLE[answer]) as gateway, pytest.raises(ProviderDown):
        QUESTIONS[call](gateway)


@pytest.mark.parametrize("status", ["503 Service Unavailable", "429 Too Many Requests", "401 Unauthorized"])
@pytest.mark.parametrize("call", EVERYTHING)
def test_a_provider_that_did_not_take_the_request_did_nothing(call, status):
    with wire(http(status)) as gateway, pytest.raises(ProviderDown):
        EVERYTHING[call](gateway)


@pytest.mark.parametrize(("call", "expected"), [("charge", OutcomeUnknown), ("find_charge", ProviderDown)])
def test_a_connection_reset_after_sending_is_no_answer(call, expected):
    with wire(b"", is_reset=True) as gateway, pytest.raises(expected):
        EVERYTHING[call](gateway)


@pytest.mark.parametrize("call", EVERYTHING)
def test_a_refused_connection_did_nothing(call):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    gateway = SandboxGateway(f"http://127.0.0.1:{port}", "secret")
    with pytest.raises(ProviderDown):
        EVERYTHING[call](gateway)
    gateway.close()


@pytest.mark.parametrize(("call", "expected"), [("refund", OutcomeUnknown), ("find_refund", ProviderDown)])
def test_a_provider_that_accepts_and_says_nothing_is_not_waited_for(call, expected):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        gateway = SandboxGateway(f"http://127.0.0.1:{silent.getsockname()[1]}", "secret", timeout=0.2)
        with pytest.raises(expected):
            EVERYTHING[call](gateway)
        gateway.close()


@pytest.mark.parametrize("status", ["400 Bad Request", "404 Not Found", "409 Conflict"])
@pytest.mark.parametrize("call", EVERYTHING)
def test_a_refusal_is_an_error_of_the_caller(call, status):
    with wire(http(status)) as gateway, pytest.raises(ValueError, match="as it is"):
        EVERYTHING[call](gateway)
