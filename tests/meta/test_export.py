"""A6: whatever is kept about an account is in its export, or stands here with the reason why it is not."""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.contrib import admin
from django.db.models import Model

from accounts.accesses import SUBJECTS
from accounts.exporting import EXPORTERS
from accounts.models import Account
from portal.admin import NotesReads

EXCUSED = {
    "account.emailconfirmation": "a key of a link in a mail, good for days: it lets whoever reads it in",
    "accounts.account_groups": "roles of staff: rights at work, not data of a customer",
    "accounts.account_user_permissions": "rights of staff, given by the group",
    "accounts.callercode": "a hash of what a customer read out on the telephone, good for minutes",
    "accounts.closing": "made when the account is closed: nobody is left who could ask",
    "accounts.hookdelivery": "an event on its way to the app's backend: public ids alone, for thirty days",
    "accounts.hookendpoint": "where the app's backend is told of events, made by a file: no customer's",
    "accounts.hooktry": "what the app's backend answered, and how fast: of a machine, not of a customer",
    "accounts.signintoken": "which token belongs to which sign-in, which is in the export",
    "accounts.spenttoken": "hashes of tokens that were exchanged: they tell that one was stolen",
    "admin.logentry": "what staff changed in the admin: whose rights, kept with the account's records",
    "allauth_idp_oidc.client": "the apps and head units that there are, made by a file: no customer's",
    "allauth_idp_oidc.token": "a hash that lets an app in for a while; its sign-in is in the export",
    "garage.factcorrection": "what staff know better of a car, with their evidence: of the car, not of a customer",
    "garage.thirdparty": "whom owners may choose to let read data, made by a file: no customer's",
    "garage.dealersystem": "which client of the API speaks for which dealer, made by a file: no customer's",
    "garage.pairingcode": "a hash of what the car's screen showed for minutes; the proof is in the account's records",
    "garage.manualedition": "which member of staff uploaded an owner manual: work, not data of a customer",
    "garage.workshopstaff": "at which dealer a member of staff works: rights at work, not data of a customer",
    "garage.dealercode": "a hash of what a customer showed a dealer for minutes; what it opened is in the export",
    "garage.staffinvitation": "whom a dealer invited to its desk: rights at work, not data of a customer",
    "portal.idempotentcall": "answers to an app's calls, kept for a day so that none is done twice",
    "subscriptions.accountantaccess_vehicles": "the cars stand with the access itself",
    "subscriptions.discontinuation": "a decision of finance about a package; what it did is in the account's records",
    "subscriptions.documentfile": "where a PDF lies and its hash: the PDF itself is in the export",
    "subscriptions.takenover": "where a contract was before; the contract and its payments are in the export",
    "subscriptions.pricechange": "a decision of finance about a plan; the offer that came of it is in the export",
    "subscriptions.referral": "the same rows as the subscriptions, as the dealer who helped is shown them",
    "subscriptions.workitem": "how the customer centre shares its work; what it did is among the account's records",
}
# Read in the admin, and about nobody.
OF_NOBODY = {
    *("subscriptions.discontinuation", "subscriptions.pricechange", "admin.logentry", "allauth_idp_oidc.client"),
    *("garage.thirdparty", "accounts.hookdelivery", "accounts.hookendpoint"),
}


def exported() -> set[str]:
    return {exporter.model._meta.label_lower for exporter in EXPORTERS.values()}


def models_of_an_account() -> Iterator[str]:
    """Each model from which foreign keys lead to the account, by however many steps; tables in between included."""
    reached, before = {Account}, set()
    while reached != before:
        before = set(reached)
        reached |= {model for model in apps.get_models(include_auto_created=True) if leads_to(model, before)}
    return (model._meta.label_lower for model in reached)


def leads_to(model: type[Model], targets: set[type[Model]]) -> bool:
    fields = model._meta.get_fields()
    return any(
        field.concrete and (field.many_to_one or field.one_to_one) and field.related_model in targets
        for field in fields
        if field.is_relation
    )


def test_A6_every_model_of_an_account_is_exported_or_excused():
    missing = set(models_of_an_account()) - exported() - EXCUSED.keys()
    assert missing == set(), "register them in an exporters.py, or excuse them here with the reason"


def test_A6_nothing_is_excused_that_is_exported_or_not_there():
    assert EXCUSED.keys() <= set(models_of_an_account()) - exported()
    assert all(len(reason) > 20 for reason in EXCUSED.values())


@pytest.mark.parametrize("label", ["subscriptions.contract", "account.emailconfirmation", "portal.auditrecord"])
def test_A6_a_model_is_found_however_far_away_it_stands(label):
    assert label in set(models_of_an_account())


def test_A6_the_names_of_the_files_tell_them_apart():
    assert all(name == exporter.name and name.replace("-", "").isalpha() for name, exporter in EXPORTERS.items())


def test_D1_every_page_of_the_desk_about_a_customer_notes_who_opens_it():
    about = {model for model in admin.site._registry if model._meta.label_lower in set(models_of_an_account())}
    assert [model for model in about if not isinstance(admin.site._registry[model], NotesReads)] == []


def test_D1_every_page_of_the_desk_about_a_customer_has_a_name_for_them():
    pages = {model._meta.label_lower for model in admin.site._registry} & set(models_of_an_account())
    # Prepared documents of staff's own are those of a whole month.
    assert pages - OF_NOBODY - {"subscriptions.documentbundle"} <= SUBJECTS.keys()
