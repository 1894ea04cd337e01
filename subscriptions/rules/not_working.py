"""Why a package of a car does not work: what is checked, in which order, and how each check comes out (C1, C2, D2)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from garage.rules.reports import is_old
from subscriptions.rules.eligibility import Missing
from subscriptions.rules.lifecycle import IN_SERVICE, LIVE, Status

# Whoever has not been used for longer may sleep, to spare its battery.
SLEEPS_AFTER = timedelta(days=9)
# Remote climate wants the drive battery at 30 per cent in some models, at 20 in others.
ENOUGH_CHARGE = 30
LEAST_CHARGE = 20


class Check(StrEnum):
    """In the order in which they are made: each is of use only where those before it hold."""

    TERMS = "terms"
    ACTIVE_ACCOUNT = "active_account"
    ACTIVATED = "activated"
    PAID = "paid"
    PROFILE = "profile"
    PRIVACY_MODE = "privacy_mode"
    CONTACT = "contact"
    SLEEP = "sleep"
    BATTERY = "battery"
    MARKET = "market"
    INCIDENT = "incident"


class Answer(StrEnum):
    HOLDS = "holds"
    FAILS = "fails"
    MAY_BE = "may_be"
    UNKNOWN = "unknown"


class Control(StrEnum):
    OWN = "own"
    ANOTHERS = "anothers"
    NOBODYS = "nobodys"


class Profile(StrEnum):
    CONFIRMED = "confirmed"
    DECLARED = "declared"
    REMOVED = "removed"
    # Neither the account nor the car has ever said anything.
    UNTOLD = "untold"


class Work(StrEnum):
    """What is known of the service itself: nothing, an incident, maintenance now, or one that is announced."""

    NONE = "none"
    INCIDENT = "incident"
    MAINTENANCE = "maintenance"
    ANNOUNCED = "announced"


class Because(StrEnum):
    """What an answer is given for; the words and the link that mends it go by this."""

    ACCEPTED = "accepted"
    COUNTING = "counting"
    PAUSED = "paused"
    PAUSED_FOR_ANOTHER = "paused_for_another"
    OWN_CONTROL = "own_control"
    ANOTHERS_CONTROL = "anothers_control"
    NOBODYS_CONTROL = "nobodys_control"
    STANDARD = "standard"
    RUNNING = "running"
    BEING_ACTIVATED = "being_activated"
    WAITS_FOR_CAR = "waits_for_car"
    CAR_FAILED = "car_failed"
    NOT_TAKEN_UP = "not_taken_up"
    NOT_ORDERED = "not_ordered"
    HAS_ENDED = "has_ended"
    NOT_RUNNING = "not_running"
    NOT_FOR_THIS_CAR = "not_for_this_car"
    FREE = "free"
    PAID = "paid"
    NOTHING_TO_PAY = "nothing_to_pay"
    PAST_DUE = "past_due"
    PAYMENT_NOT_SHOWN = "payment_not_shown"
    NO_PROFILE_NEEDED = "no_profile_needed"
    PROFILE_CONFIRMED = "profile_confirmed"
    PROFILE_DECLARED = "profile_declared"
    PROFILE_REMOVED = "profile_removed"
    PROFILE_UNTOLD = "profile_untold"
    NO_LOCATION_NEEDED = "no_location_needed"
    PRIVACY_ON = "privacy_on"
    PRIVACY_OFF = "privacy_off"
    NEVER_TOLD = "never_told"
    DATA_NOT_SHOWN = "data_not_shown"
    HEARD_OF = "heard_of"
    NOT_HEARD_OF = "not_heard_of"
    AWAKE = "awake"
    ASLEEP = "asleep"
    NO_CHARGE_NEEDED = "no_charge_needed"
    CHARGED_ENOUGH = "charged_enough"
    CHARGE_LOW = "charge_low"
    CHARGE_TOO_LOW = "charge_too_low"
    SUITS = "suits"
    SUITS_IN_PART = "suits_in_part"
    DOES_NOT_SUIT = "does_not_suit"
    NO_INCIDENT = "no_incident"
    INCIDENT = "incident"
    MAINTENANCE = "maintenance"
    ANNOUNCED = "announced"


@dataclass(frozen=True, kw_only=True)
class Package:
    """What the package asks of the account and the car."""

    is_standard: bool = False
    uses_profile: bool = False
    uses_location: bool = False
    # Of this car: only where a drive battery is charged from outside does its level matter.
    uses_charge: bool = False
    missing: Collection[Missing] = ()
    # Some of its services do not work on this car, others do.
    is_partial: bool = False


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is known of one package of one car, to the account that asks.

    What the car has told (`privacy_is_on`, `contact_at`, `charge_percent`) is None where it has not, or where it is
    not this account's to see (D4, G11), which `may_see_data` tells apart. `status` is that of the live subscription,
    whoever has it.
    """

    package: Package
    control: Control
    is_paused: bool = False
    is_counting: bool = False
    status: Status | None = None
    # The car has not switched it on yet, and whether it said that it could not.
    waits_for_car: bool = False
    has_car_failed: bool = False
    is_in_free_period: bool = False
    has_ended: bool = False
    profile: Profile = Profile.UNTOLD
    may_see_data: bool = True
    privacy_is_on: bool | None = None
    contact_at: datetime | None = None
    charge_percent: int | None = None
    work: Work = Work.NONE

    @property
    def is_own(self) -> bool:
        return self.control is Control.OWN


@dataclass(frozen=True, kw_only=True)
class Finding:
    check: Check
    answer: Answer
    because: Because

    @property
    def fails(self) -> bool:
        return self.answer is Answer.FAILS


@dataclass(frozen=True, kw_only=True)
class Diagnosis:
    findings: tuple[Finding, ...]

    @property
    def failing(self) -> Finding | None:
        """The first that fails. That a package is not activated is no cause where the car cannot have it."""
        causes = (one for one in self.findings if one.fails and one.because is not Because.NOT_FOR_THIS_CAR)
        return next(causes, None)

    @property
    def possible(self) -> tuple[Finding, ...]:
        """What may be the cause, where nothing fails."""
        return tuple(one for one in self.findings if one.answer is Answer.MAY_BE)


def diagnose(facts: Facts, *, now: datetime) -> Diagnosis:
    """Every check in its order, whether or not one before it fails."""
    outcomes = {
        Check.TERMS: _terms(facts),
        Check.ACTIVE_ACCOUNT: _active_account(facts),
        Check.ACTIVATED: _activated(facts),
        Check.PAID: _paid(facts),
        Check.PROFILE: _profile(facts),
        Check.PRIVACY_MODE: _privacy_mode(facts),
        Check.CONTACT: _contact(facts, now=now),
        Check.SLEEP: _sleep(facts, now=now),
        Check.BATTERY: _battery(facts),
        Check.MARKET: _market(facts),
        Check.INCIDENT: _incident(facts),
    }
    return Diagnosis(
        findings=tuple(Finding(check=check, answer=outcomes[check][0], because=outcomes[check][1]) for check in Check)
    )


Outcome = tuple[Answer, Because]


def _terms(facts: Facts) -> Outcome:
    """A2: services pause for the account that controls the car, once its days are over."""
    if facts.is_paused:
        return Answer.FAILS, Because.PAUSED if facts.is_own else Because.PAUSED_FOR_ANOTHER
    return Answer.HOLDS, Because.COUNTING if facts.is_counting else Because.ACCEPTED


def _active_account(facts: Facts) -> Outcome:
    """C7, G3: services work for the account that controls the car."""
    if facts.is_own:
        return Answer.HOLDS, Because.OWN_CONTROL
    is_anothers = facts.control is Control.ANOTHERS
    return Answer.FAILS, Because.ANOTHERS_CONTROL if is_anothers else Because.NOBODYS_CONTROL


def _activated(facts: Facts) -> Outcome:
    """C3, C4, S11. To others a service runs or it does not, whatever came of its payment (G11)."""
    if facts.status in LIVE - IN_SERVICE and facts.is_own:
        return Answer.FAILS, Because.BEING_ACTIVATED
    if facts.waits_for_car:
        return Answer.FAILS, Because.CAR_FAILED if facts.has_car_failed else Because.WAITS_FOR_CAR
    if facts.status is not None:
        return Answer.HOLDS, Because.RUNNING
    if facts.package.missing:
        return Answer.FAILS, Because.NOT_FOR_THIS_CAR
    if facts.package.is_standard:
        return Answer.HOLDS, Because.STANDARD
    return Answer.FAILS, _missing_activation(facts)


def _missing_activation(facts: Facts) -> Because:
    if not facts.is_own:
        return Because.NOT_RUNNING
    if facts.is_in_free_period:
        return Because.NOT_TAKEN_UP
    return Because.HAS_ENDED if facts.has_ended else Because.NOT_ORDERED


def _paid(facts: Facts) -> Outcome:
    """P2: while a declined charge is tried again the service stays on, and then it ends."""
    if facts.package.is_standard:
        return Answer.HOLDS, Because.FREE
    if not facts.is_own:
        return Answer.UNKNOWN, Because.PAYMENT_NOT_SHOWN
    match facts.status:
        case None | Status.PENDING | Status.SCHEDULED:
            return Answer.HOLDS, Because.NOTHING_TO_PAY
        case Status.COMPLIMENTARY:
            return Answer.HOLDS, Because.FREE
        case Status.PAST_DUE:
            return Answer.FAILS, Because.PAST_DUE
    return Answer.HOLDS, Because.PAID


def _profile(facts: Facts) -> Outcome:
    """C6. Nobody having said that it is linked does not mean that it is not."""
    if not facts.package.uses_profile:
        return Answer.HOLDS, Because.NO_PROFILE_NEEDED
    match facts.profile:
        case Profile.CONFIRMED:
            return Answer.HOLDS, Because.PROFILE_CONFIRMED
        case Profile.DECLARED:
            return Answer.HOLDS, Because.PROFILE_DECLARED
        case Profile.REMOVED:
            return Answer.FAILS, Because.PROFILE_REMOVED
    return Answer.MAY_BE, Because.PROFILE_UNTOLD


def _privacy_mode(facts: Facts) -> Outcome:
    """D2."""
    if not facts.package.uses_location:
        return Answer.HOLDS, Because.NO_LOCATION_NEEDED
    if facts.privacy_is_on is None:
        return _untold(facts)
    if facts.privacy_is_on:
        return Answer.FAILS, Because.PRIVACY_ON
    return Answer.HOLDS, Because.PRIVACY_OFF


def _contact(facts: Facts, *, now: datetime) -> Outcome:
    """A car that was not heard of lately may stand where no network reaches it."""
    if facts.contact_at is None:
        return _untold(facts)
    if not is_old(facts.contact_at, now=now):
        return Answer.HOLDS, Because.HEARD_OF
    return Answer.MAY_BE, Because.NOT_HEARD_OF


def _sleep(facts: Facts, *, now: datetime) -> Outcome:
    if facts.contact_at is None:
        return _untold(facts)
    if now - facts.contact_at > SLEEPS_AFTER:
        return Answer.FAILS, Because.ASLEEP
    return Answer.HOLDS, Because.AWAKE


def _battery(facts: Facts) -> Outcome:
    if not facts.package.uses_charge:
        return Answer.HOLDS, Because.NO_CHARGE_NEEDED
    if facts.charge_percent is None:
        return _untold(facts)
    if facts.charge_percent < LEAST_CHARGE:
        return Answer.FAILS, Because.CHARGE_TOO_LOW
    if facts.charge_percent < ENOUGH_CHARGE:
        return Answer.MAY_BE, Because.CHARGE_LOW
    return Answer.HOLDS, Because.CHARGED_ENOUGH


def _market(facts: Facts) -> Outcome:
    """C2, as of today; what runs was agreed, and goes on."""
    if facts.package.missing and facts.status is None:
        return Answer.FAILS, Because.DOES_NOT_SUIT
    if facts.package.is_partial:
        return Answer.MAY_BE, Because.SUITS_IN_PART
    return Answer.HOLDS, Because.SUITS


def _incident(facts: Facts) -> Outcome:
    match facts.work:
        case Work.INCIDENT:
            return Answer.FAILS, Because.INCIDENT
        case Work.MAINTENANCE:
            return Answer.FAILS, Because.MAINTENANCE
        case Work.ANNOUNCED:
            return Answer.HOLDS, Because.ANNOUNCED
    return Answer.HOLDS, Because.NO_INCIDENT


def _untold(facts: Facts) -> Outcome:
    return Answer.UNKNOWN, Because.NEVER_TOLD if facts.may_see_data else Because.DATA_NOT_SHOWN
