"""The state of a consent follows from its rows alone (D1)."""

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from accounts.rules.consents import NEVER, Purpose, State, current_states, fingerprint, next_change

START = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass
class Row:
    number: int
    purpose: str = Purpose.DRIVING
    at: datetime = START

    @property
    def is_given(self) -> bool:
        return self.number % 2 == 1


def test_D1_nothing_is_given_by_default():
    assert current_states([]) == dict.fromkeys(Purpose, NEVER)


def test_D1_the_last_change_decides_since_its_own_moment():
    withdrawn = Row(2, at=START + timedelta(days=3))
    states = current_states([Row(1), withdrawn])
    assert states[Purpose.DRIVING] == State(is_given=False, since=withdrawn.at, changes=2)
    assert states[Purpose.MARKETING] == NEVER


@given(st.integers(1, 9), st.randoms())
def test_D1_the_order_in_which_rows_are_read_makes_no_difference(count, chance: random.Random):
    rows = [Row(number, at=START + timedelta(days=number)) for number in range(1, count + 1)]
    in_order = current_states(rows)
    chance.shuffle(rows)
    assert current_states(rows) == in_order
    assert in_order[Purpose.DRIVING].is_given == (count % 2 == 1)


def test_D1_the_same_again_is_no_change():
    given_once = State(is_given=True, since=START, changes=1)
    assert (next_change(NEVER, is_given=True), next_change(NEVER, is_given=False)) == (1, None)
    assert (next_change(given_once, is_given=True), next_change(given_once, is_given=False)) == (None, 2)


def test_D1_other_words_have_another_fingerprint():
    assert fingerprint("We may.") == fingerprint("We may.") != fingerprint("We may!")
    assert len(fingerprint("")) == 64
