"""Who is on the telephone: what is asked, what is right, what passes (K7)."""

from datetime import UTC, datetime, timedelta

import pytest

from accounts.rules.caller import (
    Known,
    barred_until,
    chosen,
    code_expires_at,
    has_tries_left,
    is_barred,
    is_right,
    passes,
    verified_until,
)

NOW = datetime(2026, 6, 10, 9, tzinfo=UTC)
OWN = [Known(name=name, is_in_mails=False) for name in ("card", "nickname", "telephone", "pin")]
MAILED = [Known(name=name, is_in_mails=True) for name in ("amount", "plate", "postcode")]


@pytest.mark.parametrize(
    ("known", "names"),
    [
        (OWN + MAILED, ["card", "nickname", "pin"]),
        (MAILED + OWN[:2], ["card", "nickname", "amount"]),
        (MAILED + OWN[:1], ["card", "amount", "plate"]),
        (OWN[:2], ["card", "nickname"]),
        # By mails alone nobody is known, and by one fact neither.
        (MAILED, []),
        (OWN[:1], []),
        ([], []),
    ],
)
def test_K7_the_page_asks_first_what_stands_in_no_mail(known, names):
    assert [each.name for each in chosen(known, order=lambda name: name)] == names


def test_K7_another_order_asks_other_facts():
    backwards = chosen(OWN, order=lambda name: name[::-1])
    assert {each.name for each in backwards} != {each.name for each in chosen(OWN, order=lambda name: name)}


@pytest.mark.parametrize(
    ("right", "has_passed"),
    [
        ({"card": True, "amount": True, "plate": True}, True),
        ({"card": True, "amount": True, "plate": False}, True),
        ({"card": False, "amount": True, "plate": True}, False),
        ({"card": True, "amount": False, "plate": False}, False),
        ({"card": False, "amount": False, "plate": False}, False),
    ],
)
def test_K7_two_right_ones_pass_but_not_by_mails_alone(right, has_passed):
    assert passes([OWN[0], *MAILED[:2]], right) is has_passed


@pytest.mark.parametrize(
    ("answer", "accepted", "right"),
    [
        (" 1065 ", ["1065"], True),
        ("1066", ["1065"], False),
        ("9,90", ["9.90"], True),
        ("λεμεσος", ["Λεμεσός"], True),
        ("Sample  Motors", ["Sample Motors Nicosia", "Sample Motors"], True),
        ("4/28", ["4/28", "04/28"], True),
        ("", ["1065"], False),
        (" - ", [" "], False),
    ],
)
def test_K7_an_answer_is_heard_not_spelt(answer, accepted, right):
    assert is_right(answer, accepted) is right


def test_K7_its_numbers():
    assert [has_tries_left(failed) for failed in range(4)] == [True, True, True, False]
    assert code_expires_at(NOW) - NOW == timedelta(minutes=10)
    assert verified_until(NOW) - NOW == timedelta(minutes=30)
    until = barred_until(NOW)
    assert until - NOW == timedelta(hours=72)
    assert [is_barred(until, now=until - timedelta(seconds=1)), is_barred(until, now=until)] == [True, False]
    assert not is_barred(None, now=NOW)
