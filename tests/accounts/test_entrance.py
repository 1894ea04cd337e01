"""What is read with the account of a request is never shown when it is no longer true."""

import pytest
from django.urls import reverse

from accounts.actions.terms import accept_terms
from accounts.backends import EntranceBackend
from accounts.models import Account, Notice, TermsVersion
from accounts.notices.kinds import tell
from tests.accounts.notice_facts import FACTS

KIND = "invoice_issued"


@pytest.fixture
def notice(member, moment) -> Notice:
    tell(account=member, kind=KIND, subject_key="1", event_on=moment.date(), now=moment, **FACTS[KIND])
    return Notice.objects.get()


def test_every_page_counts_what_is_unread(member_client, notice):
    assert "Notices, 1 unread" in member_client.get(reverse("profile")).text


def test_the_page_that_is_read_counts_without_it(member_client, notice):
    assert "Notices, 1 unread" not in member_client.get(reverse("notice", args=[notice.public_id])).text


def test_a_form_that_comes_back_counts_anew(member_client, notice):
    page = member_client.post(reverse("profile"), {"first_name": ""})
    assert page.status_code == 200
    assert "Notices, 1 unread" in page.text


def test_the_frame_asks_three_times(member_client, notice, django_assert_num_queries):
    member_client.get(reverse("profile"))
    # Session; account with market, Terms and notices; cars. The fourth is the page's own.
    with django_assert_num_queries(4):
        member_client.get(reverse("profile"))


def test_A2_what_was_accepted_elsewhere_is_nothing_here(member, terms, home_market, moment):
    assert at_entrance(member).has_accepted_current_terms(moment)
    abroad = TermsVersion.objects.create(market=home_market, version="2", effective_at=moment, texts={"en": "New."})
    assert not at_entrance(member).has_accepted_current_terms(moment)
    assert at_entrance(member).has_ever_accepted
    accept_terms(account=member, version=abroad, channel="app", now=moment, by=member)
    assert at_entrance(member).has_accepted_current_terms(moment)


def at_entrance(account: Account):
    return EntranceBackend().get_user(account.pk).at_entrance
