"""A run of one account alone, among a market's: what is looked for is narrowed by its index, not picked out later."""

from typing import Any

from django.db.models import Q

from portal.models import Market
from portal.querying.written import Given


def only(account_id: int | Given | None, *, path: str = "account") -> Q:
    """Everything where no account is named."""
    return Q() if account_id is None else Q(**{path: account_id})


def given(market: Market, account_id: int | None) -> dict[str, Any]:
    """The same for a query that is written once, which asks of everything where no account is given."""
    return {"market": market.pk} if account_id is None else {"market": market.pk, "account": account_id}
