from garage.models.control import ControlPeriod, ControlTransfer
from garage.models.driver import DriverAccess
from garage.models.membership import Membership
from garage.models.order import OrderedVehicle, OrderStage
from garage.models.pairing import PairingCode
from garage.models.registry import RegistryEntry
from garage.models.sale import Sale, TransferCode
from garage.models.vehicle import Vehicle
from garage.models.verification import AccessCheck, AccessTry, AccessUnblocking

__all__ = [
    "AccessCheck",
    "AccessTry",
    "AccessUnblocking",
    "ControlPeriod",
    "ControlTransfer",
    "DriverAccess",
    "Membership",
    "OrderStage",
    "OrderedVehicle",
    "PairingCode",
    "RegistryEntry",
    "Sale",
    "TransferCode",
    "Vehicle",
]
