"""One flat settings file. Everything that differs between deployments comes from the environment.

`PORTAL_MODE` says what this process is part of:

- `production` (the default): no default secret, no DEBUG, no embedded services; refuses to start on anything unsafe.
- `demo`: `make demo`. Embedded database and broker under `var/demo`, mails into a folder, the sandbox payment provider.
- `development` and `test`: the embedded database under `var/development` or `var/test`, unless `DATABASE_URL` is set.
"""

import json
import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from kombu import Queue

BASE_DIR = Path(__file__).resolve().parent.parent


# Environment


def env(name: str, default: str | None = None) -> str:
    value = os.environ.get(name, default)
    if value is None:
        raise ImproperlyConfigured(f"Set the environment variable {name} (README, 'Running it for real').")
    return value


def env_bool(name: str, default: bool = False) -> bool:
    return env(name, "1" if default else "0").lower() in {"1", "true", "yes", "on"}


def env_moment(name: str) -> datetime | None:
    """A time with its offset, ISO 8601."""
    text = env(name, "")
    try:
        moment = datetime.fromisoformat(text) if text else None
    except ValueError:
        moment = None
    if text and (moment is None or moment.tzinfo is None):
        raise ImproperlyConfigured(f"{name} is {text!r}; it must be like 2026-11-28T04:00+02:00.")
    return moment


def env_list(name: str, default: str = "") -> list[str]:
    return [item.strip() for item in env(name, default).split(",") if item.strip()]


MODE = env("PORTAL_MODE", "production")
if MODE not in {"production", "demo", "development", "test"}:
    raise ImproperlyConfigured(f"PORTAL_MODE is {MODE!r}; it must be production, demo, development or test.")
PRODUCTION = MODE == "production"

# Where the embedded services, the demo's mails and made files live; nothing in it is precious outside production.
STATE_DIR = Path(env("PORTAL_STATE_DIR", str(BASE_DIR / "var" / MODE))).resolve()

# `make demo PORT=... SANDBOX_PORT=...`
DEMO_PORT = env("PORT", "8000") if MODE == "demo" else "8000"
SANDBOX_PORT = env("SANDBOX_PORT", "8100")

DEBUG = env_bool("DEBUG", default=MODE == "development")
SECRET_KEY = env("SECRET_KEY", None if PRODUCTION else "only-for-demo-development-and-tests-" + "0" * 40)
# The one before, while what it has signed and enciphered is in use (docs/upgrading.md).
SECRET_KEY_FALLBACKS = env_list("SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS", "" if PRODUCTION else "localhost,127.0.0.1,[::1]")
# Absolute links in mails are built from this, never from a request's Host header.
SITE_URL = env("SITE_URL", None if PRODUCTION else f"http://localhost:{DEMO_PORT}").rstrip("/")
CSRF_TRUSTED_ORIGINS = [SITE_URL]

# Applications

INSTALLED_APPS = [
    "support",
    "subscriptions",
    "garage",
    "accounts",
    "portal",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    # In place of django.contrib.admin: reached by the site's sign-in and a second step only.
    "portal.desk.config.StaffAdminConfig",
    "allauth.idp.oidc",
    "rest_framework",
    "drf_spectacular",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.forms",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "lucide",
    "pgtrigger",
]

MIDDLEWARE = [
    "portal.operating.requests.Followed",
    # In front of all that answers: a static file, a redirect and a refusal have a policy, too (ASVS 3.4.3, 3.4.6).
    "portal.guards.content_policy.ContentPolicy",
    "portal.guards.plain_http.RefusePlainCalls",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.operating.maintenance.Maintenance",
    "portal.guards.nul.RefuseNul",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.sessions.SessionLimits",
    "django_htmx.middleware.HtmxMiddleware",
]

# While it is set the site is one page that says until when (docs/operations.md).
MAINTENANCE_UNTIL = env_moment("MAINTENANCE_UNTIL")

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.context.frame",
            ],
        },
    },
]

FORM_RENDERER = "portal.forms.PortalRenderer"

# Database: PostgreSQL only, so that locks, constraints and search are the same everywhere.


def database(url: str) -> dict[str, Any]:
    """The `DATABASES` entry for a URL `postgresql://user:password@host:port/name?option=value`."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured("DATABASE_URL must start with postgresql://")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": dict(parse_qsl(parts.query)),
    }


EMBEDDED_DATABASE = not PRODUCTION and not os.environ.get("DATABASE_URL")
if EMBEDDED_DATABASE:
    # A thin backend that starts the server at the first connection, not while settings are imported.
    DATABASE: dict[str, Any] = {"ENGINE": "portal.embedded_postgresql", "NAME": "portal", "USER": "portal"}
else:
    DATABASE = database(env("DATABASE_URL"))
# Nobody waits longer for a row that somebody else holds: the work is given up, and found again by the next run.
# Whoever forgets an open transaction would keep all tables from being tidied up; no work of ours pauses in one. Pages
# and calls of the API have a limit for each statement, too (gunicorn.conf.py).
LIMITS = {
    "lock_timeout": env("DATABASE_LOCK_TIMEOUT", "10s"),
    "idle_in_transaction_session_timeout": env("DATABASE_IDLE_IN_TRANSACTION_TIMEOUT", "120s"),
    "statement_timeout": env("DATABASE_STATEMENT_TIMEOUT", "0"),
}
TIMEOUTS = {"options": " ".join(f"-c {name}={limit}" for name, limit in LIMITS.items())}
# What a connection has sent five times is planned once more and then no longer: half of the database's work.
PREPARED = {"server_side_binding": True, "prepare_threshold": 5} if env_bool("DATABASE_PREPARES", default=True) else {}
DATABASE["OPTIONS"] = TIMEOUTS | PREPARED | DATABASE.get("OPTIONS", {})
# A test's database is made anew; any other may take money only if it keeps what it commits (operating/durability.py).
COMMITS_MUST_LAST = MODE != "test"
DATABASES = {"default": DATABASE | {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True, "ATOMIC_REQUESTS": False}}

# Broker, cache, tasks

EMBEDDED_BROKER = MODE == "demo" and not os.environ.get("CELERY_BROKER_URL")
if EMBEDDED_BROKER:
    from portal.embedded import broker_socket

    BROKER_SOCKET = broker_socket(STATE_DIR)
    CELERY_BROKER_URL = f"redis+socket://{BROKER_SOCKET}"
    CACHE_URL = f"unix://{BROKER_SOCKET}?db=1"
else:
    CELERY_BROKER_URL = env("CELERY_BROKER_URL", None if PRODUCTION else "memory://")
    CACHE_URL = env("CACHE_URL", None if PRODUCTION else "")
IN_MEMORY = "django.core.cache.backends.locmem.LocMemCache"
CACHES: dict[str, Any] = {
    "default": (
        {"BACKEND": "portal.operating.shared_cache.SharedCache", "LOCATION": CACHE_URL}
        if CACHE_URL
        else {"BACKEND": IN_MEMORY}
    ),
    # In the memory of each process, and never many: what is the same for everybody, in parts and as whole answers.
    "near": {"BACKEND": IN_MEMORY, "LOCATION": "near", "OPTIONS": {"MAX_ENTRIES": 5000}},
    "answers": {"BACKEND": IN_MEMORY, "LOCATION": "answers", "OPTIONS": {"MAX_ENTRIES": 1000}},
}

# A page for everybody answers so long from the copy that one visitor got; elsewhere a change is to be seen at once.
PUBLIC_COPY_SECONDS = int(env("PUBLIC_COPY_SECONDS", "60" if PRODUCTION else "0"))

CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A web request that wakes the worker up must not wait for a broker that is down; the outbox keeps what was to be done.
CELERY_TASK_PUBLISH_RETRY = False
# Once more and at once: by default connecting is tried for six seconds, whatever PUBLISH_RETRY says.
CONNECTING = {"max_retries": 1, "interval_start": 0, "interval_step": 0}
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_connect_timeout": 2, "socket_timeout": 10} | CONNECTING
CELERY_TIMEZONE = "UTC"
# Charges have a queue of their own, so that they never stand behind ten thousand mails; notices by mail have another,
# so that refunds and the mails that somebody waits for (activation, reset) stand behind none. A worker takes from all
# in turn unless it is started with `--queues` for some of them.
CELERY_TASK_QUEUES = [Queue("celery"), Queue("charges"), Queue("mails"), Queue("webhooks")]
CELERY_TASK_ROUTES = {
    "subscriptions.tasks.charging_run": {"queue": "charges"},
    "subscriptions.tasks.collect_batch": {"queue": "charges"},
    # A receiver may take its time.
    "accounts.tasks.send_webhook": {"queue": "webhooks"},
}
# Its own handlers would take the place of those below, which mask card numbers.
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

# Hours (of the market's own clock) in which the day's two runs take place, and the minutes at which beat looks.
# The demo looks every minute, so that a charge is seen to happen.
EVERY_HOUR = ",".join(str(hour) for hour in range(24))
CHARGING_RUN_HOURS = [int(hour) for hour in env_list("CHARGING_RUN_HOURS", EVERY_HOUR if MODE == "demo" else "6,18")]
CHARGING_RUN_MINUTES = env("CHARGING_RUN_MINUTES", "*" if MODE == "demo" else "0")
CELERY_BEAT_SCHEDULE = {
    "charging run": {
        "task": "subscriptions.tasks.charging_run",
        "schedule": crontab(minute=CHARGING_RUN_MINUTES),
    },
    "cars that did not switch": {
        "task": "subscriptions.tasks.find_cars_that_did_not_switch",
        "schedule": crontab(minute="25"),
    },
    "catalogues of the day": {
        "task": "subscriptions.tasks.bring_catalogues_into_force",
        "schedule": crontab(minute="*/5"),
    },
    "expiry notices": {
        "task": "subscriptions.tasks.send_expiry_notices",
        "schedule": crontab(minute="50"),
    },
    "expired proposals": {
        "task": "subscriptions.tasks.drop_expired_refunds",
        "schedule": crontab(hour="2", minute="15"),
    },
    "retention of notices": {
        "task": "accounts.tasks.forget_notices",
        "schedule": crontab(hour="2", minute="30"),
    },
    "drafts of articles": {
        "task": "support.tasks.publish_due_drafts",
        "schedule": crontab(minute="*/5"),
    },
    "retention of feedback": {
        "task": "support.tasks.forget_old_feedback",
        "schedule": crontab(hour="2", minute="55"),
    },
    "retention of cases": {
        "task": "support.tasks.forget_cases",
        "schedule": crontab(hour="2", minute="50"),
    },
    "retention of what nobody answered": {
        "task": "subscriptions.tasks.forget_unanswered",
        "schedule": crontab(hour="2", minute="25"),
    },
    "retention of the trail": {
        "task": "portal.tasks.blank_old_trail",
        "schedule": crontab(hour="3", minute="30"),
    },
    "retention of trips": {
        "task": "garage.tasks.forget_trips",
        "schedule": crontab(hour="2", minute="10"),
    },
    "retention of the outbox": {
        "task": "portal.tasks.forget_done_work",
        "schedule": crontab(hour="2", minute="45"),
    },
    "delivered cars": {
        "task": "garage.tasks.deliver_ordered_vehicles",
        "schedule": crontab(minute="*/10"),
    },
    "ended grants": {
        "task": "garage.tasks.end_data_grants",
        "schedule": crontab(minute="35"),
    },
    "retention of reports of cars": {
        "task": "garage.tasks.forget_vehicle_reports",
        "schedule": crontab(hour="2", minute="35"),
    },
    "service that is due": {
        "task": "garage.tasks.remind_of_service",
        "schedule": crontab(hour="6", minute="15"),
    },
    "open recalls": {
        "task": "garage.tasks.tell_of_open_recalls",
        "schedule": crontab(hour="6", minute="25"),
    },
    "trips that go": {
        "task": "garage.tasks.tell_of_trips_that_go",
        "schedule": crontab(hour="6", minute="35"),
    },
    "control of cars": {
        "task": "subscriptions.tasks.move_control",
        "schedule": crontab(minute="*/5"),
    },
    "retention": {
        "task": "subscriptions.tasks.blank_documents",
        "schedule": crontab(hour="3", minute="0"),
    },
    "ledger check": {
        "task": "subscriptions.tasks.check_ledger",
        "schedule": crontab(hour="3", minute="20"),
    },
    "comparison with the provider": {
        "task": "subscriptions.tasks.compare_with_provider",
        "schedule": crontab(hour="3", minute="40"),
    },
    "deleted exports": {
        "task": "accounts.tasks.end_exports",
        "schedule": crontab(hour="2", minute="20"),
    },
    "closed accounts": {
        "task": "subscriptions.tasks.complete_closings",
        "schedule": crontab(hour="2", minute="40"),
    },
    "old sign-ins": {
        "task": "accounts.tasks.drop_old_sign_ins",
        "schedule": crontab(hour="4", minute="0"),
    },
    "old keys of the API": {
        "task": "portal.tasks.forget_idempotent_calls",
        "schedule": crontab(hour="4", minute="10"),
    },
    "sessions that are over": {
        "task": "portal.tasks.clear_sessions",
        "schedule": crontab(hour="2", minute="30"),
    },
    "webhooks": {
        "task": "accounts.tasks.tell_by_webhooks",
        "schedule": 10.0,
    },
    "retention of webhooks": {
        "task": "accounts.tasks.forget_webhooks",
        "schedule": crontab(hour="3", minute="10"),
    },
    "outbox sweep": {
        "task": "portal.tasks.sweep_outbox",
        "schedule": 30.0,
    },
}
if MODE == "demo":
    # In the place of the brand's vehicle backend.
    CELERY_BEAT_SCHEDULE["cars that answer"] = {
        "task": "subscriptions.tasks.answer_for_cars",
        "schedule": crontab(minute="*"),
    }

# Identity

AUTH_USER_MODEL = "accounts.Account"
AUTHENTICATION_BACKENDS = ["accounts.backends.EntranceBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "accounts.passwords.NoContextWords"},
    {"NAME": "accounts.passwords.NotKnownToThieves"},
]
if MODE == "test":
    # The cast signs up in every test; a slow hash would be most of the suite's time.
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
# One address per account: a new one takes the old one's place once it is confirmed.
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_FORMS = {
    "login": "accounts.forms.entrance.SignInForm",
    "signup": "accounts.forms.entrance.RegistrationForm",
    "add_email": "accounts.forms.entrance.AddressForm",
    "reset_password": "accounts.forms.entrance.ResetRequestForm",
    "reset_password_from_key": "accounts.forms.entrance.NewPasswordForm",
    "change_password": "accounts.forms.entrance.ChangePasswordForm",
    "reauthenticate": "accounts.forms.entrance.SignInAgainForm",
}
# Links in mails: random or signed, good for three days, once.
ACCOUNT_EMAIL_CONFIRMATION_EXPIRE_DAYS = 3
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "accounts.mail_links.ResetTokens"  # noqa: S105  (a class)
PASSWORD_RESET_TIMEOUT = 3 * 24 * 3600
# Whoever finds an open browser changes neither address nor second step without the password, a code or a passkey.
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_SESSION_REMEMBER = False
# Counted wrongly, everybody shares the proxy's address and its limits, or chooses an address of their own.
ALLAUTH_TRUSTED_PROXY_COUNT = int(env("TRUSTED_PROXY_COUNT", None if PRODUCTION else "0"))
# A limit for a key (an address) slows guessing down for minutes and shuts nobody out for good; one for an `ip` stops
# many addresses from being tried at one place. They count in the cache (portal.E004, portal.E009).
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/300s/key",
    "signup": "20/m/ip",
    # Whoever asks for mails to an address of somebody else sends them what they may need, but no flood.
    "reset_password": "20/m/ip,3/600s/key",
    "reset_password_from_key": "20/m/ip",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
    "manage_email": "10/m/user",
    # Of a mail that confirms an address and of "you already have an account" together: one in three minutes.
    "confirm_email": "1/180s/key",
}

# Second step (A3): an app's codes, recovery codes, passkeys.

MFA_ADAPTER = "accounts.factors.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_FORMS = {
    "authenticate": "accounts.forms.factors.CodeForm",
    "reauthenticate": "accounts.forms.factors.CodeAgainForm",
    "activate_totp": "accounts.forms.factors.ActivateAppForm",
    "authenticate_webauthn": "accounts.forms.factors.UsePasskeyForm",
    "reauthenticate_webauthn": "accounts.forms.factors.UsePasskeyAgainForm",
    "login_webauthn": "accounts.forms.factors.SignInWithPasskeyForm",
    "add_webauthn": "accounts.forms.factors.AddPasskeyForm",
    "edit_webauthn": "accounts.forms.factors.RenamePasskeyForm",
}
MFA_RATE_LIMITS = {"webauthn_login": "10/m/ip"}
# Clocks of telephones differ: the code before and the one after count too, each once (accounts/forms/factors.py).
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION
# Nobody comes in before the address is confirmed; without this an account with a second step could not change it.
MFA_ALLOW_UNVERIFIED_EMAIL = True

# Signed-in devices, and how long one stays signed in: unused, and in all.

USERSESSIONS_ADAPTER = "accounts.sessions.SessionsAdapter"
USERSESSIONS_TRACK_ACTIVITY = True
CUSTOMER_SESSION_IDLE = timedelta(hours=float(env("CUSTOMER_SESSION_IDLE_HOURS", "24")))
CUSTOMER_SESSION_LIFE = timedelta(days=14)
STAFF_SESSION_IDLE = timedelta(minutes=float(env("STAFF_SESSION_IDLE_MINUTES", "30")))
STAFF_SESSION_LIFE = timedelta(hours=10)

# One identity for portal, app and car (docs/api.md): the portal is the OpenID provider; app and car are public clients,
# machines have a secret.

IDP_OIDC_ADAPTER = "accounts.identity.adapter.IdentityAdapter"
# PEM keys of RSA, the newest first; elsewhere one is made in the state folder (portal/signing_keys.py).
IDENTITY_SIGNING_KEYS = env("IDENTITY_SIGNING_KEYS", None if PRODUCTION else "")
IDP_OIDC_AUTH_METHODS = ["none", "client_secret_basic"]
IDP_OIDC_AUTHORIZATION_CODE_EXPIRES_IN = 60
IDP_OIDC_DEVICE_CODE_EXPIRES_IN = 10 * 60
IDP_OIDC_DEVICE_CODE_INTERVAL = 5
# Whoever steals an access token has it for a quarter of an hour; a car that stands for a season stays signed in.
IDP_OIDC_ACCESS_TOKEN_EXPIRES_IN = 15 * 60
IDP_OIDC_REFRESH_TOKEN_EXPIRES_IN = 90 * 24 * 3600
# However often its tokens are renewed, an app or a car is signed in anew once a year.
SIGN_IN_LIFE = timedelta(days=365)
IDP_OIDC_ROTATE_REFRESH_TOKEN = True

# What app and head unit call: /api/v1/ (docs/api.md).

API_LARGEST_BODY = 64_000
# Calls in a minute; a client is the app or the head unit as a whole, for everybody who uses it.
API_CALLS_OF_ACCOUNT = int(env("API_CALLS_OF_ACCOUNT", "120"))
API_CALLS_OF_CLIENT = int(env("API_CALLS_OF_CLIENT", "12000"))
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["portal.api.authentication.BearerAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["portal.api.permissions.HasScope"],
    "DEFAULT_THROTTLE_CLASSES": ["portal.api.throttles.FairShare"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PAGINATION_CLASS": "portal.api.pagination.NewestFirst",
    "DEFAULT_SCHEMA_CLASS": "portal.api.schema.ApiSchema",
    "EXCEPTION_HANDLER": "portal.api.problems.problem",
    "UNAUTHENTICATED_USER": None,
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Owners portal",
    "DESCRIPTION": "For the brand's app and head units. How to sign in, errors, limits: docs/api.md.",
    # The second part grows with each call or field that is added (portal/api/versions.py).
    "VERSION": "1.2",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "portal.api.schema.with_sections",
        "accounts.hooks.description.with_webhooks",
    ],
    "COMPONENT_SPLIT_REQUEST": True,
    # The values stand beside it, and say the same.
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    # Fields of one name with different values, and of different names with the same.
    "ENUM_NAME_OVERRIDES": {
        "BookingState": "garage.api.dealer_serializers.STATES",
        "BookingStep": "garage.api.dealer_serializers.STEPS",
        "Corner": "garage.rules.reports.CORNERS",
        "VerificationStep": "subscriptions.api.dealer_serializers.STEPS",
        "CaseState": "support.api.case_serializers.CASE_STATES",
        "ControlState": "subscriptions.api.serializers.CONTROL_STATES",
        "DriverState": "garage.api.serializers.DRIVER_STATES",
        "DocumentKind": "subscriptions.api.payment_serializers.DOCUMENT_KINDS",
        "PaymentStatus": "subscriptions.api.payment_serializers.PAYMENT_STATUSES",
        "RefundStatus": "subscriptions.api.refund_serializers.REFUND_STATUSES",
        "ServiceStanding": "subscriptions.api.dealer_serializers.STANDING",
        "StandingEnum": "garage.api.serializers.STANDINGS",
        "SubscriptionStatus": "subscriptions.api.subscription_serializers.STATUSES",
        "YesOrNo": "subscriptions.api.serializers.YES_OR_NO",
    },
}

# Languages, time

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("el", "Ελληνικά")]
LOCALE_PATHS = [BASE_DIR / "portal" / "locale"]
USE_I18N = True
USE_TZ = True
# Moments are stored in UTC; dates of contracts are taken in the market's zone (`Market.local_date`).
TIME_ZONE = "UTC"
FORMAT_MODULE_PATH = ["portal.formats"]

# Static and made files

STATIC_URL = "/static/"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    # The typeface comes from its package.
    "portal.staticfinders.PackageFinder",
]
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = Path(env("STATIC_ROOT", str(BASE_DIR / "var" / "static")))
MEDIA_ROOT = Path(env("MEDIA_ROOT", str(STATE_DIR / "files")))
STORAGES = {
    "default": {
        "BACKEND": env("FILE_STORAGE", "portal.files.whole_files.WholeFileStorage"),
        "OPTIONS": json.loads(env("FILE_STORAGE_OPTIONS", "{}")),
    },
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if MODE in {"production", "demo"}
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = MODE in {"development", "test"}
# Nothing is collected there, so there is no folder to read at the start.
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS
# What is text says in which signs; WhiteNoise says it of `text/` alone (ASVS 4.1.1).
WHITENOISE_MIMETYPES = {".svg": "image/svg+xml; charset=utf-8"}

# A clamd that looks at files of strangers before they are kept (portal/guards/scanning.py).
CLAMD_ADDRESS = env("CLAMD_ADDRESS", "")

# Mail

DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", None if PRODUCTION else "portal@example.com")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
DEMO_MAIL_DIR = STATE_DIR / "mail"
# Seconds: for each piece of a mail server's answer, and for one conversation with it in all.
EMAIL_TIMEOUT = 20
EMAIL_TIME_LIMIT = 60
if PRODUCTION:
    EMAIL_BACKEND = "portal.smtp.EmailBackend"
    EMAIL_HOST = env("EMAIL_HOST")
    EMAIL_PORT = int(env("EMAIL_PORT", "587"))
    EMAIL_HOST_USER = env("EMAIL_HOST_USER", "")
    EMAIL_HOST_PASSWORD = env("EMAIL_HOST_PASSWORD", "")
    EMAIL_USE_TLS = env_bool("EMAIL_USE_TLS", default=True)
elif MODE != "test":
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = DEMO_MAIL_DIR

# Vehicles: the class that asks the brand's registry of cars (garage/registry/port.py).

VEHICLE_REGISTRY = env("VEHICLE_REGISTRY", "garage.registry.local.LocalRegistry")

# Payment provider

PAYMENT_GATEWAY = env("PAYMENT_GATEWAY", None if PRODUCTION else "sandbox")
# Known to Stripe alone: a live key in production, a test key elsewhere (portal/checks.py).
# Calls of a worker process that are in the air at once, and of all processes together in a second.
PROVIDER_CALLS_AT_ONCE = int(env("PROVIDER_CALLS_AT_ONCE", "16"))
PROVIDER_CALLS_PER_SECOND = float(env("PROVIDER_CALLS_PER_SECOND", "20"))
STRIPE_SECRET_KEY = env("STRIPE_SECRET_KEY", None if PAYMENT_GATEWAY == "stripe" else "")
SANDBOX_URL = env("SANDBOX_URL", f"http://127.0.0.1:{SANDBOX_PORT}").rstrip("/")
SANDBOX_SECRET = env("SANDBOX_SECRET", "" if PRODUCTION else "sandbox-secret")
# What the provider signs its webhooks with: the new one and the old one while one replaces the other.
WEBHOOK_SECRETS = env_list("WEBHOOK_SECRETS", "" if PRODUCTION else "webhook-secret-of-the-sandbox")
SANDBOX_STATE = STATE_DIR / "sandbox.sqlite3"
# Origins to which a form may lead the customer: the provider's own page for entering a card.
PAYMENT_ORIGINS = env_list("PAYMENT_ORIGINS", "" if PRODUCTION else SANDBOX_URL)

# Webhooks that we send (docs/webhooks.md): what their secrets are derived from. It outlives a change of SECRET_KEY, if
# it is set to the old one.
HOOK_SIGNING_KEY = env("HOOK_SIGNING_KEY", SECRET_KEY)
# Outside of production they go to this machine and to no other; in production to no address within.
HOOKS_STAY_HERE = not PRODUCTION

# Safety in the browser

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        # Browsers apply form-action to the redirect that follows a form, too.
        "form-action": [SELF, *PAYMENT_ORIGINS],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
MESSAGES_COOKIE_NAME = "messages"
MESSAGE_STORAGE = "portal.messages.NamedStorage"
SESSION_COOKIE_AGE = int(CUSTOMER_SESSION_LIFE.total_seconds())
CSRF_COOKIE_HTTPONLY = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
if PRODUCTION:
    SECURE_SSL_REDIRECT = env_bool("SECURE_SSL_REDIRECT", default=True)
    # Probes and Prometheus ask the process itself, inside of the proxy.
    SECURE_REDIRECT_EXEMPT = ["^alive/$", "^ready/$", "^metrics/$"]
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ALLAUTH_TRUSTED_PROXY_COUNT else None
    SECURE_HSTS_SECONDS = 366 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    LANGUAGE_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
    LANGUAGE_COOKIE_NAME = "__Host-language"
    MESSAGES_COOKIE_NAME = "__Host-messages"

# What operators see (docs/operations.md): log lines, numbers, and faults that are reported elsewhere.

LOG_FORMAT = env("LOG_FORMAT", "json" if PRODUCTION else "plain")
# Read by the library itself, before anything is counted.
METRICS_FOLDER = env("PROMETHEUS_MULTIPROC_DIR", "")
METRICS_TOKEN = env("METRICS_TOKEN", "")
METRICS_ADDRESS = env("METRICS_ADDRESS", "")
SENTRY_DSN = env("SENTRY_DSN", "")
SENTRY_TRACES = float(env("SENTRY_TRACES", "0"))
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "class": "portal.guards.log_lines.OneLine",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        },
        "json": {"()": "portal.operating.logs.JsonLines"},
    },
    "filters": {
        "card_numbers": {"()": "portal.card_numbers.MaskCardNumbers"},
        "looked_up_vins": {"()": "portal.looked_up_vins.MaskLookedUpVins"},
        "personal_data": {"()": "portal.operating.logs.MaskPersonalData"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": LOG_FORMAT,
            "filters": ["card_numbers", "looked_up_vins", "personal_data"],
        },
    },
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", "INFO")},
    # It greets whoever loads it.
    "loggers": {"pikepdf": {"level": "WARNING"}},
}
