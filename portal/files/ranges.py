"""A file sent whole or by the piece (RFC 9110, 14): a download goes on where it stopped, a player jumps about.

Django's FileResponse knows no ranges.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

PIECE = 1 << 16
_ONE_RANGE = re.compile(r"bytes=\s*([0-9]{0,15})-([0-9]{0,15})\s*")


class NotSatisfiable(Exception):
    """Nothing of the file lies in the range that was asked for."""


@dataclass(frozen=True)
class Stretch:
    """From the first to the last byte, both counted from 0 and included."""

    first: int
    last: int

    @property
    def size(self) -> int:
        return self.last - self.first + 1


def asked_stretch(header: str, *, size: int) -> Stretch | None:
    """None for the whole file: what cannot be read, or asks for several ranges, may be answered with it."""
    found = _ONE_RANGE.fullmatch(header)
    if found is None or not any(found.groups()):
        return None
    first, last = found.groups()
    if not first:
        stretch = Stretch(max(size - int(last), 0), size - 1)
    else:
        stretch = Stretch(int(first), min(int(last), size - 1) if last else size - 1)
        if last and int(last) < int(first):
            return None
    if stretch.size <= 0 or stretch.first >= size:
        raise NotSatisfiable
    return stretch


def resumable(
    request: HttpRequest, *, opened: Callable[[], IO[bytes]], size: int, tag: str, media_type: str, name: str = ""
) -> HttpResponseBase:
    """The file, `tag` standing for its bytes: whole (200), the range that was asked for (206), none of it (416), or
    nothing where the client has it (304). With a name it is a download. Of several ranges the whole is sent."""
    etag = f'"{tag}"'
    headers = {"Accept-Ranges": "bytes", "ETag": etag}
    if name:
        headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    if etag in [each.strip().removeprefix("W/") for each in request.headers.get("If-None-Match", "").split(",")]:
        return HttpResponseNotModified(headers=headers)
    try:
        stretch = _stretch(request, etag=etag, size=size)
    except NotSatisfiable:
        return HttpResponse(status=416, headers=headers | {"Content-Range": f"bytes */{size}"}, content_type=media_type)
    sent = stretch or Stretch(0, size - 1)
    headers["Content-Length"] = str(sent.size)
    if stretch:
        headers["Content-Range"] = f"bytes {sent.first}-{sent.last}/{size}"
    if request.method == "HEAD":
        return HttpResponse(headers=headers, content_type=media_type)
    # Opened here: a file that is gone is no answer of 200 that breaks off.
    pieces = _Pieces(opened(), sent)
    status = 206 if stretch else 200
    return StreamingHttpResponse(pieces, status=status, headers=headers, content_type=media_type)


def _stretch(request: HttpRequest, *, etag: str, size: int) -> Stretch | None:
    """Of GET alone, and only of the file whose beginning the client has: else the whole is sent anew."""
    asked, has = request.headers.get("Range"), request.headers.get("If-Range", etag)
    return asked_stretch(asked, size=size) if asked and request.method == "GET" and has == etag else None


class _Pieces:
    """The bytes of a stretch; the file is closed with the answer, whether anybody read it or not."""

    def __init__(self, file: IO[bytes], stretch: Stretch) -> None:
        self.file, self.stretch = file, stretch
        self.close = file.close

    def __iter__(self) -> Iterator[bytes]:
        self.file.seek(self.stretch.first)
        left = self.stretch.size
        while left and (piece := self.file.read(min(PIECE, left))):
            left -= len(piece)
            yield piece
