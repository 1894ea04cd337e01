"""Many documents at once, prepared by the worker in steps (I1): asked for, worked on, ready for a time."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.barring import check_not_barred
from accounts.models import Account
from garage.models import Vehicle
from portal import audit, outbox
from portal.models import LegalEntity
from portal.refusals import Refusal
from subscriptions.invoicing.files import kept_pdf_of
from subscriptions.models import Document, DocumentBundle
from subscriptions.papers.bundles import documents_in
from subscriptions.papers.history import Wanted

# A step of this many takes a few seconds, far less than the outbox lends a row for.
AT_A_TIME = 50
KEPT_FOR = timedelta(days=7)
MOST_A_DAY = 10


def bundle_year(*, account: Account, wanted: Wanted, now: datetime, by: Account) -> DocumentBundle:
    """A year of the account's documents, as the page was filtered; the same, asked for again, is the one there is.

    Raises `Refusal`: barred, no_year, no_documents, too_many_bundles.
    """
    check_not_barred(by, now=now)
    if not wanted.year:
        raise Refusal("no_year", _("Please choose a year first: a ZIP holds the documents of one year."))
    with transaction.atomic():
        # The account's row is the queue: asked for twice at once, it is prepared once.
        account = Account.objects.select_for_update(of=["self"]).get(pk=account.pk)
        scope = {
            "account": account,
            "year": wanted.year,
            "vehicle": _vehicle_of(account, wanted.car),
            "kind": wanted.kind,
            "number": wanted.number,
        }
        own = DocumentBundle.objects.filter(requested_by=by)
        running = own.filter(ready_at__isnull=True, **scope).first()
        if running:
            return running
        if own.filter(requested_at__gt=now - timedelta(days=1)).count() >= MOST_A_DAY:
            raise Refusal("too_many_bundles", _("That was enough for today. Please come back tomorrow."))
        return _requested(DocumentBundle(**scope), now=now, by=by)


def bundle_month(
    *, legal_entity: LegalEntity, year: int, month: int, reason: str, now: datetime, by: Account
) -> DocumentBundle:
    """All documents that a legal entity issued in a month, for staff. Raises `Refusal` no_documents."""
    bundle = DocumentBundle(legal_entity=legal_entity, year=year, month=month)
    with transaction.atomic():
        return _requested(bundle, now=now, by=by, month=month, legal_entity=legal_entity.code, reason=reason)


def prepare_step(*, bundle_id: int, now: datetime) -> None:
    """Makes and keeps the next files of it. Safe to repeat, and to be killed: what is kept is not made again."""
    bundle = DocumentBundle.objects.select_related("account", "vehicle").get(pk=bundle_id)
    if bundle.is_ready:
        return
    batch = list(documents_in(bundle).filter(pk__gt=bundle.done_up_to)[:AT_A_TIME])
    for document in batch:
        if not document.is_blanked:
            kept_pdf_of(document)
    _move_on(bundle, batch, now=now)


def note_download(*, bundle: DocumentBundle, now: datetime, by: Account) -> None:
    """Who has taken many documents at once is on record."""
    with transaction.atomic():
        audit.record("documents downloaded", account=bundle.account, by=by, now=now, subject=bundle, total=bundle.total)


def check_downloadable(bundle: DocumentBundle, *, now: datetime) -> None:
    """Raises `Refusal` not_ready, bundle_expired."""
    if not bundle.is_ready:
        raise Refusal("not_ready", _("The documents are still being prepared."))
    if now >= bundle.expires_at:
        raise Refusal("bundle_expired", _("This download has expired. Please ask for it again."))


def _vehicle_of(account: Account, car: str) -> Vehicle | None:
    """By its public id: among the cars of the account's own contracts only. Raises `Refusal` no_documents."""
    if not car:
        return None
    vehicle = Vehicle.objects.filter(subscriptions__account=account, public_id=car).first()
    if vehicle is None:
        raise _no_documents()
    return vehicle


def _no_documents() -> Refusal:
    return Refusal("no_documents", _("There are no documents in this time."))


def _requested(bundle: DocumentBundle, *, now: datetime, by: Account, **facts: object) -> DocumentBundle:
    bundle.requested_by, bundle.requested_at, bundle.moved_at = by, now, now
    bundle.expires_at = now + KEPT_FOR
    bundle.total = documents_in(bundle).count()
    if not bundle.total:
        raise _no_documents()
    bundle.save()
    facts |= {"year": bundle.year, "total": bundle.total}
    audit.record("documents bundled", account=bundle.account, by=by, now=now, subject=bundle, **facts)
    _ask_for_step(bundle, now=now)
    return bundle


def _move_on(bundle: DocumentBundle, batch: Sequence[Document], *, now: datetime) -> None:
    """Counts the step, unless another worker has counted it already."""
    with transaction.atomic():
        locked = DocumentBundle.objects.select_for_update().get(pk=bundle.pk)
        if locked.is_ready or locked.done_up_to != bundle.done_up_to:
            return
        locked.moved_at = now
        if batch:
            locked.done_up_to = batch[-1].pk
            locked.done += len(batch)
            # Booked by others in that same moment, and not counted yet when it was asked for.
            locked.total = max(locked.total, locked.done)
        if len(batch) == AT_A_TIME:
            _ask_for_step(locked, now=now)
        else:
            locked.total = locked.done
            locked.ready_at, locked.expires_at = now, now + KEPT_FOR
        locked.save(update_fields=["moved_at", "done_up_to", "done", "total", "ready_at", "expires_at"])


def _ask_for_step(bundle: DocumentBundle, *, now: datetime) -> None:
    key = f"document_bundle:{bundle.pk}:{bundle.done_up_to}"
    outbox.enqueue("document_bundle", dedup_key=key, now=now, bundle_id=bundle.pk)
