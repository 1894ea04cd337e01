"""Calls that answer with a file: the file as it is, and every no as a problem like anywhere else."""

from collections.abc import Mapping
from typing import Any

from rest_framework.renderers import BaseRenderer, JSONRenderer

PDF = "application/pdf"


class FileRenderer(BaseRenderer):
    """Lets a caller ask for the file by `Accept`; what is rendered is never the file, but a problem instead of it."""

    media_type = PDF
    format = "pdf"

    def render(self, data: Any, accepted_media_type: Any = None, renderer_context: Any = None) -> bytes:
        return JSONRenderer().render(data)


def renderers_of(endings: Mapping[str, str]) -> tuple[type[FileRenderer], ...]:
    """The same for files of several kinds: by media type, the ending of their names."""
    return tuple(
        type("FileRenderer", (FileRenderer,), {"media_type": kind, "format": ending})
        for kind, ending in endings.items()
    )
