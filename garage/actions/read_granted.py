"""A third party reads what an owner has let it read, and each time is on record (D3)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404

from garage.data.granted_rows import granted_rows
from garage.data.own_rows import Place, Row
from garage.data.vehicle_data import Kind, find
from garage.models import DataAccess, DataGrant, ThirdParty
from garage.models.grant import DataGrantQuerySet


@dataclass(frozen=True, kw_only=True)
class Read:
    """`place` is where the rows end, if more follow."""

    kind: Kind
    rows: list[Row]
    place: Place | None


def granted_to(client_id: str, *, now: datetime) -> DataGrantQuerySet:
    """What the client may read by at the moment, in every market in which it is offered."""
    offered = Q(pk__in=[])
    for third_party in ThirdParty.objects.filter(client=client_id, is_active=True).select_related("market"):
        offered |= Q(third_party=third_party, ends_on__gte=third_party.market.local_date(now))
    return DataGrant.objects.running().filter(offered)


@transaction.atomic
def read_granted(
    *,
    client_id: str,
    grant_id: UUID,
    kind: str,
    since: datetime | None,
    after: Place | None,
    limit: int,
    now: datetime,
) -> Read:
    """The owner's own rows of the kind (D4), as far back as the grant goes. One transaction with its record.

    Raises Http404: nobody learns of a grant that is another's, has ended, or is of other kinds.
    """
    found = granted_to(client_id, now=now).select_related("account__market", "vehicle")
    grant, known = get_object_or_404(found, public_id=grant_id), find(kind)
    if known is None or not known.may_leave or kind not in grant.kinds:
        raise Http404
    rows, place = granted_rows(known, grant, now=now, since=since).page(after, limit=limit)
    DataAccess.objects.create(grant=grant, at=now, kinds=[kind], rows=len(rows))
    return Read(kind=known, rows=rows, place=place)
