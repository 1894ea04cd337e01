"""Webhooks on their way: signed, tried again, given up, sent again by staff (docs/webhooks.md)."""

import json
import socket
import threading
from datetime import UTC, datetime, timedelta
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
import requests
import time_machine
from django.core.management import CommandError, call_command
from django.urls import reverse
from jsonschema import Draft202012Validator

from accounts import tasks
from accounts.actions import hook_desk
from accounts.actions.hooks import LEASE, forget, hand_over, send
from accounts.hooks import calling
from accounts.hooks.example import is_genuine
from accounts.hooks.kinds import KINDS
from accounts.models import HookDelivery, HookEndpoint, HookEvent, HookTry
from accounts.rules.hooks import State, Why
from portal import audit, celery_app
from portal.models import AuditRecord
from portal.refusals import Refusal
from subscriptions.gateway.sandbox.application import Application
from subscriptions.models import WorkItem
from tests import make
from tests.accounts import hooks

NOW = make.NOW


class SilentHandler(WSGIRequestHandler):
    def log_message(self, *_facts):
        """Silent."""


@pytest.fixture
def receiver():
    with hooks.receiver() as started:
        yield started


@pytest.fixture
def endpoint(receiver, db) -> HookEndpoint:
    return hooks.endpoint(receiver.url)


@pytest.fixture
def delivery(endpoint) -> HookDelivery:
    return hooks.told(endpoint)


@pytest.fixture
def at_once():
    """Tasks are done where they are asked for."""
    celery_app.conf.task_always_eager = True
    yield
    celery_app.conf.task_always_eager = False


def tried_with(endpoint: HookEndpoint, **facts: object) -> dict[str, object]:
    assert hooks.tried(hooks.told(endpoint)).state == State.WAITING
    found = HookTry.objects.latest("pk")
    return {name: getattr(found, name) for name in ("status", "error")}


def test_an_event_arrives_as_a_thin_fact_with_a_signature_that_another_program_verifies(delivery, receiver):
    assert hooks.tried(delivery).state == State.DELIVERED
    (got,) = receiver.got
    assert hooks.is_signed(got, hooks.secret())
    assert not hooks.is_signed(got, "whsec_" + "A" * 43 + "=")
    body = json.loads(got.body)
    assert body == {
        "id": str(delivery.event.public_id),
        "type": "notice.given",
        "timestamp": "2026-06-10T09:00:00+00:00",
        "data": {"account": "x"},
    }
    assert (got.headers["webhook-id"], got.headers["webhook-timestamp"]) == (body["id"], str(int(NOW.timestamp())))
    assert HookTry.objects.get().status == 204


def test_the_example_for_receivers_verifies_what_is_fresh_and_unchanged(delivery, receiver):
    with time_machine.travel(NOW, tick=False) as clock:
        hooks.tried(delivery)
        (got,) = receiver.got
        headers = {name.lower(): value for name, value in got.headers.items()}
        assert is_genuine(headers, got.body, hooks.secret())
        assert not is_genuine(headers, got.body + b" ", hooks.secret())
        clock.shift(301)
        assert not is_genuine(headers, got.body, hooks.secret())


def test_receivers_read_of_every_kind_and_the_description_says_the_same(client, market):
    page = client.get(reverse("developers_webhooks")).text
    described = json.loads(client.get(reverse("api_schema")).content)["webhooks"]
    assert described.keys() == KINDS.keys()
    assert "def is_genuine(" in page
    for name, operations in described.items():
        assert (name, name in page) == (name, True)
        body = operations["post"]["requestBody"]["content"]["application/json"]
        Draft202012Validator(body["schema"]).validate(body["examples"]["event"]["value"])


def test_the_demo_shows_what_its_receiver_has_taken(db, settings, gateway):
    application = Application(gateway.provider, secret="unused")
    with make_server("127.0.0.1", 0, application, handler_class=SilentHandler) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
        url = f"http://127.0.0.1:{server.server_port}/app-backend"
        delivery = hooks.tried(hooks.told(hooks.endpoint(url)))
        shown = requests.get(url, timeout=5).json()["taken"]
        server.shutdown()
    assert (delivery.state, shown[0]["id"]) == (State.DELIVERED, str(delivery.event.public_id))


def test_for_two_days_after_a_change_both_secrets_verify(delivery, receiver):
    old = hooks.secret()
    new = hooks.secret("--rotate")
    HookEndpoint.objects.update(rotated_at=NOW - timedelta(hours=1))
    hooks.tried(delivery)
    assert old != new
    assert all(hooks.is_signed(receiver.got[0], secret) for secret in (old, new))
    late = hooks.told(HookEndpoint.objects.get())
    hooks.tried(late, at=NOW + timedelta(days=3))
    assert [hooks.is_signed(receiver.got[1], secret) for secret in (old, new)] == [False, True]


def test_a_secret_that_leaked_signs_nothing_more(delivery, receiver):
    old = hooks.secret()
    hooks.secret("--rotate")
    with pytest.raises(CommandError, match="less than two days"):
        hooks.secret("--rotate")
    new = hooks.secret("--leaked")
    hooks.tried(HookDelivery.objects.get())
    assert [hooks.is_signed(receiver.got[0], secret) for secret in (old, new)] == [False, True]


def test_an_endpoint_that_there_is_not_has_no_secret(db):
    with pytest.raises(CommandError, match="no endpoint"):
        call_command("hook_secret", "unknown")


@pytest.mark.parametrize(
    ("answer", "kept"),
    [
        ({"status": 500}, {"status": 500, "error": ""}),
        ({"status": 302, "headers": {"Location": "/elsewhere"}}, {"status": 302, "error": ""}),
        ({"status": 429}, {"status": 429, "error": ""}),
    ],
)
def test_what_is_not_taken_waits_and_no_redirect_is_followed(endpoint, receiver, answer, kept):
    vars(receiver).update(answer)
    assert tried_with(endpoint) == kept
    assert [got.path for got in receiver.got] == ["/hooks"]


def test_a_receiver_that_is_slow_or_dead_is_left_and_tried_again(endpoint, receiver, monkeypatch):
    monkeypatch.setattr(calling, "PIECE", 0.1)
    receiver.seconds = 0.3
    assert tried_with(endpoint) == {"status": None, "error": "timeout"}
    receiver.url = "nobody"
    HookEndpoint.objects.update(url="http://127.0.0.1:1/")
    assert tried_with(HookEndpoint.objects.get()) == {"status": None, "error": "no_connection"}


def test_a_conversation_that_lasts_too_long_is_cut_off(settings):
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        answer = calling.post(f"http://127.0.0.1:{port}/", body=b"{}", headers={}, whole=0.2)
    assert (answer.status, answer.error, answer.milliseconds < 2000) == (None, "timeout", True)


def test_after_three_days_it_is_parked_and_becomes_work(delivery, receiver):
    receiver.status = 500
    assert hooks.tried_for_days(delivery) == 10
    assert (delivery.state, delivery.endpoint.is_enabled) == (State.PARKED, True)
    assert delivery.tries.count() == 10
    span = delivery.tries.latest("pk").at - delivery.tries.earliest("pk").at
    assert timedelta(days=2, hours=20) < span < timedelta(days=3, hours=2)
    item = WorkItem.objects.get(kind="hook_not_taken")
    assert "three days" in item.text
    assert item.is_open


def test_an_endpoint_that_says_gone_is_told_nothing_more(delivery, receiver):
    other = hooks.told(delivery.endpoint)
    receiver.status = 410
    hooks.tried(delivery)
    assert (delivery.endpoint.disabled_why, delivery.state) == (Why.GONE, State.PARKED)
    assert (hooks.tried(other).state, len(receiver.got), hand_over(now=NOW)) == (State.PARKED, 1, [])
    assert "gone" in WorkItem.objects.get(kind="hook_not_taken").text


def test_an_endpoint_that_takes_nothing_for_a_week_is_disabled_and_one_success_begins_the_week_anew(endpoint, receiver):
    receiver.status = 500
    hooks.tried(hooks.told(endpoint))
    receiver.status = 204
    assert hooks.tried(hooks.told(endpoint)).endpoint.failing_since is None
    receiver.status = 500
    since = NOW + timedelta(days=3)
    hooks.tried(hooks.told(endpoint), at=since)
    assert hooks.tried(hooks.told(endpoint), at=since + timedelta(days=6)).endpoint.is_enabled
    assert (
        hooks.tried(hooks.told(endpoint), at=since + timedelta(days=7)).endpoint.disabled_why == Why.FAILED_FOR_A_WEEK
    )


def test_killed_in_the_middle_it_is_sent_again_with_the_same_id(delivery, receiver, monkeypatch):
    def killed(*_facts, **_named):
        raise SystemExit

    with monkeypatch.context() as patch:
        # After the answer, before it is noted.
        patch.setattr("accounts.actions.hooks._settle", killed)
        with pytest.raises(SystemExit):
            hooks.tried(delivery)
    assert not hooks.tried(delivery, at=NOW + LEASE - timedelta(seconds=1)).tries.exists()
    assert hooks.tried(delivery, at=NOW + LEASE).state == State.DELIVERED
    first, second = receiver.got
    assert (first.headers["webhook-id"], first.body) == (second.headers["webhook-id"], second.body)
    assert first.headers["webhook-timestamp"] != second.headers["webhook-timestamp"]


def test_what_is_delivered_is_sent_once_however_often_it_is_handed_over(delivery, receiver):
    for _time in range(3):
        hooks.tried(delivery)
    assert len(receiver.got) == 1


def test_an_endpoint_that_fails_is_asked_a_little_at_a_time(endpoint):
    deliveries = [hooks.told(endpoint) for _each in range(7)]
    assert hand_over(now=NOW) == [each.pk for each in deliveries]
    assert hand_over(now=NOW) == []
    HookEndpoint.objects.update(failing_since=NOW)
    assert len(hand_over(now=NOW + LEASE)) == 5


def test_a_task_that_was_handed_over_anew_since_sends_nothing(delivery, receiver):
    hand_over(now=NOW)
    later = NOW + LEASE
    hand_over(now=later)
    assert not send(delivery.pk, handed_over_at=NOW, clock=lambda: later)
    assert send(delivery.pk, handed_over_at=later, clock=lambda: later)
    assert len(receiver.got) == 1


def test_the_worker_finds_events_hands_over_and_sends(endpoint, receiver, market, at_once):
    HookEndpoint.objects.update(created_at=NOW)
    owner = make.account(market=market)
    audit.record("account closed", account=owner, by=None, now=datetime.now(UTC))
    tasks.tell_by_webhooks()
    assert json.loads(receiver.got[-1].body)["data"] == {"account": str(owner.public_id)}
    tasks.forget_webhooks()
    assert HookEvent.objects.exists()


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/",
        "https://user:password@example.com/",
        "https:///hooks",
        "ftp://example.com/",
        "https://example.com:70000/",
        "https://127.0.0.1/",
        "https://10.1.2.3/",
        "https://169.254.169.254/latest/",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://[fd00::1]/",
        "https://100.64.0.1/",
        "https://0.0.0.0/",
        "https://224.0.0.1/",
    ],
)
def test_in_production_nothing_is_sent_but_by_https_to_the_world_outside(settings, url):
    settings.HOOKS_STAY_HERE = False
    assert calling.post(url, body=b"{}", headers={}).error == "address_forbidden"


def test_outside_of_production_nothing_leaves_this_machine(settings):
    assert calling.post("https://93.184.216.34/", body=b"{}", headers={}).error == "address_forbidden"
    settings.HOOKS_STAY_HERE = False
    assert calling.may_be_called("93.184.216.34")


def test_staff_send_it_again_once_with_a_reason_on_record(admin_client, delivery, receiver):
    hooks.tried(delivery)
    page = reverse("admin:accounts_hookdelivery_sending", args=[delivery.pk])
    form = {"reason": "The backend had lost it.", "times": 0}
    for _twice in range(2):
        admin_client.post(page, form)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == (State.WAITING, 0)
    assert hooks.tried(delivery, at=datetime.now(UTC)).state == State.DELIVERED
    first, second = receiver.got
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    record = AuditRecord.objects.get(what=hook_desk.SENT_AGAIN)
    assert (record.data["reason"], record.by.email) == (form["reason"], "chief@staff.example.com")


def test_staff_send_a_test_event(admin_client, endpoint, receiver):
    page = reverse("admin:accounts_hookendpoint_testing", args=[endpoint.pk])
    assert admin_client.get(page).status_code == 200
    admin_client.post(page, {"reason": "New receiver.", "times": 0})
    hooks.tried(HookDelivery.objects.get(), at=datetime.now(UTC))
    assert json.loads(receiver.got[0].body)["type"] == "test"
    assert AuditRecord.objects.filter(what=hook_desk.TESTED).count() == 1


def test_staff_take_an_endpoint_up_again_with_all_that_is_parked(admin_client, delivery, receiver):
    receiver.status = 410
    hooks.tried(delivery)
    for refused in (
        lambda: hook_desk.send_again(delivery=delivery, times=0, reason="", now=NOW, by=None),
        lambda: hook_desk.send_test(endpoint=delivery.endpoint, times=0, reason="", now=NOW, by=None),
    ):
        with pytest.raises(Refusal, match="Enable it first"):
            refused()
    page = reverse("admin:accounts_hookendpoint_taking_up", args=[delivery.endpoint.pk])
    admin_client.post(page, {"reason": "It is back.", "times": 0})
    delivery.refresh_from_db()
    assert (delivery.state, delivery.endpoint.is_enabled) == (State.WAITING, True)


def test_the_desk_shows_each_try_and_no_secret(admin_client, delivery, receiver):
    receiver.status = 500
    hooks.tried(delivery)
    row = admin_client.get(reverse("admin:accounts_hookdelivery_change", args=[delivery.pk])).content.decode()
    about = admin_client.get(
        reverse("admin:accounts_hookendpoint_change", args=[delivery.endpoint.pk])
    ).content.decode()
    assert all(words in row for words in ("500", " ms", "Tries", str(delivery.event.public_id)))
    assert not any(hooks.secret().removeprefix("whsec_") in page for page in (row, about))
    for name in ("hookdelivery", "hookendpoint"):
        assert admin_client.get(reverse(f"admin:accounts_{name}_changelist")).status_code == 200


def test_events_are_kept_for_thirty_days(delivery):
    hooks.tried(delivery)
    assert forget(now=NOW + timedelta(days=30)) == 0
    assert forget(now=NOW + timedelta(days=30, seconds=1)) == 1
    assert not HookEvent.objects.exists()
    assert not HookTry.objects.exists()
