"""When a sale is finished, and its codes (L1)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from garage.rules.sale import (
    CODE_LENGTH,
    Connected,
    Missing,
    clean,
    expires_at,
    grouped,
    is_well_formed,
    missing,
    vin_shown,
)

NOTHING = Connected(is_linked=False, drivers=0, others=0, reachers=0, is_head_unit_clear=True)


def test_L1_finished_when_nothing_is_connected():
    assert missing(NOTHING) == ()


@pytest.mark.parametrize(
    ("still", "named"),
    [
        ({"is_linked": True}, Missing.LINK),
        ({"drivers": 1}, Missing.DRIVERS),
        ({"others": 2}, Missing.OTHERS),
        ({"reachers": 1}, Missing.REACHERS),
        ({"is_head_unit_clear": False}, Missing.HEAD_UNIT),
    ],
)
def test_L1_each_thing_alone_keeps_a_sale_open(still, named):
    assert missing(replace(NOTHING, **still)) == (named,)


def test_L1_what_is_missing_is_named_in_the_order_in_which_it_is_mended():
    everything = Connected(is_linked=True, drivers=1, others=1, reachers=1, is_head_unit_clear=False)
    assert missing(everything) == tuple(Missing)


def test_a_code_is_read_however_it_is_typed():
    assert clean(" 4f7k-9xrt 2ace ") == "4F7K9XRT2ACE"
    # Greek twins and look-alikes.
    assert clean("ΑΕΗΚ-ZZSS-ΜΝΡΤ") == "AEHK2255MNPT"
    assert grouped("4F7K9XRT2ACE") == "4F7K-9XRT-2ACE"


@pytest.mark.parametrize("text", ["", "4F7K9XRT", "4F7K9XRT2ACE4", "4F7K9XRT2AC0", "4F7K9XRT2AC!"])
def test_what_can_be_no_code_is_not_looked_for(text):
    assert not is_well_formed(text)
    assert is_well_formed("4" * CODE_LENGTH)


def test_a_transfer_code_is_good_for_thirty_days():
    issued = datetime(2026, 6, 10, 9, tzinfo=UTC)
    assert expires_at(issued_at=issued) - issued == timedelta(days=30)


def test_of_a_vin_the_last_six_characters_are_shown():
    assert vin_shown("JTHSAMPLECY900007") == "…900007"
