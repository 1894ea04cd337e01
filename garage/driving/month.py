"""A month of driving as its page shows it (T3): a fixed number of queries, whether a car has 20 trips or 20,000."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet, Sum
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext as _

from garage.driving.access import OwnDriving, days_of
from garage.driving.chart import Chart, chart
from garage.models import DrivingDay
from garage.portrait import Fact
from garage.rules.driving import Days, Month, Pull, Sums, compared_days, pulls, summed
from garage.rules.scoring import Weighed, shown
from garage.rules.trips import KEPT_MONTHS, goes_on
from garage.words.driving import days_in_words, kilometres, lasting, month_in_words, points
from portal.templatetags.frame import day_in_words, number

COLUMNS = (
    *("trips", "partial_trips", "distance_m", "duration_s", "score_product", "acceleration_product"),
    *("braking_product", "constant_speed_product", "constant_speed_m"),
)
PARTS = ("acceleration", "braking", "constant_speed")


def sums_by_month(days: QuerySet[DrivingDay]) -> dict[Month, Sums]:
    """Every month with trips, the oldest first. One query."""
    by_month = days.annotate(month=TruncMonth("on")).values("month").order_by("month")
    totals: Any = by_month.annotate(**{f"{name}_": Sum(name) for name in COLUMNS})
    return {Month.of(row["month"]): _sums({name: row[f"{name}_"] for name in COLUMNS}) for row in totals}


def sums_by_day(days: QuerySet[DrivingDay]) -> dict[date, Sums]:
    """The oldest first; two times of control in a day are one. One query."""
    found: dict[date, Sums] = defaultdict(Sums)
    for row in days.order_by("on").values("on", *COLUMNS):
        found[row["on"]] += _sums(row)
    return dict(found)


def _sums(row: dict[str, Any]) -> Sums:
    distance_m = row["distance_m"]
    return Sums(
        trips=row["trips"],
        partial_trips=row["partial_trips"],
        distance_m=int(distance_m),
        duration_s=int(row["duration_s"]),
        score=Weighed(distance_m, row["score_product"]),
        acceleration=Weighed(distance_m, row["acceleration_product"]),
        braking=Weighed(distance_m, row["braking_product"]),
        constant_speed=Weighed(row["constant_speed_m"], row["constant_speed_product"]),
    )


@dataclass(frozen=True, kw_only=True)
class Line:
    """A day or a month in a table."""

    sums: Sums
    name: str
    on: date
    month: Month | None = None
    # Of a month: the days that are one's own so far, where it is not the whole.
    part: str = ""

    @property
    def score(self) -> str:
        return _figure(self.sums.score)

    @property
    def acceleration(self) -> str:
        return _figure(self.sums.acceleration)

    @property
    def braking(self) -> str:
        return _figure(self.sums.braking)

    @property
    def constant_speed(self) -> str:
        return _figure(self.sums.constant_speed)

    @property
    def distance(self) -> str:
        return kilometres(self.sums.distance_m)

    @property
    def lasting(self) -> str:
        return lasting(self.sums.duration_s)


@dataclass(frozen=True, kw_only=True)
class MonthPage:
    month: Month
    # In one's own time and until today; the whole month only if `is_whole`.
    days: Days
    sums: Sums
    by_day: list[Line]
    chart: Chart
    parts: list[Fact]
    raised: list[Fact]
    lowered: list[Fact]
    comparison: list[Fact]
    compared_with: str
    months: list[Line]

    @property
    def is_whole(self) -> bool:
        return self.days == self.month.days

    @property
    def name(self) -> str:
        return month_in_words(self.month)

    @property
    def part(self) -> str:
        return "" if self.is_whole else days_in_words(self.days)

    @property
    def score(self) -> int | None:
        return shown(self.sums.score.score)

    @property
    def figures(self) -> list[Fact]:
        return [
            Fact(_("Trips"), number(self.sums.trips)),
            Fact(_("Distance"), kilometres(self.sums.distance_m)),
            Fact(_("At the wheel"), lasting(self.sums.duration_s)),
        ]


@dataclass(frozen=True)
class Kept:
    """How long trips are kept (T1): since when one's own are there, and when the oldest of them go."""

    months: int
    oldest: date
    goes_on: date


def kept(months: dict[Month, Sums], days: QuerySet[DrivingDay]) -> Kept | None:
    """One query where there are trips."""
    oldest = days.order_by("on").values_list("on", flat=True).first() if months else None
    return Kept(KEPT_MONTHS, oldest, goes_on(oldest, months=KEPT_MONTHS)) if oldest else None


def month_page(driving: OwnDriving, month: Month, months: dict[Month, Sums], *, known: Days) -> MonthPage | None:
    """None for a month of which nothing is one's own, or which has not come yet."""
    shown_days = month.days.within(known)
    if shown_days is None:
        return None
    compared = compared_days(month, known)
    found = sums_by_day(days_of(driving.days(), [shown_days, *(compared or ())]))
    of_month = {on: sums for on, sums in found.items() if on in month.days}
    raised, lowered = pulls(of_month)
    whole = summed(of_month.values())
    return MonthPage(
        month=month,
        days=shown_days,
        sums=whole,
        by_day=[Line(sums=sums, name=day_in_words(on), on=on) for on, sums in of_month.items()],
        chart=chart(month, of_month),
        parts=_parts(whole),
        raised=_pulled(raised),
        lowered=_pulled(lowered),
        comparison=_comparison(found, *compared) if compared else [],
        compared_with=_days_or_month(compared[1]) if compared else "",
        months=[_month_line(each, sums, known) for each, sums in reversed(months.items()) if each <= month],
    )


def _parts(whole: Sums) -> list[Fact]:
    """Each part against the whole: what is above raised the score, what is below lowered it (T2)."""
    score = whole.score.score
    facts = []
    for name, title in part_names().items():
        part = getattr(whole, name).score
        if part is None or score is None:
            text = _("no score: too slow for it, as in town")
        elif round(part - score, 1) == 0:
            text = _("%(score)s, as the whole") % {"score": shown(part)}
        else:
            facts_of = {"score": shown(part), "points": points(part - score)}
            text = _("%(score)s, %(points)s than the whole") % facts_of
        facts.append(Fact(title, text))
    return facts


def part_names() -> dict[str, str]:
    return dict(zip(PARTS, (_("Acceleration"), _("Braking"), _("Constant speed")), strict=True))


def _pulled(days: list[Pull]) -> list[Fact]:
    """Those that make a tenth of a point."""
    seen = [one for one in days if round(abs(one.points), 1) > 0]
    return [Fact(day_in_words(one.day), _by(one.points)) for one in seen]


def _by(difference: Decimal) -> str:
    return _("by %(points)s points") % {"points": number(abs(difference), 1)}


def _comparison(found: dict[date, Sums], now: Days, before: Days) -> list[Fact]:
    """Of the same days at most; a score that one of the two has not is left out."""
    here, there = (summed(sums for on, sums in found.items() if on in days) for days in (now, before))
    facts = []
    for name, title in {"score": _("Score"), **part_names()}.items():
        new, old = getattr(here, name).score, getattr(there, name).score
        if new is not None and old is not None:
            is_same = round(new - old, 1) == 0
            said = {"score": shown(old), "change": _("the same") if is_same else points(new - old)}
            facts.append(Fact(title, _("%(change)s (it was %(score)s)") % said))
    if there.trips:
        facts.append(Fact(_("Distance"), _("it was %(distance)s") % {"distance": kilometres(there.distance_m)}))
    return facts


def _days_or_month(days: Days) -> str:
    month = Month.of(days.first)
    return month_in_words(month) if days == month.days else days_in_words(days)


def _month_line(month: Month, sums: Sums, known: Days) -> Line:
    days = month.days.within(known)
    part = days_in_words(days) if days and days != month.days else ""
    return Line(sums=sums, name=month_in_words(month), on=month.first, month=month, part=part)


def _figure(weighed: Weighed) -> str:
    score = shown(weighed.score)
    return "–" if score is None else str(score)
