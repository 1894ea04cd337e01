"""An order's first charge that the bank wants confirmed: to the bank's page, back, and what comes of it (S11, P8)."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from subscriptions.actions.run import charging_run
from subscriptions.models import Document, Payment, ProviderEvent, Subscription, TrialUse
from subscriptions.webhooks import handle
from tests import make
from tests.clean_ledger import _the_ledger_adds_up  # noqa: F401

ASKED = "Did your bank ask you to confirm?"
NOTHING = "Nothing was activated and nothing is owed."


@pytest.fixture
def visitor(client, owner, gateway, monkeypatch):
    monkeypatch.setattr("subscriptions.views.checkout.get_gateway", lambda: gateway)
    client.force_login(owner)
    with time_machine.travel(make.NOW, tick=False):
        yield client


@pytest.fixture
def send_order(visitor, car, owner, gateway, digital_key):
    """Opens the summary and presses its button, as often as it is called, with the same form."""
    make.card(owner, gateway=gateway, behaves="needs_authentication")
    url = reverse("checkout_summary", args=[car.public_id, digital_key.code], query={"term": "yearly"})
    shown = visitor.get(url)
    form = {name: str(shown.context[context]) for name, context in (("order_key", "order_key"), ("shown", "seal"))}
    return lambda: visitor.post(url, form)


def order_of(owner) -> Subscription:
    return Subscription.objects.get(account=owner)


def test_P8_the_customer_confirms_at_the_bank_and_has_ordered(send_order, visitor, owner, gateway):
    page = send_order()["Location"]
    assert "/pay/charge/" in page
    assert (order_of(owner).status, Document.objects.count()) == ("pending", 0)
    gateway.confirm_charge(url=page)
    for _twice in range(2):
        back = visitor.get(reverse("order_return", args=[order_of(owner).public_id]))
        assert back["Location"] == reverse("ordered", args=[order_of(owner).public_id])
    assert "Digital-Key is active" in visitor.get(back["Location"]).text
    assert (order_of(owner).status, len(gateway.charges()), Document.objects.count()) == ("paid", 1, 1)
    assert order_of(owner).contract.number in visitor.get(back["Location"]).text


def test_P8_the_same_form_leads_to_the_bank_again_and_orders_once(send_order, owner, gateway):
    page = send_order()["Location"]
    assert send_order()["Location"] == page
    gateway.confirm_charge(url=page)
    assert send_order()["Location"] == reverse("ordered", args=[order_of(owner).public_id])
    assert (len(gateway.charges()), Payment.objects.count()) == (1, 1)


def test_P8_who_left_the_banks_page_finds_the_way_there_again(send_order, visitor, owner):
    page = send_order()["Location"]
    order = order_of(owner)
    assert (
        reverse("ordered", args=[order.public_id]) in visitor.get(reverse("subscription", args=[order.public_id])).text
    )
    shown = visitor.get(reverse("ordered", args=[order.public_id])).text
    assert ASKED in shown
    back = reverse("order_return", args=[order.public_id])
    assert f'action="{back}"' in shown
    assert visitor.post(back)["Location"] == page
    assert visitor.get(back)["Location"] == reverse("ordered", args=[order.public_id])


def test_P8_an_event_of_the_open_charge_decides_nothing(send_order, owner, gateway, now):
    send_order()
    told = [event for event in gateway.events() if event.kind.startswith("charge.")]
    for event in told:
        row = ProviderEvent.objects.create(
            event_id=event.event_id, kind=event.kind, subject_key=event.key, received_at=now
        )
        handle(provider_event_id=row.pk, now=now, gateway=gateway)
    assert (len(told), order_of(owner).status) == (1, "pending")


def test_S11_a_no_at_the_bank_orders_nothing_and_says_so(send_order, visitor, owner, gateway):
    gateway.confirm_charge(url=send_order()["Location"], is_confirmed=False)
    back = reverse("order_return", args=[order_of(owner).public_id])
    for _twice in range(2):
        answer = visitor.get(back, follow=True)
        assert NOTHING in answer.text
        assert ASKED not in answer.text
    assert (order_of(owner).status, Document.objects.count(), gateway.charges()) == ("abandoned", 0, [])


def test_S11_who_never_answers_has_ordered_nothing_and_is_told(send_order, owner, gateway, market, clock):
    send_order()
    for minutes, status in ((20, "pending"), (31, "abandoned")):
        clock.now = make.NOW + timedelta(minutes=minutes)
        charging_run(market=market, now=clock.now, gateway=gateway)
        assert order_of(owner).status == status
    assert gateway.charges() == []
    assert owner.notices.get().kind == "order_refused"
    assert not TrialUse.objects.exists()


def test_a_stranger_is_led_nowhere(send_order, client, owner, stranger):
    send_order()
    client.force_login(stranger)
    for method in (client.get, client.post):
        assert method(reverse("order_return", args=[order_of(owner).public_id])).status_code == 404
