"""What the hub's pages show: categories, an article in the reader's language or the other, what is related (H1, H3)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.functional import Promise

from portal.markdown import Block, blocks
from portal.models import Market
from portal.near import kept_near
from support.articles.done_in import where
from support.articles.facts import facts_of, fill
from support.categories import CATEGORIES
from support.models import Article, ArticleDraft, ArticleText, Kind


@dataclass(frozen=True, kw_only=True)
class Linked:
    label: str
    url: str
    # Where it differs from the page's.
    language: str = ""


@dataclass(frozen=True, kw_only=True)
class Shelf:
    slug: str
    name: str | Promise
    articles: int

    @property
    def url(self) -> str:
        return reverse("support_category", args=[self.slug])


@dataclass(frozen=True, kw_only=True)
class Answer:
    article: Article
    text: ArticleText | ArticleDraft
    question: str
    blocks: list[Block]
    links: list[Linked]
    related: list[Linked]
    guide: Linked | None
    # Where the thing is done.
    where: str
    # Of its text, where that is not the reader's.
    language: str


def shelves() -> list[Shelf]:
    """The categories that have articles, in their order. One query, where they are not kept."""
    counts = kept_near("shelves", _counts)
    return [Shelf(slug=slug, name=name, articles=counts[slug]) for slug, name in CATEGORIES.items() if slug in counts]


def _counts() -> dict[str, int]:
    counts: dict[str, int] = {}
    there = Article.objects.up().filter(Exists(ArticleText.objects.filter(article=OuterRef("pk"))), kind=Kind.ANSWER)
    for category, also_in in there.values_list("category", "also_in"):
        for slug in {category, *also_in}:
            counts[slug] = counts.get(slug, 0) + 1
    return counts


def questions_of(category: str, *, language: str, market: Market) -> list[Linked]:
    """One query, and one for the facts."""
    answers = Article.objects.up().filter(kind=Kind.ANSWER)
    found = answers.filter(category=category) | answers.filter(also_in__contains=[category])
    return linked(with_texts(found, language), language, facts_of(market))


def answer_of(category: str, slug: str, *, language: str, market: Market) -> Answer | None:
    """None where there is no such article; in another category that lists it, it is found too."""
    article = Article.objects.up().filter(slug=slug, kind=Kind.ANSWER).first()
    if article is None or category not in {article.category, *article.also_in}:
        return None
    text = texts_of([article], language).get(article.pk)
    if text is None:
        return None
    return answer(article, text, language=language, market=market)


def answer(article: Article, text: ArticleText | ArticleDraft, *, language: str, market: Market) -> Answer:
    """An article's words as its page shows them, published or not."""
    facts = facts_of(market)
    return Answer(
        article=article,
        text=text,
        question=fill(text.question, facts),
        blocks=blocks(fill(text.body, facts)),
        links=links_of(text, facts),
        related=related_of(article, language, facts),
        guide=guide_of(article, language, facts),
        where=where(article.done_in, market.brand),
        language="" if text.language == language else text.language,
    )


def links_of(text: ArticleText | ArticleDraft, facts: Mapping[str, str]) -> list[Linked]:
    return [Linked(label=fill(link["text"], facts), url=reverse(link["page"])) for link in text.links]


def related_of(article: Article, language: str, facts: Mapping[str, str]) -> list[Linked]:
    others = {other.slug: (other, text) for other, text in with_texts(_named(article.related), language)}
    return linked([others[each] for each in article.related if each in others], language, facts)


def guide_of(article: Article, language: str, facts: Mapping[str, str]) -> Linked | None:
    """The how-to guide that goes further, where there is one."""
    guides = with_texts(_named([article.guide]).filter(kind=Kind.GUIDE), language) if article.guide else []
    return next(iter(linked(guides, language, facts)), None)


def _named(slugs: list[str]) -> QuerySet[Article]:
    return Article.objects.up().filter(slug__in=slugs)


def texts_of(articles: Iterable[Article], language: str) -> dict[int, ArticleText]:
    """By article: its text in the language, else in the first other that has one. One query."""
    return best_of(ArticleText.objects.filter(article__in=list(articles)).defer("search"), language)


def with_texts(articles: QuerySet[Article], language: str) -> list[tuple[Article, ArticleText]]:
    """Those that have words, by position, each with the same text. One query for both."""
    texts = ArticleText.objects.filter(article__in=articles).select_related("article").defer("search")
    found = [(text.article, text) for text in best_of(texts, language).values()]
    return sorted(found, key=lambda pair: (pair[0].position, pair[0].pk))


def best_of(texts: Iterable[ArticleText], language: str) -> dict[int, ArticleText]:
    """By article, of texts in all languages."""
    ranks = {code: place for place, (code, _name) in enumerate(settings.LANGUAGES)} | {language: -1}
    worst_first = sorted(texts, key=lambda text: ranks.get(text.language, len(ranks)), reverse=True)
    return {text.article_id: text for text in worst_first}


def questions(articles: Iterable[Article], language: str, facts: Mapping[str, str]) -> list[Linked]:
    articles = list(articles)
    texts = texts_of(articles, language)
    return linked([(each, texts[each.pk]) for each in articles if each.pk in texts], language, facts)


def linked(found: Iterable[tuple[Article, ArticleText]], language: str, facts: Mapping[str, str]) -> list[Linked]:
    return [
        Linked(
            label=fill(text.question, facts),
            url=url_of(article),
            language="" if text.language == language else text.language,
        )
        for article, text in found
    ]


def url_of(article: Article) -> str:
    if article.kind == Kind.GUIDE:
        return reverse("support_guide", args=[article.slug])
    if article.kind == Kind.VIDEO:
        return reverse("support_video", args=[article.slug])
    return reverse("support_article", args=[article.category, article.slug])
