"""Doing what a trigger forbids, for states to which no action leads."""

from collections.abc import Iterator
from contextlib import contextmanager

import pgtrigger
from django.db import connection


@contextmanager
def trigger_ignored(uri: str) -> Iterator[None]:
    """As `pgtrigger.ignore`, which cannot be had where values are bound by the server."""
    with connection.cursor() as cursor:
        cursor.execute(_ignoring(uri))
        yield
        cursor.execute("SELECT set_config('pgtrigger.ignore', '{}', false)")


def _ignoring(uri: str) -> str:
    [(model, trigger)] = pgtrigger.registered(uri)
    return f"SELECT set_config('pgtrigger.ignore', '{{{trigger.get_pgid(model)}}}', false)"
