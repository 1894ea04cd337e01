"""Pages that are the same for everybody: kept by proxies, asked for by fingerprint, with nothing personal in them."""

from django.core.cache import cache
from django.test import Client

from tests.meta.routes import ROUTES

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
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "unix:///no"}}
    assert client.get(address).status_code == 200
