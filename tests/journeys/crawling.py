"""Everything that an account can read: its pages, followed link by link, the API, and its export."""

import io
import re
from collections.abc import Iterable, Iterator
from types import SimpleNamespace
from zipfile import ZipFile

import pypdf
from django.test import Client
from django.utils import timezone

from accounts.files.export import write_zip
from accounts.models import Account
from tests import oidc
from tests.meta.routes import ROUTES

LINK = re.compile(r'(?:href|action|hx-get)="(/en/[^"#]*)"')
# Pages that end the session, or begin something elsewhere.
LEFT_OUT = re.compile(r"/logout/|/reauthenticate/")
Read = dict[str, str]


def everything_of(account: Account, known: SimpleNamespace) -> Read:
    """By the address, or the name of the file. `known` names public ids as tests/meta/routes.py does."""
    read = pages_of(account, list(addresses(known)))
    return read | answers_to(account, known) | export_of(account)


def addresses(known: SimpleNamespace) -> Iterator[str]:
    """Each address of the site whose arguments are known."""
    for name, route in ROUTES.items():
        if route.is_ours and route.owner and all(hasattr(known, argument) for argument in route.arguments):
            yield route.url(name, known)


def pages_of(account: Account, seeds: Iterable[str]) -> Read:
    client = Client()
    client.force_login(account)
    read: Read = {}
    waiting = list(seeds)
    while waiting:
        address = waiting.pop()
        if address in read or LEFT_OUT.search(address):
            continue
        answer = client.get(address)
        read[address] = text_of(answer)
        waiting += [found.replace("&amp;", "&") for found in LINK.findall(read[address])]
        if answer.status_code in {301, 302} and answer["Location"].startswith("/en/"):
            waiting.append(answer["Location"])
    return read


def answers_to(account: Account, known: SimpleNamespace) -> Read:
    """What the API says to an app with every scope that it may have."""
    oidc.clients()
    app = oidc.sign_in_app(account)
    calls = {name: route for name, route in ROUTES.items() if name.startswith("api_")}
    known_calls = [
        route.url(name, known)
        for name, route in calls.items()
        if all(hasattr(known, argument) for argument in route.arguments)
    ]
    return {address: app.get(address).text for address in known_calls}


def export_of(account: Account) -> Read:
    written = io.BytesIO()
    write_zip(written, account, now=timezone.now(), done=lambda _kinds: None, alive=lambda: None)
    with ZipFile(written) as archive:
        return {name: _readable(archive.read(name)) for name in archive.namelist()}


def text_of(answer: object) -> str:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    return _readable(content)


def _readable(content: bytes) -> str:
    if content.startswith(b"%PDF"):
        return " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)
    return content.decode(errors="replace")
