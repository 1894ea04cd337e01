"""What the garage knows of a caller (K7)."""

from django.utils.translation import gettext_lazy as _

from accounts.caller_facts import Fact, register
from accounts.models import Account
from garage.models import Membership

PLATE_END = 2


def register_facts() -> None:
    register(
        Fact(name="nickname", question=_("The nickname of a car"), is_in_mails=False, answers=_nicknames),
        Fact(
            name="plate_end",
            question=_("The last two characters of the registration plate"),
            is_in_mails=True,
            answers=_plate_ends,
        ),
    )


def _nicknames(account: Account) -> list[str]:
    named = Membership.objects.current().filter(account=account).exclude(nickname="")
    return list(named.values_list("nickname", flat=True))


def _plate_ends(account: Account) -> list[str]:
    active = Membership.objects.current().filter(account=account, is_active=True).exclude(vehicle__plate="")
    return [plate[-PLATE_END:] for plate in active.values_list("vehicle__plate", flat=True)]
