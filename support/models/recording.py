"""Recordings of the how-to videos: our own file, its captions and chapters, per language (H1)."""

import uuid

from django.db import models
from django.db.models import Q

from support.models.article import Article

MP4, WEBM = "video/mp4", "video/webm"
ENDINGS = {MP4: "mp4", WEBM: "webm"}


class Recording(models.Model):
    """Until there is one the page shows its drawn steps alone."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="recordings")
    language = models.CharField(max_length=5)
    # In the storage of made files; generated, so that no name of an editor's gets into a path.
    file = models.CharField(max_length=100, unique=True)
    media_type = models.CharField(max_length=20)
    size = models.PositiveBigIntegerField()
    # WebVTT as it was checked; the transcript is made of the captions.
    captions = models.TextField()
    chapters = models.TextField(blank=True)
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["article", "language"], name="recording_once_per_language"),
            models.CheckConstraint(condition=Q(media_type__in=[MP4, WEBM]), name="recording_of_a_known_type"),
        ]

    def __str__(self) -> str:
        return self.file

    @staticmethod
    def new_name(media_type: str) -> str:
        return f"recordings/{uuid.uuid4().hex}.{ENDINGS[media_type]}"
