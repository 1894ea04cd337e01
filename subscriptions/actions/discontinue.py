"""A package that the brand discontinues (S10): not sold any more, told of, ended on its day with a refund."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, QuerySet
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, Notice
from portal import audit
from portal.models import Market
from portal.querying.written import Given, written
from portal.refusals import Refusal
from subscriptions.actions.end import end_now, promise_as_quoted
from subscriptions.actions.whose import given, only
from subscriptions.models import Discontinuation, Package, Payment, Subscription
from subscriptions.models.subscription import SubscriptionQuerySet
from subscriptions.notices.telling import tell_discontinued, tell_stopped
from subscriptions.rules.discontinuing import earliest_end, foretell_discontinuation, quote_discontinuation
from subscriptions.rules.lifecycle import CONCLUDED, EndReason, PaymentStatus
from subscriptions.rules.refunds import NOTHING


def discontinue_package(
    *, package: Package, market: Market, ends_on: date, reason: str, now: datetime, by: Account
) -> Discontinuation:
    """From now on it is not sold in that market; `ends_on` is the first day without it, told sixty days ahead.

    Raises `Refusal`: discontinued_already, too_soon, is_standard (free for everybody: the catalogue file takes it out).
    """
    with transaction.atomic():
        check_discontinuable(package, market)
        check_ends_on(market, ends_on, now=now)
        discontinuation = Discontinuation.objects.create(
            package=package, market=market, ends_on=ends_on, decided_at=now, decided_by=by
        )
        audit.record(
            "package discontinued",
            account=None,
            by=by,
            now=now,
            subject=package,
            package=package.code,
            market=market.code,
            ends_on=ends_on,
            reason=reason,
        )
        return discontinuation


def check_discontinuable(package: Package, market: Market) -> None:
    """Raises `Refusal`: is_standard, discontinued_already."""
    if package.is_standard:
        raise Refusal("is_standard", _("A standard package is nobody’s contract: take it out of the catalogue file."))
    if Discontinuation.objects.filter(package=package, market=market).exists():
        raise Refusal("discontinued_already", _("This package is discontinued in this market already."))


def check_ends_on(market: Market, ends_on: date, *, now: datetime) -> None:
    """Raises `Refusal` too_soon: customers are told in good time."""
    if ends_on < earliest_end(market.local_date(now)):
        raise Refusal("too_soon", _("It can end sixty days from today at the earliest: its customers are told first."))


def to_tell_of_discontinuation(*, market: Market, now: datetime, account_id: int | None = None) -> list[int]:
    """Ids of the running subscriptions of discontinued packages whose customers were not told yet. One query."""
    return _untold(**given(market, account_id), today=market.local_date(now))


def tell_of_discontinuation(*, subscription_id: int, now: datetime) -> bool:
    """Tells of the day and of the refund that it brings as things stand; False where it ends by itself before."""
    with transaction.atomic():
        subscription = Subscription.objects.select_for_update(of=["self"], no_key=True).get(pk=subscription_id)
        ends_on = subscription.discontinued_on
        if not subscription.is_live or ends_on is None or _ends_before(subscription, ends_on):
            return False
        today = subscription.market.local_date(now)
        left = _refundable(subscription)
        quote = foretell_discontinuation(subscription.standing, today=today, ends_on=ends_on, refundable=left)
        return tell_discontinued(subscription, ends_on=ends_on, refund=quote.refund, now=now)


def discontinued_to_end(*, market: Market, now: datetime, account_id: int | None = None) -> list[int]:
    """Ids of the subscriptions that go with their package today or went before, bases first. One query."""
    return _gone(**given(market, account_id), today=market.local_date(now))


def end_discontinued(*, subscription_id: int, now: datetime) -> bool:
    """Ends it as of the package's day, with the whole months left refunded; True if it did.

    Where the run is late, months are counted to the package's day all the same, and no charge is made meanwhile (P5).
    """
    with transaction.atomic():
        Account.objects.select_for_update(of=["self"], no_key=True).get(subscriptions=subscription_id)
        subscription = Subscription.objects.select_for_update(of=["self"], no_key=True).get(pk=subscription_id)
        ends_on = subscription.discontinued_on
        if ends_on is None or subscription.status not in CONCLUDED or ends_on > subscription.market.local_date(now):
            return False
        quote = quote_discontinuation(subscription.standing, ends_on=ends_on, refundable=_refundable(subscription))
        subscription.ends_on = ends_on
        subscription.end_reason = EndReason.DISCONTINUED
        if quote.refund > 0:
            promise_as_quoted(subscription, quote, now=now)
        end_now(subscription, now=now, by=None)
        tell_stopped(subscription, now=now, is_gone=True, refund=quote.refund)
        return True


@written
def _untold(*, market: Given, today: Given, account: Given | None = None) -> QuerySet[Subscription, int]:
    key = Cast(OuterRef("public_id"), CharField())
    told = Notice.objects.filter(account=OuterRef("account"), kind="package_discontinued", subject_key=key)
    coming = _of_discontinued(market, Discontinuation.objects.filter(ends_on__gt=today))
    return coming.filter(only(account), ~Exists(told)).order_by("pk").values_list("pk", flat=True)


@written
def _gone(*, market: Given, today: Given, account: Given | None = None) -> QuerySet[Subscription, int]:
    gone = _of_discontinued(market, Discontinuation.objects.filter(ends_on__lte=today))
    return gone.filter(only(account)).bases_first().values_list("pk", flat=True)


def _of_discontinued(market: Given, ended: QuerySet[Discontinuation]) -> SubscriptionQuerySet:
    packages = ended.filter(market=market).values("package")
    return Subscription.objects.filter(market=market, package__in=packages, status__in=sorted(CONCLUDED))


def _ends_before(subscription: Subscription, ends_on: date) -> bool:
    return subscription.ends_on is not None and subscription.ends_on <= ends_on


def _refundable(subscription: Subscription) -> Decimal:
    """What is left of the payment for the running period; nothing where there is none."""
    paid = Payment.objects.filter(
        subscription=subscription, status=PaymentStatus.SUCCEEDED, period_index=subscription.periods_paid - 1
    )
    return sum((payment.refundable for payment in paid), NOTHING)
