"""What staff do with webhooks: send one again, send a test, take an endpoint up again; and the change of a secret."""

from datetime import datetime

from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.hooks.kinds import TEST
from accounts.models import Account, HookDelivery, HookEndpoint, HookEvent
from accounts.rules.hooks import OVERLAP, State
from portal import audit
from portal.models import AuditRecord
from portal.refusals import Refusal

SENT_AGAIN, TESTED, TAKEN_UP = "webhook sent again", "webhook tested", "webhooks taken up"


def times_done(what: str, subject: Model) -> int:
    """What a form shows, and hands back as `times`."""
    label = subject._meta.label_lower
    return AuditRecord.objects.filter(subject_type=label, subject_id=subject.pk, what=what).count()


def send_again(*, delivery: HookDelivery, times: int, reason: str, now: datetime, by: Account) -> HookDelivery:
    """The same event and id, with all its tries. Raises `Refusal`: already_done, hook_waits, hook_disabled."""
    with transaction.atomic():
        endpoint = _locked(delivery.endpoint_id)
        row = HookDelivery.objects.select_for_update(no_key=True).get(pk=delivery.pk)
        _check_first(SENT_AGAIN, row, times=times)
        check_sendable(row, endpoint)
        _put_in_line(HookDelivery.objects.filter(pk=row.pk), now=now)
        _record(SENT_AGAIN, row, event=str(row.event.public_id), endpoint=endpoint.code, reason=reason, now=now, by=by)
        return row


def check_sendable(delivery: HookDelivery, endpoint: HookEndpoint) -> None:
    """Raises `Refusal`: hook_waits, hook_disabled."""
    if delivery.state == State.WAITING:
        raise Refusal("hook_waits", _("It is being sent by itself."))
    check_enabled(endpoint)


def check_enabled(endpoint: HookEndpoint) -> None:
    """Raises `Refusal` hook_disabled."""
    if not endpoint.is_enabled:
        raise Refusal("hook_disabled", _("This endpoint is disabled. Enable it first."))


def send_test(*, endpoint: HookEndpoint, times: int, reason: str, now: datetime, by: Account) -> HookDelivery:
    """An event of the kind test, about nothing. Raises `Refusal`: already_done, hook_disabled."""
    with transaction.atomic():
        locked = _locked(endpoint.pk)
        _check_first(TESTED, locked, times=times)
        check_enabled(locked)
        event = HookEvent.objects.create(kind=TEST, at=now, created_at=now)
        _record(TESTED, locked, event=str(event.public_id), endpoint=locked.code, reason=reason, now=now, by=by)
        return HookDelivery.objects.create(event=event, endpoint=locked, due_at=now, created_at=now)


def take_up(*, endpoint: HookEndpoint, times: int, reason: str, now: datetime, by: Account) -> int:
    """Enables it, where it was disabled, and sends what is parked; how many. Raises `Refusal`: already_done,
    nothing_parked."""
    with transaction.atomic():
        locked = _locked(endpoint.pk)
        _check_first(TAKEN_UP, locked, times=times)
        check_needs_taking_up(locked)
        enable(locked)
        count = _put_in_line(locked.deliveries.filter(state=State.PARKED), now=now)
        _record(TAKEN_UP, locked, endpoint=locked.code, count=str(count), reason=reason, now=now, by=by)
        return count


def check_needs_taking_up(endpoint: HookEndpoint) -> None:
    """Raises `Refusal` nothing_parked."""
    if endpoint.is_enabled and not endpoint.deliveries.filter(state=State.PARKED).exists():
        raise Refusal("nothing_parked", _("It is enabled, and nothing is parked."))


def enable(endpoint: HookEndpoint) -> None:
    """Within the caller's lock."""
    endpoint.disabled_at, endpoint.disabled_why, endpoint.failing_since = None, "", None
    endpoint.save(update_fields=["disabled_at", "disabled_why", "failing_since"])


def rotate(*, endpoint: HookEndpoint, is_leaked: bool, now: datetime) -> HookEndpoint:
    """A new secret; the one before signs beside it for two days, unless somebody else knows it.

    Raises `Refusal` rotated_lately: a third secret would take the place of one that is still in use.
    """
    with transaction.atomic():
        locked = _locked(endpoint.pk)
        if not is_leaked and locked.rotated_at and now < locked.rotated_at + OVERLAP:
            raise Refusal("rotated_lately", _("It was changed less than two days ago."))
        locked.generation += 1
        locked.rotated_at = None if is_leaked else now
        locked.save(update_fields=["generation", "rotated_at"])
        _record("webhook secret changed", locked, endpoint=locked.code, reason="", now=now, by=None)
        return locked


def _locked(endpoint_id: int) -> HookEndpoint:
    return HookEndpoint.objects.select_for_update(no_key=True).get(pk=endpoint_id)


def _put_in_line(deliveries: QuerySet[HookDelivery], *, now: datetime) -> int:
    return deliveries.update(state=State.WAITING, due_at=now, attempts=0, delivered_at=None)


def _check_first(what: str, subject: Model, *, times: int) -> None:
    if times_done(what, subject) != times:
        raise Refusal("already_done", _("This has just been done. Please look again before you repeat it."))


def _record(what: str, subject: Model, *, now: datetime, by: Account | None, **data: str) -> None:
    audit.record(what, account=None, by=by, now=now, subject=subject, **data)
