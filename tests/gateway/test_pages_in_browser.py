"""The provider's pages in a real browser: what only a browser enforces or sees."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from subscriptions.gateway.port import CardAdded
from subscriptions.gateway.sandbox.provider import SandboxProvider
from tests.chromium import STILL
from tests.gateway.conftest import serving

pytestmark = pytest.mark.browser


class Shop(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b'<link rel="icon" href="data:,"><title>Back at the shop</title>')

    def log_message(self, *_: object) -> None:
        """Tests need no access log."""


@pytest.fixture
def shop() -> Iterator[str]:
    """An origin other than the provider's, to which the customer is sent back."""
    with HTTPServer(("127.0.0.1", 0), Shop) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://localhost:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def provider(shop: str, clock) -> Iterator[SandboxProvider]:
    provider = SandboxProvider(clock=clock, return_origins=[shop])
    yield provider
    provider.close()


@pytest.fixture(params=[390, 1440])
def page(request: pytest.FixtureRequest, chrome: Browser) -> Iterator[Page]:
    """A page whose console has stayed empty at the end."""
    page = chrome.new_page(viewport={"width": request.param, "height": 900}, reduced_motion=STILL)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    yield page
    page.close()
    assert complaints == []


def check_page(page: Page) -> None:
    assert Axe().run(page).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("language", ["en", "el"])
def test_a_browser_goes_from_card_to_bank_to_shop(page, provider, shop, language):
    setup_ref = provider.begin_card_setup(
        key="setup", customer_ref="account-1", return_url=f"{shop}/wallet/", language=language
    )
    with serving(provider) as address:
        page.goto(f"{address}/pay/card/{setup_ref}")
        page.locator("button.primary").click()
        check_page(page)
        for name, typed in {"number": "4242424242424242", "expiry": "07/30", "cvc": "123", "name": "Maria"}.items():
            page.fill(f"#{name}", typed)
        page.locator("button.primary").click()
        check_page(page)
        page.locator("button.primary").click()
        page.wait_for_url(f"{shop}/wallet/**")
        assert page.title() == "Back at the shop"
    assert isinstance(provider.card_setup(setup_ref=setup_ref), CardAdded)
