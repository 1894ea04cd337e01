"""A process of its own that reports faults: what would leave it, one JSON object a line.

The library takes hold of Django and Celery for good, so no test lets it into its own process.
"""

import json
from unittest import mock

import django

django.setup()

import sentry_sdk  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.test import RequestFactory  # noqa: E402
from sentry_sdk.transport import Transport  # noqa: E402

from portal.operating import reporting  # noqa: E402
from tests.operating.personal import CARD, EMAIL, PHONE, TOKEN, VIN  # noqa: E402


class Printed(Transport):
    def capture_envelope(self, envelope) -> None:
        for item in envelope.items:
            print(json.dumps(item.payload.json))


def fails(*_, **__):
    maria = EMAIL
    raise ValueError(f"{maria} has {VIN}, call {PHONE}, token={TOKEN}, pays with {CARD}")


reporting.start("https://key@errors.example/1", traces=1.0, mode="test", transport=Printed())
with mock.patch("portal.views.Brand.objects.filter", fails):
    sent = {"Referer": f"http://localhost/{VIN}", "Cookie": f"remembered={TOKEN}", "Host": "localhost"}
    asked = RequestFactory().get("/brand.css", {"q": EMAIL}, headers=sent)
    list(get_wsgi_application()(asked.environ, lambda *_: None))
sentry_sdk.flush()
