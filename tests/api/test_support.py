"""The support hub for everybody, and one's own cases, over the API (H1 to H5, C1)."""

from base64 import b64encode

import pytest
from django.test import Client

from support.actions.articles import load_articles
from support.files.content import CONTENT
from support.models import Case
from tests import make
from tests.api.answers import keyed, refused
from tests.subscriptions.incidents import incident
from tests.support.cases import centre, picture

pytestmark = pytest.mark.django_db
HUB = "/api/v1/support/"


def test_H1_H2_H3_articles_are_listed_found_and_read_in_both_languages(market):
    load_articles(CONTENT, now=make.NOW)
    anybody = Client()
    shelves = anybody.get(f"{HUB}categories/").json()["results"]
    assert "cancelling" in {shelf["code"] for shelf in shelves}
    listed = anybody.get(f"{HUB}articles/?category=cancelling").json()["results"]
    assert "how-to-cancel" in {each["slug"] for each in listed}
    found = anybody.get(f"{HUB}articles/", {"q": "how can I cansel my subscription"}).json()["results"]
    assert "how-to-cancel" in {each["slug"] for each in found}
    answer = anybody.get(f"{HUB}articles/how-to-cancel/", headers={"Accept-Language": "el"})
    assert (answer.json()["language"], answer["Content-Language"]) == ("el", "el")
    assert answer.json()["links"][0]["url"].startswith("http")
    again = anybody.get(
        f"{HUB}articles/how-to-cancel/", headers={"Accept-Language": "el", "If-None-Match": answer["ETag"]}
    )
    assert again.status_code == 304
    assert anybody.get(f"{HUB}articles/no-such/").status_code == 404
    assert anybody.get(f"{HUB}articles/?category=no-such").status_code == 404


def test_W1_a_card_number_is_no_question(market):
    assert Client().get(f"{HUB}articles/", {"q": "4242 4242 4242 4242"}).status_code == 400


def test_C1_the_status_tells_what_goes_on(market, navigation):
    incident(packages=[navigation])
    shown = Client().get(f"{HUB}status/").json()
    assert [each["packages"] for each in shown["ongoing"]] == [["navigation"]]


def sent(kind: str = "PNG", name: str = "screen.png") -> dict[str, str]:
    return {"name": name, "content": b64encode(picture(kind, name=name).read()).decode()}


def test_H5_a_case_is_opened_read_and_replied_to(app, others_app, market, car, files):
    centre(market)
    codes = [each["code"] for each in app.get("/api/v1/case-categories/").json()["results"]]
    body = {"category": codes[0], "message": "The doors.", "vehicle": str(car.public_id), "files": [sent()]}
    opened = keyed(app, "/api/v1/cases/", body)
    assert (opened.status_code, opened.json()["state"]) == (201, "new")
    one = f"/api/v1/cases/{opened.json()['id']}/"
    replied = keyed(app, f"{one}messages/", {"message": "Still open."})
    assert [message["text"] for message in replied.json()["thread"]] == ["The doors.", "Still open."]
    assert app.get("/api/v1/cases/").json()["results"][0]["number"] == opened.json()["number"]
    file = opened.json()["thread"][0]["files"][0]["url"]
    assert app.get(file).content.startswith(b"\x89PNG")
    assert refused(others_app.get(file)) == (404, "not_found")
    assert Case.objects.get().membership == car


@pytest.mark.parametrize(
    ("faulty", "code"),
    [
        ({"category": "no-such", "message": "x"}, (400, "invalid")),
        ({"category": "other", "message": "My card is 4242 4242 4242 4242"}, (400, "invalid")),
        ({"category": "other", "message": "x", "files": [{"name": "a.png", "content": "?"}]}, (400, "invalid")),
        ({"category": "other", "message": "x", "files": [sent()] * 6}, (400, "invalid")),
        ({"category": "other", "message": "x", "vehicle": "00000000-0000-0000-0000-000000000000"}, (404, "not_found")),
    ],
)
def test_H5_what_is_no_message_is_said(app, market, faulty, code):
    centre(market)
    assert refused(keyed(app, "/api/v1/cases/", faulty)) == code
    text = {"name": "a.txt", "content": b64encode(b"words").decode()}
    unknown = keyed(app, "/api/v1/cases/", {"category": "other", "message": "x", "files": [text]})
    assert refused(unknown) == (409, "file_unknown")
    assert not Case.objects.exists()


def test_H5_many_messages_within_an_hour_are_too_many(app, market):
    centre(market)
    body = {"category": "other", "message": "x"}
    answers = [keyed(app, "/api/v1/cases/", body).status_code for _ in range(11)]
    assert (set(answers[:10]), answers[10]) == ({201}, 429)
