"""Cars of the demo: a minute after they are asked to switch a package they have done it (C1). Nobody's in production,
where the brand's vehicle backend answers (docs/api.md)."""

from datetime import datetime, timedelta

from garage.rules.said import MOST_AT_ONCE
from subscriptions.actions.provision import take_provisioning_reports
from subscriptions.models import Provisioning
from subscriptions.rules.provisioning import State
from subscriptions.rules.provisioning_reports import Report

THINKS_FOR = timedelta(minutes=1)


def answer_for_cars(*, now: datetime) -> int:
    """How many have done it."""
    asked = Provisioning.objects.asked().filter(asked_at__lte=now - THINKS_FOR)
    ids = list(asked.values_list("public_id", flat=True)[:MOST_AT_ONCE])
    reports = {index: Report(order=order, state=State.DONE, at=now) for index, order in enumerate(ids)}
    return take_provisioning_reports(reports=reports, now=now).kept
