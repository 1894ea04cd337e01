import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command

from portal import roles
from portal.role_groups import load_at_last


def permissions_of(name):
    return set(Group.objects.get(name=name).permissions.values_list("codename", flat=True))


def test_K1_the_groups_are_made_from_the_table_and_again_without_change(db, capsys):
    call_command("load_roles")
    before = {name: permissions_of(name) for name in roles.ROLES}
    call_command("load_roles")
    assert {name: permissions_of(name) for name in roles.ROLES} == before
    assert Group.objects.count() == len(roles.ROLES)
    assert "finance: " in capsys.readouterr().out


def test_K1_finance_repeats_refunds_sets_prices_and_has_the_work_list_and_an_agent_does_not(db):
    roles.load_roles()
    work_list = {"view_workitem", "change_workitem"}
    money = {"change_refund", "change_payment", "change_plan", "change_package"}
    bundles = {"view_documentbundle", "change_documentbundle"}
    catalogue = {"view_catalogueversion", "change_catalogueversion"}
    more = permissions_of("finance") - permissions_of("agent")
    assert more == money | bundles | catalogue | work_list | {"export_lists"}
    assert permissions_of("editor") == {
        *("view_termsversion", "change_termsversion"),
        *("view_serviceincident", "change_serviceincident"),
        *("view_manual", "change_manual"),
        *("view_article", "view_articletext", "change_articletext", "view_failedsearch", "view_vote"),
        *("view_samewords", "change_samewords", "export_lists"),
    }
    assert permissions_of("dealer") == {
        *("view_booking", "change_booking", "view_orderedvehicle"),
        *("view_workshop", "change_workshop"),
        *("view_dealeraccess", "change_dealeraccess", "view_tradein", "change_tradein"),
        "view_referral",
    }
    assert permissions_of("dealer_manager") - permissions_of("dealer") == {"view_workshopstaff", "change_workshopstaff"}


def test_K1_a_migrated_database_has_the_groups_and_a_half_migrated_one_none(db):
    Group.objects.all().delete()
    last = [app for app in apps.get_app_configs() if app.models_module][-1]
    load_at_last(apps.get_app_config("accounts"))
    assert not Group.objects.exists()
    load_at_last(last)
    assert set(Group.objects.values_list("name", flat=True)) == roles.ROLES.keys()
    Group.objects.all().delete()
    Permission.objects.filter(codename="view_account").delete()
    load_at_last(last)
    assert not Group.objects.exists()


def test_no_role_adds_or_deletes_anything():
    names = {permission.split(".")[1] for role in roles.ROLES.values() for permission in role}
    assert {name.split("_")[0] for name in names} == {"view", "change", "export"}


def test_a_permission_given_by_hand_is_taken_back(db):
    roles.load_roles()
    Group.objects.get(name="agent").permissions.add(Permission.objects.get(codename="delete_account"))
    roles.load_roles()
    assert "delete_account" not in permissions_of("agent")


def test_a_misspelt_permission_is_named(db, monkeypatch):
    monkeypatch.setitem(roles.ROLES, "agent", frozenset({"accounts.view_acount"}))
    with pytest.raises(LookupError, match=r"agent.*accounts.view_acount"):
        roles.load_roles()
