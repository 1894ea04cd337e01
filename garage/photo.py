"""Reading codes from a photo (G2): limits first, then decoded in memory, scaled, read, and forgotten.

Nothing of a photo is kept, shown again or handed on; what it says beside its picture (place, camera) is not read.
"""

from io import BytesIO
from threading import Lock

import zxingcpp
from django.utils.translation import gettext_lazy as _
from PIL import Image

from garage.rules.scanning import Found, find
from portal.refusals import Refusal

MOST_BYTES = 5_000_000
MOST_PIXELS = 25_000_000
SIDE = 1600
_FORMATS = zxingcpp.barcode_formats_from_str("QRCode|DataMatrix|Code39|Code128")
_END_OF_PNG = b"IEND\xaeB`\x82"
# A photo that is something else as well has no business here.
_WEB_PAGES = (b"<script", b"<html", b"2000/svg", b"<?php", b"%pdf-")
# A progressive JPEG comes in ten scans or so; each is decoded over the whole picture, however few bytes it has.
_SCAN, _MOST_SCANS = b"\xff\xda", 50
_END_OF_ZIP, _LONGEST_END_OF_ZIP = b"PK\x05\x06", 65_557
# One picture at a time in a process: the largest takes a hundred megabytes while it is scaled.
_one_at_a_time = Lock()

TOO_LARGE = _(
    "This photo is too large: at most 5 MB and 25 megapixels. Take it with less resolution, or type the code."
)
NO_PHOTO = _("This is no photo that can be read here. Photos are JPEG, PNG or WebP files.")
BROKEN = _("This photo is damaged or incomplete. Please take it again.")
NOTHING = _("No code was found in this photo. Go closer, so that the code fills the picture, and avoid reflections.")
SEVERAL = _("There is more than one code in this photo. Please take one alone.")


def read_photo(data: bytes) -> Found:
    """The one pairing code or VIN in the photo.

    Refuses with `photo_too_large`, `no_photo`, `photo_broken`, `nothing_found` or `several_found`.
    """
    if len(data) > MOST_BYTES:
        raise Refusal("photo_too_large", TOO_LARGE)
    kind = _kind(data)
    if not kind or _is_another_file_too(data, kind):
        raise Refusal("no_photo", NO_PHOTO)
    if kind == "JPEG" and data.count(_SCAN) > _MOST_SCANS:
        raise Refusal("photo_broken", BROKEN)
    with _one_at_a_time:
        picture = _scaled(data, kind)
    return the_one(find(code.text for code in zxingcpp.read_barcodes(picture, formats=_FORMATS)))


def the_one(found: tuple[Found, ...]) -> Found:
    if not found:
        raise Refusal("nothing_found", NOTHING)
    if len(found) > 1:
        raise Refusal("several_found", SEVERAL)
    return found[0]


def _kind(data: bytes) -> str:
    """By the first bytes, whatever the file is called."""
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    return "WEBP" if data[:4] == b"RIFF" and data[8:12] == b"WEBP" else ""


def _is_another_file_too(data: bytes, kind: str) -> bool:
    """Whether more follows the picture, a web page hides in it, or an archive ends it."""
    if kind == "PNG":
        has_more = not data.endswith(_END_OF_PNG)
    else:
        # Cameras put things of their own behind a JPEG.
        has_more = kind == "WEBP" and len(data) > int.from_bytes(data[4:8], "little") + 9
    lower = data.lower()
    return has_more or any(mark in lower for mark in _WEB_PAGES) or _END_OF_ZIP in data[-_LONGEST_END_OF_ZIP:]


def _scaled(data: bytes, kind: str) -> Image.Image:
    """Grey and at most 1,600 pixels long; the size is looked at before a pixel is decoded."""
    try:
        with Image.open(BytesIO(data), formats=[kind]) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise Refusal("photo_too_large", TOO_LARGE)
            # A JPEG is decoded at a half, a quarter or an eighth where that is enough.
            picture.draft("L", (SIDE, SIDE))
            picture.thumbnail((SIDE, SIDE), reducing_gap=2.0)
            return picture.convert("L")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Refusal("photo_too_large", TOO_LARGE) from error
    except Refusal:
        raise
    # What a decoder raises on a file that was made to break it is no one kind of error.
    except Exception as error:
        raise Refusal("photo_broken", BROKEN) from error
