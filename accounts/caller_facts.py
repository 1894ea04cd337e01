"""What a caller may be asked for (K7): each app brings the facts that it knows of an account.

A fact gives the answers that count as right; none where it is not known. No page ever shows them.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from accounts.rules.caller import Known

Answers = Callable[[Account], Collection[str]]


@dataclass(frozen=True, kw_only=True)
class Fact:
    name: str
    question: str | Promise
    is_in_mails: bool
    answers: Answers
    # Of an account whose address was never confirmed there is nothing but what was typed at sign-up.
    is_of_new: bool = False


FACTS: dict[str, Fact] = {}


def register(*facts: Fact) -> None:
    FACTS.update({fact.name: fact for fact in facts})


def known_of(account: Account, *, is_new: bool) -> dict[str, Collection[str]]:
    """By name the answers that count as right, of what is known."""
    found = {fact.name: fact.answers(account) for fact in FACTS.values() if fact.is_of_new is is_new}
    return {name: answers for name, answers in found.items() if answers}


def as_known(names: Collection[str]) -> list[Known]:
    return [Known(name=name, is_in_mails=FACTS[name].is_in_mails) for name in names]


def _digits_at_end(telephone: str) -> list[str]:
    digits = "".join(sign for sign in telephone if sign.isdigit())
    return [digits[-4:]] if len(digits) >= 6 else []


def _postcode(account: Account) -> list[str]:
    profile = getattr(account, "billing_profile", None)
    return [profile.postcode] if profile and profile.postcode else []


def _dealer(account: Account) -> list[str]:
    dealer = account.preferred_dealer
    return [dealer.name, *dealer.town.names.values()] if dealer else []


def _name_at_sign_up(account: Account) -> list[str]:
    both = bool(account.first_name and account.last_name)
    return [f"{account.first_name} {account.last_name}", f"{account.last_name} {account.first_name}"] if both else []


def _day_of_sign_up(account: Account) -> list[str]:
    on = account.market.local_date(account.created_at)
    return [f"{on.day}.{on.month}", f"{on.day:02}.{on.month:02}"]


register(
    Fact(
        name="telephone",
        question=_("The last four digits of the telephone number in the profile"),
        is_in_mails=False,
        answers=lambda account: _digits_at_end(account.phone),
    ),
    Fact(
        name="preferred_dealer",
        question=_("The preferred dealer: name or town"),
        is_in_mails=True,
        answers=_dealer,
    ),
    Fact(name="postcode", question=_("The postcode of the billing address"), is_in_mails=True, answers=_postcode),
    Fact(
        name="name_at_sign_up",
        question=_("First and last name, as typed at sign-up"),
        is_in_mails=False,
        answers=_name_at_sign_up,
        is_of_new=True,
    ),
    Fact(
        name="day_of_sign_up",
        question=_("The day of sign-up (day and month)"),
        is_in_mails=False,
        answers=_day_of_sign_up,
        is_of_new=True,
    ),
)
