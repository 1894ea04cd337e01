"""The code that a customer shows to a dealer, and the ten minutes at the car that it opens (K1)."""

from dataclasses import dataclass
from datetime import datetime
from secrets import choice

from django.db import transaction
from django.db.models import QuerySet
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from garage.models import DealerAccess, DealerCode, DealerSystem, Membership, WorkshopStaff
from garage.notices.dealer import tell_dealer_acted
from garage.rules import dealer_desk as rules
from garage.rules import pairing
from garage.rules.dealer_desk import Paper
from portal import audit
from portal.hourly_limit import take_turn
from portal.refusals import Refusal

OVER = _("The ten minutes are over. Ask the customer for a new code.")
NOT_LINKED = _("This car is not in your garage any more.")


@dataclass(frozen=True, kw_only=True)
class IssuedDealerCode:
    """In its groups, and until when it is good. It is shown this once."""

    code: str
    expires_at: datetime


def issue_dealer_code(*, membership: Membership, now: datetime, by: Account) -> IssuedDealerCode:
    """Good for ten minutes and once; the one before it is not good any more. Raises `Refusal`: no_vehicle, too_many."""
    if not take_turn("dealer-codes", str(membership.account_id), most=rules.CODES_AN_HOUR, now=now):
        raise Refusal("too_many", _("You made many codes. Please try again in an hour."))
    code = "".join(choice(pairing.ALPHABET) for _place in range(rules.CODE_LENGTH))
    with transaction.atomic():
        link = Membership.objects.current().select_for_update(no_key=True).filter(pk=membership.pk).first()
        if link is None:
            raise Refusal("no_vehicle", NOT_LINKED)
        _open_codes(link).update(replaced_at=now)
        made = DealerCode.objects.create(
            membership=link, digest=_digest(code), issued_at=now, expires_at=now + rules.CODE_LIFETIME
        )
        audit.record("dealer code issued", account=by, by=by, now=now, subject=made)
    return IssuedDealerCode(code=pairing.grouped(code), expires_at=made.expires_at)


def open_dealer_access(*, code: str, now: datetime, by: Account, system: DealerSystem | None = None) -> DealerAccess:
    """By a member of a dealer's staff who typed what the customer showed; the customer is told at once.

    `system` is the dealer's own, through which they work; None: the desk.

    Raises `Refusal`: not_at_a_dealer, own_car, too_many, code_unknown (never there, replaced, used or too old alike).
    """
    place = WorkshopStaff.objects.select_related("workshop__dealer").filter(account=by).first()
    if place is None:
        raise Refusal("not_at_a_dealer", _("Your account does not work at a dealer."))
    if not take_turn("dealer-code-tries", str(by.pk), most=rules.TRIES_AN_HOUR, now=now):
        raise Refusal("too_many", _("Too many codes were typed. Please try again in an hour."))
    with transaction.atomic():
        found = DealerCode.objects.select_for_update().filter(digest=_digest(rules.clean(code)))
        held = found.filter(replaced_at__isnull=True, used_at__isnull=True, expires_at__gt=now).first()
        link = _current(held) if held else None
        if held is None or link is None:
            raise Refusal("code_unknown", _("This code is not valid. Ask the customer for a new one."))
        if link.account_id == by.pk:
            raise Refusal("own_car", _("This is your own car. Ask a colleague."))
        held.used_at = now
        held.save(update_fields=["used_at"])
        access = DealerAccess.objects.create(
            membership=link,
            code=held,
            workshop=place.workshop,
            staff=by,
            system=system,
            begun_at=now,
            until=now + rules.ACCESS_LIFETIME,
        )
        dealer = place.workshop.dealer.name
        audit.record("dealer access begun", account=link.account, by=by, now=now, subject=access, dealer=dealer)
        tell_dealer_acted(access, change="begun", now=now)
        return access


@transaction.atomic
def note_identity(*, access: DealerAccess, paper: Paper, note: str, now: datetime, by: Account) -> DealerAccess:
    """V3: which paper was seen, not its number. Raises `Refusal` access_over."""
    current = held_access(access, now=now, by=by)
    current.paper, current.seen_at, current.note = paper, now, note
    current.save(update_fields=["paper", "seen_at", "note"])
    audit.record(
        "identity seen", account=current.membership.account, by=by, now=now, subject=current, paper=paper, reason=note
    )
    return current


@transaction.atomic
def end_dealer_access(*, access: DealerAccess, now: datetime, by: Account) -> None:
    """By the dealer or the customer. One that is over stays as it is."""
    current = DealerAccess.objects.select_for_update(no_key=True, of=["self"]).get(pk=access.pk)
    if current.holds(now):
        current.ended_at = now
        current.save(update_fields=["ended_at"])
        account = current.membership.account
        audit.record("dealer access ended", account=account, by=by, now=now, subject=current)


def held_access(access: DealerAccess, *, now: datetime, by: Account, is_identity_seen: bool = False) -> DealerAccess:
    """Asked anew in each transaction that does something by it. Raises `Refusal`: access_over, identity_not_seen."""
    rows = DealerAccess.objects.holding(now).select_related(
        "membership__account__market", "membership__vehicle", "workshop__dealer"
    )
    works_there = WorkshopStaff.objects.filter(account=by, workshop=access.workshop_id)
    current = rows.filter(pk=access.pk, staff=by, membership__ended_at__isnull=True).first()
    if current is None or not works_there.exists():
        raise Refusal("access_over", OVER)
    if is_identity_seen and not current.paper:
        raise Refusal("identity_not_seen", _("Note first which paper you have seen."))
    return current


def note_act(access: DealerAccess, *, what: str, now: datetime, by: Account, **facts: object) -> None:
    """Beside the record of the act itself: that a dealer did it, in which ten minutes."""
    account = access.membership.account
    audit.record("dealer acted", account=account, by=by, now=now, subject=access, act=what, **facts)


def _open_codes(link: Membership) -> QuerySet[DealerCode]:
    return link.dealer_codes.filter(replaced_at__isnull=True, used_at__isnull=True)


def _current(code: DealerCode) -> Membership | None:
    rows = Membership.objects.current().select_related("account__market", "vehicle")
    return rows.filter(pk=code.membership_id, account__is_active=True).first()


def _digest(code: str) -> str:
    """Keyed: nobody who reads the table can try codes out."""
    return salted_hmac("garage.dealer-code", code, algorithm="sha256").hexdigest()
