"""The description as pages: every call, nothing but what the description says, and no script."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from portal.api.reference import kind_of, sections

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def described() -> dict:
    return json.loads(Client().get(reverse("api_schema")).content)


def test_every_call_stands_in_one_section_and_says_what_it_is(described):
    shown = [(call.path, call.method.lower()) for section in sections().values() for call in section.calls]
    assert len(set(shown)) == len(shown)
    assert set(shown) == {(path, method) for path, calls in described["paths"].items() for method in calls}
    assert all(section.text for section in sections().values())
    assert described["openapi"] == "3.1.0"


def test_every_shape_that_is_named_is_there():
    for section in sections().values():
        there = {shape.name for shape in section.shapes}
        bodies = [kind.shape for call in section.calls for _status, kind in call.answers if kind]
        fields = [each.kind.shape for shape in section.shapes for each in shape.fields]
        assert (section.name, {name for name in [*bodies, *fields] if name} - there) == (section.name, set())


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"type": "string", "format": "date"}, "string (date)"),
        ({"type": ["string", "null"], "format": "uuid"}, "string or null (uuid)"),
        ({"type": "array", "items": {"$ref": "#/components/schemas/Card"}}, "list of Card"),
        ({"oneOf": [{"$ref": "#/components/schemas/Card"}, {"type": "null"}]}, "Card or null"),
        ({"enum": ["a", None, ""]}, "a, null, empty"),
        ({}, "anything"),
    ],
)
def test_a_kind_in_words(schema, words):
    assert kind_of(schema).words == words


def test_the_pages_work_for_anybody(market):
    index = Client().get(reverse("developers")).text
    assert "/api/v1/vehicles/{public_id}/services/{package}/order/" in index
    page = Client().get(reverse("developers_section", args=["orders"])).text
    assert "services.write" in page
    assert "Order with obligation to pay" in page
    assert Client().get(reverse("developers_section", args=["nothing"])).status_code == 404
