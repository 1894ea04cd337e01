"""Production starts on a complete and safe environment only; each case is a process of its own."""

import os
import subprocess
import sys

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from portal.checks import files_outlive_a_release, production_is_safe
from tests.meta.test_layout import ROOT

# Put together here, so that nothing in the repository looks like a secret that was lost.
SECRET = "".join(chr(33 + (7 * number) % 90) for number in range(60)).replace("#", "x")
# Made for this run, for the same reason.
SIGNING_KEY = rsa.generate_private_key(public_exponent=65537, key_size=3072).private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
)
COMPLETE = {
    "IDENTITY_SIGNING_KEYS": SIGNING_KEY.decode().replace("\n", "\\n"),
    "SECRET_KEY": SECRET,
    "ALLOWED_HOSTS": "portal.example",
    "SITE_URL": "https://portal.example",
    "DATABASE_URL": "postgresql://portal@127.0.0.1:1/portal",
    "CELERY_BROKER_URL": "redis://127.0.0.1:1/0",
    "CACHE_URL": "redis://127.0.0.1:1/1",
    "DEFAULT_FROM_EMAIL": "portal@portal.example",
    "EMAIL_HOST": "mail.portal.example",
    "PAYMENT_GATEWAY": "stripe",
    "STRIPE_SECRET_KEY": f"sk_live_{SECRET[:24]}",
    "PAYMENT_ORIGINS": "https://pay.example",
    "TRUSTED_PROXY_COUNT": "1",
    "MEDIA_ROOT": "/var/lib/portal/files",
}
CHECK = ("manage.py", "check", "--deploy", "--fail-level", "WARNING")
START = ("-c", "import portal.wsgi")
LOADED = """
import sys
import portal.wsgi
from django.urls import get_resolver
from portal import celery_app
assert get_resolver().url_patterns
celery_app.loader.import_default_modules()
print(*sys.modules)
"""


def run(*command: str, **changed: str | None) -> subprocess.CompletedProcess[str]:
    """Runs Python in production mode; a variable that is None is left out."""
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    given = {**inherited, **COMPLETE, **changed}
    environment = {name: value for name, value in given.items() if value is not None}
    return subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60
    )


def test_a_complete_environment_is_clean_and_starts():
    checked = run(*CHECK)
    assert (checked.returncode, checked.stderr) == (0, ""), checked.stderr
    assert run(*START).returncode == 0


def test_files_that_the_next_release_would_not_find_are_warned_of():
    checked = run(*CHECK, MEDIA_ROOT=None)
    assert checked.returncode != 0
    assert "portal.W003" in checked.stderr


def test_files_of_an_object_store_are_not(settings):
    settings.PRODUCTION = True
    settings.MEDIA_ROOT = settings.BASE_DIR / "var" / "files"
    assert files_outlive_a_release(None)
    settings.STORAGES = settings.STORAGES | {"default": {"BACKEND": "storages.backends.s3.S3Storage"}}
    assert files_outlive_a_release(None) == []


@pytest.mark.parametrize(
    "missing",
    [
        "SECRET_KEY",
        "SITE_URL",
        "DATABASE_URL",
        "CELERY_BROKER_URL",
        "CACHE_URL",
        "TRUSTED_PROXY_COUNT",
        "EMAIL_HOST",
        "PAYMENT_GATEWAY",
        "STRIPE_SECRET_KEY",
        "IDENTITY_SIGNING_KEYS",
    ],
)
def test_production_does_not_start_without(missing):
    started = run(*START, **{missing: None})
    assert started.returncode != 0
    assert missing in started.stderr


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"SECRET_KEY": "only-for-demo-development-and-tests-" + "0" * 40}, "SECRET_KEY"),
        ({"DEBUG": "1"}, "DEBUG"),
        ({"PAYMENT_GATEWAY": "sandbox"}, "sandbox"),
        ({"CACHE_URL": ""}, "CACHE_URL"),
        ({"TRUSTED_PROXY_COUNT": "-1"}, "TRUSTED_PROXY_COUNT"),
        ({"PAYMENT_GATEWAY": "barter"}, "'barter'"),
        ({"STRIPE_SECRET_KEY": f"sk_test_{SECRET[:24]}"}, "sk_live_"),
        ({"WEBHOOK_SECRETS": f"{SECRET},guess"}, "WEBHOOK_SECRETS"),
        ({"IDENTITY_SIGNING_KEYS": SECRET}, "IDENTITY_SIGNING_KEYS"),
    ],
)
def test_production_does_not_start_on_what_is_unsafe(changed, said):
    started = run(*START, **changed)
    assert started.returncode != 0
    assert said in started.stderr


@pytest.mark.parametrize("backend", ["dummy.DummyCache", "locmem.LocMemCache"])
def test_a_cache_that_counts_no_limits_of_all_processes_is_found(settings, backend):
    settings.PRODUCTION = True
    settings.CACHES = {"default": {"BACKEND": f"django.core.cache.backends.{backend}"}}
    assert "portal.E009" in {error.id for error in production_is_safe(None)}


def test_a_serving_process_has_loaded_nothing_of_sandbox_and_embedded_services():
    loaded = run("-c", LOADED)
    assert loaded.returncode == 0, loaded.stderr
    modules = loaded.stdout.split()
    assert "subscriptions.gateway" in modules
    assert [name for name in modules if name.startswith(("subscriptions.gateway.sandbox", "portal.embedded"))] == []


def test_production_cannot_have_the_embedded_database():
    name = "import django.conf; print(django.conf.settings.DATABASES['default']['ENGINE'])"
    asked = run("-c", name, DJANGO_SETTINGS_MODULE="portal.settings")
    assert asked.stdout.strip() == "django.db.backends.postgresql"


def test_a_mode_that_there_is_not_is_refused():
    assert "PORTAL_MODE" in run(*START, PORTAL_MODE="prod").stderr
