"""Owner manuals as staff bring them (G8): a new one, a new edition, for which cars, offered or not.

The file goes into the storage first, under the hash of its bytes, with no transaction open; then the rows.
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

import pikepdf
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from garage.models import Manual, ManualEdition
from garage.rules.manuals import MOST_BYTES
from portal import audit
from portal.models import Market
from portal.refusals import Refusal

NOT_A_PDF = _("This file is no PDF, or it is damaged. Please upload the manual as a PDF.")
LOCKED = _("This PDF asks for a password. Please upload one that everybody can open.")
RUNS_CODE = _("This PDF holds scripts or files of its own. Please upload one that holds pages only.")
TOO_LARGE = _("This file is larger than 200 MB.")
KNOWN = _("There is such a manual already, in this language, for these models, years and generation.")
SAME_FILE = _("This is the file that is offered already.")


@dataclass(frozen=True, kw_only=True)
class ManualFacts:
    """What a manual is, and which cars it is for."""

    market: Market
    title: str
    language: str
    for_models: list[str]
    first_year: int
    last_year: int | None
    generation: str


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A file that the storage has."""

    name: str
    sha256: str
    size: int
    pages: int


def publish_manual(*, facts: ManualFacts, file: "File[bytes]", now: datetime, by: Account | None) -> Manual:
    """Raises `Refusal`: not_a_pdf, pdf_locked, pdf_runs_code, file_too_large, manual_known."""
    kept = keep_file(file)
    with transaction.atomic():
        manual = _saved(Manual(**_columns(facts)))
        _add(manual, kept, number=1, now=now, by=by)
    return manual


def publish_edition(*, manual: Manual, file: "File[bytes]", now: datetime, by: Account | None) -> ManualEdition:
    """It is offered in the place of the one before, which stays. Raises as `publish_manual`, and same_file."""
    kept = keep_file(file)
    with transaction.atomic():
        locked = Manual.objects.select_for_update(no_key=True).get(pk=manual.pk)
        newest = locked.editions.order_by("-number").first()
        if newest and newest.sha256 == kept.sha256:
            raise Refusal("same_file", SAME_FILE)
        return _add(locked, kept, number=newest.number + 1 if newest else 1, now=now, by=by)


@transaction.atomic
def change_manual(*, manual: Manual, facts: ManualFacts, is_active: bool, now: datetime, by: Account | None) -> Manual:
    """For which cars it is, and whether it is offered. Raises `Refusal` manual_known."""
    locked = Manual.objects.select_for_update(no_key=True).get(pk=manual.pk)
    for name, value in _columns(facts).items():
        setattr(locked, name, value)
    locked.is_active = is_active
    audit.record("manual changed", account=None, by=by, now=now, subject=locked, **_said(locked))
    return _saved(locked)


def keep_file(file: "File[bytes]") -> Kept:
    """Checked by its contents, whatever it is called; kept once, however often it comes."""
    if file.size > MOST_BYTES:
        raise Refusal("file_too_large", TOO_LARGE)
    pages, digest = pages_of(file.file), _digest(file)
    name = f"manuals/{digest[:2]}/{digest}.pdf"
    if not default_storage.exists(name):
        file.seek(0)
        name = default_storage.save(name, file)
    return Kept(name=name, sha256=digest, size=file.size, pages=pages)


def pages_of(file: Any) -> int:
    """How many pages the PDF has. Raises `Refusal`: not_a_pdf, pdf_locked, pdf_runs_code."""
    file.seek(0)
    if not file.read(5).startswith(b"%PDF-"):
        raise Refusal("not_a_pdf", NOT_A_PDF)
    file.seek(0)
    try:
        with pikepdf.open(file, attempt_recovery=False) as pdf:
            if pdf.is_encrypted:
                raise Refusal("pdf_locked", LOCKED)
            if _runs_code(pdf):
                raise Refusal("pdf_runs_code", RUNS_CODE)
            if not len(pdf.pages):
                raise Refusal("not_a_pdf", NOT_A_PDF)
            return len(pdf.pages)
    except pikepdf.PasswordError as error:
        raise Refusal("pdf_locked", LOCKED) from error
    except pikepdf.PdfError as error:
        raise Refusal("not_a_pdf", NOT_A_PDF) from error


def _runs_code(pdf: pikepdf.Pdf) -> bool:
    """What it would do when it is opened, and what it carries: a manual needs neither."""
    root = pdf.Root
    names = root.get("/Names", pikepdf.Dictionary())
    opening = root.get("/OpenAction")
    acts = isinstance(opening, pikepdf.Dictionary) and opening.get("/S") != pikepdf.Name.GoTo
    return acts or "/AA" in root or "/JavaScript" in names or "/EmbeddedFiles" in names


def _digest(file: "File[bytes]") -> str:
    digest = sha256()
    file.seek(0)
    for piece in file.chunks():
        digest.update(piece)
    return digest.hexdigest()


def _add(manual: Manual, kept: Kept, *, number: int, now: datetime, by: Account | None) -> ManualEdition:
    edition = ManualEdition.objects.create(
        manual=manual,
        number=number,
        content=kept.name,
        sha256=kept.sha256,
        size=kept.size,
        pages=kept.pages,
        uploaded_at=now,
        uploaded_by=by,
    )
    said = _said(manual) | {"number": number, "sha256": kept.sha256}
    audit.record("manual published", account=None, by=by, now=now, subject=edition, **said)
    return edition


def _saved(manual: Manual) -> Manual:
    try:
        with transaction.atomic():
            manual.save()
    except IntegrityError as error:
        raise Refusal("manual_known", KNOWN) from error
    return manual


def _columns(facts: ManualFacts) -> dict[str, Any]:
    return {name: getattr(facts, name) for name in asdict(facts)} | {"for_models": sorted(set(facts.for_models))}


def _said(manual: Manual) -> dict[str, Any]:
    names = ("title", "language", "for_models", "first_year", "last_year", "generation", "is_active")
    return {name: getattr(manual, name) for name in names}
