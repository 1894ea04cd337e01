"""Tells whoever controls a car of each open recall, once (G8). It cannot be switched off: it is about safety."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from accounts.notices.kinds import tell
from garage.models import Membership, Recall, RecallDone
from garage.notices.maintenance import AT_A_TIME, active_memberships, told_before
from garage.notices.sharing import path_for
from portal.batches import all_or_each
from portal.texts import localized

KIND = "recall"


def tell_of_recalls(*, now: datetime) -> None:
    """Some hundreds of cars at a time: one that fails stops no other. A car that is sold tells its new account."""
    for recall in Recall.objects.filter(is_active=True).select_related("market").order_by("pk"):
        for links in _links_meant(recall):
            all_or_each(partial(_tell, recall=recall, now=now), links)


def _links_meant(recall: Recall) -> Iterator[list[Membership]]:
    is_meant = Q(vehicle__model__in=recall.for_models) | Q(vehicle__vin__in=recall.vins)
    done = RecallDone.objects.filter(recall=recall, vehicle=OuterRef("vehicle"))
    links = active_memberships().filter(is_meant, ~Exists(done), vehicle__market_code=recall.market.code)
    after = 0
    while some := list(links.filter(pk__gt=after)[:AT_A_TIME]):
        yield some
        after = some[-1].pk


@transaction.atomic
def _tell(links: Sequence[Membership], *, recall: Recall, now: datetime) -> None:
    told = told_before(KIND, links)
    for link in links:
        account, key = link.account, f"recall-{recall.pk}-{link.vehicle.public_id}"
        if (account.pk, key, recall.opened_on) in told:
            continue
        tell(
            account=account,
            kind=KIND,
            subject_key=key,
            event_on=recall.opened_on,
            now=now,
            vehicle_label=link.label,
            recall_code=recall.code,
            recall_name=localized(recall.names, account.language),
            recall_text=localized(recall.texts, account.language),
            url=path_for(account, "service", link.public_id),
        )
