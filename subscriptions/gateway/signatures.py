"""Signatures of webhooks: `t=<seconds>,v1=<HMAC-SHA256 of "t.body" in hex>`, the scheme that providers share."""

import hashlib
import hmac
from collections.abc import Iterable, Sequence

# How old, or how far ahead of our clock, a signature may be.
TOLERANCE_SECONDS = 300
# A header that names more is an attempt to make us compute.
MOST_SIGNATURES = 10


def sign(body: bytes, *, secret: str, at: int) -> str:
    """The header's value for a body sent at `at` (seconds since 1970)."""
    return f"t={at},v1={_digest(body, secret=secret, at=str(at))}"


def is_signed(header: str, body: bytes, *, secrets: Iterable[str], at: float) -> bool:
    """Whether one of the secrets signed the body within the tolerance around `at`. Empty secrets sign nothing."""
    signed_at, signatures = _read(header)
    if not signed_at or abs(at - int(signed_at)) > TOLERANCE_SECONDS:
        return False
    wanted = [_digest(body, secret=secret, at=signed_at).encode() for secret in secrets if secret]
    # All of them, and each in constant time: how long it takes tells nothing of what would have been right.
    return any([hmac.compare_digest(each, signature) for each in wanted for signature in signatures])  # noqa: C419


def _read(header: str) -> tuple[str, Sequence[bytes]]:
    """The moment as it was written, "" if there is none that can be one, and the signatures."""
    parts = [part.strip().partition("=") for part in header.split(",", MOST_SIGNATURES + 1)[: MOST_SIGNATURES + 1]]
    moments = [value for name, _, value in parts if name == "t"]
    signatures = [value.encode("utf-8", "replace") for name, _, value in parts if name == "v1"]
    is_moment = len(moments) == 1 and moments[0].isascii() and moments[0].isdigit() and len(moments[0]) <= 12
    return (moments[0] if is_moment else ""), signatures


def _digest(body: bytes, *, secret: str, at: str) -> str:
    return hmac.new(secret.encode(), at.encode() + b"." + body, hashlib.sha256).hexdigest()
