"""The stages of an ordered car (G4): a car goes forward only, and its end is delivery or cancellation."""

from enum import StrEnum


class Stage(StrEnum):
    ORDERED = "ordered"
    IN_PRODUCTION = "in_production"
    BUILT = "built"
    SHIPPED = "shipped"
    ARRIVED = "arrived"
    AT_DEALER = "at_dealer"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"


# The way of a car that is not cancelled.
WAY = (
    Stage.ORDERED,
    Stage.IN_PRODUCTION,
    Stage.BUILT,
    Stage.SHIPPED,
    Stage.ARRIVED,
    Stage.AT_DEALER,
    Stage.DELIVERED,
)
ENDS = frozenset({Stage.DELIVERED, Stage.CANCELLED})


def may_follow(before: Stage, after: Stage) -> bool:
    """Whether an order of one stage may be told to be in the other next; stages in between may be left out."""
    if before in ENDS:
        return False
    return after == Stage.CANCELLED or WAY.index(after) > WAY.index(before)


def to_come(stage: Stage) -> tuple[Stage, ...]:
    """The stages after this one, in their order; none after an end."""
    return () if stage in ENDS else WAY[WAY.index(stage) + 1 :]


class Ready(StrEnum):
    """What is to be done until a car can be driven with its services: first what can be done before it is there."""

    ACCOUNT = "account"
    TERMS = "terms"
    DEALER = "dealer"
    IN_GARAGE = "in_garage"
    STANDARD = "standard"
    PROFILE = "profile"


READY = tuple(Ready)
