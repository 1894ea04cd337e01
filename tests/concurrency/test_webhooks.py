"""The same event from five sides at once has one effect (fault 17)."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from subscriptions import webhooks
from subscriptions.models import Document, Payment, ProviderEvent
from tests import make
from tests.subscriptions.events import SECRET, post

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_same_event_five_times_at_once_has_one_effect(car, owner, digital_key, gateway, settings):
    settings.WEBHOOK_SECRETS = [SECRET]
    make.card(owner, gateway=gateway, behaves="timeout_charged")
    subscription = make.subscription(car, package=digital_key, gateway=gateway)
    [event] = gateway.events()
    barrier = Barrier(5)

    def tell(_):
        try:
            barrier.wait(timeout=30)
            status = post(Client(), event, at=timezone.now()).status_code
            stored = ProviderEvent.objects.get()
            webhooks.handle(provider_event_id=stored.pk, now=make.NOW, gateway=gateway)
            return status
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=5) as threads:
        assert list(threads.map(tell, range(5))) == [200] * 5
    subscription.refresh_from_db()
    assert (Payment.objects.get().status, subscription.periods_paid) == ("succeeded", 1)
    assert (Document.objects.count(), ProviderEvent.objects.count()) == (1, 1)
