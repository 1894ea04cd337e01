"""What must hold before the portal may run in production, at every start; and what `manage.py check` warns of."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured

from portal.signing_keys import is_good_key, split_keys
from portal.transports import in_the_clear

PAYMENT_GATEWAYS = frozenset({"sandbox", "stripe"})
NOT_SHARED = ("DummyCache", "LocMemCache", "FileBasedCache")
# Whoever guesses it can make the portal ask the provider as often as they like.
SHORTEST_SECRET = 24


def refuse_unsafe_start() -> None:
    """At every start, of web, worker, beat and commands alike. Raises `ImproperlyConfigured` with what to do."""
    errors = [*production_is_safe(None), *payment_provider_is_set_up(None), *identity_can_be_signed(None)]
    if errors:
        raise ImproperlyConfigured(" ".join(f"{error.msg} {error.hint}" for error in errors))


@register(Tags.security)
def production_is_safe(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """No DEBUG, no default secret, no embedded services, no sandbox provider in production."""
    if not settings.PRODUCTION:
        return []
    errors: list[CheckMessage] = []
    if settings.DEBUG:
        errors.append(Error("DEBUG is on in production.", hint="Remove DEBUG from the environment.", id="portal.E001"))
    if len(settings.SECRET_KEY) < 50 or settings.SECRET_KEY.startswith("only-for-demo"):
        errors.append(Error("SECRET_KEY is not a secret.", hint="Set 50 or more random characters.", id="portal.E002"))
    if settings.PAYMENT_GATEWAY == "sandbox":
        errors.append(Error("The sandbox cannot take real payments.", hint="Set PAYMENT_GATEWAY.", id="portal.E003"))
    if not settings.ALLOWED_HOSTS or "*" in settings.ALLOWED_HOSTS:
        errors.append(
            Error("ALLOWED_HOSTS does not name the site's hosts.", hint="Set ALLOWED_HOSTS.", id="portal.E005")
        )
    if any(len(secret) < SHORTEST_SECRET for secret in settings.WEBHOOK_SECRETS):
        errors.append(
            Error("WEBHOOK_SECRETS has one that can be guessed.", hint="Set WEBHOOK_SECRETS.", id="portal.E006")
        )
    if not settings.CACHE_URL:
        errors.append(
            Error("Rate limits need a cache shared by all processes.", hint="Set CACHE_URL.", id="portal.E004")
        )
    if settings.CACHES["default"]["BACKEND"].endswith(NOT_SHARED):
        errors.append(
            Error("Each process counts rate limits for itself, or not at all.", hint="Set CACHE_URL.", id="portal.E009")
        )
    if settings.ALLAUTH_TRUSTED_PROXY_COUNT < 0:
        hint = "Set TRUSTED_PROXY_COUNT to the number of proxies in front, 0 for none."
        errors.append(Error("There are no fewer than no proxies.", hint=hint, id="portal.E010"))
    return errors


@register(Tags.security)
def payment_provider_is_set_up(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A provider that there is, and of Stripe the key for this kind of deployment: no test money in production, no real
    money anywhere else."""
    if settings.PAYMENT_GATEWAY not in PAYMENT_GATEWAYS:
        names = " or ".join(sorted(PAYMENT_GATEWAYS))
        return [
            Error(f"There is no {settings.PAYMENT_GATEWAY!r}.", hint=f"Set PAYMENT_GATEWAY: {names}.", id="portal.E007")
        ]
    kind = "live" if settings.PRODUCTION else "test"
    # Stripe's secret keys, and its restricted ones, which may do less.
    wanted = (f"sk_{kind}_", f"rk_{kind}_")
    if settings.PAYMENT_GATEWAY == "stripe" and not settings.STRIPE_SECRET_KEY.startswith(wanted):
        hint = f"Here it must begin with {' or '.join(wanted)}."
        return [Error("STRIPE_SECRET_KEY is not for this deployment.", hint=hint, id="portal.E008")]
    return []


@register(Tags.security)
def identity_can_be_signed(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A5: in production apps and cars get tokens signed with keys of its own, which no process makes up."""
    if not settings.PRODUCTION:
        return []
    keys = split_keys(settings.IDENTITY_SIGNING_KEYS)
    if keys and all(map(is_good_key, keys)):
        return []
    hint = "Set it to a private RSA key of 3072 bits or more, in PEM: openssl genrsa 3072."
    return [Error("IDENTITY_SIGNING_KEYS is no key that signs tokens.", hint=hint, id="portal.E011")]


@register(Tags.security, deploy=True)
def nothing_goes_out_in_the_clear(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Of a network of one's own somebody may be sure enough: a warning, which `check --deploy` tells."""
    if not settings.PRODUCTION:
        return []
    plain = in_the_clear(
        database=settings.DATABASES["default"],
        broker=settings.CELERY_BROKER_URL,
        cache=settings.CACHE_URL,
        mail_host=settings.EMAIL_HOST,
        mail_by_tls=settings.EMAIL_USE_TLS,
    )
    return [
        checks.Warning(f"{name} leads over a network without TLS.", hint=hint, id="portal.W002") for name, hint in plain
    ]


@register(Tags.security, deploy=True)
def files_outlive_a_release(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """What customers and staff gave us must neither stay behind with the release before, nor be deleted with it."""
    is_on_disk = settings.STORAGES["default"]["BACKEND"] == "portal.files.whole_files.WholeFileStorage"
    if not settings.PRODUCTION or not is_on_disk or not Path(settings.MEDIA_ROOT).is_relative_to(settings.BASE_DIR):
        return []
    hint = "Set MEDIA_ROOT to a folder outside of it, such as /var/lib/portal/files."
    return [checks.Warning("MEDIA_ROOT is in this release's own folder.", hint=hint, id="portal.W003")]


@register(Tags.translation)
def messages_are_compiled(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A missing or stale catalogue shows no error, only English: a word of warning is all that tells."""
    return [
        checks.Warning(f"{po} is not compiled, or has changed since.", hint="Run 'make messages'.", id="portal.W001")
        for folder in settings.LOCALE_PATHS
        for po in sorted(Path(folder).glob("*/LC_MESSAGES/django.po"))
        if not _is_compiled(po)
    ]


def _is_compiled(po: Path) -> bool:
    mo = po.with_suffix(".mo")
    return mo.exists() and mo.stat().st_mtime >= po.stat().st_mtime
