"""The customer centre's roles, and what each may do (K1). Migrating makes a group of each, or `load_roles`.

`view_x` opens a page to read. `change_x` never opens a form of the row itself, which only actions write: it lets the
role start the operations on it (unblock a car, cancel a subscription for its customer, send a document again, repeat a
refund, set a new price, discontinue a package, close a work item, decide who controls a car, have a month's documents
prepared, keep a workshop, answer a case). What has a form: drafts of the Terms until they are published (A2), incidents
of the services, the texts of articles (H1), and owner manuals (G8).
"""

from collections import defaultdict
from collections.abc import Iterable

from django.contrib.auth.models import Group, Permission
from django.db import transaction

_READ_CUSTOMERS = {
    "accounts.view_account",
    "accounts.view_closing",
    "accounts.view_consentchange",
    "accounts.view_billingprofile",
    "accounts.view_copyaddress",
    "accounts.view_dealer",
    "accounts.view_notice",
    "accounts.view_signin",
    "accounts.view_termsacceptance",
    "accounts.view_undeliveredmail",
    "garage.view_accesscheck",
    "garage.view_booking",
    "garage.view_controltransfer",
    "garage.view_dataaccess",
    "garage.view_datagrant",
    "garage.view_dealeraccess",
    "garage.view_driveraccess",
    "garage.view_maintenanceplan",
    "garage.view_manual",
    "garage.view_maprelease",
    "garage.view_mapupdate",
    "garage.view_membership",
    "garage.view_multimediaprofile",
    "garage.view_orderedvehicle",
    "garage.view_recall",
    "garage.view_sale",
    "garage.view_servicerecord",
    "garage.view_tradein",
    "garage.view_vehicle",
    "garage.view_workshop",
    "portal.view_auditrecord",
    "portal.view_origin",
    "subscriptions.view_contract",
    "subscriptions.view_discontinuation",
    "subscriptions.view_dispute",
    "subscriptions.view_document",
    "subscriptions.view_olddocument",
    "subscriptions.view_package",
    "subscriptions.view_payment",
    "subscriptions.view_paymentcard",
    "subscriptions.view_plan",
    "subscriptions.view_provisioning",
    "subscriptions.view_pricechange",
    "subscriptions.view_referral",
    "subscriptions.view_refund",
    "subscriptions.view_service",
    "subscriptions.view_serviceincident",
    "subscriptions.view_subscription",
    "subscriptions.view_takenover",
}
_AGENT = _READ_CUSTOMERS | {
    # To send the activation of an address again (K3); addresses have no page of their own here.
    "account.change_emailaddress",
    "accounts.change_account",
    "accounts.change_undeliveredmail",
    "garage.change_accesscheck",
    "garage.change_controltransfer",
    "garage.change_vehicle",
    "subscriptions.change_provisioning",
    "subscriptions.change_subscription",
    "subscriptions.change_document",
    "support.view_case",
    "support.change_case",
    "support.view_every_case",
    "support.view_cannedtext",
    # Files of what they decide about; finance of money as well.
    "support.view_evidence",
    "support.change_evidence",
    # Trips under a case, while its customer's leave holds.
    "support.view_sightleave",
}
# Of cases finance sees those of billing only, and no trips.
_FINANCE = (_AGENT - {"support.view_every_case", "support.view_sightleave"}) | {
    "portal.export_lists",
    "subscriptions.change_catalogueversion",
    "subscriptions.change_package",
    "subscriptions.change_plan",
    "subscriptions.change_payment",
    "subscriptions.change_refund",
    "subscriptions.view_catalogueversion",
    "subscriptions.view_documentbundle",
    "subscriptions.change_documentbundle",
    "subscriptions.view_workitem",
    "subscriptions.change_workitem",
}
_ADMINISTRATOR = _FINANCE | {
    "support.view_every_case",
    "support.view_sightleave",
    "support.view_casecategory",
    "accounts.view_town",
    "accounts.view_consentwording",
    "accounts.view_dataexport",
    "accounts.view_hookendpoint",
    "accounts.change_hookendpoint",
    "accounts.view_hookdelivery",
    "accounts.change_hookdelivery",
    "allauth_idp_oidc.view_client",
    "auth.view_group",
    "garage.view_registryentry",
    "garage.view_thirdparty",
    "portal.view_brand",
    "portal.view_legalentity",
    "portal.view_staffread",
    "portal.change_auditrecord",
    "portal.view_market",
    "portal.view_vatrate",
    "portal.view_outboxmessage",
    "portal.change_outboxmessage",
}
# Articles begin in files; from the first edit on they are the editors'.
_EDITOR = {
    "portal.export_lists",
    "garage.view_manual",
    "garage.change_manual",
    "accounts.view_termsversion",
    "accounts.change_termsversion",
    "subscriptions.view_serviceincident",
    "subscriptions.change_serviceincident",
    "support.view_article",
    "support.view_articletext",
    "support.change_articletext",
    "support.view_failedsearch",
    "support.view_vote",
    "support.view_samewords",
    "support.change_samewords",
}
# Of the own dealer's bookings, deliveries, workshop and referrals only (`WorkshopStaff`); more begins with a customer's
# code.
_DEALER = {
    "garage.view_booking",
    "garage.change_booking",
    "garage.view_orderedvehicle",
    "garage.view_workshop",
    "garage.change_workshop",
    "subscriptions.view_referral",
    "garage.view_dealeraccess",
    "garage.change_dealeraccess",
    "garage.view_tradein",
    "garage.change_tradein",
}
_STAFF_OF_A_DEALER = {"garage.view_workshopstaff", "garage.change_workshopstaff"}

DEALER, DEALER_MANAGER = "dealer", "dealer_manager"

ROLES: dict[str, frozenset[str]] = {
    "agent": frozenset(_AGENT),
    "finance": frozenset(_FINANCE),
    "editor": frozenset(_EDITOR),
    DEALER: frozenset(_DEALER),
    # Invites and ends those who work at the own dealer, beside the work itself.
    DEALER_MANAGER: frozenset(_DEALER | _STAFF_OF_A_DEALER),
    # Giving roles is a superuser's: whoever may give them can become anything.
    "administrator": frozenset(_ADMINISTRATOR | _EDITOR | _STAFF_OF_A_DEALER),
}


@transaction.atomic
def load_roles() -> dict[str, int]:
    """Brings the groups to what the table says; gives how many permissions each has. LookupError for an unknown one."""
    known = _known()
    for name, permissions in ROLES.items():
        _refuse_unknown(permissions - known.keys(), role=name)
    Group.objects.bulk_create([Group(name=name) for name in ROLES], ignore_conflicts=True)
    held = _held()
    for group in Group.objects.filter(name__in=ROLES):
        wanted = {known[permission] for permission in ROLES[group.name]}
        if held[group.pk] != wanted:
            group.permissions.set(wanted)
    return {name: len(permissions) for name, permissions in ROLES.items()}


def is_complete() -> bool:
    """Whether every permission that the table names is in the database."""
    return frozenset().union(*ROLES.values()) <= _known().keys()


def _known() -> dict[str, int]:
    rows = Permission.objects.values_list("pk", "content_type__app_label", "codename")
    return {f"{app}.{codename}": pk for pk, app, codename in rows}


def _held() -> dict[int, set[int]]:
    """The permissions of each group, in one query: where nothing has changed nothing is written."""
    held: dict[int, set[int]] = defaultdict(set)
    for group, permission in Group.permissions.through.objects.values_list("group_id", "permission_id"):
        held[group].add(permission)
    return held


def _refuse_unknown(unknown: Iterable[str], *, role: str) -> None:
    names = ", ".join(sorted(unknown))
    if names:
        raise LookupError(f"The role {role} names permissions that there are not: {names}")
