"""Outbox handler `registry_reading`: the brand's registry learns what a dealer read (law 4)."""

from datetime import datetime

from garage.registry import get_registry
from garage.rules.verification import OdometerReading


def report_reading(*, vin: str, km: int, taken_at: str) -> None:
    """Twice is as once: a reading that is not newer changes nothing."""
    reading = OdometerReading(km=km, taken_at=datetime.fromisoformat(taken_at))
    get_registry().take_readings({vin: reading}, are_typed=True)
