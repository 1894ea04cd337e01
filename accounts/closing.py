"""What a closed account still has (A6): a place for its last mails, and apps that let go of what is theirs."""

from collections.abc import Callable
from datetime import datetime

from accounts.models import Account, Closing

# Called within the closing's transaction, with the account still as it was: tokens, devices, authenticators, drafts.
ON_CLOSING: list[Callable[[Account, datetime], None]] = []


def on_closing(let_go: Callable[[Account, datetime], None]) -> None:
    """Apps register in `AppConfig.ready()` what of theirs ends with the account: `let_go(account, now)`."""
    ON_CLOSING.append(let_go)


def closed_with(address: str, *, written_at: datetime) -> Account | None:
    """The closed account to which a mail of that moment was written; the address may be another one's since."""
    written = Closing.objects.filter(mail_to=address, closed_at__gte=written_at).order_by("closed_at")
    closing = written.select_related("account").first()
    return closing.account if closing else None


def mail_address(account: Account) -> str:
    """Where its mails go. Of a closed account: where they went before, and "" once nothing of it is open."""
    if account.is_active:
        return account.email
    closing = Closing.objects.filter(account=account).first()
    return closing.mail_to if closing else account.email
