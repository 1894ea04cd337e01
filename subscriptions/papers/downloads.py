"""Files of many documents as they leave the house: sent while they are written, never kept, and not too often.

ZIPs are counted by the hour, as `garage/lookups.py` does, in the cache that all processes share: each is work for one
of them as long as it lasts.
"""

from collections.abc import Iterable
from datetime import datetime

from django.core.cache import cache
from django.http import HttpResponse, StreamingHttpResponse
from django.utils.translation import gettext_lazy as _

from accounts.barring import check_not_barred
from accounts.models import Account
from portal.refusals import Refusal
from subscriptions.actions.bundle import check_downloadable, note_download
from subscriptions.models import Document, DocumentBundle
from subscriptions.papers.bundles import documents_in, zip_of

MOST_ZIPS_AN_HOUR = 20
ROWS_AT_A_TIME = 200
_WINDOW = 3600


def csv_file(lines: Iterable[str], *, name: str) -> StreamingHttpResponse:
    return _download(lines, name=name, media_type="text/csv; charset=utf-8")


def pdf_file(content: bytes, *, name: str) -> HttpResponse:
    """Always a download: the pages' own policy lets no browser show it in place."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def zip_file(documents: Iterable[Document], *, name: str) -> StreamingHttpResponse:
    return _download(zip_of(documents), name=name, media_type="application/zip")


def bundle_file(bundle: DocumentBundle, *, by: Account, now: datetime) -> StreamingHttpResponse:
    """The ZIP of what was prepared; that it was taken is on record. Raises `Refusal`: not_ready, bundle_expired,
    too_many_downloads."""
    check_not_barred(by, now=now)
    check_downloadable(bundle, now=now)
    check_turn(by, now=now)
    note_download(bundle=bundle, now=now, by=by)
    return zip_file(documents_in(bundle).iterator(chunk_size=ROWS_AT_A_TIME), name=bundle.file_name)


def check_turn(account: Account, *, now: datetime) -> None:
    """Uses up one ZIP of this hour. Raises `Refusal` too_many_downloads."""
    key = f"document-zips:{account.pk}:{int(now.timestamp()) // _WINDOW}"
    cache.add(key, 0, timeout=_WINDOW)
    if int(cache.incr(key)) > MOST_ZIPS_AN_HOUR:
        raise Refusal("too_many_downloads", _("That were many downloads. Please wait an hour for the next one."))


def _download(pieces: Iterable[bytes] | Iterable[str], *, name: str, media_type: str) -> StreamingHttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return StreamingHttpResponse(pieces, content_type=media_type, headers=headers)
