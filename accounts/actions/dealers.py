"""The dealer whom an account prefers (A4)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actions.locking import locked_account
from accounts.models import Account, Dealer
from portal.audit import record
from portal.refusals import Refusal


@transaction.atomic
def prefer_dealer(*, account: Account, dealer: Dealer | None, now: datetime, by: Account | None) -> Account:
    """Chooses the dealer, or none; the same again changes nothing.

    Raises `Refusal` account_closed, and dealer_unknown for one that is not (any more) in the list of the account's
    market.
    """
    locked = locked_account(account)
    check_in_list(dealer, market_id=locked.market_id)
    if locked.preferred_dealer_id != (dealer.pk if dealer else None):
        locked.preferred_dealer = dealer
        locked.save(update_fields=["preferred_dealer"])
        record("dealer_preferred", account=locked, by=by, now=now, dealer=dealer.code if dealer else "")
    return locked


def check_in_list(dealer: Dealer | None, *, market_id: int) -> None:
    """Raises `Refusal` dealer_unknown; nobody is always there to be chosen."""
    if dealer and not Dealer.objects.filter(pk=dealer.pk, is_active=True, market=market_id).exists():
        raise Refusal("dealer_unknown", _("This dealer is not in our list any more. Please choose another one."))
