"""What a machine has said: text that can be kept."""

import pytest

from garage.rules.said import Problem, Unreadable, needed, text


@pytest.mark.parametrize("value", ["JTJ\x00", "\ud800", 17, ["JTJ"]])
def test_what_no_database_takes_is_no_text(value):
    with pytest.raises(Unreadable) as refused:
        needed({"vin": value}, "vin", text)
    assert refused.value.fault.problem is Problem.WRONG_KIND
