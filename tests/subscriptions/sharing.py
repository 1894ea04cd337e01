"""Two people and one car: who has control, what was told, and what of it is undone."""

from accounts.models import Account, Notice
from garage.models import ControlPeriod, Membership, Vehicle


def in_control(vehicle: Vehicle) -> list[str]:
    """E-mail addresses of those who are active; the period that runs is theirs."""
    active = Membership.objects.current().filter(vehicle=vehicle, is_active=True)
    emails = sorted(active.values_list("account__email", flat=True))
    periods = ControlPeriod.objects.filter(vehicle=vehicle, ended_at__isnull=True)
    assert sorted(periods.values_list("account__email", flat=True)) == emails
    return emails


def told(account: Account, kind: str) -> list[str]:
    """What was said, in order: the change, or whether the account has control now."""
    facts = Notice.objects.filter(account=account, kind=kind).order_by("pk").values_list("facts", flat=True)
    return [each.get("change", each.get("has_control")) for each in facts]
