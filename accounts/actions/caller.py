"""Checking a caller (K7): the customer's code is made and typed, facts are asked for and answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from secrets import randbelow

from allauth.account.models import EmailAddress
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts import caller_facts
from accounts.models import Account, CallerCode, CallerTry
from accounts.notices.kinds import tell
from accounts.rules import caller as rules
from accounts.rules.caller import Way
from portal import audit
from portal.hourly_limit import take_turn
from portal.refusals import Refusal


@dataclass(frozen=True, kw_only=True)
class IssuedCallerCode:
    """It is shown this once."""

    code: str
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class Question:
    name: str
    words: str


def issue_caller_code(*, account: Account, now: datetime, by: Account) -> IssuedCallerCode:
    """Good for ten minutes and once; the one before it is not good any more. Raises `Refusal` too_many."""
    if not take_turn("caller-codes", str(account.pk), most=rules.CODES_AN_HOUR, now=now):
        raise Refusal("too_many", _("You have made many codes. Please try again in an hour."))
    code = f"{randbelow(10**rules.CODE_DIGITS):0{rules.CODE_DIGITS}}"
    with transaction.atomic():
        locked = _lock(account)
        expires_at = rules.code_expires_at(now)
        facts = {"digest": _digest(locked, code), "issued_at": now, "expires_at": expires_at, "used_at": None}
        CallerCode.objects.update_or_create(account=locked, defaults=facts)
        audit.record("caller code issued", account=locked, by=by, now=now)
    return IssuedCallerCode(code=code, expires_at=expires_at)


def check_caller_code(*, account: Account, code: str, now: datetime, by: Account) -> CallerTry:
    """A wrong one, or one that is over, is one of the day's three tries. Raises `Refusal`: own_account,
    staff_account, account_closed, no_more_tries."""
    with transaction.atomic():
        account = _lock_for_try(account, now=now, by=by)
        standing = CallerCode.objects.filter(account=account, used_at__isnull=True, expires_at__gt=now).first()
        is_right = standing is not None and constant_time_compare(standing.digest, _digest(account, code.strip()))
        if is_right:
            CallerCode.objects.filter(account=account).update(used_at=now)
        return _note(account, way=Way.CODE, has_passed=is_right, now=now, by=by)


def questions_for(account: Account, *, now: datetime, by: Account) -> list[Question]:
    """What the page asks now, the same however often it is loaded. Raises `Refusal` as `check_caller_facts`."""
    check_may_try(account, now=now, by=by)
    asked = _asked(account, now=now)
    if not asked:
        raise Refusal("too_little_known", _("Too little is known to ask for. The caller can show a code."))
    return [Question(name=each.name, words=str(caller_facts.FACTS[each.name].question)) for each in asked]


def check_caller_facts(*, account: Account, answers: Mapping[str, str], now: datetime, by: Account) -> CallerTry:
    """The answers to the questions of now, by name; which of them were right nobody learns.

    Raises `Refusal`: own_account, staff_account, account_closed, no_more_tries, too_little_known,
    and questions_changed where another agent has tried meanwhile.
    """
    with transaction.atomic():
        account = _lock_for_try(account, now=now, by=by)
        asked = _asked(account, now=now)
        if not asked or {each.name for each in asked} != answers.keys():
            raise Refusal("questions_changed", _("Somebody has tried meanwhile. Please ask these questions."))
        known = caller_facts.known_of(account, is_new=is_new(account))
        right = {each.name: rules.is_right(answers[each.name], known[each.name]) for each in asked}
        has_passed = rules.passes(asked, right)
        return _note(account, way=Way.FACTS, has_passed=has_passed, now=now, by=by, asked=sorted(right))


def verified_until(account: Account, *, now: datetime, by: Account) -> datetime | None:
    """Until when this agent has checked this customer; None if not, or not any more."""
    passed = CallerTry.objects.filter(account=account, by=by, failure__isnull=True).order_by("-at").first()
    until = rules.verified_until(passed.at) if passed else None
    return until if until and now < until else None


def check_verified(account: Account, *, now: datetime, by: Account) -> None:
    """Raises `Refusal`: own_account, staff_account, account_closed, not_verified."""
    _check_whom(account, by=by)
    if verified_until(account, now=now, by=by) is None:
        raise Refusal("not_verified", _("Check first that the caller is the customer."))


def check_may_try(account: Account, *, now: datetime, by: Account) -> None:
    """Raises `Refusal`: own_account, staff_account, account_closed, no_more_tries."""
    _check_whom(account, by=by)
    if not rules.has_tries_left(_failed_today(account, now=now)):
        raise Refusal("no_more_tries", _("Three checks of this customer have failed today. Tomorrow there are more."))


def is_new(account: Account) -> bool:
    """Whether its address was never confirmed: it can sign in nowhere (A1)."""
    return not EmailAddress.objects.filter(user=account, verified=True).exists()


# Within the caller's transaction


def _check_whom(account: Account, *, by: Account) -> None:
    if account.pk == by.pk:
        raise Refusal("own_account", _("Nobody checks themselves."))
    if account.is_staff:
        raise Refusal("staff_account", _("This is a colleague’s account: an administrator looks after it."))
    if not account.is_active:
        raise Refusal("account_closed", _("This account is closed."))


def _lock(account: Account) -> Account:
    return Account.objects.select_for_update(of=["self"], no_key=True).select_related("market").get(pk=account.pk)


def _lock_for_try(account: Account, *, now: datetime, by: Account) -> Account:
    """Under the account's lock tries are counted: exactly three, also of several agents at once."""
    locked = _lock(account)
    check_may_try(locked, now=now, by=by)
    return locked


def _failed_today(account: Account, *, now: datetime) -> int:
    return CallerTry.objects.filter(account=account, on=account.market.local_date(now), failure__isnull=False).count()


def _asked(account: Account, *, now: datetime) -> tuple[rules.Known, ...]:
    """By day and try in another order, which nobody foresees, and which stays until the try is made."""
    names = caller_facts.known_of(account, is_new=is_new(account)).keys()
    turn = f"{account.pk}:{account.market.local_date(now)}:{account.caller_tries.count()}"
    return rules.chosen(
        caller_facts.as_known(names), order=lambda name: salted_hmac("accounts.caller-facts", turn + name).hexdigest()
    )


def _note(
    account: Account, *, way: Way, has_passed: bool, now: datetime, by: Account, asked: list[str] | None = None
) -> CallerTry:
    failure = None if has_passed else _failed_today(account, now=now) + 1
    made = CallerTry.objects.create(
        account=account, by=by, at=now, on=account.market.local_date(now), way=way, asked=asked or [], failure=failure
    )
    what = "caller checked" if has_passed else "caller check failed"
    audit.record(what, account=account, by=by, now=now, way=way, asked=asked or [])
    if not has_passed and not is_new(account):
        _tell_failed(account, made, now=now)
    return made


def _tell_failed(account: Account, failed: CallerTry, *, now: datetime) -> None:
    with translation.override(account.language):
        url = reverse("security")
    tell(
        account=account,
        kind="caller_check_failed",
        subject_key=f"caller:{failed.pk}",
        event_on=failed.on,
        now=now,
        happened_at=now.isoformat(),
        url=url,
    )


def _digest(account: Account, code: str) -> str:
    """Keyed, and of this account: nobody who reads the table can try codes out."""
    return salted_hmac("accounts.caller-code", f"{account.pk}:{code}", algorithm="sha256").hexdigest()
