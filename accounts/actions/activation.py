"""The activation link, asked for again (A1)."""

import hashlib
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.actions.locking import locked_account
from accounts.models import Account
from portal import outbox
from portal.audit import record
from portal.models import AuditRecord
from portal.refusals import Refusal

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


SENT_AGAIN = "activation mail sent again"


def unconfirmed(account: Account) -> EmailAddress | None:
    """The account's own address, while nobody has confirmed it."""
    return EmailAddress.objects.filter(user=account, email=account.email, verified=False).first()


def times_sent_again(account: Account) -> int:
    return AuditRecord.objects.filter(account=account, what=SENT_AGAIN).count()


def send_activation_again(*, account: Account, times: int, reason: str, now: datetime, by: Account) -> None:
    """Staff ask for a new activation mail (K3), to the account's own address alone.

    `times` is how often they had when the form was shown: a form that is sent twice mails once. Raises `Refusal`:
    already_active, already_done.
    """
    with transaction.atomic():
        account = locked_account(account)
        check_not_active(account)
        if times_sent_again(account) != times:
            raise Refusal("already_done", _("This has just been done. Please look again before you repeat it."))
        record(SENT_AGAIN, account=account, by=by, now=now, subject=account, email=account.email, reason=reason)
        key = f"activation:{account.pk}:{times}"
        outbox.enqueue("activation_mail", dedup_key=key, now=now, email=account.email)


def check_not_active(account: Account) -> None:
    """Raises `Refusal` already_active."""
    if unconfirmed(account) is None:
        raise Refusal("already_active", _("This address is confirmed: there is nothing to activate."))


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
