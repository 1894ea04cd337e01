"""Who may see which address: visitor, stranger, owner, staff. Each test walks the whole table."""

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from accounts.models import Account, TermsVersion
from portal.roles import ROLES, load_roles
from tests import make
from tests.meta.reading import ReadingClient
from tests.meta.routes import ROUTES, Route, names_on_the_site
from tests.staff import sign_in_at_the_desk

OWNED = {name: route for name, route in ROUTES.items() if route.is_owned}


@pytest.fixture
def staff(market):
    """Gives a member of staff with a role; an agent is no customer of his own garage."""
    load_roles()

    def hire(role: str) -> Account:
        who = make.account(f"{role}@staff.example.com", market=market, is_staff=True)
        who.groups.set(Group.objects.filter(name=role))
        return who

    return hire


def signed_in(account: Account, **options: bool) -> Client:
    client = ReadingClient(**options)
    client.force_login(account)
    return client


def ask(client: Client, name: str, route: Route, estate) -> object:
    url = route.url(name, estate)
    return client.get(url) if route.owner else client.post(url)


def answers(client: Client, routes: dict[str, Route], estate) -> dict[str, int]:
    return {name: ask(client, name, route, estate).status_code for name, route in routes.items()}


def test_the_table_names_every_address_once():
    assert sorted(names_on_the_site()) == sorted(ROUTES)


def test_a_visitor_sees_what_is_public_and_is_led_to_the_sign_in_page_elsewhere(estate):
    public = {name: route for name, route in ROUTES.items() if route.visitor}
    assert answers(ReadingClient(), public, estate) == {name: route.visitor for name, route in public.items()}
    for name in ROUTES.keys() - public.keys():
        response = ask(ReadingClient(), name, ROUTES[name], estate)
        assert (name, response.status_code) == (name, 302)
        assert response["Location"].startswith(reverse(settings.LOGIN_URL))


def test_the_owner_sees_everything(estate):
    seen = {name: route for name, route in ROUTES.items() if route.owner}
    assert answers(signed_in(estate.owner), seen, estate) == {name: route.owner for name, route in seen.items()}


def test_a2_without_the_terms_only_what_must_stay_reachable_is_open(estate):
    """Signed in, with new Terms in force: what is public, the entrance, withdrawal and the Terms; all else asks."""
    now = make.NOW
    texts = {"en": "New.", "el": "Νέα."}
    TermsVersion.objects.create(market=estate.owner.market, version="2026-06", effective_at=now, texts=texts)
    client = signed_in(estate.owner)
    for name, route in ROUTES.items():
        response = ask(client, name, route, estate)
        asks = response.status_code == 302 and response["Location"].startswith(reverse("terms_acceptance"))
        is_open = bool(route.visitor) or not route.is_ours or route.is_without_terms
        assert (name, asks) == (name, not is_open)


@pytest.mark.parametrize("method", ["get", "post"])
def test_law_11_a_stranger_finds_nothing_of_the_owners(estate, stranger, method):
    client = signed_in(stranger)
    taking = {n: r for n, r in OWNED.items() if (r.takes_post if method == "post" else r.owner)}
    found = {name: getattr(client, method)(route.url(name, estate)).status_code for name, route in taking.items()}
    assert found == dict.fromkeys(taking, 404)


@pytest.mark.parametrize("role", ROLES)
def test_staff_find_nothing_of_a_customers_on_the_site(estate, staff, role):
    assert answers(sign_in_at_the_desk(ReadingClient(), staff(role)), OWNED, estate) == dict.fromkeys(OWNED, 404)


def test_an_address_answers_405_to_methods_that_it_does_not_take(estate):
    client = signed_in(estate.owner)
    for name, route in ROUTES.items():
        if not route.is_ours:
            continue
        refused = {"put", "patch", "delete"} | ({"get"} if not route.owner else set())
        refused |= set() if route.takes_post else {"post"}
        got = {method: getattr(client, method)(route.url(name, estate)).status_code for method in refused}
        assert (name, got) == (name, dict.fromkeys(refused, 405))


def test_no_post_is_taken_without_the_token(estate):
    client = signed_in(estate.owner, enforce_csrf_checks=True)
    got = {name: client.post(route.url(name, estate)).status_code for name, route in ROUTES.items()}
    assert got == {name: 400 if route.is_signed else route.tokenless for name, route in ROUTES.items()}


def test_no_post_of_a_visitor_is_taken_without_the_token(estate):
    client = Client(enforce_csrf_checks=True)
    got = {name: client.post(route.url(name, estate)).status_code for name, route in ROUTES.items()}
    assert got == {name: 400 if route.is_signed else route.tokenless for name, route in ROUTES.items()}
