"""A stored file answered whole or by the piece: a player jumps about in a video by asking for ranges (RFC 9110, 14).

Django's FileResponse knows no ranges. One range is answered; of several, as the standard allows, the whole.
"""

import re
from collections.abc import Iterator
from typing import IO

from django.core.files.storage import default_storage
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse

_RANGE = re.compile(r"bytes=(\d*)-(\d*)")
_PIECE = 64 * 1024


def file_response(name: str, *, size: int, media_type: str, asked: str) -> HttpResponseBase:
    """`asked` is the header Range. FileNotFoundError if the storage has lost the file."""
    span = _span(asked, size)
    if span == ():
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    first, last = span or (0, size - 1)
    response = StreamingHttpResponse(_Pieces(default_storage.open(name), first, last), content_type=media_type)
    response.headers["Content-Length"] = str(last - first + 1)
    response.headers["Accept-Ranges"] = "bytes"
    if span:
        response.status_code = 206
        response.headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    return response


def _span(asked: str, size: int) -> tuple[int, int] | tuple[()] | None:
    """First and last byte; None for the whole, () for what the file does not have."""
    match = _RANGE.fullmatch(asked.strip())
    if match is None or match.groups() == ("", ""):
        return None
    if not match[1]:
        return (max(size - int(match[2]), 0), size - 1) if int(match[2]) else ()
    first, last = int(match[1]), min(int(match[2] or size - 1), size - 1)
    return (first, last) if first <= last else ()


class _Pieces:
    """The bytes from `first` to `last`; closing the response closes the file, read or not."""

    def __init__(self, file: IO[bytes], first: int, last: int) -> None:
        self.file, self.first, self.last = file, first, last
        self.close = file.close

    def __iter__(self) -> Iterator[bytes]:
        self.file.seek(self.first)
        left = self.last - self.first + 1
        while left > 0 and (piece := self.file.read(min(_PIECE, left))):
            left -= len(piece)
            yield piece
