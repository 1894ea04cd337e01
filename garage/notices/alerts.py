"""What the car told after a trip, told on to the account that had control at that moment (G10, D4, N1)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from accounts.models import Account, Notice
from accounts.notices.kinds import tell_all, worded
from garage.models import ControlPeriod, Membership, VehicleAlert
from garage.notices.sharing import path_for
from garage.rules.reports import Alert
from garage.rules.warning_lights import advice_of, gravest_first
from portal import audit

Links = dict[tuple[int, int], Membership]


def tell_alerts(alerts: Sequence[tuple[ControlPeriod, VehicleAlert]], *, now: datetime) -> None:
    """Within the transaction that keeps them: of alerts that have just been kept, so that none was told before."""
    if not alerts:
        return
    links = _links([period for period, _alert in alerts])
    notices = [_notice(period.account, alert, links=links, now=now) for period, alert in alerts]
    audit.append(tell_all(notices, now=now))


def _links(periods: Sequence[ControlPeriod]) -> Links:
    """The last link of each account with its car, whether it lasts or not."""
    links = Membership.objects.select_related("vehicle").filter(
        account__in={period.account_id for period in periods}, vehicle__in={period.vehicle_id for period in periods}
    )
    return {(link.account_id, link.vehicle_id): link for link in links.order_by("linked_at", "pk")}


def _notice(account: Account, alert: VehicleAlert, *, links: Links, now: datetime) -> Notice:
    link = links[account.pk, alert.vehicle_id]
    is_light = alert.alert == Alert.WARNING_LIGHT
    return worded(
        account=account,
        kind="warning_light" if is_light else "vehicle_alert",
        subject_key=f"alert-{alert.public_id}",
        event_on=account.market.local_date(alert.at),
        now=now,
        vehicle_label=link.label,
        happened_at=alert.at.isoformat(),
        url=_page(account, link),
        **(_lights(account, alert) if is_light else {"alert": alert.alert, "corners": ",".join(alert.details)}),
    )


def _lights(account: Account, alert: VehicleAlert) -> dict[str, Any]:
    """With the dealer as preferred just now: the mail is read on the road."""
    dealer = account.preferred_dealer
    return {
        "lights": [
            {"light": light, "light_meaning": light, "light_advice": str(advice_of(light))}
            for light in gravest_first(alert.details)
        ],
        "dealer_name": dealer.name if dealer else "",
        "dealer_telephone": dealer.telephone if dealer else "",
    }


def _page(account: Account, link: Membership) -> str:
    if link.ended_at is not None:
        return path_for(account, "garage")
    return path_for(account, "vehicle_alerts", link.public_id)
