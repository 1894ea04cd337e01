from datetime import date

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Account
from accounts.notices.kinds import tell
from portal import outbox
from portal.models import AuditRecord, OutboxMessage
from tests.accounts.conftest import PASSWORD
from tests.accounts.notice_facts import FACTS
from tests.staff import sign_in_at_the_desk

OWN_LISTS = [
    "accounts_account",
    "accounts_termsacceptance",
    "accounts_notice",
    "portal_brand",
    "portal_legalentity",
    "portal_market",
    "portal_auditrecord",
    "portal_outboxmessage",
]


@pytest.fixture
def desk(client, terms):
    """Signed in as staff who may see everything and change what permissions alone allow."""
    staff = Account.objects.create_user("staff@example.com", PASSWORD, is_staff=True)
    staff.user_permissions.set(Permission.objects.filter(content_type__app_label__in=["accounts", "portal"]))
    return sign_in_at_the_desk(client, staff)


@pytest.fixture
def told(member, moment):
    facts = FACTS["card_expired"]
    tell(account=member, kind="card_expired", subject_key="c", event_on=date(2026, 3, 31), now=moment, **facts)


def changelist(name):
    return reverse(f"admin:{name}_changelist")


def test_staff_sign_in_on_the_one_sign_in_page(client, db):
    answer = client.get(reverse("admin:index"), follow=True)
    assert answer.redirect_chain[-1][0].startswith(reverse("account_login"))


def test_a_row_is_not_looked_for_by_a_field_without_a_name(desk, member):
    row = reverse("admin:accounts_account_change", args=[member.pk])
    assert desk.get(row, {"_to_field": ""}).status_code == 400
    assert desk.post(row, {"_to_field": ""}).status_code == 400


def test_a_customer_is_not_let_into_the_admin(member_client):
    assert member_client.get(reverse("admin:login")).status_code == 403


@pytest.mark.parametrize("name", OWN_LISTS)
def test_a_list_opens_and_offers_neither_adding_nor_deleting(desk, told, name):
    page = desk.get(changelist(name)).content.decode()
    assert reverse(f"admin:{name}_add") not in page
    assert "delete_selected" not in page


@pytest.mark.parametrize("term", ["member@", "Maria", "Member"])
def test_k2_a_customer_is_found_by_e_mail_and_name(desk, member, newcomer, term):
    page = desk.get(changelist("accounts_account"), {"q": term}).content.decode()
    assert "member@example.com" in page
    assert "newcomer@example.com" not in page


def test_a_customers_page_is_read_only_and_shows_no_password(desk, member):
    url = reverse("admin:accounts_account_change", args=[member.pk])
    page = desk.get(url).content.decode()
    assert "member@example.com" in page
    assert member.password not in page
    assert 'name="_save"' not in page
    assert desk.post(url, {"is_superuser": "on"}).status_code == 403


def test_giving_rights_is_for_a_superuser_and_recorded(client, member):
    chief = Account.objects.create_superuser("chief@example.com", PASSWORD)
    sign_in_at_the_desk(client, chief)
    inlines = {
        f"{prefix}-{name}_FORMS": 0
        for prefix in ("emailaddress_set", "billing_profile", "copy_addresses", "terms_acceptances")
        for name in ("TOTAL", "INITIAL")
    }
    url = reverse("admin:accounts_account_change", args=[member.pk])
    client.post(url, {"is_active": "on", "is_staff": "on", "email": "other@example.com", **inlines})
    member.refresh_from_db()
    assert (member.is_staff, member.email) == (True, "member@example.com")
    rights = AuditRecord.objects.get(what="rights_changed")
    assert (rights.by, rights.data["fields"]) == (chief, ["is_staff"])


def test_parked_mail_is_found_from_the_home_page_and_is_tried_again(desk, told, member, moment):
    parked = OutboxMessage.objects.get()
    OutboxMessage.objects.update(parked_at=moment, attempts=12, last_error="SMTPRecipientsRefused")
    outbox.enqueue("mail", dedup_key="mail:later", now=moment, key="later")
    page = desk.get(changelist("portal_outboxmessage"), {"parked_at__isempty": 0})
    assert [message.pk for message in page.context["cl"].queryset] == [parked.pk]
    desk.post(changelist("portal_outboxmessage"), {"action": "try_again", "_selected_action": [parked.pk]})
    parked.refresh_from_db()
    assert (parked.parked_at, parked.attempts) == (None, 0)
    assert parked.pk in outbox.waiting(now=timezone.now())


def test_the_outbox_shows_no_links_that_let_people_in(desk, db, moment):
    outbox.enqueue("mail", dedup_key="mail:1", now=moment, key="1", text="http://localhost:8000/secret")
    message = OutboxMessage.objects.get()
    page = desk.get(reverse("admin:portal_outboxmessage_change", args=[message.pk]))
    assert page.status_code == 200
    assert "secret" not in page.content.decode()


@pytest.mark.parametrize("name", ["accounts_account", "accounts_termsacceptance", "accounts_notice"])
def test_a_list_takes_the_same_queries_for_one_row_and_for_many(desk, told, member, terms, moment, name):
    with CaptureQueriesContext(connection) as few:
        desk.get(changelist(name))
    for number in range(5):
        account = Account.objects.create_user(f"more{number}@example.com")
        account.terms_acceptances.create(version=terms, accepted_at=moment, channel="app")
        account.notices.create(kind="card_expired", subject_key="c", event_on=moment.date(), created_at=moment)
    with CaptureQueriesContext(connection) as many:
        desk.get(changelist(name))
    assert len(many) == len(few)


def test_addresses_are_not_swapped_on_a_page_of_their_own(desk):
    assert desk.get("/admin/account/emailaddress/").status_code == 404
