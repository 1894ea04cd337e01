"""The states of a subscription and of a payment, and the moves between them (law 6)."""

from enum import StrEnum


class Status(StrEnum):
    # Ordered ahead: it starts on its activation date, the end of the free period, and costs nothing before.
    SCHEDULED = "scheduled"
    # Ordered without a trial; what became of the first charge is not known yet (S11, P4).
    PENDING = "pending"
    COMPLIMENTARY = "complimentary"
    TRIAL = "trial"
    PAID = "paid"
    # A due charge was declined; the service stays on while it is tried again (P2).
    PAST_DUE = "past_due"
    ENDED = "ended"
    # The first charge was refused: nothing was activated and nothing is owed (S11).
    ABANDONED = "abandoned"


LIVE = frozenset(Status) - {Status.ENDED, Status.ABANDONED}
# Those that stand: an order that the bank has not answered may come to nothing.
CONCLUDED = LIVE - {Status.PENDING}
# Those whose service is on.
IN_SERVICE = CONCLUDED - {Status.SCHEDULED}
# Those that the scheduled jobs may charge.
CHARGEABLE = frozenset({Status.TRIAL, Status.PAID, Status.PAST_DUE})
# Those that will be charged, as things stand.
TO_BE_CHARGED = CHARGEABLE | {Status.SCHEDULED}

MOVES: dict[Status, frozenset[Status]] = {
    # It starts with its free month, or with its first charge due.
    Status.SCHEDULED: frozenset({Status.TRIAL, Status.PAID, Status.ENDED}),
    Status.PENDING: frozenset({Status.PAID, Status.ABANDONED}),
    Status.COMPLIMENTARY: frozenset({Status.ENDED}),
    Status.TRIAL: frozenset({Status.PAID, Status.PAST_DUE, Status.ENDED}),
    Status.PAID: frozenset({Status.PAST_DUE, Status.ENDED}),
    Status.PAST_DUE: frozenset({Status.PAID, Status.ENDED}),
    Status.ENDED: frozenset(),
    Status.ABANDONED: frozenset(),
}


class IllegalMove(Exception):
    """The table does not allow this move: a programming error, never a customer's."""


def check_move(current: Status, new: Status) -> None:
    """Raises `IllegalMove` unless the table allows the move; staying is always allowed for live states."""
    if new != current and new not in MOVES[current]:
        raise IllegalMove(f"{current} -> {new}")
    if new == current and not MOVES[current]:
        raise IllegalMove(f"{current} is final")


class PaymentStatus(StrEnum):
    # Saved before the provider is called.
    STARTED = "started"
    # The provider may or may not have charged: it is asked under the same key until known (P4).
    UNKNOWN = "unknown"
    SUCCEEDED = "succeeded"
    DECLINED = "declined"
    # The provider did nothing; the same key is sent again in a later run (P7).
    FAILED = "failed"


OPEN_PAYMENTS = frozenset({PaymentStatus.STARTED, PaymentStatus.UNKNOWN})
# Reasons of a decline after which the card is not charged again without its customer (P8).
TO_CONFIRM = frozenset({"needs_authentication", "authentication_failed"})
# Why a payment failed whose key must not be sent again: the provider only repeats its own failure under it.
KEY_SPENT = "key_spent"


class RefundStatus(StrEnum):
    PROMISED = "promised"
    SUCCEEDED = "succeeded"
    # The provider said no: tried again in later runs, and a work item for the customer centre (X6).
    REJECTED = "rejected"
    # Never sent: the bank took the payment back by a dispute, which gave the customer more than this would have (P10).
    REPLACED = "replaced"


class RefundChannel(StrEnum):
    """The way the money went back."""

    CARD = "card"
    # By finance, recorded by two persons, where the provider will not pay the card (X6).
    TRANSFER = "transfer"


class DisputeState(StrEnum):
    """As seen from the seller: `lost` means that the money is with the customer (P10)."""

    OPENED = "opened"
    WON = "won"
    LOST = "lost"


DISPUTE_MOVES: dict[DisputeState, frozenset[DisputeState]] = {
    DisputeState.OPENED: frozenset({DisputeState.WON, DisputeState.LOST}),
    DisputeState.WON: frozenset(),
    DisputeState.LOST: frozenset(),
}


def check_dispute_move(current: DisputeState, new: DisputeState) -> None:
    """Raises `IllegalMove` unless the table allows it: what a bank has decided stands."""
    if new not in DISPUTE_MOVES[current]:
        raise IllegalMove(f"{current} -> {new}")


class EndReason(StrEnum):
    CANCELLED = "cancelled"
    WITHDRAWN = "withdrawn"
    PAYMENT_FAILED = "payment_failed"
    VEHICLE_REMOVED = "vehicle_removed"
    BASE_ENDED = "base_ended"
    EXPIRED = "expired"
    # Internal to the portal: a rehearsal's ledger knows none of what brings these about, so it never names them.
    DISPUTE_LOST = "dispute_lost"
    PRICE_NOT_ACCEPTED = "price_not_accepted"
    DISCONTINUED = "discontinued"
    ACCOUNT_CLOSED = "account_closed"
    CONTROL_LOST = "control_lost"
    # Ordered ahead, and on its day the package was still free.
    STILL_FREE = "still_free"
