"""The state of the services as everybody may see it: what goes on, what is announced, what is over (C1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.models import Market
from subscriptions.centre.incidents import incident_of, incidents_of, work_of
from subscriptions.centre.packages import is_sold, packages_of
from subscriptions.models import Package, ServiceIncident
from subscriptions.rules.not_working import Work

# What is over longer is of no use to who looks why something did not work.
SHOWN_FOR = timedelta(days=14)


@dataclass(frozen=True, kw_only=True)
class PackageStatus:
    package: Package
    work: Work

    @property
    def works(self) -> bool:
        return self.work in {Work.NONE, Work.ANNOUNCED}

    @property
    def is_in_maintenance(self) -> bool:
        return self.work is Work.MAINTENANCE


@dataclass(frozen=True, kw_only=True)
class Status:
    packages: list[PackageStatus]
    ongoing: list[ServiceIncident]
    announced: list[ServiceIncident]
    over: list[ServiceIncident]


def status_of(market: Market, *, now: datetime) -> Status:
    """A fixed number of queries."""
    current = incidents_of(market, now=now)
    over = ServiceIncident.objects.in_market(market).filter(ends_at__lte=now, ends_at__gt=now - SHOWN_FOR)
    return Status(
        packages=[
            PackageStatus(package=package, work=work_of(incident_of(package, current), now=now))
            for package in packages_of(market)
            if is_sold(package, market)
        ],
        ongoing=ongoing(current, now=now),
        announced=[row for row in current if not row.has_begun(now)],
        over=list(over.prefetch_related("packages", "services").order_by("-ends_at", "-pk")),
    )


def ongoing(incidents: Sequence[ServiceIncident], *, now: datetime) -> list[ServiceIncident]:
    return [row for row in incidents if row.has_begun(now)]
