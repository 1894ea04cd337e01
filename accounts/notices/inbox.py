"""The inbox: which notices it shows, in pages, the newest first (N1)."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from accounts.models import Account, Notice
from accounts.notices.kinds import KINDS
from portal.querying.counting import number_of
from portal.querying.written import Given, is_one_of, knowing, written

PAGE_SIZE = 20


def wanted_notices(account: Account, *, about: str = "", show: str = "") -> QuerySet[Notice]:
    """Those of a topic, those that are unread; without either all of them."""
    return _narrowed(account.notices.all(), **_conditions(about, show))


def page_of(account: Account, number: str | None, *, about: str = "", show: str = "") -> Page:
    """One query for the first page, which is nearly always the one that is asked for; one more for another. What is no
    number of a page is the first one."""
    newest = knowing(_newest(account=account.pk, **_conditions(about, show)), account=account)
    pages = Paginator(newest, PAGE_SIZE)
    pages.count = newest[0].in_all if newest else 0
    page = pages.get_page(number)
    if page.number > 1:
        pages.object_list = _in_order(wanted_notices(account, about=about, show=show))
        page = pages.page(page.number)
    return page


@written
def _newest(*, account: Given, **wanted: Given) -> QuerySet[Any]:
    """Each with how many there are `in_all`."""
    found = _narrowed(Notice.objects.filter(account=account), **wanted)
    return _in_order(found).annotate(in_all=number_of(found, same="account"))[:PAGE_SIZE]


def _conditions(about: str, show: str) -> dict[str, Any]:
    kinds = [name for name, kind in KINDS.items() if kind.topic == about]
    return ({"kinds": kinds} if about else {}) | ({"is_read": False} if show else {})


def _narrowed(told: QuerySet[Notice], **wanted: Given) -> QuerySet[Notice]:
    if "kinds" in wanted:
        told = told.filter(is_one_of("kind", wanted["kinds"]))
    return told.filter(read_at__isnull=True) if "is_read" in wanted else told


def _in_order(told: QuerySet[Notice]) -> QuerySet[Notice]:
    return told.order_by("-created_at", "-pk")
