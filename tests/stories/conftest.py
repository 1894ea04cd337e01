import pytest
from django.db import transaction

from subscriptions.gateway.sandbox.in_process import InProcessGateway
from subscriptions.gateway.sandbox.provider import SandboxProvider
from subscriptions.ledger.check import check_ledger
from subscriptions.rehearsal.cast import RETURN_ORIGIN
from subscriptions.rehearsal.ledger import Line
from subscriptions.rehearsal.play import play
from subscriptions.rehearsal.story import Story
from tests.clean_ledger import latest
from tests.stories.following import RecordingClock


@pytest.fixture
def rehearse(market):
    """Plays a story in the test's own database and takes it back; answers the ledger and the clock that it had."""

    def played(story: Story, **how: bool) -> tuple[list[Line], RecordingClock]:
        clock = RecordingClock(story)
        provider = SandboxProvider(clock=clock, return_origins=[RETURN_ORIGIN])
        before = transaction.savepoint()
        try:
            ledger = clock.record(play([story], gateway=InProcessGateway(provider), clock=clock, **how))
            assert [str(finding) for finding in check_ledger(now=latest())] == []
        finally:
            transaction.savepoint_rollback(before)
            provider.close()
        return ledger, clock

    return played
