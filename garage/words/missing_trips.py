"""The causes of a missing or wrong trip in words (T4): what it is, and what to know of it."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from garage.rules.missing_trips import Cause

WORDS: dict[Cause, tuple[str | Promise, str | Promise]] = {
    Cause.NOT_YOURS: (
        _("The car was not in your control"),
        _("Trips belong to whoever has control of the car’s services when they begin."),
    ),
    Cause.TOO_OLD: (_("The day is too long ago"), _("Trips are deleted when their time is over.")),
    Cause.NOT_ACTIVATED: (
        _("Driving analytics was not activated"),
        _("Trips are kept while the service runs for this car."),
    ),
    Cause.NO_CONSENT: (
        _("You had not agreed to driving analytics"),
        _("Trips are kept if you agree when they begin and still do when they reach us."),
    ),
    Cause.NOT_LINKED: (
        _("Your profile was not linked with the car"),
        _("Look on the car’s screen whether you are signed in with your profile."),
    ),
    Cause.PRIVACY_AT_END: (
        _("A trip ended in Privacy Mode"),
        _("Such a trip is not kept. Privacy Mode is switched in the app or in the car."),
    ),
    Cause.NONE_YET: (
        _("There has been no trip yet"),
        _("Your first trip shows a few hours after it has ended."),
    ),
    Cause.TOO_SHORT: (_("A trip was very short"), _("Trips under 50 metres and 10 seconds are not kept.")),
    Cause.DELAY: (
        _("It is still on its way"),
        _("A trip can take some hours to reach us, longer where the car has no reception."),
    ),
    Cause.NO_GPS: (
        _("The car had no GPS signal"),
        _("Underground, for instance. The trip may come later, or show less than you drove."),
    ),
    Cause.MAINTENANCE: (_("Systems were being worked on"), _("A trip can be late or lost by that.")),
    Cause.PRIVACY_PART: (
        _("Privacy Mode was on for a part of a trip"),
        _("The trip is kept and marked as incomplete: distance and scores may be off."),
    ),
    Cause.NO_CONSTANT_SPEED: (
        _("A trip has no score for constant speed"),
        _("In town one is often too slow for it. The trip’s score is the mean of the other two."),
    ),
}
