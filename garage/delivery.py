"""The day on which an ordered car is handed over (G4): a checklist that knows its state, for customer and dealer.

What stands in the services is told by the app above (`AppConfig.ready()`).
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from allauth.account.models import EmailAddress
from django.db.models import Q
from django.db.models.functions import Lower
from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.access import current_terms
from accounts.models import Account, TermsAcceptance
from garage.models import Membership, MultimediaProfile, OrderedVehicle
from garage.rules.orders import READY, Ready

TITLES: dict[Ready, str | Promise] = {
    Ready.ACCOUNT: _("Account with the address of the order"),
    Ready.TERMS: _("Terms of Use accepted"),
    Ready.DEALER: _("Preferred dealer chosen"),
    Ready.IN_GARAGE: _("Car in the garage"),
    Ready.STANDARD: _("Standard services active"),
    Ready.PROFILE: _("Profile linked with the car’s screen"),
}

# Of these links, those whose car has its standard services (C3).
Standard = Callable[[Sequence[Membership], datetime], Collection[int]]
_STANDARD: list[Standard] = []


def register_standard(asked: Standard) -> None:
    if asked not in _STANDARD:
        _STANDARD.append(asked)


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """An order with the account that it is, or will be, and what is done already."""

    order: OrderedVehicle
    account: Account | None
    # The car of the order, as long as it is in the garage.
    link: Membership | None
    done: frozenset[Ready]

    @property
    def is_ready(self) -> bool:
        return len(self.done) == len(READY)

    @property
    def missing(self) -> list[Ready]:
        return [step for step in READY if step not in self.done]


def deliveries_of(orders: Sequence[OrderedVehicle], *, now: datetime) -> list[Delivery]:
    """In their order; a fixed number of queries for each market. `orders` come with `membership__vehicle` and its
    account's market."""
    accounts = _accounts_of(orders)
    links = {order.pk: _link_of(order) for order in orders}
    accepted = _accepted({account for account in accounts.values() if account}, now=now)
    standard = _standard_of([link for link in links.values() if link], now=now)
    linked = _profiles_of(link for link in links.values() if link)
    made = []
    for order in orders:
        account, link = accounts[order.pk], links[order.pk]
        is_so = {
            Ready.ACCOUNT: account is not None,
            Ready.TERMS: account is not None and account.pk in accepted,
            Ready.DEALER: account is not None and account.preferred_dealer_id is not None,
            Ready.IN_GARAGE: link is not None,
            # They come with the Terms (C3).
            Ready.STANDARD: link is not None and link.pk in standard and link.account_id in accepted,
            Ready.PROFILE: link is not None and (link.account_id, link.vehicle_id) in linked,
        }
        done = frozenset(step for step, is_done in is_so.items() if is_done)
        made.append(Delivery(order=order, account=account, link=link, done=done))
    return made


def delivery_or_404(account: Account, public_id: UUID, *, now: datetime) -> Delivery:
    """Of an order of the account's, or of its confirmed address; of one whose car has left the garage, none."""
    addresses = EmailAddress.objects.filter(user=account, verified=True).values_list(Lower("email"))
    mine = Q(account=account) | Q(account__isnull=True, email__in=addresses)
    # Until it is delivered, an order shows where its market shows orders; then as long as the car is in the garage.
    still = Q(membership__isnull=True, market__shows_ordered_cars=True)
    still |= Q(membership__isnull=False, membership__ended_at__isnull=True)
    orders = OrderedVehicle.objects.filter(mine, still, public_id=public_id)
    related = ("dealer__town", "dealer__market", "membership__vehicle", "membership__account__market")
    order = orders.select_related(*related).prefetch_related("stages").first()
    if order is None:
        raise Http404
    (delivery,) = deliveries_of([order], now=now)
    return delivery


def _accounts_of(orders: Iterable[OrderedVehicle]) -> dict[int, Account | None]:
    """Whoever is entered on an order as long as that account is open, else the member whose address it is."""
    orders = list(orders)
    asked = {order.email.lower() for order in orders}
    rows = EmailAddress.objects.annotate(lower=Lower("email")).filter(lower__in=asked, verified=True)
    by_address = {row.lower: row.user for row in rows.filter(user__is_active=True).select_related("user__market")}
    entered = Account.objects.filter(pk__in={order.account_id for order in orders}, is_active=True)
    by_id = {account.pk: account for account in entered.select_related("market")}
    return {order.pk: by_id.get(order.account_id or 0) or by_address.get(order.email.lower()) for order in orders}


def _link_of(order: OrderedVehicle) -> Membership | None:
    link = order.membership
    return link if link is not None and link.ended_at is None else None


def _accepted(accounts: Collection[Account], *, now: datetime) -> set[int]:
    """Ids of the accounts that have accepted the Terms in force in their market."""
    done = set()
    for market in {account.market for account in accounts}:
        here = {account.pk for account in accounts if account.market_id == market.pk}
        version = current_terms(market, now)
        rows = TermsAcceptance.objects.filter(version=version, account__in=here)
        done |= set(rows.values_list("account_id", flat=True)) if version else here
    return done


def _standard_of(links: Sequence[Membership], *, now: datetime) -> set[int]:
    return {link_id for asked in _STANDARD for link_id in asked(links, now)}


def _profiles_of(links: Iterable[Membership]) -> set[tuple[int, int]]:
    profiles = MultimediaProfile.objects.linked().filter(vehicle__in=[link.vehicle_id for link in links])
    return set(profiles.values_list("account_id", "vehicle_id"))
