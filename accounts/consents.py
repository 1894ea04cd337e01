"""Asking what an account agrees to (D1). Whoever does something for a purpose asks `has_consent` each time."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import QuerySet

from accounts.models import Account, ConsentChange, ConsentWording
from accounts.rules.consents import Purpose, State, current_states
from accounts.rules.terms import current_version
from portal.models import Market


def has_consent(account: Account, purpose: Purpose) -> bool:
    """Whether the account agrees at this moment. Nothing is agreed to by default. One query."""
    changes = ConsentChange.objects.filter(account=account, purpose=purpose).order_by("-number")
    return bool(changes.values_list("is_given", flat=True).first())


def given_since(account_ids: Collection[int], purpose: Purpose) -> dict[int, datetime]:
    """Of those accounts that agree at this moment: since when. One query."""
    last = ConsentChange.objects.filter(account__in=account_ids, purpose=purpose).order_by("account", "-number")
    changes = last.distinct("account").values_list("account", "is_given", "at")
    return {account_id: at for account_id, is_given, at in changes if is_given}


def changes_of(account: Account, purpose: Purpose) -> QuerySet[ConsentChange]:
    """Given and withdrawn in turn, the oldest first."""
    return ConsentChange.objects.filter(account=account, purpose=purpose).order_by("number")


def states_of(account: Account) -> dict[Purpose, State]:
    """The state of every purpose. One query."""
    changes = ConsentChange.objects.filter(account=account).only("purpose", "number", "is_given", "at")
    return current_states(changes)


def wordings_in_force(market: Market, *, now: datetime) -> dict[Purpose, ConsentWording]:
    """The words with which the market asks today; a purpose without words is not asked for. One query."""
    versions = list(ConsentWording.objects.filter(market=market, effective_at__lte=now))
    by_purpose = {
        purpose: current_version([each for each in versions if each.purpose == purpose], now=now) for purpose in Purpose
    }
    return {purpose: wording for purpose, wording in by_purpose.items() if wording}
