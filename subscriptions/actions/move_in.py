"""Running contracts of the system before this one, with the period that was paid there (docs/moving-in.md).

The payment of that period stands here as it was made there: with the old charge, by which the provider pays back what X4
and X5 owe; without one the refund is work for finance. It has no invoice of ours: the old one is named.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import uuid4

from accounts.actions.move_in import NO_ACCOUNT, accounts_of
from accounts.models import Account
from garage.models import Membership
from portal import audit
from portal.batches import insert_all
from portal.origins import Move, Row, keys_of
from portal.texts import localized
from subscriptions.actions.conclude import contract_number
from subscriptions.invoicing.build import seller_of
from subscriptions.models import Contract, Payment, PaymentCard, Plan, Subscription, TakenOver, TrialUse, WithdrawalUse
from subscriptions.rules.lifecycle import EndReason, PaymentStatus, Status
from subscriptions.rules.moving_in import CannotMove, Standing, standing_on
from subscriptions.rules.periods import TERM_MONTHS, paid_period
from subscriptions.rules.withdrawal import last_withdrawal_day


class Subscriptions:
    kind = "subscription"

    def __init__(self, rows: Sequence[Row], move: Move) -> None:
        self.move = move
        self.accounts = accounts_of(rows)
        accounts = list(self.accounts.values())
        links = Membership.objects.current().filter(is_active=True, account__in=accounts).select_related("vehicle")
        self.vehicles = {(link.account_id, link.vehicle.vin): link.vehicle for link in links}
        plans = Plan.objects.select_related("package").prefetch_related("package__services")
        packages = {row["package"] for row in rows}
        self.plans = {
            (plan.market_id, plan.package.code, plan.term): plan for plan in plans.filter(package__code__in=packages)
        }
        live = Subscription.objects.live().filter(vehicle__vin__in={row["vin"] for row in rows})
        self.running = set(live.values_list("vehicle__vin", "package__code"))
        self.with_card = set(
            PaymentCard.objects.in_wallet().filter(account__in=accounts).values_list("account", flat=True)
        )
        self.cards = _cards_of(rows)
        charges = [row["charge_ref"] for row in rows if row["charge_ref"]]
        self.charges = set(Payment.objects.filter(charge_ref__in=charges).values_list("charge_ref", flat=True))
        self.invoices = set(
            TakenOver.objects.filter(invoice_number__in=[row["invoice"] for row in rows if row["invoice"]]).values_list(
                "invoice_number", flat=True
            )
        )
        self.tried = set(TrialUse.objects.filter(account__in=accounts).values_list("account", "package__code"))
        self.withdrew = set(WithdrawalUse.objects.filter(account__in=accounts).values_list("account", flat=True))
        self.standings: dict[str, Standing] = {}

    # What is refused

    def refusal(self, row: Row) -> str:
        account = self.accounts.get(row["account"])
        if account is None:
            return NO_ACCOUNT
        try:
            standing = standing_on(
                account.market.local_date(self.move.now),
                activated_on=row["activated_on"],
                trial_months=row["trial_months"],
                term_months=TERM_MONTHS[row["term"]],
                next_charge_on=row["next_charge_on"],
                ends_on=row["ends_on"],
            )
        except CannotMove as reason:
            return str(reason)
        why_not = self._of_contract(row, account) or self._of_payment(row, account, standing)
        if not why_not:
            self._count(row, account, standing)
        return why_not

    def _of_contract(self, row: Row, account: Account) -> str:
        if (account.market_id, row["package"], row["term"]) not in self.plans:
            return f"{row['package']!r} is no package of this market at this term"
        if (account.pk, row["vin"]) not in self.vehicles:
            return "its account has no control of this car (S7)"
        if (row["vin"], row["package"]) in self.running:
            return "this package runs for this car already (S7)"
        if row["currency"] != account.market.currency:
            return f"the market's currency is {account.market.currency}"
        if row["trial_months"] and (account.pk, row["package"]) in self.tried:
            return "the account has had its free month of this package already (S3)"
        if row["ends_on"] is None and account.pk not in self.with_card:
            return "it renews, and the account has no card to charge (W5)"
        if row["ends_on"] and (row["cancelled_on"] is None or row["cancelled_on"] < row["activated_on"]):
            return "it has an end, and no day on which it was cancelled"
        return ""

    def _of_payment(self, row: Row, account: Account, standing: Standing) -> str:
        told = [row[name] for name in ("paid", "paid_on", "paid_with", "invoice", "charge_ref")]
        if standing.periods_paid == 0:
            return "nothing is paid in the free month" if any(told) else ""
        if not all(told[:-1]):
            return "of a period that was paid, paid, paid_on, paid_with and invoice are needed"
        if row["paid"] != row["price"]:
            return f"paid {row['paid']} of {row['price']}: another price is brought in after the move (S10)"
        if not row["activated_on"] <= row["paid_on"] <= account.market.local_date(self.move.now):
            return f"it cannot have been paid on {row['paid_on']}"
        card = self.cards.get(row["paid_with"])
        if card is None or card.account_id != account.pk:
            return "the card that paid was not taken over for this account"
        if row["charge_ref"] in self.charges:
            return "another period names this charge"
        if row["invoice"] in self.invoices:
            return "another period names this invoice"
        return ""

    def _count(self, row: Row, account: Account, standing: Standing) -> None:
        self.standings[row.old_id] = standing
        self.running.add((row["vin"], row["package"]))
        self.charges |= {row["charge_ref"]} - {""}
        self.invoices |= {row["invoice"]} - {""}
        if row["trial_months"]:
            self.tried.add((account.pk, row["package"]))

    # What is kept

    def store(self, rows: Sequence[Row]) -> None:
        """Nothing."""

    def keep(self, rows: Sequence[Row]) -> list[int]:
        kept = [(row, self._subscription(row)) for row in rows]
        insert_all([each for _row, each in kept])
        insert_all([self._contract(row, each) for row, each in kept])
        insert_all(
            [
                TrialUse(account=each.account, package=each.package, subscription=each, used_at=each.ordered_at)
                for _row, each in kept
                if each.trial_months
            ]
        )
        payments = {row.old_id: self._payment(row, each) for row, each in kept if each.periods_paid}
        insert_all(list(payments.values()))
        insert_all([self._taken_over(row, each, payments.get(row.old_id)) for row, each in kept])
        audit.append([self._record(row, each) for row, each in kept])
        return [each.pk for _row, each in kept]

    def _subscription(self, row: Row) -> Subscription:
        account, standing = self.accounts[row["account"]], self.standings[row.old_id]
        plan = self.plans[account.market_id, row["package"], row["term"]]
        cancelled_at = self.move.noon(row["cancelled_on"], account.market) if row["ends_on"] else None
        return Subscription(
            account=account,
            vehicle=self.vehicles[account.pk, row["vin"]],
            package=plan.package,
            plan=plan,
            market=account.market,
            status=Status.PAID if standing.periods_paid else Status.TRIAL,
            order_key=uuid4(),
            ordered_at=self.move.noon(row["activated_on"], account.market),
            activated_on=row["activated_on"],
            trial_months=row["trial_months"],
            term_months=plan.term_months,
            price=row["price"],
            currency=row["currency"],
            vat_rate=row["vat_rate"],
            vat_country=row["vat_country"],
            periods_paid=standing.periods_paid,
            next_charge_on=row["next_charge_on"],
            next_try_on=row["next_charge_on"],
            cancelled_at=cancelled_at,
            ends_on=row["ends_on"],
            end_reason=EndReason.CANCELLED if row["ends_on"] else "",
        )

    def _contract(self, row: Row, subscription: Subscription) -> Contract:
        """S10, as far as it is known: the words of the order and its Terms stayed in the old system."""
        language, package = subscription.account.language, subscription.package
        has_right = subscription.trial_months or subscription.account_id not in self.withdrew
        return Contract(
            subscription=subscription,
            number=contract_number(subscription),
            ordered_at=subscription.ordered_at,
            language=language,
            agreed={
                "package": localized(package.names, language),
                "services": [localized(service.names, language) for service in package.services.all()],
                "vin": subscription.vehicle.vin,
                "term": subscription.term,
                "price": str(subscription.price),
                "currency": subscription.currency,
                "vat_rate": str(subscription.vat_rate),
                "vat_country": subscription.vat_country,
                "vat_evidence": [],
                "trial_months": subscription.trial_months,
                "activated_on": subscription.activated_on.isoformat(),
                "is_ahead": False,
                "first_charge_on": subscription.charge_date(0).isoformat(),
                "withdraw_until": last_withdrawal_day(subscription.activated_on).isoformat() if has_right else "",
                "seller": seller_of(subscription.market.legal_entity, subscription.market),
                "referred_dealer": "",
                "old_number": row.old_id,
            },
        )

    def _payment(self, row: Row, subscription: Subscription) -> Payment:
        index = subscription.periods_paid - 1
        period = paid_period(
            activated_on=subscription.activated_on,
            trial_months=subscription.trial_months,
            term_months=subscription.term_months,
            index=index,
        )
        paid_at = self.move.noon(row["paid_on"], subscription.market)
        return Payment(
            account=subscription.account,
            subscription=subscription,
            card=self.cards[row["paid_with"]],
            period_index=index,
            period_from=period.start_on,
            period_to=period.end_on,
            attempt=1,
            key=f"taken-over:{subscription.public_id}",
            amount=row["paid"],
            currency=row["currency"],
            status=PaymentStatus.SUCCEEDED,
            charge_ref=row["charge_ref"],
            started_at=paid_at,
            settled_at=paid_at,
            refunded=Decimal("0.00"),
        )

    def _taken_over(self, row: Row, subscription: Subscription, payment: Payment | None) -> TakenOver:
        return TakenOver(
            subscription=subscription,
            old_id=row.old_id,
            periods_paid=subscription.periods_paid,
            next_charge_on=row["next_charge_on"],
            payment=payment,
            invoice_number=row["invoice"],
            invoice_on=row["paid_on"] if payment else None,
            taken_at=self.move.now,
        )

    def _record(self, row: Row, subscription: Subscription) -> "audit.AuditRecord":
        facts: dict[str, Any] = {
            "old_id": row.old_id,
            "source": self.move.source,
            "line": row.line,
            "package": subscription.package.code,
            "price": subscription.price,
            "periods_paid": subscription.periods_paid,
            "next_charge_on": subscription.next_charge_on,
            "ends_on": subscription.ends_on,
        }
        return audit.unsaved(
            "taken over", account=subscription.account, by=None, now=self.move.now, subject=subscription, **facts
        )


def _cards_of(rows: Sequence[Row]) -> dict[str, PaymentCard]:
    keys = keys_of("card", [row["paid_with"] for row in rows if row["paid_with"]])
    found = PaymentCard.objects.in_bulk(list(keys.values()))
    return {old_id: found[key] for old_id, key in keys.items() if key in found}
