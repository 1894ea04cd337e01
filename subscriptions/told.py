"""What a car has told, as far as the account that asks may see it (D2, D4, G10, G11)."""

from dataclasses import dataclass
from datetime import datetime

from garage import privacy_mode
from garage.last_state import last_states
from garage.models import Membership
from garage.privacy_mode import PrivacyMode
from garage.rules.membership import Right


@dataclass(frozen=True, kw_only=True)
class Told:
    """None is what the car has not told; all of it, where `may_see` is false."""

    may_see: bool = True
    privacy: PrivacyMode | None = None
    contact_at: datetime | None = None
    charge_percent: int | None = None

    @property
    def privacy_is_on(self) -> bool | None:
        return self.privacy.is_on if self.privacy else None


def told_by(membership: Membership) -> Told:
    """Two queries; none for somebody who may not see it."""
    if not membership.may(Right.VEHICLE_DATA):
        return Told(may_see=False)
    state = last_states(membership.account_id, [membership.vehicle_id]).get(membership.vehicle_id)
    return Told(
        privacy=privacy_mode.told_to(membership),
        contact_at=state.last_contact_at if state else None,
        charge_percent=state.values.get("charge_percent") if state else None,
    )
