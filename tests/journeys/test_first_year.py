"""A customer's first months with a moving clock: ordered, charged, invoiced, mailed, declined, cancelled, refunded."""

import io
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pypdf
import pytest
from django.core.mail.backends.base import BaseEmailBackend
from django.urls import reverse

from portal import outbox
from subscriptions.actions import wallet
from subscriptions.actions.cancel import cancel, cancellation_quote
from subscriptions.actions.run import charging_run
from subscriptions.models import Document
from tests import make

MORNING, EVENING = time(6), time(18)


@pytest.fixture
def until(market, gateway, clock, deliver, files):
    """Lets the days pass with their two runs, up to the evening of a day; mails leave after each run."""

    def pass_days(last: date) -> None:
        day = clock.now.astimezone(market.zone).date()
        while day <= last:
            for hour in (MORNING, EVENING):
                moment = datetime.combine(day, hour, tzinfo=market.zone)
                if moment > clock.now:
                    clock.now = moment
                    charging_run(market=market, now=moment, gateway=gateway)
                    deliver()
            day = date.fromordinal(day.toordinal() + 1)

    return pass_days


@pytest.fixture
def ordered(car, card, navigation, gateway):
    """A yearly plan with a free month, ordered at noon of 10 June."""
    return make.subscription(car, package=navigation, gateway=gateway)


def subjects(mailoutbox) -> list[str]:
    return [mail.subject for mail in mailoutbox]


def text_of(pdf: bytes) -> str:
    return " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


def test_charged_on_the_day_invoiced_mailed_and_shown(ordered, until, mailoutbox, client, owner):
    until(date(2026, 7, 9))
    assert not Document.objects.exists()
    until(date(2026, 7, 10))
    invoice = Document.objects.get()
    mail = next(mail for mail in mailoutbox if invoice.number in mail.body)
    name, pdf, media_type = mail.attachments[0]
    assert (mail.to, name, media_type) == (["owner@example.com"], "CY-2026-000001.pdf", "application/pdf")
    assert "99.00" in text_of(pdf)
    assert len(mailoutbox) == 3
    client.force_login(owner)
    assert invoice.number in client.get(reverse("documents")).content.decode()
    assert client.get(reverse("document_pdf", args=[invoice.public_id])).content == pdf


def test_declined_on_three_days_and_then_ended(ordered, until, card, gateway, mailoutbox):
    gateway.set_behaviour(card_ref=card.card_ref, behaviour="insufficient_funds")
    until(date(2026, 7, 11))
    ordered.refresh_from_db()
    assert (ordered.status, ordered.tries_used, ordered.is_in_service) == ("past_due", 2, True)
    until(date(2026, 7, 20))
    ordered.refresh_from_db()
    assert (ordered.status, ordered.ends_on, gateway.charges()) == ("ended", date(2026, 7, 12), [])
    # Confirmation, trial ending, three failures, the end.
    assert len(subjects(mailoutbox)) == 6


def test_declined_once_and_paid_with_another_card_the_next_day(ordered, until, card, owner, gateway, clock):
    gateway.set_behaviour(card_ref=card.card_ref, behaviour="stolen")
    until(date(2026, 7, 10))
    better = make.card(owner, gateway=gateway, nth=1, now=clock.now)
    wallet.make_primary(card=better, now=clock.now, by=owner)
    until(date(2026, 7, 11))
    ordered.refresh_from_db()
    assert (ordered.status, ordered.next_charge_on) == ("paid", date(2027, 7, 10))
    assert Document.objects.get().issued_on == date(2026, 7, 11)


def test_cancelled_with_refund_and_credit_note(ordered, until, clock, deliver, mailoutbox, gateway, market):
    until(date(2026, 7, 10))
    clock.now = datetime(2026, 10, 30, 12, tzinfo=market.zone)
    ordered.refresh_from_db()
    shown = cancellation_quote(ordered, now=clock.now)
    assert (shown.months_used, shown.refund, shown.ends_on) == (4, Decimal("66.00"), date(2026, 11, 10))
    cancel(subscription=ordered, confirmed=shown, now=clock.now, by=ordered.account)
    deliver()
    note = Document.objects.get(kind="credit_note")
    assert (note.gross, gateway.charges()[0].refunded) == (Decimal("66.00"), Decimal("66.00"))
    assert mailoutbox[-1].attachments[0][0] == "CN-CY-2026-000001.pdf"
    until(date(2026, 11, 9))
    ordered.refresh_from_db()
    assert ordered.is_in_service
    until(date(2026, 11, 10))
    ordered.refresh_from_db()
    assert (ordered.status, len(gateway.charges())) == ("ended", 1)


class Unreachable(BaseEmailBackend):
    def send_messages(self, messages):
        raise ConnectionRefusedError


def test_a_mail_server_that_is_down_loses_no_invoice(
    ordered, until, clock, settings, mailoutbox, market, gateway, deliver
):
    until(date(2026, 7, 9))
    works, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, f"{__name__}.Unreachable"
    clock.now = datetime.combine(ordered.next_charge_on, MORNING, tzinfo=ordered.market.zone)
    charging_run(market=ordered.market, now=clock.now, gateway=gateway)
    assert [outbox.deliver(waiting, now=clock.now) for waiting in outbox.waiting(now=clock.now)] == [False]
    settings.EMAIL_BACKEND, clock.now = works, clock.now + timedelta(minutes=1)
    deliver()
    assert mailoutbox[-1].attachments[0][0] == "CY-2026-000001.pdf"
