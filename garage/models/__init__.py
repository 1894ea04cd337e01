from garage.models.control import ControlPeriod, ControlTransfer
from garage.models.driver import DriverAccess
from garage.models.grant import DataAccess, DataGrant, ThirdParty
from garage.models.membership import Membership
from garage.models.order import OrderedVehicle, OrderStage
from garage.models.pairing import PairingCode
from garage.models.profile import MultimediaProfile
from garage.models.registry import RegistryEntry
from garage.models.state import VehicleAlert, VehiclePrivacy, VehicleReport, VehicleState
from garage.models.vehicle import Vehicle
from garage.models.verification import AccessCheck, AccessTry, AccessUnblocking

__all__ = [
    "AccessCheck",
    "AccessTry",
    "AccessUnblocking",
    "ControlPeriod",
    "ControlTransfer",
    "DataAccess",
    "DataGrant",
    "DriverAccess",
    "Membership",
    "MultimediaProfile",
    "OrderStage",
    "OrderedVehicle",
    "PairingCode",
    "RegistryEntry",
    "ThirdParty",
    "Vehicle",
    "VehicleAlert",
    "VehiclePrivacy",
    "VehicleReport",
    "VehicleState",
]
