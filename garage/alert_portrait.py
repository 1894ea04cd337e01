"""What a car told after its trips, as its page lists it (G10)."""

from dataclasses import dataclass
from datetime import datetime

from garage.models import VehicleAlert
from garage.rules.reports import Alert
from garage.state_portrait import Light, lights_of
from garage.words.alerts import TITLES, alert_text, corner_names


@dataclass(frozen=True, kw_only=True)
class AlertPortrait:
    at: datetime
    title: str
    text: str
    tone: str
    lights: list[Light]


def alert_portrait(alert: VehicleAlert) -> AlertPortrait:
    what = Alert(alert.alert)
    lights = lights_of(alert.details) if what == Alert.WARNING_LIGHT else []
    where = "" if lights or not alert.details else corner_names(",".join(alert.details))
    title = str(TITLES[what])
    return AlertPortrait(
        at=alert.at,
        title=f"{title}: {where}" if where else title,
        text=alert_text(what),
        # The gravest stands first.
        tone=lights[0].tone if lights else "warn",
        lights=lights,
    )
