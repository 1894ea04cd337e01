"""What the pages of guides and videos show: steps with drawings, and a recording where there is one (H1)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.utils.functional import Promise

from portal.folding import sound_of, words_of
from portal.markdown import Block, blocks
from portal.models import Market
from portal.near import kept_near
from support.articles.done_in import where
from support.articles.drawings import Drawn, drawn
from support.articles.facts import facts_of, fill
from support.articles.hub import Linked, guide_of, linked, links_of, related_of, texts_of, url_of, with_texts
from support.articles.outline import Section, sections
from support.articles.series import SERIES
from support.models import Article, ArticleDraft, ArticleText, Kind, Recording
from support.rules.webvtt import Cue, cues

# So much of what was typed a title and its keywords must say.
ENOUGH_SAID = 0.5


@dataclass(frozen=True, kw_only=True)
class Step:
    number: int
    title: str
    blocks: list[Block]
    drawn: Drawn | None
    alternative: str


@dataclass(frozen=True, kw_only=True)
class HowTo:
    article: Article
    text: ArticleText | ArticleDraft
    title: str
    introduction: list[Block]
    steps: list[Step]
    links: list[Linked]
    related: list[Linked]
    guide: Linked | None
    where: str
    # Of its text, where that is not the reader's.
    language: str
    recording: Recording | None = None

    @property
    def chapters(self) -> list[Cue]:
        return cues(self.recording.chapters) if self.recording and self.recording.chapters else []

    @property
    def transcript(self) -> list[str]:
        """What is said, a paragraph for each chapter."""
        return transcript(cues(self.recording.captions), self.chapters) if self.recording else []


@dataclass(frozen=True, kw_only=True)
class Named:
    """What a guide or video is found by: its title, and that with its keywords."""

    title: str
    words: str
    url: str
    # Where it differs from the page's.
    language: str


@dataclass(frozen=True, kw_only=True)
class Group:
    slug: str
    name: str | Promise
    howtos: list[Linked]


def howto_of(kind: str, slug: str, *, language: str, market: Market) -> HowTo | None:
    article = Article.objects.up().filter(slug=slug, kind=kind).first()
    text = texts_of([article], language).get(article.pk) if article else None
    return howto(article, text, language=language, market=market) if article and text else None


def howto(article: Article, text: ArticleText | ArticleDraft, *, language: str, market: Market) -> HowTo:
    facts = facts_of(market)
    introduction, *steps = sections(text.body)
    return HowTo(
        article=article,
        text=text,
        title=fill(text.question, facts),
        introduction=blocks(fill(introduction.text, facts)),
        steps=[_step(number, section, facts) for number, section in enumerate(steps, start=1)],
        links=links_of(text, facts),
        related=related_of(article, language, facts),
        guide=guide_of(article, language, facts),
        where=where(article.done_in, market.brand),
        language="" if text.language == language else text.language,
        recording=recording_of(article, language),
    )


def recording_of(article: Article, language: str) -> Recording | None:
    """In the reader's language, else in another: its captions help all the same."""
    there = sorted(article.recordings.all(), key=lambda each: each.language != language)
    return there[0] if there else None


def transcript(captions: Iterable[Cue], chapters: Iterable[Cue]) -> list[str]:
    starts = [chapter.start for chapter in chapters if chapter.start]
    paragraphs: dict[int, list[str]] = {}
    for cue in captions:
        paragraphs.setdefault(sum(start <= cue.start for start in starts), []).append(cue.text)
    return [" ".join(spoken) for spoken in paragraphs.values()]


def guides(*, language: str, facts: Mapping[str, str]) -> list[Linked]:
    return linked(with_texts(Article.objects.up().filter(kind=Kind.GUIDE), language), language, facts)


def video_groups(*, language: str, market: Market, facts: Mapping[str, str]) -> list[Group]:
    """In their order; a group without videos is left out. One query."""
    videos = with_texts(Article.objects.up().filter(kind=Kind.VIDEO), language)
    groups = [
        Group(
            slug=slug,
            name=market.brand.app_name if slug == "app" else name,
            howtos=linked([(each, text) for each, text in videos if each.series == slug], language, facts),
        )
        for slug, name in SERIES.items()
    ]
    return [group for group in groups if group.howtos]


def howtos_of(category: str, *, language: str, market: Market) -> list[Linked]:
    """Guides and videos that belong to a category of answers."""
    rows = Article.objects.up().filter(category=category).exclude(kind=Kind.ANSWER)
    return linked(with_texts(rows, language), language, facts_of(market))


def howtos_about(typed: str, *, language: str, facts: Mapping[str, str], most: int = 3) -> list[Linked]:
    """Guides and videos whose title or keywords have words of what was typed, beside the answers (H2). One query, where
    they are not kept."""
    there = kept_near(f"how-tos for {language}", lambda: _named_howtos(language))
    said = _said_in(typed)
    found = [(share, each) for each in there if (share := _share(said, each.words)) >= ENOUGH_SAID]
    found.sort(key=lambda one: (one[0], _share(said, one[1].title)), reverse=True)
    chosen = [howto for _said, howto in found[:most]]
    return [Linked(label=fill(each.title, facts), url=each.url, language=each.language) for each in chosen]


def _named_howtos(language: str) -> list[Named]:
    return [
        Named(
            title=text.question,
            words=" ".join([text.question, *text.keywords]),
            url=url_of(article),
            language="" if text.language == language else text.language,
        )
        for article, text in with_texts(Article.objects.up().exclude(kind=Kind.ANSWER), language)
    ]


def is_named_so(typed: str, howtos: Sequence[Linked]) -> bool:
    """Whether the title of the first has all that was typed: it is what was looked for, and stands first."""
    return bool(howtos) and _share(_said_in(typed), howtos[0].label) == 1


def _said_in(typed: str) -> frozenset[str]:
    """Short words say something only where nothing else is asked, as in "qr"."""
    asked = _sounds(typed)
    return frozenset(word for word in asked if len(word) > 2) or asked


def _share(said: frozenset[str], words: str) -> float:
    """Of the words asked for, how many begin a word of the others or begin with one."""
    written, begun = _sounds(words), _beginnings_in(words)
    return sum(word in written or word in begun or _begins_with_one(word, written) for word in said) / (len(said) or 1)


@lru_cache(maxsize=5_000)
def _sounds(words: str) -> frozenset[str]:
    return frozenset(sound_of(word) for word in words_of(words))


@lru_cache(maxsize=5_000)
def _beginnings_in(words: str) -> frozenset[str]:
    return frozenset(each for word in _sounds(words) for each in _beginnings(word))


def _begins_with_one(word: str, there: frozenset[str]) -> bool:
    return not there.isdisjoint(_beginnings(word))


@lru_cache(maxsize=20_000)
def _beginnings(word: str) -> frozenset[str]:
    """Two letters are no beginning: too much else begins so."""
    return frozenset(word[:end] for end in range(3, len(word) + 1))


def _step(number: int, section: Section, facts: Mapping[str, str]) -> Step:
    return Step(
        number=number,
        title=fill(section.title, facts),
        blocks=blocks(fill(section.text, facts)),
        drawn=drawn(section.drawing) if section.drawing else None,
        alternative=fill(section.alternative, facts),
    )
