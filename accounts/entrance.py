"""What the frame of every page asks of its account, read together with it, where each page would ask for it anew.

It is as it was when the request began. So only those go by it that ask before anything is changed, or where nothing is:
whoever changes it and shows a page all the same calls `forget`, and a form that was sent is not answered by it at all.
"""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest

from accounts.models import Account, Notice, TermsAcceptance, TermsVersion
from accounts.rules.entrance import AtEntrance, published
from accounts.undelivered import refusals
from portal.querying.counting import number_of
from portal.querying.written import Given, written


def read_for_a_page(user_id: int) -> Account | None:
    """With the market and what every page shows of it, in one query; texts of law have a page of their own."""
    for account in _accounts(pk=user_id):
        account.at_entrance = AtEntrance(
            terms=published(account.terms_moments, account.accepted_moments),
            has_ever_accepted=account.has_ever_accepted,
            unread_notices=account.unread_number,
            is_address_refused=account.is_address_refused,
        )
        return account
    return None


@written
def _accounts(*, pk: Given) -> QuerySet[Any]:
    accounts = Account.objects.filter(pk=pk).select_related("market__brand", "market__legal_entity")
    terms = TermsVersion.objects.published().filter(market=OuterRef("market"))
    acceptances = TermsAcceptance.objects.filter(account=OuterRef("pk"))
    accepted = acceptances.filter(version__market=OuterRef("market"))
    unread = Notice.objects.filter(account=OuterRef("pk"), read_at__isnull=True)
    return accounts.defer("market__legal_texts").annotate(
        terms_moments=ArraySubquery(terms.values("effective_at")),
        accepted_moments=ArraySubquery(accepted.values("version__effective_at")),
        has_ever_accepted=Exists(acceptances),
        unread_number=number_of(unread, same="account"),
        is_address_refused=Exists(refusals(OuterRef("email"))),
    )


def shown_at_entrance(request: HttpRequest, account: Account) -> AtEntrance | None:
    """What the page may still show of it; None where it has to ask anew."""
    return account.at_entrance if request.method in ("GET", "HEAD") else None


def forget(account: Account) -> None:
    """After a change that the page shows already."""
    account.at_entrance = None
