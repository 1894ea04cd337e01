"""What waits of cars, for the desk's home page (K4): blocks, objections, a dealer's own bookings of today."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Min
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from garage.admin.workshop import of_their_dealer
from garage.models import AccessCheck, Booking, ControlTransfer
from garage.rules.control import State
from portal.desk.home import Waiting, waits


@waits("garage.change_accesscheck")
def blocked(user: Any, now: datetime) -> Iterator[Waiting]:
    found = AccessCheck.objects.filter(blocked_at__isnull=False).aggregate(count=Count("pk"), oldest=Min("blocked_at"))
    listed = f"{reverse('admin:garage_accesscheck_changelist')}?blocked_at__isempty=0"
    yield Waiting(title=_("Blocked proofs of access"), count=found["count"], oldest_at=found["oldest"], url=listed)


@waits("garage.change_controltransfer")
def objected(user: Any, now: datetime) -> Iterator[Waiting]:
    found = ControlTransfer.objects.filter(state=State.OBJECTED).aggregate(count=Count("pk"), oldest=Min("objected_at"))
    listed = f"{reverse('admin:garage_controltransfer_changelist')}?state={State.OBJECTED}"
    yield Waiting(title=_("Control that two want"), count=found["count"], oldest_at=found["oldest"], url=listed)


@waits("garage.change_booking")
def bookings_of_today(user: Any, now: datetime) -> Iterator[Waiting]:
    begins = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    rows = of_their_dealer(user, Booking.objects.all(), workshop="workshop")
    rows = rows.filter(period__startswith__gte=begins, period__startswith__lt=begins + timedelta(days=1))
    listed = f"{reverse('admin:garage_booking_changelist')}?day=today"
    yield Waiting(title=_("Bookings of today"), count=rows.count(), oldest_at=None, url=listed)
