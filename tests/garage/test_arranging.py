import pytest

from garage.access import current_memberships, selected_membership
from garage.actions.arrange import rename_vehicle, select_vehicle
from garage.models import Membership
from portal.models import AuditRecord
from portal.refusals import Refusal
from tests.garage.cars import NOW, add, prove


def test_g5_one_car_is_selected_at_a_time(anna):
    first, second = add(anna, 1), add(anna, 2)
    select_vehicle(membership=second, now=NOW, by=anna)
    assert selected_membership(anna) == second
    assert Membership.objects.get(pk=first.pk).is_selected is False


def test_selecting_the_selected_car_again_leaves_no_trace(anna):
    membership = add(anna)
    select_vehicle(membership=membership, now=NOW, by=anna)
    assert not AuditRecord.objects.filter(what="vehicle_selected").exists()


def test_g9_a_nickname_is_tidied_and_can_be_taken_away(anna):
    membership = add(anna)
    assert rename_vehicle(membership=membership, nickname="  Maria's \n car ", now=NOW, by=anna).label == "Maria's car"
    assert rename_vehicle(membership=membership, nickname="", now=NOW, by=anna).label == "NX 350h"
    assert AuditRecord.objects.filter(what="vehicle_renamed").count() == 2


@pytest.mark.parametrize("act", [select_vehicle, lambda **a: rename_vehicle(nickname="x", **a)])
def test_a_car_that_has_left_the_garage_cannot_be_arranged(anna, act):
    membership = add(anna)
    Membership.objects.update(ended_at=NOW, is_selected=False)
    with pytest.raises(Refusal, match="not in your garage any more"):
        act(membership=membership, now=NOW, by=anna)


def test_a_nickname_of_41_characters_is_refused(anna):
    with pytest.raises(Refusal, match="40 characters"):
        rename_vehicle(membership=add(anna), nickname="x" * 41, now=NOW, by=anna)


def test_the_garage_knows_who_is_blocked_and_whether_another_account_is_active(anna, petros):
    prove(add(anna, 1))
    mine = add(petros, 1)
    for km in (1, 2, 3):
        with pytest.raises(Refusal):
            prove(mine, km)
    add(petros, 2)
    seen = [(m.is_blocked, m.has_other_active) for m in current_memberships(petros)]
    assert seen == [(True, True), (False, False)]
    assert [(m.is_blocked, m.has_other_active) for m in current_memberships(anna)] == [(False, False)]
