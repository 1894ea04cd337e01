"""Why a trip of one's own is missing or wrong, for a car and a day (T4): what is known of the day, and the answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.consents import changes_of
from accounts.models import Account
from accounts.rules.consents import Purpose
from accounts.rules.notices import kept_from
from garage.driving.access import OwnDriving, trips_between
from garage.models import LeftOutDay, MultimediaProfile, VehiclePrivacy
from garage.rules.missing_trips import Answer, Cause, DayFacts, causes
from garage.rules.trips import KEPT_MONTHS, SERVICE, LeftOut, Span
from garage.service_times import times_of, was_disturbed
from garage.words.missing_trips import WORDS

# In the order in which a person wants to read them.
SHOWN = (Answer.IS_SO, Answer.MAY_BE, Answer.UNKNOWN, Answer.NOT_SO)


@dataclass(frozen=True, kw_only=True)
class Reason:
    """A cause with its answer in words, and where something can be done about it."""

    title: str
    text: str
    url: str = ""
    label: str = ""


@dataclass(frozen=True, kw_only=True)
class Group:
    answer: Answer
    title: str
    tone: str
    reasons: list[Reason]


def reasons_of(driving: OwnDriving, on: date, *, now: datetime) -> list[Group]:
    """Every cause, by its answer; empty groups are left out. A fixed number of queries."""
    answers = list(causes(facts_of(driving, on, now=now)))
    words = {
        Answer.IS_SO: (_("This is so"), "warn"),
        Answer.MAY_BE: (_("This may be so"), "info"),
        Answer.UNKNOWN: (_("This cannot be known"), "neutral"),
        Answer.NOT_SO: (_("This is not so"), "good"),
    }
    groups = [
        Group(
            answer=answer,
            title=words[answer][0],
            tone=words[answer][1],
            reasons=[_reason(driving, cause) for cause, given in answers if given == answer],
        )
        for answer in SHOWN
    ]
    return [group for group in groups if group.reasons]


def facts_of(driving: OwnDriving, on: date, *, now: datetime) -> DayFacts:
    account, vehicle = driving.account, driving.link.vehicle
    span = _day(on, account.market.zone)
    pair = (account.pk, vehicle.pk)
    of_day = list(trips_between(driving.trips(), first=on, last=on).values_list("is_partial", "constant_speed"))
    known = _known_of(driving, on, span)
    return DayFacts(
        on=on,
        span=span,
        now=now,
        kept_from=kept_from(today=account.market.local_date(now), months=KEPT_MONTHS),
        control=[Span(period.started_at, period.ended_at) for period in driving.periods],
        service=times_of(SERVICE, [pair], now=now)[pair],
        consent=consent_times(known["consents_changed_at"]),
        was_profile_linked=known["was_linked"],
        was_private=known["was_private_before"] or known["was_private_then"],
        was_disturbed=was_disturbed(SERVICE, account.market, span),
        left_out=[LeftOut(reason) for reason in known["left_out"] or ()],
        trips=len(of_day),
        partial_trips=sum(is_partial for is_partial, _speed in of_day),
        trips_without_constant_speed=sum(speed is None for _partial, speed in of_day),
        has_any_trips=known["has_any_trips"],
    )


def consent_times(moments: Sequence[datetime]) -> list[Span]:
    """When the account agreed to driving analytics: odd changes give, even ones withdraw."""
    ends = [*moments[1::2], None]
    return [Span(start, end) for start, end in zip(moments[::2], ends, strict=False)]


def _day(on: date, zone: ZoneInfo) -> Span:
    first, after = (datetime.combine(day, time.min, tzinfo=zone) for day in (on, on + timedelta(days=1)))
    return Span(first, after)


def _known_of(driving: OwnDriving, on: date, day: Span) -> Mapping[str, Any]:
    """What stands in other tables of the account and the day, in one query."""
    private = driving.own.rows(VehiclePrivacy.objects.all(), field="at")
    before = private.filter(at__lt=day.start).order_by("-at", "-pk")
    profiles = MultimediaProfile.objects.filter(account=driving.account, vehicle=driving.link.vehicle_id)
    still_linked = Q(ended_at__isnull=True) | Q(ended_at__gt=day.start)
    left_out = LeftOutDay.objects.filter(control__in=[period.pk for period in driving.periods], on=on)
    return Account.objects.values(
        consents_changed_at=ArraySubquery(changes_of(driving.account, Purpose.DRIVING).values("at")),
        was_linked=Exists(profiles.filter(still_linked, linked_at__lt=day.end)),
        # By what the car said of the day in one's own time (D4), and by how it began the day.
        was_private_before=Coalesce(Subquery(before.values("is_on")[:1]), False),
        was_private_then=Exists(private.filter(at__gte=day.start, at__lt=day.end, is_on=True)),
        has_any_trips=Exists(driving.trips()),
        left_out=ArraySubquery(left_out.values("reason")),
    ).get(pk=driving.account.pk)


def _reason(driving: OwnDriving, cause: Cause) -> Reason:
    title, text = WORDS[cause]
    url, label = _way_on(driving, cause)
    return Reason(title=str(title), text=str(text), url=url, label=label)


def _way_on(driving: OwnDriving, cause: Cause) -> tuple[str, str]:
    """Where something can be done or seen; of a car that has left the garage only what is the account's own."""
    car = driving.link.public_id
    match cause:
        case Cause.NO_CONSENT:
            return reverse("consent", args=[Purpose.DRIVING.value]), _("View the consent")
        case Cause.PRIVACY_PART:
            return f"{reverse('driving_trips', args=[car])}?partial=on", _("Incomplete trips")
        case Cause.NOT_ACTIVATED if driving.link.ended_at is None:
            return reverse("services", args=[car]), _("View the services")
        case Cause.NOT_LINKED if driving.link.ended_at is None:
            return reverse("profile_in_car", args=[car]), _("Your profile in the car")
    return "", ""
