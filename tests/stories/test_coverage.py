"""Between them the stories do, refuse, tell and end everything that a rehearsal knows."""

import json
from datetime import date
from pathlib import Path

import pytest

from subscriptions.rehearsal.ledger import CODES, END_REASONS, KEYS, NOTICES
from subscriptions.rehearsal.story import CARD_BEHAVIOURS, REFUND_BEHAVIOURS, VOCABULARY, read_story
from subscriptions.rules.periods import TERM_MONTHS

HERE = Path(__file__).parent
LINES = [json.loads(line) for path in sorted(HERE.glob("*.jsonl")) for line in path.read_text().splitlines()]
EVENTS = [event for path in HERE.glob("*.yaml") for event in read_story(path, today=date(2026, 6, 10)).events]


def values(what: str, key: str) -> set[str]:
    return {line[key] for line in LINES if line["what"] == what}


def given(key: str, *acts: str) -> set[str]:
    return {event.values[key] for event in EVENTS if event.do in acts and key in event.values}


@pytest.mark.parametrize(
    ("found", "known"),
    [
        ({event.do for event in EVENTS}, VOCABULARY.keys()),
        (given("behaves", "add card", "card behaves"), {*CARD_BEHAVIOURS}),
        (given("behaves", "refund behaves"), {*REFUND_BEHAVIOURS}),
        (given("term", "subscribe"), TERM_MONTHS.keys()),
        ({line["what"] for line in LINES}, KEYS.keys()),
        (values("refused", "code"), CODES),
        (values("notice", "kind"), NOTICES),
        (values("ended", "reason"), END_REASONS),
        (values("charged", "attempt"), {1, 2, 3}),
    ],
    ids=["acts", "cards", "refunds", "terms", "lines", "codes", "notices", "ends", "attempts"],
)
def test_every_word_of_a_rehearsal_occurs_in_a_story_and_no_other(found, known):
    assert found == known


def test_every_line_has_its_keys_in_their_order():
    for line in LINES:
        keys = [key for key in KEYS[line["what"]] if line["what"] != "notice" or key in line]
        assert list(line) == ["on", "what", *keys]
