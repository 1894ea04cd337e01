"""Selling a car: what ends with it, what keeps it from being finished, and what is certified (L1)."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from accounts.actions.sign_ins import end_sign_in
from accounts.models import Notice, SignIn
from garage.actions.drivers import accept_driving, invite_driver
from garage.actions.profile import end_profile, link_profile
from garage.models import Booking, DataGrant, DriverAccess, Membership, Sale
from garage.models.profile import Source
from garage.sales import connections_of
from portal.models import AuditRecord
from subscriptions.actions.control import consent, request_control
from subscriptions.actions.leave import remove_vehicle
from subscriptions.actions.offer_control import offer_control
from subscriptions.actions.sell import (
    begin_sale,
    call_off_sale,
    declare_head_unit,
    finish_sale,
    remove_sold_vehicle,
    sale_removal,
)
from subscriptions.models import Refund
from tests import make, oidc
from tests.garage.grants import give, third_party
from tests.refusing import refusal_code
from tests.selling import again, begun, left, sold

NOW = make.NOW


@pytest.fixture
def paid(car, card, digital_key, gateway):
    """60.00 paid on 10 June for a year."""
    return make.subscription(car, package=digital_key, gateway=gateway)


@pytest.fixture
def spouse(market):
    return make.account("spouse@example.com", market=market, first_name="Nikos")


def remove(sale, *, confirmed=None, now=NOW):
    remove_sold_vehicle(sale=sale, confirmed=confirmed, now=now, by=sale.membership.account)


def finish(sale):
    return finish_sale(sale=again(sale), now=NOW, by=sale.membership.account)


def drives(car, driver) -> DriverAccess:
    access = invite_driver(membership=car, email=driver.email, last_on=None, now=NOW, by=car.account)
    accept_driving(access=access, now=NOW, by=driver)
    return access


def signed_in(account, client_id: str, label: str = "") -> SignIn:
    """An app or a head unit with a token that is good."""
    oidc.clients()
    client = oidc.sign_in_car(account, device_name=label) if client_id == oidc.CAR else oidc.sign_in_app(account)
    assert client.token
    return SignIn.objects.filter(account=account).latest("pk")


# Begun, called off


def test_L1_beginning_ends_nothing_and_is_done_once(car, paid, owner):
    sale = begun(car)
    assert begun(car) == sale
    car.refresh_from_db()
    assert (car.is_active, paid.is_live, sale.is_open) == (True, True, True)


def test_L1_only_the_account_in_control_sells(car, spouse):
    beside = make.verified(spouse, car.vehicle)
    assert refusal_code(begin_sale, membership=beside, now=NOW, by=spouse) == "not_active"


def test_a_sale_that_is_called_off_can_be_begun_anew_but_not_once_the_car_has_left(car, owner):
    first = begun(car)
    for _twice in range(2):
        call_off_sale(sale=first, now=NOW, by=owner)
    second = left(car)
    assert second != first
    assert refusal_code(call_off_sale, sale=second, now=NOW, by=owner) == "has_left"


def test_X10_a_car_whose_sale_was_called_off_on_another_device_does_not_leave(car, owner):
    sale = begun(car)
    shown = sale_removal(car, now=NOW)
    call_off_sale(sale=sale, now=NOW, by=owner)
    assert refusal_code(remove_sold_vehicle, sale=sale, confirmed=shown, now=NOW, by=owner) == "quote_changed"
    car.refresh_from_db()
    assert car.is_active


# Removed as confirmed


def test_X10_all_that_was_shown_is_done_to_the_cent(car, paid, spouse):
    make.verified(spouse, car.vehicle)
    invite_driver(membership=car, email="driver@example.com", last_on=None, now=NOW, by=car.account)
    sale = begun(car)
    shown = sale_removal(car, now=NOW)
    assert (shown.removal.quote.refund, shown.others, shown.removal.drivers) == (Decimal("60.00"), 1, 1)
    remove(sale, confirmed=shown)
    paid.refresh_from_db()
    assert (paid.end_reason, Refund.objects.get().amount) == ("vehicle_removed", Decimal("60.00"))
    assert not Membership.objects.current().filter(vehicle=car.vehicle).exists()
    assert Notice.objects.filter(account=spouse, kind="link_cut_off").count() == 1
    assert AuditRecord.objects.get(what="sold car removed").data == {"others": 1}


def test_G6_grants_and_bookings_are_shown_and_end_with_the_car(car, owner):
    give(car, third_party(owner.market))
    make.booking(car, make.workshop(owner.market))
    shown = sale_removal(car, now=NOW).removal
    assert (shown.companies, shown.bookings) == (1, 1)
    sale = left(car)
    assert connections_of(sale).summed.reachers == 0
    assert not DataGrant.objects.running().exists()
    assert Booking.objects.get().ended_at == NOW


def test_X10_an_account_that_came_meanwhile_is_shown_first(car, paid, spouse):
    sale = begun(car)
    shown = sale_removal(car, now=NOW)
    make.verified(spouse, car.vehicle)
    arguments = {"sale": sale, "confirmed": shown, "now": NOW, "by": car.account}
    assert refusal_code(remove_sold_vehicle, **arguments) == "quote_changed"
    paid.refresh_from_db()
    assert paid.is_live


def test_L1_who_only_typed_the_vin_is_left_alone(car, spouse):
    beside = make.linked(spouse, car.vehicle)
    left(car)
    beside.refresh_from_db()
    assert beside.ended_at is None


def test_L1_a_driver_who_proved_access_leaves_with_the_car_too(car, spouse):
    drives(car, spouse)
    make.prove_access(
        membership=Membership.objects.get(account=spouse), odometer_km=make.ODOMETER_KM, now=NOW, by=spouse
    )
    left(car)
    assert not Membership.objects.current().filter(vehicle=car.vehicle).exists()


def test_V4_who_asks_for_control_is_answered_first(car, paid, spouse):
    request_control(membership=make.verified(spouse, car.vehicle), now=NOW, by=spouse)
    arguments = {"sale": begun(car), "confirmed": None, "now": NOW, "by": car.account}
    assert refusal_code(remove_sold_vehicle, **arguments) == "request_open"
    paid.refresh_from_db()
    car.refresh_from_db()
    assert (paid.is_live, car.ended_at) == (True, None)


def test_an_offer_of_control_ends_with_the_car(car, owner):
    offer = offer_control(membership=car, email="heir@example.com", confirmed=None, now=NOW, by=owner)
    left(car)
    offer.refresh_from_db()
    assert not offer.is_open


# Finished


def test_L1_a_sale_is_finished_when_nothing_is_connected(car, owner, now):
    sale = begun(car)
    assert refusal_code(finish_sale, sale=sale, now=now, by=owner) == "still_connected"
    remove(sale)
    assert refusal_code(finish_sale, sale=again(sale), now=now, by=owner) == "still_connected"
    declare_head_unit(sale=sale, now=now, by=owner)
    done = finish(sale)
    assert (done.is_finished, done.model, len(done.check_number)) == (True, "NX 350h", 14)
    assert finish(sale).check_id == done.check_id


def test_L1_a_certificate_stays_as_it_is(car, owner, now):
    sale = sold(car)
    make.verified(owner, car.vehicle)
    assert again(sale).is_finished
    assert refusal_code(declare_head_unit, sale=sale, now=now, by=owner) == "sale_over"


def test_L1_an_app_reaches_only_what_is_in_the_garage(car, owner):
    signed_in(owner, oidc.APP)
    assert sold(car).is_finished


def test_L1_a_head_unit_that_is_signed_in_keeps_the_only_cars_sale_open(car, owner, now):
    unit = signed_in(owner, oidc.CAR, "My NX")
    sale = left(car)
    declare_head_unit(sale=sale, now=now, by=owner)
    [section] = [each for each in connections_of(again(sale)).sections if each.reachers]
    assert [reacher.detail for reacher in section.reachers] == ["“My NX”"]
    assert refusal_code(finish_sale, sale=again(sale), now=now, by=owner) == "still_connected"
    end_sign_in(sign_in=unit, why=SignIn.REVOKED, now=now, by=owner)
    assert finish(sale).is_finished


def test_L1_with_another_car_a_head_unit_may_be_declared_to_be_that_ones(car, owner, now):
    make.active_car(owner, 2)
    signed_in(owner, oidc.CAR, "The other")
    sale = left(car)
    assert connections_of(sale).summed.reachers == 1
    declare_head_unit(sale=sale, now=now, by=owner)
    assert finish(sale).is_finished


def test_L1_a_profile_that_is_known_is_declared_removed_with_the_sale(car, owner, now):
    link_profile(membership=car, source=Source.DECLARED, now=now, by=owner)
    sale = left(car)
    assert connections_of(sale).summed.reachers == 1
    declare_head_unit(sale=sale, now=now, by=owner)
    assert finish(sale).is_finished


def test_L1_a_profile_that_the_car_says_is_removed_needs_no_declaration(car, owner, now):
    profile = link_profile(membership=car, source=Source.VEHICLE, now=now, by=None)
    sale = left(car)
    end_profile(profile=profile, source=Source.VEHICLE, now=now, by=None)
    assert finish(sale).is_finished


def test_L1_an_account_that_stayed_because_the_car_left_otherwise_keeps_the_sale_open(car, owner, spouse, now):
    """Control has gone to another account: only that one can cut the third off (V4)."""
    third = make.account("third@example.com", market=owner.market)
    make.verified(third, car.vehicle)
    sale = begun(car)
    # Nothing paid runs: control moves at once.
    request_control(membership=make.verified(spouse, car.vehicle), now=now, by=spouse)
    remove(again(sale), now=now + make.days(1))
    declare_head_unit(sale=sale, now=now, by=owner)
    # Not the one in control: it has taken the car over.
    assert connections_of(again(sale)).others == 1
    assert refusal_code(finish_sale, sale=again(sale), now=now, by=owner) == "still_connected"


def test_V4_who_has_lost_control_meanwhile_cuts_nobody_off(car, owner, spouse, now):
    stale = again(begun(car))
    request_control(membership=make.verified(spouse, car.vehicle), now=now, by=spouse)
    remove(stale)
    assert Membership.objects.current().get(vehicle=car.vehicle).account == spouse


def test_L1_a_buyer_to_whom_control_was_given_does_not_keep_the_sale_open(car, paid, owner, spouse, now):
    sale = begun(car)
    asked = request_control(membership=make.verified(spouse, car.vehicle), now=now, by=spouse)
    consent(transfer=asked, confirmed=None, now=now, by=owner)
    remove_vehicle(membership=car, confirmed=None, now=now, by=owner)
    declare_head_unit(sale=sale, now=now, by=owner)
    assert finish_sale(sale=again(sale), now=now, by=owner).is_finished


def test_L1_a_buyer_who_came_before_the_seller_had_finished_changes_nothing(car, owner, spouse, now):
    sale = left(car)
    make.verified(spouse, car.vehicle, now=now + make.days(1))
    declare_head_unit(sale=sale, now=now, by=owner)
    assert finish(sale).is_finished


def test_the_database_keeps_one_sale_of_a_link_and_no_certificate_before_the_end(car, now):
    sale = sold(car)
    for broken in ({"called_off_at": now}, {"check_id": None}, {"model": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Sale.objects.filter(pk=sale.pk).update(**broken)
    with pytest.raises(IntegrityError), transaction.atomic():
        Sale.objects.create(membership=car, begun_at=now)
