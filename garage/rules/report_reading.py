"""Reading a report as a car's backend sends it: what must be there, and of which kind each value is (G10).

What is not known is passed over and kept nowhere, a position above all.
"""

from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from garage.rules import vin as vin_rules
from garage.rules.reports import CODES, LIMITS, VALUES, AlertReport, Fault, PrivacyReport, Problem, Report, StateReport
from garage.rules.said import moment, text, truth

STATE, ALERT, PRIVACY = "state", "alert", "privacy_mode"
KINDS = (STATE, ALERT, PRIVACY)
_HUNDREDTH = Decimal("0.01")


class Unreadable(Exception):
    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault.problem))
        self.fault = fault


def read(said: Any) -> Report:
    """Raises `Unreadable` with the first fault. What the values may be is `reports.fault_of`'s to say."""
    if not isinstance(said, Mapping):
        raise Unreadable(Fault(problem=Problem.WRONG_KIND))
    common: dict[str, Any] = {
        "id": _needed(said, "id", text),
        "vin": vin_rules.clean(_needed(said, "vin", text)),
        "at": _needed(said, "at", moment),
    }
    match _needed(said, "kind", text):
        case "state":
            contact = _given(said, "last_contact_at", moment)
            return StateReport(values=_values(_needed(said, "values", _mapping)), last_contact_at=contact, **common)
        case "alert":
            details = tuple(_given(said, "details", _codes) or ())
            return AlertReport(alert=_needed(said, "alert", text), details=details, **common)
        case "privacy_mode":
            is_on, source = _needed(said, "is_on", truth), _needed(said, "source", text)
            return PrivacyReport(is_on=is_on, source=source, **common)
    raise Unreadable(Fault(problem=Problem.UNKNOWN_CODE, field="kind"))


def _values(said: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name in VALUES if (value := _given(said, name, _reader(name))) is not None}


def _reader(name: str) -> Callable[[Any], Any]:
    if name in CODES:
        return _codes
    if name not in LIMITS:
        return truth
    return _decimal if isinstance(LIMITS[name][0], Decimal) else _whole


def _needed(said: Mapping[str, Any], name: str, reader: Callable[[Any], Any]) -> Any:
    value = _given(said, name, reader)
    if value is None:
        raise Unreadable(Fault(problem=Problem.MISSING, field=name))
    return value


def _given(said: Mapping[str, Any], name: str, reader: Callable[[Any], Any]) -> Any:
    value = said.get(name)
    if value is None:
        return None
    try:
        return reader(value)
    except (TypeError, ValueError, InvalidOperation) as error:
        raise Unreadable(Fault(problem=Problem.WRONG_KIND, field=name)) from error


def _mapping(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise TypeError(value)
    return value


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(value)
    return value


def _decimal(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise TypeError(value)
    number = Decimal(str(value)).quantize(_HUNDREDTH, rounding=ROUND_HALF_UP)
    if not number.is_finite():
        # "NaN" is a number to `Decimal`, and cannot be held against a limit.
        raise ValueError(value)
    return number


def _codes(value: Any) -> list[str]:
    if not isinstance(value, list):
        raise TypeError(value)
    return [text(each) for each in value]
