"""What this app knows of an account, for its export (A6). A car belongs to nobody here: the links with it do."""

from django.utils.translation import gettext_lazy as _

from accounts.exporting import table
from garage.models import AccessCheck, Membership

CAR = ("vehicle__vin", "vehicle__plate", "vehicle__model", "vehicle__colour", "vehicle__powertrain")
LINK = ("public_id", "identified_as", "nickname", "invoice_reference", "is_selected", "is_active")
TIMES = ("linked_at", "verified_at", "ended_at")

EXPORTERS = (
    table("cars", _("Cars in your garage, now and before"), Membership, *CAR, *LINK, *TIMES),
    table("proofs-of-access", _("Wrong odometer readings"), AccessCheck, "vehicle__vin", "wrong_tries", "blocked_at"),
)
