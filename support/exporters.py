"""What this app knows of an account, for its export (A6): cases, what was written in them, and the files."""

from collections.abc import Iterator

from django.core.files.storage import default_storage
from django.utils.translation import gettext_lazy as _

from accounts.exporting import ROWS_AT_A_TIME, Exporter, table
from accounts.models import Account
from support.models import Attachment, Case, Evidence, Message, SightLeave

CASE = (
    *("public_id", "number", "category__code", "about", "email", "name", "language", "state"),
    *("membership__vehicle__vin", "document__number", "opened_at", "due_at", "last_at", "closed_at"),
)
MESSAGE = ("case__number", "at", "is_from_staff", "text")
SIGHT = ("case__number", "vehicle__vin", "given_at", "until", "withdrawn_at")
# Not the file: a paper about control names others as well. Whoever asks for it gets it from the customer centre.
EVIDENCE = ("subject_type", "note", "name", "media_type", "size", "at")
ATTACHMENT = ("message__case__number", "message__at", "name", "media_type", "size")


def case_files(account: Account) -> Iterator[tuple[str, bytes]]:
    own = Attachment.objects.filter(message__case__account=account).select_related("message__case").order_by("pk")
    for file in own.iterator(chunk_size=ROWS_AT_A_TIME):
        try:
            with default_storage.open(file.path) as kept:
                yield f"cases/{file.message.case.number}/{file.pk}-{file.name}", kept.read()
        except FileNotFoundError:
            continue


def file_table() -> Exporter:
    title = _("Files that you sent us")
    rows = table("case-files", title, Attachment, *ATTACHMENT, account="message__case__account").rows
    return Exporter(name="case-files", title=title, model=Attachment, rows=rows, files=case_files)


EXPORTERS = (
    table("cases", _("Your cases"), Case, *CASE),
    table("case-messages", _("Messages of your cases"), Message, *MESSAGE, account="case__account"),
    file_table(),
    table("evidence", _("Papers that were handed in about you"), Evidence, *EVIDENCE),
    table("sight-leaves", _("When you let us see your trips"), SightLeave, *SIGHT, account="case__account"),
)
