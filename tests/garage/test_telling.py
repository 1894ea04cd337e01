"""Every change about a car that accounts share has its own words, for either of the two (N2, V4, G12)."""

from itertools import product

import pytest

from accounts.models import Notice
from accounts.notices import texts as notice_texts
from tests import make
from tests.accounts.notice_facts import FACTS

SIDES = {"control_offer": "is_giver", "control_request": "is_giver", "driver_access": "is_owner"}
CHANGES = {
    "control_offer": ["offered", "to_confirm", "called_off", "declined", "expired", "overtaken"],
    "control_request": ["asked", "warned", "objected", "called_off", "declined", "overtaken"],
    "driver_access": ["begun", "limited", "left", "over", "ended"],
}
EVERY = [(kind, change, side) for kind in CHANGES for change, side in product(CHANGES[kind], (True, False))]


def text(account, kind: str, **facts) -> str:
    notice = Notice(account=account, kind=kind, facts=FACTS[kind] | facts, created_at=make.NOW)
    assert "  " not in notice_texts.subject(notice)
    return f"{notice_texts.subject(notice)}\n{notice_texts.body(notice)}"


@pytest.mark.parametrize(("kind", "change", "side"), EVERY)
def test_each_change_names_the_car_for_either_side(owner, kind, change, side):
    said = text(owner, kind, change=change, **{SIDES[kind]: side})
    assert said.count("NX 450h+ KAA123") >= 2


@pytest.mark.parametrize("kind", list(CHANGES))
def test_no_two_changes_are_told_in_the_same_words(owner, kind):
    said = [text(owner, kind, change=change, **{SIDES[kind]: True}) for change in CHANGES[kind]]
    assert len(set(said)) == len(said)


@pytest.mark.parametrize("change", ["asked", "warned"])
def test_V4_the_active_account_learns_the_moment_and_the_refund_and_the_other_one_no_refund(owner, change):
    for is_giver in (True, False):
        said = text(owner, "control_request", change=change, is_giver=is_giver)
        assert "13 June 2026" in said
        assert ("€66.00" in said) is is_giver


def test_V4_what_moved_is_told_with_what_was_promised_back(owner):
    assert "€66.00" in text(owner, "control_moved", has_control=False)
    assert "€" not in text(owner, "control_moved", has_control=True)


def test_G12_the_last_day_is_named_where_there_is_one(owner):
    assert "The last day is 30 June 2026." in text(owner, "driver_access", change="begun", last_on="2026-06-30")
    assert "last day is" not in text(owner, "driver_access", change="begun", last_on="")
    assert "There is no last day" in text(owner, "driver_access", change="limited", last_on="")
