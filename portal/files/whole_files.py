"""Files that are there whole or not at all, whatever happens while they are written."""

import os
from contextlib import suppress
from typing import Any
from uuid import uuid4

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage


class WholeFileStorage(FileSystemStorage):
    """Django's own storage writes into the file itself: a full disk or a kill leaves half of it under its name."""

    def _save(self, name: str, content: "File[Any]") -> str:
        part = f"{name}.{uuid4().hex}.part"
        try:
            part = super()._save(part, content)  # type: ignore[misc]
            os.replace(self.path(part), self.path(name))
        except OSError:
            with suppress(OSError):
                self.delete(part)
            raise
        return name
