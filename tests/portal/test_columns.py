"""Rows that a hand-written statement reads are what Django would have made of them."""

import pytest

from accounts.models import Account, BillingProfile
from portal.files.columns import Columns, rows_of
from portal.models import LegalEntity, Market
from tests import make

STATEMENT = """
    SELECT {a}, {m}, {e}, {b}, upper(a.email)
    FROM accounts_account a JOIN portal_market m ON m.id = a.market_id
    JOIN portal_legalentity e ON e.id = m.legal_entity_id
    LEFT JOIN accounts_billingprofile b ON b.account_id = a.id
    ORDER BY a.id
"""


@pytest.fixture
def read(db):
    """The rows of that statement, by columns named and by all."""
    parts = {
        "a": Columns(Account, "a", "email", "market_id"),
        "m": Columns(Market, "m"),
        "e": Columns(LegalEntity, "e"),
        "b": Columns(BillingProfile, "b"),
    }
    market = make.market()
    for email in ("one@example.com", "two@example.com"):
        make.account(email, market=market)
    BillingProfile.objects.filter(account__email="two@example.com").delete()
    return list(rows_of(STATEMENT.format(**parts), [], *parts.values()))


def state(instance) -> dict:
    own = {name: value for name, value in vars(instance).items() if name != "_state"}
    return own | {"adding": instance._state.adding, "db": instance._state.db, "cache": instance._state.fields_cache}


def test_each_instance_is_as_django_makes_it(read):
    account, market, entity, profile, upper = read[0]
    assert state(account) == state(Account.objects.only("email", "market_id").get(pk=account.pk))
    assert state(market) == state(Market.objects.get())
    assert state(entity) == state(LegalEntity.objects.get())
    assert state(profile) == state(BillingProfile.objects.get())
    assert (upper, read[1][3]) == ("ONE@EXAMPLE.COM", None)


def test_what_is_read_by_several_rows_is_one_instance_with_no_state_of_another(read):
    (one, first, *_others), (two, second, *_rest) = read
    assert first is second
    assert one._state is not two._state
    one.market = first
    assert not two._state.fields_cache


def test_a_column_that_was_left_out_is_loaded_when_asked_for_and_saving_changes_what_was_read_alone(
    read, django_assert_num_queries
):
    account = read[0][0]
    assert account.get_deferred_fields() >= {"first_name", "language"}
    with django_assert_num_queries(1):
        assert account.language == "en"
    account.email = "new@example.com"
    with django_assert_num_queries(1) as asked:
        account.save()
    assert "UPDATE" in asked[0]["sql"]
    assert "first_name" not in asked[0]["sql"]
