"""Which notices a customer wants, and where (S9, N1)."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.db import transaction

from accounts.actions.locking import locked_account
from accounts.models import Account, NoticeChoice
from accounts.notices.choices import choosable, chosen_by, is_wanted
from accounts.notices.topics import TOPICS
from accounts.rules.notices import INBOX, is_wanted_unasked, may_choose
from portal.audit import record


@transaction.atomic
def choose_notices(
    *, account: Account, wanted: Mapping[tuple[str, str], bool], now: datetime, by: Account | None
) -> int:
    """Keeps what is wanted of each (topic, channel); how many changed. What stays the same is not recorded.

    `by` is None for one click in a mail. Raises `Refusal` account_closed, and ValueError for what cannot
    be chosen: no form offers it.
    """
    _check_choosable(wanted)
    wanted = _with_inbox(wanted)
    locked = locked_account(account)
    chosen = chosen_by(locked)
    changed = [(each, is_on) for each, is_on in wanted.items() if is_wanted(chosen, *each) != is_on]
    for (topic, channel), is_on in changed:
        _keep(locked, topic, channel, is_on=is_on, now=now)
        record("notices chosen", account=locked, by=by, now=now, choice=topic, channel=channel, is_wanted=is_on)
    return len(changed)


def choose_early_notices(*, account: Account, is_wanted: bool, now: datetime, by: Account | None) -> None:
    """S9: earlier notices of yearly and four-yearly charges, wherever they may go, or no longer."""
    wanted = {(NoticeChoice.EARLY, channel): is_wanted for channel in choosable(NoticeChoice.EARLY)}
    choose_notices(account=account, wanted=wanted, now=now, by=by)


def early_notices_since(account: Account) -> date | None:
    """The day on which the account opted in, by its market's calendar; None if it has not."""
    opted_in = NoticeChoice.objects.filter(account=account, choice=NoticeChoice.EARLY, channel=INBOX).first()
    return account.market.local_date(opted_in.chosen_at) if opted_in else None


def early_notices_of(accounts: Iterable[Account]) -> dict[int, date]:
    """The same of many, by their ids; those that have not are left out. One query."""
    markets = {account.pk: account.market for account in accounts}
    chosen = NoticeChoice.objects.filter(account__in=markets, choice=NoticeChoice.EARLY, channel=INBOX)
    return {
        account_id: markets[account_id].local_date(chosen_at)
        for account_id, chosen_at in chosen.values_list("account_id", "chosen_at")
    }


def _with_inbox(wanted: Mapping[tuple[str, str], bool]) -> dict[tuple[str, str], bool]:
    """N2: what is told anywhere is kept in the inbox, so that choosing a channel chooses the inbox too."""
    told = {topic for (topic, _channel), is_on in wanted.items() if is_on}
    chosen = {topic for topic in told if may_choose(TOPICS[topic].importance, INBOX)}
    return dict(wanted) | {(topic, INBOX): True for topic in chosen}


def _check_choosable(wanted: Mapping[tuple[str, str], bool]) -> None:
    wrong = [f"{topic} {channel}" for topic, channel in wanted if channel not in choosable(topic)]
    if wrong:
        raise ValueError(f"There is no choice of {', '.join(wrong)}.")


def _keep(account: Account, topic: str, channel: str, *, is_on: bool, now: datetime) -> None:
    if is_on == is_wanted_unasked(TOPICS[topic].importance):
        NoticeChoice.objects.filter(account=account, choice=topic, channel=channel).delete()
        return
    NoticeChoice.objects.create(account=account, choice=topic, channel=channel, is_wanted=is_on, chosen_at=now)
