"""Law 11 over the API and by ids: whatever an address names is its account's own; others find nothing, by no method."""

from itertools import count
from types import SimpleNamespace

import pytest
from allauth.idp.oidc.models import Client as Caller
from django.urls import resolve, reverse

from accounts.models import Account
from accounts.scopes import SCOPES
from portal.api.machine import MachineView
from portal.api.views import ApiView
from tests import make, oidc
from tests.meta.routes import ROUTES, Route

CALLS = {name: route for name, route in ROUTES.items() if route.is_api and route.arguments}
# Behind the sign-in, with an argument that is nobody's own: dealers and answers are public, a purpose is a word, a key
# is none.
NOBODYS = {"dealer", "preferred_dealer", "consent", "authorization_again", "support_own_figures"}
# What an owner may look at first, and end last.
METHODS = ("GET", "PATCH", "PUT", "POST", "DELETE")
_KEYS = count()


@pytest.fixture
def estate(estate: SimpleNamespace, settings) -> SimpleNamespace:
    settings.API_CALLS_OF_ACCOUNT = settings.API_CALLS_OF_CLIENT = 10_000
    return estate


def caller(account: Account) -> oidc.PortalClient:
    """With a token for everything that an app or a car can be allowed."""
    client = Caller.objects.get(pk=oidc.APP)
    client.set_scopes(list(SCOPES))
    client.save()
    return oidc.sign_in_app(account, scope=" ".join(SCOPES))


def view_of(name: str, route: Route, estate: SimpleNamespace):
    return resolve(route.url(name, estate)).func.cls


def methods_of(view) -> list[str]:
    return [method for method in METHODS if hasattr(view, method.lower())]


def call(client: oidc.PortalClient, method: str, url: str) -> int:
    headers = {"Idempotency-Key": f"key-of-a-call-{next(_KEYS)}"}
    return client.request(method, url, json=None if method == "GET" else {}, headers=headers).status_code


def answers(client: oidc.PortalClient, urls: dict[str, str]) -> dict[tuple[str, str], int]:
    return {
        (name, method): call(client, method, url)
        for name, url in urls.items()
        for method in methods_of(resolve(url).func.cls)
    }


def urls_of_owners(estate: SimpleNamespace) -> dict[str, str]:
    """Calls of apps and cars; those of machines and of everybody are nobody's."""
    views = {name: view_of(name, route, estate) for name, route in CALLS.items()}
    owners = {name for name, view in views.items() if issubclass(view, ApiView) and not issubclass(view, MachineView)}
    return {name: CALLS[name].url(name, estate) for name in sorted(owners)}


def test_every_address_behind_the_sign_in_that_names_something_names_somebodys_own():
    named = {n for n, r in ROUTES.items() if r.arguments and r.is_ours and not r.visitor and not r.is_api}
    assert {name for name in named if not ROUTES[name].is_owned} == NOBODYS


def test_law_11_a_stranger_with_every_scope_finds_nothing_of_the_owners_by_any_method(estate, stranger):
    found = answers(caller(stranger), urls_of_owners(estate))
    assert len(found) >= 25
    assert found == dict.fromkeys(found, 404)


def _names_two_things(route: Route) -> bool:
    """A package or a month is nobody's own."""
    return len(route.arguments) > 1 and route.arguments[-1] not in {"package", "month"}


def test_law_11_an_account_with_a_car_of_its_own_finds_nothing_beside_it(estate, stranger):
    """A foreign id behind an own one: the last of several arguments is the owner's, the first the stranger's."""
    own = make.active_car(stranger, 70).public_id
    mixed = SimpleNamespace(**vars(estate) | {"car": own})
    urls = {name: url for name, url in urls_of_owners(mixed).items() if _names_two_things(CALLS[name])}
    assert "api_reacher" in urls
    found = answers(caller(stranger), urls)
    assert found == dict.fromkeys(found, 404)
    page = reverse("reach_end", args=[own, estate.link_beside])
    assert oidc.browser_of(stranger).post(page).status_code == 404


def test_law_11_the_owner_finds_each_of_them(estate):
    """Else the tests above would be about nothing."""
    client = caller(estate.owner)
    for name, url in urls_of_owners(estate).items():
        found = {method: call(client, method, url) for method in methods_of(resolve(url).func.cls)[:1]}
        assert (name, set(found.values()) & {401, 403, 404, 405, 500}) == (name, set())


def test_law_11_an_accounts_token_opens_no_call_of_a_machine(estate, stranger):
    client, urls = caller(stranger), {n: r.url(n, estate) for n, r in ROUTES.items() if r.is_api}
    machines = {name: url for name, url in urls.items() if issubclass(resolve(url).func.cls, MachineView)}
    found = answers(client, machines)
    assert len(found) >= 3
    assert found == dict.fromkeys(found, 401)
