"""How long the buyer's personal parts stay on a document (I4): to the end of a calendar year, a market's number."""

from datetime import date


def keep_until(*, issued_on: date, years: int) -> date:
    """The last day: `years` full calendar years follow the year of issue."""
    return date(issued_on.year + years, 12, 31)
