"""Recordings of videos: added by editors, checked, played by the piece (H1)."""

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from support.models import Recording
from tests.support.small import page, video

MP4 = b"\0\0\0\x18ftypmp42" + bytes(range(200))
WEBM = b"\x1a\x45\xdf\xa3\x01\0\0\0\x42\x82\x84webm" + bytes(50)
CAPTIONS = (
    "WEBVTT\n\n00:00.000 --> 00:02.000\nShow the code.\n\n00:03.000 --> 00:05.000\nScan <b>it</b>.\n\n"
    "00:06.000 --> 00:09.000\nDone."
)
CHAPTERS = "WEBVTT\n\n00:00.000 --> 00:05.000\nPairing\n\n00:05.500 --> 00:09.000\nAfter"


@pytest.fixture
def shown(market, files):
    return video()


def upload(client, row, *, content=MP4, captions=CAPTIONS, chapters=CHAPTERS, **more):
    parts = {
        "video": SimpleUploadedFile("../../evil.html", content, content_type="text/html"),
        "captions": SimpleUploadedFile("c.vtt", captions.encode()),
        "chapters": SimpleUploadedFile("ch.vtt", chapters.encode()),
    }
    return client.post(reverse("admin:support_article_recording", args=[row.pk, "en"]), parts | more)


def test_H1_without_a_recording_the_drawn_steps_stand_in(client, shown):
    text = page(client, "support_video", "qr-code").content.decode()
    assert "<video" not in text
    assert text.count('role="img" aria-label="A page"') == 1
    assert "2. Press" in text


def test_H1_a_recording_plays_with_captions_chapters_and_transcript(admin_client, client, shown):
    assert upload(admin_client, shown).status_code == 302
    text = page(client, "support_video", "qr-code", query="?from=5").content.decode()
    for part in (
        "<video controls",
        'type="video/mp4"',
        "/recording/#t=5",
        'kind="captions"',
        'kind="chapters"',
        "?from=5",
        "0:05 After",
        "<p>Show the code. Scan it.</p><p>Done.</p>",
        "2. Press",
    ):
        assert part in text
    for kind, words in (("captions", "Show the code."), ("chapters", "Pairing")):
        track = page(client, "support_track", "qr-code", "en", kind)
        assert track["Content-Type"] == "text/vtt; charset=utf-8"
        assert words in track.content.decode()
    assert page(client, "support_track", "qr-code", "en", "added_at").status_code == 404


@pytest.mark.parametrize(
    ("asked", "status", "first", "last"),
    [
        ("", 200, 0, len(MP4) - 1),
        ("bytes=0-3", 206, 0, 3),
        ("bytes=10-", 206, 10, len(MP4) - 1),
        ("bytes=-5", 206, len(MP4) - 5, len(MP4) - 1),
        ("bytes=5-9999", 206, 5, len(MP4) - 1),
        ("bytes=0-1,3-4", 200, 0, len(MP4) - 1),
        ("bytes=-", 200, 0, len(MP4) - 1),
        ("bytes=9999-", 416, 0, -1),
        ("bytes=-0", 416, 0, -1),
        ("bytes=5-2", 200, 0, len(MP4) - 1),
    ],
)
def test_H1_a_player_jumps_about_by_asking_for_ranges(client, shown, asked, status, first, last):
    name = default_storage.save(Recording.new_name("video/mp4"), SimpleUploadedFile("x", MP4))
    facts = {
        "media_type": "video/mp4",
        "size": len(MP4),
        "captions": CAPTIONS,
        "added_at": shown.texts.first().updated_at,
    }
    Recording.objects.create(article=shown, language="en", file=name, **facts)
    answer = page(client, "support_recording", "qr-code", "en", **({"range": asked} if asked else {}))
    assert answer.status_code == status
    assert answer.getvalue() == MP4[first : last + 1]
    if status == 206:
        assert answer["Content-Range"] == f"bytes {first}-{last}/{len(MP4)}"
        assert answer["Content-Length"] == str(last - first + 1)


def test_a_file_that_the_storage_has_lost_is_not_there(admin_client, client, shown):
    upload(admin_client, shown)
    default_storage.delete(Recording.objects.get().file)
    assert page(client, "support_recording", "qr-code", "en").status_code == 404


def test_whoever_asks_for_the_head_alone_leaves_no_file_open(admin_client, client, shown):
    upload(admin_client, shown)
    answer = client.head("/en/support/videos/qr-code/en/recording/")
    assert (answer.status_code, answer["Content-Length"], answer["Accept-Ranges"]) == (200, str(len(MP4)), "bytes")
    answer.close()


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        ({"content": b"<html>" + bytes(80)}, "neither an MP4 nor a WebM"),
        ({"captions": "1\n00:01"}, "No WebVTT, line 1"),
        ({"chapters": "WEBVTT"}, "No WebVTT, line 1"),
        ({"captions": "WEBVTT\n" + "\n" * 200_000}, "At most 200 kB"),
    ],
)
def test_a_file_of_another_kind_is_refused_whatever_its_name(admin_client, shown, parts, sentence):
    assert sentence in upload(admin_client, shown, **parts).content.decode()
    assert not Recording.objects.exists()


def test_captions_in_another_encoding_are_refused(admin_client, shown):
    bad = SimpleUploadedFile("c.vtt", b"WEBVTT\n\xff\xfe")
    parts = {"video": SimpleUploadedFile("v", MP4), "captions": bad}
    answer = admin_client.post(reverse("admin:support_article_recording", args=[shown.pk, "en"]), parts)
    assert "It must be UTF-8" in answer.content.decode()


def test_a_recording_that_is_too_large_is_refused(admin_client, shown, monkeypatch):
    monkeypatch.setattr("support.forms.articles.LARGEST_RECORDING", 100)
    assert "At most 0 MB" in upload(admin_client, shown).content.decode()


def test_a_new_recording_takes_the_place_of_the_old_and_can_be_removed(
    admin_client, client, shown, django_capture_on_commit_callbacks
):
    upload(admin_client, shown)
    first = Recording.objects.get().file
    with django_capture_on_commit_callbacks(execute=True):
        upload(admin_client, shown, content=WEBM)
    second = Recording.objects.get()
    assert second.media_type == "video/webm"
    assert not default_storage.exists(first)
    assert second.file.startswith("recordings/")
    with django_capture_on_commit_callbacks(execute=True):
        admin_client.post(reverse("admin:support_article_recording", args=[shown.pk, "en"]), {"remove": "1"})
    assert not Recording.objects.exists()
    assert not default_storage.exists(second.file)
