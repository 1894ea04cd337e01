"""A photo of a code: read where it can be, refused in words where it is something else (fault 58)."""

import io
import resource
import struct
import time
import zipfile
import zlib
from contextlib import suppress

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from garage.lookups import MOST_PHOTOS_OF_AN_ACCOUNT
from garage.models import Membership
from garage.photo import MOST_BYTES, read_photo
from garage.rules.scanning import Kind
from garage.uploads import MOST_READ
from portal.refusals import Refusal
from tests.garage.cars import make_entry, vin
from tests.garage.pictures import barcode, encoded, photo, qr
from tests.garage.test_pages import words
from tests.garage.test_pairing import issue

VIN = vin(1)
GOOD = encoded(photo(barcode(VIN, "Code39"), turned=0))


@pytest.fixture
def browser(client, anna):
    client.force_login(anna)
    return client


def send(browser, data, name="photo.jpg"):
    return browser.post(reverse("add_by_photo"), {"photo": SimpleUploadedFile(name, data), "scanned": ""})


def refused(data):
    with pytest.raises(Refusal) as refusal:
        read_photo(data)
    return refusal.value.code


@pytest.mark.parametrize("kind", ["Code39", "Code128", "DataMatrix", "QRCode"])
@pytest.mark.parametrize("turned", [0, 9, 90])
def test_G2_a_vin_is_read_from_a_photo(kind, turned):
    found = read_photo(encoded(photo(barcode(VIN, kind), turned=turned)))
    assert (found.kind, found.value) == (Kind.VIN, VIN)


@pytest.mark.parametrize("how", [{"kind": "JPEG", "quality": 60}, {"kind": "PNG"}, {"kind": "WEBP"}])
def test_G2_a_pairing_code_is_read_from_each_kind_of_photo(how):
    picture = photo(qr("https://portal.example.com/en/garage/cars/new/code/#4F7K-9XRT"), size=(2400, 1800))
    assert read_photo(encoded(picture, **how)).value == "4F7K-9XRT"


def chunk(name, content):
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png_of(width, height, packed):
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    parts = [chunk(b"IHDR", header), chunk(b"IDAT", packed), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def jpeg_with_zip():
    archive = io.BytesIO(GOOD)
    archive.seek(0, io.SEEK_END)
    with zipfile.ZipFile(archive, "a") as each:
        each.writestr("page.html", "<p>hello</p>")
    return archive.getvalue()


def jpeg_of_many_scans():
    """Each scan is decoded over 25 megapixels: in five megabytes there is room for a quarter of an hour of them."""
    made = encoded(Image.new("L", (5000, 5000), "white"), progressive=True)
    scan = made[made.rindex(b"\xff\xda") : -2]
    return made[:-2] + scan * 50_000 + made[-2:]


BAD = {
    "nothing": (b"", "no_photo"),
    "a page called a photo": (b"<!doctype html><html><script>alert(1)</script></html>", "no_photo"),
    "a drawing": (b'<svg xmlns="http://www.w3.org/2000/svg"></svg>', "no_photo"),
    "a GIF": (encoded(Image.new("P", (40, 40)), "GIF"), "no_photo"),
    "a TIFF": (encoded(Image.new("L", (40, 40)), "TIFF"), "no_photo"),
    "a PDF": (b"%PDF-1.7\n", "no_photo"),
    "an archive behind a photo": (jpeg_with_zip(), "no_photo"),
    "a page behind a photo": (GOOD + b"<HTML><script>alert(1)</script>", "no_photo"),
    "something behind a PNG": (encoded(photo(qr(VIN)), "PNG") + b"more", "no_photo"),
    "the first half of a photo": (GOOD[: len(GOOD) // 2], "photo_broken"),
    "only the first bytes of a photo": (GOOD[:3], "photo_broken"),
    "the first half of a PNG": (encoded(photo(qr(VIN)), "PNG")[:3000] + b"IEND\xaeB`\x82", "photo_broken"),
    "a JPEG of fifty thousand scans": (jpeg_of_many_scans(), "photo_broken"),
    "noise in a WebP": (b"RIFF\x20\0\0\0WEBPVP8 " + b"\x99" * 24, "photo_broken"),
    "50,000 pixels wide and high": (png_of(50_000, 50_000, zlib.compress(b"\0" * 1_000_000)), "photo_too_large"),
    "26 megapixels": (png_of(26_000, 1_000, zlib.compress(b"\0" * 26_000_000)), "photo_too_large"),
    "more bytes than are taken": (GOOD + b"\0" * MOST_BYTES, "photo_too_large"),
    "a photo of nothing": (encoded(Image.new("RGB", (800, 600), "green")), "nothing_found"),
    "another code": (encoded(photo(qr("https://example.com/menu"))), "nothing_found"),
}


@pytest.mark.parametrize("what", BAD)
def test_F58_what_is_no_photo_of_a_code_is_refused_in_less_than_a_second(what):
    data, code = BAD[what]
    began = time.monotonic()
    assert refused(data) == code
    assert time.monotonic() - began < 1


def test_two_codes_in_one_photo_are_refused():
    both = Image.new("RGB", (900, 400), "white")
    both.paste(qr(VIN).resize((360, 360)), (20, 20))
    both.paste(qr(vin(2)).resize((360, 360)), (500, 20))
    assert refused(encoded(both)) == "several_found"


def test_F58_the_largest_picture_that_is_taken_needs_a_bounded_memory():
    largest = encoded(Image.new("RGB", (5000, 5000), "white"), "PNG")
    refused(largest)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for _ in range(5):
        refused(largest)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60_000


def test_F58_any_broken_photo_is_answered_in_words():
    for place in range(0, len(GOOD), len(GOOD) // 120):
        broken = bytearray(GOOD)
        broken[place : place + 8] = b"\xff\xd8\x00\x9a\xff\x00\x41\x42"
        with suppress(Refusal):
            assert read_photo(bytes(broken)).value == VIN


def test_G2_what_was_read_is_asked_before_anything_is_added(browser, anna):
    make_entry(1)
    page = send(browser, GOOD).content.decode()
    assert "Is this right?" in page
    assert f'value="{VIN}"' in page
    assert f'action="{reverse("add_vehicle")}"' in page
    assert not Membership.objects.exists()


def test_G2_a_code_read_from_a_photo_goes_to_its_own_form(browser, anna):
    code = issue()
    page = send(browser, encoded(photo(qr(f"https://portal.example.com/#{code}")))).content.decode()
    assert f'value="{code}"' in page
    assert f'action="{reverse("add_by_code")}"' in page
    assert not Membership.objects.exists()


def test_G2_what_the_browsers_camera_read_is_asked_as_well(browser):
    answer = browser.post(reverse("add_by_photo"), {"scanned": f"I{VIN}"})
    assert f'value="{VIN}"' in answer.content.decode()
    answer = browser.post(reverse("add_by_photo"), {"scanned": "<script>alert(1)</script>"})
    assert "No code was found" in words(answer)
    assert "<script>alert" not in answer.content.decode()


@pytest.mark.parametrize("size", [MOST_BYTES + 1, 3 * MOST_BYTES])
def test_F58_a_file_that_is_too_large_is_answered_in_words(browser, size):
    assert "This photo is too large" in words(send(browser, b"\xff\xd8\xff" + b"\0" * size))


def test_F58_many_files_of_one_request_are_not_all_kept(browser):
    files = {f"other{number}": SimpleUploadedFile("x.jpg", b"\0" * 2_000_000) for number in range(5)}
    answer = browser.post(reverse("add_by_photo"), files | {"scanned": ""})
    assert "This photo is too large" in words(answer)


def test_F58_what_can_never_be_read_is_not_read_to_its_end(browser):
    answer = send(browser, b"\xff\xd8\xff" + b"\0" * MOST_READ)
    assert "This photo is too large" in words(answer)


@pytest.mark.parametrize("name", ["../../etc/passwd", "photo.html", "x" * 300 + ".jpg", "a\x00b.jpg", "\r\nX: y.jpg"])
def test_F58_the_name_of_a_file_means_nothing(browser, name):
    assert send(browser, GOOD, name=name).status_code == 200


def test_without_a_photo_the_page_asks_for_one(browser):
    assert "Please choose" not in words(browser.get(reverse("add_by_photo")))
    assert "choose or take a photo first" in words(browser.post(reverse("add_by_photo"), {"scanned": ""}))


def test_photos_of_an_hour_are_limited(browser):
    for _ in range(MOST_PHOTOS_OF_AN_ACCOUNT):
        send(browser, b"no photo")
    assert "many photos" in words(send(browser, GOOD))


def test_the_code_page_adds_the_car_and_leads_to_it(browser, anna):
    answer = browser.post(reverse("add_by_code"), {"code": issue(now=timezone.now()).lower()}, follow=True)
    membership = Membership.objects.get(account=anna)
    assert answer.redirect_chain == [(reverse("vehicle", args=[membership.public_id]), 302)]
    assert "You have control" in words(answer)


def test_a_wrong_code_is_kept_in_the_field_and_answered_beside_it(browser):
    answer = browser.post(reverse("add_by_code"), {"code": "aaaa-aaaa"})
    assert "This code is not valid, or not any more." in words(answer)
    assert 'value="aaaa-aaaa"' in answer.content.decode()
    assert "two groups of four" in words(browser.post(reverse("add_by_code"), {"code": "12"}))
