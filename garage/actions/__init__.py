"""What can be done in a garage. Locks are taken in this order: account, vehicle, membership, access check."""

from garage.actions.add import add_vehicle, add_vehicle_by_plate
from garage.actions.arrange import refer_to_vehicle, rename_vehicle, select_vehicle
from garage.actions.leave import end_membership
from garage.actions.prove import prove_access

__all__ = [
    "add_vehicle",
    "add_vehicle_by_plate",
    "end_membership",
    "prove_access",
    "refer_to_vehicle",
    "rename_vehicle",
    "select_vehicle",
]
