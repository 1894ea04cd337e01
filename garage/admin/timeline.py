"""What a customer's timeline says of cars, and which car a record is about (K2)."""

from django.utils.translation import gettext_lazy as _

from accounts import customer_page
from accounts.customer_timeline import Kind, register, register_cars
from accounts.models import Account
from garage.models import Membership
from garage.rules.control import State, Way
from garage.rules.maps import State as MapState

_WAYS = {Way.OFFER: _("Offer of control"), Way.REQUEST: _("Request for control")}


@customer_page.cars
def cars_of(account: Account) -> dict[int, str]:
    """Every car that was ever in the garage, the newest first."""
    links = Membership.objects.filter(account=account).select_related("vehicle").order_by("-linked_at", "-pk")
    return {link.vehicle_id: str(link.vehicle) for link in links}


register_cars(
    {
        "garage.vehicle": "pk",
        "garage.membership": "vehicle",
        "garage.accesscheck": "vehicle",
        "garage.booking": "vehicle",
        "garage.controltransfer": "vehicle",
        "garage.datagrant": "vehicle",
        "garage.dealeraccess": "membership__vehicle",
        "garage.dealercode": "membership__vehicle",
        "garage.tradein": "membership__vehicle",
        "garage.driveraccess": "vehicle",
        "garage.mapupdate": "vehicle",
        "garage.multimediaprofile": "vehicle",
        "garage.sale": "membership__vehicle",
        "garage.servicerecord": "vehicle",
    }
)
register(
    Kind.CAR,
    {
        "vehicle_added": _("Car added"),
        "vehicle_removed": _("Car removed"),
        "vehicle_renamed": _("Car renamed"),
        "vehicle_selected": _("Car chosen"),
        "invoice_reference_changed": _("Reference for invoices changed"),
        "access_proved": _("Access to the car proved"),
        "access_refused": _("Wrong reading of the odometer"),
        "access_unblocked": _("Verification unblocked"),
        "verification_blocked": _("Verification blocked after three tries"),
        "pairing_code_issued": _("Pairing code shown by the car"),
        "control moved": _("Control has moved"),
        "control offered": _("Control offered"),
        "control handed over by staff": _("Control handed over by telephone"),
        "control asked for": _("Control asked for"),
        "control objected": _("Objected to a request for control"),
        "control to be confirmed again": _("Offer of control to be confirmed again"),
        "driver invited": _("Driver invited"),
        "driver accepted": _("Driver accepted"),
        "driver limited": _("Driver’s last day set"),
        "driver ended": _("Driver ended"),
        "link cut off": _("Another account cut off from the car"),
        "data grant given": _("Company allowed to read data"),
        "data grant ended": _("Company no longer allowed to read data"),
        "vehicle data downloaded": _("Data of the car downloaded"),
        "profile linked": _("Profile linked to the car’s screen"),
        "profile removed": _("Profile removed from the car’s screen"),
        "head unit declared clear": _("Car’s screen declared clear"),
        "order_stage": _("Ordered car at a new stage"),
        "order_delivered": _("Ordered car delivered"),
        "map update asked for": _("Update of maps asked for"),
        "map update called off": _("Update of maps called off"),
        "service booked": _("Service booked"),
        "booking changed": _("Booking changed"),
        "booking cancelled": _("Booking cancelled"),
        "booking moved": _("Booking moved by the workshop"),
        "booking refused": _("Booking refused by the workshop"),
        "car arrived": _("Car at the workshop"),
        "service done": _("Service done"),
        "service entered": _("Service entered"),
        "service entry changed": _("Service entry changed"),
        "service entry deleted": _("Service entry deleted"),
        "sale begun": _("Sale of the car begun"),
        "sale called off": _("Sale of the car called off"),
        "sale finished": _("Sale of the car finished"),
        "sold car removed": _("Sold car removed"),
        "dealer code issued": _("Code for a dealer shown"),
        "dealer access begun": _("Dealer at work with the customer’s code"),
        "dealer access ended": _("Dealer’s work ended"),
        "dealer acted": _("Dealer did something for the customer"),
        "identity seen": _("Dealer saw proof of identity"),
        "trade-in declared": _("Dealer says it took the car in trade"),
        "trade-in objected": _("Customer objected to the trade-in"),
        "trade-in called off": _("Trade-in called off"),
        "trade-in released": _("Car released after the trade-in"),
        "transfer code issued": _("Code for the buyer shown"),
        "transfer code used": _("Code for the buyer used"),
    },
)
register(Kind.CAR, {f"control {way} {state}": _WAYS[way] for way in Way for state in State})
register(Kind.CAR, {f"map update {state}": _("Update of maps at a new stage") for state in MapState})
