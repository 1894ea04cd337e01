"""Handing control over: the giver's confirmation with its figures, the taker's, and what happens between (V4, X10)."""

from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from garage.actions.cut_off import cut_off
from garage.actions.drivers import accept_driving, end_driver, invite_driver
from garage.models import ControlTransfer, DriverAccess, Membership
from garage.rules.control import State
from garage.rules.membership import Standing
from portal import reach
from portal.models import OutboxMessage
from subscriptions.actions.cancel import cancel
from subscriptions.actions.control import request_control
from subscriptions.actions.control_run import control_run
from subscriptions.actions.leave import removal_quote, remove_vehicle
from subscriptions.actions.offer_control import (
    accept_offer,
    call_off_offer,
    confirm_again,
    decline_offer,
    offer_control,
)
from subscriptions.actions.run import charging_run
from subscriptions.handing_over import schedule
from subscriptions.models import Refund, Subscription
from tests import make
from tests.refusing import refusal_code
from tests.subscriptions.sharing import in_control, told

NOW = make.NOW
OWNER, BUYER = ["owner@example.com"], ["buyer@example.com"]


@pytest.fixture
def buyer(market):
    return make.account("buyer@example.com", market=market, first_name="Andri")


@pytest.fixture
def paid(car, card, digital_key, gateway):
    """60.00 paid on 10 June for a year."""
    return make.subscription(car, package=digital_key, gateway=gateway)


@pytest.fixture
def linked(buyer, car):
    return make.verified(buyer, car.vehicle)


def offer(car, email="buyer@example.com", *, now=NOW, confirmed=None) -> ControlTransfer:
    return offer_control(membership=car, email=email, confirmed=confirmed, now=now, by=car.account)


def accept(transfer, by, *, now=NOW) -> ControlTransfer:
    return accept_offer(transfer=transfer, now=now, by=by)


def refunds() -> list[Decimal]:
    return [refund.amount for refund in Refund.objects.order_by("pk")]


def test_V4_an_offer_ends_nothing_and_both_confirmations_move_control(paid, car, linked, owner, buyer):
    transfer = offer(car, confirmed=schedule(car, now=NOW))
    assert (in_control(car.vehicle), refunds()) == (OWNER, [])
    accept(transfer, buyer)
    assert (in_control(car.vehicle), refunds()) == (BUYER, [Decimal("60.00")])
    paid.refresh_from_db()
    assert (paid.status, paid.end_reason) == ("ended", "control_lost")
    assert told(owner, "control_offer") == ["offered"]
    assert (told(owner, "control_moved"), told(buyer, "control_moved")) == ([False], [True])
    car.refresh_from_db()
    assert car.standing is Standing.VERIFIED


def test_V4_the_mail_is_the_same_for_addresses_that_are_known_and_that_are_not(car, buyer):
    texts = []
    for email in ("buyer@example.com", "nobody@example.com"):
        transfer = offer(car, email)
        mail = OutboxMessage.objects.filter(handler="mail").latest("pk")
        texts.append(mail.payload["text"].replace(str(transfer.public_id), ""))
        call_off_offer(transfer=transfer, now=NOW, by=car.account)
    assert texts[0] == texts[1]


def test_V4_X10_the_figures_of_every_day_of_the_offer_are_those_that_are_executed(paid, car, linked, buyer):
    later = NOW + make.days(12)
    transfer = offer(car, now=later, confirmed=schedule(car, now=later))
    shown = {day.on: day.quote.refund for day in schedule(car, now=later).days}
    # The fourteen days of withdrawal end with 24 June: full until then, then one month counts as used.
    assert sorted(set(shown.values())) == [Decimal("55.00"), Decimal("60.00")]
    taken = later + make.days(4)
    accept(transfer, buyer, now=taken)
    assert refunds() == [shown[taken.date()]] == [Decimal("55.00")]


def test_X10_a_charge_between_the_two_confirmations_was_shown(car, card, navigation, gateway, linked, buyer):
    make.subscription(car, package=navigation, gateway=gateway)
    before, charged = NOW + make.days(28), NOW + make.days(30)
    transfer = offer(car, now=before, confirmed=schedule(car, now=before))
    charging_run(market=car.account.market, now=charged, gateway=gateway)
    accept(transfer, buyer, now=charged)
    assert (in_control(car.vehicle), refunds()) == (BUYER, [Decimal("99.00")])


def test_X10_if_it_came_otherwise_the_giver_is_asked_again_and_nothing_ends(paid, car, linked, owner, buyer, gateway):
    transfer = offer(car)
    cancel(subscription=paid, confirmed=None, now=NOW + make.days(1), by=owner)
    later = NOW + make.days(2)
    assert accept(transfer, buyer, now=later).state == State.TO_CONFIRM
    assert accept(transfer, buyer, now=later).state == State.TO_CONFIRM
    assert in_control(car.vehicle) == OWNER
    assert told(owner, "control_offer") == ["offered", "to_confirm"]
    assert told(buyer, "control_offer") == ["to_confirm"]
    confirm_again(transfer=transfer, confirmed=removal_quote(car, now=later), now=later, by=owner)
    assert in_control(car.vehicle) == BUYER


def test_X10_confirming_again_executes_only_what_was_shown(paid, car, linked, owner, buyer):
    transfer = offer(car)
    cancel(subscription=paid, confirmed=None, now=NOW + make.days(1), by=owner)
    accept(transfer, buyer, now=NOW + make.days(2))
    stale = removal_quote(car, now=NOW + make.days(2))
    again = {"transfer": transfer, "confirmed": stale, "now": NOW + make.days(3), "by": owner}
    assert refusal_code(lambda: confirm_again(**again)) == "quote_changed"
    call_off_offer(transfer=transfer, now=NOW + make.days(3), by=owner)
    assert refusal_code(lambda: confirm_again(**again)) == "transfer_over"


def test_X10_an_offer_with_other_figures_than_shown_is_not_made(paid, car, owner):
    shown = schedule(car, now=NOW)
    cancel(subscription=paid, confirmed=None, now=NOW + make.days(1), by=owner)
    assert refusal_code(lambda: offer(car, now=NOW + make.days(1), confirmed=shown)) == "quote_changed"


def test_V4_a_taker_has_proved_access_or_drives_the_car(car, buyer):
    transfer = offer(car)
    assert refusal_code(accept, transfer=transfer, by=buyer) == "not_verified"
    make.linked(buyer, car.vehicle)
    assert refusal_code(accept, transfer=transfer, by=buyer) == "not_verified"


def test_V4_G12_a_driver_of_the_list_takes_control_without_a_reading(car, buyer, owner):
    access = invite_driver(membership=car, email=buyer.email, last_on=None, now=NOW, by=owner)
    accept_driving(access=access, now=NOW, by=buyer)
    accept(offer(car), buyer)
    link = Membership.objects.get(account=buyer)
    assert (link.standing, link.is_driver, link.ended_at) == (Standing.ACTIVE, False, None)
    assert DriverAccess.objects.get().ended_at == NOW
    assert told(buyer, "driver_access") == ["begun"]


def test_V4_a_driver_whose_last_day_is_over_takes_nothing(car, buyer, owner):
    last_on = NOW.date()
    access = invite_driver(membership=car, email=buyer.email, last_on=last_on, now=NOW, by=owner)
    accept_driving(access=access, now=NOW, by=buyer)
    transfer = offer(car)
    assert refusal_code(lambda: accept(transfer, buyer, now=NOW + make.days(1))) == "not_verified"
    control_run(now=NOW + make.days(1))
    assert not Membership.objects.current().filter(account=buyer).exists()


@pytest.mark.parametrize("by_invitation", [True, False])
def test_V4_who_is_cut_off_before_the_second_confirmation_gets_no_control(paid, car, buyer, owner, by_invitation):
    if by_invitation:
        access = invite_driver(membership=car, email=buyer.email, last_on=None, now=NOW, by=owner)
        link = accept_driving(access=access, now=NOW, by=buyer)
    else:
        link = make.verified(buyer, car.vehicle)
    transfer, later = offer(car), NOW + make.days(1)
    cancel(subscription=paid, confirmed=None, now=later, by=owner)
    accept(transfer, buyer, now=later)
    if by_invitation:
        end_driver(access=access, now=later, by=owner)
    else:
        cut_off(membership=car, other=link, now=later, by=owner)
    assert (ControlTransfer.objects.get().state, in_control(car.vehicle)) == (State.OVERTAKEN, OWNER)


def test_V4_only_the_confirmed_address_takes_or_declines(car, linked, stranger):
    transfer = offer(car)
    assert refusal_code(accept, transfer=transfer, by=stranger) == "transfer_over"
    assert refusal_code(lambda: decline_offer(transfer=transfer, now=NOW, by=stranger)) == "transfer_over"


def test_V4_it_can_be_called_off_and_declined(car, linked, owner, buyer):
    first = offer(car)
    call_off_offer(transfer=first, now=NOW, by=owner)
    assert refusal_code(accept, transfer=first, by=buyer) == "transfer_over"
    decline_offer(transfer=offer(car), now=NOW, by=buyer)
    assert told(owner, "control_offer") == ["offered", "called_off", "offered", "declined"]
    assert in_control(car.vehicle) == OWNER


def test_V4_it_expires_after_the_markets_days_and_once(car, linked, owner, buyer):
    transfer = offer(car)
    over = NOW + make.days(7)
    assert refusal_code(lambda: accept(transfer, buyer, now=over)) == "transfer_over"
    control_run(now=over)
    control_run(now=over)
    assert ControlTransfer.objects.get().state == State.EXPIRED
    assert told(owner, "control_offer") == ["offered", "expired"]


def test_V4_one_offer_of_a_car_at_a_time(car):
    offer(car)
    assert refusal_code(lambda: offer(car, "other@example.com")) == "offer_open"


def test_V4_an_address_gets_three_offers_in_a_day_from_all_accounts_together(car, stranger):
    other = make.active_car(stranger, 2)
    for number in range(3):
        which = other if number == 2 else car
        call_off_offer(transfer=offer(which, "heir@example.com"), now=NOW, by=which.account)
    assert refusal_code(lambda: offer(other, "heir@example.com")) == "too_many"
    assert offer(other, "another@example.com").is_open


def test_V4_five_offers_leave_an_account_in_a_day(car, owner):
    for number in range(5):
        call_off_offer(transfer=offer(car, f"one{number}@example.com"), now=NOW, by=owner)
    assert refusal_code(offer, car=car) == "too_many"


def test_V4_control_is_not_handed_to_oneself(car):
    assert refusal_code(lambda: offer(car, "Owner@example.com")) == "offer_oneself"


def test_C7_only_the_active_account_hands_control_over(car, linked):
    assert refusal_code(offer, car=linked, email="other@example.com") == "not_active"


def test_V4_if_the_giver_leaves_the_offer_is_over(car, linked, owner, buyer):
    transfer = offer(car)
    remove_vehicle(membership=car, confirmed=None, now=NOW, by=owner)
    assert ControlTransfer.objects.get().state == State.OVERTAKEN
    assert refusal_code(accept, transfer=transfer, by=buyer) == "transfer_over"


def test_V4_if_the_taker_leaves_before_the_second_confirmation_the_offer_is_over(paid, car, linked, owner, buyer):
    transfer = offer(car)
    cancel(subscription=paid, confirmed=None, now=NOW + make.days(1), by=owner)
    accept(transfer, buyer, now=NOW + make.days(1))
    remove_vehicle(membership=linked, confirmed=None, now=NOW + make.days(1), by=buyer)
    assert ControlTransfer.objects.get().state == State.OVERTAKEN


def test_S7_no_subscription_passes_to_the_new_account_and_it_orders_its_own(
    paid, car, linked, buyer, digital_key, gateway
):
    accept(offer(car), buyer)
    make.card(buyer, gateway=gateway)
    linked.refresh_from_db()
    own = make.subscription(linked, package=digital_key, gateway=gateway)
    running = Subscription.objects.live().filter(vehicle=car.vehicle)
    assert [row.pk for row in running] == [own.pk]


# Pages


@pytest.fixture
def at_noon():
    with time_machine.travel(NOW, tick=False):
        yield


def test_V4_X10_the_page_offers_with_the_figures_that_it_showed(client, paid, car, linked, buyer, at_noon):
    client.force_login(car.account)
    address = reverse("control_offer", args=[car.public_id])
    page = client.get(address)
    assert "€60.00" in page.content.decode()
    unsealed = client.post(address, {"email": buyer.email, "shown": ""})
    assert b"Something has changed" in unsealed.content
    made = client.post(address, {"email": buyer.email, "shown": page.context["seal"]}, follow=True)
    assert b"You have offered control" in made.content
    again = client.post(address, {"email": "new@example.com", "shown": page.context["seal"]})
    assert b"Call that offer off first" in again.content


def test_X10_the_page_shows_how_the_refund_changes_with_the_day(client, paid, car):
    client.force_login(car.account)
    with time_machine.travel(NOW + make.days(12), tick=False):
        page = client.get(reverse("control_offer", args=[car.public_id]))
    stretches = [(first.day, last.day, str(refund)) for first, last, refund in page.context["stretches"]]
    assert stretches == [(22, 24, "60.00"), (25, 29, "55.00")]
    assert "€55.00" in page.content.decode()


def test_V4_the_takers_page_accepts(client, car, linked, buyer, at_noon):
    transfer = offer(car)
    client.force_login(buyer)
    address = reverse("control_offered", args=[transfer.public_id])
    page = client.get(address).content
    assert b"Take control" in page
    assert b"Eleni" not in page
    assert b"You have control of this car now." in client.post(address, {"answer": "accept"}, follow=True).content
    assert b"This offer is over" in client.get(address).content


def test_V4_the_takers_page_says_what_is_missing(client, car, buyer, at_noon):
    transfer = offer(car)
    client.force_login(buyer)
    address = reverse("control_offered", args=[transfer.public_id])
    assert b"Add the car to your garage first" in client.get(address).content
    assert b"Prove that you have access" in client.post(address, {"answer": "accept"}, follow=True).content
    client.post(address, {"answer": "decline"})
    assert ControlTransfer.objects.get().state == State.DECLINED


def test_V4_the_giver_calls_off_on_the_page(client, car, at_noon):
    transfer = offer(car)
    client.force_login(car.account)
    client.post(reverse("control_offer_end", args=[transfer.public_id]))
    client.post(reverse("control_offer_end", args=[transfer.public_id]))
    assert ControlTransfer.objects.get().state == State.CALLED_OFF


def test_X10_the_page_asks_the_giver_again(client, paid, car, linked, owner, buyer):
    transfer = offer(car)
    cancel(subscription=paid, confirmed=None, now=NOW + make.days(1), by=owner)
    accept(transfer, buyer, now=NOW + make.days(1))
    client.force_login(owner)
    address = reverse("control_confirmation", args=[transfer.public_id])
    with time_machine.travel(NOW + make.days(1), tick=False):
        assert b"please look again" in client.get(reverse("control", args=[car.public_id])).content
        page = client.get(address)
        assert b"Something has changed" in client.post(address, {"shown": ""}).content
        client.post(address, {"shown": page.context["seal"]})
        assert in_control(car.vehicle) == BUYER
        assert b"Nothing is left to answer" in client.get(address).content


def test_G12_a_driver_is_chosen_from_the_list(client, car, buyer, at_noon):
    access = invite_driver(membership=car, email=buyer.email, last_on=None, now=NOW, by=car.account)
    accept_driving(access=access, now=NOW, by=buyer)
    client.force_login(car.account)
    address = reverse("control_offer", args=[car.public_id])
    assert b'value="buyer@example.com"' in client.get(f"{address}?to={access.public_id.hex}").content
    assert b"buyer@example.com" not in client.get(f"{address}?to=stranger@example.com").content


# Cutting others off


def test_L1_V4_the_active_account_cuts_off_who_was_left_behind(car, linked, buyer):
    accept(offer(car), buyer)
    linked.refresh_from_db()
    car.refresh_from_db()
    cut_off(membership=linked, other=car, now=NOW, by=buyer)
    cut_off(membership=linked, other=car, now=NOW, by=buyer)
    car.refresh_from_db()
    assert car.ended_at == NOW
    assert told(car.account, "link_cut_off") == [None]


def test_V4_nobody_is_cut_off_while_it_asks_for_control(paid, car, linked, buyer):
    request_control(membership=linked, now=NOW, by=buyer)
    refused = refusal_code(lambda: cut_off(membership=car, other=linked, now=NOW, by=car.account))
    assert refused == "request_open"


def test_V4_only_the_active_account_cuts_off(car, linked):
    refused = refusal_code(lambda: cut_off(membership=linked, other=car, now=NOW, by=linked.account))
    assert refused == "not_active"


def test_L1_the_page_lists_and_cuts_off_without_names(client, car, linked, at_noon):
    client.force_login(car.account)
    address = reverse("reach", args=[car.public_id])
    page = client.get(address).content
    assert b"Linked since 10 June 2026" in page
    assert b"buyer" not in page
    end = reverse("reach_end", args=[car.public_id, linked.public_id])
    assert b"Cut it off" in client.get(end).content
    assert b"No other account has this car" in client.post(end, follow=True).content


def test_L1_what_other_rooms_register_is_listed_with_its_way_to_end_it(client, car, at_noon, monkeypatch):
    monkeypatch.setattr(reach, "_SOURCES", [])
    app = reach.Reacher(name="Sample Link", since=NOW, end_url="/garage/apps/1/")
    reach.register("Apps", lambda account, vehicle: [app] if vehicle == car.vehicle else [], nobody="None.")
    reach.register("Head units", lambda account, vehicle: [], nobody="No head unit.")
    client.force_login(car.account)
    page = client.get(reverse("reach", args=[car.public_id])).content
    assert b"Sample Link" in page
    assert b'action="/garage/apps/1/"' in page
    assert b"No head unit." in page
