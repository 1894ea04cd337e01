"""Why a trip of one's own is missing or wrong, for a car and a day (T4): what is known of the day, and the answers."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.consents import changes_of
from accounts.models import Account
from accounts.rules.consents import Purpose
from accounts.rules.notices import kept_from
from garage.driving.access import OwnDriving, trips_between
from garage.models import LeftOutDay, MultimediaProfile, VehiclePrivacy
from garage.own_time import own
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
    left_out = LeftOutDay.objects.filter(control__in=driving.periods, on=on)
    return DayFacts(
        on=on,
        span=span,
        now=now,
        kept_from=kept_from(today=account.market.local_date(now), months=KEPT_MONTHS),
        control=[Span(period.started_at, period.ended_at) for period in driving.periods],
        service=times_of(SERVICE, [pair], now=now)[pair],
        consent=consent_times(account),
        was_profile_linked=_was_linked(driving, span),
        was_private=_was_private(driving, span),
        was_disturbed=was_disturbed(SERVICE, account.market, span),
        left_out=[LeftOut(reason) for reason in left_out.values_list("reason", flat=True)],
        trips=len(of_day),
        partial_trips=sum(is_partial for is_partial, _speed in of_day),
        trips_without_constant_speed=sum(speed is None for _partial, speed in of_day),
        has_any_trips=bool(of_day) or driving.trips().exists(),
    )


def consent_times(account: Account) -> list[Span]:
    """When the account agreed to driving analytics: odd changes give, even ones withdraw."""
    moments = [change.at for change in changes_of(account, Purpose.DRIVING)]
    ends = [*moments[1::2], None]
    return [Span(start, end) for start, end in zip(moments[::2], ends, strict=False)]


def _day(on: date, zone: ZoneInfo) -> Span:
    first, after = (datetime.combine(day, time.min, tzinfo=zone) for day in (on, on + timedelta(days=1)))
    return Span(first, after)


def _was_linked(driving: OwnDriving, day: Span) -> bool:
    profiles = MultimediaProfile.objects.filter(account=driving.account, vehicle=driving.link.vehicle_id)
    still = Q(ended_at__isnull=True) | Q(ended_at__gt=day.start)
    return profiles.filter(still, linked_at__lt=day.end).exists()


def _was_private(driving: OwnDriving, day: Span) -> bool:
    """By what the car said of the day in one's own time (D4), and by how it began the day."""
    vehicle = driving.link.vehicle
    mine = own(VehiclePrivacy.objects.all(), account=driving.account, vehicle=vehicle, field="at")
    before = mine.filter(at__lt=day.start).order_by("-at", "-pk").values_list("is_on", flat=True).first()
    return bool(before) or mine.filter(at__gte=day.start, at__lt=day.end, is_on=True).exists()


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
