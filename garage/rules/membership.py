"""What a garage may hold (G1) and what a link with a car may see (G11)."""

from enum import StrEnum

MOST_VEHICLES = 10


def has_room(held: int) -> bool:
    """G1: whether an account that holds so many vehicles may add another; ordered cars do not count."""
    return held < MOST_VEHICLES


class Standing(StrEnum):
    """How an account stands to a car in its garage."""

    NOT_VERIFIED = "not_verified"
    # A driver whom the active account invited: as verified, without having proved access (G12).
    INVITED = "invited"
    VERIFIED = "verified"
    ACTIVE = "active"


class Right(StrEnum):
    # What the connectivity match tells anyone: model, generation, capabilities. No colour, plate, dates or owner.
    CAPABILITIES = "capabilities"
    SPECIFICATION = "specification"
    MANUALS = "manuals"
    SERVICE_HISTORY = "service_history"
    # Maintenance by date and by distance.
    DUE_DATES = "due_dates"
    BOOKING = "booking"
    # Entries of one's own in the service history: they move the due dates of everybody who has the car.
    OWN_ENTRIES = "own_entries"
    OWN_PROFILE = "own_profile"
    # Which services run, without prices or payer.
    SERVICE_STATE = "service_state"
    # Trips, last known state, alerts and downloads, each of one's own time only (D3, D4).
    VEHICLE_DATA = "vehicle_data"
    # Who else reaches the car; inviting, limiting and ending drivers (G12).
    SHARING = "sharing"
    # Activate, buy, cancel (C7), and handing control over (V4).
    CONTROL = "control"
    # Asking for control of a car that another account has (V4): proved access is what gives it.
    CLAIM = "claim"


_MATCH = frozenset({Right.CAPABILITIES})
_SHARED = _MATCH | {
    Right.SPECIFICATION,
    Right.MANUALS,
    Right.SERVICE_HISTORY,
    Right.DUE_DATES,
    Right.BOOKING,
    Right.OWN_PROFILE,
    Right.SERVICE_STATE,
}

RIGHTS: dict[Standing, frozenset[Right]] = {
    Standing.NOT_VERIFIED: _MATCH,
    Standing.INVITED: _SHARED,
    Standing.VERIFIED: _SHARED | {Right.CLAIM},
    Standing.ACTIVE: frozenset(Right),
}


def standing(*, is_verified: bool, is_active: bool, is_driver: bool = False) -> Standing:
    if is_active:
        return Standing.ACTIVE
    if is_verified:
        return Standing.VERIFIED
    return Standing.INVITED if is_driver else Standing.NOT_VERIFIED


def may(standing: Standing, right: Right) -> bool:
    """G11: the one table that decides for page, API, mail and search."""
    return right in RIGHTS[standing]
