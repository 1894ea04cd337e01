"""What waits of cases and articles, for the desk's home page (K4, H4)."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.desk.home import Waiting, figure, waits
from support.models import ArticleDraft, Case, FailedSearch

SHOWN_DAYS = 7


@waits("support.view_case")
def waiting_cases(user: Any, now: datetime) -> Iterator[Waiting]:
    rows = Case.objects.filter(due_at__isnull=False)
    if not user.has_perm("support.view_every_case"):
        rows = rows.filter(category__is_billing=True)
    found = rows.aggregate(
        count=Count("pk"),
        oldest=Min("waiting_since"),
        mine=Count("pk", filter=Q(owner=user.pk)),
        nobodys=Count("pk", filter=Q(owner__isnull=True)),
        late=Count("pk", filter=Q(due_at__lt=now)),
    )
    listed = f"{reverse('admin:support_case_changelist')}?state=waiting"
    title = _("Cases, %(late)d of them late") % {"late": found["late"]} if found["late"] else _("Cases")
    yield Waiting(
        title=title,
        count=found["count"],
        oldest_at=found["oldest"],
        url=listed,
        mine=found["mine"],
        nobodys=found["nobodys"],
    )


@waits("support.view_failedsearch")
def failed_searches(user: Any, now: datetime) -> Iterator[Waiting]:
    """Of the last days: what readers asked and no article answered."""
    count = FailedSearch.objects.filter(last_on__gt=(now - timedelta(days=SHOWN_DAYS)).date()).count()
    yield Waiting(
        title=_("Searches of this week that found nothing"),
        count=count,
        oldest_at=None,
        url=reverse("admin:support_article_report"),
    )


@waits("support.change_articletext")
def drafts(user: Any, now: datetime) -> Iterator[Waiting]:
    found = ArticleDraft.objects.aggregate(count=Count("pk"), oldest=Min("saved_at"))
    listed = f"{reverse('admin:support_article_changelist')}?draft=yes"
    yield Waiting(title=_("Drafts of articles"), count=found["count"], oldest_at=found["oldest"], url=listed)


figure("case opened", _("Cases opened"), needs="support.view_case")
figure("case answered", _("Cases answered"), needs="support.view_case")
