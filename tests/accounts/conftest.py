"""People and a market for the tests of this app."""

from datetime import UTC, datetime, timedelta

import pytest
from allauth.account.models import EmailAddress

from accounts.actions.terms import accept_terms
from accounts.models import Account, TermsVersion
from portal import outbox
from portal.models import Market
from tests import make
from tests.ignoring import trigger_ignored

PASSWORD = make.PASSWORD


@pytest.fixture
def moment() -> datetime:
    return datetime(2026, 3, 10, 9, 30, tzinfo=UTC)


@pytest.fixture
def home_market(market: Market) -> Market:
    """The market of the cast, with a telephone that mails name, and without Terms until a test has them."""
    with trigger_ignored("accounts.TermsVersion:published_stays"):
        TermsVersion.objects.all().delete()
    market.contact = {"telephone": "22 000 000"}
    market.save(update_fields=["contact"])
    return market


@pytest.fixture
def terms(home_market, moment) -> TermsVersion:
    texts = {"en": "## Use\n\nBe <b>kind</b>.", "el": "## Χρήση\n\nΝα είστε ευγενικοί."}
    return TermsVersion.objects.create(
        market=home_market, version="1", effective_at=moment - timedelta(days=900), texts=texts
    )


@pytest.fixture
def newcomer(terms) -> Account:
    """Registered and confirmed, has not accepted the Terms yet."""
    account = Account.objects.create_user("newcomer@example.com", PASSWORD, first_name="Nefeli", last_name="Neou")
    EmailAddress.objects.create(user=account, email=account.email, primary=True, verified=True)
    return account


@pytest.fixture
def member(terms, moment) -> Account:
    account = Account.objects.create_user("member@example.com", PASSWORD, first_name="Maria", last_name="Member")
    EmailAddress.objects.create(user=account, email=account.email, primary=True, verified=True)
    accept_terms(account=account, version=terms, channel="portal", now=moment, by=account)
    return account


@pytest.fixture
def member_client(client, member):
    client.force_login(member)
    return client


@pytest.fixture
def sweep():
    """Delivers what waits in the outbox, as the scheduled sweep does; gives back how many rows were done."""

    def run(now: datetime) -> int:
        return sum(outbox.deliver(message_id, now=now) for message_id in outbox.waiting(now=now))

    return run
