"""The words of "Why is it not working?": each check's name, what came of it, and the link that mends it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _

from garage.privacy_mode import PrivacyMode
from garage.rules.reports import Source
from portal.templatetags.frame import clock, day_in_words
from subscriptions.centre.diagnosing import Case
from subscriptions.models import Package, ServiceIncident
from subscriptions.rules.eligibility import Missing
from subscriptions.rules.not_working import Answer, Because, Check, Finding
from subscriptions.words.not_working_links import Link, link_for
from subscriptions.words.reasons import ENDS, MISSING

CHECKS: dict[Check, Promise] = {
    Check.TERMS: _("Terms of Use"),
    Check.ACTIVE_ACCOUNT: _("Active account"),
    Check.ACTIVATED: _("Activation"),
    Check.PAID: _("Payment"),
    Check.PROFILE: _("Multimedia profile"),
    Check.PRIVACY_MODE: _("Privacy Mode"),
    Check.CONTACT: _("Last contact"),
    Check.SLEEP: _("Sleep"),
    Check.BATTERY: _("Drive battery"),
    Check.MARKET: _("Car and country"),
    Check.INCIDENT: _("Incidents and maintenance"),
}
ANSWERS: dict[Answer, tuple[str, Promise]] = {
    Answer.HOLDS: ("good", _("All right")),
    Answer.FAILS: ("bad", _("In the way")),
    Answer.MAY_BE: ("warn", _("May be the cause")),
    Answer.UNKNOWN: ("neutral", _("Cannot be known")),
}
SENTENCES: dict[Because, str | Promise] = {
    Because.ACCEPTED: _("They are accepted."),
    Because.COUNTING: _("Services run while your days to accept them count. Accept them before they are over."),
    Because.PAUSED: _("The days to accept them are over, so this car’s services pause until you do."),
    Because.PAUSED_FOR_ANOTHER: _("It pauses until the account that controls this car accepts the Terms of Use."),
    Because.OWN_CONTROL: _("Your account controls this car’s services."),
    Because.ANOTHERS_CONTROL: _("Another account controls this car’s services. They work for that account alone."),
    Because.NOBODYS_CONTROL: _("No account controls this car’s services. Prove access again to take control."),
    Because.STANDARD: _("It is free, and came with accepting the Terms of Use."),
    Because.RUNNING: _("It is activated for this car."),
    Because.BEING_ACTIVATED: _("It is being activated: your bank has not answered yet. It may ask you to confirm."),
    Because.WAITS_FOR_CAR: _(
        "It is being activated: the car has not switched it on yet. It does so as soon as it has reception. If it "
        "takes longer than some minutes, start the car in the open."
    ),
    Because.CAR_FAILED: _(
        "The car could not switch it on. The customer centre has been told and sees to it. Start the car where it has "
        "reception; often that is enough."
    ),
    Because.NOT_TAKEN_UP: _("It is included with the car, and not activated yet."),
    Because.NOT_ORDERED: _("It is not ordered for this car."),
    Because.HAS_ENDED: _("It ended on %(ended)s. %(why_ended)s"),
    Because.NOT_RUNNING: _("It is not activated for this car."),
    Because.NOT_FOR_THIS_CAR: _("It is not activated, and cannot be: see car and country below."),
    Because.FREE: _("It costs nothing."),
    Because.PAID: _("Nothing is open."),
    Because.NOTHING_TO_PAY: _("Nothing is to be paid now."),
    Because.PAST_DUE: _(
        "A charge was declined. It stays on while the charge is tried again, on three days in all. Pay it now, and "
        "it goes on."
    ),
    Because.PAYMENT_NOT_SHOWN: _("How it is paid for is shown to the account that controls the car."),
    Because.NO_PROFILE_NEEDED: _("It works without a profile on the car’s screen."),
    Because.PROFILE_CONFIRMED: _("The car has confirmed that your profile is linked."),
    Because.PROFILE_DECLARED: _("You said that your profile is linked. The car has not confirmed it yet."),
    Because.PROFILE_REMOVED: _("Your profile was removed from the car’s screen. It works in your own profile only."),
    Because.PROFILE_UNTOLD: _("It works in your own profile on the car’s screen. We do not know of one: is it linked?"),
    Because.NO_LOCATION_NEEDED: _("It does not need the car’s location."),
    Because.PRIVACY_ON: _("It is on since %(privacy_at)s, switched %(source)s. It limits: %(limited)s."),
    Because.PRIVACY_OFF: _("It is off since %(privacy_at)s."),
    Because.NEVER_TOLD: _("The car has not told us."),
    Because.DATA_NOT_SHOWN: _("What the car reports is shown to the account that controls it."),
    Because.HEARD_OF: _("We last heard of the car on %(contact_at)s."),
    Because.NOT_HEARD_OF: _("We last heard of the car on %(contact_at)s. It may stand where no network reaches it."),
    Because.AWAKE: _("A car sleeps when it is not used for more than nine days, which is not so."),
    Because.ASLEEP: _(
        "We have not heard of the car for more than nine days. A car that is not used for so long may go to sleep to "
        "spare its battery. Go to it and start it: that wakes it."
    ),
    Because.NO_CHARGE_NEEDED: _("It does not depend on a battery that you charge."),
    Because.CHARGED_ENOUGH: _("It was at %(charge)s%% when the car last told."),
    Because.CHARGE_LOW: _(
        "It was at %(charge)s%% when the car last told. Some models start the climate at 30%% only: charge it."
    ),
    Because.CHARGE_TOO_LOW: _(
        "It was at %(charge)s%% when the car last told. The climate starts at 20%% or 30%%, by model: charge it."
    ),
    Because.SUITS: _("This car and your country can have it."),
    Because.SUITS_IN_PART: _("Not all of its services work on this car. %(without)s"),
    Because.DOES_NOT_SUIT: "%(missing)s",
    Because.NO_INCIDENT: _("None is known."),
    Because.INCIDENT: "%(incident)s",
    Because.MAINTENANCE: "%(incident)s",
    Because.ANNOUNCED: _("From %(begins)s: %(incident)s"),
}
# Of a switch in another account's time (D4).
UNTIMED: dict[Because, str | Promise] = {
    Because.PRIVACY_ON: _("It is on, switched %(source)s. It limits: %(limited)s."),
    Because.PRIVACY_OFF: _("It is off."),
}
UNTIL = _("Until %(ends)s.")
END_UNKNOWN = _("How long it lasts is not known yet.")
SOURCES: dict[Source, Promise] = {Source.APP: _("in the app"), Source.CAR: _("in the car")}


# What nobody has or can have does not work, and is no trouble either: a list does not sound the alarm for it.
NOT_BROKEN = frozenset({Because.NOT_ORDERED, Because.NOT_TAKEN_UP, Because.NOT_RUNNING, Because.DOES_NOT_SUIT})


@dataclass(frozen=True, kw_only=True)
class ShownCheck:
    name: str
    tone: str
    answer: str
    sentence: str
    # What mends it, or tells how.
    link: Link | None


def shown_checks(case: Case) -> list[ShownCheck]:
    return [show(finding, case) for finding in case.diagnosis.findings]


def show(finding: Finding, case: Case) -> ShownCheck:
    tone, answer = ANSWERS[finding.answer]
    return ShownCheck(
        name=str(CHECKS[finding.check]),
        tone=tone,
        answer=str(answer),
        sentence=str(_sentence(finding.because, case)) % _facts(case),
        link=link_for(finding.because, case),
    )


def _sentence(because: Because, case: Case) -> str | Promise:
    is_timed = case.told.privacy is None or case.told.privacy.at is not None
    return SENTENCES[because] if is_timed else UNTIMED.get(because, SENTENCES[because])


@dataclass(frozen=True, kw_only=True)
class Verdict:
    tone: str
    text: str
    sentence: str = ""


def verdict(case: Case) -> Verdict:
    """One badge for the whole: the name of the check that fails, else whether anything may be the cause."""
    finding = case.failing or next(iter(case.diagnosis.possible), None)
    if finding is None:
        return Verdict(tone="good", text=_text("Nothing in the way"))
    shown = show(finding, case)
    tone = "neutral" if finding.because in NOT_BROKEN else shown.tone
    return Verdict(tone=tone, text=shown.name, sentence=shown.sentence)


def limited_services(package: Package) -> list[str]:
    """The names of its services that Privacy Mode limits (D2)."""
    return [service.name for service in package.services.all() if service.uses_location]


def since_in_words(mode: PrivacyMode) -> str:
    """Empty where the moment is not the reader's to know (D4)."""
    return moment_in_words(mode.at) if mode.at else ""


def switched(mode: PrivacyMode) -> str:
    """Where Privacy Mode was switched last: it is never switched here."""
    return str(SOURCES[mode.source])


def moment_in_words(moment: datetime) -> str:
    return f"{day_in_words(moment)}, {clock(timezone.localtime(moment).time())}"


def _facts(case: Case) -> dict[str, object]:
    """Whatever a sentence may name, as far as it is known."""
    facts: dict[str, object] = {
        "charge": case.told.charge_percent,
        "limited": ", ".join(limited_services(case.package)),
        "missing": _because(case.offer.missing),
        "without": " ".join(
            f"{service.name}: {_because(missing)}"
            for service in case.package.services.all()
            if (missing := case.offer.without.get(service.pk))
        ),
    }
    if case.ended:
        facts |= {"ended": day_in_words(case.ended.ends_on), "why_ended": ENDS.get(case.ended.end_reason, "")}
    if case.told.privacy:
        facts |= {"privacy_at": since_in_words(case.told.privacy), "source": switched(case.told.privacy)}
    if case.told.contact_at:
        facts |= {"contact_at": moment_in_words(case.told.contact_at)}
    if case.incident:
        facts |= {"incident": in_words(case.incident), "begins": moment_in_words(case.incident.began_at)}
    return facts


def _because(missing: Iterable[Missing]) -> str:
    return " ".join(str(MISSING[one]) for one in missing)


def in_words(incident: ServiceIncident) -> str:
    ends_at = incident.ends_at
    until = str(UNTIL) % {"ends": moment_in_words(ends_at)} if ends_at else str(END_UNKNOWN)
    return f"{incident.title}. {incident.text} {until}"
