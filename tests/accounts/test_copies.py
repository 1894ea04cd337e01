"""Copies to up to three addresses: asked for, confirmed by their readers, ended at any time (I5)."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.actions.copies import ask_for_copies, confirm_copies, remove_copy_address
from accounts.copy_links import confirmation_url, leave_url
from accounts.models import CopyAddress, Notice
from portal.models import AuditRecord
from tests.refusing import refusal_code

BOOKS = "books@example.com"


@pytest.fixture
def at(moment):
    with time_machine.travel(moment, tick=False) as clock:
        yield clock


@pytest.fixture(autouse=True)
def _on_the_clock(at):
    """Links are good for days that are counted by the clock of the request."""


def ask(member, moment, email=BOOKS):
    return ask_for_copies(account=member, email=email, now=moment, by=member)


def path(url):
    return url.removeprefix("http://localhost:8000")


def recorded(member):
    records = AuditRecord.objects.filter(account=member, what__startswith="copies").order_by("pk")
    return list(records.values_list("what", flat=True))


# Asking


def test_I5_an_address_is_asked_by_mail_and_gets_nothing_yet(member_client, sweep, moment, mailoutbox):
    member_client.post(reverse("copy_addresses"), {"email": BOOKS.upper()})
    address = CopyAddress.objects.get()
    assert (address.email, address.slot, address.is_confirmed) == (BOOKS, 1, False)
    sweep(moment)
    assert mailoutbox[0].to == [BOOKS]
    assert confirmation_url(address) in mailoutbox[0].body
    assert "not confirmed yet" in member_client.get(reverse("copy_addresses")).content.decode()


def test_the_mail_that_asks_says_nothing_of_who_asks(member, moment, sweep, mailoutbox):
    ask(member, moment)
    sweep(moment)
    html = str(mailoutbox[0].alternatives[0])
    for secret in (member.email, "Maria", "Member"):
        assert secret not in mailoutbox[0].subject + mailoutbox[0].body + html


def test_I5_a_fourth_address_is_refused_by_the_action_and_by_the_database(member, moment):
    for number in range(3):
        ask(member, moment, f"{number}@example.com")
    assert refusal_code(ask, member=member, moment=moment) == "copy_places_taken"
    with pytest.raises(IntegrityError, match="copy_address_at_most_three"), transaction.atomic():
        CopyAddress.objects.create(account=member, slot=4, email=BOOKS, asked_at=moment)
    with pytest.raises(IntegrityError, match="copy_address_slot_once"), transaction.atomic():
        CopyAddress.objects.create(account=member, slot=3, email=BOOKS, asked_at=moment)


def test_one_that_was_not_confirmed_in_seven_days_gives_its_place_up(member, moment):
    for number in range(3):
        ask(member, moment, f"{number}@example.com")
    ask(member, moment + timedelta(days=7))
    assert list(CopyAddress.objects.values_list("email", flat=True)) == [BOOKS]


def test_asked_anew_the_earlier_link_confirms_no_more(member, moment, client):
    first = path(confirmation_url(ask(member, moment)))
    second = path(confirmation_url(ask(member, moment + timedelta(minutes=1))))
    assert [client.get(link).status_code for link in (first, second)] == [400, 200]
    assert CopyAddress.objects.count() == 1


def test_the_accounts_own_address_and_one_that_has_agreed_are_refused(member, moment):
    confirm_copies(address=ask(member, moment), now=moment)
    assert refusal_code(ask, member=member, moment=moment) == "copy_confirmed_already"
    assert refusal_code(ask, member=member, moment=moment, email=member.email) == "copy_own_address"


@pytest.mark.parametrize("email", ["", "nobody", "a@b", "a@example.com, b@example.com"])
def test_what_is_no_address_is_said_beside_the_field_and_kept(member_client, email):
    page = member_client.post(reverse("copy_addresses"), {"email": email}).content.decode()
    assert "error-summary" in page
    assert not email or f'value="{email}"' in page


def test_no_address_is_flooded_with_questions_about_copies(member_client):
    for _ in range(3):
        assert member_client.post(reverse("copy_addresses"), {"email": BOOKS}).status_code == 302
    answer = member_client.post(reverse("copy_addresses"), {"email": BOOKS})
    assert answer.status_code == 429
    assert "Too many tries" in answer.content.decode()


# Agreeing


def test_I5_the_link_alone_confirms_nothing_and_the_button_does_once(member, moment, client):
    link = path(confirmation_url(ask(member, moment)))
    assert "Maria Member" in client.get(link).content.decode()
    assert not CopyAddress.objects.get().is_confirmed
    assert client.post(link).status_code == 200
    assert CopyAddress.objects.get().confirmed_at == moment
    assert client.post(link).status_code == 400
    assert recorded(member) == ["copies_asked_for", "copies_confirmed"]
    assert Notice.objects.get(account=member, kind="copies_changed").facts["email"] == BOOKS


@pytest.mark.parametrize(("days", "status"), [(6, 200), (7, 400)])
def test_I5_the_link_is_good_for_seven_days(member, moment, client, at, days, status):
    link = path(confirmation_url(ask(member, moment)))
    at.shift(timedelta(days=days))
    assert client.post(link).status_code == status
    assert CopyAddress.objects.get().is_confirmed is (status == 200)


def test_a_link_of_an_address_that_was_removed_meanwhile_confirms_nothing(member, moment):
    address = ask(member, moment)
    remove_copy_address(address=address, now=moment, by=member)
    assert refusal_code(confirm_copies, address=address, now=moment) == "copy_link_over"


def test_a_link_to_leave_does_not_confirm_and_a_forged_one_opens_nothing(member, moment, client):
    token = leave_url(ask(member, moment)).split("/")[-2]
    assert client.post(reverse("copy_confirmation", args=[token])).status_code == 400
    assert client.post(reverse("copy_confirmation", args=["x"])).status_code == 400


# Ending


def test_I5_the_owner_removes_an_address_and_a_stranger_cannot(member_client, member, newcomer, moment):
    address = ask(member, moment)
    url = reverse("copy_address_removal", args=[address.public_id])
    stranger = Client()
    stranger.force_login(newcomer)
    stranger.post(url)
    assert CopyAddress.objects.exists()
    member_client.post(url)
    assert not CopyAddress.objects.exists()
    assert recorded(member) == ["copies_asked_for", "copies_ended"]


def test_I5_the_reader_ends_the_copies_with_one_click_of_the_mail_program(member, moment):
    address = ask(member, moment)
    confirm_copies(address=address, now=moment)
    mail_program = Client(enforce_csrf_checks=True)
    link = path(leave_url(address))
    assert mail_program.get(link).status_code == 200
    assert CopyAddress.objects.exists()
    assert mail_program.post(link, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not CopyAddress.objects.exists()
    assert mail_program.post(link).status_code == 400
    assert Notice.objects.filter(account=member, facts__change="left").count() == 1
