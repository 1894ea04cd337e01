from garage.models.booking import Booking
from garage.models.control import ControlPeriod, ControlTransfer
from garage.models.correction import FactCorrection
from garage.models.dealer import DealerAccess, DealerCode, TradeIn
from garage.models.dealer_system import DealerSystem
from garage.models.driver import DriverAccess
from garage.models.grant import DataAccess, DataGrant, ThirdParty
from garage.models.manual import Manual, ManualEdition
from garage.models.maps import MapRelease, MapUpdate, VehicleMap
from garage.models.membership import Membership
from garage.models.order import OrderedVehicle, OrderStage
from garage.models.pairing import PairingCode
from garage.models.profile import MultimediaProfile
from garage.models.registry import RegistryEntry
from garage.models.sale import Sale, TransferCode
from garage.models.service import MaintenanceItem, MaintenancePlan, Recall, RecallDone, ServiceRecord
from garage.models.state import VehicleAlert, VehiclePrivacy, VehicleReport, VehicleState
from garage.models.trip import DrivingDay, LeftOutDay, Trip
from garage.models.vehicle import Vehicle
from garage.models.verification import AccessCheck, AccessTry, AccessUnblocking
from garage.models.workshop import (
    Bay,
    ClosedDay,
    OfferedWork,
    StaffInvitation,
    Workshop,
    WorkshopOpening,
    WorkshopStaff,
)

__all__ = [
    "AccessCheck",
    "AccessTry",
    "AccessUnblocking",
    "Bay",
    "Booking",
    "ClosedDay",
    "ControlPeriod",
    "ControlTransfer",
    "DataAccess",
    "DataGrant",
    "DealerAccess",
    "DealerCode",
    "DealerSystem",
    "DriverAccess",
    "DrivingDay",
    "FactCorrection",
    "LeftOutDay",
    "MaintenanceItem",
    "MaintenancePlan",
    "Manual",
    "ManualEdition",
    "MapRelease",
    "MapUpdate",
    "Membership",
    "MultimediaProfile",
    "OfferedWork",
    "OrderStage",
    "OrderedVehicle",
    "PairingCode",
    "Recall",
    "RecallDone",
    "RegistryEntry",
    "Sale",
    "ServiceRecord",
    "StaffInvitation",
    "ThirdParty",
    "TradeIn",
    "TransferCode",
    "Trip",
    "Vehicle",
    "VehicleAlert",
    "VehicleMap",
    "VehiclePrivacy",
    "VehicleReport",
    "VehicleState",
    "Workshop",
    "WorkshopOpening",
    "WorkshopStaff",
]
