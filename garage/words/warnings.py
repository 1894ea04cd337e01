"""Warning lights in words: what each is called, what it means, and whether to drive on (G10)."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from garage.rules.warning_lights import Advice

Words = str | Promise

# A light of `garage.rules.warning_lights.ADVICE`: its name and its meaning.
LIGHTS: dict[str, tuple[Words, Words]] = {
    "oil_pressure": (_("Oil pressure"), _("The engine gets too little oil. Running on, it is damaged within minutes.")),
    "coolant_temperature": (
        _("Coolant too hot"),
        _("The engine overheats. Let it cool down before anybody opens the bonnet."),
    ),
    "brake_system": (
        _("Brake system"),
        _("The parking brake is on, brake fluid is low, or the brakes have a fault. The way to a stop may be longer."),
    ),
    "charging_system": (
        _("12-volt battery not charging"),
        _("The car runs on what its battery has left. When that is gone, the car stops."),
    ),
    "high_voltage_system": (
        _("Hybrid or electric system"),
        _("The drive has a fault and may switch itself off. Do not touch orange cables."),
    ),
    "transmission_temperature": (
        _("Transmission too hot"),
        _("The gearbox overheats, mostly with a trailer or on long climbs. Let it cool down with the engine idling."),
    ),
    "engine": (
        _("Engine"),
        _("The engine’s electronics have found a fault, often of the exhaust. If it flashes, slow down at once."),
    ),
    "abs": (_("ABS"), _("The brakes work, but the wheels may lock when you brake hard.")),
    "airbag": (_("Airbags"), _("Airbags or belt tensioners may not work in an accident.")),
    "power_steering": (_("Power steering"), _("Steering may need much more strength than you are used to.")),
    "stability_control": (
        _("Stability control"),
        _("The car does not help you on a slippery road. If the light only flashes, it is helping just now."),
    ),
    "tyre_pressure": (
        _("Tyre pressure"),
        _("A tyre has lost air. Measure them all cold, the spare too, and pump them up to what the door frame says."),
    ),
    "brake_pads": (_("Brake pads"), _("The pads are worn down and have to be changed.")),
    "pre_collision": (
        _("Collision warning"),
        _("The car will not warn or brake by itself. A dirty sensor or a low sun can be the cause."),
    ),
    "driver_assistance": (
        _("Driver assistance"),
        _("Lane keeping, cruise control or blind spot warning is off. Steer and brake without counting on it."),
    ),
    "particulate_filter": (
        _("Particulate filter"),
        _("The filter in the exhaust is full. A steady drive of twenty minutes often clears it."),
    ),
    "exterior_lamp": (_("A lamp outside"), _("A lamp outside does not light up: others may not see you.")),
    "low_fuel": (_("Little fuel"), _("Fill up soon.")),
    "low_charge": (_("Little charge"), _("Charge the drive battery soon.")),
    "washer_fluid": (_("Washer fluid"), _("Fill up the washer fluid, so that you can clean the windscreen.")),
    "service_due": (_("Service due"), _("It is time for the next service.")),
    "key_battery": (_("Battery of the key"), _("The key’s battery is nearly empty. Have it changed.")),
}
_UNKNOWN_MEANING = _("There are no words for this light here. Look its symbol up in the owner’s manual.")

ADVICE: dict[Advice, Words] = {
    Advice.STOP: _("Do not drive on. Stop where it is safe, switch off, and call for help."),
    Advice.CARE: _("Drive on with care, gently and no further than you must. Have it looked at soon."),
    Advice.DRIVE_ON: _("You can drive on."),
}
# In a badge.
ADVICE_SHORT: dict[Advice, Words] = {
    Advice.STOP: _("Do not drive on"),
    Advice.CARE: _("Drive with care"),
    Advice.DRIVE_ON: _("You can drive on"),
}


def light_name(light: str) -> Words:
    """A light that has no words yet shows its code."""
    return LIGHTS[light][0] if light in LIGHTS else light.replace("_", " ").capitalize()


def light_meaning(light: str) -> Words:
    return LIGHTS[light][1] if light in LIGHTS else _UNKNOWN_MEANING


def advice_sentence(advice: str) -> Words:
    return ADVICE[Advice(advice)]
