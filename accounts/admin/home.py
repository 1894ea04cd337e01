"""What waits of accounts, for the desk's home page (K4)."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Count, Min
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import UndeliveredMail
from portal.desk.home import Waiting, figure, waits
from portal.models import OutboxMessage


@waits("accounts.view_undeliveredmail")
def bounced_mail(user: Any, now: datetime) -> Iterator[Waiting]:
    rows = UndeliveredMail.objects.filter(reached_at__isnull=True, dropped_at__isnull=True)
    found = rows.aggregate(count=Count("pk"), oldest=Min("failed_at"))
    listed = reverse("admin:accounts_undeliveredmail_changelist")
    yield Waiting(title=_("Mail that bounced"), count=found["count"], oldest_at=found["oldest"], url=listed)


@waits("portal.view_outboxmessage")
def failed_jobs(user: Any, now: datetime) -> Iterator[Waiting]:
    """Given up after twelve tries, whatever they were to do."""
    found = OutboxMessage.objects.filter(parked_at__isnull=False).aggregate(count=Count("pk"), oldest=Min("parked_at"))
    listed = f"{reverse('admin:portal_outboxmessage_changelist')}?parked_at__isempty=0"
    yield Waiting(title=_("Jobs that failed"), count=found["count"], oldest_at=found["oldest"], url=listed)


figure("registered", _("New accounts"), needs="accounts.view_account")
