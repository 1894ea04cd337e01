"""The local registry: the portal's own table, filled by `manage.py import_vehicles`."""

from collections.abc import Collection, Mapping
from dataclasses import fields

from django.db import transaction

from garage.models import RegistryEntry
from garage.registry.port import RegistryCar
from garage.rules.verification import OdometerReading, supersedes
from portal.batches import save_all

FACTS = tuple(field.name for field in fields(RegistryCar))


class LocalRegistry:
    def by_vin(self, vin: str) -> RegistryCar | None:
        return _car(RegistryEntry.objects.filter(vin=vin).first())

    def by_vins(self, vins: Collection[str]) -> list[RegistryCar]:
        return [car for entry in RegistryEntry.objects.filter(vin__in=vins) if (car := _car(entry))]

    def by_plate(self, plate: str, *, market_code: str) -> RegistryCar | None:
        entries = list(RegistryEntry.objects.filter(plate=plate, market_code=market_code)[:2]) if plate else []
        # A plate that two cars carry (one handed on, not yet reported) names neither.
        return _car(entries[0]) if len(entries) == 1 else None

    def odometer(self, vin: str) -> OdometerReading | None:
        return _reading(RegistryEntry.objects.filter(vin=vin).first())

    def known(self, vins: Collection[str]) -> set[str]:
        return set(RegistryEntry.objects.filter(vin__in=vins).values_list("vin", flat=True))

    @transaction.atomic
    def take_readings(self, readings: Mapping[str, OdometerReading], *, are_typed: bool = False) -> None:
        entries = RegistryEntry.objects.select_for_update(no_key=True).filter(vin__in=readings.keys()).order_by("pk")
        later = [
            entry for entry in entries if supersedes(readings[entry.vin], known=_reading(entry), is_typed=are_typed)
        ]
        for entry in later:
            entry.odometer_km, entry.odometer_at = readings[entry.vin].km, readings[entry.vin].taken_at
        save_all(later, ["odometer_km", "odometer_at"])


def _reading(entry: RegistryEntry | None) -> OdometerReading | None:
    if entry is None or entry.odometer_km is None or entry.odometer_at is None:
        return None
    return OdometerReading(km=entry.odometer_km, taken_at=entry.odometer_at)


def _car(entry: RegistryEntry | None) -> RegistryCar | None:
    if entry is None:
        return None
    facts = {name: getattr(entry, name) for name in FACTS}
    return RegistryCar(**facts | {"capabilities": tuple(entry.capabilities)})
