"""Whether a webhook is the portal's: for receivers, as /developers/webhooks/ shows it. Python's own library alone."""

import base64
import hmac
import time
from collections.abc import Mapping


def is_genuine(headers: Mapping[str, str], body: bytes, secret: str) -> bool:
    """`headers` with small names; `body` as it came, before it is read as JSON; `secret` begins with whsec_."""
    moment = headers["webhook-timestamp"]
    if abs(time.time() - int(moment)) > 300:
        return False
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{moment}.".encode() + body
    expected = b"v1," + base64.b64encode(hmac.digest(key, signed, "sha256"))
    # Two while one secret takes the place of the other.
    given = headers["webhook-signature"].encode().split()
    return any(hmac.compare_digest(each, expected) for each in given)
