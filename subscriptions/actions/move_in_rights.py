"""Cards, and rights that were used up, of the system before this one (W1, S3, X5)."""

from collections.abc import Sequence

from django.db import connection

from accounts.actions.move_in import NO_ACCOUNT, accounts_of
from accounts.models import Account
from portal import audit
from portal.batches import insert_all
from portal.origins import Move, Row
from subscriptions.models import Package, PaymentCard, TrialUse, WithdrawalUse
from subscriptions.rules.wallet import is_accepted

PRIMARY, STORED, REMOVED = "primary", "stored", "removed"
TRIAL, WITHDRAWAL = "trial", "withdrawal"


class Cards:
    """References of the provider, never numbers. One that had left the wallet there is taken for what it has paid."""

    kind = "card"

    def __init__(self, rows: Sequence[Row], move: Move) -> None:
        self.move = move
        self.accounts = accounts_of(rows)
        held = PaymentCard.objects.in_wallet().filter(account__in=self.accounts.values())
        self.fingerprints = set(held.values_list("account", "fingerprint"))
        self.with_primary = set(held.filter(is_primary=True).values_list("account", flat=True))
        references = PaymentCard.objects.filter(card_ref__in=[row["card_ref"] for row in rows])
        self.references = set(references.values_list("card_ref", flat=True))

    def refusal(self, row: Row) -> str:
        account = self.accounts.get(row["account"])
        if account is None:
            return NO_ACCOUNT
        if row["card_ref"] in self.references:
            return "this reference of the provider is a card's already"
        market = account.market
        taken = is_accepted(
            brand=row["brand"], funding=row["funding"], brands=market.card_brands, fundings=market.card_fundings
        )
        if row["state"] != REMOVED and not taken:
            return "the market takes no such card (W1)"
        if row["state"] != REMOVED and (account.pk, row["fingerprint"]) in self.fingerprints:
            return "the same card is in the wallet already (W2)"
        if row["state"] == PRIMARY and account.pk in self.with_primary:
            return "the account has a primary card already (W3)"
        self._count(row, account)
        return ""

    def _count(self, row: Row, account: Account) -> None:
        self.references.add(row["card_ref"])
        if row["state"] != REMOVED:
            self.fingerprints.add((account.pk, row["fingerprint"]))
        if row["state"] == PRIMARY:
            self.with_primary.add(account.pk)

    def store(self, rows: Sequence[Row]) -> None:
        """Nothing."""

    def keep(self, rows: Sequence[Row]) -> list[int]:
        cards = [self._card(row) for row in rows]
        insert_all(cards)
        audit.append(
            [
                audit.unsaved(
                    "taken over", account=card.account, by=None, now=self.move.now, subject=card, line=row.line
                )
                for row, card in zip(rows, cards, strict=True)
            ]
        )
        return [card.pk for card in cards]

    def _card(self, row: Row) -> PaymentCard:
        account = self.accounts[row["account"]]
        profile = getattr(account, "billing_profile", None)
        address = {"name": profile.name, "address_lines": profile.address_lines} if profile else {}
        names = ("card_ref", "fingerprint", "brand", "funding", "last4", "exp_month", "exp_year", "country")
        return PaymentCard(
            account=account,
            billing_address=address,
            is_primary=row["state"] == PRIMARY,
            added_at=self.move.now,
            removed_at=self.move.now if row["state"] == REMOVED else None,
            **{name: row[name] for name in names},
        )


def choose_primary_cards() -> None:
    """W3: of an account that was taken over with cards and none marked, the newest one, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE subscriptions_paymentcard SET is_primary = true WHERE id IN (
                SELECT max(c.id) FROM subscriptions_paymentcard c
                JOIN portal_origin o ON o.kind = 'account' AND o.row_id = c.account_id
                WHERE c.removed_at IS NULL
                GROUP BY c.account_id HAVING NOT bool_or(c.is_primary))
            """
        )


class Rights:
    """Free months and withdrawals with a refund of contracts that ended there: each is once for ever."""

    kind = "right"

    def __init__(self, rows: Sequence[Row], move: Move) -> None:
        self.move = move
        self.accounts = accounts_of(rows)
        self.packages = {each.code: each for each in Package.objects.filter(code__in={row["package"] for row in rows})}
        accounts = list(self.accounts.values())
        self.tried = set(TrialUse.objects.filter(account__in=accounts).values_list("account", "package__code"))
        self.withdrew = set(WithdrawalUse.objects.filter(account__in=accounts).values_list("account", flat=True))

    def refusal(self, row: Row) -> str:
        account = self.accounts.get(row["account"])
        if account is None:
            return NO_ACCOUNT
        if row["used_on"] > account.market.local_date(self.move.now):
            return "used on a day to come"
        if row["right"] == WITHDRAWAL:
            return self._count_withdrawal(account)
        if row["package"] not in self.packages:
            return f"{row['package']!r} is no package"
        if (account.pk, row["package"]) in self.tried:
            return "this free month is used already (S3)"
        self.tried.add((account.pk, row["package"]))
        return ""

    def _count_withdrawal(self, account: Account) -> str:
        if account.pk in self.withdrew:
            return "the right is used already (X5)"
        self.withdrew.add(account.pk)
        return ""

    def store(self, rows: Sequence[Row]) -> None:
        """Nothing."""

    def keep(self, rows: Sequence[Row]) -> list[int]:
        uses = [self._use(row) for row in rows]
        insert_all([use for use in uses if isinstance(use, TrialUse)])
        insert_all([use for use in uses if isinstance(use, WithdrawalUse)])
        return [use.pk for use in uses]

    def _use(self, row: Row) -> TrialUse | WithdrawalUse:
        account = self.accounts[row["account"]]
        used_at = self.move.noon(row["used_on"], account.market)
        if row["right"] == WITHDRAWAL:
            return WithdrawalUse(account=account, used_at=used_at)
        return TrialUse(account=account, package=self.packages[row["package"]], used_at=used_at)
