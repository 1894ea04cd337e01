"""Photos to read: made here, so that the repository keeps none."""

from io import BytesIO

import segno
import zxingcpp
from PIL import Image


def qr(text: str) -> Image.Image:
    out = BytesIO()
    segno.make(text, micro=False).save(out, kind="png", scale=8, border=4)
    return Image.open(out).convert("RGB")


def barcode(text: str, kind: str) -> Image.Image:
    made = zxingcpp.create_barcode(text, zxingcpp.barcode_format_from_str(kind))
    drawn = memoryview(zxingcpp.write_barcode_to_image(made, scale=4))
    height, width = drawn.shape
    return Image.frombytes("L", (width, height), drawn.tobytes())


def photo(code: Image.Image, *, size: tuple[int, int] = (1200, 900), turned: int = 7) -> Image.Image:
    """The code on a grey desk, a little askew, as a hand holds a telephone."""
    desk = Image.new("RGB", size, (176, 170, 160))
    code = code.convert("RGB").resize((size[0] // 2, size[0] // 2 * code.height // code.width))
    framed = Image.new("RGB", (code.width + 80, code.height + 80), "white")
    framed.paste(code, (40, 40))
    desk.paste(framed.rotate(turned, expand=True, fillcolor=(176, 170, 160)), (size[0] // 5, size[1] // 8))
    return desk


def encoded(picture: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    out = BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()
