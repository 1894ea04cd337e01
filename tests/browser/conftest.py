"""The whole site for a browser: the live server with the example deployment's data, the sandbox provider beside it."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from playwright.sync_api import Browser

from accounts.models import Account
from subscriptions.gateway import get_gateway
from tests.browser.keyboard import KeyboardVisitor
from tests.browser.visitor import Visitor
from tests.chromium import STILL
from tests.meta.test_layout import ROOT

SAMPLES = ROOT / "portal" / "data" / "lexus_cy"
SECRET = "of this test"
LISTENS = re.compile(r"listens on (http://127\.0\.0\.1:\d+)")


@pytest.fixture
def sandbox(live_server, tmp_path: Path) -> Iterator[str]:
    """The provider's origin: its server as a process of its own, on a free port."""
    environment = {
        "SANDBOX_PORT": "0",
        "SANDBOX_STATE": str(tmp_path / "sandbox.sqlite3"),
        "SANDBOX_SECRET": SECRET,
        "SANDBOX_RETURN_ORIGINS": live_server.url,
    }
    log = tmp_path / "sandbox.log"
    command = [sys.executable, "-m", "subscriptions.gateway.sandbox.server"]
    with log.open("w") as written, subprocess.Popen(command, cwd=ROOT, env=environment, stderr=written) as process:
        yield _origin(log, process)
        process.terminate()


def _origin(log: Path, process: subprocess.Popen) -> str:
    for _ in range(200):
        found = LISTENS.search(log.read_text())
        if found:
            return found[1]
        if process.poll() is not None:
            break
        time.sleep(0.05)
    pytest.fail(f"The sandbox did not start: {log.read_text()}")


@pytest.fixture
def with_provider(live_server, sandbox: str, settings) -> Iterator[str]:
    """The site's origin. Its settings name both origins."""
    settings.SITE_URL, settings.SANDBOX_URL, settings.SANDBOX_SECRET = live_server.url, sandbox, SECRET
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": {**directives, "form-action": ["'self'", sandbox]}}
    yield live_server.url
    get_gateway().close()


@pytest.fixture
def site(with_provider: str) -> str:
    """The same with the example deployment's data; its registry has read each odometer just now."""
    for command in ("brand", "terms", "catalogue"):
        call_command(f"load_{command}", str(SAMPLES / f"{command}.yaml"), verbosity=0)
    call_command("import_vehicles", str(SAMPLES / "vehicles.csv"), "--readings-at", "now", verbosity=0)
    return with_provider


@pytest.fixture
def browser(site: str, chrome: Browser) -> Browser:
    return chrome


@pytest.fixture
def pages_of(live_server, chrome: Browser) -> Callable[..., Visitor]:
    """Somebody who is signed in already: `pages_of(account)` is a visitor without the detour over signing in."""

    def visitor(account: Account, *, has_script: bool = True, hands: type[Visitor] = Visitor) -> Visitor:
        context = chrome.new_context(base_url=live_server.url, reduced_motion=STILL, java_script_enabled=has_script)
        client = Client()
        client.force_login(account)
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value}
        context.add_cookies([cookie | {"url": live_server.url}])
        return hands(context.new_page(), has_script=has_script)

    return visitor


IS_PROOF = bool(os.environ.get("PROOF_JOURNEYS"))
# Minutes, on pages and journeys that other tests see in seconds.
collect_ignore = [] if IS_PROOF else ["test_by_keyboard.py", "test_large_text.py"]
PHONE, DESK = (390, 844), (1440, 900)
# How somebody comes: the screen, whether scripts run, and whether there is nothing but a keyboard.
WAYS = {"with JavaScript": (PHONE, True, Visitor), "without JavaScript": (PHONE, False, Visitor)}
HANDS: dict[str, type[Visitor]] = {"by hand": Visitor}
if IS_PROOF:
    HANDS |= {"by keyboard": KeyboardVisitor}
    WAYS |= {"desk with JavaScript": (DESK, True, Visitor), "desk without JavaScript": (DESK, False, Visitor)}
    WAYS |= {"phone by keyboard": (PHONE, True, KeyboardVisitor), "desk by keyboard": (DESK, True, KeyboardVisitor)}
    WAYS |= {"desk by keyboard without JavaScript": (DESK, False, KeyboardVisitor)}


@pytest.fixture(params=HANDS.values(), ids=HANDS.keys())
def hands(request: pytest.FixtureRequest) -> type[Visitor]:
    """For tests that bring people of their own to the pages: `pages_of(account, hands=hands)`."""
    return request.param


@pytest.fixture(params=WAYS.values(), ids=WAYS.keys())
def visitor(request: pytest.FixtureRequest, browser: Browser, site: str) -> Iterator[Visitor]:
    """At the end the console is empty, no answer has failed, and nothing was asked of others."""
    (width, height), has_script, hands = request.param
    context = browser.new_context(
        viewport={"width": width, "height": height},
        java_script_enabled=has_script,
        locale="en-GB",
        base_url=site,
        reduced_motion=STILL,
    )
    visitor = hands(context.new_page(), has_script=has_script)
    yield visitor
    context.close()
    assert visitor.complaints == []
