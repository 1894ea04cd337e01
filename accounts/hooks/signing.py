"""Secrets and signatures by Standard Webhooks (https://www.standardwebhooks.com): HMAC-SHA256, version 1.

A secret is derived from the deployment's own key, the endpoint and its generation: it stands in no row, no dump and no
page, and is shown by one command.
"""

import hashlib
import hmac
from base64 import b64encode
from collections.abc import Iterable
from datetime import datetime

from django.conf import settings

from accounts.models import HookEndpoint
from accounts.rules.hooks import signing_generations

SHOWN_AS = "whsec_"


def secret_of(endpoint: HookEndpoint, generation: int) -> bytes:
    about = f"webhook:{endpoint.public_id}:{generation}"
    return hmac.digest(settings.HOOK_SIGNING_KEY.encode(), about.encode(), hashlib.sha256)


def shown(secret: bytes) -> str:
    """As libraries of Standard Webhooks take it."""
    return SHOWN_AS + b64encode(secret).decode()


def headers_of(endpoint: HookEndpoint, *, event_id: str, body: bytes, now: datetime) -> dict[str, str]:
    """`webhook-id` is the event's at every try, so that the receiver knows what it has had; the time is that of now."""
    moment = str(int(now.timestamp()))
    secrets = [
        secret_of(endpoint, each)
        for each in signing_generations(generation=endpoint.generation, rotated_at=endpoint.rotated_at, now=now)
    ]
    signature = _signatures(secrets, f"{event_id}.{moment}.".encode() + body)
    return {"webhook-id": event_id, "webhook-timestamp": moment, "webhook-signature": signature}


def _signatures(secrets: Iterable[bytes], signed: bytes) -> str:
    return " ".join("v1," + b64encode(hmac.digest(secret, signed, hashlib.sha256)).decode() for secret in secrets)
