"""The sandbox payment provider: what its pages, its HTTP interface and rehearsals all act on.

It keeps no card number, and every method is one transaction: safe for many threads on one provider, and for many
processes that each open a provider on the same file. It knows nothing of Django.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from subscriptions.gateway.port import (
    Charged,
    ChargeOutcome,
    ChargeRecord,
    DisputeStanding,
    NeedsAuthentication,
    OutcomeUnknown,
    Refunded,
    RefundOutcome,
    SetupOutcome,
)
from subscriptions.gateway.sandbox import confirmations, disputes, events, idempotency, payments, setups, wire
from subscriptions.gateway.sandbox.cards import Behaviour, RefundBehaviour
from subscriptions.gateway.sandbox.events import Delivery, KeptEvent
from subscriptions.gateway.sandbox.state import State

CHARGES_PER_PAGE = 100


@dataclass(frozen=True, kw_only=True)
class SetupView:
    """What the pages need to know of a setup; stage: open, authenticating, added or failed."""

    stage: str
    language: str
    return_url: str
    brand: str
    last4: str


@dataclass(frozen=True, kw_only=True)
class ConfirmationView:
    """What the page of a charge that waits for its customer shows; amounts have two places."""

    is_open: bool
    language: str
    return_url: str
    brand: str
    last4: str
    amount: Decimal
    currency: str
    description: str


class SandboxProvider:
    def __init__(
        self, path: Path | str = ":memory:", *, clock: Callable[[], datetime], return_origins: Iterable[str] = ()
    ) -> None:
        """`clock` returns an aware moment in the zone whose dates decide a card's expiry; `return_origins` are the
        origins (`https://portal.example`) to which a customer may be sent back."""
        self.clock = clock
        self.return_origins = frozenset(return_origins)
        self._state = State(path)

    def close(self) -> None:
        self._state.close()

    # Adding a card

    def begin_card_setup(self, *, key: str, customer_ref: str, return_url: str, language: str) -> str:
        """The reference of a new setup, or the one that the key was given before."""
        setups.check_return_url(return_url, return_origins=self.return_origins)
        request = [customer_ref, return_url]
        with self._state.transaction() as db:
            setup_ref: str | None = idempotency.earlier_answer(db, key=key, method="setup", request=request)
            if setup_ref is None:
                created_at = self.clock().isoformat()
                setup_ref = setups.open_setup(
                    db, customer_ref=customer_ref, return_url=return_url, language=language, created_at=created_at
                )
                idempotency.keep_answer(db, key=key, method="setup", request=request, answer=setup_ref)
        return setup_ref

    def card_setup(self, *, setup_ref: str) -> SetupOutcome:
        with self._state.transaction() as db:
            return setups.setup_outcome(db, setup_ref)

    def view_setup(self, setup_ref: str) -> SetupView:
        with self._state.transaction() as db:
            setup = setups.find_setup(db, setup_ref)
            card = setups.find_card(db, setup["card_ref"]) if setup["card_ref"] else {"brand": "", "last4": ""}
            seen = {name: setup[name] for name in ("stage", "language", "return_url")}
            return SetupView(**seen, brand=card["brand"], last4=card["last4"])

    def enter_card(
        self, *, setup_ref: str, number: str, exp_month: int, exp_year: int, behaviour: Behaviour | None = None
    ) -> None:
        """Takes the card (digits only) into an open setup. Left out, `behaviour` is the test number's own."""
        with self._state.transaction() as db:
            setups.enter_card(
                db, setup_ref=setup_ref, number=number, exp_month=exp_month, exp_year=exp_year, behaviour=behaviour
            )

    def authenticate(self, *, setup_ref: str, is_confirmed: bool) -> None:
        """The customer's answer at the 3-D Secure step (W2)."""
        today = self.clock().date()
        with self._state.transaction() as db:
            setups.authenticate(db, setup_ref=setup_ref, is_confirmed=is_confirmed, today=today)

    def cancel_setup(self, *, setup_ref: str) -> None:
        with self._state.transaction() as db:
            setups.fail(db, setup_ref=setup_ref, reason="cancelled")

    def complete_setup(
        self,
        *,
        setup_ref: str,
        number: str,
        exp_month: int,
        exp_year: int,
        behaviour: Behaviour | None = None,
        authenticate: bool = True,
    ) -> SetupOutcome:
        """Does what the customer does on the pages, for rehearsals and tests."""
        self.enter_card(setup_ref=setup_ref, number=number, exp_month=exp_month, exp_year=exp_year, behaviour=behaviour)
        self.authenticate(setup_ref=setup_ref, is_confirmed=authenticate)
        return self.card_setup(setup_ref=setup_ref)

    def forget_card(self, *, card_ref: str) -> None:
        with self._state.transaction() as db:
            setups.find_card(db, card_ref)
            db.execute("UPDATE cards SET is_usable = 0 WHERE card_ref = ?", (card_ref,))

    # Moving money

    def charge(self, *, key: str, card_ref: str, amount: Decimal, currency: str, description: str) -> ChargeOutcome:
        """As the port says; a decline too is given again to the same key, so a new attempt needs a new key."""
        return self._charge(key=key, card_ref=card_ref, amount=amount, currency=currency, description=description)

    def charge_present(
        self,
        *,
        key: str,
        card_ref: str,
        amount: Decimal,
        currency: str,
        description: str,
        return_url: str,
        language: str,
    ) -> ChargeOutcome:
        """As the port says; the address of the page is its path, which the callers put behind their origin."""
        setups.check_return_url(return_url, return_origins=self.return_origins)
        self._give_up_if_too_late(key)
        return self._charge(
            key=key,
            card_ref=card_ref,
            amount=amount,
            currency=currency,
            description=description,
            way_back={"return_url": return_url, "language": language},
        )

    def _charge(
        self,
        *,
        key: str,
        card_ref: str,
        amount: Decimal,
        currency: str,
        description: str,
        way_back: dict[str, str] | None = None,
    ) -> ChargeOutcome:
        request = [card_ref, str(payments.to_cents(amount)), currency]
        order = payments.Order(key=key, amount=amount, currency=currency, description=description, now=self.clock())
        with self._state.transaction() as db:
            answer = idempotency.earlier_answer(db, key=key, method="charge", request=request)
            fault = "" if answer else payments.take_fault(db, card_ref)
            if answer is None and fault != "timeout_not_charged":
                outcome = payments.charge(db, card_ref=card_ref, order=order)
                if way_back and isinstance(outcome, NeedsAuthentication):
                    outcome = confirmations.open_confirmation(db, card_ref=card_ref, order=order, **way_back)
                answer = wire.encode(outcome)
                idempotency.keep_answer(db, key=key, method="charge", request=request, answer=answer)
                kind = "charge.succeeded" if isinstance(outcome, Charged) else "charge.declined"
                events.keep(db, kind=kind, key=key, now=order.now)
        if fault:
            raise OutcomeUnknown("The provider did not answer.")
        return wire.charge_outcome(answer)

    def _give_up_if_too_late(self, key: str) -> None:
        with self._state.transaction() as db:
            confirmations.give_up_if_too_late(db, key=key, now=self.clock())

    def find_charge(self, *, key: str) -> ChargeOutcome | None:
        self._give_up_if_too_late(key)
        with self._state.transaction() as db:
            answer = idempotency.answer_by_key(db, key=key, method="charge")
        return answer and wire.charge_outcome(answer)

    def view_confirmation(self, confirmation_ref: str) -> ConfirmationView:
        with self._state.transaction() as db:
            row = confirmations.find_confirmation(db, confirmation_ref)
            confirmations.give_up_if_too_late(db, key=row["key"], now=self.clock())
            row = confirmations.find_confirmation(db, confirmation_ref)
            card = setups.find_card(db, row["card_ref"])
        seen = {name: row[name] for name in ("language", "return_url", "currency", "description")}
        about_card = {name: card[name] for name in ("brand", "last4")}
        return ConfirmationView(
            **seen, **about_card, is_open=bool(row["is_open"]), amount=payments.to_amount(row["cents"])
        )

    def confirm_charge(self, *, confirmation_ref: str, is_confirmed: bool) -> None:
        """The customer's answer to the bank (P8); a second one changes nothing."""
        now = self.clock()
        with self._state.transaction() as db:
            confirmations.answer(db, confirmation_ref=confirmation_ref, is_confirmed=is_confirmed, now=now)

    def refund(self, *, key: str, charge_ref: str, amount: Decimal, currency: str) -> RefundOutcome:
        """As the port says; a rejection too is given again to the same key."""
        request = [charge_ref, str(payments.to_cents(amount)), currency]
        order = payments.Order(key=key, amount=amount, currency=currency, now=self.clock())
        with self._state.transaction() as db:
            answer = idempotency.earlier_answer(db, key=key, method="refund", request=request)
            if answer is None:
                outcome = payments.refund(db, charge_ref=charge_ref, order=order)
                answer = wire.encode(outcome)
                idempotency.keep_answer(db, key=key, method="refund", request=request, answer=answer)
                kind = "refund.succeeded" if isinstance(outcome, Refunded) else "refund.rejected"
                events.keep(db, kind=kind, key=key, now=order.now)
        return wire.refund_outcome(answer)

    def find_refund(self, *, key: str) -> RefundOutcome | None:
        with self._state.transaction() as db:
            answer = idempotency.answer_by_key(db, key=key, method="refund")
        return answer and wire.refund_outcome(answer)

    def charges(self, *, since: datetime | None = None, after: str = "", limit: int = -1) -> list[ChargeRecord]:
        """The provider's own list, oldest first, after the charge reference `after`; at most `limit`, -1 for all."""
        with self._state.transaction() as db:
            return payments.charge_records(db, since=since, after=after, limit=limit)

    # Disputes

    def find_dispute(self, *, dispute_ref: str) -> DisputeStanding | None:
        with self._state.transaction() as db:
            return disputes.find_dispute(db, dispute_ref)

    def disputes(self, *, since: datetime) -> list[DisputeStanding]:
        with self._state.transaction() as db:
            return disputes.disputes(db, since=since)

    def open_dispute(self, *, charge_ref: str) -> str:
        """Does what the customer's bank does; the reference of the dispute."""
        now = self.clock()
        with self._state.transaction() as db:
            dispute_ref = disputes.open_dispute(db, charge_ref=charge_ref, now=now)
            events.keep(db, kind="dispute.opened", key=dispute_ref, now=now)
        return dispute_ref

    def decide_dispute(self, *, dispute_ref: str, state: str) -> None:
        """The bank decides: `won` or `lost`, as seen from the seller."""
        now = self.clock()
        with self._state.transaction() as db:
            if disputes.decide(db, dispute_ref=dispute_ref, state=state):
                events.keep(db, kind=f"dispute.{state}", key=dispute_ref, now=now)

    # Events, and how they are delivered

    def events(self) -> list[KeptEvent]:
        with self._state.transaction() as db:
            return events.all_events(db)

    def events_waiting(self) -> list[KeptEvent]:
        now = self.clock()
        with self._state.transaction() as db:
            return events.waiting(db, now=now)

    def mark_event_done(self, event: KeptEvent) -> None:
        with self._state.transaction() as db:
            events.mark_done(db, event.event_id)

    def put_event_back(self, event: KeptEvent) -> None:
        now = self.clock()
        with self._state.transaction() as db:
            events.put_back(db, event, now=now)

    def delivery(self) -> str:
        with self._state.transaction() as db:
            return events.delivery(db)

    def set_delivery(self, *, delivery: Delivery) -> None:
        with self._state.transaction() as db:
            events.set_delivery(db, delivery)

    # What a customer of a sandbox may change about a test card

    def set_behaviour(self, *, card_ref: str, behaviour: Behaviour) -> None:
        """How the card answers from now on; the two timeouts hold for the next call only."""
        with self._state.transaction() as db:
            payments.set_behaviour(db, card_ref, behaviour)

    def set_refund_behaviour(self, *, card_ref: str, behaviour: RefundBehaviour) -> None:
        with self._state.transaction() as db:
            payments.set_refund_behaviour(db, card_ref, behaviour)
