"""The accountant's list: what the page shows, as a file that every spreadsheet reads and none calculates (I1)."""

import csv
import io

import pytest
from django.urls import reverse

from accounts.models import BillingProfile
from garage.models import Membership
from subscriptions.actions.blank import blank_documents
from subscriptions.actions.cancel import cancel
from subscriptions.actions.refund import send_refund
from subscriptions.models import Document, Refund
from subscriptions.papers.accounting import csv_of, harmless
from tests import make


@pytest.fixture
def both(car, owner, card, digital_key, gateway, now):
    """An invoice of 60.00 for a company with a dangerous name, and its credit note of 40.00."""
    BillingProfile.objects.filter(account=owner).update(name='=HYPERLINK("x";"y")')
    Membership.objects.update(invoice_reference="@fleet")
    yearly = make.subscription(car, package=digital_key, gateway=gateway)
    cancel(subscription=yearly, confirmed=None, now=now + make.days(100), by=owner)
    send_refund(refund_id=Refund.objects.get().pk, now=now + make.days(100), gateway=gateway)
    return owner


@pytest.fixture
def download(client, owner):
    client.force_login(owner)
    return lambda **query: client.get(reverse("documents_csv"), query)


def rows(answer) -> list[dict[str, str]]:
    text = answer.getvalue().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


def test_I1_a_line_for_each_document_with_what_an_accountant_books(both, download):
    note, invoice = rows(download())
    assert invoice == {
        "Number": "CY-2026-000001",
        "Kind": "Invoice",
        "Date": "2026-06-10",
        "Invoice corrected": "",
        "Car": "NX 350h KAA001",
        "VIN": "JTJSAMPLECY900001",
        "Reference": "'@fleet",
        "Package": "Digital-Key",
        "Plan": "yearly",
        "From": "2026-06-10",
        "To": "2027-06-09",
        "Net": "50.42",
        "VAT rate": "19.00",
        "VAT": "9.58",
        "Total": "60.00",
        "Currency": "EUR",
        "Buyer": """'=HYPERLINK("x";"y")""",
    }
    assert (note["Number"], note["Kind"], note["Invoice corrected"]) == (
        "CN-CY-2026-000001",
        "Credit note",
        "CY-2026-000001",
    )
    assert [note[name] for name in ("Net", "VAT", "Total")] == ["-33.61", "-6.39", "-40.00"]


def test_the_file_is_marked_as_utf_8_and_stays_in_no_cache(both, download):
    answer = download(year=2026)
    assert answer.getvalue().startswith(b"\xef\xbb\xbfNumber;Kind;")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="documents-2026.csv"'
    assert "no-store" in answer["Cache-Control"]


def test_it_holds_what_the_page_was_filtered_to(both, download):
    assert [row["Number"] for row in rows(download(kind="credit_note"))] == ["CN-CY-2026-000001"]
    assert rows(download(number="nothing")) == []
    assert download(year="x")["Location"] == f"{reverse('documents')}?year=x"


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_what_a_spreadsheet_would_calculate_is_shown_as_text(begin):
    assert harmless(f"{begin}1+1") == f"'{begin}1+1"
    assert harmless(f"a{begin}1") == f"a{begin}1"


def test_I4_a_blanked_document_keeps_its_amounts_and_loses_its_buyer(both, now):
    blank_documents(now=now.replace(year=2033, month=2))
    (_heading, *lines) = csv_of(Document.objects.order_by("pk"))
    assert all("KAA001" not in line and "HYPERLINK" not in line for line in lines)
    assert ";50.42;19.00;9.58;60.00;EUR;" in lines[0]


def test_a_stranger_gets_headings_alone(both, stranger, client):
    client.force_login(stranger)
    assert rows(client.get(reverse("documents_csv"))) == []
