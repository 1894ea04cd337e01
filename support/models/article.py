"""The hub's answers, guides and videos: an article each, a text per language, and the words search knows (H1, H2)."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q

from support.categories import CATEGORIES

SLUGS = list(CATEGORIES)


class Kind(models.TextChoices):
    ANSWER = "answer", "answer"
    GUIDE = "guide", "how-to guide"
    VIDEO = "video", "how-to video"


class ArticleQuerySet(models.QuerySet["Article"]):
    def up(self) -> "ArticleQuerySet":
        """Those that readers see, once they have words."""
        return self.filter(taken_down_at__isnull=True)


class Article(models.Model):
    """What is the same in every language. Categories are `support/categories.py`; they need no rows."""

    slug = models.SlugField(max_length=60, unique=True)
    kind = models.CharField(max_length=6, choices=Kind.choices, default=Kind.ANSWER)
    # Of videos: the group that shows it (`support/articles/series.py`).
    series = models.CharField(max_length=20, blank=True)
    category = models.CharField(max_length=30)
    also_in = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    position = models.PositiveIntegerField()
    # Where the thing is done: on this site, in the app or the car, or in both.
    done_in = models.CharField(max_length=6)
    related = ArrayField(models.SlugField(max_length=60), default=list, blank=True)
    guide = models.CharField(max_length=30, blank=True)
    # Where the answers stand in the public text that it stands for.
    answers = ArrayField(models.PositiveIntegerField(), default=list, blank=True)
    # Begun by an editor: no file has it, so that loading the files leaves it alone.
    is_editors = models.BooleanField(default=False)
    # By an editor: nobody sees it, and no search finds it, until it is put up again.
    taken_down_at = models.DateTimeField(null=True, blank=True)
    # By an editor: where it stands and what is related, which the files leave alone from then on.
    placed_at = models.DateTimeField(null=True, blank=True)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(category__in=SLUGS), name="article_category_known"),
            models.CheckConstraint(condition=Q(done_in__in=["portal", "both", "app"]), name="article_done_in_known"),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="article_kind_known"),
            models.CheckConstraint(
                condition=Q(kind="video") & ~Q(series="") | ~Q(kind="video") & Q(series=""),
                name="article_series_of_videos_alone",
            ),
        ]

    def __str__(self) -> str:
        return self.slug

    @property
    def is_up(self) -> bool:
        return self.taken_down_at is None


class ArticleText(models.Model):
    """An article in one language; Markdown with placeholders, filled as it is shown (`support/articles/facts.py`)."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(max_length=5)
    question = models.CharField(max_length=120)
    body = models.TextField()
    # What else people type for it; never shown.
    keywords = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    # Pages where the thing is done, `[{"page": "wallet", "text": "My wallet"}, ...]`.
    links = models.JSONField(default=list, blank=True)
    updated_at = models.DateTimeField(help_text="When the words changed last: loaded anew, or edited.")
    # Of the file that it was loaded from.
    source_hash = models.CharField(max_length=64)
    # By an editor, since it was loaded: the files do not overwrite it.
    edited_at = models.DateTimeField(null=True, blank=True)
    search = SearchVectorField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "language"], name="article_once_per_language")]
        indexes = [GinIndex(fields=["search"], name="article_search")]

    def __str__(self) -> str:
        return f"{self.article_id} ({self.language})"
