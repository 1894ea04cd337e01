"""Drafts of articles, their publication by hand or at their moment, and articles that an editor begins (H1)."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from accounts.models import Account
from portal.audit import record
from portal.refusals import Refusal
from support.actions.articles import change_text
from support.models import Article, ArticleDraft, ArticleText, ArticleVersion


@transaction.atomic
def save_draft(
    *,
    article: Article,
    language: str,
    question: str,
    body: str,
    keywords: list[str],
    links: list[dict[str, str]],
    publish_at: datetime | None = None,
    now: datetime,
    by: Account,
) -> ArticleDraft:
    """Readers see nothing of it. `publish_at` in the past is published by the next run."""
    words: dict[str, Any] = {"question": question, "body": body, "keywords": keywords, "links": links}
    draft, _is_new = ArticleDraft.objects.update_or_create(
        article=article, language=language, defaults=words | {"publish_at": publish_at, "saved_at": now}
    )
    record("article_draft_saved", account=None, by=by, now=now, subject=article, language=language, at=publish_at)
    return draft


@transaction.atomic
def draft_of_version(*, version: ArticleVersion, now: datetime, by: Account) -> ArticleDraft:
    """What readers saw once, to be published again."""
    return save_draft(
        article=version.article,
        language=version.language,
        question=version.question,
        body=version.body,
        keywords=version.keywords,
        links=version.links,
        now=now,
        by=by,
    )


@transaction.atomic
def discard_draft(*, draft: ArticleDraft, now: datetime, by: Account) -> None:
    record("article_draft_discarded", account=None, by=by, now=now, subject=draft.article, language=draft.language)
    draft.delete()


@transaction.atomic
def publish_draft(*, draft: ArticleDraft, now: datetime, by: Account | None) -> ArticleText:
    """Readers see it from now on. Refusal draft_gone: somebody else has published or discarded it."""
    row = ArticleDraft.objects.select_for_update().filter(pk=draft.pk).first()
    if row is None:
        raise Refusal("draft_gone", "This draft is not there any more.")
    empty = {"question": row.question, "body": "", "source_hash": "", "updated_at": now}
    text, _is_new = ArticleText.objects.get_or_create(article=row.article, language=row.language, defaults=empty)
    published = change_text(
        text=text, question=row.question, body=row.body, keywords=row.keywords, links=row.links, now=now, by=by
    )
    row.delete()
    return published


def publish_due(*, now: datetime) -> int:
    """Those whose moment has come; gives how many. Two runs at once publish each of them once."""
    published = 0
    for draft in ArticleDraft.objects.filter(publish_at__lte=now).order_by("publish_at", "pk"):
        try:
            publish_draft(draft=draft, now=now, by=None)
        except Refusal:
            continue
        published += 1
    return published


@transaction.atomic
def begin_article(*, slug: str, category: str, done_in: str, related: list[str], now: datetime, by: Account) -> Article:
    """An answer of the editors' own, which loading the files leaves alone; nobody sees it before it has words."""
    last = Article.objects.aggregate(last=Max("position"))["last"] or 0
    article = Article.objects.create(
        slug=slug, category=category, done_in=done_in, related=related, position=last + 1, is_editors=True
    )
    record("article_begun", account=None, by=by, now=now, subject=article, slug=slug)
    return article
