"""No page, form, parameter, path, header or upload brings an error out of the site: asked by each kind of person.

Every day a sample, which another day's seed chooses; `PROOF_FUZZ=1` (make proof) tries all. Each request lies in a
transaction of its own that is rolled back, so that all of them find the estate as it was.
"""

import logging
import os
import random
import traceback
from collections.abc import Iterable, Iterator
from typing import TypeVar

import pytest
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponseBase
from django.template import Template
from django.test import Client

from accounts.models import Account
from garage.models import WorkshopStaff
from portal.roles import ROLES
from tests import make
from tests.meta.desk import WRITTEN, pages, table_name, url_of
from tests.meta.desk_rights import rights
from tests.meta.hostile import MARKUP, Attack, on_form, on_path, on_query, on_request
from tests.meta.page_forms import forms_in
from tests.meta.reading import ReadingClient
from tests.meta.routes import ROUTES
from tests.proof.results import note
from tests.staff import sign_in_at_the_desk

ALL = bool(os.environ.get("PROOF_FUZZ"))
# Pages, and requests to them, of a kind of person in the sample of every day.
PAGES, SAMPLE = 8, 40
SEED = int(os.environ.get("PROOF_SEED", "13"))
# What views read of a query, all over the site.
PARAMETERS = [
    *("about", "after", "article", "code", "days", "dealer", "from", "helpful", "market", "next", "of", "page", "q"),
    *("row", "term", "text", "to", "day", "on", "vin", "plate", "language", "year", "kind", "vehicle", "map", "sort"),
]
# Of lists of the desk.
DESK_PARAMETERS = [*("q", "o", "p", "all", "e", "_facets", "_popup", "_to_field"), *("id", "pk__in", "at__gte", "x__y")]
# A thing that stands outside answers not at all: said in words, and no fault of ours.
IN_WORDS = {503}

Chosen = TypeVar("Chosen")
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def quickly(caplog, settings, monkeypatch):
    """Nobody reads the log of thousands of refusals, nor what the templates were given."""
    caplog.set_level(logging.CRITICAL + 1)
    settings.API_CALLS_OF_ACCOUNT = settings.API_CALLS_OF_CLIENT = 10_000_000
    monkeypatch.setattr(Template, "_render", lambda template, context: template.nodelist.render(context))


def chosen(found: Iterable[Chosen], size: int) -> list[Chosen]:
    known = list(found)
    return known if ALL else random.Random(SEED).sample(known, min(size, len(known)))


def faults(client: Client, attacks: list[Attack]) -> list[str]:
    """Signed in as at first, whatever the request before has done."""
    signed_in = {name: morsel.value for name, morsel in client.cookies.items()}
    found = []
    for attack in attacks:
        cache.clear()
        client.cookies.load(signed_in)
        with transaction.atomic():
            found += [f"{attack}: {fault}" for fault in _faults_of(client, attack)]
            transaction.set_rollback(True)
    return found


def _faults_of(client: Client, attack: Attack) -> Iterator[str]:
    try:
        answer = attack.send(client)
    except Exception as error:
        last = traceback.extract_tb(error.__traceback__)[-1]
        yield f"{type(error).__name__} {str(error)[:80]!r} in {last.filename[-50:]}:{last.lineno}"
        return
    if answer.status_code >= 500 and answer.status_code not in IN_WORDS:
        yield f"answers {answer.status_code}"
    if _shows_markup(answer):
        yield "shows what was sent as markup"
    if answer.get("Location", "").startswith(("//", "/\\", "javascript:", "http://evil", "http://169")):
        yield f"leads to {answer['Location'][:40]}"


def _shows_markup(answer: HttpResponseBase) -> bool:
    is_page = answer.get("Content-Type", "").startswith("text/html") and not answer.streaming
    return is_page and MARKUP.encode() in answer.content


def attacks_on_site(client: Client, estate) -> Iterator[Attack]:
    # The API is called by its description, with every kind of token: test_api_calls.py.
    for name, route in chosen([each for each in ROUTES.items() if not each[1].is_api], PAGES):
        url = route.url(name, estate)
        arguments = [str(getattr(estate, argument)) for argument in route.arguments]
        yield from on_path(url, arguments)
        yield from on_query(url, PARAMETERS)
        yield from on_request(url)
        yield from attacks_on_page(client, url)


def attacks_on_page(client: Client, url: str) -> Iterator[Attack]:
    answer = client.get(url)
    if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
        for form in forms_in(answer.content.decode(), url):
            yield from on_form(form, every=ALL)


@pytest.mark.parametrize("who", ["visitor", "owner", "stranger"])
def test_nothing_that_is_sent_to_the_site_brings_an_error(estate, who):
    client = ReadingClient()
    if who == "owner":
        client.force_login(estate.owner)
    elif who == "stranger":
        client.force_login(make.account("stranger@example.com", market=estate.owner.market))
    attacks = chosen(attacks_on_site(client, estate), SAMPLE)
    found = faults(client, attacks)
    note("hostile requests to the site", kinds_of_people=1, requests=len(attacks))
    assert found == [], "\n".join(found)


def attacks_on_desk(client: Client, estate, role: str) -> Iterator[Attack]:
    besides = tuple(f"_{each}" for each in WRITTEN)
    own = [name for name in pages() if not name.endswith(besides) and role in rights()[table_name(name)]]
    for name in chosen(own, PAGES):
        page = pages()[name]
        url = url_of(name, page, estate)
        yield from on_query(url, DESK_PARAMETERS)
        yield from on_path(url, [part for part in url.split("/") if part.isdigit()])
        yield from on_request(url)
        yield from attacks_on_page(client, url)


@pytest.mark.parametrize("role", ROLES if ALL else ["administrator", "dealer_manager"])
def test_nothing_that_is_sent_to_the_desk_brings_an_error(estate, role):
    client = sign_in_at_the_desk(ReadingClient(), hired(estate, role))
    attacks = chosen(attacks_on_desk(client, estate, role), SAMPLE)
    found = faults(client, attacks)
    note("hostile requests to the desk", kinds_of_people=1, requests=len(attacks))
    assert found == [], "\n".join(found)


def hired(estate, role: str) -> Account:
    """The estate's manager of a dealer is the one at work on its car."""
    if role == "dealer_manager":
        return Account.objects.get(email="mechanic@staff.example.com")
    who = make.account(f"{role}@staff.example.com", market=estate.owner.market, is_staff=True)
    who.groups.set(Group.objects.filter(name=role))
    if role == "dealer":
        WorkshopStaff.objects.create(account=who, workshop=WorkshopStaff.objects.first().workshop)
    return who
