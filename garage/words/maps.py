"""Words about maps: for the page, and for whoever runs the cars' backend (C6)."""

from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from garage.models.maps import SEASON_NAMES
from garage.rules.maps import Edition, Season, State
from garage.rules.said import Fault, Problem
from portal.templatetags.frame import number

STATES: dict[State, tuple[str, str | Promise]] = {
    State.REQUESTED: ("info", gettext_lazy("Requested")),
    State.SENT: ("info", gettext_lazy("Sent to the car")),
    State.INSTALLED: ("good", gettext_lazy("Installed")),
    State.FAILED: ("bad", gettext_lazy("Could not be installed")),
    State.CALLED_OFF: ("neutral", gettext_lazy("Called off")),
}
NOT_HERE = gettext_lazy("The car is in nobody’s garage.")
OVER = gettext_lazy("The update has come to another end.")
_PROBLEMS: dict[Problem, str | Promise] = {
    Problem.MISSING: gettext_lazy("%(field)s is missing."),
    Problem.WRONG_KIND: gettext_lazy("%(field)s is not of the kind that the description of the API says."),
    Problem.UNKNOWN_CODE: gettext_lazy("%(field)s has a code that is not known."),
    Problem.IN_FUTURE: gettext_lazy("%(field)s lies in the future."),
    Problem.UNKNOWN_VIN: gettext_lazy("No car with this VIN is known."),
    Problem.UNKNOWN_ACCOUNT: gettext_lazy("No account with this id is known."),
    Problem.UNKNOWN_UPDATE: gettext_lazy("No update with this id is known."),
    Problem.UNKNOWN_ORDER: gettext_lazy("Nothing with this id was asked for."),
    Problem.BEFORE_REQUEST: gettext_lazy("%(field)s lies before it was asked for."),
}


def fault_sentence(fault: Fault) -> str:
    return str(_PROBLEMS[fault.problem]) % {"field": fault.field or "report"}


def edition_name(edition: Edition) -> str:
    return _("%(season)s %(year)d") % {"season": SEASON_NAMES[Season(edition.season)], "year": edition.year}


def size_in_words(size_bytes: int) -> str:
    """In gigabytes of a thousand million bytes, as stores of USB sticks count."""
    return _("%(size)s GB") % {"size": number(Decimal(size_bytes) / 1_000_000_000, 1)}
