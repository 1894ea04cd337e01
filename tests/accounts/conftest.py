"""People and a market for the tests of this app."""

from datetime import UTC, datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.utils import translation

from accounts.actions.terms import accept_terms
from accounts.models import Account, TermsVersion
from portal import outbox
from portal.models import Brand, LegalEntity, Market

PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def english():
    """A request leaves its language behind in the thread."""
    with translation.override("en"):
        yield


@pytest.fixture
def moment() -> datetime:
    return datetime(2026, 3, 10, 9, 30, tzinfo=UTC)


@pytest.fixture
def home_market(db) -> Market:
    brand = Brand.objects.create(
        code="sample",
        name="Sample",
        portal_name="Sample Owners",
        app_name="Sample Link",
        customer_centre={"en": "Sample customer centre", "el": "Κέντρο πελατών Sample"},
    )
    seller = LegalEntity.objects.create(
        code="seller", name="Sample Seller Ltd", address_lines=["1 Street"], country="CY", email="seller@example.com"
    )
    return Market.objects.create(
        code="CY",
        names={"en": "Cyprus", "el": "Κύπρος"},
        brand=brand,
        legal_entity=seller,
        is_default=True,
        currency="EUR",
        vat_rate="19.00",
        time_zone="Asia/Nicosia",
        languages=["en", "el"],
        card_brands=["visa", "mastercard"],
        card_funding=["credit"],
        contact={"telephone": "22 000 000"},
        legal_texts={"privacy": {"en": "## What we keep\n\nLittle.", "el": "## Τι κρατάμε\n\nΛίγα."}},
    )


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


@pytest.fixture(autouse=True)
def fresh_rate_limits():
    cache.clear()


@pytest.fixture
def sweep():
    """Delivers what waits in the outbox, as the scheduled sweep does; gives back how many rows were done."""

    def run(now: datetime) -> int:
        return sum(outbox.deliver(message_id, now=now) for message_id in outbox.waiting(now=now))

    return run
