"""Whoever follows a story by the rules notices a wrong word. All written ones: tests/subscriptions/test_rehearse.py."""

from copy import deepcopy
from datetime import date
from pathlib import Path

import pytest

from subscriptions.rehearsal.story import read_story
from tests.stories.following import Follower

HERE = Path(__file__).parent
TODAY = date(2026, 6, 10)
OF_MONEY = {"amount", "gross", "net", "vat", "refund", "price"}
OF_TIME = {"from", "to", "ends_on", "first_charge_on"}
OTHERS = {"attempt": 7, "number": "CY-2024-000009", "code": "no"}


@pytest.mark.parametrize("name", ["yearly_cancelled", "vehicle_removed", "declined_then_paid", "withdrawn", "refused"])
def test_one_wrong_word_is_noticed(name, rehearse):
    story = read_story(HERE / f"{name}.yaml", today=TODAY)
    moments = rehearse(story)[1].moments
    for at, moment in enumerate(moments):
        for place, line in enumerate(moment.lines):
            for key in line.keys() & (OF_MONEY | OF_TIME | OTHERS.keys()):
                wrong = deepcopy(moments)
                wrong[at].lines[place][key] = _another(key, line[key])
                with pytest.raises((AssertionError, StopIteration)):
                    Follower(story).follow(wrong)


def _another(key, value):
    if key in OF_MONEY:
        return "0.07"
    return "2031-01-01" if key in OF_TIME else OTHERS[key]


@pytest.mark.parametrize("what", ["charged", "declined", "invoice", "refunded", "credit note", "ended"])
def test_a_line_too_few_or_too_many_is_noticed(what, rehearse):
    story = read_story(HERE / "base_declined_three_days.yaml", today=TODAY)
    moments = rehearse(story)[1].moments
    at = next(i for i, moment in enumerate(moments) if what in {line["what"] for line in moment.lines})
    line = next(line for line in moments[at].lines if line["what"] == what)
    for change in (lambda lines: lines.remove(line), lambda lines: lines.append(line)):
        wrong = deepcopy(moments)
        change(wrong[at].lines)
        with pytest.raises((AssertionError, StopIteration)):
            Follower(story).follow(wrong)
