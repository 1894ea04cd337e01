from garage.models.control import ControlPeriod, ControlTransfer
from garage.models.driver import DriverAccess
from garage.models.membership import Membership
from garage.models.registry import RegistryEntry
from garage.models.vehicle import Vehicle
from garage.models.verification import AccessCheck

__all__ = [
    "AccessCheck",
    "ControlPeriod",
    "ControlTransfer",
    "DriverAccess",
    "Membership",
    "RegistryEntry",
    "Vehicle",
]
