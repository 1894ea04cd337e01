"""Scoped getters of sales, and what is still connected with a car that is being sold (L1, law 11)."""

from dataclasses import dataclass, replace
from uuid import UUID

from django.shortcuts import get_object_or_404

from accounts.models import Account
from garage.access import current_memberships
from garage.control_access import links_that_reach
from garage.models import DriverAccess, Membership, Sale
from garage.models.sale import SaleQuerySet
from garage.profiles import was_removed_in_the_car
from garage.rules import sale as rules
from portal.querying.counting import number_of
from portal.reach import Reacher, Section, sections_of


def sales_of(account: Account) -> SaleQuerySet:
    """Newest first; those that were called off are left out."""
    rows = Sale.objects.filter(membership__account=account, called_off_at__isnull=True)
    rows = rows.select_related("membership__vehicle", "membership__account__market__brand")
    return rows.order_by("-begun_at", "-pk")


def sale_or_404(account: Account, public_id: UUID) -> Sale:
    return get_object_or_404(sales_of(account), public_id=public_id)


def certified_sale(number: str) -> Sale | None:
    """Of whoever's car: the finished sale with this number, however it was typed."""
    number = rules.clean(number)
    if not rules.is_well_formed(number):
        return None
    rows = Sale.objects.select_related("membership__vehicle", "membership__account__market__brand")
    return rows.filter(check_id=number).first()


@dataclass(frozen=True, kw_only=True)
class Connections:
    """Who and what is connected with the car beside the seller's link, as far as the seller's time goes."""

    drivers: int
    others: int
    # What other rooms register with `portal.reach`, without what reaches a car only as long as it is in the garage.
    sections: list[Section]
    is_linked: bool
    is_head_unit_clear: bool

    @property
    def summed(self) -> rules.Connected:
        return rules.Connected(
            is_linked=self.is_linked,
            drivers=self.drivers,
            others=self.others,
            reachers=sum(len(section.reachers) for section in self.sections),
            is_head_unit_clear=self.is_head_unit_clear,
        )


def connections_of(sale: Sale) -> Connections:
    link = sale.membership
    drivers = DriverAccess.objects.filter(owner=link.account_id, vehicle=link.vehicle_id, ended_at__isnull=True)
    counted = Membership.objects.values(
        drivers=number_of(drivers, same="vehicle"), others=number_of(links_that_reach(link), same="vehicle")
    ).get(pk=link.pk)
    return Connections(
        **counted,
        sections=[_counted(section, sale) for section in sections_of(link.account, link.vehicle)],
        is_linked=not sale.has_left,
        is_head_unit_clear=sale.head_unit_declared_at is not None or was_removed_in_the_car(link),
    )


def _counted(section: Section, sale: Sale) -> Section:
    return replace(section, reachers=[one for one in section.reachers if _counts(one, sale)])


def _counts(reacher: Reacher, sale: Sale) -> bool:
    """An app reaches the cars of the garage only; a head unit may sit in another car, as the seller declares."""
    if reacher.is_by_garage:
        return False
    return not (reacher.is_in_a_car and sale.head_unit_declared_at and has_other_cars(sale))


def has_other_cars(sale: Sale) -> bool:
    """Whether a head unit that is signed in can be that of another car of the seller's."""
    link = sale.membership
    return current_memberships(link.account).exclude(pk=link.pk).exists()
