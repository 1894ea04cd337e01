"""Liveness, readiness and numbers: what they ask, and what they do not tell."""

import pytest
from django.core.cache import caches
from django.db import connection
from django.urls import reverse

from portal.operating import health

TOKEN = "of these tests"


@pytest.fixture(autouse=True)
def _nothing_is_known_yet(monkeypatch):
    monkeypatch.setattr(health, "_Known", type("_Known", (), vars(health._Known).copy()))
    health._Known.migrations_are_applied, health._Known.broker = False, (-100.0, False)


def test_liveness_asks_no_database(client):
    """Without the mark of a test with a database, a query would fail."""
    answer = client.get(reverse("alive"))
    assert (answer.status_code, answer.content) == (200, b"alive\n")
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
def test_ready_with_database_migrations_cache_and_broker(client, django_assert_max_num_queries):
    answer = client.get(reverse("ready"))
    assert (answer.status_code, answer.content) == (200, b"database ok\nmigrations ok\ncache ok\nbroker ok\n")
    assert "no-store" in answer["Cache-Control"]
    assert not answer.cookies
    with django_assert_max_num_queries(1):
        client.get(reverse("ready"))


@pytest.mark.django_db
def test_not_ready_on_an_old_schema(client):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'portal'")
    answer = client.get(reverse("ready"))
    assert (answer.status_code, b"migrations down" in answer.content) == (503, True)


@pytest.mark.django_db
def test_not_ready_without_a_cache_and_its_address_is_not_told(client, settings):
    secret = "redis://user:hidden@127.0.0.1:9/0"
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": secret}}
    answer = client.get(reverse("ready"))
    assert (answer.status_code, answer.content) == (503, b"database ok\nmigrations ok\ncache down\nbroker ok\n")
    caches.close_all()


def test_not_ready_without_a_database(client, monkeypatch):
    """No test with a database: none answers."""
    monkeypatch.setattr(health, "_broker_answers", lambda: True)
    answer = client.get(reverse("ready"))
    assert (answer.status_code, answer.content[:14]) == (503, b"database down\n")


@pytest.mark.django_db
def test_without_a_broker_pages_are_served(client, monkeypatch):
    from celery import current_app
    from kombu import Connection

    nobody = Connection("redis://127.0.0.1:9/0", transport_options={"socket_connect_timeout": 1})
    monkeypatch.setattr(current_app, "connection_for_write", lambda: nobody)
    answer = client.get(reverse("ready"))
    assert (answer.status_code, b"broker down" in answer.content) == (200, True)


@pytest.mark.django_db
@pytest.mark.parametrize("offered", ["", "Bearer ", "Bearer wrong", f"Basic {TOKEN}", TOKEN])
def test_numbers_are_for_whoever_has_the_token(client, settings, offered):
    settings.METRICS_TOKEN = TOKEN
    assert client.get(reverse("metrics"), headers={"Authorization": offered}).status_code == 404


@pytest.mark.django_db
def test_without_a_token_nobody_has_it(client, settings):
    settings.METRICS_TOKEN = ""
    assert client.get(reverse("metrics"), headers={"Authorization": "Bearer "}).status_code == 404
