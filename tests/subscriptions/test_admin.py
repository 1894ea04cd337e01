"""The customer centre's desk: to find and to read, operations with a reason, and who may do what (K1 to K3, K6)."""

import re
from datetime import UTC, datetime
from decimal import Decimal

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Account, BillingProfile, Notice
from portal.models import AuditRecord, OutboxMessage
from portal.roles import load_roles
from subscriptions.actions.refund import send_refund
from subscriptions.models import Contract, Document, Payment, PaymentCard, Refund, Subscription
from tests.garage.cars import add, make_account, vin
from tests.staff import sign_in_at_the_desk
from tests.subscriptions.customers import BROKE, CANCELLED, REJECTED, Town

NOON = datetime(2026, 5, 30, 9, tzinfo=UTC)
LISTS = [
    "subscription",
    "contract",
    "payment",
    "refund",
    "dispute",
    "document",
    "paymentcard",
    "package",
    "plan",
    "service",
]
ROLES = ["agent", "finance", "editor", "dealer", "administrator"]


@pytest.fixture
def town(db):
    with time_machine.travel(NOON, tick=False):
        yield Town()


@pytest.fixture
def anna(town):
    """In the fourth month of a yearly plan, paid for by 99.00."""
    return town.live("anna")


@pytest.fixture
def rejected(town):
    """A refund that the provider rejects."""
    town.live("petros", REJECTED, number=2)
    return Refund.objects.get()


@pytest.fixture
def staff(client, town):
    """Signs a member of staff with a role in; None is the superuser."""
    load_roles()

    def sign_in(role=None):
        who = make_account(f"{role or 'root'}@staff.example.com", town.market)
        who.is_staff, who.is_superuser = True, role is None
        who.save(update_fields=["is_staff", "is_superuser"])
        who.groups.set(Group.objects.filter(name=role))
        return sign_in_at_the_desk(client, who)

    return sign_in


def page(model, view="changelist", row=None):
    return reverse(f"admin:subscriptions_{model}_{view}", args=[row.pk] if row else [])


def text(client, url, **query):
    answer = client.get(url, query)
    assert answer.status_code == 200
    return answer.content.decode()


def hidden(client, url):
    """The form's hidden fields, as the browser would send them back."""
    fields = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', text(client, url))
    return {name: value for name, value in fields if name != "csrfmiddlewaretoken"}


def post(client, url, **fields):
    return client.post(url, hidden(client, url) | {"reason": "asked on the telephone"} | fields, follow=True)


# To find


@pytest.mark.parametrize("term", ["anna@example.com", "anna sample", "jtj-sample cy900001", "kaa 001", "{contract}"])
def test_K2_a_subscription_is_found_by_mail_name_car_or_contract(staff, town, anna, term):
    town.live("petros", number=2)
    term = term.format(contract=Contract.objects.get(subscription__account=anna).number)
    found = text(staff("agent"), page("subscription"), q=term)
    assert vin(1) in found
    assert vin(2) not in found


def test_K2_payments_documents_and_cards_are_found_by_number_and_last_four(staff, anna):
    desk, card, invoice = staff("agent"), PaymentCard.objects.get(), Document.objects.get()
    assert "€99.00" in text(desk, page("payment"), q=invoice.number)
    assert "€99.00" in text(desk, page("payment"), q=card.last4)
    assert invoice.number in text(desk, page("document"), q=invoice.number.lower())
    assert "anna@example.com" in text(desk, page("paymentcard"), q=card.last4)
    assert "anna@example.com" not in text(desk, page("paymentcard"), q=card.last4[:3])


@pytest.mark.parametrize(
    ("model", "query", "count"),
    [
        ("subscription", {"status": "paid"}, 1),
        ("subscription", {"status": "ended"}, 0),
        ("subscription", {"status": "nonsense"}, 1),
        ("payment", {"status": "succeeded"}, 1),
        ("refund", {"status": "rejected"}, 1),
        ("refund", {"status": "promised"}, 0),
    ],
)
def test_lists_are_filtered_by_state(staff, rejected, model, query, count):
    answer = staff("agent").get(page(model), query)
    assert answer.context["cl"].result_count == count


def test_a_list_of_three_costs_as_many_queries_as_one_of_one(staff, town):
    desk = staff("agent")
    town.live("first", REJECTED, number=1)
    queries_of_lists(desk)
    with_one = queries_of_lists(desk)
    town.live("second", REJECTED, number=2)
    town.live("third", REJECTED, number=3)
    assert queries_of_lists(desk) == with_one


def queries_of_lists(desk):
    counts = {}
    for model in LISTS:
        with CaptureQueriesContext(connection) as queries:
            text(desk, page(model))
        counts[model] = len(queries)
    return counts


# To read


def test_K2_a_subscription_page_tells_state_money_documents_and_timeline(staff, rejected):
    row = Subscription.objects.get()
    shown = text(staff("agent"), page("subscription", "change", row))
    for words in ("ends on 10 June 2026: cancelled", "€99.00", "rejected by the provider", "to 10 February 2027"):
        assert words in shown
    for words in (Document.objects.get().number, row.contract.number, "28 May 2026, 12:00", "Customer told"):
        assert words in shown


def test_a_payment_that_was_declined_is_told_in_the_customers_words(staff, town):
    town.live("broke", BROKE)
    declined = Payment.objects.filter(status="declined").earliest("pk")
    assert "Your bank has blocked this card for good." in text(staff("agent"), page("payment", "change", declined))


def test_law_8_not_even_a_superuser_adds_changes_or_deletes(staff, anna):
    desk = staff()
    for row in rows():
        model = row._meta.model_name
        assert 'name="_save"' not in text(desk, page(model, "change", row))
        assert desk.get(page(model, "add")).status_code == 403
        assert desk.post(page(model, "change", row), {}).status_code == 403
        assert desk.post(page(model, "delete", row), {"post": "yes"}).status_code == 403
        desk.post(page(model), {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"})
        assert type(row).objects.filter(pk=row.pk).exists()


def rows():
    subscription = Subscription.objects.select_related("contract", "plan", "package").get()
    yield from (subscription, subscription.contract, subscription.plan, subscription.package)
    yield from (Payment.objects.get(), Document.objects.get(), PaymentCard.objects.get())


def test_K6_no_page_shows_what_the_provider_calls_a_card(staff, anna):
    desk, card = staff(), PaymentCard.objects.get()
    for row in rows():
        shown = text(desk, page(row._meta.model_name, "change", row))
        assert card.card_ref not in shown
        assert card.fingerprint not in shown
    assert f"Visa {card.last4}" in text(desk, page("paymentcard", "change", card))


def test_the_pdf_is_the_customers_own_file(staff, anna):
    answer = staff("agent").get(page("document", "pdf", Document.objects.get()))
    assert answer.content.startswith(b"%PDF")
    assert answer["Content-Type"] == "application/pdf"
    assert "no-store" in answer["Cache-Control"]


# To cancel for the customer


def test_K3_cancelling_shows_what_it_brings_and_does_just_that(staff, anna):
    desk, row = staff("agent"), Subscription.objects.get()
    url = page("subscription", "cancellation", row)
    shown = text(desk, url)
    assert "10 June 2026" in shown
    assert "€66.00" in shown
    post(desk, url)
    row.refresh_from_db()
    assert row.ends_on.isoformat() == "2026-06-10"
    assert Refund.objects.get().amount == Decimal("66.00")
    record = AuditRecord.objects.get(what="cancelled")
    assert (record.by.email, record.data["reason"]) == ("agent@staff.example.com", "asked on the telephone")


def test_K3_cancelling_twice_cancels_once(staff, anna):
    desk, url = staff("agent"), page("subscription", "cancellation", Subscription.objects.get())
    fields = hidden(desk, url) | {"reason": "asked"}
    desk.post(url, fields)
    again = desk.post(url, fields, follow=True)
    assert "nothing to cancel" in again.content.decode()
    assert AuditRecord.objects.filter(what="cancelled").count() == 1


def test_X10_what_was_shown_yesterday_is_not_done_today(staff, anna):
    desk, row = staff("agent"), Subscription.objects.get()
    url = page("subscription", "cancellation", row)
    fields = hidden(desk, url)
    with time_machine.travel(datetime(2026, 6, 11, 9, tzinfo=UTC)):
        sign_in_at_the_desk(desk, Account.objects.get(email="agent@staff.example.com"))
        answer = desk.post(url, fields | {"reason": "asked on Saturday"})
    shown = answer.content.decode()
    assert "Something has changed" in shown
    assert "10 July 2026" in shown
    assert "asked on Saturday" in shown
    row.refresh_from_db()
    assert row.ends_on is None


@pytest.mark.parametrize("reason", ["", "  ", "card 4242 4242 4242 4242 is gone"])
def test_an_operation_needs_a_reason_and_keeps_no_card_number(staff, anna, reason):
    answer = post(staff("agent"), page("subscription", "cancellation", Subscription.objects.get()), reason=reason)
    assert "errornote" in answer.content.decode()
    assert "4242 4242" not in answer.content.decode()
    assert not AuditRecord.objects.filter(what="cancelled").exists()


# To send again, to repeat


def test_K3_a_document_sent_again_is_mailed_again_once(staff, anna):
    desk, invoice = staff("agent"), Document.objects.get()
    url = page("document", "mail", invoice)
    fields = hidden(desk, url) | {"reason": "lost"}
    desk.post(url, fields)
    assert "This has just been done" in desk.post(url, fields, follow=True).content.decode()
    notice = Notice.objects.get(subject_key=invoice.number)
    again = OutboxMessage.objects.get(handler="notice_mail", dedup_key__contains="again")
    assert again.payload == {"notice_id": notice.pk, "again": 1}
    assert AuditRecord.objects.get(what="document sent again").data == {"number": invoice.number, "reason": "lost"}
    assert "Sent again so far" in text(desk, url)


def test_a_document_can_be_sent_a_third_time(staff, anna):
    desk, url = staff("agent"), page("document", "mail", Document.objects.get())
    post(desk, url)
    post(desk, url)
    assert OutboxMessage.objects.filter(handler="notice_mail", dedup_key__contains="again").count() == 2


def test_N2_a_document_whose_notice_is_gone_is_told_anew(staff, anna):
    desk, invoice = staff("agent"), Document.objects.get()
    OutboxMessage.objects.all().delete()
    Notice.objects.filter(subject_key=invoice.number).delete()
    post(desk, page("document", "mail", invoice))
    assert Notice.objects.filter(subject_key=invoice.number, kind="invoice_issued").count() == 1


def test_K3_a_rejected_refund_is_asked_for_again_and_then_paid(staff, town, rejected):
    post(staff("finance"), page("refund", "repetition", rejected))
    asked = OutboxMessage.objects.get(handler="refund", done_at__isnull=True)
    assert AuditRecord.objects.get(what="refund repeated").by.email == "finance@staff.example.com"
    town.gateway.set_refund_behaviour(card_ref=PaymentCard.objects.get().card_ref, behaviour="ok")
    send_refund(**asked.payload, now=NOON, gateway=town.gateway)
    rejected.refresh_from_db()
    assert rejected.status == "succeeded"
    assert rejected.credit_note.gross == rejected.amount


def test_a_refund_that_was_paid_cannot_be_repeated(staff, town):
    town.live("petros", CANCELLED)
    desk, paid = staff("finance"), Refund.objects.get()
    assert paid.status == "succeeded"
    assert "Repeat the refund" not in text(desk, page("refund", "change", paid))
    answer = desk.get(page("refund", "repetition", paid), follow=True)
    assert "has rejected can be repeated" in answer.content.decode()


def test_a_refund_that_is_rejected_again_can_be_repeated_again_but_not_by_the_same_form(staff, town, rejected):
    desk, url, first_key = staff("finance"), page("refund", "repetition", rejected), rejected.key
    fields = hidden(desk, url) | {"reason": "the bank says now"}
    desk.post(url, fields)
    send_refund(refund_id=rejected.pk, now=NOON, gateway=town.gateway)
    assert "This has just been done" in desk.post(url, fields, follow=True).content.decode()
    post(desk, url)
    rejected.refresh_from_db()
    again = OutboxMessage.objects.filter(handler="refund", done_at__isnull=True).order_by("pk")
    assert rejected.key == again.last().dedup_key != first_key
    assert again.count() == 2


# Who may do what


def may_open(client, url):
    status = client.get(url).status_code
    assert status in {200, 403}
    return status == 200


def test_I4_finance_corrects_a_name_with_a_reason(staff, anna):
    desk, invoice = staff("finance"), Document.objects.get()
    BillingProfile.objects.filter(account=anna).update(name="Fleet Ltd")
    url = page("document", "correction", invoice)
    assert "Fleet Ltd" in text(desk, url)
    answer = post(desk, url).content.decode()
    new = Document.objects.get(replaces=invoice)
    assert f"takes the place of {invoice.number}" in answer
    assert new.buyer["name"] == "Fleet Ltd"
    assert AuditRecord.objects.get(what="document corrected").data["reason"] == "asked on the telephone"
    assert "Another invoice has taken the place" in desk.get(url, follow=True).content.decode()
    assert new.number in text(desk, page("document", "change", invoice))


@pytest.mark.parametrize("role", ROLES)
def test_K1_only_finance_corrects(staff, anna, role):
    answer = staff(role).get(page("document", "correction", Document.objects.get()))
    assert answer.status_code == (302 if role in {"finance", "administrator"} else 403)


@pytest.mark.parametrize("role", ROLES)
def test_K1_who_may_see_customers(staff, anna, role):
    desk, may = staff(role), role in {"agent", "finance", "administrator"}
    assert may_open(desk, reverse("admin:index"))
    assert may_open(desk, page("document", "pdf", Document.objects.get())) is may
    for row in rows():
        assert may_open(desk, page(row._meta.model_name)) is may
        assert may_open(desk, page(row._meta.model_name, "change", row)) is may


@pytest.mark.parametrize("role", ROLES)
def test_K1_who_may_cancel_send_again_and_repeat(staff, rejected, role):
    desk, is_agent = staff(role), role in {"agent", "finance", "administrator"}
    assert may_open(desk, page("document", "mail", Document.objects.get())) is is_agent
    assert may_open(desk, page("refund", "repetition", rejected)) is (role in {"finance", "administrator"})
    # Cancelled already: whoever may is led back to its page and told so.
    answer = desk.get(page("subscription", "cancellation", Subscription.objects.get()))
    assert answer.status_code == (302 if is_agent else 403)


@pytest.mark.parametrize("role", ["editor", "dealer"])
def test_K1_a_denied_operation_does_nothing_when_it_is_posted_anyway(staff, anna, role):
    desk, row = staff(role), Subscription.objects.get()
    assert desk.post(page("subscription", "cancellation", row), {"reason": "x", "shown": "x"}).status_code == 403
    row.refresh_from_db()
    assert row.ends_on is None


def test_an_agent_is_not_shown_the_button_of_finance(staff, rejected):
    assert "Repeat the refund" not in text(staff("agent"), page("refund", "change", rejected))
    assert "Repeat the refund" in text(staff("finance"), page("refund", "change", rejected))


def test_a_customer_and_a_stranger_are_led_to_the_sign_in_page(client, anna):
    urls = [page(model) for model in LISTS] + [page("document", "pdf", Document.objects.get())]
    assert {client.get(url).status_code for url in urls} == {302}
    client.force_login(anna)
    assert {client.get(url).status_code for url in urls} == {302}


# The customer whole


def test_K2_an_accounts_page_leads_to_all_that_belongs_to_it(staff, town, anna):
    town.live("petros", number=2)
    desk = staff("agent")
    shown = text(desk, reverse("admin:accounts_account_change", args=[anna.pk]))
    assert vin(1) in shown
    assert vin(2) not in shown
    lists = re.findall(r'href="([^"]+account__id__exact[^"]+)">([^<]+)</a></th><td>(\d+)', shown)
    counts = {label: int(count) for _url, label, count in lists}
    assert {label: counts[label] for label in ("Subscriptions", "Payments", "Documents", "Cards")} == {
        "Subscriptions": 1,
        "Payments": 1,
        "Documents": 1,
        "Cards": 1,
    }
    for url, _label, count in lists:
        assert f"{count} " in text(desk, url.replace("&amp;", "&"))
        assert "petros@example.com" not in text(desk, url.replace("&amp;", "&"))


def test_an_accounts_page_costs_the_same_for_one_car_and_for_three(staff, town, anna, django_assert_num_queries):
    desk, url = staff("agent"), reverse("admin:accounts_account_change", args=[anna.pk])
    text(desk, url)
    with CaptureQueriesContext(connection) as with_one:
        text(desk, url)
    add(Account.objects.get(pk=anna.pk), 5)
    add(Account.objects.get(pk=anna.pk), 6)
    with django_assert_num_queries(len(with_one)):
        text(desk, url)
