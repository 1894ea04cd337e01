"""Records of the audit trail that appear late, with smaller numbers than what was read, are read as well."""

from threading import Event, Thread

import pytest
from django.db import connection, transaction

from accounts.hooks.finding import find_events
from accounts.models import HookCursor, HookEvent
from portal import audit
from tests import make
from tests.accounts import hooks
from tests.garage.cars import make_account, make_market

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_is_committed_late_is_told_once_though_later_records_were_read_before():
    account = make_account("anna@example.com", make_market())
    hooks.endpoint()
    written, read = Event(), Event()

    def close() -> int:
        return audit.record("account closed", account=account, by=None, now=make.NOW).pk

    def late() -> None:
        try:
            with transaction.atomic():
                close()
                written.set()
                read.wait(timeout=30)
        finally:
            connection.close()

    thread = Thread(target=late)
    thread.start()
    written.wait(timeout=30)
    last = close()
    assert [find_events(now=make.NOW) for _time in range(3)] == [1, 0, 0]
    assert HookCursor.objects.get().read_to < last - 1
    read.set()
    thread.join()
    assert [find_events(now=make.NOW) for _time in range(3)] == [1, 0, 0]
    # It moves on once nobody writes any more who did so then: transactions of other tests count as well.
    assert HookCursor.objects.get().read_to <= last
    assert set(HookEvent.objects.values_list("record_id", flat=True)) == {last - 1, last}
