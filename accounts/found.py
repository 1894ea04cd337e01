"""How the lists of the desk find a customer: by a part of the address, or by name (K2)."""

from collections.abc import Iterator

from django.db.models import QuerySet

from accounts.models import Account
from accounts.rules.names import asked_for
from portal.desk.search import SHORTEST, finds


@finds(Account)
def people(typed: str) -> Iterator[QuerySet[Account]]:
    if " " not in typed and len(typed) >= SHORTEST:
        yield Account.objects.filter(email__contains=typed.lower())
    if "@" not in typed and not any(letter.isdigit() for letter in typed):
        yield named(typed)


def named(name: str) -> QuerySet[Account]:
    """Each word of it, in either alphabet, with one typing error."""
    words = asked_for(name)
    rows = Account.objects.all() if words else Account.objects.none()
    for keys in words:
        rows = rows.filter(name_keys__overlap=keys)
    return rows
