"""Locking what a charge is begun with and booked with, subscriptions before their payments, a base before its add-ons.

Written by hand, since each charge comes through here twice: what a payment and its document copy is read by the
statement that locks, and shared by the rows of a batch. Columns that are left out are loaded if they are asked for.
"""

from collections import defaultdict
from collections.abc import Sequence

from accounts.models import Account, BillingProfile
from garage.models import Vehicle
from portal.files.columns import Columns, rows_of
from portal.models import Brand, LegalEntity, Market
from subscriptions.models import Package, Payment, PaymentCard, Plan, Subscription

_PAYMENT = Columns(Payment, "p")
_SUBSCRIPTION = Columns(Subscription, "s")
_ACCOUNT = Columns(Account, "a", "email", "first_name", "last_name", "language", "market_id", "is_active")
_PROFILE = Columns(BillingProfile, "b")
_VEHICLE = Columns(Vehicle, "v", "model", "vin", "plate")
_CARD = Columns(PaymentCard, "c", "public_id", "account_id", "card_ref", "brand", "last4", "refused_at")
_PACKAGE = Columns(Package, "k", "code", "names", "is_set_up_in_car")
_PLAN = Columns(Plan, "l", "term")
_MARKET = Columns(Market, "m", "code", "time_zone", "document_years", "contact", "legal_entity_id", "brand_id")
_ENTITY = Columns(LegalEntity, "e")
_BRAND = Columns(Brand, "d", "name", "accent_light")
# Wrapped, so that PostgreSQL does not count them before it plans: it then plans once for one as for a hundred.
_GIVEN = "ANY(ARRAY(SELECT unnest(%s::bigint[])))"
_IS_AMENDED = "EXISTS (SELECT FROM subscriptions_contractamendment n WHERE n.subscription_id = s.id)"

_CLAIM = f"""
    SELECT {_SUBSCRIPTION}, {_PACKAGE}, {_MARKET}
    FROM subscriptions_subscription s
    JOIN subscriptions_package k ON k.id = s.package_id
    JOIN portal_market m ON m.id = s.market_id
    WHERE s.id = {_GIVEN}
    ORDER BY k.base_id IS NOT NULL, s.id
    FOR NO KEY UPDATE OF s
"""  # noqa: S608  (columns are the models' own)
_LOCK = f"""
    SELECT {_PAYMENT}, {_SUBSCRIPTION}, {_ACCOUNT}, {_PROFILE}, {_VEHICLE}, {_CARD}, {_PACKAGE}, {_PLAN}, {_MARKET},
        {_ENTITY}, {_BRAND}, {_IS_AMENDED},
        (
            SELECT h.invoice_reference FROM garage_membership h
            WHERE h.account_id = s.account_id AND h.vehicle_id = s.vehicle_id
            ORDER BY h.linked_at DESC, h.id DESC LIMIT 1
        ),
        ARRAY(
            SELECT y.public_id FROM accounts_copyaddress y
            WHERE y.account_id = s.account_id AND y.confirmed_at IS NOT NULL ORDER BY y.id
        )
    FROM subscriptions_payment p
    JOIN subscriptions_subscription s ON s.id = p.subscription_id
    JOIN accounts_account a ON a.id = s.account_id
    LEFT JOIN accounts_billingprofile b ON b.account_id = s.account_id
    JOIN garage_vehicle v ON v.id = s.vehicle_id
    JOIN subscriptions_paymentcard c ON c.id = p.card_id
    JOIN subscriptions_package k ON k.id = s.package_id
    LEFT JOIN subscriptions_plan l ON l.id = s.plan_id
    JOIN portal_market m ON m.id = s.market_id
    JOIN portal_legalentity e ON e.id = m.legal_entity_id
    JOIN portal_brand d ON d.id = m.brand_id
    WHERE p.id = {_GIVEN}
    ORDER BY k.base_id IS NOT NULL, s.id, p.id
    FOR NO KEY UPDATE OF s, p
"""  # noqa: S608  (as above)


_STANDING = f"""
    SELECT {_CARD}, {_PAYMENT}, s.id, {_IS_AMENDED},
        EXISTS (
            SELECT FROM subscriptions_priceoffer o
            LEFT JOIN subscriptions_contractamendment n ON n.offer_id = o.id
            WHERE o.subscription_id = s.id AND o.period_index = s.periods_paid AND n.id IS NULL
        ),
        (
            SELECT d.ends_on FROM subscriptions_discontinuation d
            WHERE d.package_id = s.package_id AND d.market_id = s.market_id
        ),
        (
            SELECT a.terms_due_on FROM accounts_account a
            WHERE a.id = s.account_id AND a.terms_due_on IS NOT NULL
            AND NOT EXISTS (SELECT FROM accounts_termsacceptance x WHERE x.account_id = a.id)
        )
    FROM subscriptions_subscription s
    LEFT JOIN subscriptions_paymentcard c ON c.account_id = s.account_id AND c.is_primary AND c.removed_at IS NULL
    LEFT JOIN subscriptions_payment p
        ON p.subscription_id = s.id AND (p.period_index = s.periods_paid OR p.status IN ('started', 'unknown'))
    WHERE s.id = {_GIVEN}
    ORDER BY p.id
"""  # noqa: S608  (as above)


def claim_all(subscription_ids: Sequence[int], *, waits: bool) -> list[Subscription]:
    """Locked, in the order given, with package and market; rows that others hold are left out, unless `waits`."""
    claimed = {}
    statement = _CLAIM if waits else f"{_CLAIM} SKIP LOCKED"
    for subscription, package, market in rows_of(statement, [list(subscription_ids)], _SUBSCRIPTION, _PACKAGE, _MARKET):
        subscription.package, subscription.market = package, market
        claimed[subscription.pk] = subscription
    return [claimed[each] for each in subscription_ids if each in claimed]


def standing_of(subscriptions: Sequence[Subscription]) -> tuple[dict[int, PaymentCard], dict[int, list[Payment]]]:
    """Of locked subscriptions the primary cards, by account, and the payments at the period that is due, by
    subscription; one that is open is among them, whatever its period.

    Notes on each what `was_stopped_by` asks for, as `SubscriptionQuerySet.due` has it: read now that nobody else can
    change it.
    """
    rows = {row.pk: row for row in subscriptions}
    cards, payments = {}, defaultdict(list)
    for card, payment, subscription_id, *stands in rows_of(_STANDING, [list(rows)], _CARD, _PAYMENT):
        row = rows[subscription_id]
        row.is_amended, row.is_unaccepted, row.gone_on, row.terms_due_on = stands  # type: ignore[attr-defined]
        if card:
            cards[card.account_id] = card
        if payment:
            payments[subscription_id].append(payment)
    return cards, payments


def lock(payment_id: int) -> Payment:
    """The payment and its subscription, locked."""
    [payment] = lock_all([payment_id])
    return payment


def lock_all(payment_ids: Sequence[int]) -> list[Payment]:
    """Payments in the order given, each with its locked subscription and all that an invoice copies."""
    parts = (_PAYMENT, _SUBSCRIPTION, _ACCOUNT, _PROFILE, _VEHICLE, _CARD, _PACKAGE, _PLAN, _MARKET, _ENTITY, _BRAND)
    locked = {}
    for payment, subscription, account, profile, vehicle, card, package, plan, market, entity, brand, *read in rows_of(
        _LOCK, [list(payment_ids)], *parts
    ):
        subscription.is_amended, reference, account.copy_readers = read
        subscription.car_reference = reference or ""
        payment.subscription, payment.account, payment.card = subscription, account, card
        subscription.account, subscription.vehicle, subscription.package = account, vehicle, package
        subscription.plan, subscription.market = plan, market
        market.legal_entity, market.brand = entity, brand
        if account.market_id == market.pk:
            account.market = market
        if profile:
            account.billing_profile = profile
        locked[payment.pk] = payment
    return [locked[payment_id] for payment_id in payment_ids]
