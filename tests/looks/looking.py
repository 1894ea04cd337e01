"""One page looked at: what axe finds, whether it fits, what it weighs, how often it asks the database."""

import gzip
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import product
from pathlib import Path
from urllib.parse import urlsplit

import brotli
from axe_playwright_python.base import AXE_SCRIPT
from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles import finders
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from playwright.sync_api import Page

from tests.browser.visitor import EVERYTHING, LANGUAGES
from tests.looks.places import Place

WIDTHS = (390, 820, 1440)
SCHEMES = ("light", "dark")
# Design rules: HTML, sheets and scripts over the wire, font aside.
MOST_BYTES = 60_000
# How each page is shown: with the width and the scheme that most people have first.
SHOWN = tuple(product(LANGUAGES, WIDTHS, SCHEMES))
LOADED = re.compile(r'(?:<link rel="stylesheet" href|<script[^>]* src)="([^"]+)"')
FITS = "document.documentElement.scrollWidth <= innerWidth"


@dataclass(kw_only=True)
class Look:
    place: Place
    weight: int = 0
    queries: int = 0
    faults: list[str] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)


def counted(place: Place) -> Look:
    """As the second request of somebody, when what is kept in the process is there."""
    client = Client()
    if place.who:
        client.force_login(place.who)
    address = place.address("en")
    # Of a file that is sent the client reads nothing.
    client.get(address).close()
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(address)
    answer.close()
    if answer.status_code != 200 or not answer["Content-Type"].startswith("text/html"):
        return Look(place=place)
    page = answer.content
    return Look(place=place, queries=len(asked), weight=len(gzip.compress(page)) + sum(map(_weight, _loaded(page))))


def _loaded(page: bytes) -> Iterator[str]:
    for url in LOADED.findall(page.decode()):
        yield urlsplit(url).path


@cache
def _weight(path: str) -> int:
    """As WhiteNoise has compressed it beforehand; what a view makes counts as it is."""
    found = finders.find(path.removeprefix("/static/")) if path.startswith("/static/") else None
    return len(brotli.compress(Path(found).read_bytes())) if found else len(Client().get(path).content)


def judge(look: Look, page: Page) -> None:
    """In each language, width and scheme: axe, the width, and whether the console or the network complained."""
    for language in LANGUAGES:
        page.goto(look.place.address(language))
        for width, scheme in product(WIDTHS, SCHEMES):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            where = f"{language} {width} {scheme}"
            if not page.evaluate(FITS):
                look.faults.append(f"{where}: scrolls sideways")
            look.faults += [f"{where}: {fault}" for fault in _violations(page)]


def _violations(page: Page) -> Iterator[str]:
    axe = Axe(axe_script="0" if page.evaluate("'axe' in window") else AXE_SCRIPT)
    for fault in axe.run(page, options=EVERYTHING).response["violations"]:
        for node in fault["nodes"]:
            yield f"{fault['id']} {node['html'][:120]}"


def photograph(look: Look, page: Page, folder: Path) -> None:
    """The whole page each time; a very long one is cut where nobody looks at a contact sheet any more."""
    for language, width, scheme in SHOWN:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        if not page.url.endswith(address := look.place.address(language)):
            page.goto(address)
        name = f"{look.place.name}-{language}-{width}-{scheme}.jpeg"
        height = min(page.evaluate("document.documentElement.scrollHeight"), 4 * 900)
        page.screenshot(
            path=folder / name,
            type="jpeg",
            quality=60,
            full_page=True,
            clip={"x": 0, "y": 0, "width": width, "height": height},
        )
        look.pictures.append(name)
