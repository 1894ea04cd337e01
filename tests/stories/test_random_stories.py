"""Random stories keep to the rules: every amount, date and number of their ledgers is reckoned once more.

PROOF_STORIES=5000 plays as many instead of the sample of every day, other ones each time.
"""

import os
from collections import Counter
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, note, settings

from subscriptions.gateway.sandbox.in_process import InProcessGateway
from subscriptions.gateway.sandbox.provider import SandboxProvider
from subscriptions.ledger.check import check_ledger
from subscriptions.rehearsal.cast import RETURN_ORIGIN
from subscriptions.rehearsal.ledger import Line
from subscriptions.rehearsal.play import play
from subscriptions.rehearsal.story import Story
from tests.clean_ledger import latest
from tests.stories.following import Follower, RecordingClock
from tests.stories.random_stories import as_yaml, stories

PROOF = int(os.environ.get("PROOF_STORIES", "0"))
SAMPLE = PROOF or 60
BOTH_WAYS = max(SAMPLE // 20, 4)
A_SEASON = timedelta(days=120)

of_this_many = {
    "deadline": None,
    "derandomize": not PROOF,
    "database": None,
    "suppress_health_check": [*HealthCheck],
}

FAILURES = {"declined", "not tried", "failed", "unknown"}


@pytest.fixture
def rehearse(market):
    """Plays a story in the test's own database and takes it back; answers the ledger and the clock that was followed."""

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


def test_every_line_of_random_stories_follows_from_the_rules(rehearse):
    shares: Counter[str] = Counter()

    @settings(max_examples=SAMPLE, **of_this_many)
    @given(stories())
    def check(story):
        note(as_yaml(story))
        ledger, clock = rehearse(story)
        Follower(story).follow(clock.moments)
        words = {line["what"] for line in ledger}
        shares["all"] += 1
        shares["full"] += {"charged", "refunded"} <= words and bool(words & FAILURES)

    check()
    assert shares["full"] * 3 >= shares["all"], shares


def test_random_stories_are_the_same_day_by_day(rehearse):
    @settings(max_examples=BOTH_WAYS, **of_this_many)
    @given(stories(longest=A_SEASON))
    def check(story):
        note(as_yaml(story))
        assert rehearse(story)[0] == rehearse(story, skips_idle_days=False)[0]

    check()
