"""Pages that are the same for everybody: kept by proxies, asked for by fingerprint, with nothing personal in them."""

from copy import copy

import pytest
from django.core.cache import cache, caches
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from portal import near
from support.articles.facts import facts_of
from support.articles.hub import shelves
from tests.meta.routes import ROUTES
from tests.meta.test_api_access import caller

# Open to visitors, and no copy of it answers the next one; nor one of what has a form with a token.
OWN_ANSWERS = {
    "alive": "says how things are now",
    "ready": "says how things are now",
    "service_worker": "asked for anew each time, so that an old one never stays",
    "offline": "the service worker keeps it, and asks for no fingerprint",
    "web_manifest": "a browser asks for it now and then, and for no fingerprint",
    "case_sent": "names what was sent",
    "certificate": "of one car, by an address that only its owner gives away",
    "match": "asked with a car's number, it counts against its caller",
    "withdrawal_received": "names what was sent",
}


@pytest.fixture
def copied(settings):
    """As in production; nothing is kept from another test."""
    settings.PUBLIC_COPY_SECONDS = 60
    _forget()
    yield
    _forget()


def _forget():
    for name in ("near", "answers"):
        caches[name].clear()
    near.forget()


def shared(client, estate):
    """Each page for everybody, with its address."""
    for name, route in ROUTES.items():
        is_shared = route.is_ours and not route.is_api and not route.takes_post and name not in OWN_ANSWERS
        if is_shared and route.visitor == 200:
            yield name, route.url(name, estate)


def kept(client, address):
    """What it answers, whether proxies may keep it, its cookies, and what it answers to whoever has it already."""
    answer = client.get(address)
    again = client.get(address, headers={"If-None-Match": answer.get("ETag", "")})
    is_public = "public" in answer.get("Cache-Control", "")
    return answer.status_code, is_public, answer.cookies.output(), again.status_code


def test_every_public_page_is_kept_without_a_cookie_and_asked_for_by_its_fingerprint(client, estate):
    found = {name: kept(Client(), address) for name, address in shared(client, estate)}
    assert {name: each for name, each in found.items() if each != (200, True, "", 304)} == {}
    assert {"home", "legal_page", "how_we_calculate", "support_article", "prices", "brand_css"} <= found.keys()


def test_whoever_is_signed_in_gets_a_page_of_their_own_that_nobody_keeps(client, estate):
    addresses = [(name, address) for name, address in shared(client, estate) if name != "brand_css"]
    client.force_login(estate.owner)
    for name, address in addresses:
        answer = client.get(address)
        if answer["Content-Type"].startswith("text/html"):
            assert (name, "private" in answer["Cache-Control"], "Cookie" in answer["Vary"]) == (name, True, True)


def test_each_language_has_an_address_and_a_copy_of_its_own(client, estate):
    english = {name: address for name, address in shared(client, estate) if address.startswith("/en/")}
    for name in ("home", "legal_page", "support_article", "prices"):
        greek = client.get(english[name].replace("/en/", "/el/", 1))
        assert (name, greek["ETag"] != client.get(english[name])["ETag"]) == (name, True)


def test_the_portals_own_copy_costs_no_query_and_says_its_age(client, estate, settings, django_assert_num_queries):
    settings.PUBLIC_COPY_SECONDS = 60
    cache.clear()
    address = dict(shared(client, estate))["prices"]
    made = client.get(address)
    with django_assert_num_queries(0):
        copy = client.get(address)
        unchanged = client.get(address, headers={"If-None-Match": made["ETag"]})
    assert (copy.content, copy["Age"], unchanged.status_code) == (made.content, "0", 304)
    client.force_login(estate.owner)
    assert "Age" not in client.get(address).headers


def test_a_cache_that_is_down_takes_no_page_away(client, estate, settings):
    address = dict(shared(client, estate))["prices"]
    settings.PUBLIC_COPY_SECONDS = 60
    down = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "unix:///no"}
    settings.CACHES = settings.CACHES | {"default": down}
    assert client.get(address).status_code == 200


def asked(client: Client, words: str, **headers: str):
    return client.get(reverse("support_search"), {"q": words}, headers=headers)


def test_a_question_that_somebody_asked_just_now_costs_no_query(client, estate, copied, django_assert_num_queries):
    made, part = asked(client, "refund"), asked(client, "refund", **{"HX-Request": "true"})
    with django_assert_num_queries(0):
        again, part_again = asked(client, "refund"), asked(client, "refund", **{"HX-Request": "true"})
    assert (again.content, again["Age"], part_again.content) == (made.content, "0", part.content)
    assert part.content != made.content
    assert asked(client, "refunds").headers.get("Age") is None
    client.force_login(estate.owner)
    assert asked(client, "refund").headers.get("Age") is None


def test_a_question_in_vain_is_counted_each_time(client, estate, copied):
    for _ in range(2):
        answer = client.get(reverse("support_search"), {"q": "zeppelin", "settled": "1"})
        assert ("Age" in answer, "no-store" in answer["Cache-Control"]) == (False, True)


def test_what_counts_against_its_caller_is_no_copy(client, estate, copied):
    for _ in range(2):
        assert "Age" not in client.get(reverse("match"), {"vin": "JTHBK1GG2D2000001"})


def test_a_token_in_place_of_a_cookie_gets_and_leaves_what_everybody_gets(client, estate, copied):
    """Pages know nobody by the Authorization header, so that no copy can be of somebody."""
    cache.clear()
    known = Client(headers={"Authorization": f"Bearer {caller(estate.owner).token['access_token']}"})
    addresses = [*dict(shared(client, estate)).values(), f"{reverse('support_search')}?q=refund"]
    for address in addresses:
        answers = [each.get(address) for each in (known, client, known)]
        assert (address, len({answer.content for answer in answers})) == (address, 1)
        assert (address, estate.owner.email in answers[0].text) == (address, False)


def test_facts_and_shelves_are_kept_for_each_market_and_language(estate, copied, django_assert_num_queries):
    market = estate.owner.market
    english = facts_of(market), shelves()
    with override("el"):
        greek = facts_of(market)
    with django_assert_num_queries(0):
        assert (facts_of(market), shelves()) == english
    assert greek["control_days"] == english[0]["control_days"]
    assert greek != english[0]
    other = copy(market)
    other.code, other.control_request_days = "XX", 99
    assert facts_of(other)["control_days"] == "99"
