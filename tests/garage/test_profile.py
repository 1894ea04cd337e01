"""A profile on a car's screen: declared, confirmed by the car, declared removed; and who can reach it (C6, L1)."""

import pytest
import time_machine
from django.urls import reverse

from accounts.exporting import EXPORTERS
from garage.actions.leave import end_membership
from garage.actions.profile import end_profile, link_profile
from garage.models import MultimediaProfile
from garage.models.profile import Source
from portal.models import AuditRecord
from tests import make
from tests.refusing import refusal_code

NOW, LATER = make.NOW, make.NOW + make.days(1)
DECLARED, VEHICLE = Source.DECLARED, Source.VEHICLE


@pytest.fixture
def profile(car):
    return link_profile(membership=car, source=DECLARED, now=NOW, by=car.account)


def page(client, account, name, *args):
    client.force_login(account)
    with time_machine.travel(NOW, tick=False):
        return client.get(reverse(name, args=args))


def post(client, account, name, *args):
    client.force_login(account)
    with time_machine.travel(NOW, tick=False):
        return client.post(reverse(name, args=args))


def ends(client, account, car) -> list[MultimediaProfile]:
    text = page(client, account, "reach", car.public_id).text
    return [
        one for one in MultimediaProfile.objects.order_by("pk") if reverse("profile_end", args=[one.public_id]) in text
    ]


def test_C6_the_owner_says_that_the_profile_is_linked_and_that_it_is_removed(client, car):
    assert "Not linked" in page(client, car.account, "profile_in_car", car.public_id).text
    post(client, car.account, "profile_in_car", car.public_id)
    linked = MultimediaProfile.objects.get()
    assert "Declared by you." in page(client, car.account, "profile_in_car", car.public_id).text
    post(client, car.account, "profile_end", linked.public_id)
    linked.refresh_from_db()
    assert (linked.is_linked, linked.ended_source) == (False, DECLARED)
    assert list(AuditRecord.objects.filter(what__startswith="profile").values_list("what", flat=True)) == [
        "profile linked",
        "profile removed",
    ]


def test_C6_saying_it_twice_changes_nothing(car, profile):
    assert link_profile(membership=car, source=DECLARED, now=LATER, by=car.account) == profile
    end_profile(profile=profile, source=DECLARED, now=LATER, by=car.account)
    over = end_profile(profile=profile, source=DECLARED, now=LATER + make.days(1), by=car.account)
    assert over.ended_at == LATER


def test_C6_the_car_confirms_what_was_declared(client, car, profile):
    confirmed = link_profile(membership=car, source=VEHICLE, now=LATER, by=None)
    assert (confirmed.pk, confirmed.linked_at, confirmed.confirmed_at) == (profile.pk, NOW, LATER)
    assert "Confirmed by the car." in page(client, car.account, "profile_in_car", car.public_id).text


def test_C6_the_car_says_it_first(car):
    told = link_profile(membership=car, source=VEHICLE, now=NOW, by=None)
    assert (told.source, told.is_confirmed) == (VEHICLE, True)


def test_L1_a_removal_that_was_declared_is_confirmed_by_the_car_and_keeps_its_day(car, profile):
    end_profile(profile=profile, source=DECLARED, now=NOW, by=car.account)
    over = end_profile(profile=profile, source=VEHICLE, now=LATER, by=None)
    assert (over.ended_at, over.was_removed_in_the_car) == (NOW, True)
    assert end_profile(profile=profile, source=DECLARED, now=LATER, by=car.account).was_removed_in_the_car


def test_C6_linking_again_after_removing_is_a_new_row(car, profile):
    end_profile(profile=profile, source=DECLARED, now=NOW, by=car.account)
    assert link_profile(membership=car, source=DECLARED, now=LATER, by=car.account) != profile


def test_G11_only_who_is_verified_or_invited_has_a_profile(market, car):
    unproved = make.linked(make.account("a@example.com", market=market), car.vehicle)
    assert (
        refusal_code(lambda: link_profile(membership=unproved, source=DECLARED, now=NOW, by=unproved.account))
        == "not_linked"
    )
    end_membership(car, now=NOW, by=car.account)
    assert refusal_code(lambda: link_profile(membership=car, source=DECLARED, now=NOW, by=car.account)) == "not_linked"


def test_a_car_that_has_left_the_garage_is_not_found(client, car):
    end_membership(car, now=NOW, by=car.account)
    assert post(client, car.account, "profile_in_car", car.public_id).status_code == 404


def test_L1_who_can_reach_the_car_shows_all_profiles_and_no_names(client, market, car, profile):
    other = make.verified(make.account("b@example.com", market=market), car.vehicle)
    theirs = link_profile(membership=other, source=DECLARED, now=NOW, by=other.account)
    text = page(client, car.account, "reach", car.public_id).text
    assert "A profile of another account" in text
    assert "b@example.com" not in text
    assert ends(client, car.account, car) == [profile, theirs]


def test_L1_the_active_account_says_that_it_removed_anothers_profile(client, market, car):
    other = make.verified(make.account("b@example.com", market=market), car.vehicle)
    theirs = link_profile(membership=other, source=DECLARED, now=NOW, by=other.account)
    answer = post(client, car.account, "profile_end", theirs.public_id)
    assert answer["Location"] == reverse("reach", args=[car.public_id])
    theirs.refresh_from_db()
    assert not theirs.is_linked
    assert ends(client, car.account, car) == []


def test_law_11_who_does_not_control_the_car_reaches_its_own_profile_only(client, market, car, profile):
    other = make.verified(make.account("b@example.com", market=market), car.vehicle)
    theirs = link_profile(membership=other, source=DECLARED, now=NOW, by=other.account)
    assert post(client, other.account, "profile_end", profile.public_id).status_code == 404
    answer = post(client, other.account, "profile_end", theirs.public_id)
    assert answer["Location"] == reverse("profile_in_car", args=[other.public_id])


def test_L1_a_profile_outlives_the_garage_and_can_be_declared_removed_after_it(client, car, profile):
    end_membership(car, now=NOW, by=car.account)
    assert post(client, car.account, "profile_end", profile.public_id)["Location"] == reverse("garage")
    profile.refresh_from_db()
    assert not profile.is_linked


def test_A6_profiles_are_in_the_export(car, profile):
    [row] = EXPORTERS["profiles"].rows(car.account)
    assert (row["car"], row["source"], row["ended_at"]) == (car.vehicle.vin, DECLARED, None)
