"""Without JavaScript: a hint and no wall; what needs it does not show at all."""

import re
from pathlib import Path

import pytest

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
# Markers of what a script brings to life, each within one tag.
NEEDS_SCRIPT = re.compile(r"<(?:form|div|button)\b[^>]*\sdata-(?:passkey|camera|copy)\b[^>]*>")


@pytest.mark.django_db
def test_every_page_hints_at_it_once_and_goes_on(client, market):
    page = client.get("/en/").text
    assert page.count("<noscript>") == 1
    assert "JavaScript is off in this browser" in page.partition("<noscript>")[2].partition("</noscript>")[0]
    assert "http-equiv" not in page


def test_what_needs_it_is_hidden_until_a_script_shows_it():
    tags = [(path.name, tag) for path in TEMPLATES.rglob("*.html") for tag in NEEDS_SCRIPT.findall(_without_code(path))]
    assert len(tags) > 4
    assert [found for found in tags if not found[1].rstrip(">").endswith(" hidden")] == []


def _without_code(path: Path) -> str:
    """Template tags may hold the sign that ends a tag of HTML."""
    return re.sub(r"\{[{%].*?[%}]\}", "", path.read_text())
