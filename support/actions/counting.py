"""What is counted for the editors without anybody's name: votes, failed searches, messages begun at an answer (H4)."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import F

from portal.hourly_limit import network_of, take_turn
from portal.models import Market
from portal.refusals import Refusal
from support.feedback_words import TOO_MANY_VOTES
from support.models import Article, ContactOpening, FailedSearch, Vote
from support.models.feedback import LONGEST_WORDS
from support.rules.anonymous import kept_words

# In an hour. The address is hashed, kept in the cache alone, and forgotten with the hour.
MOST_VOTES_FROM_AN_ADDRESS = 20
MOST_SEARCHES_FROM_AN_ADDRESS = 60
MOST_OF_ALL = 2_000


def vote(
    *,
    article: Article,
    language: str,
    is_helpful: bool,
    reason: str,
    remark: str,
    address: str,
    market: Market,
    now: datetime,
) -> Vote:
    """Keeps one vote of the market's day. Refusal too_many_votes."""
    if not _take_turn("votes", address, most=MOST_VOTES_FROM_AN_ADDRESS, now=now):
        raise Refusal("too_many_votes", TOO_MANY_VOTES)
    return Vote.objects.create(
        article_key=article.slug,
        language=language,
        is_helpful=is_helpful,
        reason="" if is_helpful else reason,
        remark=remark,
        on=market.local_date(now),
    )


def count_failed_search(*, typed: str, language: str, address: str, market: Market, now: datetime) -> None:
    """One more time that these words found nothing. What may name somebody is not kept, nor what floods."""
    words = kept_words(typed, longest=LONGEST_WORDS)
    if words and _take_turn("failed-searches", address, most=MOST_SEARCHES_FROM_AN_ADDRESS, now=now):
        _count(words, language, market.local_date(now))


def count_contact_opened(article_key: str) -> None:
    """One more time that the contact form was opened from an article; of what is none, nothing is kept."""
    if Article.objects.filter(slug=article_key).exists():
        ContactOpening.objects.bulk_create([ContactOpening(article_key=article_key)], ignore_conflicts=True)
        ContactOpening.objects.filter(article_key=article_key).update(times=F("times") + 1)


@transaction.atomic
def _count(words: str, language: str, on: date) -> None:
    new = FailedSearch(words=words, language=language, last_on=on)
    FailedSearch.objects.bulk_create([new], ignore_conflicts=True)
    FailedSearch.objects.filter(words=words, language=language).update(times=F("times") + 1, last_on=on)


def _take_turn(what: str, address: str, *, most: int, now: datetime) -> bool:
    """Of the network address, and of everybody together."""
    of_address = take_turn(what, network_of(address), most=most, now=now)
    return take_turn(f"{what}-of-all", "", most=MOST_OF_ALL, now=now) and of_address
