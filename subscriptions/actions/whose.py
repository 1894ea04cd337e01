"""A run of one account alone, among a market's: what is looked for is narrowed by its index, not picked out later."""

from django.db.models import Q


def only(account_id: int | None, *, path: str = "account") -> Q:
    """Everything where no account is named."""
    return Q() if account_id is None else Q(**{path: account_id})
