"""Moving an account to another market (A4): prices, seller, clock and Terms are those of the new one from then on."""

from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from portal.models import Market
from portal.refusals import Refusal

# Whether something of an account runs under its market; higher apps say what (`AppConfig.ready`).
Hindrance = Callable[[Account], bool]
HINDRANCES: dict[str, Hindrance] = {}


def keep_market_while(name: str, hindrance: Hindrance) -> None:
    HINDRANCES[name] = hindrance


def move_to_market(account: Account, market: Market) -> list[str]:
    """Within the caller's transaction and lock, unsaved: the names of the fields that changed.

    Contracts are with the seller of a market, at its prices, so none may be running. The language stays where the new
    market speaks it; a dealer of the old one is left. Raises `Refusal` market_running.
    """
    if account.market_id == market.pk:
        return []
    if any(hindrance(account) for hindrance in HINDRANCES.values()):
        raise Refusal(
            "market_running",
            _("Services are running under your country. Cancel them first; when they have ended you can change it."),
        )
    account.market = market
    changed = ["market"]
    if account.language not in market.languages:
        account.language = market.languages[0]
        changed.append("language")
    if account.preferred_dealer_id is not None:
        account.preferred_dealer = None
        changed.append("preferred_dealer")
    return changed
