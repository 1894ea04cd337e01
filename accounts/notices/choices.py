"""Which notices an account wants where: the table of kinds, with what the account chose laid over it (N1)."""

from collections.abc import Mapping

from django.db.models import QuerySet

from accounts.models import Account, Notice, NoticeChoice
from accounts.notices.kinds import KINDS
from accounts.notices.topics import TOPICS
from accounts.rules.notices import CHANNELS, CONTRACTUAL, EMAIL, is_wanted_unasked, may_choose

# (topic, channel) of what an account chose otherwise than it is unasked.
Chosen = Mapping[tuple[str, str], bool]


def notices_for(account: Account, channel: str) -> QuerySet[Notice]:
    """What the account was told that goes to this channel: kinds that may, of topics that it wants there."""
    chosen = chosen_by(account)
    kinds = [
        name for name, kind in KINDS.items() if channel in kind.channels and is_wanted(chosen, kind.topic, channel)
    ]
    return Notice.objects.filter(account=account, kind__in=kinds)


def wants_mail(account: Account, kind: str) -> bool:
    """Asked when a mail is sent, so that a choice counts from the moment it is made. No query for contractual ones."""
    if KINDS[kind].importance == CONTRACTUAL:
        return True
    return is_wanted(chosen_by(account), KINDS[kind].topic, EMAIL)


def chosen_by(account: Account) -> Chosen:
    choices = NoticeChoice.objects.filter(account=account)
    return {(choice.choice, choice.channel): choice.is_wanted for choice in choices}


def is_wanted(chosen: Chosen, topic: str, channel: str) -> bool:
    return chosen.get((topic, channel), is_wanted_unasked(TOPICS[topic].importance))


def channels_of(topic: str) -> tuple[str, ...]:
    """Where the kinds of a topic may go at all, in the order of the table; nowhere for what is no topic."""
    allowed = frozenset[str]().union(*(kind.channels for kind in KINDS.values() if kind.topic == topic))
    return tuple(channel for channel in CHANNELS if channel in allowed)


def choosable(topic: str) -> tuple[str, ...]:
    """What of it may be switched on and off."""
    return tuple(channel for channel in channels_of(topic) if may_choose(TOPICS[topic].importance, channel))
