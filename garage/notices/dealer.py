"""What a customer is told of a dealer at its car (K1): begun, done, a car taken in trade."""

from datetime import datetime
from decimal import Decimal

from accounts.models import Account
from accounts.notices.kinds import tell
from garage.models import DealerAccess, Membership, TradeIn
from garage.naming import car_name
from garage.notices.sharing import NOTHING, path_for


def tell_dealer_acted(
    access: DealerAccess, *, change: str, now: datetime, package_name: str = "", refund: Decimal = NOTHING
) -> None:
    """`change`: begun, activated, released. Of what else it does the act itself tells."""
    link = access.membership
    account = link.account
    tell(
        account=account,
        kind="dealer_acted",
        subject_key=f"dealer-{access.pk}-{change}-{package_name}"[:80],
        event_on=account.market.local_date(now),
        now=now,
        change=change,
        dealer_name=access.workshop.dealer.name,
        vehicle_label=car_name(link.vehicle, account),
        package_name=package_name,
        refund=refund,
        currency=account.market.currency,
        url=_page_of(link, account, "dealer_code"),
    )


def tell_trade_in(trade: TradeIn, *, change: str, now: datetime, refund: Decimal = NOTHING) -> None:
    """`change`: declared, called_off, objected, released."""
    link = trade.membership
    account = link.account
    tell(
        account=account,
        kind="trade_in",
        subject_key=f"{trade.public_id}:{change}",
        event_on=account.market.local_date(now),
        now=now,
        change=change,
        dealer_name=trade.workshop.dealer.name,
        vehicle_label=car_name(link.vehicle, account),
        due_at=trade.due_at.isoformat(),
        refund=refund,
        currency=account.market.currency,
        url=path_for(account, "trade_in", trade.public_id),
    )


def _page_of(link: Membership, account: Account, page: str) -> str:
    if Membership.objects.current().filter(pk=link.pk).exists():
        return path_for(account, page, link.public_id)
    return path_for(account, "garage")
