"""Trips in words: the name that a powertrain gives them, lengths, times and points (T3)."""

from decimal import Decimal

from babel.dates import format_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from garage.models import Vehicle
from garage.models.vehicle import Powertrain
from garage.rules.driving import Days, Month
from portal.templatetags.frame import babel_locale, day_in_words, number


def service_name(vehicle: Vehicle) -> str:
    """T3: hybrids and battery electric cars have a coach, all others the plain analytics."""
    match vehicle.powertrain:
        case Powertrain.HYBRID | Powertrain.PLUG_IN:
            return _("Hybrid Coaching")
        case Powertrain.ELECTRIC:
            return _("EV Coaching")
    return _("Driving Analytics")


def indicative() -> str:
    return _("These figures are indicative: they tell magnitudes, not exact values.")


def month_in_words(month: Month) -> str:
    return str(format_date(month.first, "LLLL y", locale=babel_locale()))


def days_in_words(days: Days) -> str:
    if days.first == days.last:
        return day_in_words(days.first)
    return _("%(first)s to %(last)s") % {"first": day_in_words(days.first), "last": day_in_words(days.last)}


def kilometres(metres: int) -> str:
    """With one decimal below a hundred."""
    km = Decimal(metres) / 1000
    return _("%(km)s km") % {"km": number(km, 1 if km < 100 else 0)}


def lasting(seconds: int) -> str:
    minutes = round(seconds / 60)
    if minutes < 60:
        return _("%(minutes)d min") % {"minutes": minutes}
    return _("%(hours)d h %(minutes)d min") % {"hours": minutes // 60, "minutes": minutes % 60}


def trips_in_words(count: int) -> str:
    return ngettext("%(count)s trip", "%(count)s trips", count) % {"count": number(count)}


def points(difference: Decimal) -> str:
    """To a tenth, with its sign in words: what a screen reader leaves out."""
    size = number(abs(difference), 1)
    return (
        _("%(points)s points higher") % {"points": size}
        if difference > 0
        else _("%(points)s points lower") % {"points": size}
    )
