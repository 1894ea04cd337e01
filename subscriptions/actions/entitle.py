"""Who may have what for a vehicle: control, Terms, free years; and taking a complimentary period up (C3, C4, C7)."""

from datetime import date, datetime
from uuid import uuid4

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.access import current_terms, has_accepted_current_terms, terms_standing_of
from accounts.models import Account
from accounts.pausing import is_paused
from accounts.rules.terms import TermsStanding
from garage.models import Membership, Vehicle
from portal import audit
from portal.models import Market
from portal.querying.written import Given
from portal.refusals import Refusal
from subscriptions.actions.catalogue import keep_up
from subscriptions.actions.end import end_if_reached
from subscriptions.actions.provision import ask_to_switch_on
from subscriptions.centre.free_periods import free_period
from subscriptions.centre.suiting import missing_for
from subscriptions.models import Package, Subscription, TrialUse
from subscriptions.models.subscription import SubscriptionQuerySet
from subscriptions.notices.free_periods import tell_complimentary, was_told_untaken
from subscriptions.rules.advance_notice import complimentary_warning
from subscriptions.rules.lifecycle import IN_SERVICE, EndReason, Status
from subscriptions.rules.periods import Period
from subscriptions.words.reasons import MISSING


def activate_complimentary(
    *, account: Account, vehicle: Vehicle, package: Package, now: datetime, by: Account
) -> Subscription:
    """Takes up the free years; a later activation does not move their end (C4).

    Raises `Refusal`: no_vehicle, terms_missing, not_offered (outside the period, not for this car), already_subscribed.
    """
    if keep_up(account.market, now=now):
        package.refresh_from_db()
    with transaction.atomic():
        account = Account.objects.select_for_update(of=["self"], no_key=True).get(pk=account.pk)
        check_active(account=account, vehicle=vehicle)
        check_terms_or_days(account=account, now=now)
        check_suits(vehicle, package, account.market, is_sold=not package.is_left_out(account.market))
        today = account.market.local_date(now)
        period = free_period(vehicle, package, account.market)
        if period is None or today not in period:
            raise Refusal("not_offered", _("This package has no complimentary period for this car now."))
        running = Subscription.objects.begun().filter(vehicle=vehicle, package=package).first()
        if running and not settle_reached_end(running, now=now):
            raise Refusal("already_subscribed", _("This package is active for this car already."))
        return _activate(account, vehicle, package, period, now=now, by=by)


def _activate(
    account: Account, vehicle: Vehicle, package: Package, period: Period, *, now: datetime, by: Account
) -> Subscription:
    subscription = Subscription.objects.create(
        account=account,
        vehicle=vehicle,
        package=package,
        market=account.market,
        status=Status.COMPLIMENTARY,
        order_key=uuid4(),
        ordered_at=now,
        activated_on=account.market.local_date(now),
        currency=account.market.currency,
        vat_rate=account.market.vat_rate,
        ends_on=period.end_on,
        end_reason=EndReason.EXPIRED,
    )
    audit.record(
        "activated", account=account, by=by, now=now, subject=subscription, package=package.code, ends_on=period.end_on
    )
    ask_to_switch_on(subscription, now=now)
    if complimentary_warning(period.end_on).is_due(subscription.activated_on) and not was_told_untaken(subscription):
        tell_complimentary(subscription, "complimentary_ending", now=now)
    return subscription


def check_active(*, account: Account, vehicle: Vehicle) -> None:
    """C7: only the active account may activate, buy or cancel for a vehicle."""
    if not Membership.objects.current().filter(account=account, vehicle=vehicle, is_active=True).exists():
        raise Refusal("no_vehicle", _("Your account does not control the connected services of this car."))


def check_terms(*, account: Account, now: datetime) -> None:
    """C3: nothing is activated without the accepted Terms."""
    if current_terms(account.market, now) is None or not has_accepted_current_terms(account, now):
        raise _terms_missing()


def check_terms_or_days(*, account: Account, now: datetime) -> None:
    """A2, the one exception to C3: what is free may be activated while an older head unit's account counts its days."""
    if terms_standing_of(account, now) is not TermsStanding.COUNTING:
        check_terms(account=account, now=now)


def check_not_paused(*, account: Account, now: datetime) -> None:
    """A2: while services pause nothing is charged, not even at the customer's own wish."""
    if is_paused(account, today=account.market.local_date(now)):
        raise _terms_missing()


def _terms_missing() -> Refusal:
    return Refusal("terms_missing", _("Accept the Terms of Use first."))


def is_discontinued(package: Package, account: Account) -> bool:
    """S10: one that the brand discontinues is not offered any more, from the decision on."""
    return package.discontinued_on(account.market_id) is not None


def check_suits(vehicle: Vehicle, package: Package, market: Market, *, is_sold: bool) -> None:
    """C2, S10: it is sold, and for this car. Raises `Refusal` not_offered with all that stands against it."""
    missing = missing_for(package, vehicle, market, is_sold=is_sold)
    if missing:
        raise Refusal("not_offered", " ".join(str(MISSING[reason]) for reason in missing))


def check_base(*, account: Account, vehicle: Vehicle, package: Package, today: date) -> None:
    """S12: an add-on needs a base that goes on. Raises `Refusal` base_missing."""
    if not has_base(account=account, vehicle=vehicle, package=package, today=today):
        raise Refusal("base_missing", _("This package is an addition to another one, which has to be running first."))


def has_base(*, account: Account, vehicle: Vehicle, package: Package, today: date) -> bool:
    """Whether what this package is an addition to, if anything, is running and goes on (S12)."""
    if package.base is None:
        return True
    if is_discontinued(package.base, account):
        return False
    bases = _bases(account=account, vehicle=vehicle, base_id=package.base.pk)
    return any(may_carry(base, today=today) for base in bases)


def lock_base(*, account: Account, vehicle: Vehicle, package: Package) -> None:
    """Within the caller's transaction: the base cannot get an end until the add-on stands, and then ends it too."""
    if package.base_id is not None:
        bases = _bases(account=account, vehicle=vehicle, base_id=package.base_id)
        list(bases.select_for_update(of=["self"], no_key=True))


def _bases(*, account: Account, vehicle: Vehicle, base_id: int) -> SubscriptionQuerySet:
    return Subscription.objects.filter(
        account=account, vehicle=vehicle, package_id=base_id, status__in=sorted(IN_SERVICE)
    )


def may_carry(base: Subscription, *, today: date) -> bool:
    """A complimentary period has its end from the start, which must not have come; a paid base must have none (S12)."""
    return base.ends_on is None or (base.is_complimentary and today < base.ends_on)


def packages_tried(account: Account) -> set[int]:
    """S3: of which the account had its free month, or has it promised by an order that has not begun. One query."""
    used, promised = _trials(account)
    return {package_id for (package_id,) in used.values_list("package_id").union(promised.values_list("package_id"))}


def is_tried_by(account: Account | Given) -> Q:
    """The same of each package of a query."""
    used, promised = (rows.filter(package=OuterRef("pk")) for rows in _trials(account))
    return Exists(used) | Exists(promised)


def _trials(account: Account | Given) -> tuple[QuerySet[TrialUse], QuerySet[Subscription]]:
    ahead = Subscription.objects.ordered_ahead().filter(account=account, trial_months__gt=0)
    return TrialUse.objects.filter(account=account), ahead


def settle_reached_end(running: Subscription, *, now: datetime) -> bool:
    """Whether an end that the jobs have not met yet is met by this act of the customer."""
    return end_if_reached(subscription_id=running.pk, now=now)
