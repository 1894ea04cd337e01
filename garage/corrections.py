"""What stands over the registry's word on a car: each import and look-up respects it (K3)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from garage.models import FactCorrection, Vehicle
from garage.models.correction import DATES
from garage.registry.port import RegistryCar


def corrected(car: RegistryCar) -> RegistryCar:
    """As the registry has it, but for what staff have corrected. One query."""
    standing = FactCorrection.objects.filter(vehicle__vin=car.vin, replaced_at__isnull=True)
    changes = {fact: as_fact(fact, value) for fact, value in standing.values_list("fact", "value")}
    return replace(car, **changes) if changes else car


def as_fact(fact: str, value: str) -> Any:
    if fact in DATES:
        return date.fromisoformat(value) if value else None
    return value


def as_text(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else value or ""


def differing(vehicle: Vehicle, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the facts that the car does not have yet."""
    return {name: value for name, value in facts.items() if as_text(getattr(vehicle, name)) != as_text(value)}
