"""V2: tries on one car by all accounts together are capped, told to its owner, and cut nobody's service."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import translation

from accounts.models import Notice
from garage.actions import unblock_access
from garage.models import AccessCheck, AccessTry, Membership, RegistryEntry
from portal.refusals import Refusal
from tests import make
from tests.garage.cars import KM, NOW, add, make_account, make_entry, prove


@pytest.fixture
def strangers(cyprus):
    return [make_account(f"stranger{number}@example.com", cyprus) for number in range(6)]


def guess(membership, *readings, now=NOW):
    said = []
    for km in readings:
        try:
            prove(membership, km, now)
            said.append("proved")
        except Refusal as refusal:
            said.append((refusal.code, str(refusal)))
    return said


def codes(said):
    return [each[0] for each in said]


def use_up(strangers):
    """Twelve wrong readings of the car, three of each account."""
    for stranger in strangers[:4]:
        guess(add(stranger), 1, 2, 3)


def test_V2_after_the_markets_number_of_wrong_readings_none_is_judged_and_nobody_loses_a_try(anna, strangers):
    use_up(strangers)
    membership = add(strangers[4])
    assert codes(guess(membership, KM, 1, KM - 9000)) == ["reading_proves_nothing"] * 3
    assert AccessCheck.objects.get(account=strangers[4]).wrong_tries == 0
    assert AccessTry.objects.count() == 12


def test_V2_at_the_cap_right_and_wrong_readings_and_old_ones_are_answered_in_the_same_words(strangers):
    use_up(strangers)
    make_entry(2, odometer_at=NOW - timedelta(days=31))
    capped, old = add(strangers[4], 1), add(strangers[4], 2)
    assert len({*guess(capped, KM, 1), *guess(old, KM)}) == 1


def test_V2_tries_older_than_the_markets_days_do_not_count(strangers):
    use_up(strangers)
    membership, days = add(strangers[4]), timedelta(days=30)
    RegistryEntry.objects.update(odometer_at=NOW + days)
    assert codes(guess(membership, KM, now=NOW + days - timedelta(seconds=1))) == ["reading_proves_nothing"]
    assert guess(membership, KM, now=NOW + days) == ["proved"]


def test_V2_no_strangers_tries_cut_the_owners_service(anna, strangers):
    mine = prove(add(anna))
    use_up(strangers)
    assert guess(mine, 1, KM) == ["proved"] * 2
    mine.refresh_from_db()
    assert mine.is_active


def test_V2_the_active_account_is_told_of_each_try_and_not_by_whom(anna, petros):
    prove(add(anna))
    guess(add(petros), 1, KM)
    told = Notice.objects.filter(kind="access_tried").order_by("pk")
    assert [(notice.account, notice.facts["what"]) for notice in told] == [(anna, "wrong"), (anna, "right")]
    assert not [notice for notice in told if "petros" in str(notice.facts)]


def test_V2_once_the_cap_is_reached_the_owner_is_not_flooded(anna, strangers):
    prove(add(anna))
    use_up(strangers)
    guess(add(strangers[4]), 1, 2, 3)
    assert Notice.objects.filter(kind="access_tried").count() == 12


def test_V2_nobody_is_told_where_nobody_has_control(anna, petros):
    guess(add(petros), 1)
    assert not Notice.objects.filter(kind="access_tried").exists()


def test_V3_the_wrong_readings_of_a_person_whose_identity_was_checked_are_forgiven(anna, strangers):
    use_up(strangers)
    check = AccessCheck.objects.get(account=strangers[0])
    unblock_access(access_check=check, identity_checked_by="A. Dealer", note="Passport seen.", now=NOW, by=anna)
    assert guess(Membership.objects.get(account=strangers[0]), KM) == ["proved"]


def test_a_try_keeps_no_kilometres_and_is_never_changed(anna):
    guess(add(anna), 23_456)
    assert "23456" not in str(AccessTry.objects.values().get())
    with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic():
        AccessTry.objects.update(is_right=True)


def test_V2_another_car_takes_readings_as_before(strangers):
    use_up(strangers)
    assert guess(add(strangers[4], 2), KM) == ["proved"]


def test_V1_tolerance_and_cap_are_the_cars_markets_whoever_asks(anna, strangers, cyprus):
    abroad = make.another_market(cyprus, odometer_tolerance_km=100, wrong_readings_per_car=100)
    foreigner = make_account("foreigner@example.com", abroad)
    membership = add(foreigner)
    assert codes(guess(membership, KM + 50)) == ["wrong_reading"]
    use_up(strangers)
    assert codes(guess(membership, KM)) == ["reading_proves_nothing"]
    make_entry(2, market_code="FR")
    assert guess(add(foreigner, 2), KM + 90) == ["proved"]


def test_N2_word_of_a_try_leads_to_the_page_in_the_owners_language(anna, petros):
    anna.language = "el"
    anna.save(update_fields=["language"])
    prove(add(anna))
    with translation.override("en"):
        guess(add(petros), 1)
    assert Notice.objects.get(kind="access_tried").facts["url"].startswith("/el/")
