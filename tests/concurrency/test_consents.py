"""A button pressed twice at once is one change of a consent (D1)."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from accounts.actions.consents import change_consent
from accounts.models import ConsentChange
from accounts.rules.consents import Purpose
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)


def test_D1_given_many_times_at_once_is_one_row(market, owner):
    wording = make.consent_wordings(market)[Purpose.DRIVING]
    barrier = Barrier(4)

    def give(_nth):
        try:
            barrier.wait(timeout=30)
            return change_consent(
                account=owner,
                wording=wording,
                is_given=True,
                channel="portal",
                language="en",
                now=make.NOW,
                by=owner,
            )
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=4) as threads:
        rows = [row for row in threads.map(give, range(4)) if row]
    assert (len(rows), ConsentChange.objects.count()) == (1, 1)
