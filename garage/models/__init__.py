from garage.models.membership import Membership
from garage.models.registry import RegistryEntry
from garage.models.vehicle import Vehicle
from garage.models.verification import AccessCheck

__all__ = ["AccessCheck", "Membership", "RegistryEntry", "Vehicle"]
