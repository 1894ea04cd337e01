"""Money is taken only where the database keeps what it says it has kept.

With `synchronous_commit` off, a power cut or a crash takes the last moments with it: the provider would have charges of
which we know nothing. It can be set for a role or a database by mistake, so each charge looks at what holds now.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connection

MUST_BE_ON = ["fsync", "full_page_writes", "synchronous_commit"]
_is_thrown_away = ContextVar("is_thrown_away", default=False)


class NotDurable(Exception):
    """The text names the settings of PostgreSQL that are off."""


@contextmanager
def thrown_away() -> Iterator[None]:
    """The connection leads into a scratch database meanwhile, whose provider is played: nobody's money moves."""
    token = _is_thrown_away.set(True)
    try:
        yield
    finally:
        _is_thrown_away.reset(token)


def check_durable() -> None:
    """Raises `NotDurable`; the throw-away databases of tests and rehearsals are let be."""
    if settings.COMMITS_MUST_LAST and not _is_thrown_away.get() and (lax := lax_settings()):
        raise NotDurable(f"PostgreSQL would lose what it has committed: {', '.join(lax)} off. Nothing is charged.")


def lax_settings() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM pg_settings WHERE name = ANY(%s) AND setting = 'off' ORDER BY name", [MUST_BE_ON]
        )
        return [name for (name,) in cursor.fetchall()]


@register(Tags.database)
def database_keeps_commits(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """`manage.py check --database default`, and each `migrate`."""
    if not databases or not settings.COMMITS_MUST_LAST:
        return []
    hint = "ALTER ROLE ... RESET it, or set it on in postgresql.conf. Until then nothing is charged."
    return [Error(f"PostgreSQL has {name} off.", hint=hint, id="portal.E031") for name in lax_settings()]
