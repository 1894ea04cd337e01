"""Recordings of the how-to videos, added and taken away by editors (H1)."""

from datetime import datetime
from typing import Any

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.models import Account
from portal.audit import record
from support.models import Article, Recording


def add_recording(
    *,
    article: Article,
    language: str,
    video: "UploadedFile[Any]",
    media_type: str,
    captions: str,
    chapters: str,
    now: datetime,
    by: Account,
) -> Recording:
    """Takes the place of the one before. The file is stored first: a row never names one that is not there."""
    name = default_storage.save(Recording.new_name(media_type), video)
    with transaction.atomic():
        before = list(Recording.objects.select_for_update().filter(article=article, language=language))
        _drop(before)
        row = Recording.objects.create(
            article=article,
            language=language,
            file=name,
            media_type=media_type,
            size=video.size or 0,
            captions=captions,
            chapters=chapters,
            added_at=now,
        )
        record("recording_added", account=None, by=by, now=now, subject=article, language=language, file=name)
    return row


@transaction.atomic
def remove_recording(*, recording: Recording, now: datetime, by: Account) -> None:
    """Its page shows the drawn steps again."""
    article, language = recording.article, recording.language
    record("recording_removed", account=None, by=by, now=now, subject=article, language=language)
    _drop([recording])


def _drop(rows: list[Recording]) -> None:
    for row in rows:
        name = row.file
        row.delete()
        transaction.on_commit(lambda name=name: default_storage.delete(name))  # type: ignore[misc]
