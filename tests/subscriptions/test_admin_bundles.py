"""A month's documents of a legal entity, for finance: asked for with a reason, taken by who asked (I1, K3)."""

import io
from zipfile import ZipFile

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.urls import reverse

from portal.models import AuditRecord
from portal.roles import load_roles
from subscriptions.actions.bundle import prepare_step
from subscriptions.models import DocumentBundle
from tests import make
from tests.staff import sign_in_at_the_desk
from tests.subscriptions.histories import invoice_more

ASK = "admin:subscriptions_documentbundle_month"


@pytest.fixture
def june(car, card, digital_key, gateway, files):
    """Two invoices of June 2026, and one of July."""
    paid = make.subscription(car, package=digital_key, gateway=gateway)
    invoice_more(paid, 1)
    invoice_more(paid, 1, now=make.NOW.replace(month=7, day=1))


@pytest.fixture
def staff(client, market):
    load_roles()

    def sign_in(role: str, name: str = ""):
        who = make.account(f"{role}{name}@staff.example.com", market=market, is_staff=True)
        who.groups.set(Group.objects.filter(name=role))
        sign_in_at_the_desk(client, who)
        return who

    with time_machine.travel(make.NOW.replace(month=7, day=2), tick=False):
        yield sign_in


def ask(client, market, *, month: int = 6, reason: str = "VAT return"):
    form = {"legal_entity": market.legal_entity_id, "year": 2026, "month": month, "reason": reason}
    return client.post(reverse(ASK), form, follow=True)


def of_row(view: str) -> str:
    return reverse(f"admin:subscriptions_documentbundle_{view}", args=[DocumentBundle.objects.get().pk])


def prepared() -> None:
    row = DocumentBundle.objects.get()
    prepare_step(bundle_id=row.pk, now=row.requested_at)


def test_I1_finance_has_a_month_prepared_and_downloads_it(june, staff, client, market):
    finance = staff("finance")
    assert "Prepare a month" in client.get(reverse("admin:subscriptions_documentbundle_changelist")).content.decode()
    assert "0 of 2 documents" in ask(client, market).content.decode()
    assert "Download the ZIP" not in client.get(of_row("change")).content.decode()
    prepared()
    assert "Download the ZIP" in client.get(of_row("change")).content.decode()
    answer = client.get(of_row("zip"))
    assert answer["Content-Disposition"] == 'attachment; filename="documents-2026-06.zip"'
    names = ZipFile(io.BytesIO(answer.getvalue())).namelist()
    assert names == [f"CY-2026-00000{number}.{kind}" for number in (1, 2) for kind in ("pdf", "xml")]
    records = AuditRecord.objects.filter(subject_type="subscriptions.documentbundle").order_by("pk")
    assert [(record.what, record.by) for record in records] == [
        ("documents bundled", finance),
        ("documents downloaded", finance),
    ]
    assert records[0].data["reason"] == "VAT return"


def test_a_month_without_documents_and_a_missing_reason_are_said(june, staff, client, market):
    staff("finance")
    assert "There are no documents in this time." in ask(client, market, month=1).content.decode()
    assert "This field is required." in ask(client, market, reason="").content.decode()
    assert not DocumentBundle.objects.exists()


def test_what_is_not_ready_or_has_expired_is_not_sent(june, staff, client, market):
    finance = staff("finance")
    ask(client, market)
    assert "still being prepared" in client.get(of_row("zip"), follow=True).content.decode()
    prepared()
    with time_machine.travel(make.NOW.replace(month=7, day=9), tick=False):
        sign_in_at_the_desk(client, finance)
        assert "This download has expired" in client.get(of_row("zip"), follow=True).content.decode()
        assert "expired" in client.get(of_row("change")).content.decode()


def test_another_of_finance_sees_it_and_cannot_take_it(june, staff, client, market):
    staff("finance")
    ask(client, market)
    prepared()
    staff("finance", "-2")
    assert "Download the ZIP" not in client.get(of_row("change")).content.decode()
    assert client.get(of_row("zip")).status_code == 403


@pytest.mark.parametrize("role", ["agent", "editor", "dealer"])
def test_K1_no_other_role_can_ask_or_take(june, staff, client, market, role):
    staff("finance")
    ask(client, market)
    prepared()
    staff(role)
    assert client.get(reverse(ASK)).status_code == 403
    assert client.get(of_row("zip")).status_code == 403


def test_a_customers_own_bundle_is_not_listed(june, staff, client, owner):
    client.force_login(owner)
    client.post(reverse("bundles"), {"year": 2026})
    staff("finance")
    assert client.get(of_row("zip")).status_code == 404
