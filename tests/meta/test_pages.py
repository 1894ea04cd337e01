"""What holds on every page: no inline style or script, safety headers, no copy in a cache, no query per row."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse, translate_url
from django.utils import translation

from accounts.models import Notice
from tests import make
from tests.meta.routes import ROUTES

# Pages of one person: a shared machine must not show them by its back button (ASVS 14.3.2).
PERSONAL = sorted(
    name
    for name, route in ROUTES.items()
    if route.is_ours and route.owner and (not route.visitor or name in {"home", "withdrawal"})
)
# Of a signed-in page (shared aims of speed), and of a list however many rows it has.
MOST_QUERIES, MOST_OF_A_LIST = 12, 8
INLINE = re.compile(r"<style|\sstyle=|\son[a-z]+=\"|javascript:|<script(?![^>]*\ssrc=)", re.IGNORECASE)
SIGNING_OUT = '<form method="post" action="/en/account/logout/">'


@pytest.fixture
def owner_client(client, estate):
    client.force_login(estate.owner)
    return client


def visits(client, estate):
    """Each address that answers with a page, what it answers to the owner, and how many queries that took."""
    for name, route in ROUTES.items():
        if route.owner == 200:
            with CaptureQueriesContext(connection) as captured:
                response = client.get(route.url(name, estate))
            if response["Content-Type"].startswith("text/html"):
                yield name, response, len(captured)


def pages(client, estate):
    return ((name, response) for name, response, _queries in visits(client, estate))


def test_no_page_in_greek_has_a_style_or_a_script_of_its_own(owner_client, estate):
    with translation.override("el"):
        for name, response in pages(owner_client, estate):
            assert (name, INLINE.findall(response.content.decode())) == (name, [])


def test_no_page_for_visitors_has_a_style_or_a_script_of_its_own(client, estate):
    for name, route in ROUTES.items():
        if route.visitor == 200:
            page = client.get(route.url(name, estate)).content.decode()
            assert (name, INLINE.findall(page)) == (name, [])


WITHDRAWING = re.compile(r'<footer.*<a href="/en/withdrawal/">Withdraw from contract here</a>.*</footer>', re.DOTALL)


def test_X9_signed_out_too(client, estate):
    for name, route in ROUTES.items():
        response = client.get(route.url(name, estate)) if route.visitor == 200 else None
        if response and response.status_code == 200 and response["Content-Type"].startswith("text/html"):
            assert WITHDRAWING.search(response.content.decode()), name


def test_every_page_is_safe_and_leads_to_withdrawing(owner_client, estate):
    """One walk for all, since it takes long: the headers, nothing inline, X9's way in the footer, few queries."""
    owner_client.get("/en/")
    queries_over = {}
    for name, response, number in visits(owner_client, estate):
        if number > MOST_QUERIES:
            queries_over[name] = number
        page = response.content.decode()
        assert (name, INLINE.findall(page)) == (name, [])
        assert WITHDRAWING.search(page), name
        # ASVS 7.4.4, on each page that somebody has to be signed in for.
        assert ROUTES[name].visitor or SIGNING_OUT in page, name
        assert_safe(name, response)
        assert_the_same_page_is_there_in_greek(name, response)
    assert WITHDRAWING.search(owner_client.get("/en/no-such-page/").content.decode())
    assert queries_over == {}


def assert_the_same_page_is_there_in_greek(name, response):
    if response.context and "frame" in response.context:
        here = response.wsgi_request.get_full_path()
        urls = {each["code"]: each["url"] for each in response.context["frame"]["languages"]}
        assert (name, urls) == (name, {"en": here, "el": translate_url(here, "el")})


def assert_safe(name, response):
    policy = response["Content-Security-Policy"]
    assert response["Content-Type"] == "text/html; charset=utf-8", name
    assert "default-src 'self'" in policy, name
    assert "unsafe" not in policy, name
    for directive in ("object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'"):
        assert directive in policy, name
    assert response["X-Content-Type-Options"] == "nosniff", name
    assert response["Referrer-Policy"] == "same-origin", name
    assert response["X-Frame-Options"] == "DENY", name
    assert response["Cross-Origin-Opener-Policy"] == "same-origin", name


def test_no_cache_keeps_a_personal_page(owner_client, estate):
    policies = {name: owner_client.get(ROUTES[name].url(name, estate)).get("Cache-Control", "") for name in PERSONAL}
    assert len(policies) > 100
    assert [name for name, policy in policies.items() if "no-store" not in policy] == []


def queries(client, name, *arguments):
    url = reverse(name, args=arguments)
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


@pytest.mark.parametrize("name", ["home", "garage", "notices", "subscriptions", "documents", "wallet"])
def test_a_list_costs_the_same_for_three_as_for_one(owner_client, estate, gateway, digital_key, name):
    before = queries(owner_client, name)
    for number in (2, 3):
        make.card(estate.owner, gateway=gateway, nth=number)
        make.subscription(make.active_car(estate.owner, number), package=digital_key, gateway=gateway)
    assert Notice.objects.filter(account=estate.owner).count() >= 6
    assert queries(owner_client, name) == before <= MOST_OF_A_LIST
