"""Warning lights: whether to drive on (G10). What each means stands in `garage/words/warnings.py`."""

from collections.abc import Iterable
from enum import StrEnum


class Advice(StrEnum):
    STOP = "stop"
    # Drive gently and no further than needed, to the dealer.
    CARE = "care"
    DRIVE_ON = "drive_on"


ADVICE: dict[str, Advice] = {
    "oil_pressure": Advice.STOP,
    "coolant_temperature": Advice.STOP,
    "brake_system": Advice.STOP,
    "charging_system": Advice.STOP,
    "high_voltage_system": Advice.STOP,
    "transmission_temperature": Advice.STOP,
    "engine": Advice.CARE,
    "abs": Advice.CARE,
    "airbag": Advice.CARE,
    "power_steering": Advice.CARE,
    "stability_control": Advice.CARE,
    "tyre_pressure": Advice.CARE,
    "brake_pads": Advice.CARE,
    "pre_collision": Advice.CARE,
    "driver_assistance": Advice.CARE,
    "particulate_filter": Advice.CARE,
    "exterior_lamp": Advice.CARE,
    "low_fuel": Advice.DRIVE_ON,
    "low_charge": Advice.DRIVE_ON,
    "washer_fluid": Advice.DRIVE_ON,
    "service_due": Advice.DRIVE_ON,
    "key_battery": Advice.DRIVE_ON,
}
_GRAVEST_FIRST = (Advice.STOP, Advice.CARE, Advice.DRIVE_ON)


def advice_of(light: str) -> Advice:
    """G10: of a light that nobody here has heard of: with care, since it may be a grave one."""
    return ADVICE.get(light, Advice.CARE)


def gravest_first(lights: Iterable[str]) -> list[str]:
    return sorted(lights, key=lambda light: (_GRAVEST_FIRST.index(advice_of(light)), light))
