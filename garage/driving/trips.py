"""Trips as the list and their own pages show them (T1 to T3)."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from garage.driving.month import part_names
from garage.models import Trip
from garage.portrait import Fact
from garage.rules.driving import Sums
from garage.rules.scoring import pull, shown, weighed
from garage.words.driving import kilometres, lasting, points
from portal.templatetags.frame import number


@dataclass(frozen=True)
class TripLine:
    trip: Trip

    @property
    def score(self) -> int | None:
        return shown(self.trip.score)

    @property
    def distance(self) -> str:
        return kilometres(self.trip.distance_m)

    @property
    def lasting(self) -> str:
        return lasting(self.trip.duration_s)

    @property
    def parts(self) -> list[Fact]:
        missing = _("no score: too slow for it, as in town")
        values = {name: getattr(self.trip, name) for name in part_names()}
        return [
            Fact(title, missing if values[name] is None else _("%(score)s of 100") % {"score": _exact(values[name])})
            for name, title in part_names().items()
        ]

    @property
    def figures(self) -> list[Fact]:
        facts = [Fact(_("Distance"), self.distance), Fact(_("At the wheel"), self.lasting)]
        if self.trip.duration_s:
            km_an_hour = Decimal(self.trip.distance_m) * Decimal("3.6") / self.trip.duration_s
            facts.append(Fact(_("On average"), _("%(km)s km/h") % {"km": number(km_an_hour)}))
        return facts

    @property
    def where_the_score_is_from(self) -> str:
        """T2: what was sent is shown as sent."""
        if self.trip.sent_score is not None:
            return _("As your car’s system sent it.")
        if self.trip.constant_speed is None:
            return _("The mean of its two scores: the one for constant speed is missing.")
        return _("The mean of its three scores.")


def effect_on_month(trip: Trip, month: Sums) -> str:
    """What the month's score were without the trip; empty where it is the same to a tenth, or there were none."""
    by = pull(weighed(trip.distance_m, trip.score), month.score)
    if by is None or round(by, 1) == 0:
        return ""
    return _("With it, the score of the month is %(points)s than without it.") % {"points": points(by)}


def _exact(score: Decimal) -> str:
    return number(score, 0 if score == score.to_integral_value() else 2)
