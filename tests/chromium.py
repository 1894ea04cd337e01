"""The browser of the browser tests: Debian's Chromium, without which they are skipped, or fail where it is required."""

import asyncio
import os
import shutil
from asyncio import AbstractEventLoop
from collections.abc import Iterator
from typing import Literal

import pytest
from django.db import connections
from playwright.sync_api import Browser, sync_playwright

# Colours that are still on their way to what they become would be judged as if they stayed.
STILL: Literal["reduce"] = "reduce"
PROGRAMS = ("chromium-headless-shell", "chromium")


def chromium() -> str:
    """Its path: without a window of its own if there is that one, which opens its tabs for half the work.

    The check run in CI sets REQUIRE_BROWSER=1, so that a browser that is gone is seen there."""
    found = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if found:
        return found
    if os.environ.get("REQUIRE_BROWSER") == "1":
        pytest.fail("REQUIRE_BROWSER is set, and there is no chromium here.")
    pytest.skip("There is no chromium here.")


@pytest.fixture(scope="session")
def running_chromium() -> Iterator[tuple[Browser, AbstractEventLoop]]:
    """Started once: with its driver it takes longer to start than many a test takes."""
    path = chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        loop = asyncio.get_running_loop()
        asyncio._set_running_loop(None)
        yield browser, loop
        asyncio._set_running_loop(loop)
        browser.close()


@pytest.fixture
def chrome(running_chromium: tuple[Browser, AbstractEventLoop], monkeypatch: pytest.MonkeyPatch) -> Iterator[Browser]:
    """The browser with nothing of another test: each opens contexts of its own, which are closed at its end.

    Its driver marks this thread as running an event loop, in which Django would refuse to ask the database, and has
    connections of its own. Tests without a browser run outside of the loop, whether before or after.
    """
    browser, loop = running_chromium
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    asyncio._set_running_loop(loop)
    try:
        yield browser
        for context in browser.contexts:
            context.close()
    finally:
        connections.close_all()
        asyncio._set_running_loop(None)
