"""A withdrawal stated without signing in: taken at once and alike, known or not, then executed or answered (X9).

The request only keeps the statement; the worker looks the pair up. So the page cannot tell, by words or by time,
whether contract and address belong together, and whatever comes of it is mailed to the address on file alone.
"""

from datetime import datetime
from uuid import uuid4

from django.db import transaction
from django.db.models import Q

from accounts.models import Account
from portal import audit, outbox
from portal.models import AuditRecord, OutboxMessage
from portal.refusals import Refusal
from subscriptions.actions.withdraw import withdraw
from subscriptions.models import Contract
from subscriptions.notices.telling import tell_withdrawal_answered

STATED = "withdrawal stated"


def state_withdrawal(*, contract_number: str, email: str, now: datetime) -> None:
    """Keeps the statement with its time, and has it executed: one row, whoever it is about."""
    key = uuid4().hex
    payload = {"contract_number": contract_number, "email": email, "stated_at": now.isoformat()}
    with transaction.atomic():
        outbox.enqueue("withdrawal_statement", dedup_key=_row_key(key), now=now, statement=key, **payload)


def take_statement(*, statement: str, contract_number: str = "", email: str = "", stated_at: str = "") -> None:
    """Outbox handler: executes the statement as of the moment it was made (X5 counts to that day), or answers it.

    Safe to run twice: the statement leaves one audit record. The row forgets what was typed once it is done.
    """
    if not contract_number:
        return
    now = datetime.fromisoformat(stated_at)
    contract = _contract(contract_number, email)
    if contract is None:
        audit.record(STATED, account=None, by=None, now=now, statement=statement, contract=contract_number)
    else:
        _execute(contract, statement=statement, now=now)
    OutboxMessage.objects.filter(dedup_key=_row_key(statement)).update(payload={"statement": statement})


def _execute(contract: Contract, *, statement: str, now: datetime) -> None:
    with transaction.atomic():
        subscription = contract.subscription
        account = Account.objects.select_for_update(of=["self"], no_key=True).get(pk=subscription.account_id)
        if AuditRecord.objects.filter(account=account, what=STATED, data__statement=statement).exists():
            return
        audit.record(
            STATED,
            account=account,
            by=account,
            now=now,
            subject=subscription,
            statement=statement,
            contract=contract.number,
        )
        try:
            withdraw(subscription=subscription, confirmed=None, now=now, by=account)
        except Refusal as refusal:
            tell_withdrawal_answered(subscription, statement=statement, answer=refusal.code, now=now)


def _contract(contract_number: str, email: str) -> Contract | None:
    """By the address on file: of a closed account that where its last mails go, as long as it is kept (A6)."""
    account = Q(subscription__account__email__iexact=email)
    if email:
        account |= Q(subscription__account__closing__mail_to__iexact=email)
    own = Contract.objects.filter(account, number__iexact=contract_number)
    return own.select_related("subscription").first()


def _row_key(statement: str) -> str:
    return f"withdrawal-statement:{statement}"
