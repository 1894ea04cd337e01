"""The figures of a removal or a change of control, as answers (X10)."""

from typing import Any

from accounts.models import Account
from subscriptions.confirming import seal
from subscriptions.rules.leaving import RemovalQuote
from subscriptions.words.presenting import present_consequences


def quoted(account: Account, quote: RemovalQuote, *, shown: Any = None) -> dict[str, Any]:
    """For a `QuoteSerializer`. `shown` is what is sealed where that is more than the quote."""
    return {
        "ends": present_consequences(account, quote.ends),
        "refund": quote.refund,
        "currency": account.market.currency,
        "confirmation": seal(shown or quote),
    }
