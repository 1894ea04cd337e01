"""The page of driving says what the rules say: its sums and days are computed again."""

from datetime import date
from decimal import Decimal

import pytest

from garage.rules.driving import Days, Month, compared_days
from garage.rules.scoring import EXACT, pull, shown, total, trip_score, weighed
from garage.rules.trips import LeftOut
from tests.meta.test_docs import REPOSITORY, Row, tables

PAGE = tables(REPOSITORY / "docs" / "driving.md")


def rows(first: str) -> list[Row]:
    """Of the table that begins with this column."""
    [found] = [rows for header, rows in PAGE.items() if header[0] == first]
    return found


def said(days: Days) -> str:
    return f"{days.first} to {days.last}"


@pytest.mark.parametrize("row", rows("Acceleration"))
def test_T2_every_worked_score_of_a_trip(row):
    parts = (row["Acceleration"], row["Braking"], row["Constant speed"])
    score = trip_score(*(Decimal(part) if part else None for part in parts))
    assert (str(score), str(shown(score))) == (row["Trip score"], row["Shown"])


@pytest.mark.parametrize("row", rows("Trips (metres x score)"))
def test_T2_every_worked_score_of_a_period(row):
    pairs = [trip.split(" x ") for trip in row["Trips (metres x score)"].split(", ")]
    trips = [weighed(int(metres), Decimal(score)) for metres, score in pairs]
    whole = total(trips)
    assert (whole.product, str(whole.distance_m)) == (Decimal(row["Metres x score"]), row["Metres"])
    assert str(whole.score.quantize(EXACT)) == row["Score"]
    assert str(pull(trips[-1], whole).quantize(EXACT)) == row["The last one made"]


@pytest.mark.parametrize("row", rows("Month"))
def test_T3_every_comparison(row):
    month = Month.read(row["Month"])
    known = Days(date.fromisoformat(row["Own time from"]), date.fromisoformat(row["To (or today)"]))
    assert said(month.days.within(known)) == row["Days"]
    compared = compared_days(month, known)
    assert (said(compared[1]) if compared else "nothing") == row["Compared with"]


def test_T1_every_reason_to_leave_a_trip_out_is_named():
    assert [row["`code` of `left_out`"].strip("`") for row in rows("`code` of `left_out`")] == list(LeftOut)
