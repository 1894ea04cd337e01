"""The activation link, asked for again (A1)."""

import hashlib
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import F

from accounts.models import Account
from portal import outbox

# One mail to an address in this time, however often it is asked for.
COOLDOWN = timedelta(minutes=3)


@transaction.atomic
def ask_for_activation_mail(*, email: str, now: datetime) -> None:
    """Asks for a new activation mail; the same work for a known and an unknown address, so that neither is told."""
    email = email.lower()
    span = int(now.timestamp() // COOLDOWN.total_seconds())
    # Hashed: the key outlives the address for a while, and nobody may have an account by it.
    whose = hashlib.sha256(email.encode()).hexdigest()
    outbox.enqueue("activation_mail", dedup_key=f"activation:{span}:{whose}", now=now, email=email)


def send_activation_mail(*, email: str) -> None:
    """Outbox handler `activation_mail`: mails the link, if an account of this address waits to be confirmed.

    Not for an address that somebody wants to change to: whoever asks may be another person.
    """
    address = EmailAddress.objects.filter(email=email, user__email=F("email"), verified=False).first()
    if address:
        address.send_confirmation(None)


def drop_begun_change(*, account: Account) -> None:
    """A new address that waits to be confirmed is given up: its link, which asks for no sign-in, leads nowhere."""
    EmailAddress.objects.filter(user=account, verified=False).exclude(email=account.email).delete()


def drop_changes_to(*, email: str) -> None:
    """Whoever registers an address does not find it taken by those who merely want to change to it."""
    EmailAddress.objects.filter(email=email, verified=False).exclude(user__email=F("email")).delete()
