"""Random stories keep to the rules: every amount, date and number of their ledgers is reckoned once more.

The sample of every day is small and always the same. `PROOF_STORIES=5000` plays as many, `PROOF_SEED=7` others than
before; a failure names its seed, and shows the story as a file to rehearse and keep.
"""

import os
from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, note, seed, settings

from tests.proof.results import note as counted
from tests.stories.following import Follower
from tests.stories.random_stories import as_yaml, stories

PROOF = int(os.environ.get("PROOF_STORIES", "0"))
# As many as one test plays: several of them share the processors.
PART = 100 if PROOF else 10
FIRST_SEED = int(os.environ.get("PROOF_SEED", "0")) * 1000
SEEDS = range(FIRST_SEED, FIRST_SEED + max(PROOF // PART, 2))
BOTH_WAYS = PART // 10
A_SEASON = timedelta(days=120)

as_they_come = {"deadline": None, "database": None, "suppress_health_check": [*HealthCheck]}
FAILURES = {"declined", "not tried", "failed", "unknown"}


@pytest.mark.long
@pytest.mark.parametrize("first", SEEDS)
def test_every_line_of_random_stories_follows_from_the_rules(first, rehearse):
    shares: Counter[str] = Counter()

    @seed(first)
    @settings(max_examples=PART, **as_they_come)
    @given(stories())
    def check(story):
        note(as_yaml(story))
        ledger, clock = rehearse(story)
        Follower(story).follow(clock.moments)
        words = {line["what"] for line in ledger}
        shares["all"] += 1
        shares["full"] += {"charged", "refunded"} <= words and bool(words & FAILURES)

    check()
    counted("stories that nobody wrote", stories=shares["all"], charged_refunded_and_failed=shares["full"])
    assert shares["full"] * 3 >= shares["all"], shares


@pytest.mark.parametrize("first", SEEDS)
def test_random_stories_are_the_same_day_by_day(first, rehearse):
    @seed(first)
    @settings(max_examples=BOTH_WAYS, **as_they_come)
    @given(stories(longest=A_SEASON))
    def check(story):
        note(as_yaml(story))
        assert rehearse(story)[0] == rehearse(story, skips_idle_days=False)[0]

    check()
