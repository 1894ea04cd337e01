"""Which optional notices a customer wants (S9, N1)."""

from datetime import date, datetime

from django.db import transaction

from accounts.models import Account, NoticeChoice
from portal.audit import record


@transaction.atomic
def choose_early_notices(*, account: Account, is_wanted: bool, now: datetime, by: Account | None) -> None:
    """S9: earlier notices of yearly and four-yearly charges, or no longer; what stays the same is not recorded."""
    locked = Account.objects.select_for_update(of=["self"], no_key=True).get(pk=account.pk)
    chosen = NoticeChoice.objects.filter(account=locked, choice=NoticeChoice.EARLY)
    if chosen.exists() == is_wanted:
        return
    if is_wanted:
        NoticeChoice.objects.create(account=locked, choice=NoticeChoice.EARLY, chosen_at=now)
    else:
        chosen.delete()
    record("notices chosen", account=locked, by=by, now=now, choice=NoticeChoice.EARLY, is_wanted=is_wanted)


def early_notices_since(account: Account) -> date | None:
    """The day on which the account opted in, by its market's calendar; None if it has not."""
    chosen = NoticeChoice.objects.filter(account=account, choice=NoticeChoice.EARLY).first()
    return account.market.local_date(chosen.chosen_at) if chosen else None
