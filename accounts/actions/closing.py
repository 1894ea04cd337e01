"""The account's own part of being closed (A6): nobody comes in any more, and what tells who it was goes.

What belongs to other apps ends in theirs; the whole is `subscriptions/actions/closing.py`.
"""

from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db.models import Q, QuerySet

from accounts.actions.consents import withdraw_all
from accounts.actions.copies import remove_copy_address
from accounts.actions.export import end_exports
from accounts.actions.sessions import end_sessions
from accounts.actions.sign_ins import end_all_sign_ins
from accounts.closing import ON_CLOSING
from accounts.models import (
    Account,
    BillingProfile,
    CalendarFeed,
    Closing,
    CopyAddress,
    Notice,
    NoticeChoice,
    SignIn,
    UndeliveredMail,
)
from accounts.notices.kinds import CONTRACTUAL, KINDS
from portal import outbox
from portal.audit import record
from portal.models import IdempotentCall, OutboxMessage

# Nobody can register such an address, and no mail can reach it (RFC 2606).
NOWHERE = "closed-{}@account.invalid"


def close_account(account: Account, *, now: datetime, by: Account | None) -> Closing:
    """Within the caller's transaction and lock of the account. The address is free from now on: it may register again.

    The billing address stays until `complete_closing`: an open payment or refund still needs it for its document.
    """
    closing = Closing.objects.create(account=account, closed_at=now, mail_to=account.email)
    withdraw_all(account=account, channel="closing", now=now, by=by)
    _end_ways_in(account, now=now, by=by)
    NoticeChoice.objects.filter(account=account).delete()
    CalendarFeed.objects.filter(account=account).delete()
    for address in CopyAddress.objects.filter(account=account):
        remove_copy_address(address=address, now=now, by=by)
    for let_go in ON_CLOSING:
        let_go(account, now)
    record("account closed", account=account, by=by, now=now, subject=closing)
    _blank(account)
    outbox.enqueue("forget_account", dedup_key=f"forget_account:{account.pk}", now=now, account_id=account.pk)
    return closing


def _end_ways_in(account: Account, *, now: datetime, by: Account | None) -> None:
    """Browsers, apps, cars and second steps. The answers that were kept for an app's calls name what is personal."""
    end_sessions(account=account, now=now, by=by)
    end_all_sign_ins(account=account, why=SignIn.CLOSED, now=now, by=by)
    # What a car or a telephone called itself: its owner may have named it.
    SignIn.objects.filter(account=account).update(label="")
    Authenticator.objects.filter(user=account).delete()
    IdempotentCall.objects.filter(account=account).delete()


def _blank(account: Account) -> None:
    EmailAddress.objects.filter(user=account).delete()
    account.email = nowhere_of(account)
    account.first_name = account.last_name = account.phone = ""
    account.know_name()
    account.last_login = account.preferred_dealer = None
    account.is_active = False
    # With the password every session that was signed in by it ends, wherever its cookie is.
    account.set_unusable_password()
    names = (
        *("email", "first_name", "last_name", "name_keys", "phone", "last_login"),
        *("preferred_dealer", "is_active", "password"),
    )
    account.save(update_fields=names)


def nowhere_of(account: Account) -> str:
    """What stands where its address stood."""
    return NOWHERE.format(account.public_id.hex)


def forget_account(*, account_id: int) -> None:
    """Outbox handler, after the closing: what lies outside its transaction. Safe to repeat."""
    account = Account.objects.get(pk=account_id)
    end_exports(now=account.closing.closed_at, account=account)


def complete_closing(closing: Closing, *, now: datetime) -> bool:
    """Within the caller's transaction, once no money of the account is open: the rest that tells who it was goes.

    False while a mail still waits to be sent, by the worker or by staff. Notices of contracts stay as the proof that
    they were told: they name packages, cars, dates and amounts, as the contract does.
    """
    if _has_waiting_mail(closing):
        return False
    contractual = [kind for kind, facts in KINDS.items() if facts.importance == CONTRACTUAL]
    Notice.objects.filter(account=closing.account).exclude(kind__in=contractual).delete()
    BillingProfile.objects.filter(account=closing.account).delete()
    UndeliveredMail.objects.filter(account=closing.account).delete()
    _forget_mails(closing)
    closing.mail_to, closing.completed_at = "", now
    closing.save(update_fields=["mail_to", "completed_at"])
    record("closing completed", account=closing.account, by=None, now=now, subject=closing)
    return True


def _has_waiting_mail(closing: Closing) -> bool:
    """One that was given up waits for staff, who send it again or drop it; one that the address refused has no use."""
    waiting = OutboxMessage.objects.filter(done_at__isnull=True)
    waiting = waiting.filter(Q(parked_at__isnull=True) | Q(undelivered__is_refused=False))
    notices = Notice.objects.filter(account=closing.account).values_list("pk", flat=True)
    of_notice = waiting.filter(handler="notice_mail", payload__notice_id__in=list(notices))
    return of_notice.exists() or _written_to(closing).filter(handler="mail", pk__in=waiting.values("pk")).exists()


def _forget_mails(closing: Closing) -> None:
    """Rows of the outbox that still name the address: asked for by whoever typed it, or never sent."""
    never_sent = Q(handler="mail", parked_at__isnull=False)
    _written_to(closing).filter(never_sent | Q(handler__in=["activation_mail", "reset_mail"])).delete()


def _written_to(closing: Closing) -> QuerySet[OutboxMessage]:
    """Mails to its address until it was closed: what is younger may be of whoever has registered with it since."""
    to_it = Q(payload__to=closing.mail_to) | Q(payload__email__iexact=closing.mail_to)
    handlers = ["mail", "activation_mail", "reset_mail"]
    return OutboxMessage.objects.filter(to_it, handler__in=handlers, created_at__lte=closing.closed_at)
