"""Rehearsing for a customer: what happens if, from their real state to a day to come, with nothing kept (K2, S13).

The real actions and runs are played for this account alone, in one transaction that is rolled back, with a stand-in for
the provider, documents numbered from a counter of their own, and an outbox that wakes nobody. Meanwhile the account's
own rows are locked: so the play is bounded, and there is one at a time.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from time import monotonic
from typing import Any

from django.db import OperationalError, connection, transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from garage.models import Membership
from portal import audit, outbox
from portal.models import AuditRecord, OutboxMessage
from portal.refusals import Refusal
from subscriptions.actions.cancel import cancel
from subscriptions.actions.change_term import change_term
from subscriptions.actions.leave import remove_vehicle
from subscriptions.actions.refund import send_refund
from subscriptions.actions.run import charging_run
from subscriptions.actions.warn_cards import card_days
from subscriptions.actions.withdraw import withdraw
from subscriptions.invoicing import numbering
from subscriptions.models import Payment, PaymentCard, Plan, Refund, Subscription
from subscriptions.rehearsal.days import ACTS_AT, RUNS_AT, busy_days, tomorrow
from subscriptions.rehearsal.stand_in import StandIn
from subscriptions.rules.lifecycle import OPEN_PAYMENTS, RefundStatus

REHEARSED = "rehearsed"
# One at a time, on all machines. Any number will do, as long as everybody takes the same.
LOCK = 7_204_512
MOST_LINES = 400
MOST_SECONDS = 10.0
# Rows that somebody works on just now are not waited for.
WAITS = "2s"


class Act(StrEnum):
    NOTHING = "nothing"
    CANCEL = "cancel"
    WITHDRAW = "withdraw"
    REMOVE = "remove"
    TERM = "term"
    DECLINED = "declined"


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is done on a day, and the last day that is played."""

    act: Act
    on: date
    until: date
    plan: Plan | None = None


@dataclass(frozen=True, kw_only=True)
class Told:
    on: date
    kind: str
    what: str
    details: str


@dataclass(frozen=True, kw_only=True)
class Rehearsed:
    lines: tuple[Told, ...]
    # Where a rule forbids what was asked about: its sentence.
    refused: str = ""
    # Where it was too much to be played to the end: the last day that was.
    stopped_on: date | None = None


# A record and its currency in words.
InWords = Callable[[AuditRecord, str], Told]


def rehearse(
    *, subscription: Subscription, question: Question, in_words: InWords, now: datetime, by: Account
) -> Rehearsed:
    """What would happen, in words; that somebody looked is on record. Raises `Refusal` rehearsal_busy."""
    try:
        with transaction.atomic():
            _alone()
            with outbox.asleep(), numbering.pretended():
                rehearsed = _Play(subscription, question, in_words=in_words, now=now).played()
            transaction.set_rollback(True)
    except OperationalError as error:
        raise _busy() from error
    facts = {"act": question.act.value, "acted_on": question.on, "until": question.until}
    audit.record(REHEARSED, account=subscription.account, by=by, now=now, subject=subscription, **facts)
    return rehearsed


def _alone() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [WAITS])
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            raise _busy()


def _busy() -> Refusal:
    return Refusal("rehearsal_busy", _("Somebody is at work there just now. Please try again in a moment."))


class _Play:
    def __init__(self, subscription: Subscription, question: Question, *, in_words: InWords, now: datetime) -> None:
        self.question, self.in_words, self.begun, self.now = question, in_words, now, now
        # Fresh rows: nothing of the play stays in those of the caller.
        self.subscription = Subscription.objects.select_related("account__market", "market").get(pk=subscription.pk)
        self.account, self.market = self.subscription.account, self.subscription.market
        self.zone = self.market.zone
        self.gateway = StandIn(
            today=lambda: self.market.local_date(self.now),
            last_days={card.card_ref: card.expires_on for card in PaymentCard.objects.filter(account=self.account)},
            declines_from=question.on if question.act is Act.DECLINED else None,
        )
        self.seen = _last(AuditRecord)
        self.delivered = _last(OutboxMessage)
        self.lines: list[Told] = []
        # What the last run did may be due to be told of in the next one.
        self.is_followed_up = False
        self.refused = ""

    def played(self) -> Rehearsed:
        started, stopped_on = monotonic(), None
        for day in self.days():
            if len(self.lines) >= MOST_LINES or monotonic() - started > MOST_SECONDS:
                stopped_on = day
                break
            self.day(day)
        return Rehearsed(lines=tuple(self.lines), refused=self.refused, stopped_on=stopped_on)

    def days(self) -> Iterator[date]:
        """Today, and each day on which there is something to do."""
        day = self.market.local_date(self.begun)
        while day <= self.question.until:
            yield day
            day = self.next_busy_day(day)

    def day(self, day: date) -> None:
        morning, evening = (datetime.combine(day, at, tzinfo=self.zone) for at in RUNS_AT)
        self.run(morning)
        if day == self.question.on:
            self.act(max(self.begun, datetime.combine(day, ACTS_AT, tzinfo=self.zone)))
        self.run(max(evening, self.now))

    def run(self, at: datetime) -> None:
        """Of the account alone. What has been today is not played once more."""
        if at < self.now:
            return
        self.now = at
        charging_run(market=self.market, now=at, gateway=self.gateway, account_id=self.account.pk)
        self.deliver()
        self.note()

    def act(self, at: datetime) -> None:
        self.now = at
        try:
            with transaction.atomic():
                _ACTS[self.question.act](self)
        except Refusal as refusal:
            self.refused = str(refusal.sentence)
        self.deliver()
        self.note()

    def deliver(self) -> None:
        """What a worker would do at once: refunds are sent. Mails stay where they are, and go with the rest."""
        waiting = OutboxMessage.objects.filter(pk__gt=self.delivered, handler="refund", done_at__isnull=True)
        for message in waiting.order_by("pk"):
            send_refund(refund_id=message.payload["refund_id"], now=self.now, gateway=self.gateway)
            OutboxMessage.objects.filter(pk=message.pk).update(done_at=self.now)

    def note(self) -> None:
        records = list(AuditRecord.objects.filter(pk__gt=self.seen, account=self.account).order_by("pk"))
        self.is_followed_up = bool(records)
        for record in records:
            self.seen = record.pk
            self.lines.append(self.in_words(record, self.market.currency))

    def next_busy_day(self, day: date) -> date:
        own = Subscription.objects.live().filter(account=self.account, market=self.market).with_agreements()
        days = [busy for row in own for busy in busy_days(row, after=day)]
        days += card_days(self.market, account_id=self.account.pk)
        days += [self.question.on, *([tomorrow(day)] if self.is_followed_up or self.waits() else [])]
        return min((each for each in days if each > day), default=date.max)

    def waits(self) -> bool:
        """For a provider that has not answered: the next run asks."""
        payments = Payment.objects.filter(account=self.account, status__in=sorted(OPEN_PAYMENTS))
        return payments.exists() or Refund.objects.filter(account=self.account, status=RefundStatus.PROMISED).exists()


def _last(model: Any) -> int:
    return model.objects.aggregate(last=Max("pk"))["last"] or 0


def _remove(play: _Play) -> None:
    link = Membership.objects.current().filter(account=play.account, vehicle=play.subscription.vehicle_id).first()
    if link is None:
        raise Refusal("no_vehicle", _("The car has left the garage."))
    remove_vehicle(membership=link, confirmed=None, now=play.now, by=play.account)


def _change_term(play: _Play) -> None:
    if play.question.plan is None:
        raise Refusal("not_offered", _("This term is not offered for your subscription."))
    change_term(subscription=_fresh(play), plan=play.question.plan, confirmed=None, now=play.now, by=play.account)


def _fresh(play: _Play) -> Subscription:
    return Subscription.objects.get(pk=play.subscription.pk)


_ACTS: dict[Act, Callable[[_Play], Any]] = {
    Act.NOTHING: lambda play: None,
    Act.DECLINED: lambda play: None,
    Act.CANCEL: lambda play: cancel(subscription=_fresh(play), confirmed=None, now=play.now, by=play.account),
    Act.WITHDRAW: lambda play: withdraw(subscription=_fresh(play), confirmed=None, now=play.now, by=play.account),
    Act.REMOVE: _remove,
    Act.TERM: _change_term,
}
