"""A car's last state as pages show it: figures with their units, each with its time, and what needs a look (G10)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from garage.last_state import LastState
from garage.rules import reports as rules
from garage.rules.warning_lights import Advice, advice_of, gravest_first
from garage.words.alerts import CORNERS, LAMPS
from garage.words.warnings import ADVICE, ADVICE_SHORT, light_meaning, light_name
from portal.templatetags.frame import number, percentage

Words = str | Promise

TONES = {Advice.STOP: "bad", Advice.CARE: "warn", Advice.DRIVE_ON: "info"}
KPA_IN_A_BAR = 100


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One of the great figures: what it is, how much, in which unit, and what goes with it."""

    label: str
    value: str
    unit: str
    text: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Line:
    """One row of the table; `is_open` for what is not as one leaves a car."""

    label: Words
    value: str
    at: datetime
    is_open: bool = False


@dataclass(frozen=True, kw_only=True)
class Light:
    name: Words
    meaning: Words
    advice: Words
    advice_short: Words
    tone: str


@dataclass(frozen=True, kw_only=True)
class StatePortrait:
    at: datetime
    last_contact_at: datetime
    is_old: bool
    figures: list[Figure]
    lines: list[Line]
    lights: list[Light]
    # When the car last said which lights are on; None if it never has.
    lights_at: datetime | None

    @property
    def open_lines(self) -> list[Line]:
        return [line for line in self.lines if line.is_open]


def state_portrait(state: LastState, *, now: datetime) -> StatePortrait:
    return StatePortrait(
        at=state.at,
        last_contact_at=state.last_contact_at,
        is_old=rules.is_old(state.at, now=now),
        figures=list(_figures(state)),
        lines=list(_lines(state)),
        lights=lights_of(state.values.get("warning_lights") or []),
        lights_at=state.moments.get("warning_lights"),
    )


def lights_of(codes: list[str]) -> list[Light]:
    """The gravest first."""
    return [
        Light(
            name=light_name(code),
            meaning=light_meaning(code),
            advice=ADVICE[advice_of(code)],
            advice_short=ADVICE_SHORT[advice_of(code)],
            tone=TONES[advice_of(code)],
        )
        for code in gravest_first(codes)
    ]


def _figures(state: LastState) -> Iterator[Figure]:
    values, moments = state.values, state.moments
    if state.has("odometer"):
        km = number(values["odometer_km"])
        yield Figure(label=_("Odometer"), value=km, unit=_("km"), text="", at=moments["odometer"])
    levels = (("fuel", _("Fuel"), _("Range on fuel")), ("charge", _("Charge"), _("Range on charge")))
    for group, label, label_of_range in levels:
        if state.has(group):
            percent, km_left = values[f"{group}_percent"], values[f"{group}_range_km"]
            yield _level(label, label_of_range, percent=percent, km_left=km_left, at=moments[group])


def _level(label: str, label_of_range: str, *, percent: int | None, km_left: int | None, at: datetime) -> Figure:
    """The level with its range; the range alone where the car sends no level."""
    if percent is None:
        return Figure(label=label_of_range, value=number(km_left or 0), unit=_("km"), text="", at=at)
    text = _("Enough for about %(km)s km") % {"km": number(km_left)} if km_left is not None else ""
    return Figure(label=label, value=percentage(percent), unit="", text=text, at=at)


# What a yes or no says: its label, and the words for open and for closed.
_FLAPS: dict[str, tuple[Words, Words, Words]] = {
    "boot": (gettext_lazy("Boot"), pgettext_lazy("boot", "Open"), pgettext_lazy("boot", "Closed")),
    "hood": (gettext_lazy("Bonnet"), pgettext_lazy("bonnet", "Open"), pgettext_lazy("bonnet", "Closed")),
    "sunroof": (gettext_lazy("Sunroof"), pgettext_lazy("sunroof", "Open"), pgettext_lazy("sunroof", "Closed")),
}


def _lines(state: LastState) -> Iterator[Line]:
    values = state.values
    if state.has("doors"):
        yield from _doors(values, at=state.moments["doors"])
    if state.has("windows"):
        yield _corners(
            _("Windows"),
            values["windows_open"],
            none=pgettext("windows", "Closed"),
            some=pgettext("windows", "Open"),
            at=state.moments["windows"],
        )
    for group, (label, is_open, is_closed) in _FLAPS.items():
        if state.has(group):
            flag = values[f"is_{group}_open"]
            yield Line(label=label, value=str(is_open if flag else is_closed), at=state.moments[group], is_open=flag)
    if state.has("lights"):
        on = ", ".join(str(LAMPS[code]) for code in values["lights_on"])
        yield Line(
            label=_("Lights"),
            value=capfirst(on) or pgettext("lights", "Off"),
            at=state.moments["lights"],
            is_open=bool(on),
        )
    if state.has("tyres"):
        yield from _tyres(values, at=state.moments["tyres"])
    if state.has("battery"):
        volts = f"{number(values['battery_volts'], 1)} V"
        yield Line(label=_("12-volt battery"), value=volts, at=state.moments["battery"])


def _doors(values: dict[str, Any], *, at: datetime) -> Iterator[Line]:
    if values["doors_open"] is not None:
        yield _corners(
            _("Doors"), values["doors_open"], none=pgettext("doors", "Closed"), some=pgettext("doors", "Open"), at=at
        )
    if values["doors_unlocked"] is not None:
        yield _corners(
            _("Locks"),
            values["doors_unlocked"],
            none=pgettext("doors", "Locked"),
            some=pgettext("doors", "Not locked"),
            at=at,
        )


def _corners(label: str, codes: list[str], *, none: str, some: str, at: datetime) -> Line:
    if not codes:
        return Line(label=label, value=none, at=at)
    where = ", ".join(str(CORNERS[code]) for code in rules.CORNERS if code in codes)
    return Line(label=label, value=f"{some}: {where}", at=at, is_open=True)


def _tyres(values: dict[str, Any], *, at: datetime) -> Iterator[Line]:
    for corner in rules.CORNERS:
        kpa = values[f"tyre_{corner}_kpa"]
        if kpa is not None:
            bar = number(Decimal(kpa) / KPA_IN_A_BAR, 1)
            label = _("Tyre, %(where)s") % {"where": CORNERS[corner]}
            yield Line(label=label, value=f"{bar} bar", at=at)
