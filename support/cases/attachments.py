"""Files that come with a message: what they are is read from their content, and they are kept under random names (H5).

Pictures are drawn anew, so that nothing hides in them and no place is told; a PDF is opened, and refused where it acts.
Nobody gets them in place: each leaves as a download (`download`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from threading import Lock
from typing import Any
from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps
from pypdf import PdfReader

from portal.card_numbers import masked
from portal.guards.scanning import is_clean, is_scanned
from portal.refusals import Refusal
from support.models import Attachment, Evidence
from support.rules.attachments import (
    JPEG,
    MOST_PAGES,
    MOST_PIXELS,
    PDF,
    PNG,
    fault_of_sizes,
    kind_by_first_bytes,
    safe_name,
)

FOLDER = "cases"
SENTENCES = {
    "too_many_files": _("At most five files go with a message."),
    "too_many_files_of_case": _("This case holds as many files as it can. Please send no more."),
    "files_too_large": _("A file may have 5 MB, and all files of a message 15 MB together."),
    "file_empty": _("One of the files is empty."),
    "file_unknown": _("Files may be pictures (JPEG, PNG, WebP) and PDF documents."),
    "file_broken": _("One of the files is damaged, protected or too large to be opened."),
}
# A picture of the largest size takes a hundred megabytes while it is drawn anew.
_one_at_a_time = Lock()


@dataclass(frozen=True, kw_only=True)
class Upload:
    """A file that was looked at; `name` is one for a download."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A file in the storage, of which the database knows nothing yet."""

    name: str
    media_type: str
    size: int
    path: str


def read_uploads(files: Sequence[Any], *, kept_already: int = 0) -> list[Upload]:
    """Raises `Refusal` with a code of `SENTENCES`: then none of them is taken."""
    fault = fault_of_sizes([file.size for file in files], kept_already=kept_already)
    if fault:
        raise Refusal(fault, SENTENCES[fault])
    return [_read(file.name or "", _scanned(file.read())) for file in files]


def keep(uploads: Iterable[Upload]) -> list[Kept]:
    """Outside of any transaction: the storage may be on another machine."""
    return [_keep(upload) for upload in uploads]


def drop(paths: Iterable[str]) -> None:
    """Of what is not there, nothing is left to do."""
    for path in paths:
        default_storage.delete(path)


def download(attachment: Attachment | Evidence) -> HttpResponse:
    """Always a download, never shown in place, and in nobody's cache."""
    try:
        with default_storage.open(attachment.path) as file:
            content = file.read()
    except FileNotFoundError as error:
        raise Http404 from error
    headers = {
        "Content-Disposition": content_disposition_header(as_attachment=True, filename=attachment.name) or "attachment",
        "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(content, content_type=attachment.media_type, headers=headers)


def _scanned(data: bytes) -> bytes:
    if is_scanned() and not is_clean(data):
        raise Refusal("file_broken", SENTENCES["file_broken"])
    return data


def _read(name: str, data: bytes) -> Upload:
    kind = kind_by_first_bytes(data)
    if not kind:
        raise Refusal("file_unknown", SENTENCES["file_unknown"])
    try:
        media_type, content = (PDF, _checked_pdf(data)) if kind == "PDF" else _drawn_anew(data, kind)
    # What a decoder raises on a file that was made to break it is no one kind of error.
    except Exception as error:
        raise Refusal("file_broken", SENTENCES["file_broken"]) from error
    return Upload(name=safe_name(masked(name), media_type), media_type=media_type, content=content)


def _drawn_anew(data: bytes, kind: str) -> tuple[str, bytes]:
    """Without what stands beside the picture: place, camera, profiles, anything behind its end."""
    with _one_at_a_time, Image.open(BytesIO(data), formats=[kind]) as picture:
        if picture.width * picture.height > MOST_PIXELS:
            raise ValueError("too many pixels")
        upright = ImageOps.exif_transpose(picture)
        made = BytesIO()
        if kind == "PNG":
            upright.convert("RGBA" if upright.has_transparency_data else "RGB").save(made, "PNG")
            return PNG, made.getvalue()
        upright.convert("RGB").save(made, "JPEG", quality=88)
        return JPEG, made.getvalue()


def _checked_pdf(data: bytes) -> bytes:
    """As it came; ValueError where it is protected, endless, or does something once it is opened."""
    reader = PdfReader(BytesIO(data))
    if reader.is_encrypted or not 0 < len(reader.pages) <= MOST_PAGES:
        raise ValueError("protected, empty or endless")
    root: Any = reader.trailer["/Root"]
    opens, names = (_entry(root, key) for key in ("/OpenAction", "/Names"))
    # Where it opens at a page, it is a list.
    acts = isinstance(opens, dict) and opens.get("/S", "/GoTo") != "/GoTo"
    if acts or "/AA" in root or "/JavaScript" in names:
        raise ValueError("it acts")
    return data


def _entry(root: Any, key: str) -> Any:
    """What stands elsewhere in the file is looked up, which `get` does not do."""
    found = root.get(key)
    return {} if found is None else found.get_object()


def _keep(upload: Upload) -> Kept:
    path = default_storage.save(f"{FOLDER}/{uuid4().hex}", ContentFile(upload.content))
    return Kept(name=upload.name, media_type=upload.media_type, size=len(upload.content), path=path)
