"""The activation link, asked for again (A1)."""

import hashlib
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.db import transaction

from portal import outbox

# One mail to an address in this time, however often it is asked for.
COOLDOWN = timedelta(minutes=3)


@transaction.atomic
def ask_for_activation_mail(*, email: str, now: datetime) -> None:
    """Asks for a new activation mail; the same work for a known and an unknown address, so that neither is told."""
    email = email.lower()
    span = int(now.timestamp() // COOLDOWN.total_seconds())
    # Hashed: the key stays when the address is forgotten, and nobody may have an account by it.
    whose = hashlib.sha256(email.encode()).hexdigest()
    outbox.enqueue("activation_mail", dedup_key=f"activation:{span}:{whose}", now=now, email=email)


def send_activation_mail(*, email: str) -> None:
    """Outbox handler `activation_mail`: mails the link, if the address waits to be confirmed."""
    address = EmailAddress.objects.filter(email=email, verified=False).first()
    if address:
        address.send_confirmation(None)
