"""What calls answer, in short."""

from itertools import count

from tests.oidc import PortalClient

_KEYS = count()


def keyed(client: PortalClient, path: str, body: dict | None = None, *, key: str = ""):
    """A POST with a key of its own, or with this one again."""
    headers = {"Idempotency-Key": key or f"key-of-a-test-{next(_KEYS)}"}
    return client.post(path, json=body or {}, headers=headers)


def refused(answer) -> tuple[int, str]:
    """Status and code of a no."""
    assert answer.headers["Content-Type"] == "application/problem+json"
    return answer.status_code, answer.json()["code"]
