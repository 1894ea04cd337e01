"""The mail server is down, slow, refuses an address, drops the line; a mail's text breaks (faults 39, 49, 50)."""

import logging
import time
from datetime import date, timedelta
from functools import partial

import pytest
from django.template import TemplateSyntaxError

from accounts.models import Notice, UndeliveredMail
from accounts.notices import texts as notice_texts
from accounts.notices.kinds import tell
from accounts.undelivered import refused_address
from portal import outbox
from portal.models import OutboxMessage
from tests import make
from tests.accounts.notice_facts import FACTS
from tests.faults.mail_server import HOST, Moods, dripping, free_port, running

DAY = date(2026, 6, 17)
HOUR = timedelta(hours=1)


@pytest.fixture
def server(settings):
    """Mails go by real SMTP; the server is not running yet."""
    settings.EMAIL_BACKEND = "portal.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = HOST, free_port()
    settings.EMAIL_USE_TLS = False
    settings.EMAIL_TIMEOUT = 2
    moods = Moods()
    moods.running = partial(running, moods, port=settings.EMAIL_PORT)
    return moods


@pytest.fixture
def people(market):
    return [make.account(f"{name}@example.com", market=market) for name in ("anna", "bill", "chris")]


@pytest.fixture
def told(people, now):
    """Three people, each told of one thing."""
    for account in people:
        tell(account=account, kind="trial_ending", subject_key="s", event_on=DAY, now=now, **FACTS["trial_ending"])


def sweep(now):
    """What the sweep of that moment delivers; how many went out."""
    return sum(outbox.deliver(message_id, now=now) for message_id in outbox.waiting(now=now))


def sweep_for(span, *, since):
    """Every thirty seconds, as beat does."""
    return sum(sweep(since + timedelta(seconds=30 * n)) for n in range(int(span.total_seconds() // 30) + 1))


def test_F39_F49_a_server_that_is_down_for_an_hour_loses_nothing_and_gets_each_mail_once(server, told, now):
    assert sweep_for(HOUR, since=now) == 0
    assert "ConnectionRefused" in OutboxMessage.objects.first().last_error
    # Tried again ever less often: six times in an hour, not a hundred and twenty.
    assert {row.attempts for row in OutboxMessage.objects.all()} == {6}
    with server.running():
        assert sweep_for(HOUR, since=now + HOUR) == 3
        assert sweep_for(HOUR, since=now + 2 * HOUR) == 0
    assert server.recipients == ["anna@example.com", "bill@example.com", "chris@example.com"]
    assert not UndeliveredMail.objects.exists()


def test_F49_a_server_that_goes_silent_is_left_after_its_time_and_gets_the_mail_later_once(server, told, now):
    server.is_silent = True
    with server.running():
        began = time.monotonic()
        assert not outbox.deliver(OutboxMessage.objects.first().pk, now=now)
        assert time.monotonic() - began < 10
        server.is_silent = False
        assert sweep(now + HOUR) == 3
    assert set(server.message_ids.values()) == {1}


def test_F49_a_server_that_answers_letter_by_letter_is_left_after_the_time_of_a_whole_conversation(
    server, told, now, settings
):
    settings.EMAIL_TIME_LIMIT = 1
    message = OutboxMessage.objects.first()
    with dripping() as settings.EMAIL_PORT:
        began = time.monotonic()
        assert not outbox.deliver(message.pk, now=now)
        assert time.monotonic() - began < 5
    message.refresh_from_db()
    assert "SMTPServerDisconnected" in message.last_error
    assert not message.parked_at


def test_F39_F49_an_address_that_is_refused_is_parked_for_staff_at_once_and_the_others_get_theirs(
    server, told, people, now
):
    server.answers = {"bill@example.com": "550 5.1.1 no such mailbox"}
    with server.running():
        assert sweep(now) == 2
        assert sweep_for(HOUR, since=now) == 0
    assert server.recipients == ["anna@example.com", "chris@example.com"]
    [bounced] = UndeliveredMail.objects.select_related("message", "account")
    assert (bounced.account, bounced.kind, bounced.is_refused) == (people[1], "trial_ending", True)
    assert bounced.reason == "550 5.1.1 no such mailbox"
    assert (bounced.message.parked_at, bounced.message.attempts) == (now, 1)
    assert [refused_address(account) for account in people] == ["", "bill@example.com", ""]


def test_F49_a_server_that_mistrusts_us_refuses_no_address(server, told, people, now):
    server.answers = {"bill@example.com": "554 5.7.1 relay access denied"}
    with server.running():
        sweep(now)
        assert not UndeliveredMail.objects.exists()
        server.answers = {}
        assert sweep(now + HOUR) == 1
    assert refused_address(people[1]) == ""


def test_F39_F49_an_answer_that_is_lost_after_the_mail_brings_it_twice_with_the_same_id(server, told, now):
    server.loses_answers = 1
    with server.running():
        assert sweep(now) == 2
        assert sweep(now + HOUR) == 1
        assert sweep(now + 2 * HOUR) == 0
    assert sorted(server.message_ids.values()) == [1, 1, 2]


def test_F39_a_server_that_says_later_gets_the_mail_later_once(server, told, now):
    server.answers = {"bill@example.com": "451 4.7.1 please try again later"}
    with server.running():
        assert sweep(now) == 2
        server.answers = {}
        assert sweep(now + HOUR) == 1
    assert set(server.message_ids.values()) == {1}
    assert not UndeliveredMail.objects.exists()


def test_F39_what_is_never_taken_is_given_up_after_twelve_tries_and_stands_on_the_list_of_staff(server, told, now):
    for day in range(4):
        sweep_for(timedelta(hours=24), since=now + timedelta(days=day))
    assert {row.attempts for row in OutboxMessage.objects.filter(parked_at__isnull=False)} == {12}
    assert [row.is_refused for row in UndeliveredMail.objects.all()] == [False] * 3


def test_F50_a_text_that_cannot_be_made_for_one_customer_stops_no_other_and_is_tried_again_and_reported(
    server, told, people, now, monkeypatch, caplog
):
    words = notice_texts.body

    def broken_for_bill(notice: Notice) -> str:
        if notice.account == people[1]:
            raise TemplateSyntaxError("a broken translation")
        return words(notice)

    with server.running(), caplog.at_level(logging.ERROR):
        with monkeypatch.context() as patch:
            patch.setattr(notice_texts, "body", broken_for_bill)
            assert sweep(now) == 2
        assert "a broken translation" in caplog.text
        assert OutboxMessage.objects.get(done_at__isnull=True).last_error.startswith("TemplateSyntaxError")
        assert sweep(now + HOUR) == 1
    assert len(server.message_ids) == 3
