"""Staff write down an incident or maintenance, and change what is written; every state of it is in the audit trail."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from accounts.models import Account
from portal import audit
from portal.models import Market
from subscriptions.models import Package, Service, ServiceIncident


@transaction.atomic
def write_incident(
    *,
    incident: ServiceIncident | None,
    kind: str,
    titles: dict[str, str],
    texts: dict[str, str],
    began_at: datetime,
    ends_at: datetime | None,
    packages: Collection[Package],
    services: Collection[Service],
    markets: Collection[Market],
    now: datetime,
    by: Account | None,
) -> ServiceIncident:
    """Keeps a new one for None. Customers see it at once. One that ends before it begins is an `IntegrityError`."""
    row = ServiceIncident.objects.select_for_update().get(pk=incident.pk) if incident else ServiceIncident()
    row.kind, row.titles, row.texts, row.began_at, row.ends_at = kind, titles, texts, began_at, ends_at
    row.save()
    row.packages.set(packages)
    row.services.set(services)
    row.markets.set(markets)
    audit.record(
        "incident changed" if incident else "incident written",
        account=None,
        by=by,
        now=now,
        subject=row,
        kind=kind,
        titles=titles,
        texts=texts,
        began_at=began_at,
        ends_at=ends_at,
        packages=sorted(package.code for package in packages),
        services=sorted(service.code for service in services),
        markets=sorted(market.code for market in markets),
    )
    return row
