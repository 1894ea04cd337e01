"""Documents of the system before this one: their PDF under their own numbers, outside our series (I1, I2, I4)."""

from collections.abc import Sequence
from datetime import date
from hashlib import sha256
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from accounts.actions.move_in import NO_ACCOUNT, accounts_of
from portal.batches import insert_all
from portal.models import Market
from portal.origins import Move, Row
from subscriptions.models import Document, OldDocument
from subscriptions.rules.retention import keep_until

FOLDER = "documents"
MOST_BYTES = 10_000_000
AT_A_TIME = 500


class Documents:
    kind = "document"

    def __init__(self, rows: Sequence[Row], move: Move) -> None:
        self.move = move
        self.accounts = accounts_of(rows)
        numbers = [row.old_id for row in rows]
        # Two documents of one number would leave open which one is meant.
        self.ours = set(Document.objects.filter(number__in=numbers).values_list("number", flat=True))
        self.files: dict[str, tuple[str, int]] = {}

    def refusal(self, row: Row) -> str:
        account = self.accounts.get(row["account"])
        if account is None:
            return NO_ACCOUNT
        if row.old_id in self.ours:
            return "a document of ours has this number"
        if row["issued_on"] > account.market.local_date(self.move.now):
            return "issued on a day to come"
        return self._of_file(row)

    def _of_file(self, row: Row) -> str:
        path = self._path(row)
        if not path.is_file() or path.is_symlink():
            return f"{FOLDER}/{row['file']} is not there"
        if path.stat().st_size > MOST_BYTES:
            return f"{FOLDER}/{row['file']} is larger than 10 MB"
        content = path.read_bytes()
        if not content.startswith(b"%PDF-") or b"%%EOF" not in content[-1024:]:
            return f"{FOLDER}/{row['file']} is not a whole PDF"
        self.files[row.old_id] = (sha256(content).hexdigest(), len(content))
        return ""

    def store(self, rows: Sequence[Row]) -> None:
        """Before the rows, by number and bytes: what a run leaves that is killed between, the next one writes again."""
        if not self.move.keeps_files:
            return
        for row in rows:
            name = self._name(row)
            default_storage.delete(name)
            default_storage.save(name, ContentFile(self._path(row).read_bytes()))

    def keep(self, rows: Sequence[Row]) -> list[int]:
        documents = [self._document(row) for row in rows]
        insert_all(documents)
        return [document.pk for document in documents]

    def _document(self, row: Row) -> OldDocument:
        account, (digest, size) = self.accounts[row["account"]], self.files[row.old_id]
        return OldDocument(
            account=account,
            kind=row["kind"],
            number=row.old_id,
            issued_on=row["issued_on"],
            currency=row["currency"],
            gross=row["gross"],
            sha256=digest,
            size=size,
            content=self._name(row),
            keep_until=keep_until(issued_on=row["issued_on"], years=account.market.document_years),
        )

    def _path(self, row: Row) -> Path:
        return self.move.directory / FOLDER / str(row["file"])

    def _name(self, row: Row) -> str:
        digest = self.files[row.old_id][0]
        return f"old-documents/{digest[:2]}/{digest}-{sha256(row.old_id.encode()).hexdigest()[:16]}.pdf"


def pdf_of_old(document: OldDocument) -> bytes | None:
    """The bytes as they came; None where the law let them go, or the file is not what it was."""
    if not document.is_kept:
        return None
    try:
        with default_storage.open(document.content) as file:
            content = bytes(file.read())
    except FileNotFoundError:
        return None
    return content if sha256(content).hexdigest() == document.sha256 else None


def forget_old_documents(market: Market, *, today: date) -> int:
    """I4: deletes the files whose time is over; number, day and sum stay. Safe to repeat, and to be killed."""
    over = OldDocument.objects.filter(account__market=market, keep_until__lt=today).exclude(content="")
    over = over.filter(issued_on__year__lt=today.year - market.document_years)
    count = 0
    while batch := list(over.order_by("pk")[:AT_A_TIME]):
        for document in batch:
            default_storage.delete(document.content)
        OldDocument.objects.filter(pk__in=[each.pk for each in batch]).update(content="")
        count += len(batch)
    return count
