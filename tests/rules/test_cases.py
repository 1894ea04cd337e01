"""H5: where a case stands after what happens to it, until when an answer is due, and which files a message carries."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.rules.hours import next_change, open_until, read_timetable
from support.rules.attachments import (
    ENDINGS,
    MOST_BYTES,
    MOST_FILES_OF_A_CASE,
    PDF,
    fault_of_sizes,
    kind_by_first_bytes,
    safe_name,
)
from support.rules.cases import MOVES, CaseState, due_at, moved

NICOSIA = ZoneInfo("Asia/Nicosia")
CENTRE = read_timetable(
    {
        "openings": [{"days": [0, 1, 2, 3, 4], "opens": "08:00", "closes": "18:00"}],
        "holidays": ["2026-12-24", "2026-12-25"],
    }
)
NEVER = read_timetable({})
NEW, OURS, THEIRS, CLOSED = CaseState


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=NICOSIA)


@pytest.mark.parametrize(
    ("state", "move", "then"),
    [
        (NEW, "take", OURS),
        (NEW, "answer", THEIRS),
        (NEW, "reply", NEW),
        (NEW, "close", CLOSED),
        (OURS, "take", OURS),
        (OURS, "answer", THEIRS),
        (OURS, "reply", OURS),
        (OURS, "close", CLOSED),
        (THEIRS, "take", THEIRS),
        (THEIRS, "answer", THEIRS),
        (THEIRS, "reply", OURS),
        (THEIRS, "close", CLOSED),
        (CLOSED, "take", None),
        (CLOSED, "answer", None),
        (CLOSED, "reply", OURS),
        (CLOSED, "close", None),
    ],
)
def test_H5_only_the_customers_word_opens_a_closed_case(state, move, then):
    assert moved(state, move) == then


def test_H5_the_table_above_has_every_move():
    assert len(MOVES) * len(CaseState) == 16


@pytest.mark.parametrize(
    ("written", "days", "due"),
    [
        # Tuesday, Friday, Saturday.
        ("2026-12-01T09:00", 1, "2026-12-02T18:00"),
        ("2026-12-04T17:59", 1, "2026-12-07T18:00"),
        ("2026-12-05T12:00", 1, "2026-12-07T18:00"),
        ("2026-12-04T09:00", 3, "2026-12-09T18:00"),
        # Over Christmas and a weekend.
        ("2026-12-23T09:00", 1, "2026-12-28T18:00"),
        ("2026-12-23T09:00", 2, "2026-12-29T18:00"),
    ],
)
def test_H5_an_answer_is_due_at_the_end_of_the_days_of_opening(written, days, due):
    assert due_at(at(written), days=days, timetable=CENTRE) == at(due)


def test_H5_where_no_hours_are_known_every_day_counts():
    assert due_at(at("2026-12-24T09:00"), days=2, timetable=NEVER) == at("2026-12-26T23:59")


@pytest.mark.parametrize(
    ("moment", "changes"),
    [
        ("2026-12-01T07:59:59", "2026-12-01T08:00"),
        ("2026-12-01T08:00", "2026-12-01T18:00"),
        ("2026-12-01T18:00", "2026-12-02T00:00"),
        ("2026-12-24T09:00", "2026-12-25T00:00"),
        ("2026-12-05T09:00", "2026-12-06T00:00"),
    ],
)
def test_H5_what_is_said_of_a_moment_holds_until_it_opens_closes_or_the_day_ends(moment, changes):
    assert next_change(at(moment), CENTRE) == at(changes)


@given(st.datetimes(min_value=datetime(2026, 12, 1), max_value=datetime(2026, 12, 30)), st.floats(0, 0.999))
def test_H5_until_the_change_nothing_changes(moment, share):
    moment = moment.replace(tzinfo=UTC).astimezone(NICOSIA)
    later = moment + share * (next_change(moment, CENTRE) - moment)
    assert open_until(moment, CENTRE) == open_until(later, CENTRE)
    assert moment.date() == later.date()


@pytest.mark.parametrize(
    ("sizes", "kept", "fault"),
    [
        ([], 0, ""),
        ([MOST_BYTES] * 3, 0, ""),
        ([MOST_BYTES] * 3 + [1], 0, "files_too_large"),
        ([MOST_BYTES + 1], 0, "files_too_large"),
        ([1] * 5, 0, ""),
        ([1] * 6, 0, "too_many_files"),
        ([1], MOST_FILES_OF_A_CASE - 1, ""),
        ([1], MOST_FILES_OF_A_CASE, "too_many_files_of_case"),
        ([0], 0, "file_empty"),
    ],
)
def test_H5_files_are_limited_by_number_size_and_together(sizes, kept, fault):
    assert fault_of_sizes(sizes, kept_already=kept) == fault


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"\xff\xd8\xff\xe0", "JPEG"),
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "WEBP"),
        (b"%PDF-1.7", "PDF"),
        (b"<svg xmlns=", ""),
        (b"GIF89a", ""),
        (b"", ""),
    ],
)
def test_H5_a_file_is_what_its_first_bytes_say(data, kind):
    assert kind_by_first_bytes(data) == kind


@pytest.mark.parametrize(
    ("given_name", "safe"),
    [
        ("Οθόνη 1.png", "Οθόνη 1.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ('C:\\x\\a"b;\r\nc.exe', "a_b___c.pdf"),
        ("invoice.pdf.html", "invoice_pdf.pdf"),
        ("", "file.pdf"),
        ("x" * 300, "x" * 80 + ".pdf"),
    ],
)
def test_H5_the_name_of_a_download_misleads_nobody(given_name, safe):
    assert safe_name(given_name, PDF) == safe


@given(st.text())
def test_H5_no_name_carries_a_path_or_a_line(name):
    made = safe_name(name, PDF)
    assert made.endswith(ENDINGS[PDF])
    assert not set(made) & set('/\\\r\n\0"<>')
