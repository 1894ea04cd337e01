"""What editors prepare before readers see it, and what readers saw before (H1)."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models

from support.models.article import Article


class Words(models.Model):
    """The words of an article in one language."""

    language = models.CharField(max_length=5)
    question = models.CharField(max_length=120)
    body = models.TextField()
    keywords = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    links = models.JSONField(default=list, blank=True)

    class Meta:
        abstract = True


class ArticleDraft(Words):
    """Words that nobody but editors sees, until they are published: by hand, or when their moment comes."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="drafts")
    publish_at = models.DateTimeField(null=True, blank=True)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "language"], name="one_draft_per_language")]
        indexes = [models.Index(fields=["publish_at"], name="draft_publish_at")]

    def __str__(self) -> str:
        return f"{self.article_id} ({self.language})"


class ArticleVersion(Words):
    """Words as readers saw them from `at` on; never changed. Who wrote them is in the audit."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="versions")
    at = models.DateTimeField()
    is_of_file = models.BooleanField()

    class Meta:
        indexes = [models.Index(fields=["article", "language", "at"], name="version_of_article")]
        triggers = [pgtrigger.Protect(name="version_stays", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.article_id} ({self.language}) {self.at}"
