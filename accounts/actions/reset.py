"""A new password, asked for by somebody who has forgotten the old one (A3)."""

import uuid
from datetime import datetime

from allauth.account.adapter import get_adapter
from allauth.account.utils import user_pk_to_url_str
from django.db import transaction
from django.urls import reverse

from accounts.mail_links import ResetTokens
from accounts.models import Account
from portal import outbox
from portal.links import absolute


@transaction.atomic
def ask_for_reset_mail(*, email: str, now: datetime) -> None:
    """Asks for the mail with the link; the same work for a known and an unknown address, so that neither is told."""
    outbox.enqueue("reset_mail", dedup_key=f"reset:{uuid.uuid4().hex}", now=now, email=email)


def send_reset_mail(*, email: str) -> None:
    """Outbox handler `reset_mail`: mails the link, if the address has an account that may sign in."""
    for account in Account.objects.filter(email=email, is_active=True):
        parts = {"uidb36": user_pk_to_url_str(account), "key": ResetTokens().make_token(account)}
        link = absolute(reverse("account_reset_password_from_key", kwargs=parts))
        get_adapter().send_password_reset_mail(account, email, {"user": account, "password_reset_url": link})
