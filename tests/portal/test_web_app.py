"""The site on the home screen, and without a network."""

from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.urls import reverse
from django.utils import translation
from PIL import Image

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", ["en", "el"])
def test_the_manifest_speaks_the_language_of_its_path_and_leads_there(client, market, language):
    with translation.override(language):
        answer = client.get(reverse("web_manifest"))
        facts, start = answer.json(), reverse("home")
    assert answer["Content-Type"] == "application/manifest+json"
    assert (facts["lang"], facts["start_url"], facts["scope"]) == (language, start, "/")
    assert (facts["name"], facts["short_name"]) == (market.brand.portal_name, market.brand.name)
    assert all(shortcut["url"].startswith(start) for shortcut in facts["shortcuts"])
    assert {"any", "maskable"} == {icon["purpose"] for icon in facts["icons"]}


def test_it_starts_in_the_colours_of_the_pages(client, market):
    facts = client.get(reverse("web_manifest")).json()
    tokens = Path(finders.find("css/tokens.css")).read_text()
    assert f"--canvas: light-dark({facts['background_color']}," in tokens
    assert f"--surface: light-dark({facts['theme_color']}," in tokens
    assert f'<meta name="theme-color" content="{facts["theme_color"]}" media="(prefers-color-scheme: light)">' in (
        client.get("/en/").text
    )


def test_it_stays_within_its_scope_and_says_what_it_is(client, market):
    facts = client.get(reverse("web_manifest")).json()
    assert market.brand.name in facts["description"]
    within = [facts["start_url"], facts["id"], *(shortcut["url"] for shortcut in facts["shortcuts"])]
    assert all(address.startswith(facts["scope"]) for address in within)
    assert {"192x192", "512x512"} <= {icon["sizes"] for icon in facts["icons"]}


def test_its_icons_are_of_the_size_that_it_says(client, market):
    for icon in client.get(reverse("web_manifest")).json()["icons"]:
        if icon["type"] != "image/png":
            continue
        name = icon["src"].rpartition("/")[2].split(".")[0]
        with Image.open(finders.find(f"img/{name}.png")) as image:
            assert f"{image.width}x{image.height}" == icon["sizes"]
            corner = image.convert("RGBA").getpixel((0, 0))
        assert (corner[3] == 255) == (icon["purpose"] == "maskable")


def test_every_page_names_manifest_and_icon(client, market):
    page = client.get("/en/").text
    assert '<link rel="manifest" href="/en/app.webmanifest">' in page
    assert "icon-apple-180" in page


def test_the_service_worker_keeps_one_page_and_its_look_and_is_asked_for_anew(client, market, owner):
    script = client.get(reverse("service_worker"))
    assert (script["Content-Type"].partition(";")[0], script["Cache-Control"]) == ("text/javascript", "no-cache")
    [kept] = [line for line in script.text.splitlines() if line.startswith("const KEPT")]
    urls = kept.split(chr(34))[1::2]
    assert urls[:2] == ["/offline/", "/brand.css"]
    assert [url.rpartition(".")[2] for url in urls[2:]] == ["css", "css"]
    client.force_login(owner)
    assert client.get(reverse("service_worker")).content == script.content


def test_the_page_without_a_network_says_nothing_of_anybody(client, market, owner, django_assert_num_queries):
    with django_assert_num_queries(0):
        seen = client.get(reverse("offline")).text
    client.force_login(owner)
    assert client.get(reverse("offline")).text == seen
    for said in ("You are not connected", "Δεν υπάρχει σύνδεση"):
        assert said in seen
