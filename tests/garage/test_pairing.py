from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Notice
from garage.actions import issue_pairing_code, redeem_pairing_code
from garage.lookups import MOST_CODES_FROM_AN_ADDRESS, MOST_CODES_OF_AN_ACCOUNT
from garage.models import AccessCheck, Membership, PairingCode, RegistryEntry
from portal.models import AuditRecord
from portal.refusals import Refusal
from tests.garage.cars import NOW, add, make_account, make_entry, prove, vin

WRONG = "AAAA-AAAA"


def issue(number=1, now=NOW):
    if not RegistryEntry.objects.filter(vin=vin(number)).exists():
        make_entry(number)
    return issue_pairing_code(vin=vin(number), now=now).code


def redeem(account, code, now=NOW, address="192.0.2.1"):
    return redeem_pairing_code(account=account, code=code, address=address, now=now, by=account)


def refused(account, code, **how):
    with pytest.raises(Refusal) as refusal:
        redeem(account, code, **how)
    return refusal.value.code, str(refusal.value)


def test_G2_V1_a_code_adds_the_car_and_proves_access_at_once(anna):
    membership = redeem(anna, issue().lower().replace("-", " "))
    assert (membership.vehicle.vin, membership.verified_at, membership.is_active) == (vin(1), NOW, True)
    assert AuditRecord.objects.get(what="access_proved").data == {"became_active": True, "by_code": True}


def test_V1_a_code_proves_access_where_the_last_reading_is_too_old(anna):
    code = issue()
    RegistryEntry.objects.update(odometer_at=NOW - timedelta(days=31))
    assert redeem(anna, code).is_active


def test_V1_a_code_proves_a_car_that_stands_in_the_garage_already(anna):
    membership = add(anna)
    assert redeem(anna, issue()).pk == membership.pk
    assert Membership.objects.get().is_active


def test_G3_where_another_account_has_control_the_car_is_verified_alone_and_that_account_is_told(anna, petros):
    owner = prove(add(anna))
    assert (redeem(petros, issue()).is_verified, Membership.objects.get(is_active=True)) == (True, owner)
    assert Notice.objects.get(kind="access_tried").account == anna


def test_a_code_works_once(anna, petros):
    code = issue()
    redeem(anna, code)
    assert refused(petros, code)[0] == "code_wrong"
    assert not Membership.objects.filter(account=petros).exists()


def test_a_code_is_good_for_ten_minutes_and_not_a_moment_longer(anna, petros):
    first, second = issue(), issue(2)
    assert redeem(anna, first, now=NOW + timedelta(minutes=10, seconds=-1)).is_verified
    assert refused(petros, second, now=NOW + timedelta(minutes=10))[0] == "code_wrong"


def test_unknown_used_and_expired_codes_are_answered_in_the_same_words(anna, petros):
    used, expired = issue(), issue(2, now=NOW - timedelta(minutes=11))
    redeem(anna, used)
    said = {refused(petros, code) for code in (WRONG, used, expired)}
    assert len(said) == 1


def test_a_car_has_three_open_codes_and_the_oldest_gives_way(anna):
    codes = [issue(now=NOW + timedelta(seconds=second)) for second in range(4)]
    assert PairingCode.objects.count() == 3
    later = NOW + timedelta(seconds=9)
    assert refused(anna, codes[0], now=later)[0] == "code_wrong"
    assert redeem(anna, codes[1], now=later).is_verified


def test_a_place_of_a_used_code_is_taken_again(anna):
    redeem(anna, issue())
    issue()
    assert PairingCode.objects.get().used_at is None


def test_what_is_no_code_uses_up_no_try(anna):
    for _ in range(MOST_CODES_OF_AN_ACCOUNT + 1):
        assert refused(anna, "4711")[0] == "code_malformed"
    assert redeem(anna, issue()).is_verified


def test_codes_are_tried_ten_times_an_hour_by_an_account(anna, petros):
    code = issue(now=NOW)
    for _ in range(MOST_CODES_OF_AN_ACCOUNT):
        assert refused(anna, WRONG)[0] == "code_wrong"
    assert refused(anna, code)[0] == "too_many_codes"
    assert redeem(petros, code).is_verified


def test_codes_are_tried_sixty_times_an_hour_from_one_address(cyprus):
    code, many = issue(), MOST_CODES_FROM_AN_ADDRESS // MOST_CODES_OF_AN_ACCOUNT
    for account in [make_account(f"guesser{number}@example.com", cyprus) for number in range(many)]:
        for _ in range(MOST_CODES_OF_AN_ACCOUNT):
            refused(account, WRONG)
    last = make_account("last@example.com", cyprus)
    assert refused(last, code)[0] == "too_many_codes"
    assert redeem(last, code, address="192.0.2.2").is_verified


def test_V2_a_code_does_not_unblock_and_stays_good_for_others(anna, petros):
    membership = add(anna)
    for km in (1, 2, 3):
        with pytest.raises(Refusal):
            prove(membership, km)
    code = issue()
    assert refused(anna, code)[0] == "verification_blocked"
    assert redeem(petros, code).is_active


def test_V2_a_code_does_not_reset_the_count(anna):
    membership = add(anna)
    with pytest.raises(Refusal):
        prove(membership, 1)
    redeem(anna, issue())
    assert AccessCheck.objects.get().wrong_tries == 1


def test_G1_a_full_garage_takes_no_car_and_the_code_stays_good(anna, petros):
    for number in range(1, 11):
        add(anna, number)
    code = issue(11)
    assert refused(anna, code)[0] == "garage_full"
    assert redeem(petros, code).is_verified


def test_the_code_is_kept_nowhere(anna):
    code = issue()
    redeem(anna, code)
    kept = [*PairingCode.objects.values_list("digest", flat=True), *map(str, AuditRecord.objects.values_list("data"))]
    assert not [text for text in kept if code.replace("-", "").lower() in text.lower().replace("-", "")]


def test_a_car_that_the_registry_does_not_know_gets_no_code(db):
    with pytest.raises(Refusal, match="does not know"):
        issue_pairing_code(vin=vin(1), now=NOW)


def test_the_command_shows_code_and_qr_and_writes_the_picture(anna, capsys, tmp_path):
    make_entry(1)
    call_command("pairing_code", vin(1), svg=tmp_path / "code.svg")
    code, *rest = capsys.readouterr().out.splitlines()
    assert "<svg" in (tmp_path / "code.svg").read_text()
    assert len(rest) > 10
    assert PairingCode.objects.get().used_at is None
    with pytest.raises(CommandError, match="does not know"):
        call_command("pairing_code", vin(2))
    assert len(code.split()[0]) == 9


def test_the_command_gives_no_codes_in_production(anna, settings):
    make_entry(1)
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="head unit"):
        call_command("pairing_code", vin(1))
