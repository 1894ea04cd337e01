"""What a garage may hold (G1) and what a link with a car may see (G11)."""

from enum import StrEnum

MOST_VEHICLES = 10


def has_room(held: int) -> bool:
    """G1: whether an account that holds so many vehicles may add another; ordered cars do not count."""
    return held < MOST_VEHICLES


class Standing(StrEnum):
    """How an account stands to a car in its garage."""

    NOT_VERIFIED = "not_verified"
    VERIFIED = "verified"
    ACTIVE = "active"


class Right(StrEnum):
    # What the connectivity match tells anyone: model, generation, capabilities. No colour, plate, dates or owner.
    CAPABILITIES = "capabilities"
    SPECIFICATION = "specification"
    # Which services run, without prices or payer.
    SERVICE_STATE = "service_state"
    # Activate, buy, cancel (C7), and everything else that is the active account's alone.
    CONTROL = "control"


RIGHTS: dict[Standing, frozenset[Right]] = {
    Standing.NOT_VERIFIED: frozenset({Right.CAPABILITIES}),
    Standing.VERIFIED: frozenset({Right.CAPABILITIES, Right.SPECIFICATION, Right.SERVICE_STATE}),
    Standing.ACTIVE: frozenset(Right),
}


def standing(*, is_verified: bool, is_active: bool) -> Standing:
    if is_active:
        return Standing.ACTIVE
    return Standing.VERIFIED if is_verified else Standing.NOT_VERIFIED


def may(standing: Standing, right: Right) -> bool:
    """G11: the one table that decides for page, API, mail and search."""
    return right in RIGHTS[standing]
