"""The living page: what is added to the components or to their sheet has a specimen on it, or a test fails."""

import re
from pathlib import Path

import pytest

from portal.styleguide.words import ENGLISH, GREEK

ROOT = Path(__file__).resolve().parents[2]
COMPONENTS = ROOT / "templates" / "components"
STATES = {"default", "current", "hover", "focus", "disabled", "empty", "loading", "done", "refused", "broken", "error"}
# Parts of another component's drawing.
DRAWN_BY_FRAME = {"car"}

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.portal.styleguide_urls")]


@pytest.fixture
def page(client, market) -> str:
    return client.get("/styleguide/?language=en").text


def names(page: str, attribute: str) -> set[str]:
    values = re.findall(rf'{attribute}="([^"]*)"', page)
    return {name for value in values for name in value.split(", ")}


def classes_of_the_sheet() -> set[str]:
    sheet = re.sub(r"/\*.*?\*/", "", (ROOT / "static" / "css" / "components.css").read_text(), flags=re.DOTALL)
    selectors = re.findall(r"([^{};]+)\{", sheet)
    return {name for selector in selectors for name in re.findall(r"\.([a-z][\w-]*)", selector)}


def test_each_component_has_a_specimen(page):
    files = COMPONENTS.rglob("*.html")
    assert {str(file.relative_to(COMPONENTS).with_suffix("")) for file in files} <= names(page, "data-specimen")


def test_each_class_of_the_sheet_stands_on_the_page(page):
    shown = {name for value in re.findall(r'class="([^"]*)"', page) for name in value.split()}
    assert classes_of_the_sheet() - shown == set()


def test_each_state_has_a_specimen(page):
    assert names(page, "data-shows") >= STATES


def test_each_token_of_colour_has_a_swatch(client, market, page):
    sheet = (ROOT / "static" / "css" / "tokens.css").read_text()
    css = client.get("/styleguide/tokens.css").text
    for name in re.findall(r"--([\w-]+): light-dark", sheet):
        assert f'swatch--{name}"' in page
        assert f".swatch--{name}{{" in css


def test_light_and_dark_stand_side_by_side_or_alone(client, market, page):
    assert page.count("pane--light") == page.count("pane--dark") > 60
    alone = client.get("/styleguide/?scheme=dark").text
    assert (alone.count("pane--light"), alone.count("pane--dark")) == (0, page.count("pane--dark"))


def test_each_sample_sentence_is_in_both_languages(client, market):
    assert ENGLISH.keys() == GREEK.keys()
    page = client.get("/styleguide/?language=el").text
    assert '<html lang="el">' in page
    assert GREEK["broken_text"] in page
    assert ENGLISH["broken_text"] not in page


def test_no_two_fields_share_an_id(page):
    ids = [found for found in re.findall(r'\sid="([^"]*)"', page) if found != "messages"]
    assert sorted(ids) == sorted(set(ids))
