"""One customer who has one of everything that has an address, at a moment that stands still."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
import time_machine

from accounts.actions.copies import ask_for_copies
from accounts.copy_links import confirmation_token
from accounts.models import Account, Notice
from garage.models import Membership
from subscriptions.models import CardSetup, Document, Package, PaymentCard
from tests import make


@pytest.fixture
def estate(
    owner: Account,
    car: Membership,
    card: PaymentCard,
    navigation: Package,
    digital_key: Package,
    gateway: object,
    settings: object,
) -> Iterator[SimpleNamespace]:
    """The owner's things. The digital key is paid and invoiced, navigation can be ordered."""
    # Whatever listens on the sandbox's port is none of this test's.
    settings.SANDBOX_URL = "http://127.0.0.1:1"
    with time_machine.travel(make.NOW, tick=False):
        asked = ask_for_copies(account=owner, email="books@example.com", now=make.NOW, by=owner)
        yield SimpleNamespace(
            owner=owner,
            car=car.public_id,
            card=card.public_id,
            setup=CardSetup.objects.get().public_id,
            package=navigation.code,
            subscription=make.subscription(car, package=digital_key, gateway=gateway).public_id,
            document=Document.objects.get().public_id,
            notice=Notice.objects.filter(account=owner).first().public_id,
            copy_address=asked.public_id,
            copy_token=confirmation_token(asked),
            slug="privacy",
            key="unknown",
            uidb36="1",
        )
