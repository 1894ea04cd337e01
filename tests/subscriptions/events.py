"""How tests hand the provider's events to the portal, signed as the provider signs them."""

from django.urls import reverse

from tests import make

SECRET = "the secret of this test, long enough"


def post(client, event, *, secret=SECRET, at=make.NOW, body=None):
    """The answer of the portal to an event; `body` in the place of what was signed."""
    headers = event.headers(secret=secret, at=at)
    return client.post(
        reverse("payment_events"),
        data=event.body if body is None else body,
        content_type=headers.pop("Content-Type"),
        headers=headers,
    )
