"""Follows a ledger moment by moment and reckons each line once more; what does not follow from the rules fails."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from subscriptions.rehearsal.ledger import CODES, Line
from subscriptions.rehearsal.play import Clock
from subscriptions.rehearsal.story import Event, Story
from tests.stories.own_sums import MONTHS, NOTHING, Contract, Paid, months_after, net

NOON = 12
ATTEMPTS = {"charged", "declined", "not tried", "failed", "unknown"}


@dataclass
class Moment:
    """One run of the jobs, or one act of the customer, with what it wrote."""

    at: datetime
    act: Event | None = None
    lines: list[Line] = field(default_factory=list)

    @property
    def on(self) -> date:
        return self.at.date()

    @property
    def is_removal(self) -> bool:
        return self.act is not None and self.act.do == "remove vehicle"


class RecordingClock(Clock):
    """The story's clock, which remembers each moment at which it was set: all runs, also those that wrote nothing."""

    def __init__(self, story: Story) -> None:
        self.moments: list[Moment] = []
        self._acts = iter([event for event in story.events if event.do != "jobs stop"])

    @property
    def now(self) -> datetime | None:
        return self.moments[-1].at if self.moments else None

    @now.setter
    def now(self, at: datetime) -> None:
        self.moments.append(Moment(at, next(self._acts) if at.hour == NOON else None))

    def record(self, lines: Iterator[Line]) -> list[Line]:
        ledger = []
        for line in lines:
            self.moments[-1].lines.append(line)
            ledger.append(line)
        return ledger


class Follower:
    def __init__(self, story: Story) -> None:
        self.story, self.packages = story, story.packages or {}
        self.contracts: dict[str, list[Contract]] = {package: [] for package in self.packages}
        self.trials: set[str] = set()
        # Without an answer yet: package, attempt, card, and the contract, which an order has not.
        self.unanswered: list[tuple[str, int, str, Contract | None]] = []
        self.owed: list[tuple[str, Paid, Decimal]] = []
        self.right_used_in: Moment | None = None
        self.numbers: Counter[str] = Counter()
        self.told: Counter[str] = Counter()
        self.last_invoiced: Paid | None = None
        self.is_rejecting = any(event.values.get("behaves") == "rejected" for event in story.events)

    def follow(self, moments: list[Moment]) -> None:
        for moment in moments:
            # The order in which an act prints is not the one in which things follow from each other.
            for line in sorted(moment.lines, key=lambda line: line["what"] in {"refunded", "credit note"}):
                assert line["on"] == moment.on.isoformat()
                getattr(self, "meet_" + line["what"].replace(" ", "_"))(moment, line)
            if moment.act is None:
                self.check_run(moment)
        self.check_told()
        assert self.is_rejecting or not self.owed, f"never paid back: {self.owed}"

    # Orders

    def live(self) -> list[Contract]:
        return [contract for each in self.contracts.values() for contract in each if contract.ended_on is None]

    def running(self, package: str) -> Contract:
        live = [contract for contract in self.contracts[package] if contract.ended_on is None]
        # What was ordered ahead stands beside the free period that it follows (C4).
        live = [contract for contract in live if not contract.is_free] or live
        assert len(live) == 1, f"{len(live)} contracts of {package} run"
        return live[0]

    def free_until(self, package: str) -> date | None:
        """C4: the end of the free period, taken up or not."""
        start, months = self.story.car.warranty_start, self.packages[package].complimentary_months
        count = months.get(self.story.car.multimedia, months.get("default", 0))
        return months_after(start, count) if start and count else None

    def starts_on(self, package: str, today: date) -> date:
        """Today, or the end of the free period where that is near enough (C4)."""
        free_until = self.free_until(package)
        if free_until is None or free_until <= today:
            return today
        assert free_until <= today + timedelta(days=self.story.order_ahead_days or 0), "ordered while it is free"
        return free_until

    def meet_subscribed(self, moment: Moment, line: Line) -> None:
        package, first = line["package"], date.fromisoformat(line["first_charge_on"])
        spec = self.packages[package]
        has_trial = spec.trial and package not in self.trials
        starts_on = self.starts_on(package, moment.on)
        activated_on = starts_on if has_trial else first
        assert line["trial"] == has_trial
        assert first == (months_after(starts_on, 1) if has_trial else first)
        assert moment.act is None or activated_on == starts_on
        assert line["price"] == str(spec.prices[line["term"]])
        in_the_way = [each for each in self.contracts[package] if each.ended_on is None]
        assert not in_the_way or (starts_on > moment.on and in_the_way[0].is_free)
        if spec.needs:
            base = self.running(spec.needs)
            assert base.is_free or base.ends_on is None
        self.trials |= {package} if has_trial else set()
        contract = Contract(package, activated_on, int(has_trial), MONTHS[line["term"]], Decimal(line["price"]))
        self.contracts[package].append(contract)
        # Its order waited without a contract; now the answer is this one's.
        self.unanswered = [
            (*each[:3], contract) if each[0] == package and each[3] is None else each for each in self.unanswered
        ]

    def meet_activated(self, moment: Moment, line: Line) -> None:
        package, start, ends_on = line["package"], self.story.car.warranty_start, self.free_until(line["package"])
        assert start is not None
        assert ends_on is not None
        assert start <= moment.on < ends_on == date.fromisoformat(line["ends_on"])
        running = [each for each in self.contracts[package] if each.ended_on is None]
        assert not [each for each in running if each.activated_on <= moment.on]
        self.contracts[package].append(Contract(package, moment.on, 0, 0, NOTHING, is_free=True, ends_on=ends_on))

    # Attempts

    def meet_charged(self, moment: Moment, line: Line) -> None:
        package, card, attempt = line["package"], line["card"], line["attempt"]
        answered = [each for each in self.unanswered if each[:3] == (package, attempt, card)]
        live = [contract for contract in self.contracts[package] if contract.ended_on is None]
        period = (date.fromisoformat(line["from"]), date.fromisoformat(line["to"]))
        contract = next((each for each in live if (each.due_on, each.starts(len(each.paid) + 1)) == period), None)
        if answered:
            self.unanswered.remove(next((each for each in answered if each[3] is contract), answered[0]))
        payment = Paid(moment.on, Decimal(line["amount"]), card)
        self.last_invoiced = payment
        if contract is None or (contract.ends_on and contract.ends_on <= moment.on):
            assert answered, "charged for nothing that runs"
            self.owed.append((package, payment, payment.amount))
            payment.refunded = payment.amount
            return
        assert moment.on >= contract.due_on
        assert payment.amount == contract.price
        assert answered or contract.ends_on is None, "charged after it was cancelled"
        if not answered:
            self.check_attempt(moment, contract, line)
        contract.paid.append(payment)
        contract.tries = 0

    def check_attempt(self, moment: Moment, contract: Contract, line: Line) -> None:
        is_between = moment.act is not None and moment.act.do == "pay now"
        is_order = moment.act is not None and moment.act.do == "subscribe"
        assert contract.ends_on is None, "tried although it has its end"
        assert moment.act is None or is_between or is_order, "tried by another act"
        assert line["attempt"] == contract.tries + (not is_between)
        assert moment.on >= contract.due_on
        if moment.act is None:
            assert contract.tried_on is None or contract.tries == 0 or contract.tried_on < moment.on

    def meet_declined(self, moment: Moment, line: Line) -> None:
        if self.is_of_order(moment, line):
            assert line["attempt"] == 1
            return
        contract = self.running(line["package"])
        resent = [each for each in self.unanswered if each[3] is contract and each[1] == line["attempt"]]
        if resent:
            self.unanswered.remove(resent[0])
        else:
            self.check_attempt(moment, contract, line)
        if line["attempt"] > contract.tries:
            contract.tries, contract.tried_on = line["attempt"], moment.on
        self.told["failures"] += 1

    def is_of_order(self, moment: Moment, line: Line) -> bool:
        is_order = moment.act is not None and moment.act.do == "subscribe"
        return is_order and [each["what"] for each in moment.lines if each["what"] != "ended"][-1] == "refused"

    meet_not_tried = meet_declined

    def meet_failed(self, moment: Moment, line: Line) -> None:
        contract = self.running(line["package"])
        resent = [each for each in self.unanswered if each[3] is contract]
        if resent:
            self.unanswered.remove(resent[0])
        else:
            self.check_attempt(moment, contract, line)
        assert (moment.on, line["card"]) not in contract.failed, "said twice a day"
        contract.failed.add((moment.on, line["card"]))

    def meet_unknown(self, moment: Moment, line: Line) -> None:
        is_order = moment.act is not None and moment.act.do == "subscribe"
        contract = None if is_order else self.running(line["package"])
        if contract:
            again = [each for each in self.unanswered if each[3] is contract]
            self.unanswered = [each for each in self.unanswered if each not in again]
            if not again:
                self.check_attempt(moment, contract, line)
        self.unanswered.append((line["package"], line["attempt"], line["card"], contract))

    # Ends

    def meet_cancelled(self, moment: Moment, line: Line) -> None:
        contract = self.running(line["package"])
        assert not contract.was_cancelled, "cancelled twice"
        quote = self.quote(moment, contract)
        assert (line["ends_on"], line["refund"]) == (quote[0].isoformat(), str(quote[1]))
        self.set_end(moment, contract, quote)

    def quote(self, moment: Moment, contract: Contract) -> tuple[date, Decimal]:
        if moment.is_removal:
            return contract.end_at_once(moment.on, right_used=self.is_right_used(moment))
        if moment.act and moment.act.do == "cancel" and moment.act.values["package"] == contract.package:
            return contract.own_end(moment.on)
        base_ends_on = self.base_end(moment, contract)
        assert base_ends_on, f"{contract.package} was cancelled by nobody"
        return contract.end_with_base(moment.on, base_ends_on=base_ends_on, right_used=self.is_right_used(moment))

    def base_end(self, moment: Moment, contract: Contract) -> date | None:
        """The end that the base got, or met, in this moment."""
        base = self.packages[contract.package].needs
        for line in moment.lines:
            if line.get("package") == base and line["what"] in {"cancelled", "withdrawn", "ended"}:
                return date.fromisoformat(line.get("ends_on", line["on"]))
        return None

    def set_end(self, moment: Moment, contract: Contract, quote: tuple[date, Decimal]) -> None:
        contract.ends_on, refund = quote
        if contract.trial_months and contract.ends_on < contract.activated_on:
            # Given up before it began: the free month was not had (S3).
            self.trials.remove(contract.package)
        if refund > 0:
            self.owe(contract, refund)
            if moment.is_removal or contract.ends_on == moment.on:
                self.note_right(moment, contract, refund)

    def note_right(self, moment: Moment, contract: Contract, refund: Decimal) -> None:
        """X5's refund within another end uses the right up; one that a plain cancellation gives does not."""
        is_own = moment.act and moment.act.do == "cancel" and moment.act.values["package"] == contract.package
        is_whole = contract.may_withdraw(moment.on) and refund == contract.paid[0].amount
        if is_whole and not is_own and not self.is_right_used(moment):
            self.right_used_in = moment

    def owe(self, contract: Contract, refund: Decimal) -> None:
        payment = contract.paid[-1]
        payment.refunded += refund
        assert payment.refunded <= payment.amount
        self.owed.append((contract.package, payment, refund))

    def is_right_used(self, moment: Moment) -> bool:
        return self.right_used_in not in (None, moment)

    def meet_withdrawn(self, moment: Moment, line: Line) -> None:
        contract = self.running(line["package"])
        assert contract.may_withdraw(moment.on)
        refund = contract.paid[0].amount - contract.paid[0].refunded if contract.paid else NOTHING
        assert line["refund"] == str(refund)
        contract.ends_on = moment.on
        if refund > 0:
            assert not self.is_right_used(moment)
            self.right_used_in = moment
            self.owe(contract, refund)

    def meet_cancel_undone(self, moment: Moment, line: Line) -> None:
        contract = self.running(line["package"])
        assert contract.was_cancelled
        assert contract.ends_on
        assert contract.ends_on > moment.on
        assert not contract.paid or contract.paid[-1].refunded == 0
        contract.ends_on = None

    def meet_ended(self, moment: Moment, line: Line) -> None:
        reason = line["reason"]
        live = [each for each in self.contracts[line["package"]] if each.ended_on is None and each.is_free]
        contract = live[0] if reason == "expired" else self.running(line["package"])
        if reason == "payment_failed":
            assert contract.tries == 3
            contract.ends_on = moment.on
        is_early = contract.ends_on and contract.ends_on > moment.on
        if is_early and contract.was_cancelled:
            # Cancelled before, so no line says so again: brought forward, by a removal or by a base that ends at once.
            quote = contract.end_at_once(moment.on, right_used=self.is_right_used(moment))
            self.set_end(moment, contract, quote)
        assert reason in {"vehicle_removed", "base_ended"} or not is_early
        assert contract.ends_on
        assert contract.ends_on <= moment.on
        contract.ended_on = moment.on

    # Money back, and documents

    def meet_refunded(self, moment: Moment, line: Line) -> None:
        due = [each for each in self.owed if (each[0], each[1].card, str(each[2])) == _key(line)]
        assert due, f"paid back without a reason: {line}"
        self.owed.remove(due[0])
        note = self.note_of(moment, line)
        assert note["gross"] == line["amount"]
        payment = next(each[1] for each in due if each[1].invoice == note["invoice"])
        payment.noted += due[0][2]
        assert payment.noted <= payment.refunded <= payment.amount

    def note_of(self, moment: Moment, line: Line) -> Line:
        refunds = [each for each in moment.lines if each["what"] == "refunded"]
        notes = [each for each in moment.lines if each["what"] == "credit note"]
        assert len(notes) == len(refunds)
        return notes[[each is line for each in refunds].index(True)]

    def meet_credit_note(self, moment: Moment, line: Line) -> None:
        self.check_document(moment, line, prefix="CN-CY")

    def meet_invoice(self, moment: Moment, line: Line) -> None:
        assert self.last_invoiced is not None
        assert line["gross"] == str(self.last_invoiced.amount)
        self.last_invoiced.invoice = line["number"]
        self.last_invoiced = None
        self.check_document(moment, line, prefix="CY")

    def check_document(self, moment: Moment, line: Line, *, prefix: str) -> None:
        series = f"{prefix}-{moment.on.year}"
        self.numbers[series] += 1
        self.told[line["what"]] += 1
        assert line["number"] == f"{series}-{self.numbers[series]:06}"
        gross = Decimal(line["gross"])
        assert (line["net"], line["vat"]) == (str(net(gross)), str(gross - net(gross)))

    # What was said, and what a run leaves

    def meet_refused(self, moment: Moment, line: Line) -> None:
        assert line["code"] in CODES
        if moment.act is None:
            waiting = next(each for each in self.unanswered if each[3] is None)
            self.unanswered.remove(waiting)

    def meet_notice(self, moment: Moment, line: Line) -> None:
        self.told[f"notice {line['kind']}"] += 1
        if line["kind"] in {"trial_ending", "charge_upcoming"}:
            contract = self.running(line["package"])
            assert contract.ends_on is None
            assert moment.on < contract.due_on <= moment.on + timedelta(days=60)

    def check_told(self) -> None:
        assert self.told["notice invoice_issued"] == self.told["invoice"]
        assert self.told["notice credit_note_issued"] == self.told["credit note"]
        failures = self.told["notice payment_failed"] + self.told["notice authentication_needed"]
        assert failures == self.told["failures"]

    def check_run(self, moment: Moment) -> None:
        """Nothing that was due is left: every end that has come is met, every charge that is due was tried."""
        for contract in self.live():
            assert contract.ends_on is None or contract.ends_on > moment.on, f"{contract.package} goes on"
            if contract.ends_on is None and contract.due_on <= moment.on:
                is_waiting = any(each[3] is contract for each in self.unanswered)
                has_failed = any(on == moment.on for on, _card in contract.failed)
                assert contract.tried_on == moment.on or is_waiting or has_failed, f"{contract.package} is not charged"


def _key(line: Line) -> tuple[Any, ...]:
    return line["package"], line["card"], line["amount"]
