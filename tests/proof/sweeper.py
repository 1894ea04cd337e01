"""A process of its own that tells what is coming: `python -m tests.proof.sweeper ORDERS`.

ORDERS is a JSON object: `database` (Django's settings of the connection), `now`, and `batch` (subscriptions in one
transaction).
"""

import json
import sys
from datetime import datetime
from typing import Any

import django
from django.conf import settings


def main(orders: dict[str, Any]) -> None:
    settings.DATABASES["default"].update(orders["database"])
    django.setup()
    from portal import outbox
    from portal.models import Market
    from subscriptions.actions import run, warn

    warn.BATCH = orders["batch"]
    # Nobody works here: the mails are counted in the outbox.
    with outbox.asleep():
        run.tell_what_is_coming(market=Market.objects.get(), now=datetime.fromisoformat(orders["now"]))


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
