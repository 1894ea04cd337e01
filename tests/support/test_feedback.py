""" "Was this helpful?" and searches in vain: kept for the editors, without a name (H4)."""

import pytest
from django.core.cache import cache
from django.urls import reverse

from support.actions.counting import MOST_VOTES_FROM_AN_ADDRESS, count_contact_opened
from support.actions.forgetting import forget_feedback
from support.models import ContactOpening, FailedSearch, Vote
from tests import make
from tests.support.small import article, page

UNCLEAR = {"helpful": "no", "reason": "unclear", "remark": "Say how."}


@pytest.fixture
def asked(market):
    return article()


def send(client, **words):
    return client.post(reverse("support_feedback", args=["how-to-cancel"]), words)


def test_H4_the_article_asks_without_a_cookie_and_leads_to_the_page(client, asked):
    shown = page(client, "support_article", "cancelling", "how-to-cancel")
    assert "/en/support/feedback/how-to-cancel/?helpful=no" in shown.content.decode()
    assert not shown.cookies
    assert "csrf" not in shown.content.decode().lower()


def test_H4_a_no_is_kept_with_its_reason_and_nothing_of_who_said_it(client, asked):
    answer = send(client, **UNCLEAR)
    assert answer.status_code == 302
    assert "Thank you" in client.get(answer["Location"]).content.decode()
    row = Vote.objects.values().get()
    assert (row.pop("is_helpful"), row.pop("reason"), row.pop("remark")) == (False, "unclear", "Say how.")
    assert row.keys() == {"id", "article_key", "language", "on"}
    assert "sessionid" not in client.cookies


def test_H4_a_yes_needs_no_reason_and_keeps_none(client, asked):
    send(client, helpful="yes", reason="wrong")
    assert (Vote.objects.get().is_helpful, Vote.objects.get().reason) == (True, "")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({}, "This field is required"),
        ({"helpful": "no"}, "Please choose a reason"),
        (UNCLEAR | {"reason": "because"}, "Select a valid choice"),
        (UNCLEAR | {"remark": "Write to me@example.com"}, "Please leave out e-mail addresses"),
        (UNCLEAR | {"remark": "4111 1111 1111 1111"}, "looks like a card number"),
        (UNCLEAR | {"remark": "x" * 501}, "at most 500 characters"),
    ],
)
def test_what_is_missing_or_names_somebody_is_said_and_not_kept(client, asked, words, sentence):
    assert sentence in send(client, **words).content.decode()
    assert not Vote.objects.exists()


def test_H4_one_address_cannot_flood_and_its_words_are_shown_again(client, asked):
    for _turn in range(MOST_VOTES_FROM_AN_ADDRESS):
        send(client, helpful="yes")
    refused = send(client, **UNCLEAR).content.decode()
    assert "That is enough from here for now" in refused
    assert "Say how." in refused
    assert Vote.objects.count() == MOST_VOTES_FROM_AN_ADDRESS
    cache.clear()
    assert send(client, helpful="yes").status_code == 302


def test_H4_a_search_that_finds_nothing_counts_once_it_is_typed_to_its_end(client, market):
    for query in ("?q=zeppelin", "?q=Zeppelin&settled=1", "?q=zeppelin%20me@example.com&settled=1"):
        page(client, "support_search", query=query)
    row = FailedSearch.objects.get()
    assert (row.words, row.language, row.times) == ("zeppelin", "en", 2)


def test_H4_numbers_of_people_are_not_kept(client, market):
    for typed in ("4242424242424242", "JTHSAMPLECY900007", "me@example.com", "99123456"):
        page(client, "support_search", query=f"?q={typed}&settled=1")
    assert not FailedSearch.objects.exists()


def test_H4_while_one_types_the_page_waits_before_it_counts(client, market):
    shown = page(client, "support_search", query="?q=zeppelin", hx_request="true").content.decode()
    assert "settled=1&amp;q=zeppelin" in shown
    counted = page(client, "support_search", query="?q=zeppelin&settled=1", hx_request="true")
    assert "delay:4s" not in counted.content.decode()
    assert counted["Cache-Control"] == "no-store"
    assert FailedSearch.objects.get().times == 1


def test_H4_messages_begun_at_an_article_are_counted_and_other_words_are_not(asked):
    for key in ("how-to-cancel", "how-to-cancel", "nothing"):
        count_contact_opened(key)
    assert [(row.article_key, row.times) for row in ContactOpening.objects.all()] == [("how-to-cancel", 2)]


def test_what_is_two_years_old_is_forgotten(client, asked):
    send(client, helpful="yes")
    page(client, "support_search", query="?q=zeppelin&settled=1")
    forget_feedback(before=Vote.objects.get().on)
    assert (Vote.objects.count(), FailedSearch.objects.count()) == (1, 1)
    forget_feedback(before=Vote.objects.get().on + make.days(1))
    assert (Vote.objects.count(), FailedSearch.objects.count()) == (0, 0)


def test_H4_the_report_says_which_answers_do_not_help_and_why(admin_client, client, asked):
    for words in (UNCLEAR, UNCLEAR | {"reason": "wrong", "remark": ""}, {"helpful": "yes"}):
        send(admin_client, **words)
    page(admin_client, "support_search", query="?q=zeppelin&settled=1")
    count_contact_opened("how-to-cancel")
    shown = admin_client.get(reverse("admin:support_article_report") + "?days=30").content.decode()
    for words in ("how-to-cancel", "33 %", "I do not understand it: 1", "Say how.", "zeppelin", "Of the last 30 days"):
        assert words in shown
    for listed in ("vote", "failedsearch"):
        assert admin_client.get(reverse(f"admin:support_{listed}_changelist")).status_code == 200
