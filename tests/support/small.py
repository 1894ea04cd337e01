"""One article, guide or video at a time, where the whole hub is not the point."""

from django.urls import reverse
from django.utils import translation

from support.models import Article, ArticleText
from tests import make

STEPS = "Begin here.\n\n## Look\n![A page](register)\nAt it.\n\n## Press\nThe button."


def article(slug="how-to-cancel", *, languages=("en", "el"), body="So and **so**.", **facts) -> Article:
    values = {"category": "cancelling", "position": 1, "done_in": "both"} | facts
    row = Article.objects.create(slug=slug, **values)
    for language in languages:
        text(row, language, body=body)
    return row


def text(row: Article, language: str, **words) -> ArticleText:
    values = {"question": f"{row.slug} in {language}?", "body": "So.", "source_hash": "x", "updated_at": make.NOW}
    return ArticleText.objects.create(article=row, language=language, **(values | words))


def video(slug="qr-code", **facts) -> Article:
    return article(slug, kind="video", series="app", body=STEPS, **facts)


def page(client, name, *args, language="en", query="", **headers):
    with translation.override(language):
        return client.get(reverse(name, args=args) + query, headers=headers)
