"""K2: one box finds a customer by whatever is known of it, by an index, and shows no more than the role may see."""

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts.actions.profile import change_profile
from accounts.models import Account
from portal.models import AuditRecord
from portal.roles import load_roles
from subscriptions.models import Document, Payment
from support.finding.looking import look_for
from support.rules.looked_for import read
from tests import make
from tests.staff import sign_in_at_the_desk

SEARCH = "/admin/search/"


@pytest.fixture
def customer(owner, car, card, digital_key, gateway):
    make.subscription(car, package=digital_key, gateway=gateway)
    return change_profile(
        account=owner, now=make.NOW, by=owner, first_name="Μαρία", last_name="Γεωργίου", phone="+357 99-123456"
    )


def staff(client, market, role):
    load_roles()
    account = make.account(f"{role}@staff.example.com", market=market, is_staff=True, last_name="Iacovou")
    account.groups.add(Group.objects.get(name=role))
    return sign_in_at_the_desk(client, account)


@pytest.fixture
def agent(client, market, customer):
    return staff(client, market, "agent")


def known_of(account, car):
    return {
        "part of the address": "owner@exa",
        "name in Latin letters": "georgiou",
        "with an error": "geogiou maria",
        "by its beginning": "Γεωρ",
        "telephone": "99 123456",
        "plate": car.vehicle.plate,
        "VIN": car.vehicle.vin,
        "invoice": Document.objects.get().number,
        "contract": account.subscriptions.get().contract.number,
        "provider's reference": Payment.objects.get().charge_ref,
        "card": account.cards.get().last4,
        "name and two digits": f"georgiou {account.cards.get().last4[:2]}",
    }


def test_K2_whatever_is_known_leads_to_the_customer(agent, customer, car):
    for what, typed in known_of(customer, car).items():
        found = agent.get(SEARCH, {"q": typed}, follow=True).content.decode()
        assert "owner@example.com" in found, what
    assert "Nothing was found" in agent.get(SEARCH, {"q": "petrou"}).content.decode()


def test_K2_where_one_customer_is_found_it_leads_there(agent, customer):
    page = reverse("admin:accounts_account_change", args=[customer.pk])
    assert agent.get(SEARCH, {"q": "owner@example.com"}).url == page


def test_K2_a_name_that_changed_is_found_as_it_is_now(customer, owner):
    change_profile(account=customer, now=make.NOW, by=customer, last_name="Σάββα")
    agent = make.account("chief@staff.example.com", market=owner.market, is_superuser=True, last_name="Iacovou")
    assert look_for(read("georgiou"), user=agent) == []
    assert len(look_for(read("savva maria"), user=agent)) == 1


@pytest.mark.parametrize("role", ["dealer", "editor"])
def test_K1_who_may_see_no_customer_has_no_box_and_no_search(client, market, customer, role):
    signed_in = staff(client, market, role)
    assert signed_in.get(SEARCH, {"q": "owner@example.com"}).status_code == 403
    assert 'name="q"' not in signed_in.get(reverse("admin:index")).content.decode()


def test_K2_searches_are_on_record_without_what_was_typed_and_limited(agent, customer, monkeypatch):
    agent.get(SEARCH, {"q": "georgiou"})
    record = AuditRecord.objects.get(what="desk searched")
    assert record.data == {"found": {"Customers": 1}}
    monkeypatch.setattr("support.admin.looking.SEARCHES_AN_HOUR", 1)
    assert "very often" in agent.get(SEARCH, {"q": "georgiou"}).content.decode()


def test_W1_a_card_number_is_not_looked_for(agent):
    assert "looks like a card number" in agent.get(SEARCH, {"q": "4242424242424242"}).content.decode()


def test_K2_thousands_of_customers_are_no_more_work(customer, market):
    """Each kind by an index, whatever the planner knew before."""
    now = timezone.now()
    Account.objects.bulk_create(
        (
            Account(email=f"a{number}@many.example.com", market=market, created_at=now, name_keys=[f"n{number}"])
            for number in range(5_000)
        ),
        batch_size=1_000,
    )
    agent = make.account("chief@staff.example.com", market=market, is_superuser=True)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE accounts_account")
        # So few rows are as quickly read one by one.
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SELECT gin_clean_pending_list('account_email_part')")
    for typed, table in (("georgiou", "name_keys"), ("owner@", "email_part"), ("99123456", "phone_end")):
        assert f"account_{table}" in plans(typed, agent), typed


def plans(typed, user):
    said = []

    def explained(execute, sql, params, many, context):
        if sql.startswith("SELECT") and '"accounts_account"' in sql:
            with connection.cursor() as cursor:
                execute_plain = cursor.cursor.execute
                execute_plain(f"EXPLAIN {sql}", params)
                said.extend(row[0] for row in cursor.cursor.fetchall())
        return execute(sql, params, many, context)

    with connection.execute_wrapper(explained):
        look_for(read(typed), user=user)
    return "\n".join(said)
