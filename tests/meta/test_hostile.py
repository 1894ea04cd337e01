"""No page, form, parameter, path, header or upload brings an error out of the site: asked by each kind of person.

Every day a sample, which another day's seed chooses; `PROOF_FUZZ=1` (make proof) tries all, each once: a form that
stands on many pages, a name that no page reads, an address that no pattern takes are not asked again and again. Each
request lies in a transaction of its own that is rolled back, so that all of them find the estate as it was.
"""

import logging
import os
import random
import traceback
from collections.abc import Generator, Iterable, Iterator, Set
from http.cookies import SimpleCookie
from typing import TypeVar
from urllib.parse import parse_qsl

import pytest
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponseBase
from django.template import Template
from django.test import Client
from django.urls import reverse

from accounts.models import Account
from garage.models import WorkshopStaff
from portal.roles import ROLES
from tests import make
from tests.meta.desk import WRITTEN, pages, table_name, url_of
from tests.meta.desk_rights import rights
from tests.meta.hostile import (
    MARKUP,
    Attack,
    nowhere,
    on_any_query,
    on_form,
    on_path,
    on_query,
    on_request,
    on_token,
    without_repeating,
)
from tests.meta.page_forms import forms_in
from tests.meta.query_read import WHOLE, names_read
from tests.meta.reading import ReadingClient
from tests.meta.routes import ROUTES
from tests.proof.results import note
from tests.staff import sign_in_at_the_desk

ALL = bool(os.environ.get("PROOF_FUZZ"))
# Pages, and requests to them, of a kind of person in the sample of every day.
PAGES, SAMPLE = 5, 25
SEED = int(os.environ.get("PROOF_SEED", "13"))
# Some that pages read only beside others: all with a value when a page is asked what it reads.
USUAL = ["q", "term", "year", "kind", "vin", "day", "on", "_facets"]
# What a list of the desk takes: any name may be a column's.
OF_LISTS = {"q", "o", "p", "all", "_facets", "_popup", "_to_field", "e", "id", "pk__in", "at__gte", "x__y"}
# Of these: what Django refuses before it reads the others.
REFUSED = {"_to_field", "e", "id", "pk__in", "at__gte", "x__y"}
# What the row's page and its history read of a query, by Django's code alone: the same on all of them.
OF_ROWS = {"_changelist_filters", "_popup", "_to_field", "p"}
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
        client.cookies = SimpleCookie(signed_in)
        with transaction.atomic():
            found += [f"{attack}: {fault}" for fault in _faults_of(client, attack)]
            transaction.set_rollback(True)
    client.cookies = SimpleCookie(signed_in)
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
    met: set[object] = set()
    yield from nowhere("/en/")
    # The API is called by its description, with every kind of token: test_api_calls.py.
    for name, route in chosen([each for each in ROUTES.items() if not each[1].is_api], PAGES):
        url = route.url(name, estate)
        yield from on_path(url, [str(getattr(estate, argument)) for argument in route.arguments])
        yield from on_request(url)
        asked = yield from attacks_on_forms(client, url, met, frozenset())
        values = asked_with(names_read(client, url, USUAL) - {WHOLE}, asked, url)
        yield from on_query(url, values, every=ALL) if values else on_any_query(url, ["next"])


def asked_with(read: Set[str], asked: dict[str, str], url: str) -> dict[str, str]:
    """The names that a page reads or that its own form sends, with what they have there, or in its address."""
    return dict.fromkeys(sorted(read), "") | asked | dict(parse_qsl(url.partition("?")[2]))


def attacks_on_forms(
    client: Client, url: str, met: set[object], known: Set[object]
) -> Generator[Attack, None, dict[str, str]]:
    """All forms but those that this person `met` on another page; those `known` from other people less at length.

    What those send that only ask the page itself is handed back: it is the page's query."""
    asked: dict[str, str] = {}
    answer = client.get(url)
    if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
        for form in forms_in(answer.content.decode(), url):
            if form.method == "get" and form.action.partition("?")[0] == url.partition("?")[0]:
                asked |= form.values
            elif form.sort not in met:
                met.add(form.sort)
                yield from on_form(form, every=ALL and form.sort not in known)
    return asked


@pytest.mark.parametrize("who", ["visitor", "owner", "stranger"])
def test_nothing_that_is_sent_to_the_site_brings_an_error(estate, who):
    client = ReadingClient()
    if who == "owner":
        client.force_login(estate.owner)
    elif who == "stranger":
        client.force_login(make.account("stranger@example.com", market=estate.owner.market))
    attacks = chosen(without_repeating(attacks_on_site(client, estate)), SAMPLE)
    found = faults(client, attacks)
    assert client.get(reverse("account")).status_code == (302 if who == "visitor" else 200), "asked by somebody else"
    note("hostile requests to the site", kinds_of_people=1, requests=len(attacks))
    assert found == [], "\n".join(found)


def test_no_token_of_a_form_brings_an_error(market):
    client = ReadingClient(enforce_csrf_checks=True)
    url = reverse("account_login")
    attacks = [attack for form in forms_in(client.get(url).text, url) for attack in on_token(form)]
    assert faults(client, attacks) == []


def attacks_on_desk(client: Client, estate, role: str, known: set[object]) -> Iterator[Attack]:
    """`known`: pages and forms that another role was at, with the same rows: what differs is who may open them."""
    met: set[object] = set()
    besides = tuple(f"_{each}" for each in WRITTEN)
    own = [name for name in pages() if not name.endswith(besides) and role in rights()[table_name(name)]]
    yield from nowhere("/admin/")
    for name in chosen(own, PAGES):
        url = url_of(name, pages()[name], estate)
        if url not in known:
            yield from on_path(url, [part for part in url.split("/") if part.isdigit()])
            yield from on_request(url)
        asked = yield from attacks_on_forms(client, url, met, known)
        values = asked_with(names_read(client, url, USUAL), asked, url)
        yield from attacks_on_query(url, values, met, is_known=url in known)
        met.add(url)
    known |= met


def attacks_on_query(url: str, values: dict[str, str], met: set[object], *, is_known: bool) -> Iterator[Attack]:
    is_list = WHOLE in values and "_to_field" in values
    names = (values.keys() | (OF_LISTS if is_list else ())) - {WHOLE}
    of_rows = ("query of a row", *sorted(names))
    if not names or is_known or of_rows in met:
        yield from on_any_query(url, sorted(names) or ["next"])
    elif is_list or names <= OF_ROWS:
        met |= set() if is_list else {of_rows}
        for part in (names - REFUSED, names & REFUSED):
            yield from on_query(url, dict.fromkeys(sorted(part), ""), every=not is_list and ALL) if part else ()
    else:
        yield from on_query(url, {name: values.get(name, "") for name in sorted(names)}, every=ALL)


@pytest.fixture(scope="module")
def known() -> dict[bool, set[object]]:
    """What was attacked at length, by whether a dealer's own rows are all that is seen."""
    return {True: set(), False: set()}


# First those who may do most.
@pytest.mark.parametrize("role", [*reversed(ROLES)] if ALL else ["administrator", "dealer_manager"])
def test_nothing_that_is_sent_to_the_desk_brings_an_error(estate, role, known):
    client = sign_in_at_the_desk(ReadingClient(), hired(estate, role))
    attacks = chosen(without_repeating(attacks_on_desk(client, estate, role, known[role.startswith("dealer")])), SAMPLE)
    found = faults(client, attacks)
    assert client.get(reverse("admin:index")).status_code == 200, "asked by somebody else"
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
