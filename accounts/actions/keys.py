"""A new SECRET_KEY: what the old one has enciphered is enciphered anew, so that the old one can be forgotten."""

from allauth.mfa.models import Authenticator
from django.db import transaction

from accounts.factors import enciphered_anew

# What allauth keeps enciphered: the app's secret, and what recovery codes are made of.
ENCIPHERED = ("secret", "seed")


def encipher_anew() -> int:
    """Secrets of all second steps; how many. Safe to run again, and while people sign in."""
    ids = Authenticator.objects.filter(type__in=[Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES])
    return sum(_encipher_one(pk) for pk in ids.values_list("pk", flat=True).iterator())


@transaction.atomic
def _encipher_one(pk: int) -> int:
    row = Authenticator.objects.select_for_update().filter(pk=pk).first()
    if row is None:
        return 0
    row.data |= {name: enciphered_anew(row.data[name]) for name in ENCIPHERED if row.data.get(name)}
    row.save(update_fields=["data"])
    return 1
