from datetime import date, timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.context import unread_notices
from accounts.models import Account, Notice
from accounts.notices.kinds import tell
from tests.accounts.notice_facts import FACTS

DAY = date(2026, 3, 17)


def told(account, moment, number=1):
    for n in range(number):
        now = moment + timedelta(minutes=n)
        tell(account=account, kind="trial_ending", subject_key=str(n), event_on=DAY, now=now, **FACTS["trial_ending"])
    return Notice.objects.filter(account=account).order_by("-created_at").first()


def test_the_newest_notice_stands_first(member_client, member, moment):
    told(member, moment)
    facts = FACTS["card_expired"]
    tell(account=member, kind="card_expired", subject_key="c", event_on=DAY, now=timezone.now(), **facts)
    page = member_client.get(reverse("notices")).content.decode()
    assert page.index("Your card ending in 4242") < page.index("Your trial of Remote &amp; Climate")
    assert "2 unread notices" in page


def test_opening_a_notice_marks_it_as_read_once(member_client, member, moment):
    notice = told(member, moment)
    page = member_client.get(reverse("notice", args=[notice.public_id])).content.decode()
    assert "€99.00" in page
    assert 'href="/connected-services/subscriptions/1/"' in page
    assert unread_notices(member) == 0
    read_at = Notice.objects.get().read_at
    member_client.get(reverse("notice", args=[notice.public_id]))
    assert Notice.objects.get().read_at == read_at


def test_a_stranger_finds_no_notice(member_client, newcomer, moment):
    notice = told(newcomer, moment)
    assert member_client.get(reverse("notice", args=[notice.public_id])).status_code == 404
    assert unread_notices(Account.objects.get(pk=newcomer.pk)) == 1


def test_the_inbox_is_paged(member_client, member, moment):
    told(member, moment, 25)
    second = member_client.get(reverse("notices"), {"page": 2})
    assert len(second.context["rows"]) == 5
    assert "Page 2 of 2" in second.content.decode()


def test_the_inbox_takes_the_same_queries_for_one_notice_and_for_many(member_client, member, moment):
    told(member, moment)
    with CaptureQueriesContext(connection) as one:
        member_client.get(reverse("notices"))
    told(member, moment, 19)
    with CaptureQueriesContext(connection) as many:
        member_client.get(reverse("notices"))
    assert len(many) == len(one)


def test_an_empty_inbox_says_what_it_is_for(member_client):
    assert "No notices yet" in member_client.get(reverse("notices")).content.decode()


def test_a_link_leads_to_the_page_in_the_readers_language(member_client, member, moment):
    facts = FACTS["card_expired"] | {"url": "/en/account/"}
    tell(account=member, kind="card_expired", subject_key="c", event_on=DAY, now=moment, **facts)
    page = member_client.get(f"/el/account/notices/{Notice.objects.get().public_id}/").content.decode()
    assert 'href="/el/account/"' in page
