"""A car as its pages show it: how the account stands to it, the next step, and no more than the link may see (G11)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import NamedTuple

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from garage.last_state import last_states
from garage.models import Membership, Vehicle
from garage.rules.membership import Right
from garage.rules.warranty import WarrantyStart
from garage.state_portrait import StatePortrait, state_portrait
from garage.words.driving import service_name
from garage.words.refusals import capability_names, warranty_source_label


class Fact(NamedTuple):
    label: str
    value: str


@dataclass(frozen=True, kw_only=True)
class Portrait:
    """`membership` must come from `access` (it carries the annotations of `with_state`)."""

    membership: Membership
    tone: str
    badge: str
    sentence: str
    # The one next step: prove access, see the dealer, or go to the services; none of them where there is nothing to do.
    needs_proof: bool = False
    needs_dealer: bool = False
    # Another account has control, and this one may ask for it (V4).
    may_ask: bool = False
    # Asking needs a proof first: of a driver, or of one who proved access before that account began to have control.
    may_prove: bool = False
    # What the car last reported in the account's own time, where it may see that (G10, D4).
    state: StatePortrait | None = None

    @property
    def may_see_services(self) -> bool:
        return self.membership.may(Right.SERVICE_STATE)

    @property
    def has_specification(self) -> bool:
        return self.membership.may(Right.SPECIFICATION)

    @property
    def body(self) -> str:
        return self.membership.vehicle.body

    @property
    def colour(self) -> str:
        return colour_of(self.membership)

    @property
    def identity(self) -> str:
        return identity_of(self.membership)

    @property
    def typed_vin(self) -> str:
        """The VIN where the customer typed it; who typed the plate is not told it before the proof (G11)."""
        vin = self.membership.vehicle.vin
        return vin if self.membership.identified_as == vin else ""

    @property
    def driving_name(self) -> str:
        return service_name(self.membership.vehicle)

    @property
    def capabilities(self) -> list[str]:
        return capability_names(self.membership.vehicle.capabilities)

    @property
    def facts(self) -> list[Fact]:
        return list(_specification(self.membership.vehicle) if self.has_specification else _match(self.membership))

    @property
    def specification(self) -> Vehicle | None:
        return self.membership.vehicle if self.has_specification else None

    @property
    def warranty(self) -> WarrantyStart | None:
        return self.membership.vehicle.counted_from if self.has_specification else None

    @property
    def free_years_from(self) -> date | None:
        return self.warranty.on if self.warranty else None

    @property
    def free_years_source(self) -> str:
        return warranty_source_label(self.warranty.source) if self.warranty else ""


def colour_of(membership: Membership) -> str:
    """The car's own paint; empty (drawn in neutral grey) as long as access is not proved."""
    return membership.vehicle.colour_hex if membership.may(Right.SPECIFICATION) else ""


def identity_of(membership: Membership) -> str:
    """The plate; before access is proved, what the customer typed."""
    vehicle = membership.vehicle
    return (vehicle.plate or vehicle.vin) if membership.may(Right.SPECIFICATION) else membership.identified_as


def portrait(membership: Membership) -> Portrait:
    if membership.is_active:
        return Portrait(
            membership=membership,
            tone="good",
            badge=_("Active"),
            sentence=_("You have control of this car’s connected services."),
        )
    if membership.may_claim:
        return Portrait(
            membership=membership,
            tone="info",
            badge=_("Verified"),
            sentence=_(
                "You see this car’s details and the state of its services. Another account has control of them. If "
                "the car is yours, ask for control."
            ),
            may_ask=True,
        )
    if membership.is_verified and membership.has_other_active:
        return Portrait(
            membership=membership,
            tone="info",
            badge=_("Verified"),
            sentence=_(
                "You see this car’s details and the state of its services. Another account has taken control of them "
                "since you proved access. If the car is yours, prove access again, then ask for control."
            ),
            needs_dealer=membership.is_blocked,
            may_prove=not membership.is_blocked,
        )
    if membership.is_driver and not membership.is_verified:
        return Portrait(
            membership=membership,
            tone="info",
            badge=_("Driver"),
            sentence=_(
                "You drive this car by invitation: you see its details and the state of its services. To ask for "
                "control, prove that you have access to it."
            ),
            needs_dealer=membership.is_blocked,
            may_prove=not membership.is_blocked,
        )
    return _without_control(membership)


def with_states(cars: Sequence[Portrait], *, now: datetime) -> list[Portrait]:
    """With what the cars last reported, of those whose data the account may see. One query, none where it may not."""
    seen = [car.membership for car in cars if car.membership.may(Right.VEHICLE_DATA)]
    states = last_states(seen[0].account_id, [link.vehicle_id for link in seen]) if seen else {}
    return [
        replace(car, state=state_portrait(states[car.membership.vehicle_id], now=now))
        if car.membership.vehicle_id in states
        else car
        for car in cars
    ]


def _without_control(membership: Membership) -> Portrait:
    """A car that nobody proved to this account, or that nobody controls: the odometer or the dealer changes that."""
    if membership.is_blocked:
        return Portrait(
            membership=membership,
            tone="bad",
            badge=_("Blocked"),
            sentence=_("Three odometer readings did not match. Your dealer can verify that the car is yours."),
            needs_dealer=True,
        )
    if membership.is_verified:
        sentence = _("No account has control of this car’s connected services. Prove access again to take control.")
        return Portrait(
            membership=membership, tone="warn", badge=_("No control yet"), sentence=sentence, needs_proof=True
        )
    sentence = _("Prove that you have access to this car. Then you see its details and can use its connected services.")
    return Portrait(membership=membership, tone="warn", badge=_("Not verified"), sentence=sentence, needs_proof=True)


def _match(membership: Membership) -> Iterator[Fact]:
    yield Fact(_("Added as"), membership.identified_as)
    yield Fact(_("Model"), membership.vehicle.model)
    yield Fact(_("Multimedia generation"), membership.vehicle.multimedia)


def _specification(vehicle: Vehicle) -> Iterator[Fact]:
    yield Fact(_("Model"), vehicle.model)
    if vehicle.plate:
        yield Fact(_("Registration plate"), vehicle.plate)
    yield Fact(_("VIN"), vehicle.vin)
    yield Fact(_("Colour"), vehicle.colour)
    yield Fact(_("Powertrain"), capfirst(vehicle.get_powertrain_display()))
    yield Fact(_("Multimedia generation"), vehicle.multimedia)
