"""A message to the customer centre that is written already: the customer only sends it (X6, A4)."""

from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import quote
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext as _

from accounts.models import Account
from garage.access import current_memberships
from garage.driving_access import own_driving
from garage.missing_trips import reasons_of
from garage.portrait import portrait
from garage.rules.membership import Right
from garage.rules.trips import EARLIEST_YEAR
from portal.templatetags.frame import day_in_words, money
from subscriptions.diagnosing import case_of
from subscriptions.models import Refund
from subscriptions.not_working_words import show

# As much as the search for dealers takes.
LONGEST_TYPED = 60


@dataclass(frozen=True, kw_only=True)
class Prefilled:
    subject: str
    body: str
    # Whether it names a reference that can be said on the telephone as well.
    has_reference: bool = False

    def mailto(self, address: str) -> str:
        return f"mailto:{address}?subject={quote(self.subject)}&body={quote(self.body)}"


def about_refund(account: Account, asked: str) -> Prefilled | None:
    """Of the account's own refund, by its public id; None for what is none of theirs (law 11)."""
    try:
        public_id = UUID(asked)
    except ValueError:
        return None
    own = Refund.objects.filter(account=account, public_id=public_id)
    refund = own.select_related("payment__card", "payment__subscription__package", "account").first()
    return _about(refund) if refund else None


def about_dealer(account: Account, typed: str) -> Prefilled:
    """A4: whoever did not find their dealer asks under Service and Maintenance, with what was looked for."""
    plain = " ".join(typed.split())[:LONGEST_TYPED]
    facts = {"category": _("Service and Maintenance"), "typed": plain, "name": account.name}
    subject = _("%(category)s: my dealer is not in the list") % facts
    if facts["typed"]:
        body = _("I looked for “%(typed)s” and did not find my dealer.\n\nIts name and town:\n\n%(name)s")
    else:
        body = _("I did not find my dealer.\n\nIts name and town:\n\n%(name)s")
    return Prefilled(subject=" ".join(subject.split()), body=body % facts)


def about_trip(account: Account, car: str, on: str, *, now: datetime) -> Prefilled | None:
    """T4: of a day of the account's own driving, with what was found; None for a car or day that is none of theirs."""
    try:
        driving, day = own_driving(account, UUID(car)), date.fromisoformat(on)
    except (ValueError, Http404):
        return None
    if not driving.may_be_seen or not EARLIEST_YEAR <= day.year <= now.year + 1:
        return None
    found = reasons_of(driving, day, now=now)
    facts = {
        "day": day_in_words(day),
        "car": driving.link.vehicle.model,
        "found": "\n".join(f"{group.title}: {', '.join(one.title for one in group.reasons)}" for group in found),
        "name": account.name,
        "reference": str(driving.link.public_id),
    }
    subject = _("A trip of %(day)s with my %(car)s is missing or wrong") % facts
    body = _(
        "When, from where to where, and what is wrong:\n\n\nWhat the portal says of that day:\n%(found)s\n\n%(name)s\n"
        "Reference: %(reference)s"
    )
    return Prefilled(subject=subject, body=body % facts, has_reference=True)


def about_package(account: Account, asked: str, package_code: str, *, now: datetime) -> Prefilled | None:
    """What does not work in one of the account's cars, with what was found; None for what is none of theirs (G11)."""
    try:
        membership = current_memberships(account).filter(public_id=UUID(asked)).first()
    except ValueError:
        return None
    if membership is None or not membership.may(Right.SERVICE_STATE):
        return None
    case = case_of(membership, package_code, now=now)
    if case is None:
        return None
    facts = {"package": case.package.name, "car": portrait(membership).identity, "name": account.name}
    found = [case.failing] if case.failing else case.diagnosis.possible
    checks = "\n".join(f"- {shown.name}: {shown.sentence}" for shown in (show(one, case) for one in found))
    body = _("%(package)s does not work in my car %(car)s.\n\nThis happens:\n\n%(name)s") % facts
    if checks:
        body = f"{body}\n\n{_('What the portal has found:')}\n{checks}"
    return Prefilled(subject=_("%(package)s does not work, %(car)s") % facts, body=body)


def _about(refund: Refund) -> Prefilled:
    contract = refund.payment.subscription.contract
    facts = {
        "amount": money(refund.amount, refund.currency),
        "package": refund.payment.subscription.package.name,
        "contract": contract.number,
        "last4": refund.payment.card.last4,
        "day": day_in_words(refund.expected_on),
        "name": refund.account.name,
        "reference": str(refund.public_id),
    }
    subject = _("Refund of %(amount)s, contract %(contract)s") % facts
    body = _(
        "My refund of %(amount)s for %(package)s (contract %(contract)s) was to reach my card ending in %(last4)s "
        "by %(day)s. It is not there.\n\n%(name)s\nReference: %(reference)s"
    )
    return Prefilled(subject=subject, body=body % facts, has_reference=True)
