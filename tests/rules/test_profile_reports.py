"""C6, L1: what a car's backend tells of profiles, and when it is news."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from garage.rules.profile_reports import Known, ProfileReport, is_news, read
from garage.rules.said import Unreadable

NOW = datetime(2026, 6, 10, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
ACCOUNT = "0f8b6f0e-5a52-4f0b-9d59-0a3a54f1c002"
SAID = {"vin": "jtj-samplecy900001", "account": ACCOUNT, "is_linked": True, "at": "2026-06-10T12:00:00+03:00"}
DECLARED = Known(linked_at=NOW)
CONFIRMED = Known(linked_at=NOW, confirmed_at=NOW)
SAID_TO_BE_GONE = Known(linked_at=NOW, ended_at=NOW + HOUR)
GONE = Known(linked_at=NOW, ended_at=NOW + HOUR, was_removed_in_the_car=True)


def test_a_report_is_read_with_its_vin_mended_and_its_moment_in_utc():
    assert read(SAID, now=NOW) == ProfileReport(vin="JTJSAMPLECY900001", account=UUID(ACCOUNT), is_linked=True, at=NOW)


@pytest.mark.parametrize(
    ("change", "field", "problem"),
    [
        ({"vin": None}, "vin", "missing"),
        ({"account": "me"}, "account", "wrong_kind"),
        ({"account": 7}, "account", "wrong_kind"),
        ({"is_linked": "yes"}, "is_linked", "wrong_kind"),
        ({"at": "2026-06-10T12:00:00"}, "at", "wrong_kind"),
        ({"at": "0001-01-01T00:00:00+14:00"}, "at", "wrong_kind"),
        ({"at": "2026-06-10T12:05:01+03:00"}, "at", "in_future"),
    ],
)
def test_what_is_wrong_is_named_by_field_and_code(change, field, problem):
    with pytest.raises(Unreadable) as unreadable:
        read(SAID | change, now=NOW)
    assert (unreadable.value.fault.field, unreadable.value.fault.problem) == (field, problem)


def test_what_is_no_object_is_refused_whole():
    with pytest.raises(Unreadable):
        read([], now=NOW)


@pytest.mark.parametrize(
    ("is_linked", "hours", "last", "expected"),
    [
        (True, 0, None, True),
        (False, 0, None, False),
        (True, 0, DECLARED, True),
        (True, 2, CONFIRMED, False),
        (False, -1, CONFIRMED, False),
        (False, 1, CONFIRMED, True),
        (False, 1, DECLARED, True),
        (True, 1, GONE, False),
        (True, 2, GONE, True),
        (False, 2, GONE, False),
        (False, 2, SAID_TO_BE_GONE, True),
        (False, -1, SAID_TO_BE_GONE, False),
    ],
)
def test_C6_twice_or_late_is_no_news(is_linked, hours, last, expected):
    report = ProfileReport(vin="JTJSAMPLECY900001", account=UUID(ACCOUNT), is_linked=is_linked, at=NOW + hours * HOUR)
    assert is_news(report, last) is expected
