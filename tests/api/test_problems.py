"""Every "no" in one shape: a rule's refusal, what cannot be kept, and what nobody expected."""

import pytest
from django.test import Client

from accounts.api import views
from portal.models import IdempotentCall
from portal.refusals import Refusal
from tests import oidc

pytestmark = pytest.mark.django_db


@pytest.fixture
def app(owner):
    oidc.clients()
    return oidc.sign_in_app(owner)


@pytest.fixture
def failing(monkeypatch):
    """The action of the profile answers with this."""

    def fail_with(error: Exception) -> None:
        def change_profile(**_facts):
            raise error

        monkeypatch.setattr(views, "change_profile", change_profile)

    return fail_with


def code_of(answer) -> tuple[int, str]:
    assert answer.headers["Content-Type"] == "application/problem+json"
    return answer.status_code, answer.json()["code"]


def test_a_rules_no_is_409_with_its_code_and_sentence(app, failing):
    failing(Refusal("not_now", "Please try again on Monday."))
    answer = app.patch("/api/v1/account/", json={"first_name": "Maria"})
    assert code_of(answer) == (409, "not_now")
    assert answer.json()["detail"] == "Please try again on Monday."


def test_what_nobody_expected_says_nothing_of_itself(app, failing, caplog):
    failing(RuntimeError("the secret of the house"))
    headers = {"Authorization": f"Bearer {app.token['access_token']}"}
    caller = Client(headers=headers, raise_request_exception=False)
    answer = caller.patch("/api/v1/account/", {"first_name": "Maria"}, content_type="application/json")
    assert code_of(answer) == (500, "error")
    assert "secret" not in answer.text
    assert "the secret of the house" in caplog.text


@pytest.mark.parametrize("text", ["a\x00b", "\ud800"])
def test_what_the_database_cannot_keep_is_a_fault_of_its_field(app, text):
    answer = app.patch("/api/v1/account/", json={"first_name": text})
    assert code_of(answer) == (400, "invalid")
    assert answer.json()["errors"][0]["field"] == "first_name"


def test_another_kind_of_answer_is_406(app):
    assert code_of(app.get("/api/v1/account/", headers={"Accept": "application/xml"})) == (406, "not_acceptable")


def test_a_call_that_needs_a_key_is_refused_without_one(app, monkeypatch):
    monkeypatch.setattr(views.AccountView, "keyed", frozenset({"PATCH"}))
    refused = app.patch("/api/v1/account/", json={"first_name": "Maria"})
    assert code_of(refused) == (400, "idempotency_key_missing")
    keyed = {"Idempotency-Key": "one-for-this-call"}
    assert app.patch("/api/v1/account/", json={"first_name": "Maria"}, headers=keyed).status_code == 200
    assert IdempotentCall.objects.get().status == 200
