"""What tests of cases are made of: categories and canned texts of the example deployment, cases, and small files."""

from io import BytesIO
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from pypdf import PdfWriter
from pypdf.actions import JavaScript

from accounts.models import Account
from portal.models import Market
from portal.roles import load_roles
from support.actions.cases import open_case
from support.cases.attachments import Upload
from support.cases.prefilled import Context
from support.files.contact import load_contact
from support.models import Case, CaseCategory
from tests import make
from tests.staff import sign_in_at_the_desk

CONTACT_FILE = settings.BASE_DIR / "portal" / "data" / "lexus_cy" / "contact.yaml"
WORDS = "The doors are shown as open."
CONTACT = {
    "telephone": "+357 22 000000",
    "email": "care@example.com",
    "hours": {"en": "Monday to Friday", "el": "Δευτέρα έως Παρασκευή"},
    "openings": [{"days": [0, 1, 2, 3, 4], "opens": "08:00", "closes": "18:00"}],
    "holidays": [],
}


def centre(market: Market) -> Market:
    """A market whose customer centre can be written to."""
    market.contact = CONTACT
    market.save(update_fields=["contact"])
    load_contact(CONTACT_FILE)
    return market


def opened(account: Account, *, category: str = "other", now: Any = make.NOW, **facts: Any) -> Case:
    wanted: dict[str, Any] = {"text": WORDS, "context": Context(), "uploads": []}
    row = CaseCategory.objects.get(market=account.market, code=category)
    return open_case(account=account, category=row, now=now, by=account, **wanted | facts)


def picture(kind: str = "PNG", *, name: str = "screen.png", size: tuple[int, int] = (8, 6), **extra: Any) -> Any:
    made = BytesIO()
    Image.new("RGB", size, "red").save(made, kind, **extra)
    return SimpleUploadedFile(name, made.getvalue())


def pdf(*, pages: int = 1, script: str = "", password: str = "", name: str = "letter.pdf") -> Any:
    writer, made = PdfWriter(), BytesIO()
    for _page in range(pages):
        writer.add_blank_page(100, 100)
    if script:
        writer.add_open_action(JavaScript(script))
    if password:
        writer.encrypt(password)
    writer.write(made)
    return SimpleUploadedFile(name, made.getvalue())


def upload(content: bytes = b"%PDF-1.7 kept", name: str = "letter.pdf") -> Upload:
    return Upload(name=name, media_type="application/pdf", content=content)


def staff(client: Client, market: Market, role: str, *, email: str = "") -> Account:
    """Signed in at the desk, with the rights of the role."""
    load_roles()
    made = make.account(email or f"{role}@staff.example.com", market=market, is_staff=True)
    made.groups.set(Group.objects.filter(name=role))
    sign_in_at_the_desk(client, made)
    return made
