"""A2: accounts that a car's head unit creates, and their days to accept the Terms."""

from datetime import date, timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.access import terms_standing_of
from accounts.actions.registration import create_from_head_unit
from accounts.actions.terms import accept_terms
from accounts.models import Account, TermsVersion
from accounts.pausing import paused_accounts
from accounts.rules.terms import TermsStanding
from portal.models import AuditRecord
from tests import oidc
from tests.accounts.conftest import PASSWORD
from tests.accounts.test_registration import deliver_all

EMAIL = "driver@example.com"


@pytest.fixture
def create(terms, moment):
    """From a car of MM19, at the moment unless said otherwise."""

    def from_car(*, email=EMAIL, generation="MM19", now=moment, password=PASSWORD):
        return create_from_head_unit(
            email=email, password=password, generation=generation, market=terms.market, now=now
        )

    return from_car


@pytest.fixture
def driver(create):
    """With a confirmed address."""
    account = create()
    EmailAddress.objects.filter(user=account).update(verified=True)
    return account


def on(client, account, moment, name="garage"):
    """The page as it is at that moment."""
    with time_machine.travel(moment, tick=False):
        client.force_login(account)
        return client.get(reverse(name))


def test_a1_the_account_is_created_and_asked_for_its_address_by_mail(create, moment, sweep, mailoutbox):
    account = create(email="Driver@Example.com")
    deliver_all(sweep)
    assert (account.email, account.created_channel, account.terms_due_on) == (EMAIL, "head_unit", date(2026, 3, 24))
    assert not EmailAddress.objects.get().verified
    assert [mail.to for mail in mailoutbox] == [[EMAIL]]
    record = AuditRecord.objects.get(what="registered")
    assert record.data == {"channel": "head_unit", "generation": "MM19"}


def test_a1_a_known_address_gets_one_mail_too_and_no_second_account(create, member, moment, sweep, mailoutbox):
    assert create(email=member.email) is None
    deliver_all(sweep)
    assert [mail.subject for mail in mailoutbox] == ["You already have an account"]
    assert Account.objects.filter(email=member.email).count() == 1


def test_a1_who_never_confirmed_is_sent_the_link_again(create, moment, sweep, mailoutbox):
    create()
    assert create(now=moment + timedelta(hours=1)) is None
    deliver_all(sweep)
    assert [mail.to for mail in mailoutbox] == [[EMAIL], [EMAIL]]


@pytest.mark.parametrize(("generation", "last_day"), [("MM19", date(2026, 3, 24)), ("MM21", None), ("", None)])
def test_a2_only_generations_before_mm21_count_days(create, generation, last_day):
    assert create(generation=generation).terms_due_on == last_day


def test_a2_the_days_are_those_of_the_market_by_its_calendar(create, terms, moment):
    terms.market.terms_days = 5
    late_in_utc = moment.replace(hour=22, minute=30)
    assert create(now=late_in_utc).terms_due_on == date(2026, 3, 16)


def test_days_are_counted_for_accounts_of_head_units_alone(member):
    with pytest.raises(IntegrityError, match="account_terms_count_of_head_unit"), transaction.atomic():
        Account.objects.filter(pk=member.pk).update(terms_due_on=date(2026, 3, 24))


@pytest.mark.parametrize(
    ("days", "standing"), [(0, TermsStanding.COUNTING), (14, TermsStanding.COUNTING), (15, TermsStanding.PAUSED)]
)
def test_a2_the_days_count_and_then_the_services_pause(driver, moment, days, standing):
    now = moment + timedelta(days=days)
    assert terms_standing_of(driver, now) is standing
    is_paused = paused_accounts(driver.market.local_date(now)).filter(pk=driver.pk).exists()
    assert is_paused is (standing is TermsStanding.PAUSED)


def test_a2_accepting_ends_the_pause_for_good(driver, terms, moment):
    late = moment + timedelta(days=40)
    accept_terms(account=driver, version=terms, channel="portal", now=late, by=driver)
    assert terms_standing_of(driver, late) is TermsStanding.ACCEPTED
    TermsVersion.objects.create(market=terms.market, version="2", effective_at=late, texts={"en": "New."})
    assert terms_standing_of(driver, late) is TermsStanding.ASKED
    assert not paused_accounts(driver.market.local_date(late)).exists()


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (1, "13 days left to accept the Terms of Use"),
        (13, "1 day left to accept the Terms of Use"),
        (14, "Today is the last day to accept the Terms of Use"),
    ],
)
def test_a2_a_banner_counts_the_days_on_every_page(client, driver, moment, days, words):
    for name in ("garage", "account", "home", "support"):
        page = on(client, driver, moment + timedelta(days=days), name)
        assert page.status_code == 200
        assert words in page.content.decode()


def test_a2_after_the_days_pages_ask_for_the_terms_and_say_why(client, driver, moment):
    answer = on(client, driver, moment + timedelta(days=15))
    assert answer["Location"].startswith(reverse("terms_acceptance"))
    page = on(client, driver, moment + timedelta(days=15), "terms_acceptance")
    assert "Your connected services pause" in page.content.decode()


def test_a2_the_banner_goes_when_the_terms_are_accepted(client, driver, moment):
    with time_machine.travel(moment, tick=False):
        client.force_login(driver)
        client.post(reverse("terms_acceptance"), {"version": "1"})
        assert "to accept the Terms" not in client.get(reverse("garage")).content.decode()


def test_everybody_else_has_no_banner(member_client):
    page = member_client.get(reverse("account")).content.decode()
    assert "to accept the Terms" not in page


def test_A2_while_the_days_count_an_app_signs_in_and_calls_like_a_members(driver, moment):
    oidc.clients()
    with time_machine.travel(moment, tick=False):
        assert oidc.sign_in_app(driver).get("/api/v1/notices/").status_code == 200
