"""Incidents and maintenance that a customer's services have now, or that are announced for the next days (C1)."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import QuerySet

from portal.models import Market
from portal.querying.rows_inside import with_rows
from portal.querying.written import Given, written
from subscriptions.models import Package, ServiceIncident
from subscriptions.rules.not_working import Work

# Maintenance further ahead than that says nothing about what does not work.
AHEAD = timedelta(days=14)


def incidents_of(market: Market, *, now: datetime) -> list[ServiceIncident]:
    """Going on or soon to come: what goes on first, then by when it began. One query."""
    rows = _near(market=market.pk, now=now, until=now + AHEAD)
    return sorted(rows, key=lambda row: not row.has_begun(now))


@written
def _near(*, market: Given, now: Given, until: Given) -> QuerySet[ServiceIncident]:
    rows = ServiceIncident.objects.in_market(market).not_over(now).filter(began_at__lte=until)
    return with_rows(rows.order_by("began_at", "pk"), "packages", "services")


def incident_of(package: Package, incidents: Iterable[ServiceIncident]) -> ServiceIncident | None:
    """The first that concerns the package."""
    return next((row for row in incidents if row.concerns(package)), None)


def work_of(incident: ServiceIncident | None, *, now: datetime) -> Work:
    if incident is None:
        return Work.NONE
    if not incident.has_begun(now):
        return Work.ANNOUNCED
    return Work.MAINTENANCE if incident.is_maintenance else Work.INCIDENT
