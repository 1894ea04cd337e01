"""What a car is called to an account: of the plate no more than the account may know, or knew (G11, D4)."""

from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from accounts.models import Account
from garage.models import Membership, Vehicle
from garage.rules.membership import Right


def car_name(vehicle: Vehicle, account: Account) -> str:
    """Model and plate as far as the account knows them."""
    return f"{vehicle.model} {known_plate(vehicle, account)}".strip()


def known_plate(vehicle: Vehicle, account: Account) -> str:
    """Today's plate while a link lasts that may see it; else the plate as it was when such a link ended, or none.

    A car that was sold gets a new plate, which is nothing of the seller's. One query.
    """
    links = Membership.objects.filter(account=account, vehicle=vehicle).order_by("-linked_at", "-pk")
    for link in links:
        if link.ended_at is None and link.may(Right.SPECIFICATION):
            return vehicle.plate
        if link.plate_at_end:
            return link.plate_at_end
    return ""


def with_known_plate(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Adds `known_plate` to rows of an account and a vehicle, as `known_plate()` says it, without a query for each."""
    links = Membership.objects.filter(account=OuterRef("account"), vehicle=OuterRef("vehicle"))
    sees = Q(verified_at__isnull=False) | Q(driver_since__isnull=False)
    kept = links.exclude(plate_at_end="").order_by("-linked_at", "-pk").values("plate_at_end")[:1]
    plate = Case(
        When(Exists(links.filter(sees, ended_at__isnull=True)), then=F("vehicle__plate")),
        default=Coalesce(Subquery(kept), Value("")),
    )
    return rows.annotate(known_plate=plate)
