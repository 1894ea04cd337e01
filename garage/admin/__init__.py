"""The garage at the desk: what changes a garage is an action, not a form. Each module registers its own."""

from garage import found
from garage.admin import (
    cars,
    corrections,
    customer,
    delivery,
    grants,
    home,
    manuals,
    maps,
    sales,
    staff,
    timeline,
    vehicle_page,
    workshop,
)

__all__ = [
    "cars",
    "corrections",
    "customer",
    "delivery",
    "found",
    "grants",
    "home",
    "manuals",
    "maps",
    "sales",
    "staff",
    "timeline",
    "vehicle_page",
    "workshop",
]
