"""What readers tell the editors without a name: votes, searches in vain, messages begun at an answer (H4)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

LONGEST_REMARK = 500
LONGEST_WORDS = 120


class Reason(models.TextChoices):
    UNCLEAR = "unclear", _("I do not understand it")
    INCOMPLETE = "incomplete", _("Something is missing")
    OTHER_QUESTION = "other-question", _("It answers another question")
    WRONG = "wrong", _("It is wrong or out of date")
    DOES_NOT_WORK = "does-not-work", _("I did what it says, and it does not work")
    UNWELCOME = "unwelcome", _("I understand it, but I do not like the rule")


class Vote(models.Model):
    """One "Was this helpful?", of a day; neither account nor session nor address is kept."""

    # Of the article: a vote outlives it.
    article_key = models.SlugField(max_length=60)
    language = models.CharField(max_length=5)
    is_helpful = models.BooleanField()
    reason = models.CharField(max_length=20, choices=Reason.choices, blank=True)
    remark = models.CharField(max_length=LONGEST_REMARK, blank=True)
    on = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(is_helpful=True, reason="") | Q(is_helpful=False, reason__in=Reason.values),
                name="vote_reason_exactly_when_not_helpful",
            )
        ]
        indexes = [models.Index(fields=["on", "article_key"], name="vote_of_article")]

    def __str__(self) -> str:
        return f"{self.article_key} {self.on}"


class FailedSearch(models.Model):
    """Words that no answer has, as search compares them, and how often they were asked; nobody's name or number."""

    language = models.CharField(max_length=5)
    words = models.CharField(max_length=LONGEST_WORDS)
    times = models.PositiveIntegerField(default=0)
    last_on = models.DateField()

    class Meta:
        verbose_name_plural = "failed searches"
        constraints = [models.UniqueConstraint(fields=["language", "words"], name="failed_search_once_per_language")]

    def __str__(self) -> str:
        return self.words


class ContactOpening(models.Model):
    """How often the contact form was opened from an answer: it did not answer, or it made one ask for more."""

    article_key = models.SlugField(max_length=60, unique=True)
    times = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.article_key
