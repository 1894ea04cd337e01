"""A person at a browser: follows links by their words, presses buttons, types; every page is looked at for faults."""

import os
import re
from pathlib import Path
from urllib.parse import urlsplit

from axe_playwright_python.base import AXE_SCRIPT
from axe_playwright_python.sync_playwright import Axe
from django.core import mail
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from portal import outbox

LANGUAGES = ("en", "el")
# A phone and a desk.
WIDTHS = (390, 1440)
# Long campaigns run beside others, on machines that are busy: there a page may take its time.
PATIENCE_MS = 60_000 if os.environ.get("PROOF_JOURNEYS") else 6_000
if os.environ.get("PROOF_JOURNEYS"):
    expect.set_options(timeout=PATIENCE_MS)
EVERYTHING: dict[str, object] = {"resultTypes": ["violations"]}
# Most of what axe does.
BUT_COLOURS = EVERYTHING | {"rules": {"color-contrast": {"enabled": False}}}
SEEN = """[
    document.documentElement.lang,
    document.documentElement.scrollWidth <= innerWidth,
    [innerWidth, matchMedia("(prefers-color-scheme: dark)").matches].join(),
    document.documentElement.outerHTML,
]"""
# What is another with every customer, address and moment, and nothing that axe looks at.
CHANGING = re.compile(r'(?:href|action|value|src|srcset|content|nonce|datetime)="[^"]*"|\d+')
JUDGED: set[int] = set()
# What the browser tells of a sign-out; what htmx tells of a request that a newer one replaced, as when arrows go
# through a list (of one that failed it tells htmx:sendError besides).
NO_COMPLAINTS = ("Clear-Site-Data header", "htmx:afterRequest", "htmx:sendAbort")
# The site and the sandbox of the provider; and what is in the page itself.
OWN = (None, "127.0.0.1", "localhost")
FIRST_LINK = re.compile(r"https?://\S+")


class Visitor:
    """`complaints` are what the browser's console and failed answers said."""

    def __init__(self, page: Page, *, has_script: bool) -> None:
        self.page, self.has_script = page, has_script
        self.complaints: list[str] = []
        page.set_default_timeout(PATIENCE_MS)
        page.on("console", lambda message: self.hear(message.text))
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        page.on("request", lambda request: self.ask(request.url))
        page.on("requestfailed", lambda request: self.miss(request.url, request.failure))
        page.on(
            "response", lambda answer: answer.status >= 400 and self.complaints.append(f"{answer.status} {answer.url}")
        )

    def hear(self, said: str) -> None:
        if not said.startswith(NO_COMPLAINTS):
            self.complaints.append(f"{self.page.url}: {said}")

    def ask(self, url: str) -> None:
        if urlsplit(url).hostname not in OWN:
            self.complaints.append(f"{self.page.url} asks elsewhere: {url}")

    def miss(self, url: str, failure: str | None) -> None:
        # A download ends its own loading; a page that is left stops waiting for what it has not got yet.
        if not url.startswith("data:") and failure != "net::ERR_ABORTED":
            self.complaints.append(f"{url}: {failure}")

    def open(self, address: str, *, heading: str) -> None:
        self.page.goto(address)
        self.look(heading)

    def follow(self, link: str, *, heading: str, exact: bool = False) -> None:
        self.click(self.page.locator("main").get_by_role("link", name=link, exact=exact).first)
        self.look(heading)

    def press(self, button: str, *, heading: str) -> None:
        self.click(self.page.get_by_role("button", name=button).first)
        self.look(heading)

    def type(self, **fields: str) -> None:
        for name, text in fields.items():
            self.write(self.page.locator(f"form:visible [name={name}]").first, text)

    # How hands do it: with a mouse, or on glass.

    def click(self, target: Locator) -> None:
        target.click()

    def write(self, target: Locator, text: str) -> None:
        target.fill(text)

    def check(self, target: Locator) -> None:
        target.check()

    def choose(self, target: Locator, value: str) -> None:
        target.select_option(value)

    def attach(self, target: Locator, files: list[dict] | Path) -> None:
        target.set_input_files(files)

    def look(self, heading: str, *, colours: bool = True) -> None:
        """The page has this heading, no sideways scrolling, and nothing that axe finds in its English.

        What it judges is the same in every language; a page that it has judged it does not judge again.
        """
        expect(self.page.locator("h1")).to_contain_text(heading)
        if self.has_script:
            language, fits, style, content = self.page.evaluate(SEEN)
            assert fits, self.page.url
            mark = hash((colours, style, CHANGING.sub("", content)))
            if language == "en" and mark not in JUDGED:
                self.judge(EVERYTHING if colours else BUT_COLOURS)
                JUDGED.add(mark)

    def judge(self, options: dict[str, object]) -> None:
        # Read into a page once, however often it is judged.
        axe = Axe(axe_script="0" if self.page.evaluate("'axe' in window") else AXE_SCRIPT)
        faults = [
            f"{fault['id']}: {node['html']} {node.get('failureSummary', '')}"
            for fault in axe.run(self.page, options=options).response["violations"]
            for node in fault["nodes"]
        ]
        assert not faults, "\n".join([self.page.url, *faults])

    def look_on_both(self) -> None:
        """On a phone and on a desk: the page is loaded once, since what differs between them is the style's alone.

        Colours are the desk's, where all is in sight; on a phone journeys see them.
        """
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": 900})
            self.look("", colours=width == WIDTHS[-1])

    def look_bright_and_dark(self) -> None:
        """The dark scheme changes colours alone."""
        self.page.emulate_media(color_scheme="light")
        self.look_on_both()
        self.page.emulate_media(color_scheme="dark")
        self.look("")

    def reads(self, *sentences: str) -> None:
        for sentence in sentences:
            expect(self.page.locator("body")).to_contain_text(sentence)


def deliver() -> None:
    """What waits in the outbox is done, and what that puts there in its turn, as the worker does."""
    while rows := outbox.waiting(now=timezone.now()):
        assert all(outbox.deliver(message_id, now=timezone.now()) for message_id in rows)


def link_in_mail(to: str, subject: str) -> str:
    """The first address in the newest mail to somebody."""
    deliver()
    bodies = [str(sent.body) for sent in mail.outbox if sent.to == [to] and subject in sent.subject]
    return FIRST_LINK.search(bodies[-1])[0]
