"""Where an article stands, and whether readers see it: the editors' decisions, which files leave alone (H1)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from portal.audit import record
from portal.refusals import Refusal
from support.finding.indexing import forget_text, index_text
from support.models import Article

PLACE = ("category", "also_in", "done_in", "related")


def place_article(
    *,
    article: Article,
    category: str,
    also_in: list[str],
    done_in: str,
    related: list[str],
    now: datetime,
    by: Account,
) -> Article:
    """Its old address leads on to the new one where the old category still lists it."""
    with transaction.atomic():
        row = Article.objects.select_for_update().get(pk=article.pk)
        before = {name: getattr(row, name) for name in PLACE}
        row.category, row.done_in, row.related = category, done_in, related
        row.also_in = [each for each in also_in if each != category]
        row.placed_at = now
        row.save(update_fields=[*PLACE, "placed_at"])
        record("article_placed", account=None, by=by, now=now, subject=row, before=before)
        return row


def take_down(*, article: Article, reason: str, now: datetime, by: Account) -> Article:
    """Pages, lists and search leave it out; links of other articles to it are left out with it, its words are kept.

    Raises `Refusal` already_down.
    """
    with transaction.atomic():
        row = Article.objects.select_for_update().get(pk=article.pk)
        if not row.is_up:
            raise Refusal("already_down", _("It has been taken down already."))
        row.taken_down_at = now
        row.save(update_fields=["taken_down_at"])
        for text in row.texts.all():
            forget_text(text)
        record("article_taken_down", account=None, by=by, now=now, subject=row, reason=reason)
        return row


def put_up(*, article: Article, now: datetime, by: Account) -> Article:
    """Readers see it again, in the words that it has now. Raises `Refusal` already_up."""
    with transaction.atomic():
        row = Article.objects.select_for_update().get(pk=article.pk)
        if row.is_up:
            raise Refusal("already_up", _("Readers see it already."))
        row.taken_down_at = None
        row.save(update_fields=["taken_down_at"])
        for text in row.texts.select_related("article"):
            index_text(text)
        record("article_put_up", account=None, by=by, now=now, subject=row)
        return row
