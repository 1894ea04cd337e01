"""Pages of rows, from a database or walked through: each row once, in order, whatever moments they have."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from garage.data.own_rows import Place, Table, Walked, read_place
from garage.models import AccessTry

NOW = datetime(2026, 6, 10, 9, 0, tzinfo=UTC)
MINUTES = st.lists(st.integers(0, 3), max_size=12).map(sorted)


def walked(moments) -> Walked:
    rows = [{"at": at, "number": number} for number, at in enumerate(moments)]
    return Walked(found=lambda: rows, moment="at")


def pages(rows, *, limit):
    after, seen = None, []
    while True:
        page, place = rows.page(after, limit=limit)
        seen.append(page)
        if place is None:
            return seen
        # As it travels in an address.
        after = read_place(str(place))


@given(minutes=MINUTES, limit=st.integers(1, 5))
def test_every_row_is_on_one_page(minutes, limit):
    rows = walked([NOW + timedelta(minutes=minute) for minute in minutes])
    found = pages(rows, limit=limit)
    assert [row["number"] for page in found for row in page] == list(range(len(minutes)))
    assert all(len(page) == limit for page in found[:-1])


@given(days=MINUTES, limit=st.integers(1, 5))
def test_days_are_as_good_as_moments_and_none_as_good_as_days(days, limit):
    for at in ([date(2026, 6, 10) + timedelta(days=day) for day in days], [None] * len(days)):
        found = pages(walked(at), limit=limit)
        assert [row["number"] for page in found for row in page] == list(range(len(days)))


def test_rows_since_a_moment_and_a_day_counts_whole():
    moments = [NOW - timedelta(microseconds=1), NOW, NOW + timedelta(microseconds=1)]
    assert [row["number"] for row in walked(moments).since(NOW)] == [1, 2]
    assert [row["number"] for row in walked([date(2026, 6, 9), date(2026, 6, 10), None]).since(NOW)] == [1, 2]


NO_PLACES = ["", "x", "1", "1_x", "1_2026-02-30", "-1_", "1_2026-06-10T25:00:00", "1_1", "٣_"]


@pytest.mark.parametrize("text", [*NO_PLACES, "1_0001-01-01T00:00:00+14:00"])
def test_what_is_no_place_is_refused(text):
    with pytest.raises(ValueError):
        read_place(text)


def test_a_place_reads_back_as_it_was():
    for at in (NOW, NOW + timedelta(microseconds=7), date(2026, 6, 10), None):
        assert read_place(str(Place(at=at, passed=3))) == Place(at=at, passed=3)


@pytest.mark.parametrize("limit", [1, 2, 3, 7])
def test_a_table_pages_and_counts_as_walking_does(car, owner, limit):
    for minute in (0, 0, 0, 1, 2, 2, 5):
        at = NOW + timedelta(days=1, minutes=minute)
        AccessTry.objects.create(account=owner, vehicle=car.vehicle, at=at, is_right=False)
    found = AccessTry.objects.filter(is_right=False)
    table = Table(found=found, moment="at", columns=("pk", "at"))
    by_hand = Walked(found=lambda: list(table), moment="at")
    assert pages(table, limit=limit) == pages(by_hand, limit=limit)
    assert table.summary() == by_hand.summary()
    since = NOW + timedelta(days=1, minutes=1)
    assert list(table.since(since)) == list(by_hand.since(since))
    assert table.summary().count == 7
