"""T4: why a trip of a day is missing or wrong. Every cause is gone through, and each has an answer."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from garage.rules.trips import LeftOut, Span

# Reports take a few hours; after this long since the day they are not on their way any more.
ON_THE_WAY = timedelta(hours=24)


class Answer(StrEnum):
    IS_SO = "is_so"
    MAY_BE = "may_be"
    UNKNOWN = "unknown"
    NOT_SO = "not_so"


class Cause(StrEnum):
    NOT_YOURS = "not_yours"
    TOO_OLD = "too_old"
    NOT_ACTIVATED = "not_activated"
    NO_CONSENT = "no_consent"
    NOT_LINKED = "not_linked"
    PRIVACY_AT_END = "privacy_at_end"
    NONE_YET = "none_yet"
    TOO_SHORT = "too_short"
    DELAY = "delay"
    NO_GPS = "no_gps"
    MAINTENANCE = "maintenance"
    # Why one may be wrong.
    PRIVACY_PART = "privacy_part"
    NO_CONSTANT_SPEED = "no_constant_speed"


@dataclass(frozen=True, kw_only=True)
class DayFacts:
    """What is known of the day of one's own driving."""

    on: date
    # From midnight to midnight by the market's clock.
    span: Span
    now: datetime
    kept_from: date
    control: Collection[Span]
    service: Collection[Span]
    consent: Collection[Span]
    # At some time of the day, as the account or the car has said.
    was_profile_linked: bool
    # Privacy Mode was on at some time of the day, as the car has said.
    was_private: bool
    # Maintenance or an incident of the service is written down for the day.
    was_disturbed: bool
    # What was noted of trips of the day that were left out.
    left_out: Collection[LeftOut]
    trips: int
    partial_trips: int
    trips_without_constant_speed: int
    has_any_trips: bool


def causes(facts: DayFacts) -> Iterator[tuple[Cause, Answer]]:
    """All of them, in the order of a check-list: what is needed first, then what becomes of a single trip."""
    yield Cause.NOT_YOURS, _lacking(facts.span, facts.control)
    yield Cause.TOO_OLD, _so(facts.on < facts.kept_from)
    yield Cause.NOT_ACTIVATED, _lacking(facts.span, facts.service)
    yield Cause.NO_CONSENT, _without_consent(facts)
    # Whoever linked a profile need not have said so.
    yield Cause.NOT_LINKED, Answer.NOT_SO if facts.was_profile_linked else Answer.MAY_BE
    yield Cause.PRIVACY_AT_END, _in_privacy_mode(facts)
    yield Cause.NONE_YET, _so(not facts.has_any_trips)
    yield Cause.TOO_SHORT, _left_out(facts, LeftOut.TOO_SHORT)
    yield Cause.DELAY, Answer.MAY_BE if _may_be_on_the_way(facts) else Answer.NOT_SO
    # What the car could not send does not reach us, nor what was lost without anybody's writing it down.
    yield Cause.NO_GPS, Answer.UNKNOWN
    yield Cause.MAINTENANCE, Answer.MAY_BE if facts.was_disturbed else Answer.UNKNOWN
    yield Cause.PRIVACY_PART, _so(facts.partial_trips > 0)
    yield Cause.NO_CONSTANT_SPEED, _so(facts.trips_without_constant_speed > 0)


def _so(is_so: bool) -> Answer:
    return Answer.IS_SO if is_so else Answer.NOT_SO


def _lacking(day: Span, spans: Collection[Span]) -> Answer:
    """Whether something did not run that day; for a part of the day it may be the cause."""
    if any(_covers(span, day) for span in spans):
        return Answer.NOT_SO
    return Answer.MAY_BE if any(_meets(span, day) for span in spans) else Answer.IS_SO


def _without_consent(facts: DayFacts) -> Answer:
    """A trip that comes in after the consent was withdrawn is not kept either."""
    answer = _lacking(facts.span, facts.consent)
    is_given = any(span.end is None for span in facts.consent)
    return Answer.MAY_BE if answer == Answer.NOT_SO and not is_given else answer


def _in_privacy_mode(facts: DayFacts) -> Answer:
    answer = _left_out(facts, LeftOut.PRIVACY_MODE)
    return Answer.MAY_BE if facts.was_private and answer != Answer.IS_SO else answer


def _left_out(facts: DayFacts, reason: LeftOut) -> Answer:
    """Noted only while everything ran; what has not come in yet may still be it."""
    if reason in facts.left_out:
        return Answer.IS_SO
    was_noted = any(_covers(span, facts.span) for span in facts.consent)
    if not was_noted:
        return Answer.UNKNOWN
    return Answer.MAY_BE if _may_be_on_the_way(facts) else Answer.NOT_SO


def _may_be_on_the_way(facts: DayFacts) -> bool:
    return facts.span.end is None or facts.now < facts.span.end + ON_THE_WAY


def _covers(span: Span, day: Span) -> bool:
    """All of the day that has been; an end at its midnight is no end of it."""
    return span.start <= day.start and (span.end is None or (day.end is not None and day.end <= span.end))


def _meets(span: Span, day: Span) -> bool:
    return (day.end is None or span.start < day.end) and (span.end is None or day.start < span.end)
