"""Lighthouse, as on a phone, over the demo: 95 at least in all four, on the seven pages that matter most."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chromium import chromium
from tests.demo_walk.browser import Visitor
from tests.looks.demo import running_demo
from tests.looks.report import LIGHTHOUSE, ROOT, renew
from tests.proof.results import note

VERSION = "12.8.2"
LEAST = 95
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
# Without them Chromium asks its maker's servers, which this machine may not reach.
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
)
WHO, PASSWORD = "nikos@example.com", "olive-harbour-42"
# The others are signed in.
AS_A_VISITOR = ("answer", "search")
CAR = re.compile(r"/en/services/[0-9a-f-]{36}/")
ORDER = re.compile(r"/en/services/[0-9a-f-]{36}/[a-z-]+/order/")


@pytest.fixture(scope="module")
def lighthouse() -> Path:
    """From npm, of one version, below var/; its package is no part of the portal."""
    if shutil.which("npm") is None:
        pytest.fail("Lighthouse comes by npm, and there is no npm here.")
    folder = ROOT / "var" / "lighthouse"
    command = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(folder)]
    subprocess.run([*command, f"lighthouse@{VERSION}"], check=True)
    return folder / "node_modules" / ".bin" / "lighthouse"


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Iterator[str]:
    with running_demo(tmp_path_factory.mktemp("demo")) as address:
        yield address


@pytest.fixture(scope="module")
def member(site) -> Iterator[Visitor]:
    visitor = Visitor(site)
    page = visitor.open("/en/account/login/")
    visitor.press(page, "Sign in", login=WHO, password=PASSWORD)
    yield visitor
    visitor.client.close()


@pytest.fixture(scope="module")
def pages(member) -> dict[str, str]:
    [order, *_others] = ORDER.findall(member.client.get("/en/services/").text)
    return {
        "home": "/en/",
        "garage": "/en/garage/",
        "centre": CAR.match(order)[0],
        "checkout": order,
        "history": "/en/payments/documents/",
        "answer": "/en/support/cancelling/how-to-cancel/",
        "search": "/en/support/search/?q=cancel",
    }


def test_lighthouse_finds_little_to_say(lighthouse, site, member, pages, tmp_path):
    cookies = "; ".join(f"{name}={value}" for name, value in member.client.cookies.items())
    found = {
        name: _scores(lighthouse, site + path, tmp_path, cookies="" if name in AS_A_VISITOR else cookies)
        for name, path in pages.items()
    }
    heads = ("Page", "Performance", "Accessibility", "Best practices", "SEO")
    rows = [[name, *(str(scores[each]) for each in CATEGORIES)] for name, scores in found.items()]
    renew(LIGHTHOUSE, [f"| {' | '.join(row)} |" for row in (heads, ["---"] * 5, *rows)])
    lowest = min(score for scores in found.values() for score in scores.values())
    note("lighthouse", pages=len(found), lowest_score=lowest)
    assert lowest >= LEAST, found


def _scores(lighthouse: Path, url: str, folder: Path, *, cookies: str) -> dict[str, int]:
    report, headers = folder / "report.json", folder / "headers.json"
    headers.write_text(json.dumps({"Cookie": cookies} if cookies else {}))
    command = [str(lighthouse), url, "--quiet", "--output=json", f"--output-path={report}"]
    chosen = [f"--only-categories={','.join(CATEGORIES)}", f"--extra-headers={headers}"]
    environment = os.environ | {"CHROME_PATH": chromium()}
    command += [*chosen, f"--chrome-flags={FLAGS}"]
    # Now and then its trace misses that the page was opened (NO_NAVSTART); that says nothing of the page.
    if subprocess.run(command, env=environment).returncode:
        subprocess.run(command, check=True, env=environment)
    said = json.loads(report.read_text())
    assert said["finalDisplayedUrl"] == url
    return {name: round(100 * said["categories"][name]["score"]) for name in CATEGORIES}
