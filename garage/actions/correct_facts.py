"""Correcting what the registry says of a car (K3); what follows for packages is `subscriptions.actions.correct_car`."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from garage.corrections import as_text, differing
from garage.models import FactCorrection, Vehicle
from garage.registry import get_registry
from portal import audit
from portal.refusals import Refusal


def correct_facts(
    *, vehicle: Vehicle, facts: Mapping[str, Any], evidence: str, reason: str, now: datetime, by: Account
) -> dict[str, Any]:
    """Within the caller's transaction and lock of the car: the facts that changed. Raises `Refusal` nothing_changed."""
    changes = differing(vehicle, facts)
    if not changes:
        raise Refusal("nothing_changed", _("The car has these facts already."))
    said = get_registry().by_vin(vehicle.vin)
    vehicle.corrections.filter(fact__in=changes, replaced_at__isnull=True).update(replaced_at=now)
    for name, value in changes.items():
        FactCorrection.objects.create(
            vehicle=vehicle,
            fact=name,
            registry_said=as_text(getattr(said or vehicle, name)),
            value=as_text(value),
            evidence=evidence,
            by=by,
            at=now,
        )
    before = {name: as_text(getattr(vehicle, name)) for name in changes}
    for name, value in changes.items():
        setattr(vehicle, name, value)
    vehicle.save(update_fields=list(changes))
    after = {name: as_text(value) for name, value in changes.items()}
    audit.record(
        "car facts corrected",
        account=_in_control(vehicle),
        by=by,
        now=now,
        subject=vehicle,
        before=before,
        after=after,
        evidence=evidence,
        reason=reason,
    )
    return changes


def _in_control(vehicle: Vehicle) -> Account | None:
    return Account.objects.filter(
        memberships__vehicle=vehicle, memberships__is_active=True, memberships__ended_at__isnull=True
    ).first()
