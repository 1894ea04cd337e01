"""Accounts of the system before this one: without a password, to be activated by mail, and the Terms are asked (A1, A2)."""

from collections.abc import Sequence
from datetime import datetime

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db.models import Max

from accounts.models import Account, BillingProfile
from accounts.rules.vat_number import is_vat_number
from portal import audit
from portal.batches import insert_all
from portal.models import Market, OutboxMessage
from portal.origins import Move, Row, keys_of

MAIL_KEY = "activation:moved-in:"
BILLING = ("address_line_1", "address_line_2", "postcode", "town", "country", "vat_number")


class Accounts:
    """Their mails leave one by one, as far apart as the move says, so that a million do not go out at once."""

    kind = "account"

    def __init__(self, rows: Sequence[Row], move: Move) -> None:
        self.move = move
        self.markets = {market.code: market for market in Market.objects.all()}
        emails = [row["email"] for row in rows]
        self.emails = set(Account.objects.filter(email__in=emails).values_list("email", flat=True))
        self.emails |= set(EmailAddress.objects.filter(email__in=emails).values_list("email", flat=True))

    def refusal(self, row: Row) -> str:
        market = self.markets.get(row["market"])
        if market is None:
            return f"{row['market']!r} is no market of this portal"
        if row["language"] not in market.languages:
            return f"{row['language']!r} is no language of this market"
        if row["email"] in self.emails:
            return "this e-mail address has an account already"
        if row["vat_number"] and not is_vat_number(row["vat_number"]):
            return f"{row['vat_number']!r} has not the form of a VAT number"
        self.emails.add(row["email"])
        return ""

    def store(self, rows: Sequence[Row]) -> None:
        """Nothing."""

    def keep(self, rows: Sequence[Row]) -> list[int]:
        accounts = [self._account(row) for row in rows]
        insert_all(accounts)
        insert_all([EmailAddress(user=each, email=each.email, primary=True, verified=False) for each in accounts])
        insert_all([self._profile(row, each) for row, each in zip(rows, accounts, strict=True) if row["town"]])
        insert_all([self._mail(each) for each in accounts])
        audit.append([self._record(row, each) for row, each in zip(rows, accounts, strict=True)])
        return [each.pk for each in accounts]

    def _account(self, row: Row) -> Account:
        account = Account(
            email=row["email"],
            password=make_password(None),
            first_name=row["first_name"],
            last_name=row["last_name"],
            phone=row["phone"],
            language=row["language"],
            market=self.markets[row["market"]],
            created_at=self.move.now,
        )
        account.know_name()
        return account

    def _profile(self, row: Row, account: Account) -> BillingProfile:
        return BillingProfile(
            account=account,
            name=row["billing_name"] or account.name,
            is_company=bool(row["vat_number"]),
            updated_at=self.move.now,
            **{name: row[name] for name in BILLING},
        )

    def _mail(self, account: Account) -> OutboxMessage:
        return OutboxMessage(
            handler="activation_mail",
            payload={"email": account.email},
            dedup_key=f"{MAIL_KEY}{account.pk}",
            created_at=self.move.now,
            due_at=self.move.mail_time(),
        )

    def _record(self, row: Row, account: Account) -> "audit.AuditRecord":
        facts = {"old_id": row.old_id, "source": self.move.source, "line": row.line}
        return audit.unsaved("taken over", account=account, by=None, now=self.move.now, subject=account, **facts)


def last_mail_at() -> datetime | None:
    """When the last of the mails that still wait leaves: a move that goes on queues behind it."""
    waiting = OutboxMessage.objects.filter(done_at__isnull=True, parked_at__isnull=True, handler="activation_mail")
    found: datetime | None = waiting.filter(dedup_key__startswith=MAIL_KEY).aggregate(last=Max("due_at"))["last"]
    return found


def accounts_of(rows: Sequence[Row]) -> dict[str, Account]:
    """The accounts that rows name by what they were called, with their markets."""
    keys = keys_of("account", [row["account"] for row in rows])
    found = Account.objects.select_related("market__brand", "market__legal_entity", "billing_profile")
    by_key = found.in_bulk(list(keys.values()))
    return {old_id: by_key[key] for old_id, key in keys.items() if key in by_key and by_key[key].is_active}


NO_ACCOUNT = "its account was not taken over"
