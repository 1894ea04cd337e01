"""The sandbox server's interface for the portal, and the server as a process of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from subscriptions.gateway.sandbox.cards import card_number
from subscriptions.gateway.sandbox.client import SandboxGateway
from subscriptions.gateway.sandbox.provider import CHARGES_PER_PAGE
from tests.gateway.calls import PORTAL, SECRET, add_card, charge

MODULE = "subscriptions.gateway.sandbox.server"


@pytest.mark.parametrize("path", ["/v1/charges", "/v1/cards/x", "/v1/unknown", "/test/cards/x/behaviour"])
@pytest.mark.parametrize(
    "authorization", ["", "Bearer", "Bearer wrong", f"Basic {SECRET}", SECRET, f"Bearer {SECRET}x"]
)
def test_nothing_is_told_or_done_without_the_secret(http, path, authorization):
    response = http.get(path, headers={"Authorization": authorization})
    assert response.status_code == 401
    assert response.json() == {"error": "Unauthorized"}


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/v1/charges", b"{", 400),
        ("POST", "/v1/charges", b"[]", 400),
        ("POST", "/v1/charges", b'{"key": 1}', 400),
        ("POST", "/v1/refunds", b'{"key": "k", "charge_ref": "c", "amount": "many", "currency": "EUR"}', 400),
        ("POST", "/v1/refunds", b'{"key": "k", "charge_ref": "c", "amount": "1.00", "currency": "EUR"}', 404),
        ("POST", "/v1/charges", b" " * 20_000, 413),
        ("PATCH", "/v1/charges", b"", 405),
        ("GET", "/v1/charges?since=yesterday", b"", 400),
        ("GET", "/v1/charges?since=2024-01-10", b"", 400),
        ("GET", "/v1/unknown", b"", 404),
        ("PUT", "/test/cards/unknown/behaviour", b'{"behaviour": "ok"}', 404),
    ],
)
def test_a_request_that_makes_no_sense_is_refused_with_its_status(http, method, path, body, status):
    headers = {"Authorization": f"Bearer {SECRET}", "Content-Type": "application/json"}
    response = http.request(method, path, content=body, headers=headers)
    assert response.status_code == status
    assert response.json()["error"]


def test_the_list_of_charges_is_paged_and_complete(provider, address):
    gateway = SandboxGateway(address, SECRET)
    card = add_card(gateway)
    for nth in range(CHARGES_PER_PAGE + 1):
        charge(gateway, card, key=f"charge-{nth}", amount="1.00")
    first = gateway.charges()
    assert len(first) == CHARGES_PER_PAGE
    [last] = gateway.charges(after=first[-1].charge_ref)
    assert [*first, last] == provider.charges()
    assert gateway.charges(after=last.charge_ref) == []
    gateway.close()


def test_silent_requests_do_not_hold_up_the_others(address):
    gateway = SandboxGateway(address, SECRET, timeout=1.5)
    cards = [add_card(gateway, "timeout_charged", nth=nth) for nth in range(4)]
    with ThreadPoolExecutor(4) as pool:
        silent = [pool.submit(charge, gateway, card, key=f"k{nth}") for nth, card in enumerate(cards)]
        time.sleep(0.3)
        started = time.monotonic()
        assert gateway.find_charge(key="k0") is not None
        assert time.monotonic() - started < 1
        assert [type(each.exception().__cause__).__name__ for each in silent] == ["ReadTimeout"] * 4
    gateway.close()


# As a process


@pytest.fixture
def environment(state_file):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    sandbox = {"SANDBOX_PORT": str(port), "SANDBOX_STATE": str(state_file), "SANDBOX_SECRET": SECRET}
    return {"PATH": os.environ["PATH"]} | sandbox | {"SANDBOX_RETURN_ORIGINS": f"https://other.example, {PORTAL}"}


@pytest.fixture
def process(environment):
    """The started server, once it answers; killed at the end if it still runs."""
    process = subprocess.Popen([sys.executable, "-m", MODULE], env=environment, stderr=subprocess.PIPE)
    address = f"http://127.0.0.1:{environment['SANDBOX_PORT']}"
    _wait_until_it_answers(address)
    yield process
    process.kill()
    process.communicate()


def _wait_until_it_answers(address):
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            return httpx.get(f"{address}/health", trust_env=False)
        except httpx.ConnectError:
            time.sleep(0.02)
    raise AssertionError("The server did not start.")


def gateway_of(environment, **changes):
    return SandboxGateway(f"http://127.0.0.1:{environment['SANDBOX_PORT']}", SECRET, **changes)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_process_at_once_even_with_a_silent_request(process, environment, number):
    gateway = gateway_of(environment, timeout=30)
    card = add_card(gateway, "timeout_charged")
    with ThreadPoolExecutor(1) as pool:
        silent = pool.submit(charge, gateway, card)
        time.sleep(0.5)
        process.send_signal(number)
        assert process.wait(timeout=5) == 0
        assert type(silent.exception()).__name__ == "OutcomeUnknown"
    gateway.close()


def test_a_killed_process_has_kept_what_it_answered(process, environment, provider):
    gateway = gateway_of(environment)
    charged = charge(gateway, add_card(gateway))
    gateway.close()
    process.kill()
    process.wait(timeout=5)
    assert provider.find_charge(key="charge-1") == charged


def test_the_process_returns_customers_only_where_it_was_told(process, environment):
    gateway = gateway_of(environment)
    asked = {"customer_ref": "account-1", "language": "en"}
    gateway.begin_card_setup(key="1", return_url=f"{PORTAL}/wallet/", **asked)
    gateway.begin_card_setup(key="2", return_url="https://other.example/", **asked)
    with pytest.raises(ValueError, match="return address"):
        gateway.begin_card_setup(key="3", return_url="https://evil.example/", **asked)
    gateway.close()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"SANDBOX_SECRET": ""}, "set SANDBOX_SECRET."),
        ({"SANDBOX_STATE": "", "SANDBOX_RETURN_ORIGINS": ""}, "set SANDBOX_STATE, SANDBOX_RETURN_ORIGINS."),
        ({"SANDBOX_RETURN_ORIGINS": "https://portal.example/"}, "is no origin such as"),
        ({"SANDBOX_STATE": "/nowhere/at/all"}, "unable to open database file"),
        ({"SANDBOX_PORT": "many"}, "'many'"),
        ({"SANDBOX_WEBHOOK_URL": "https://portal.example/webhooks/"}, "SANDBOX_WEBHOOK_SECRET to sign with"),
        ({"SANDBOX_WEBHOOK_URL": "portal.example", "SANDBOX_WEBHOOK_SECRET": "s"}, "wants a full address"),
    ],
)
def test_a_process_that_cannot_start_says_why(environment, changes, words):
    ended = subprocess.run([sys.executable, "-m", MODULE], env=environment | changes, capture_output=True, timeout=20)
    assert ended.returncode == 2
    assert "The sandbox provider cannot start:" in ended.stderr.decode()
    assert words in ended.stderr.decode()
    assert b"Traceback" not in ended.stderr


def test_a_taken_port_is_said_so(process, environment):
    ended = subprocess.run([sys.executable, "-m", MODULE], env=environment, capture_output=True, timeout=20)
    assert ended.returncode == 2
    assert b"Address already in use" in ended.stderr


def test_the_server_knows_nothing_of_django(environment):
    program = (
        f"import sys, {MODULE}; print([name for name in sys.modules if name.split('.')[0] in ('django', 'portal')])"
    )
    ended = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, timeout=20)
    assert ended.stdout == b"[]\n", ended.stderr


ONE_CHARGE = """
import sys, time
from datetime import UTC, datetime
from decimal import Decimal
from subscriptions.gateway.sandbox.provider import SandboxProvider

state_file, card_ref, start_at = sys.argv[1:]
time.sleep(max(0, float(start_at) - time.time()))
provider = SandboxProvider(state_file, clock=lambda: datetime(2024, 1, 10, tzinfo=UTC))
order = {"card_ref": card_ref, "amount": Decimal("99.00"), "currency": "EUR", "description": "Navigation"}
print({provider.charge(key="charge-1", **order).charge_ref for _ in range(5)})
"""


def test_eight_processes_with_one_key_see_one_charge(provider, state_file, environment):
    setup = provider.begin_card_setup(key="s", customer_ref="a", return_url=f"{PORTAL}/", language="en")
    outcome = provider.complete_setup(setup_ref=setup, number=card_number("visa", 0), exp_month=1, exp_year=2030)
    command = [sys.executable, "-c", ONE_CHARGE, str(state_file), outcome.card.card_ref, str(time.time() + 2)]
    started = [subprocess.Popen(command, env=environment, stdout=subprocess.PIPE) for _ in range(8)]
    answers = {each.communicate(timeout=60)[0] for each in started}
    [record] = provider.charges()
    assert answers == {f"{{'{record.charge_ref}'}}\n".encode()}


def test_eight_processes_may_open_a_fresh_state_at_once(state_file, environment):
    program = f"from {MODULE.rsplit('.', 1)[0]}.state import State; import sys; State(sys.argv[1]); print('opened')"
    command = [sys.executable, "-c", program, str(state_file)]
    started = [subprocess.Popen(command, env=environment, stdout=subprocess.PIPE) for _ in range(8)]
    assert [each.communicate(timeout=60)[0] for each in started] == [b"opened\n"] * 8
