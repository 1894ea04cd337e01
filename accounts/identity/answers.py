"""By which password the owner said yes to an app or a car: a new one takes back what has not been fetched yet (A3)."""

import hashlib

from django.core.cache import cache

from accounts.models import Account

# Longer than any code waits to be fetched.
KEPT_FOR = 3600


def keep_yes(code: str, *, account: Account) -> None:
    cache.set(_key(code), account.get_session_auth_hash(), timeout=KEPT_FOR)


def is_yes_still_good(code: str, *, account: Account) -> bool:
    """Within a transaction. Locks the account: of a new password and a first token one is seen by the other."""
    current = Account.objects.select_for_update(of=["self"], no_key=True).get(pk=account.pk)
    return bool(cache.get(_key(code)) == current.get_session_auth_hash())


def _key(code: str) -> str:
    return f"answered-by:{hashlib.sha256(code.encode()).hexdigest()}"
