"""H5: what comes with a message is what its content says, and leaves as a download under its safe name."""

from io import BytesIO

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from portal.refusals import Refusal
from support.cases.attachments import drop, keep, read_uploads
from tests.support.cases import pdf, picture, upload

GPS = 0x8825


def read(*files):
    return read_uploads(files)


@pytest.mark.parametrize(
    ("kind", "media_type", "ending"),
    [("PNG", "image/png", "png"), ("JPEG", "image/jpeg", "jpg"), ("WEBP", "image/jpeg", "jpg")],
)
def test_H5_a_picture_is_drawn_anew(kind, media_type, ending):
    (made,) = read(picture(kind, name="page.exe"))
    assert (made.name, made.media_type) == (f"page.{ending}", media_type)
    assert Image.open(BytesIO(made.content)).size == (8, 6)


def test_H5_a_photo_tells_no_place_any_more():
    exif = Image.Exif()
    exif.get_ifd(GPS)[1] = "N"
    (made,) = read(picture("JPEG", exif=exif))
    assert not Image.open(BytesIO(made.content)).getexif().get_ifd(GPS)


def test_H5_what_hides_behind_a_picture_is_gone():
    shot = picture("PNG")
    (made,) = read(SimpleUploadedFile("a.png", shot.read() + b"<script>alert(1)</script>"))
    assert b"script" not in made.content


def test_H5_a_pdf_comes_through_as_it_is():
    given = pdf()
    (made,) = read(given)
    given.seek(0)
    assert (made.content, made.media_type) == (given.read(), "application/pdf")


def test_H5_a_card_number_in_a_name_is_masked():
    (made,) = read(pdf(name="4242 4242 4242 4242.pdf"))
    assert "4242" not in made.name


@pytest.mark.parametrize(
    ("files", "code"),
    [
        (lambda: [SimpleUploadedFile("a.png", b"<svg onload=alert(1)>")], "file_unknown"),
        (lambda: [SimpleUploadedFile("a.pdf", b"MZ\x90\x00")], "file_unknown"),
        (lambda: [SimpleUploadedFile("a.png", b"\x89PNG\r\n\x1a\nbroken")], "file_broken"),
        (lambda: [SimpleUploadedFile("a.pdf", b"%PDF-1.7 broken")], "file_broken"),
        (lambda: [pdf(script="app.alert(1)")], "file_broken"),
        (lambda: [pdf(password="secret")], "file_broken"),
        (lambda: [pdf(pages=101)], "file_broken"),
        (lambda: [picture(size=(5001, 5001))], "file_broken"),
        (lambda: [SimpleUploadedFile("a.png", b"")], "file_empty"),
        (lambda: [picture() for _file in range(6)], "too_many_files"),
    ],
)
def test_H5_what_is_no_picture_or_plain_pdf_is_refused(files, code):
    with pytest.raises(Refusal) as refused:
        read(*files())
    assert refused.value.code == code


def test_H5_files_lie_under_names_that_nobody_can_guess(files):
    one, other = keep([upload(), upload()])
    assert one.path != other.path
    assert "letter" not in one.path
    with default_storage.open(one.path) as kept:
        assert kept.read() == b"%PDF-1.7 kept"
    drop([one.path, one.path])
    assert not default_storage.exists(one.path)
