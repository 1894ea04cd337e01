"""Whether an account came from the system before this one, and when: what its holder is told (docs/moving-in.md)."""

from datetime import date

from accounts.models import Account
from portal.models import Origin


def taken_over_on(account: Account) -> date | None:
    """The day by the market's calendar; None for whoever registered here."""
    taken_at = Origin.objects.filter(kind="account", row_id=account.pk).values_list("taken_at", flat=True).first()
    return account.market.local_date(taken_at) if taken_at else None
