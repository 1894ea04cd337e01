from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Model

from accounts.access import has_accepted_current_terms
from accounts.actions.terms import accept_terms
from accounts.models import TermsAcceptance, TermsVersion
from portal.models import AuditRecord
from portal.refusals import Refusal


@pytest.fixture
def next_terms(home_market, moment) -> Model:
    return TermsVersion.objects.create(
        market=home_market, version="2", effective_at=moment + timedelta(days=1), texts={"en": "New."}
    )


def test_a2_an_acceptance_keeps_version_time_and_channel(newcomer, terms, moment):
    accept_terms(account=newcomer, version=terms, channel="app", now=moment, by=newcomer)
    acceptance = TermsAcceptance.objects.get(account=newcomer)
    assert (acceptance.version, acceptance.accepted_at, acceptance.channel) == (terms, moment, "app")
    record = AuditRecord.objects.get(account=newcomer, what="terms_accepted")
    assert record.data == {"version": "1", "channel": "app"}


def test_a_second_acceptance_changes_nothing(member, terms, moment):
    first = TermsAcceptance.objects.get(account=member)
    again = accept_terms(account=member, version=terms, channel="app", now=moment + timedelta(days=5), by=member)
    assert (again.pk, again.accepted_at, again.channel) == (first.pk, moment, "portal")
    assert AuditRecord.objects.filter(account=member, what="terms_accepted").count() == 1


def test_a2_a_new_version_asks_again_from_its_moment_on(member, next_terms, moment):
    assert has_accepted_current_terms(member, next_terms.effective_at - timedelta(seconds=1))
    assert not has_accepted_current_terms(member, next_terms.effective_at)


def test_a_version_that_is_not_in_force_cannot_be_accepted(newcomer, next_terms, moment):
    with pytest.raises(Refusal) as refusal:
        accept_terms(account=newcomer, version=next_terms, channel="portal", now=moment, by=newcomer)
    assert refusal.value.code == "terms_not_current"
    assert not TermsAcceptance.objects.exists()


def test_asking_whether_the_terms_are_accepted_takes_one_query(member, moment, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert has_accepted_current_terms(member, moment)


def test_two_versions_cannot_come_into_force_at_the_same_moment(terms):
    with pytest.raises(IntegrityError, match="terms_one_current_per_market"), transaction.atomic():
        TermsVersion.objects.create(
            market=terms.market, version="1b", effective_at=terms.effective_at, texts={"en": "Another."}
        )
