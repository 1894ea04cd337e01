"""The link in each mail that was asked for: signed, it ends the mails of one topic of one account, and nothing else."""

from django.core import signing
from django.urls import reverse
from django.utils import translation

from accounts.models import Account
from accounts.notices.choices import choosable
from accounts.rules.notices import EMAIL
from portal.links import absolute

_LEAVE = "notices-leave"


def leave_url(account: Account, topic: str) -> str:
    """Good for as long as the account is there: an old mail must be left as easily as a new one."""
    with translation.override(account.language):
        return absolute(reverse("notice_leaving", args=[leave_token(account, topic)]))


def leave_token(account: Account, topic: str) -> str:
    return signing.dumps([account.public_id.hex, topic], salt=_LEAVE)


def topic_to_leave(token: str) -> tuple[Account, str] | None:
    """None for a link that is forged, or names a topic whose mails cannot be left."""
    try:
        public_id, topic = signing.loads(token, salt=_LEAVE)
    except signing.BadSignature:
        return None
    account = Account.objects.filter(public_id=public_id).first()
    return (account, topic) if account and EMAIL in choosable(topic) else None
