"""Cars that are sold, in each state by the actions."""

from datetime import datetime

from accounts.models import Account
from garage.actions.transfer_code import issue_transfer_code
from garage.models import Membership, Sale
from subscriptions.actions.sell import begin_sale, declare_head_unit, finish_sale, remove_sold_vehicle
from subscriptions.actions.take_over import take_over
from tests import make


def begun(car: Membership, *, now: datetime = make.NOW) -> Sale:
    return begin_sale(membership=car, now=now, by=car.account)


def left(car: Membership, *, now: datetime = make.NOW) -> Sale:
    """The car is out of the seller's garage, by the sale."""
    sale = begun(car, now=now)
    remove_sold_vehicle(sale=sale, confirmed=None, now=now, by=car.account)
    return again(sale)


def sold(car: Membership, *, now: datetime = make.NOW) -> Sale:
    """Finished, with its certificate."""
    sale = left(car, now=now)
    declare_head_unit(sale=sale, now=now, by=car.account)
    return finish_sale(sale=sale, now=now, by=car.account)


def again(sale: Sale) -> Sale:
    return Sale.objects.select_related("membership__vehicle", "membership__account__market__brand").get(pk=sale.pk)


def code_of(sale: Sale, *, now: datetime = make.NOW) -> str:
    return issue_transfer_code(sale=sale, now=now, by=sale.membership.account).code


def taken(buyer: Account, code: str, *, now: datetime = make.NOW, **proof: object) -> Membership:
    """By the right reading, unless another proof is given."""
    facts = proof or {"odometer_km": make.ODOMETER_KM}
    return take_over(account=buyer, code=code, address="192.0.2.1", now=now, by=buyer, **facts)
