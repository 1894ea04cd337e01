"""What a whole module stands on: made once, in a transaction that those of its tests lie in and that is rolled back.

Only for modules none of whose tests commits: what they would leave behind stood in the way of all others.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from django.conf import settings
from django.db import transaction

from subscriptions.gateway.sandbox.in_process import InProcessGateway
from subscriptions.gateway.sandbox.provider import SandboxProvider
from tests import make


@contextmanager
def standing(django_db_blocker) -> Iterator[None]:
    around = transaction.atomic()
    # As those of Django's TestCase: what has to be the outermost transaction may lie within.
    around._from_testcase = True
    with django_db_blocker.unblock(), around:
        try:
            yield
        finally:
            transaction.set_rollback(True)


@contextmanager
def gateway_like(other: InProcessGateway | None, *, clock: Callable[[], datetime]) -> Iterator[InProcessGateway]:
    """A provider of its own, which remembers what the other one does: no transaction takes back what it is told."""
    provider = SandboxProvider(clock=clock, return_origins=[make.RETURN_ORIGIN, settings.SITE_URL])
    if other:
        other.provider._state._connection.backup(provider._state._connection)
    yield InProcessGateway(provider)
    provider.close()
