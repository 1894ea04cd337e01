"""The port to the brand's vehicle registry: what the portal asks of it, whichever system answers."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from garage.rules.verification import OdometerReading


@dataclass(frozen=True, kw_only=True)
class RegistryCar:
    """What the registry knows of a car; the names are those of `VehicleFacts`."""

    vin: str
    plate: str
    model: str
    body: str
    colour: str
    colour_hex: str
    powertrain: str
    multimedia: str
    market_code: str
    warranty_start: date | None
    purchased_on: date | None
    first_registered_on: date | None
    capabilities: tuple[str, ...]


class Registry(Protocol):
    def by_vin(self, vin: str) -> RegistryCar | None:
        """The car of that VIN (already cleaned), or None."""

    def by_vins(self, vins: Collection[str]) -> list[RegistryCar]:
        """The cars of those VINs (already cleaned) that it knows, in no order."""

    def by_plate(self, plate: str, *, market_code: str) -> RegistryCar | None:
        """The one car of that registration plate (already cleaned) in that market, or None."""

    def odometer(self, vin: str) -> OdometerReading | None:
        """The last known reading, or None where the car has never sent one."""

    def known(self, vins: Collection[str]) -> set[str]:
        """Those of these VINs (already cleaned) that it has a car for."""

    def take_readings(self, readings: Mapping[str, OdometerReading], *, are_typed: bool = False) -> None:
        """What cars reported, or a dealer typed, by VIN: each becomes the last known reading if it `supersedes` that.

        The same again changes nothing.
        """
