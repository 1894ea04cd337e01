import smtplib
from datetime import date, timedelta
from email import message_from_bytes, policy

import pytest
from django.core.mail.backends.locmem import EmailBackend
from django.db import transaction

from accounts.mail import enqueue_mail
from accounts.notices.kinds import tell
from portal.models import OutboxMessage
from tests.accounts.notice_facts import FACTS

DAY = date(2026, 3, 17)


class ServerThatIsDown(EmailBackend):
    def send_messages(self, messages):
        raise smtplib.SMTPServerDisconnected("Connection unexpectedly closed")


@pytest.fixture
def told(member, moment, monkeypatch):
    """Nefarious words in a fact, as a customer could type them as the name of their car."""
    monkeypatch.setattr("accounts.notices.kinds.ATTACHMENT_PROVIDERS", {})
    facts = FACTS["order_confirmed"] | {"vehicle_label": "<b>Bcc:</b>\r\nBcc: victim@example.com"}
    tell(account=member, kind="order_confirmed", subject_key="s", event_on=DAY, now=moment, **facts)


def parsed(mail):
    return message_from_bytes(mail.message().as_bytes(), policy=policy.default)


def test_a_notice_mail_has_subject_text_and_html(told, member, moment, sweep, mailoutbox):
    sweep(moment)
    mail = parsed(mailoutbox[0])
    text, html = mail.get_body(("plain",)).get_content(), mail.get_body(("html",)).get_content()
    assert mail["To"] == member.email
    assert "Dear Maria," in text
    assert "http://localhost:8000/connected-services/subscriptions/1/" in text
    assert "€99.00" in text
    assert "10 April 2026" in html


def test_words_of_a_customer_become_neither_headers_nor_markup(told, moment, sweep, mailoutbox):
    sweep(moment)
    mail = parsed(mailoutbox[0])
    assert mail["Bcc"] is None
    assert "\n" not in mail["Subject"]
    assert "<b>" not in mail.get_body(("html",)).get_content()


def test_a_mail_is_in_the_language_of_its_reader(member, moment, sweep, mailoutbox):
    member.language = "el"
    member.save(update_fields=["language"])
    tell(account=member, kind="trial_ending", subject_key="s", event_on=DAY, now=moment, **FACTS["trial_ending"])
    sweep(moment)
    assert "99,00\xa0€" in mailoutbox[0].body
    assert "Κέντρο πελατών Sample" in mailoutbox[0].body


def test_n2_a_mail_server_that_is_down_loses_nothing_and_the_sweep_sends_once(
    told, moment, sweep, mailoutbox, settings
):
    working, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, "tests.accounts.test_mail.ServerThatIsDown"
    assert sweep(moment) == 0
    assert "SMTPServerDisconnected" in OutboxMessage.objects.get().last_error
    settings.EMAIL_BACKEND = working
    later = moment + timedelta(hours=1)
    assert sweep(later) == 1
    assert sweep(later + timedelta(hours=1)) == 0
    assert len(mailoutbox) == 1


def test_n2_a_mail_that_is_sent_twice_has_the_same_message_id(told, moment, sweep, mailoutbox):
    sweep(moment)
    OutboxMessage.objects.update(done_at=None, due_at=moment)
    sweep(moment)
    assert mailoutbox[0].extra_headers["Message-ID"] == mailoutbox[1].extra_headers["Message-ID"]
    assert mailoutbox[0].extra_headers["Message-ID"].endswith("@localhost>")


def reset_mail(member, moment):
    enqueue_mail(
        to=member.email,
        language="en",
        brand=member.market.brand,
        template="account/email/password_reset_key",
        context={"brand": member.market.brand, "password_reset_url": "http://localhost:8000/secret"},
        now=moment,
    )


def test_nothing_is_sent_when_the_transaction_rolls_back(member, moment, sweep, mailoutbox):
    with transaction.atomic():
        reset_mail(member, moment)
        transaction.set_rollback(True)
    sweep(moment)
    assert mailoutbox == []


def test_a_sent_mail_leaves_no_secret_link_in_the_outbox(member, moment, sweep, mailoutbox):
    reset_mail(member, moment)
    sweep(moment)
    assert "/secret" in mailoutbox[0].body
    assert "secret" not in str(OutboxMessage.objects.get().payload)
    OutboxMessage.objects.update(done_at=None, due_at=moment)
    assert sweep(moment) == 1
    assert len(mailoutbox) == 1
