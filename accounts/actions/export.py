"""Everything about an account in one file (A6): asked for, written by the worker, told, kept seven days, deleted."""

import tempfile
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from typing import IO

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from accounts.actions.locking import locked_account
from accounts.barring import check_not_barred
from accounts.exporting import EXPORTERS
from accounts.files.export import write_zip
from accounts.models import Account, DataExport
from accounts.notices.kinds import tell
from portal import outbox
from portal.audit import record
from portal.refusals import Refusal

KEPT_FOR = timedelta(days=7)
MOST_A_DAY = 3
# A job that has shown no sign of life for so long is gone, and another may take its place.
SILENT_FOR = timedelta(minutes=5)


class InOtherHands(Exception):
    """Another worker is writing it just now; the outbox comes back."""


def ask_for_export(*, account: Account, now: datetime, by: Account) -> DataExport:
    """The one that is being written, or a new one. Raises `Refusal`: barred, account_closed, too_many_exports."""
    check_not_barred(by, now=now)
    with transaction.atomic():
        # The account's row is the queue: asked for twice at once, it is written once.
        account = locked_account(account)
        own = DataExport.objects.filter(account=account)
        running = own.filter(ready_at__isnull=True, ended_at__isnull=True).first()
        if running:
            return running
        if own.filter(requested_at__gt=now - timedelta(days=1)).count() >= MOST_A_DAY:
            raise Refusal("too_many_exports", _("That was enough for today. Please come back tomorrow."))
        export = DataExport.objects.create(
            account=account, requested_at=now, moved_at=now, expires_at=now + KEPT_FOR, total=len(EXPORTERS)
        )
        record("export asked for", account=account, by=by, now=now, subject=export)
        outbox.enqueue("data_export", dedup_key=f"data_export:{export.pk}", now=now, export_id=export.pk)
        return export


def write_export(*, export_id: int, clock: Callable[[], datetime]) -> None:
    """Outbox handler's work. Safe to repeat, and to be killed: it begins anew. Raises `InOtherHands`."""
    claim = uuid.uuid4()
    if not _claim(export_id, claim, now=clock()):
        return
    mine = DataExport.objects.filter(pk=export_id, claimed_by=claim)
    export = mine.select_related("account__market").get()

    def done(number: int) -> None:
        mine.update(done=number, moved_at=clock())

    def alive() -> None:
        mine.update(moved_at=clock())

    try:
        # On disk: its size must not be that of the worker's memory.
        with tempfile.TemporaryFile() as written, translation.override(export.account.language):
            with timezone.override(export.account.market.zone):
                write_zip(written, export.account, now=clock(), done=done, alive=alive)
            _keep(export, written, claim=claim, now=clock())
    finally:
        mine.update(claimed_by=None)


def _claim(export_id: int, claim: uuid.UUID, *, now: datetime) -> bool:
    """Takes it, with what an earlier try has left; False if there is nothing to do. Raises `InOtherHands`."""
    with transaction.atomic():
        export = DataExport.objects.select_for_update(no_key=True).get(pk=export_id)
        if export.is_ready or export.ended_at:
            return False
        if export.claimed_by and now < export.moved_at + SILENT_FOR:
            raise InOtherHands(f"export {export_id}")
        left = export.file
        export.claimed_by, export.moved_at, export.file = claim, now, ""
        export.done, export.total = 0, len(EXPORTERS)
        export.save(update_fields=["claimed_by", "moved_at", "file", "done", "total"])
    if left:
        default_storage.delete(left)
    return True


def _keep(export: DataExport, written: IO[bytes], *, claim: uuid.UUID, now: datetime) -> None:
    """The row knows the file's name before there is a file: whatever happens in between, it can be deleted."""
    written.seek(0)
    digest = _digest(written)
    size = written.tell()
    written.seek(0)
    name = f"exports/{export.public_id.hex}-{claim.hex}.zip"
    mine = DataExport.objects.filter(pk=export.pk, claimed_by=claim, ended_at__isnull=True)
    if mine.update(file=name, moved_at=now):
        default_storage.save(name, File(written))
        if _conclude(export, digest=digest, size=size, claim=claim, now=now):
            return
        default_storage.delete(name)
    if DataExport.objects.filter(pk=export.pk, ready_at__isnull=True, ended_at__isnull=True).exists():
        raise InOtherHands(f"export {export.pk}")


def _digest(written: IO[bytes]) -> str:
    digest = sha256()
    while piece := written.read(1 << 20):
        digest.update(piece)
    return digest.hexdigest()


def _conclude(export: DataExport, *, digest: str, size: int, claim: uuid.UUID, now: datetime) -> bool:
    """Ready and told, unless it is over meanwhile, or another worker has taken it up."""
    with transaction.atomic():
        account = Account.objects.select_for_update(of=["self"], no_key=True).get(pk=export.account_id)
        own = DataExport.objects.filter(pk=export.pk, claimed_by=claim, ready_at__isnull=True, ended_at__isnull=True)
        expires_at = now + KEPT_FOR
        facts = {"ready_at": now, "moved_at": now, "expires_at": expires_at, "done": export.total}
        if not own.update(size=size, sha256=digest, **facts):
            return False
        with translation.override(account.language):
            url = reverse("export", args=[export.public_id])
        tell(
            account=account,
            kind="export_ready",
            subject_key=str(export.public_id),
            event_on=account.market.local_date(now),
            now=now,
            expires_on=account.market.local_date(expires_at),
            url=url,
        )
        return True


# Taking and ending


def check_downloadable(export: DataExport, *, now: datetime) -> None:
    """Raises `Refusal` export_not_ready, export_over."""
    if export.ended_at or (export.is_ready and now >= export.expires_at):
        raise Refusal("export_over", _("This download has expired. Please ask for it again."))
    if not export.is_ready:
        raise Refusal("export_not_ready", _("Your data are still being put together."))


def note_download(*, export: DataExport, now: datetime, by: Account) -> None:
    with transaction.atomic():
        record("export downloaded", account=export.account, by=by, now=now, subject=export)


def end_exports(*, now: datetime, account: Account | None = None) -> int:
    """Deletes the files of those whose time is over, or of all of an account that is being closed; how many.

    The file goes first: the row keeps its name until it is deleted, so that a night that was cut off is made good.
    """
    over = DataExport.objects.filter(ended_at__isnull=True)
    over = over.filter(account=account) if account else over.filter(expires_at__lte=now)
    count = 0
    for export in over.order_by("pk").iterator():
        if export.file:
            default_storage.delete(export.file)
        DataExport.objects.filter(pk=export.pk, ended_at__isnull=True).update(ended_at=now, file="")
        count += 1
    return count
