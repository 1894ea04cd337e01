"""Why a trip of one's own is missing or wrong, for a car and a day (T4): what is known of the day, and the answers."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.consents import changes_of
from accounts.models import Account
from accounts.rules.consents import Purpose
from accounts.rules.notices import kept_from
from garage.driving_access import OwnDriving, trips_between
from garage.models import LeftOutDay
from garage.rules.missing_trips import Answer, Cause, DayFacts, causes
from garage.rules.trips import KEPT_MONTHS, SERVICE, LeftOut, Span
from garage.service_times import times_of

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
    zone = account.market.zone
    midnight = datetime.combine(on, time.min, tzinfo=zone)
    pair = (account.pk, vehicle.pk)
    of_day = list(trips_between(driving.trips(), first=on, last=on).values_list("is_partial", "constant_speed"))
    left_out = LeftOutDay.objects.filter(control__in=driving.periods, on=on)
    return DayFacts(
        on=on,
        span=Span(midnight, datetime.combine(on + timedelta(days=1), time.min, tzinfo=zone)),
        now=now,
        kept_from=kept_from(today=account.market.local_date(now), months=KEPT_MONTHS),
        control=[Span(period.started_at, period.ended_at) for period in driving.periods],
        service=times_of(SERVICE, [pair], now=now)[pair],
        consent=consent_times(account),
        is_profile_linked=None,
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


def _reason(driving: OwnDriving, cause: Cause) -> Reason:
    car = driving.link.public_id
    services = (reverse("services", args=[car]), _("View the services")) if driving.link.ended_at is None else ("", "")
    consent = (reverse("consent", args=[Purpose.DRIVING.value]), _("View the consent"))
    nowhere = ("", "")
    words: dict[Cause, tuple[str, str, tuple[str, str]]] = {
        Cause.NOT_YOURS: (
            _("The car was not in your control"),
            _("Trips belong to whoever has control of the car’s services when they begin."),
            nowhere,
        ),
        Cause.TOO_OLD: (
            _("The day is too long ago"),
            _("Trips are deleted when their time is over."),
            nowhere,
        ),
        Cause.NOT_ACTIVATED: (
            _("Driving analytics was not activated"),
            _("Trips are kept while the service runs for this car."),
            services,
        ),
        Cause.NO_CONSENT: (
            _("You had not agreed to driving analytics"),
            _("Trips are kept if you agree when they begin and still do when they reach us."),
            consent,
        ),
        Cause.NOT_LINKED: (
            _("Your profile was not linked with the car"),
            _("Look on the car’s screen whether you are signed in with your profile."),
            nowhere,
        ),
        Cause.PRIVACY_AT_END: (
            _("A trip ended in Privacy Mode"),
            _("Such a trip is not kept. Privacy Mode is switched in the app or in the car."),
            nowhere,
        ),
        Cause.NONE_YET: (
            _("There has been no trip yet"),
            _("Your first trip shows a few hours after it has ended."),
            nowhere,
        ),
        Cause.TOO_SHORT: (
            _("A trip was very short"),
            _("Trips under 50 metres and 10 seconds are not kept."),
            nowhere,
        ),
        Cause.DELAY: (
            _("It is still on its way"),
            _("A trip can take some hours to reach us, longer where the car has no reception."),
            nowhere,
        ),
        Cause.NO_GPS: (
            _("The car had no GPS signal"),
            _("Underground, for instance. The trip may come later, or show less than you drove."),
            nowhere,
        ),
        Cause.MAINTENANCE: (
            _("Systems were being worked on"),
            _("A trip can be late or lost by that."),
            nowhere,
        ),
        Cause.PRIVACY_PART: (
            _("Privacy Mode was on for a part of a trip"),
            _("The trip is kept and marked as incomplete: distance and scores may be off."),
            (f"{reverse('driving_trips', args=[car])}?partial=on", _("Incomplete trips")),
        ),
        Cause.NO_CONSTANT_SPEED: (
            _("A trip has no score for constant speed"),
            _("In town one is often too slow for it. The trip’s score is the mean of the other two."),
            nowhere,
        ),
    }
    title, text, (url, label) = words[cause]
    return Reason(title=title, text=text, url=url, label=label)
