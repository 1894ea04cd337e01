"""A writing call with a key happens once, however often it is sent."""

from datetime import timedelta

import pytest
from django.utils import timezone

from portal.api import idempotency
from portal.models import AuditRecord, IdempotentCall
from tests import oidc

pytestmark = pytest.mark.django_db
KEY = "a-key-of-the-app-1"


@pytest.fixture(autouse=True)
def _clients(market):
    oidc.clients()


@pytest.fixture
def app(owner):
    return oidc.sign_in_app(owner)


def rename(app, name: str = "Maria", key: str = KEY):
    return app.patch("/api/v1/account/", json={"first_name": name}, headers={"Idempotency-Key": key})


def changes() -> int:
    return AuditRecord.objects.filter(what="profile_changed").count()


def test_sent_again_it_gets_the_first_answer_and_does_nothing(app, owner):
    first = rename(app)
    owner.refresh_from_db()
    rename(app, "Anna", key="another-key-1")
    again = rename(app)
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.headers["Content-Type"] == first.headers["Content-Type"]
    assert changes() == 2


def test_a_refused_call_is_refused_again_in_the_same_words(app):
    first, again = rename(app, "x" * 81), rename(app, "x" * 81)
    assert (again.status_code, again.content) == (400, first.content)
    assert again.headers["Content-Type"] == "application/problem+json"


def test_a_key_for_something_else_is_422(app):
    rename(app)
    answer = rename(app, "Anna")
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_used_otherwise")
    assert changes() == 1


def test_a_call_that_still_runs_is_409_until_its_lease_is_over(app, owner):
    rename(app)
    running = {"answered_at": None, "status": None, "body": ""}
    IdempotentCall.objects.update(begun_at=timezone.now(), **running)
    answer = rename(app)
    assert (answer.status_code, answer.json()["code"]) == (409, "idempotency_still_running")
    IdempotentCall.objects.update(begun_at=timezone.now() - idempotency.LEASE)
    assert rename(app).status_code == 200
    assert IdempotentCall.objects.get().answered_at is not None


def test_accounts_and_clients_have_keys_of_their_own(app, owner, stranger):
    assert rename(app).json()["id"] == str(owner.public_id)
    assert rename(oidc.sign_in_app(stranger)).json()["id"] == str(stranger.public_id)
    assert IdempotentCall.objects.count() == 2


@pytest.mark.parametrize("key", ["short", "with a blank in it", "x" * 101])
def test_a_key_that_is_none_is_refused(app, key):
    answer = rename(app, key=key)
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_malformed")
    assert changes() == 0


def test_after_a_failure_of_ours_the_key_is_free_again(app, owner, monkeypatch):
    from accounts.api import views

    with monkeypatch.context() as patch:
        patch.setattr(views, "change_profile", lambda **_facts: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            rename(app)
    assert not IdempotentCall.objects.exists()
    assert rename(app).status_code == 200


def test_reading_needs_no_key_and_keeps_none(app):
    app.get("/api/v1/account/", headers={"Idempotency-Key": KEY})
    assert not IdempotentCall.objects.exists()


def test_keys_are_kept_for_a_day(app):
    rename(app)
    assert idempotency.forget(now=timezone.now() + timedelta(hours=23)) == 0
    assert idempotency.forget(now=timezone.now() + timedelta(hours=25)) == 1
