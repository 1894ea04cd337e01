"""The port to the brand's vehicle registry: what the portal asks of it, whichever system answers."""

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

    def by_plate(self, plate: str, *, market_code: str) -> RegistryCar | None:
        """The one car of that registration plate (already cleaned) in that market, or None."""

    def odometer(self, vin: str) -> OdometerReading | None:
        """The last known reading, or None where the car has never sent one."""

    def report_odometer(self, vin: str, reading: OdometerReading) -> None:
        """A dealer has read the odometer: the registry takes it for the last known one if it is newer and not lower."""
