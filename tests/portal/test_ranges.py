"""Downloads that go on where they stopped (RFC 9110)."""

import io

import pytest
from django.test import RequestFactory

from portal.files.ranges import NotSatisfiable, Stretch, asked_stretch, resumable

CONTENT = bytes(range(100)) * 2_000
TAG = "a1"


def ask(method="get", **headers):
    request = getattr(RequestFactory(), method)("/", headers={name.replace("_", "-"): v for name, v in headers.items()})
    facts = {"size": len(CONTENT), "tag": TAG, "name": "Εγχειρίδιο.pdf", "media_type": "application/pdf"}
    return resumable(request, opened=lambda: io.BytesIO(CONTENT), **facts)


def body(response):
    return b"".join(response.streaming_content)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("bytes=0-99", Stretch(0, 99)),
        ("bytes=100-", Stretch(100, 999)),
        ("bytes=-100", Stretch(900, 999)),
        ("bytes=-5000", Stretch(0, 999)),
        ("bytes=900-5000", Stretch(900, 999)),
        ("bytes=999-", Stretch(999, 999)),
        # The whole: not to be read, in another unit, backwards, or several at once.
        ("bytes=-", None),
        ("bytes=a-b", None),
        ("items=0-9", None),
        ("bytes=9-0", None),
        ("bytes=0-9,20-29", None),
    ],
)
def test_a_range_is_read(header, expected):
    assert asked_stretch(header, size=1000) == expected


@pytest.mark.parametrize("header", ["bytes=1000-", "bytes=1000-2000", "bytes=-0"])
def test_a_range_beyond_the_end_cannot_be_satisfied(header):
    with pytest.raises(NotSatisfiable):
        asked_stretch(header, size=1000)


def test_the_whole_file_says_that_it_can_be_resumed():
    response = ask()
    assert (response.status_code, body(response)) == (200, CONTENT)
    assert (response["Accept-Ranges"], response["ETag"], response["Content-Length"]) == ("bytes", '"a1"', "200000")
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''")


@pytest.mark.parametrize("if_range", [None, '"a1"'])
def test_what_is_missing_of_it_is_sent(if_range):
    response = ask(Range="bytes=150000-", **({"If_Range": if_range} if if_range else {}))
    assert (response.status_code, body(response)) == (206, CONTENT[150_000:])
    assert (response["Content-Range"], response["Content-Length"]) == ("bytes 150000-199999/200000", "50000")


@pytest.mark.parametrize("if_range", ['"b2"', 'W/"a1"', "Wed, 21 Oct 2026 07:28:00 GMT"])
def test_of_another_file_the_whole_is_sent_anew(if_range):
    response = ask(Range="bytes=150000-", If_Range=if_range)
    assert (response.status_code, body(response)) == (200, CONTENT)


def test_a_range_beyond_the_end_is_416_with_the_size():
    response = ask(Range="bytes=200000-")
    assert (response.status_code, response["Content-Range"]) == (416, "bytes */200000")


def test_what_the_client_has_is_not_sent_again_and_head_sends_nothing():
    assert ask(If_None_Match='"x", "a1"').status_code == 304
    response = ask("head", Range="bytes=5-9")
    assert (response.status_code, response["Content-Length"], response.content) == (200, "200000", b"")
