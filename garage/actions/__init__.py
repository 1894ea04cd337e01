"""What can be done in a garage. Locks in this order: accounts by number, vehicle, membership, access check, then a
pairing code or an order."""

from garage.actions.add import add_vehicle, add_vehicle_by_plate
from garage.actions.arrange import refer_to_vehicle, rename_vehicle, select_vehicle
from garage.actions.cut_off import cut_off
from garage.actions.drivers import accept_driving, end_driver, invite_driver, limit_driver
from garage.actions.leave import end_membership
from garage.actions.orders import deliver_ordered_vehicle, record_order
from garage.actions.pair import issue_pairing_code, redeem_pairing_code
from garage.actions.profile import end_profile, link_profile
from garage.actions.prove import prove_access
from garage.actions.report import take_reports
from garage.actions.unblock import unblock_access

__all__ = [
    "accept_driving",
    "add_vehicle",
    "add_vehicle_by_plate",
    "cut_off",
    "deliver_ordered_vehicle",
    "end_driver",
    "end_membership",
    "end_profile",
    "invite_driver",
    "issue_pairing_code",
    "limit_driver",
    "link_profile",
    "prove_access",
    "record_order",
    "redeem_pairing_code",
    "refer_to_vehicle",
    "rename_vehicle",
    "select_vehicle",
    "take_reports",
    "unblock_access",
]
