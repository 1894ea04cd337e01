"""What waits of money and services, for the desk's home page (K4)."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.desk.home import Waiting, figure, waits
from subscriptions.admin import words
from subscriptions.models import WorkItem

SEES_MONEY = "subscriptions.view_payment"


@waits("subscriptions.view_workitem")
def open_work(user: Any, now: datetime) -> Iterator[Waiting]:
    """Each kind by itself: rejected refunds, payments unknown for a day, disputes, what the nightly checks found."""
    rows = WorkItem.objects.filter(closed_at__isnull=True).order_by().values("kind")
    listed = reverse("admin:subscriptions_workitem_changelist")
    for row in rows.annotate(
        count=Count("pk"),
        oldest=Min("opened_at"),
        mine=Count("pk", filter=Q(owner=user.pk)),
        nobodys=Count("pk", filter=Q(owner__isnull=True)),
    ):
        yield Waiting(
            title=words.WORK_KINDS.get(row["kind"], row["kind"]),
            count=row["count"],
            oldest_at=row["oldest"],
            url=f"{listed}?state=open&kind={row['kind']}",
            mine=row["mine"],
            nobodys=row["nobodys"],
        )


figure("subscribed", _("Orders"), needs="subscriptions.view_subscription")
figure("charged", _("Charges"), needs=SEES_MONEY)
figure("declined", _("Declined charges"), needs=SEES_MONEY)
figure("refunded", _("Refunds"), needs=SEES_MONEY)
