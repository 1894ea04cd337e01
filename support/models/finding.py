"""What search knows: the ways in which a question is asked, the words there are, and words that mean the same (H2)."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from support.models.article import ArticleText


class Phrasing(models.Model):
    """A text's question, or one of its keywords: in other words, what a reader may type for it."""

    text = models.ForeignKey(ArticleText, on_delete=models.CASCADE, related_name="phrasings")
    language = models.CharField(max_length=5)
    # Or one of its keywords.
    is_question = models.BooleanField()
    stems = ArrayField(models.CharField(max_length=60))
    # What its words say together: a rare word says more (`support/rules/ranking.py`).
    length = models.FloatField()

    class Meta:
        indexes = [GinIndex(fields=["stems"], name="phrasing_stems")]

    def __str__(self) -> str:
        return f"{self.text_id}: {' '.join(self.stems)}"


class Indexed(models.Model):
    """How many texts search knows in a language, so that no search counts them."""

    language = models.CharField(max_length=5, primary_key=True)
    texts = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.language}: {self.texts}"


class Word(models.Model):
    """A word of a language's texts or synonyms; what none of them has is mended to one."""

    language = models.CharField(max_length=5)
    # Folded: small letters without accents.
    word = models.CharField(max_length=60)
    # The same as it sounds in Latin letters, in which Greek is typed too.
    sound = models.CharField(max_length=120, db_collation="C")
    # How search knows it. Words that ask share one for their line; words that say nothing have none.
    stem = models.CharField(max_length=60, blank=True)
    # The sound, and all of it but one letter: two words that share one of these are one typing error apart.
    near = ArrayField(models.CharField(max_length=120, db_collation="C"), default=list)
    # How many texts have its stem.
    texts = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["language", "word"], name="word_once_per_language")]
        indexes = [
            models.Index(fields=["language", "sound"], name="word_sounding"),
            models.Index(fields=["language", "stem"], name="word_stem"),
            GinIndex(fields=["near"], name="word_near"),
            GinIndex(fields=["sound"], opclasses=["gin_trgm_ops"], name="word_sound"),
        ]

    def __str__(self) -> str:
        return self.word


class SameWords(models.Model):
    """Words that mean the same, that only ask, or that say nothing: from `support/synonyms/`, then the editors'."""

    class Kind(models.TextChoices):
        SAME = "same", "mean the same"
        ASKING = "asking", "only ask, and count little"
        EMPTY = "empty", "say nothing, and are left out"

    language = models.CharField(max_length=5)
    kind = models.CharField(max_length=6, choices=Kind.choices, default=Kind.SAME)
    words = ArrayField(models.CharField(max_length=60))
    # Of those that mean the same, as search knows them.
    stems = ArrayField(models.CharField(max_length=60), default=list)
    # The line of the file that it came from; an editor's own has none.
    line = models.TextField(blank=True)
    # By an editor, since it was loaded: the file does not overwrite it.
    edited_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "words that mean the same"
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["same", "asking", "empty"]), name="same_words_kind_known")
        ]

    def __str__(self) -> str:
        return ", ".join(self.words)
