"""What a car tells after a trip, in words (G10)."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from garage.rules.reports import Alert

TITLES: dict[Alert, str | Promise] = {
    Alert.WINDOW_OPEN: gettext_lazy("A window is open"),
    Alert.DOOR_OPEN: gettext_lazy("A door is open"),
    Alert.DOOR_UNLOCKED: gettext_lazy("A door is not locked"),
    Alert.BOOT_OPEN: gettext_lazy("The boot is open"),
    Alert.HOOD_OPEN: gettext_lazy("The bonnet is open"),
    Alert.SUNROOF_OPEN: gettext_lazy("The sunroof is open"),
    Alert.HAZARD_LIGHTS_ON: gettext_lazy("The hazard lights are on"),
    Alert.HEADLIGHTS_ON: gettext_lazy("The headlights are on"),
    Alert.WARNING_LIGHT: gettext_lazy("A warning light is on"),
    Alert.REAR_SEAT: gettext_lazy("Look at the rear seat"),
}
CORNERS: dict[str, str | Promise] = {
    "front_left": gettext_lazy("front left"),
    "front_right": gettext_lazy("front right"),
    "rear_left": gettext_lazy("rear left"),
    "rear_right": gettext_lazy("rear right"),
}
LAMPS: dict[str, str | Promise] = {
    "parking_lights": gettext_lazy("parking lights"),
    "headlights": gettext_lazy("headlights"),
    "high_beam": gettext_lazy("high beam"),
    "fog_lights": gettext_lazy("fog lights"),
    "hazard_lights": gettext_lazy("hazard lights"),
    "interior_lights": gettext_lazy("interior lights"),
}


def alert_title(code: str) -> str:
    return str(TITLES[Alert(code)])


def corner_names(codes: str) -> str:
    """Of codes separated by commas, as a notice keeps them."""
    return ", ".join(str(CORNERS[code]) for code in codes.split(","))


def alert_text(alert: Alert) -> str:
    """What to do about it, in one sentence."""
    if alert == Alert.REAR_SEAT:
        return _("A rear door was opened before the trip and not after it: somebody or something may be left behind.")
    if alert in (Alert.HAZARD_LIGHTS_ON, Alert.HEADLIGHTS_ON):
        return _("Left on, they empty the battery.")
    return ""
