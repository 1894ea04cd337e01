"""Where a market sells, and what is said where it does not (C8)."""

from django.utils.translation import gettext as _

from portal.models import Market
from portal.refusals import Refusal
from subscriptions.models import Package
from subscriptions.rules.offer import Channel, is_sold_by


def check_sold_here(package: Package, market: Market, *, channel: Channel) -> None:
    """Raises `Refusal` not_sold_here."""
    if not is_sold_by(channel, sells_in_portal=market.sells_in_portal, channels=package.channels):
        raise Refusal("not_sold_here", sold_in_app_sentence(market))


def is_sold_in_portal(package: Package, market: Market) -> bool:
    return is_sold_by(Channel.PORTAL, sells_in_portal=market.sells_in_portal, channels=package.channels)


def sold_in_app_sentence(market: Market) -> str:
    return _("In your country this is bought in the app %(app)s.") % {"app": market.brand.app_name}
