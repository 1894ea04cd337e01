"""What an account is told of mails that its address refused, and what staff do with them (N2, K4)."""

import smtplib
from datetime import date, timedelta

import pytest
from django.core.mail.backends.locmem import EmailBackend
from django.urls import reverse
from django.utils import timezone

from accounts.actions.retention import forget_undelivered
from accounts.actions.undelivered import drop, send_again
from accounts.mail import enqueue_mail
from accounts.models import Account, UndeliveredMail
from accounts.notices.kinds import tell
from accounts.undelivered import refused_address
from portal.models import AuditRecord, OutboxMessage
from portal.refusals import Refusal
from tests.accounts.notice_facts import FACTS
from tests.staff import sign_in_at_the_desk

DAY = date(2026, 3, 17)
SAID = "We could not reach your address"
REFUSED: set[str] = set()


class Choosy(EmailBackend):
    """A server that refuses some addresses."""

    def send_messages(self, messages):
        [to] = messages[0].to
        if to in REFUSED:
            raise smtplib.SMTPRecipientsRefused({to: (550, b"5.1.1 no such mailbox")})
        return super().send_messages(messages)


@pytest.fixture(autouse=True)
def server(settings):
    settings.EMAIL_BACKEND = "tests.accounts.test_undelivered.Choosy"
    REFUSED.clear()
    return REFUSED


@pytest.fixture
def bounced(member, moment, server, sweep):
    """One notice, refused by the member's address."""
    server.add(member.email)
    told(member, moment, "a")
    sweep(moment)
    return UndeliveredMail.objects.get()


def told(account, moment, key):
    tell(account=account, kind="trial_ending", subject_key=key, event_on=DAY, now=moment, **FACTS["trial_ending"])


def renamed(account, email):
    Account.objects.filter(pk=account.pk).update(email=email)
    account.refresh_from_db()


def sent_to(mailoutbox):
    return [mail.to for mail in mailoutbox]


@pytest.mark.parametrize("page", ["notices", "account"])
def test_the_account_is_told_with_the_way_to_another_address(member_client, bounced, page):
    shown = member_client.get(reverse(page)).text
    assert SAID in shown
    assert "member@example.com was refused" in shown
    assert f'href="{reverse("account_email")}"' in shown


@pytest.mark.parametrize("page", ["notices", "account"])
def test_nobody_else_is_told_anything(member_client, page):
    assert SAID not in member_client.get(reverse(page)).text


def test_it_is_over_once_the_address_takes_a_mail_and_the_refused_one_stays_on_the_list(
    bounced, member, moment, server, sweep
):
    server.clear()
    told(member, moment, "b")
    sweep(moment)
    assert refused_address(member) == ""
    bounced.refresh_from_db()
    assert bounced.is_open


def test_it_is_over_once_the_account_has_another_address(bounced, member):
    assert refused_address(member) == "member@example.com"
    renamed(member, "new@example.com")
    assert refused_address(member) == ""


def test_a_notice_that_is_sent_again_goes_to_the_address_that_its_account_has_now(
    bounced, member, moment, sweep, mailoutbox
):
    renamed(member, "new@example.com")
    later = moment + timedelta(days=1)
    send_again(mail=bounced, reason="asked by telephone", now=later, by=member)
    assert sweep(later) == 1
    assert sent_to(mailoutbox) == [["new@example.com"]]
    bounced.refresh_from_db()
    assert not bounced.is_open
    assert AuditRecord.objects.get(what="mail sent again").data["reason"] == "asked by telephone"


def test_one_that_is_refused_again_is_on_the_list_again_once(bounced, member, moment, sweep):
    later = moment + timedelta(days=1)
    send_again(mail=bounced, reason="r", now=later, by=member)
    sweep(later)
    [row] = UndeliveredMail.objects.select_related("message")
    assert (row.failed_at, row.is_open, row.is_being_sent) == (later, True, False)


def test_it_is_sent_again_once_however_often_the_form_is_sent(bounced, member, moment):
    send_again(mail=bounced, reason="r", now=moment, by=member)
    with pytest.raises(Refusal, match="being sent again already"):
        send_again(mail=bounced, reason="r", now=moment, by=member)


def test_what_is_taken_off_the_list_is_not_sent_any_more(bounced, member, moment):
    drop(mail=bounced, reason="the customer has died", now=moment, by=member)
    with pytest.raises(Refusal, match="taken off the list"):
        send_again(mail=bounced, reason="r", now=moment, by=member)


def test_what_is_over_is_forgotten_after_thirty_days_and_what_is_open_is_not(bounced, member, moment, sweep, server):
    assert forget_undelivered(now=moment + timedelta(days=300)) == 0
    drop(mail=bounced, reason="r", now=moment, by=member)
    assert OutboxMessage.objects.get().payload == {}
    assert forget_undelivered(now=moment + timedelta(days=30)) == 0
    assert forget_undelivered(now=moment + timedelta(days=31)) == 1


def test_a_mail_with_a_link_for_one_address_goes_to_no_other(member, moment, server, sweep, mailoutbox):
    server.add("typo@example.com")
    enqueue_mail(
        to="typo@example.com",
        language="en",
        brand=member.market.brand,
        template="account/email/password_reset_key",
        context={"brand": member.market.brand, "password_reset_url": "http://localhost:8000/secret"},
        now=moment,
    )
    sweep(moment)
    mail = UndeliveredMail.objects.get()
    assert (mail.account, mail.address, mail.kind) == (None, "typo@example.com", "")
    server.clear()
    send_again(mail=mail, reason="r", now=moment, by=member)
    sweep(moment)
    assert sent_to(mailoutbox) == [["typo@example.com"]]


# The desk


@pytest.fixture
def desk(client, newcomer):
    newcomer.is_staff = newcomer.is_superuser = True
    newcomer.save(update_fields=["is_staff", "is_superuser"])
    return sign_in_at_the_desk(client, newcomer)


def page_of(mail, noun):
    return reverse(f"admin:accounts_undeliveredmail_{noun}", args=[mail.pk])


def test_K4_staff_see_address_kind_reason_and_age(desk, bounced, moment):
    UndeliveredMail.objects.update(failed_at=timezone.now() - timedelta(days=3, hours=1))
    shown = desk.get(reverse("admin:accounts_undeliveredmail_changelist"), {"state": "open"}).text
    for words in ("member@example.com", "Trial ending", "5.1.1 no such mailbox", "bounced", "3 days"):
        assert words in shown


def test_K4_staff_send_it_again_by_a_button_that_says_where_it_goes_and_asks_why(desk, bounced, member):
    renamed(member, "new@example.com")
    assert page_of(bounced, "sending") in desk.get(page_of(bounced, "change")).text
    assert "new@example.com" in desk.get(page_of(bounced, "sending")).text
    desk.post(page_of(bounced, "sending"), {"reason": ""})
    assert OutboxMessage.objects.get().parked_at
    desk.post(page_of(bounced, "sending"), {"reason": "new address"})
    assert not OutboxMessage.objects.get().parked_at
    assert page_of(bounced, "sending") not in desk.get(page_of(bounced, "change")).text
    assert "being sent again already" in desk.get(page_of(bounced, "sending"), follow=True).text


def test_K4_staff_take_one_off_the_list(desk, bounced):
    desk.post(page_of(bounced, "dropping"), {"reason": "no such customer any more"})
    assert UndeliveredMail.objects.get().dropped_at
    assert (
        "member@example.com"
        not in desk.get(reverse("admin:accounts_undeliveredmail_changelist"), {"state": "open"}).text.split(
            'id="changelist"'
        )[1]
    )
    assert "taken off the list" in desk.get(page_of(bounced, "change")).text
