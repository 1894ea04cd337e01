"""A car that a dealer took in trade: stated, confirmed or objected to, released with its certificate (K1, L1)."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.models import Notice
from garage.actions.leave import end_membership
from garage.models import TradeIn, WorkshopStaff
from garage.rules.dealer_desk import TRADE_INS_AN_HOUR
from portal.models import AuditRecord
from subscriptions.actions.control import object_to, request_control
from subscriptions.actions.control_run import control_run
from subscriptions.actions.trade_in import (
    call_off_trade_in,
    confirm_trade_in,
    declare_trade_in,
    object_to_trade_in,
    release_if_due,
)
from subscriptions.models import Subscription
from tests import make
from tests.refusing import refused
from tests.staff import sign_in_at_the_desk

NOW = make.NOW
DUE = NOW + timedelta(days=3)


@pytest.fixture
def mechanic(market):
    made = make.account("dealer@staff.example.com", market=market, is_staff=True)
    made.groups.add(Group.objects.get(name="dealer"))
    WorkshopStaff.objects.create(account=made, workshop=make.workshop(market))
    return made


@pytest.fixture
def paid(car, digital_key, gateway, card):
    return make.subscription(car, package=digital_key, gateway=gateway)


def stated(car, mechanic, **facts):
    wanted = {"vin": car.vehicle.vin, "reference": "T-2026-17", "is_screen_cleared": True}
    return declare_trade_in(**wanted | facts, now=NOW, by=mechanic)


def told(change):
    return Notice.objects.filter(kind="trade_in", facts__change=change).count()


def test_K1_without_an_answer_the_car_is_released_when_the_days_are_over_with_its_certificate(car, paid, mechanic):
    trade = stated(car, mechanic)
    assert (trade.due_at, told("declared")) == (DUE, 1)
    assert Notice.objects.get(kind="trade_in").facts["refund"] == "60.00"
    control_run(now=DUE - timedelta(seconds=1))
    trade.refresh_from_db()
    assert trade.is_open
    control_run(now=DUE)
    control_run(now=DUE)
    trade.refresh_from_db()
    car.refresh_from_db()
    assert (trade.released_at, car.ended_at, trade.sale.is_finished, told("released")) == (DUE, DUE, True, 1)
    assert Subscription.objects.get().end_reason == "vehicle_removed"
    assert AuditRecord.objects.get(what="trade-in released").by == mechanic


def test_K1_an_objection_ends_it_and_the_dealer_sees_so(client, car, mechanic):
    trade = stated(car, mechanic)
    with refused("declared_already"):
        stated(car, mechanic)
    object_to_trade_in(trade=trade, now=NOW, by=car.account)
    control_run(now=DUE)
    car.refresh_from_db()
    assert (car.ended_at, told("objected")) == (None, 1)
    with refused("trade_in_over"):
        call_off_trade_in(trade=trade, now=NOW, by=mechanic)
    with time_machine.travel(NOW, tick=True):
        desk = sign_in_at_the_desk(client, mechanic)
        text = desk.get(reverse("admin:garage_tradein_changelist")).content.decode()
    assert "the owner objects" in text
    assert car.account.email not in text
    assert car.account.last_name not in text


def test_K1_what_cannot_be_stated(car, mechanic, stranger):
    for by, facts, code in (
        (stranger, {}, "not_at_a_dealer"),
        (mechanic, {"vin": "JTJSAMPLECY900099"}, "nobody_active"),
    ):
        with refused(code):
            stated(car, by, **facts)
    own = make.active_car(mechanic, 7)
    with refused("own_car"):
        stated(own, mechanic)
    for _try in range(TRADE_INS_AN_HOUR - 2):
        with refused("nobody_active"):
            stated(car, mechanic, vin="JTJSAMPLECY900099")
    with refused("too_many"):
        stated(car, mechanic)


def test_K1_a_car_that_left_meanwhile_calls_it_off_and_a_request_for_control_waits(car, paid, mechanic, stranger):
    trade = stated(car, mechanic)
    asking = make.verified(stranger, car.vehicle)
    object_to(transfer=request_control(membership=asking, now=NOW, by=stranger), now=NOW, by=car.account)
    assert not release_if_due(trade_id=trade.pk, now=DUE)
    trade.refresh_from_db()
    assert trade.is_open
    end_membership(car, now=DUE, by=car.account)
    assert not release_if_due(trade_id=trade.pk, now=DUE)
    trade.refresh_from_db()
    assert trade.called_off_at == DUE
    assert not release_if_due(trade_id=trade.pk, now=DUE)


def test_X10_the_owner_confirms_what_is_shown_and_has_the_certificate(client, car, paid, mechanic):
    trade = stated(car, mechanic)
    page = reverse("trade_in", args=[trade.public_id])
    with time_machine.travel(NOW, tick=False):
        client.force_login(car.account)
        shown = client.get(page)
        assert "60.00" in shown.content.decode()
        changed = client.post(page, {"answer": "confirm", "shown": "forged"})
        assert changed.context["has_changed"]
        answer = client.post(page, {"answer": "confirm", "shown": shown.context["seal"]}, follow=True)
    trade.refresh_from_db()
    assert (trade.released_at, trade.sale.is_finished) == (NOW, True)
    assert reverse("sale", args=[trade.sale.public_id]) in answer.content.decode()
    with refused("trade_in_over"):
        confirm_trade_in(trade=trade, confirmed=shown.context["shown"], now=NOW, by=car.account)


def test_K1_the_owner_objects_on_the_page(client, car, mechanic):
    trade = stated(car, mechanic)
    client.force_login(car.account)
    answer = client.post(reverse("trade_in", args=[trade.public_id]), {"answer": "object"}, follow=True)
    assert "nothing has changed" in answer.content.decode()
    client.post(reverse("trade_in", args=[trade.public_id]), {"answer": "object"})
    assert told("objected") == 1


def test_K1_the_dealer_states_and_calls_off_at_the_desk(client, car, mechanic):
    with time_machine.travel(NOW, tick=True):
        desk = sign_in_at_the_desk(client, mechanic)
        new = reverse("admin:garage_tradein_new")
        typed = {"vin": car.vehicle.vin.lower(), "reference": "T-1", "is_owner_known": "on", "is_screen_cleared": "on"}
        assert desk.get(new).status_code == 200
        assert desk.post(new, typed).status_code == 302
        assert "waits for its owner already" in desk.post(new, typed).content.decode()
        [trade] = TradeIn.objects.all()
        page = reverse("admin:garage_tradein_calling_off", args=[trade.pk])
        assert desk.get(page).status_code == 200
        assert desk.post(page, {"reason": "Not bought after all."}).status_code == 302
        assert desk.post(page, {"reason": "Twice."}).status_code == 302
        assert "called off" in desk.get(reverse("admin:garage_tradein_change", args=[trade.pk])).content.decode()
    assert told("called_off") == 1


def test_L1_what_is_still_connected_keeps_the_certificate_back(client, car, mechanic):
    trade = stated(car, mechanic, is_screen_cleared=False)
    control_run(now=DUE)
    trade.refresh_from_db()
    assert (bool(trade.released_at), trade.sale.is_finished) == (True, False)
    with time_machine.travel(DUE, tick=True):
        desk = sign_in_at_the_desk(client, mechanic)
        text = desk.get(reverse("admin:garage_tradein_change", args=[trade.pk])).content.decode()
    assert "only the owner can end" in text


def test_K1_the_database_knows_no_release_without_a_sale(car, mechanic):
    trade = stated(car, mechanic)
    rows = TradeIn.objects.filter(pk=trade.pk)
    for values in ({"released_at": NOW}, {"due_at": NOW}, {"objected_at": NOW, "called_off_at": NOW}):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**values)
