"""What was shown is what is done (X10): the figures of a page travel with its form, signed, and are compared."""

from dataclasses import asdict
from typing import Any

from django.core import signing
from django.utils.translation import gettext_lazy as _

from portal.refusals import Refusal

SALT = "shown"


def seal(shown: Any) -> str:
    """A frozen dataclass of a quote as a signed text for a hidden field."""
    return signing.dumps(plain(shown), salt=SALT)


def is_what_was_shown(sealed: str, current: Any) -> bool:
    """Whether the form confirms just these figures; a forged or missing seal confirms nothing."""
    try:
        return bool(signing.loads(sealed, salt=SALT) == plain(current))
    except signing.BadSignature:
        return False


def check_shown(sealed: str, current: Any) -> None:
    """X10, where there is no page to show again. Raises `Refusal` quote_changed."""
    if not is_what_was_shown(sealed, current):
        raise Refusal("quote_changed", _("Something has changed since this page was made. Please look again."))


def plain(quote: Any) -> dict[str, str]:
    """A quote's figures as texts, to be signed, kept and compared."""
    return {"quote": type(quote).__name__, **{key: str(value) for key, value in asdict(quote).items()}}
