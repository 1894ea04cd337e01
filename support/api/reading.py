"""Answers as the app is given them: found, listed, and one whole, in the reader's language or the other (H2, H3)."""

from dataclasses import dataclass

from django.conf import settings

from portal.links import absolute
from portal.models import Market
from support.articles.facts import facts_of, fill
from support.articles.hub import Answer, answer, texts_of, url_of
from support.finding.search import Result, search
from support.models import Article, Kind


@dataclass(frozen=True, kw_only=True)
class ShownArticle:
    answer: Answer
    body: str
    url: str


@dataclass(frozen=True, kw_only=True)
class FoundArticle:
    slug: str
    category: str
    question: str
    passage: str
    language: str
    url: str


def article_of(slug: str, *, language: str, market: Market) -> ShownArticle | None:
    article = Article.objects.up().filter(slug=slug, kind=Kind.ANSWER).first()
    text = texts_of([article], language).get(article.pk) if article else None
    if article is None or text is None:
        return None
    return ShownArticle(
        answer=answer(article, text, language=language, market=market),
        body=fill(text.body, facts_of(market)),
        url=url_of(article),
    )


def found(query: str, *, language: str, market: Market) -> list[FoundArticle]:
    """In the reader's language; where nothing is found there, in another one."""
    others = [code for code, _name in settings.LANGUAGES if code != language]
    tries = (search(query, language=each, market=market) for each in (language, *others))
    return [_of_result(result) for result in next((results for results in tries if results), [])]


def listed(category: str, *, language: str, market: Market) -> list[FoundArticle]:
    """Of one category, or of all of them, in the hub's order. Three queries."""
    answers = Article.objects.up().filter(kind=Kind.ANSWER)
    if category:
        answers = answers.filter(category=category) | answers.filter(also_in__contains=[category])
    articles = list(answers.order_by("position", "pk"))
    texts, facts = texts_of(articles, language), facts_of(market)
    return [
        FoundArticle(
            slug=each.slug,
            category=each.category,
            question=fill(texts[each.pk].question, facts),
            passage="",
            language=texts[each.pk].language,
            url=absolute(url_of(each)),
        )
        for each in articles
        if each.pk in texts
    ]


def _of_result(result: Result) -> FoundArticle:
    shown = result.shown
    return FoundArticle(
        slug=shown.slug,
        category=shown.category,
        question=shown.question,
        passage="".join(passage.words for passage in result.passage),
        language=shown.language,
        url=absolute(shown.url),
    )
