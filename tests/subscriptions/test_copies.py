"""Each invoice and credit note goes to whoever agreed to copies: the same PDF, once, each by itself (I5)."""

import smtplib

import pytest
from django.core.mail.backends.locmem import EmailBackend

from accounts.actions.copies import ask_for_copies, confirm_copies, remove_copy_address
from accounts.models import UndeliveredMail
from accounts.undelivered import refused_address
from portal import outbox
from portal.models import OutboxMessage
from subscriptions.actions.cancel import cancel
from subscriptions.models import Document
from subscriptions.papers.copies import enqueue_copies
from tests import make

READERS = ("books@example.com", "tax@example.com")


class ServerThatKnowsNoBooks(EmailBackend):
    def send_messages(self, messages):
        if messages[0].to == [READERS[0]] and messages[0].subject.startswith("Copy:"):
            raise smtplib.SMTPRecipientsRefused({READERS[0]: (550, b"5.1.1 no such mailbox")})
        return super().send_messages(messages)


@pytest.fixture
def readers(owner, now):
    asked = [ask_for_copies(account=owner, email=email, now=now, by=owner) for email in (*READERS, "late@example.com")]
    return [confirm_copies(address=address, now=now) for address in asked[:2]]


@pytest.fixture
def paid(readers, car, card, digital_key, gateway):
    return make.subscription(car, package=digital_key, gateway=gateway)


def copies(mailoutbox):
    return [mail for mail in mailoutbox if mail.subject.startswith("Copy:")]


def sweep(now):
    return [outbox.deliver(message_id, now=now) for message_id in outbox.waiting(now=now)]


def test_I5_both_readers_get_the_invoice_and_the_credit_note_once(paid, owner, deliver, files, mailoutbox, now):
    deliver()
    cancel(subscription=paid, confirmed=None, now=now, by=owner)
    deliver()
    sent = sorted((mail.to[0], mail.attachments[0][0]) for mail in copies(mailoutbox))
    numbers = Document.objects.values_list("number", flat=True)
    assert sent == sorted((reader, f"{number}.pdf") for reader in READERS for number in numbers)


def test_I5_the_copy_is_the_same_file_and_says_how_to_end_it(paid, deliver, files, mailoutbox):
    deliver()
    own = next(mail for mail in mailoutbox if mail.subject.startswith("Invoice"))
    copy = copies(mailoutbox)[0]
    assert copy.attachments == own.attachments
    assert "made out to Eleni Georgiou" in copy.body
    link = copy.extra_headers["List-Unsubscribe"].strip("<>")
    assert link in copy.body
    assert copy.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_one_address_that_fails_keeps_no_other_waiting(paid, files, mailoutbox, settings, now):
    settings.EMAIL_BACKEND = "tests.subscriptions.test_copies.ServerThatKnowsNoBooks"
    assert sweep(now).count(False) == 1
    assert [mail.to for mail in copies(mailoutbox)] == [[READERS[1]]]
    assert OutboxMessage.objects.get(done_at=None).handler == "document_copy"


def test_a_reader_who_cannot_be_reached_is_work_for_staff_and_no_matter_of_the_accounts_own_address(
    paid, owner, files, now, settings
):
    settings.EMAIL_BACKEND = "tests.subscriptions.test_copies.ServerThatKnowsNoBooks"
    sweep(now)
    [mail] = UndeliveredMail.objects.all()
    assert (mail.account, mail.address, mail.kind, mail.is_refused) == (owner, READERS[0], "", True)
    assert refused_address(owner) == ""


def test_who_was_removed_meanwhile_gets_no_copy(paid, readers, owner, deliver, files, mailoutbox, now):
    remove_copy_address(address=readers[0], now=now, by=owner)
    deliver()
    assert [mail.to for mail in copies(mailoutbox)] == [[READERS[1]]]


def test_asked_for_again_no_copy_goes_out_twice(paid, deliver, files, mailoutbox, now):
    deliver()
    enqueue_copies([Document.objects.get()], now=now)
    deliver()
    assert len(copies(mailoutbox)) == 2
