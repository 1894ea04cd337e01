"""Why a package does not work: each check by itself, their order, and which one is named."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subscriptions.rules.eligibility import Missing
from subscriptions.rules.lifecycle import LIVE, Status
from subscriptions.rules.not_working import (
    Answer,
    Because,
    Check,
    Control,
    Diagnosis,
    Facts,
    Finding,
    Package,
    Profile,
    Work,
    diagnose,
)

NOW = datetime(2026, 6, 10, 9, 0, tzinfo=UTC)
HOLDS, FAILS, MAY_BE, UNKNOWN = Answer
SECOND = timedelta(seconds=1)


def ago(**time: int) -> datetime:
    return NOW - timedelta(**time)


# A package that asks everything of its car, and a car that has all of it.
DEMANDING = {"uses_profile": True, "uses_location": True, "uses_charge": True}
WELL = {
    "control": Control.OWN,
    "status": Status.PAID,
    "profile": Profile.CONFIRMED,
    "privacy_is_on": False,
    "contact_at": NOW,
    "charge_percent": 80,
}


def diagnosed(package: dict | None = None, **facts: object) -> Diagnosis:
    wanted = Package(**DEMANDING | (package or {}))
    return diagnose(Facts(package=wanted, **WELL | facts), now=NOW)


def found(check: Check, package: dict | None = None, **facts: object) -> Finding:
    return diagnosed(package, **facts).findings[list(Check).index(check)]


def test_a_car_that_has_everything_passes_every_check_in_the_order_of_the_product():
    all_well = diagnosed()
    assert [(one.check, one.answer) for one in all_well.findings] == [(check, HOLDS) for check in Check]
    assert (all_well.failing, all_well.possible) == (None, ())
    assert list(Check) == [
        *("terms", "active_account", "activated", "paid", "profile", "privacy_mode", "contact", "sleep", "battery"),
        *("market", "incident"),
    ]


@pytest.mark.parametrize(
    ("check", "package", "facts", "answer", "because"),
    [
        (Check.TERMS, {}, {}, HOLDS, Because.ACCEPTED),
        (Check.TERMS, {}, {"is_counting": True}, HOLDS, Because.COUNTING),
        (Check.TERMS, {}, {"is_paused": True}, FAILS, Because.PAUSED),
        (Check.TERMS, {}, {"is_paused": True, "control": Control.ANOTHERS}, FAILS, Because.PAUSED_FOR_ANOTHER),
        (Check.ACTIVE_ACCOUNT, {}, {}, HOLDS, Because.OWN_CONTROL),
        (Check.ACTIVE_ACCOUNT, {}, {"control": Control.ANOTHERS}, FAILS, Because.ANOTHERS_CONTROL),
        (Check.ACTIVE_ACCOUNT, {}, {"control": Control.NOBODYS}, FAILS, Because.NOBODYS_CONTROL),
        (Check.ACTIVATED, {}, {"status": Status.PENDING}, FAILS, Because.BEING_ACTIVATED),
        (Check.ACTIVATED, {}, {"waits_for_car": True}, FAILS, Because.WAITS_FOR_CAR),
        (Check.ACTIVATED, {}, {"waits_for_car": True, "has_car_failed": True}, FAILS, Because.CAR_FAILED),
        (Check.ACTIVATED, {}, {"status": Status.PAST_DUE}, HOLDS, Because.RUNNING),
        (Check.ACTIVATED, {}, {"status": None}, FAILS, Because.NOT_ORDERED),
        (Check.ACTIVATED, {}, {"status": None, "has_ended": True}, FAILS, Because.HAS_ENDED),
        (Check.ACTIVATED, {}, {"status": None, "is_in_free_period": True}, FAILS, Because.NOT_TAKEN_UP),
        (
            Check.ACTIVATED,
            {},
            {"status": None, "is_in_free_period": True, "has_ended": True},
            FAILS,
            Because.NOT_TAKEN_UP,
        ),
        (Check.ACTIVATED, {"is_standard": True}, {"status": None}, HOLDS, Because.STANDARD),
        (Check.ACTIVATED, {"missing": [Missing.MARKET]}, {"status": None}, FAILS, Because.NOT_FOR_THIS_CAR),
        (
            Check.ACTIVATED,
            {"missing": [Missing.CAPABILITY], "is_standard": True},
            {"status": None},
            FAILS,
            Because.NOT_FOR_THIS_CAR,
        ),
        (Check.PAID, {}, {}, HOLDS, Because.PAID),
        (Check.PAID, {}, {"status": Status.TRIAL}, HOLDS, Because.PAID),
        (Check.PAID, {}, {"status": Status.COMPLIMENTARY}, HOLDS, Because.FREE),
        (Check.PAID, {"is_standard": True}, {"status": None}, HOLDS, Because.FREE),
        (Check.PAID, {}, {"status": None}, HOLDS, Because.NOTHING_TO_PAY),
        (Check.PAID, {}, {"status": Status.PENDING}, HOLDS, Because.NOTHING_TO_PAY),
        (Check.PAID, {}, {"status": Status.PAST_DUE}, FAILS, Because.PAST_DUE),
        (Check.PROFILE, {}, {"profile": Profile.DECLARED}, HOLDS, Because.PROFILE_DECLARED),
        (Check.PROFILE, {}, {"profile": Profile.CONFIRMED}, HOLDS, Because.PROFILE_CONFIRMED),
        (Check.PROFILE, {}, {"profile": Profile.REMOVED}, FAILS, Because.PROFILE_REMOVED),
        (Check.PROFILE, {}, {"profile": Profile.UNTOLD}, MAY_BE, Because.PROFILE_UNTOLD),
        (Check.PROFILE, {"uses_profile": False}, {"profile": Profile.REMOVED}, HOLDS, Because.NO_PROFILE_NEEDED),
        (Check.PRIVACY_MODE, {}, {"privacy_is_on": True}, FAILS, Because.PRIVACY_ON),
        (Check.PRIVACY_MODE, {}, {"privacy_is_on": False}, HOLDS, Because.PRIVACY_OFF),
        (Check.PRIVACY_MODE, {}, {"privacy_is_on": None}, UNKNOWN, Because.NEVER_TOLD),
        (Check.PRIVACY_MODE, {"uses_location": False}, {"privacy_is_on": True}, HOLDS, Because.NO_LOCATION_NEEDED),
        (Check.CONTACT, {}, {"contact_at": ago(days=3)}, HOLDS, Because.HEARD_OF),
        (Check.CONTACT, {}, {"contact_at": ago(days=3) - SECOND}, MAY_BE, Because.NOT_HEARD_OF),
        (Check.CONTACT, {}, {"contact_at": None}, UNKNOWN, Because.NEVER_TOLD),
        (Check.SLEEP, {}, {"contact_at": ago(days=9)}, HOLDS, Because.AWAKE),
        (Check.SLEEP, {}, {"contact_at": ago(days=9) - SECOND}, FAILS, Because.ASLEEP),
        (Check.SLEEP, {}, {"contact_at": None}, UNKNOWN, Because.NEVER_TOLD),
        (Check.BATTERY, {}, {"charge_percent": 30}, HOLDS, Because.CHARGED_ENOUGH),
        (Check.BATTERY, {}, {"charge_percent": 29}, MAY_BE, Because.CHARGE_LOW),
        (Check.BATTERY, {}, {"charge_percent": 20}, MAY_BE, Because.CHARGE_LOW),
        (Check.BATTERY, {}, {"charge_percent": 19}, FAILS, Because.CHARGE_TOO_LOW),
        (Check.BATTERY, {}, {"charge_percent": None}, UNKNOWN, Because.NEVER_TOLD),
        (Check.BATTERY, {"uses_charge": False}, {"charge_percent": 1}, HOLDS, Because.NO_CHARGE_NEEDED),
        (Check.MARKET, {"missing": [Missing.MARKET]}, {"status": None}, FAILS, Because.DOES_NOT_SUIT),
        # What runs was agreed, whatever the catalogue says since.
        (Check.MARKET, {"missing": [Missing.MARKET]}, {}, HOLDS, Because.SUITS),
        (Check.MARKET, {"is_partial": True}, {}, MAY_BE, Because.SUITS_IN_PART),
        (Check.INCIDENT, {}, {"work": Work.INCIDENT}, FAILS, Because.INCIDENT),
        (Check.INCIDENT, {}, {"work": Work.MAINTENANCE}, FAILS, Because.MAINTENANCE),
        (Check.INCIDENT, {}, {"work": Work.ANNOUNCED}, HOLDS, Because.ANNOUNCED),
    ],
)
def test_each_check_by_itself(check, package, facts, answer, because):
    one = found(check, package, **facts)
    assert (one.answer, one.because) == (answer, because)


@pytest.mark.parametrize("check", [Check.PRIVACY_MODE, Check.CONTACT, Check.SLEEP, Check.BATTERY])
def test_D4_what_is_not_this_accounts_to_see_cannot_be_known(check):
    hidden = {"privacy_is_on": None, "contact_at": None, "charge_percent": None, "may_see_data": False}
    one = found(check, control=Control.ANOTHERS, **hidden)
    assert (one.answer, one.because) == (UNKNOWN, Because.DATA_NOT_SHOWN)


@pytest.mark.parametrize("control", [Control.ANOTHERS, Control.NOBODYS])
@pytest.mark.parametrize("status", sorted(LIVE))
def test_G11_to_others_a_service_runs_whatever_came_of_its_payment(control, status):
    activated = found(Check.ACTIVATED, control=control, status=status)
    paid = found(Check.PAID, control=control, status=status)
    assert (activated.answer, activated.because) == (HOLDS, Because.RUNNING)
    assert (paid.answer, paid.because) == (UNKNOWN, Because.PAYMENT_NOT_SHOWN)


def test_G11_to_others_a_service_that_does_not_run_says_no_more():
    one = found(Check.ACTIVATED, control=Control.ANOTHERS, status=None, has_ended=True, is_in_free_period=True)
    assert (one.answer, one.because) == (FAILS, Because.NOT_RUNNING)


def test_of_several_that_fail_the_first_is_named():
    several = diagnosed(privacy_is_on=True, contact_at=ago(days=10), work=Work.INCIDENT)
    assert several.failing.check is Check.PRIVACY_MODE
    assert [one.check for one in several.findings if one.fails] == [Check.PRIVACY_MODE, Check.SLEEP, Check.INCIDENT]


def test_C2_a_package_that_the_car_cannot_have_is_named_as_such_and_not_as_inactive():
    unfit = diagnosed({"missing": [Missing.GENERATION]}, status=None)
    assert unfit.failing.check is Check.MARKET


def test_where_nothing_fails_what_may_be_the_cause_is_named_in_order():
    unsure = diagnosed(profile=Profile.UNTOLD, contact_at=ago(days=4), charge_percent=25)
    assert unsure.failing is None
    assert [one.check for one in unsure.possible] == [Check.PROFILE, Check.CONTACT, Check.BATTERY]


FACTS = st.fixed_dictionaries(
    {
        "control": st.sampled_from(Control),
        "is_paused": st.booleans(),
        "is_counting": st.booleans(),
        "status": st.none() | st.sampled_from(sorted(LIVE)),
        "is_in_free_period": st.booleans(),
        "has_ended": st.booleans(),
        "profile": st.sampled_from(Profile),
        "may_see_data": st.booleans(),
        "privacy_is_on": st.none() | st.booleans(),
        "contact_at": st.none() | st.integers(0, 30).map(lambda days: ago(days=days)),
        "charge_percent": st.none() | st.integers(0, 100),
        "work": st.sampled_from(Work),
    }
)
PACKAGES = st.fixed_dictionaries(
    {
        "is_standard": st.booleans(),
        "uses_profile": st.booleans(),
        "uses_location": st.booleans(),
        "uses_charge": st.booleans(),
        "is_partial": st.booleans(),
        "missing": st.lists(st.sampled_from(Missing), unique=True),
    }
)


@given(package=PACKAGES, facts=FACTS)
def test_every_check_is_answered_once_and_a_failing_one_is_named_wherever_one_fails(package, facts):
    answers = diagnosed(package, **facts)
    assert [one.check for one in answers.findings] == list(Check)
    assert (answers.failing is None) == (not any(one.fails for one in answers.findings))
