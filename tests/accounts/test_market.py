"""A4: the country of an account, and what changes with it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.access import has_accepted_current_terms
from accounts.actions.profile import change_profile
from accounts.models import TermsVersion
from portal.models import AuditRecord, Market
from portal.refusals import Refusal
from subscriptions.actions.cancel import cancel
from tests import make

PROFILE = {"first_name": "Eleni", "last_name": "Georgiou", "phone": "", "language": "en"}


@pytest.fixture
def greece(market):
    """A market that speaks Greek alone, with Terms of its own."""
    made = Market.objects.get(pk=market.pk)
    made.pk, made.code, made.names, made.is_default = None, "GR", {"en": "Greece", "el": "Ελλάδα"}, False
    made.languages, made.time_zone = ["el"], "Europe/Athens"
    made.save()
    TermsVersion.objects.create(
        market=made, version="GR-1", effective_at=make.NOW - timedelta(days=100), texts={"el": "Να είστε ευγενικοί."}
    )
    return made


@pytest.fixture
def signed_in(client, owner):
    client.force_login(owner)
    return client


def move(account, market):
    return change_profile(account=account, now=make.NOW, by=account, market=market)


def test_a4_another_country_brings_its_language_and_asks_for_its_terms(owner, greece):
    moved = move(owner, greece)
    assert (moved.market, moved.language) == (greece, "el")
    assert not has_accepted_current_terms(moved, make.NOW)
    assert AuditRecord.objects.get(what="profile_changed").data["fields"] == ["market", "language"]


def test_a_dealer_of_the_old_country_is_left(owner, market, greece):
    owner.preferred_dealer = make.dealer(market)
    owner.save(update_fields=["preferred_dealer"])
    assert move(owner, greece).preferred_dealer is None


def test_a4_while_something_runs_the_country_stays_and_nothing_else_is_lost(
    signed_in, owner, market, greece, car, card, navigation, gateway
):
    make.subscription(car, package=navigation, gateway=gateway)
    page = signed_in.post(reverse("profile"), PROFILE | {"last_name": "Neou", "country": "GR"}).content.decode()
    assert "Services are running under your country." in page
    assert 'value="Neou"' in page
    owner.refresh_from_db()
    assert (owner.market, owner.last_name) == (market, "Georgiou")


def test_a4_what_has_an_end_that_has_not_come_still_runs(owner, greece, car, card, navigation, gateway):
    row = make.subscription(car, package=navigation, gateway=gateway)
    cancel(subscription=row, confirmed=None, now=make.NOW, by=owner)
    with pytest.raises(Refusal) as refusal:
        move(owner, greece)
    assert refusal.value.code == "market_running"


def test_a4_the_form_moves_to_the_country_and_the_page_asks_for_the_terms(signed_in, owner, greece):
    answer = signed_in.post(reverse("profile"), PROFILE | {"country": "GR"})
    owner.refresh_from_db()
    assert owner.market == greece
    assert "/el/" in answer["Location"]
    assert reverse("terms_acceptance") in signed_in.get(reverse("profile"))["Location"]


def test_an_invented_country_is_refused(signed_in, owner, market, greece):
    signed_in.post(reverse("profile"), PROFILE | {"country": "ZZ"})
    owner.refresh_from_db()
    assert owner.market == market


def test_with_one_market_nobody_is_asked_for_a_country(signed_in):
    assert 'name="country"' not in signed_in.get(reverse("profile")).content.decode()


def test_the_country_that_it_has_is_chosen_already(signed_in, greece):
    assert '<option value="CY" selected>Cyprus</option>' in signed_in.get(reverse("profile")).content.decode()
