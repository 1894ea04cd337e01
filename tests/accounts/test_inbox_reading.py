"""The inbox: filtered by its address, marked as read and unread, kept for the market's months (N1, N2)."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts.actions.retention import forget_notices
from accounts.context import unread_notices
from accounts.models import Notice
from accounts.notices.kinds import tell
from accounts.rules.notices import kept_from
from portal.models import AuditRecord, OutboxMessage
from tests.accounts.notice_facts import FACTS

DAY = date(2026, 3, 17)


def told(account, moment, number=1, kind="trial_ending"):
    for n in range(number):
        now = moment + timedelta(minutes=n)
        tell(account=account, kind=kind, subject_key=str(n), event_on=DAY, now=now, **FACTS[kind])
    return Notice.objects.filter(account=account, kind=kind).order_by("-created_at").first()


def subjects(page):
    return {row["title"] for row in page.context["rows"]}


@pytest.fixture
def inbox(member, moment):
    """Three kinds, of which the card's has been read."""
    told(member, moment)
    told(member, moment, kind="invoice_issued")
    told(member, moment, kind="card_expired").mark_read(now=moment)
    return reverse("notices")


def test_the_filter_stands_in_the_address(member_client, inbox):
    assert subjects(member_client.get(inbox)) == {"Trial ending", "Invoice", "Card expired"}
    assert subjects(member_client.get(inbox, {"show": "unread"})) == {"Trial ending", "Invoice"}
    assert subjects(member_client.get(inbox, {"about": "cards"})) == {"Card expired"}
    assert subjects(member_client.get(inbox, {"show": "unread", "about": "payments"})) == {"Invoice"}


def test_a_filter_that_finds_nothing_says_so_and_leads_to_everything(member_client, inbox):
    page = member_client.get(inbox, {"show": "unread", "about": "cards"}).text
    assert "Nothing to show here" in page
    assert f'href="{inbox}"' in page


def test_an_invented_filter_shows_everything(member_client, inbox):
    assert len(member_client.get(inbox, {"show": "x", "about": "y", "page": "z"}).context["rows"]) == 3


def test_the_next_page_keeps_the_filter(member_client, member, moment):
    told(member, moment, 25)
    page = member_client.get(reverse("notices"), {"show": "unread", "about": "contracts"}).text
    assert 'href="?show=unread&amp;about=contracts&amp;page=2"' in page


@pytest.mark.parametrize("number", [5, 200])
def test_the_inbox_takes_the_same_queries_for_five_and_for_two_hundred(
    member_client, member, moment, number, django_assert_num_queries
):
    told(member, moment, number)
    member_client.get(reverse("notices"))
    # Session, account with Terms and unread; count, page, refused address; and the cars.
    with django_assert_num_queries(4):
        assert len(member_client.get(reverse("notices")).context["rows"]) == min(number, 20)


def test_one_is_marked_as_unread_and_as_read_again(member_client, member, inbox):
    card = Notice.objects.get(kind="card_expired")
    address = reverse("notice_reading", args=[card.public_id])
    answer = member_client.post(address, {"as": "unread", "about": "cards"})
    assert answer["Location"] == f"{inbox}?about=cards"
    assert unread_notices(member) == 3
    member_client.post(address, {"as": "read"})
    assert unread_notices(member) == 2


def test_all_that_the_filter_shows_are_marked_on_every_page_of_it(member_client, member, moment, inbox):
    told(member, moment, 30)
    member_client.post(reverse("notices_reading"), {"as": "read", "about": "contracts"})
    assert [notice.kind for notice in Notice.objects.filter(read_at__isnull=True)] == ["invoice_issued"]
    member_client.post(reverse("notices_reading"), {"as": "unread"})
    assert unread_notices(member) == 32


def test_nobody_marks_what_is_a_strangers(member_client, newcomer, moment):
    notice = told(newcomer, moment)
    assert member_client.post(reverse("notice_reading", args=[notice.public_id])).status_code == 404
    member_client.post(reverse("notices_reading"), {"as": "read"})
    assert unread_notices(newcomer) == 1


# Retention


@pytest.mark.parametrize(
    ("today", "first"),
    [
        ("2026-03-10", "2024-03-10"),
        ("2028-02-29", "2026-02-28"),
        ("2026-12-31", "2024-12-31"),
        ("2026-01-01", "2024-01-01"),
    ],
)
def test_N2_notices_are_kept_for_the_markets_months(today, first):
    assert kept_from(today=date.fromisoformat(today), months=24) == date.fromisoformat(first)


def test_months_that_are_no_years_count_too():
    assert kept_from(today=date(2026, 3, 31), months=13) == date(2025, 2, 28)


def test_N2_what_is_older_goes_with_its_mail_and_what_is_younger_stays(member, moment, sweep, monkeypatch):
    monkeypatch.setattr("accounts.actions.retention.AT_A_TIME", 2)
    told(member, moment, 5)
    sweep(moment + timedelta(hours=1))
    young = told(member, moment + timedelta(days=1), kind="card_expired")
    # The day in Nicosia on which the first ones are 24 months old, and the next one.
    assert forget_notices(now=moment + timedelta(days=731)) == 0
    assert forget_notices(now=moment + timedelta(days=732)) == 5
    assert list(Notice.objects.all()) == [young]
    assert [row.dedup_key for row in OutboxMessage.objects.all()] == [f"notice:{young.pk}"]
    assert [record.data["count"] for record in AuditRecord.objects.filter(what="notices forgotten")] == [2, 2, 1]
    assert forget_notices(now=moment + timedelta(days=732)) == 0


def test_N2_the_months_are_a_markets_number(member, moment, market):
    market.notice_months = 6
    market.save(update_fields=["notice_months"])
    told(member, moment)
    assert forget_notices(now=moment + timedelta(days=180)) == 0
    assert forget_notices(now=moment + timedelta(days=185)) == 1


def test_a_mail_of_a_forgotten_notice_is_not_sent_and_not_missed(member, moment, sweep, mailoutbox):
    notice = told(member, moment)
    forgotten = OutboxMessage.objects.create(
        handler="notice_mail", payload={"notice_id": notice.pk, "again": 1}, dedup_key="again", created_at=moment,
        due_at=moment,
    )  # fmt: skip
    forget_notices(now=moment + timedelta(days=800))
    assert sweep(moment + timedelta(days=800)) == 1
    assert mailoutbox == []
    forgotten.refresh_from_db()
    assert forgotten.done_at


def test_an_age_is_found_by_an_index(member, moment):
    told(member, moment)
    explained = Notice.objects.filter(created_at__lt=timezone.now()).order_by("created_at")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    assert "notice_age" in explained.explain()
