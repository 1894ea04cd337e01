"""The code that a head unit shows (RFC 8628): what waits behind it, and the owner's answer.

allauth keeps codes in the cache that all processes share; its own page shows neither car nor scopes, so ours reads the
same places by the same names.
"""

import time
from dataclasses import dataclass
from typing import Any

from allauth.core.internal.cryptokit import normalize_user_code
from allauth.idp.oidc.internal.oauthlib import device_codes
from allauth.idp.oidc.models import Client
from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from accounts.identity.answers import keep_yes
from accounts.models import Account
from portal.card_numbers import contains_card_number
from portal.refusals import Refusal

LONGEST_LABEL = 60
# Half of the code stands before the dash.
HALF = 4


@dataclass(frozen=True)
class CarCode:
    """A code that waits for an answer."""

    code: str
    device_code: str
    client: Client
    # As the head unit calls itself; nobody has checked it.
    label: str
    scopes: list[str]


def find_car_code(typed: str) -> CarCode:
    """What waits behind the code, however it is spaced. Raises `Refusal` car_code_unknown, car_code_answered."""
    code = tidy_code(typed)
    device_code = cache.get(device_codes.cache_user_code_key(code))
    if device_code is None:
        raise _unknown()
    data = _data_of(device_code)
    if data is None or data["granted"] is not None:
        raise _answered()
    client = Client.objects.filter(pk=data["client_id"]).first()
    if client is None:
        raise _unknown()
    return CarCode(code, device_code, client, data.get("label", ""), data["scope"])


def answer_car_code(waiting: CarCode, *, account: Account, is_confirmed: bool) -> None:
    """The owner's answer, once: of two at the same moment one is refused. Raises `Refusal` car_code_answered."""
    is_first = cache.add(f"car-code-answered:{waiting.device_code}", 1, timeout=3600)
    if is_first and is_confirmed:
        keep_yes(waiting.device_code, account=account)
    if not is_first or not device_codes.confirm_or_deny_device_code(account, waiting.device_code, confirm=is_confirmed):
        raise _answered()


def name_car_code(device_code: str, *, label: str) -> None:
    """Keeps with the code what the head unit calls itself."""
    data = _data_of(device_code)
    if data is not None:
        device_codes.update_device_state(device_code, data | {"label": label})


def label_of(device_code: str, *, client_id: str) -> str:
    data = _data_of(device_code) or {}
    return data.get("label", "") if data.get("client_id") == client_id else ""


def tidy_code(typed: str) -> str:
    """As it is shown: capital letters and one dash."""
    plain = normalize_user_code(typed).upper()
    return f"{plain[:HALF]}-{plain[HALF:]}"


def tidy_label(given: str) -> str | None:
    """One line of at most 60 characters that can be printed, and no card number; None for anything else."""
    label = " ".join(given.split())
    is_good = len(label) <= LONGEST_LABEL and label.isprintable() and not contains_card_number(label)
    return label if is_good else None


def _data_of(device_code: str) -> dict[str, Any] | None:
    data: dict[str, Any] | None = cache.get(device_codes.cache_device_code_key(device_code))
    # A cache may keep a row a moment longer than it is good.
    return data if data and data["expires_at"] > time.time() else None


def _unknown() -> Refusal:
    return Refusal(
        "car_code_unknown",
        _("This code is not known, or its ten minutes are over. Compare it with the screen, or ask for a new one."),
    )


def _answered() -> Refusal:
    return Refusal(
        "car_code_answered", _("This code has been answered already. If the car still waits, ask it for a new code.")
    )
