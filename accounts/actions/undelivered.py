"""What staff do with mails that did not arrive (K4): send them again, or take them off the list."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, UndeliveredMail
from portal import audit, outbox
from portal.models import OutboxMessage
from portal.refusals import Refusal


def send_again(*, mail: UndeliveredMail, reason: str, now: datetime, by: Account) -> UndeliveredMail:
    """Gives it all its tries back: a notice to the address that its account has now, all else to the old one.

    It leaves the list when it is accepted. Raises `Refusal`: mail_not_open, mail_being_sent.
    """
    with transaction.atomic():
        mail = _locked(mail)
        check_sendable(mail)
        outbox.try_again([mail.message_id], now=now)
        _record("mail sent again", mail, reason=reason, now=now, by=by)
    return mail


def drop(*, mail: UndeliveredMail, reason: str, now: datetime, by: Account) -> UndeliveredMail:
    """Takes it off the list unsent, and forgets its text. Raises `Refusal`: mail_not_open, mail_being_sent."""
    with transaction.atomic():
        mail = _locked(mail)
        check_sendable(mail)
        OutboxMessage.objects.filter(pk=mail.message_id).update(done_at=now, parked_at=None, payload={})
        mail.dropped_at = now
        mail.save(update_fields=["dropped_at"])
        _record("mail dropped", mail, reason=reason, now=now, by=by)
    return mail


def check_sendable(mail: UndeliveredMail) -> None:
    """Raises `Refusal`: mail_not_open, mail_being_sent."""
    if not mail.is_open:
        raise Refusal("mail_not_open", _("This mail has been sent, or was taken off the list."))
    if mail.is_being_sent:
        raise Refusal("mail_being_sent", _("This mail is being sent again already."))


def _locked(mail: UndeliveredMail) -> UndeliveredMail:
    """Its row of the outbox, too: what is being sent at this moment is not sent twice."""
    OutboxMessage.objects.select_for_update().get(pk=mail.message_id)
    return UndeliveredMail.objects.select_for_update(of=["self"]).select_related("message", "account").get(pk=mail.pk)


def _record(what: str, mail: UndeliveredMail, *, reason: str, now: datetime, by: Account) -> None:
    about = {"address": mail.address, "kind": mail.kind, "reason": reason}
    audit.record(what, account=mail.account, by=by, now=now, subject=mail, **about)
