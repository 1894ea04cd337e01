"""Playing stories: the jobs run at 06:00 and 18:00, the customers act at 12:00, all on the market's clock."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time

from django.db.models import Max

from portal import outbox
from portal.models import AuditRecord, Market, OutboxMessage
from portal.refusals import Refusal
from subscriptions.actions.refund import send_refund
from subscriptions.actions.run import charging_run
from subscriptions.actions.warn_cards import card_days
from subscriptions.gateway.port import ProviderDown
from subscriptions.gateway.sandbox.in_process import InProcessGateway
from subscriptions.models import Payment, Refund, Subscription
from subscriptions.rehearsal.cast import Cast
from subscriptions.rehearsal.days import ACTS_AT, RUNS_AT, busy_days, tomorrow
from subscriptions.rehearsal.ledger import Line, in_ledger_order, line_of, refused_line
from subscriptions.rehearsal.story import Event, Story
from subscriptions.rules.lifecycle import OPEN_PAYMENTS, RefundStatus


class Clock:
    """The story's own clock, which the provider reads too."""

    def __init__(self) -> None:
        self.now: datetime | None = None

    def __call__(self) -> datetime:
        if self.now is None:
            raise RuntimeError("the story has not begun")
        return self.now


def play(
    stories: list[Story], *, gateway: InProcessGateway, clock: Clock, skips_idle_days: bool = True
) -> Iterator[Line]:
    """Plays stories of one market side by side in the current database; yields the ledger line by line.

    Days on which nothing can be due are skipped, unless told otherwise; the ledger is the same.
    """
    market = Market.objects.get(code=stories[0].market)
    if stories[0].order_ahead_days is not None:
        market.order_ahead_days = stories[0].order_ahead_days
        market.save(update_fields=["order_ahead_days"])
    stage = _Stage(stories, market=market, gateway=gateway, clock=clock)
    with outbox.asleep():
        yield from stage.days(stage.next_busy_day if skips_idle_days else tomorrow)


class _Stage:
    def __init__(self, stories: list[Story], *, market: Market, gateway: InProcessGateway, clock: Clock) -> None:
        self.stories, self.market, self.gateway, self.clock = stories, market, gateway, clock
        self.casts: dict[str, Cast] = {}
        # What the evening's run did may be due to be told of in the next one.
        self.is_followed_up = False
        self.seen = AuditRecord.objects.aggregate(last=Max("id"))["last"] or 0

    def days(self, next_day: Callable[[date], date]) -> Iterator[Line]:
        day = min(story.starts_on for story in self.stories)
        until = max(story.until for story in self.stories)
        while day <= until:
            yield from self.day(day)
            day = next_day(day)

    def day(self, day: date) -> Iterator[Line]:
        morning, evening = RUNS_AT
        yield from self.run(day, morning)
        for story in self.stories:
            for event in story.events:
                if event.on == day:
                    yield from self.act(story, event)
        yield from self.run(day, evening)

    def run(self, day: date, at: time) -> Iterator[Line]:
        if self.is_outage(day):
            return
        now = self.set_clock(day, at)
        charging_run(market=self.market, now=now, gateway=self.gateway)
        self.deliver(now)
        lines = list(self.new_lines(is_act=False))
        self.is_followed_up = bool(lines)
        yield from lines

    def is_outage(self, day: date) -> bool:
        return any(story.is_outage(day) for story in self.stories)

    def act(self, story: Story, event: Event) -> Iterator[Line]:
        if event.do == "jobs stop":
            return
        now = self.set_clock(event.on, ACTS_AT)
        cast = self.cast_of(story, now)
        refused: Line | None = None
        try:
            cast.act(event, now=now)
        except Refusal as refusal:
            refused = refused_line(on=event.on.isoformat(), do=event.do, code=refusal.code)
        self.deliver(now)
        yield from self.new_lines(is_act=True)
        if refused:
            yield self.labelled(refused, story)

    def cast_of(self, story: Story, now: datetime) -> Cast:
        if story.name not in self.casts:
            self.casts[story.name] = Cast.enter(story, market=self.market, gateway=self.gateway, now=now)
        return self.casts[story.name]

    def set_clock(self, day: date, at: time) -> datetime:
        self.clock.now = datetime.combine(day, at, tzinfo=self.market.zone)
        return self.clock.now

    def deliver(self, now: datetime) -> None:
        """What a worker would do at once, on the story's clock; mails stay in the outbox."""
        waiting = OutboxMessage.objects.filter(handler__in=["refund", "forget_card"], done_at__isnull=True)
        for message in waiting.order_by("pk"):
            try:
                self.handle(message, now)
            except ProviderDown:
                continue
            OutboxMessage.objects.filter(pk=message.pk).update(done_at=now)

    def handle(self, message: OutboxMessage, now: datetime) -> None:
        if message.handler == "refund":
            send_refund(refund_id=message.payload["refund_id"], now=now, gateway=self.gateway)
        else:
            self.gateway.forget_card(card_ref=message.payload["card_ref"])

    def new_lines(self, *, is_act: bool) -> Iterator[Line]:
        casts = {cast.account.pk: (story, cast) for story, cast in self.by_story()}
        records = list(AuditRecord.objects.filter(id__gt=self.seen).order_by("id"))
        if not records:
            return
        self.seen = records[-1].pk
        for record in in_ledger_order(records, is_act=is_act):
            if record.account_id in casts:
                story, cast = casts[record.account_id]
                yield self.labelled(line_of(record, cast.card_names), story)

    def by_story(self) -> list[tuple[Story, Cast]]:
        return [(story, self.casts[story.name]) for story in self.stories if story.name in self.casts]

    def labelled(self, line: Line, story: Story) -> Line:
        return {"story": story.name, **line} if len(self.stories) > 1 else line

    def next_busy_day(self, day: date) -> date:
        """The first day after `day` with an act, or with something that a run could find to do."""
        if self.is_followed_up:
            return tomorrow(day)
        busy = [event.on for story in self.stories for event in story.events]
        busy += [stop.values["until"] for story in self.stories for stop in story.events if stop.do == "jobs stop"]
        busy += [] if self.is_outage(day) else self.due_days(day)
        return min((each for each in busy if each > day), default=date.max)

    def due_days(self, day: date) -> list[date]:
        """Days of the jobs as the rules have them, those that are past but open as tomorrow."""
        if self.is_waiting_for_provider():
            return [tomorrow(day)]
        live = Subscription.objects.live().filter(market=self.market)
        of_subscriptions = [busy for subscription in live for busy in busy_days(subscription, after=day)]
        return of_subscriptions + card_days(self.market)

    def is_waiting_for_provider(self) -> bool:
        open_payments = Payment.objects.filter(status__in=sorted(OPEN_PAYMENTS))
        # One that was rejected stays so until an act of the story, whose day is played.
        open_refunds = Refund.objects.filter(status=RefundStatus.PROMISED)
        return open_payments.exists() or open_refunds.exists()
