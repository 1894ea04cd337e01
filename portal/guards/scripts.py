"""PCI DSS 6.4.3 and 11.6.1: which scripts run on our pages and why, and whether a browser gets just these.

The card is entered on the provider's own page; ours lead there. A script that was changed on the way to the customer
could lead elsewhere, so the pages are looked at as a browser gets them (`manage.py check_scripts`).
"""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import yaml
from django.conf import settings
from django.contrib.staticfiles import finders
from django.urls import reverse

INVENTORY = Path(__file__).with_name("scripts.yaml")
# On the way to the provider's page and back; of those behind the sign-in a visitor gets the way in.
PAGES = ("account_login", "prices", "wallet", "subscriptions")
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
# What the storage of static files puts into a name.
_DIGEST = re.compile(r"\.[0-9a-f]{12}(?=\.\w+$)")


@dataclass(frozen=True, kw_only=True)
class Answer:
    url: str
    headers: Mapping[str, str]
    content: bytes


Fetch = Callable[[str], Answer]


def inventory() -> dict[str, dict[str, str]]:
    """By the name in the static files: `sha256`, and `reason`."""
    return yaml.safe_load(INVENTORY.read_text())


def renew_inventory() -> None:
    """Writes the hashes of the scripts as they are here; whoever does it has looked at them."""
    known = {name: {**facts, "sha256": digest(_here(name))} for name, facts in inventory().items()}
    head = [line for line in INVENTORY.read_text().splitlines() if line.startswith("#")]
    INVENTORY.write_text("\n".join(head) + "\n" + yaml.safe_dump(known, sort_keys=False, width=120))


def faults_of_site(fetch: Fetch, *, pages: tuple[str, ...] = PAGES) -> Iterator[str]:
    """What differs, in words; nothing where all is as it should be."""
    for page in map(reverse, pages):
        answer = fetch(page)
        yield from (f"{page}: {fault}" for fault in _faults_of_page(answer, fetch))


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _here(name: str) -> bytes:
    found = finders.find(name)
    assert isinstance(found, str)  # noqa: S101  (it stands in the inventory)
    return Path(found).read_bytes()


def _faults_of_page(answer: Answer, fetch: Fetch) -> Iterator[str]:
    for name, value in HEADERS.items():
        if answer.headers.get(name) != value:
            yield f"{name} is {answer.headers.get(name)!r}"
    policy = answer.headers.get("Content-Security-Policy", "")
    if "unsafe" in policy or not all(part in policy for part in _policy()):
        yield f"Content-Security-Policy is {policy!r}"
    if settings.PRODUCTION and "includeSubDomains" not in answer.headers.get("Strict-Transport-Security", ""):
        yield "no Strict-Transport-Security"
    scripts = _Scripts()
    scripts.feed(answer.content.decode(errors="replace"))
    if scripts.has_inline:
        yield "a script stands in the page itself"
    for source in scripts.sources:
        yield from _faults_of_script(source, answer.url, fetch)


def _policy() -> list[str]:
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    return [f"{name} {' '.join(values)}" for name, values in directives.items()]


def _faults_of_script(source: str, page: str, fetch: Fetch) -> Iterator[str]:
    url = urlsplit(urljoin(page, source))
    if url.netloc != urlsplit(page).netloc or not url.path.startswith(settings.STATIC_URL):
        yield f"{source} comes from elsewhere"
        return
    name = _DIGEST.sub("", url.path.removeprefix(settings.STATIC_URL))
    known = inventory().get(name)
    if known is None:
        yield f"{name} is not in the inventory"
    elif digest(fetch(url.path).content) != known["sha256"]:
        yield f"{name} is not what was looked at"


class _Scripts(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.sources: list[str] = []
        self.has_inline = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "script":
            return
        source = dict(attrs).get("src")
        self.sources += [source] if source else []
        self.has_inline |= not source
