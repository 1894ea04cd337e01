"""What the vehicle backend is told of each report that is not kept: a code that never changes, and a sentence."""

from django.utils.translation import gettext_lazy as _

from garage.rules.trips import LeftOut, Problem

LEFT_OUT = {
    LeftOut.TOO_OLD: _("Trips of this age are not kept any more."),
    LeftOut.NOBODY: _("No account had control of this car when the trip began."),
    LeftOut.NO_CONSENT: _("The account has not agreed to driving analytics, or had not when the trip began."),
    LeftOut.NOT_ACTIVATED: _("Driving analytics did not run for this car when the trip began."),
    LeftOut.TOO_SHORT: _("Shorter than 50 metres and 10 seconds: not kept."),
    LeftOut.PRIVACY_MODE: _("Privacy Mode was on when the trip ended: not kept."),
}
PROBLEMS = {
    Problem.NOT_AN_OBJECT: _("A trip must be an object."),
    Problem.MISSING: _("It is missing."),
    Problem.NOT_AN_ID: _("It must be a UUID."),
    Problem.NOT_A_VIN: _("It must be a VIN: 17 capital letters and digits, without I, O and Q."),
    Problem.NOT_A_MOMENT: _("It must be a moment of ISO 8601 with its offset, as 2026-06-10T09:00:00+03:00."),
    Problem.NOT_A_NUMBER: _("It must be a number; metres and seconds are whole numbers."),
    Problem.OUT_OF_RANGE: _("It is out of range. Scores go from 0 to 100, with two decimals at most."),
    Problem.UNKNOWN_CHOICE: _("It must be off, part or at_end."),
    Problem.ENDS_BEFORE_START: _("It ends before it began."),
    Problem.IN_THE_FUTURE: _("It ends in the future."),
    Problem.TOO_LONG: _("No trip takes longer than 48 hours."),
    Problem.LONGER_THAN_IT_TOOK: _("It is longer than the time from start to end."),
}
