"""Every address of the site and who may see it. A new address must enter the table (test_access.py)."""

from collections.abc import Iterator
from dataclasses import dataclass
from types import SimpleNamespace

from django.urls import URLPattern, URLResolver, get_resolver, reverse


@dataclass(frozen=True, kw_only=True)
class Route:
    """`arguments` name attributes of the estate; `is_owned` if one of them is a customer's own thing."""

    arguments: tuple[str, ...] = ()
    query: str = ""
    is_owned: bool = False
    # What a visitor gets; None: the way to the sign-in page.
    visitor: int | None = None
    # What the owner gets by GET; None: the address takes POST only.
    owner: int | None = 200
    takes_post: bool = False
    is_ours: bool = True
    # Taken without the token of a form: a signature over the body stands in for it.
    is_signed: bool = False
    # Of a page behind the sign-in: open to those who have not accepted the Terms in force too (A2).
    is_without_terms: bool = False
    # What a POST without the token of a form gets: what is called by programs has no form.
    tokenless: int = 403
    # A call of the API: whatever its arguments name is somebody's own (test_api_access.py).
    is_api: bool = False

    def url(self, name: str, estate: SimpleNamespace) -> str:
        return reverse(name, args=[getattr(estate, argument) for argument in self.arguments]) + self.query


def public(*arguments: str, visitor: int = 200, **facts: object) -> Route:
    return Route(arguments=arguments, visitor=visitor, **facts)


def member(**facts: object) -> Route:
    return Route(**facts)


def own(*arguments: str, **facts: object) -> Route:
    return Route(arguments=arguments, is_owned=True, **facts)


def allauth(*arguments: str, **facts: object) -> Route:
    return Route(arguments=arguments, takes_post=True, is_ours=False, **facts)


def provider(*, visitor: int = 400, owner: int | None = None, tokenless: int = 400) -> Route:
    """What apps and cars call to sign in (tests/accounts/test_identity_*.py)."""
    return Route(visitor=visitor, owner=owner, takes_post=True, tokenless=tokenless, is_ours=False)


def api(*arguments: str, answer: int = 401, tokenless: int | None = None) -> Route:
    """A signed-in browser is nobody there: a token opens it (tests/api/)."""
    refused = tokenless or answer
    return Route(arguments=arguments, visitor=answer, owner=answer, tokenless=refused, is_ours=False, is_api=True)


ROUTES: dict[str, Route] = {
    "brand_css": public(),
    "alive": public(),
    "ready": public(),
    # Without the token there is no such page.
    "metrics": public(visitor=404, owner=404),
    "favicon": public(visitor=302, owner=302),
    "service_worker": public(),
    "offline": public(),
    "web_manifest": public(),
    "home": public(),
    "legal_page": public("slug"),
    "support": public(),
    "contact": public(),
    "case_new": public(takes_post=True),
    "case_answers": public(owner=None, takes_post=True),
    "case_sent": public(),
    # None of ours, or used already.
    "case_confirmation": public("key", visitor=410, owner=410, takes_post=True),
    "guest_case": public("key", visitor=404, owner=404, takes_post=True),
    "guest_case_file": public("key", "case_file", visitor=404, owner=404),
    "cases": member(is_without_terms=True),
    "case": own("case", takes_post=True, is_without_terms=True),
    "case_file": own("case", "case_file", is_without_terms=True),
    "case_sight": own("case", takes_post=True, is_without_terms=True),
    "case_sight_withdrawal": own("case", owner=None, takes_post=True, is_without_terms=True),
    "support_search": public(query="?q=refund"),
    "support_status": public(),
    "support_howtos": public(),
    "support_guide": public("guide_slug"),
    "support_video": public("video_slug"),
    # No recording stands there (tests/support/test_recordings.py).
    "support_recording": public("video_slug", "help_language", visitor=404, owner=404),
    "support_track": public("video_slug", "help_language", "track_kind", visitor=404, owner=404),
    "support_feedback": public("help_slug", takes_post=True),
    "support_own_figures": member(arguments=("figures_slug",)),
    "support_category": public("help_category"),
    "support_article": public("help_category", "help_slug"),
    "activation_request": public(takes_post=True),
    # Garage
    "garage": member(),
    "add_vehicle": member(takes_post=True),
    "add_by_code": member(takes_post=True),
    "add_by_photo": member(takes_post=True),
    "vehicle": own("car"),
    "vehicle_state": own("car"),
    "vehicle_alerts": own("car"),
    "prove_access": own("car", takes_post=True),
    "rename_vehicle": own("car", takes_post=True),
    "invoice_reference": own("car", takes_post=True),
    "invoice_references": member(takes_post=True),
    "select_vehicle": own("car", owner=None, takes_post=True),
    "vehicle_report": own("car"),
    "vehicle_report_pdf": own("car", query="?language=en"),
    "vehicle_removal": own("car", takes_post=True),
    "service": own("car"),
    "service_entry_new": own("car", takes_post=True),
    "service_entry": own("car", "service_entry", takes_post=True),
    "service_entry_deletion": own("car", "service_entry", owner=None, takes_post=True),
    "manuals_of_selected": member(owner=302),
    "manuals": own("car"),
    "manual": own("car", "manual_edition"),
    "delivery": own("order"),
    "booking_new": own("car", takes_post=True),
    "booking": own("booking"),
    "booking_change": own("booking", takes_post=True),
    "booking_cancellation": own("booking", owner=None, takes_post=True),
    "booking_calendar": own("booking"),
    "sales": member(),
    "sale_start": own("car", takes_post=True),
    "sale": own("sale", takes_post=True),
    "sale_removal": own("sale", takes_post=True),
    "sale_connections": own("leaving", takes_post=True),
    "sale_end": own("sale", owner=None, takes_post=True),
    "sale_certificate": own("sold"),
    "sale_note": own("sold", takes_post=True),
    "certificate": public("check_number"),
    "take_over": member(takes_post=True),
    "drivers": own("car", takes_post=True),
    "driver": own("driver", takes_post=True),
    "driver_end": own("driver", owner=None, takes_post=True),
    # The owner of the estate is invited to drive somebody else's car.
    "driver_invitation": own("driving", takes_post=True),
    "profile_in_car": own("car", takes_post=True),
    "profile_end": own("profile", owner=None, takes_post=True),
    "multimedia": own("car"),
    "map_update": own("car", owner=None, takes_post=True),
    "map_update_end": own("car", "map_update", owner=None, takes_post=True),
    "dealer_code": own("car", takes_post=True),
    "dealer_access_end": own("dealer_access", owner=None, takes_post=True),
    "trade_in": own("trade_in", takes_post=True),
    "staff_invitation": own("staff_invitation", takes_post=True),
    "reach": own("car"),
    "reach_end": own("car", "link_beside", takes_post=True),
    "driving": own("car"),
    "driving_month": own("car", "month"),
    "driving_trips": own("car"),
    "driving_trip": own("car", "trip"),
    "driving_missing": own("car", query="?on=2026-06-10"),
    "own_data": member(),
    "vehicle_data": own("car"),
    "vehicle_data_file": own("car", "zip"),
    "vehicle_data_kind": own("car", "kind", "csv"),
    "grants": own("car"),
    "grant_new": own("car", takes_post=True),
    "grant": own("data_grant"),
    "grant_end": own("data_grant", owner=None, takes_post=True),
    "control": own("car"),
    # The owner has control already.
    "control_request": own("car", owner=302, takes_post=True),
    "control_offer": own("car", takes_post=True),
    "control_answer": own("control_request", takes_post=True),
    "control_request_end": own("own_control_request", owner=None, takes_post=True),
    "control_offered": own("offered", takes_post=True),
    "control_offer_end": own("offer", owner=None, takes_post=True),
    "control_confirmation": own("offer", takes_post=True),
    "why": own("car"),
    "why_package": own("car", "package"),
    "privacy_mode": own("car"),
    # Services
    "services_of_selected": member(owner=302),
    "services": own("car"),
    "activation": own("car", "package", owner=None, takes_post=True),
    "checkout_plan": own("car", "package"),
    "checkout_payment": own("car", "package", query="?term=yearly"),
    "checkout_dealer": own("car", "package", query="?term=yearly"),
    "checkout_summary": own("car", "package", query="?term=yearly", takes_post=True),
    "subscriptions": member(),
    "subscription": own("subscription"),
    "ordered": own("subscription"),
    "order_return": own("subscription", owner=302, takes_post=True),
    "contract": own("subscription"),
    "contract_pdf": own("subscription"),
    "cancellation": own("subscription", takes_post=True),
    # Nothing is cancelled.
    "undo_cancellation": own("subscription", owner=None, takes_post=True),
    # No new price waits for an answer.
    "new_price": own("subscription", owner=302, takes_post=True),
    "term": own("subscription", takes_post=True),
    # Visitors go on to the statement.
    "withdrawal": public(visitor=302),
    "withdrawal_statement": public(takes_post=True),
    "withdrawal_received": public(),
    "how_we_calculate": public(),
    "match": public(query="?vin=JTJSAMPLECY900001"),
    "match_in_market": public("market_code"),
    "prices": public(),
    "prices_in_market": public("market_code"),
    # Nothing is declined.
    "payment": own("subscription", owner=302, takes_post=True),
    "payment_return": own("subscription", owner=302),
    "withdraw": own("subscription", takes_post=True, is_without_terms=True),
    # Payments
    "wallet": member(),
    "add_card": member(owner=None, takes_post=True),
    "card_return": own("setup", owner=302),
    "primary_card": own("card", owner=None, takes_post=True),
    "card_removal": own("card", takes_post=True),
    # The provider's own way in; what is not signed is 400 (tests/faults/test_webhooks.py).
    "payment_events": public(visitor=400, owner=None, takes_post=True, is_signed=True),
    "documents": member(),
    "documents_csv": member(),
    # No year is chosen, which the page says.
    "documents_zip": member(owner=302),
    "bundles": member(owner=None, takes_post=True),
    "bundle": own("bundle"),
    # Not prepared yet.
    "bundle_zip": own("bundle", owner=302),
    "old_documents": member(),
    "old_document_pdf": own("old_document"),
    "document": own("document"),
    "document_mail": own("document", owner=None, takes_post=True),
    "document_pdf": own("document"),
    "document_xml": own("document"),
    "accountants": member(takes_post=True),
    "accountant_cars": own("accountant", takes_post=True),
    "accountant_end": own("accountant", owner=None, takes_post=True),
    # The owner of the estate is an accountant as well, of somebody else's documents.
    "accountant_invitation": own("invitation", takes_post=True),
    "documents_of_others": member(),
    "documents_of_other": own("access"),
    "leave_documents_of_other": own("access", owner=None, takes_post=True),
    "other_document_pdf": own("access", "other_document"),
    "other_document_xml": own("access", "other_document"),
    "corrections": member(),
    "document_correction": own("document", takes_post=True),
    # Account
    "account": member(),
    "profile": member(takes_post=True),
    "billing_profile": member(takes_post=True),
    "copy_addresses": member(takes_post=True),
    "copy_address_removal": own("copy_address", owner=None, takes_post=True),
    "copy_confirmation": public("copy_token", takes_post=True),
    # A signed link stands in for the token; this one is none.
    "copy_leaving": public("key", visitor=400, owner=400, takes_post=True, is_signed=True),
    "terms_acceptance": member(takes_post=True, is_without_terms=True),
    "dealers": member(),
    "dealer": member(arguments=("dealer",)),
    "preferred_dealer": member(arguments=("dealer",), owner=None, takes_post=True),
    "no_preferred_dealer": member(owner=None, takes_post=True),
    "privacy": member(is_without_terms=True),
    "consent": member(arguments=("purpose",), owner=None, takes_post=True, is_without_terms=True),
    "consent_history": member(is_without_terms=True),
    "accesses": member(is_without_terms=True),
    # The password is asked for first.
    "exports": member(owner=302, takes_post=True, is_without_terms=True),
    "export": own("export", is_without_terms=True),
    "export_zip": own("export", owner=302, is_without_terms=True),
    "account_closing": member(owner=302, takes_post=True, is_without_terms=True),
    "account_closed": public(),
    "notices": member(),
    "notice_choices": member(takes_post=True),
    "notice": own("notice"),
    "notice_reading": own("notice", owner=None, takes_post=True),
    "notices_reading": member(owner=None, takes_post=True),
    # A signed link stands in for the token; this one is none.
    "notice_leaving": public("key", visitor=400, owner=400, takes_post=True, is_signed=True),
    "calendar": member(takes_post=True),
    "calendar_end": member(owner=None, takes_post=True),
    # The address is the key; this one was never given.
    "calendar_feed": public("key", visitor=404, owner=404),
    "car_code": member(takes_post=True),
    "sign_ins": member(),
    "sign_in_end": own("sign_in", owner=None, takes_post=True),
    # The identity provider
    "idp:oidc:configuration": provider(visitor=200, owner=200, tokenless=403),
    "idp:oidc:jwks": provider(visitor=200, owner=200, tokenless=403),
    # What it was called with is not complete.
    "idp:oidc:authorization": provider(owner=400),
    "authorization_again": Route(arguments=("key",), owner=400),
    "idp:oidc:logout": public(visitor=302, owner=302),
    "idp:oidc:token": provider(),
    "idp:oidc:revoke": provider(),
    "idp:oidc:device_code": provider(),
    "idp:oidc:userinfo": provider(visitor=401, owner=401, tokenless=401),
    # On to the page in the visitor's language.
    "idp:oidc:device_authorization": public(visitor=302, owner=302),
    # The API
    "api_account": api(),
    "api_billing_profile": api(),
    "api_notices": api(),
    "api_notice_read": api("notice"),
    "api_granted_vehicles": api(),
    "api_granted_rows": api("data_grant", "kind"),
    "api_vehicle_reports": api(),
    "api_connectivity": api("vin", answer=200, tokenless=405),
    "api_map_updates": api(),
    "api_provisionings": api(),
    "api_profile_reports": api(),
    "api_trips": api(),
    "api_vehicles": api(),
    "api_vehicle": api("car"),
    "api_vehicle_access": api("car"),
    "api_vehicle_selection": api("car"),
    "api_vehicle_removal": api("car"),
    "api_drivers": api("car"),
    "api_driver": api("driver"),
    "api_driver_invitations": api(),
    "api_invitation": api("driving"),
    "api_reach": api("car"),
    "api_reacher": api("car", "link_beside"),
    "api_ordered_vehicles": api(),
    "api_pairing_codes": api(),
    "api_registry_vehicles": api(),
    "api_registry_orders": api(),
    "api_control": api("car"),
    "api_control_requesting": api("car"),
    "api_control_offering": api("car"),
    "api_control_request": api("control_request"),
    "api_control_answer": api("control_request"),
    "api_control_offers": api(),
    "api_control_offer": api("offer"),
    "api_control_offer_answer": api("offered"),
    "api_control_offer_confirmation": api("offer"),
    "api_driving": api("car"),
    "api_driving_month": api("car", "month"),
    "api_own_trips": api("car"),
    "api_own_trip": api("car", "trip"),
    "api_vehicle_state": api("car"),
    "api_service": api("car"),
    "api_workshops": api("car"),
    "api_free_times": api("car"),
    "api_bookings": api("car"),
    "api_booking": api("booking"),
    "api_dealer_workshop": api(),
    "api_dealer_hours": api(),
    "api_dealer_closed_days": api(),
    "api_dealer_bookings": api(),
    "api_dealer_booking": api("booking"),
    "api_dealer_free_times": api("booking"),
    "api_dealer_moving": api("booking"),
    "api_dealer_refusal": api("booking"),
    "api_dealer_arrival": api("booking"),
    "api_dealer_completion": api("booking"),
    "api_dealer_records": api(),
    "api_dealer_verifications": api(),
    "api_dealer_verification": api("dealer_access"),
    "api_dealer_identity": api("dealer_access"),
    "api_dealer_unblocking": api("dealer_access"),
    "api_dealer_activation": api("dealer_access"),
    "api_support_categories": api(answer=200, tokenless=405),
    "api_support_articles": api(answer=200, tokenless=405),
    "api_support_article": api("help_slug", answer=200, tokenless=405),
    "api_support_status": api(answer=200, tokenless=405),
    "api_case_categories": api(),
    "api_cases": api(),
    "api_case": api("case"),
    "api_case_messages": api("case"),
    "api_case_file": api("case", "case_file"),
    "api_head_unit_accounts": api(),
    "api_running_services": api(),
    "api_multimedia": api("car"),
    "api_profile": api("car"),
    "api_own_map_updates": api("car"),
    "api_own_map_update": api("car", "map_update"),
    "api_services": api("car"),
    "api_activation": api("car", "package"),
    "api_order": api("car", "package"),
    "api_subscriptions": api(),
    "api_subscription": api("subscription"),
    "api_contract_file": api("subscription"),
    "api_what_if": api("subscription"),
    "api_cancellation": api("subscription"),
    "api_withdrawal": api("subscription"),
    "api_term": api("subscription"),
    "api_new_price": api("subscription"),
    "api_payment": api("subscription"),
    "api_payment_outcome": api("subscription"),
    "api_cards": api(),
    "api_card": api("card"),
    "api_primary_card": api("card"),
    "api_card_setup": api("setup"),
    "api_payments": api(),
    "api_refunds": api(),
    "api_documents": api(),
    "api_old_documents": api(),
    "api_old_document_file": api("old_document"),
    "api_document": api("document"),
    "api_document_file": api("document"),
    "developers": public(),
    "developers_section": public("api_section"),
    "developers_webhooks": public(),
    "api_schema": api(answer=200, tokenless=405),
    "api_unknown": api(answer=404),
    # The entrance, by allauth
    "account_login": allauth(visitor=200, owner=302),
    "account_logout": allauth(visitor=302),
    "account_signup": allauth(visitor=200, owner=302),
    "account_inactive": allauth(visitor=200),
    "account_reauthenticate": allauth(),
    "account_email": allauth(),
    "account_email_verification_sent": allauth(visitor=200),
    "account_confirm_email": allauth("key", visitor=200),
    "account_confirm_login_code": allauth(visitor=302, owner=302),
    "account_change_password": allauth(),
    "account_set_password": allauth(owner=302),
    "account_reset_password": allauth(visitor=200),
    "account_reset_password_done": allauth(visitor=200),
    "account_reset_password_from_key": allauth("uidb36", "key", visitor=200),
    "account_reset_password_from_key_done": allauth(visitor=200),
    # Signing in safely: ours, then the second step by allauth
    "security": member(is_without_terms=True),
    "caller_code": member(is_without_terms=True, takes_post=True),
    "devices": member(takes_post=True, is_without_terms=True),
    "mfa_index": public(visitor=302, owner=302, is_ours=False),
    "mfa_list_webauthn": public(visitor=302, owner=302, is_ours=False),
    # Nobody's sign-in waits for a code.
    "mfa_authenticate": allauth(visitor=302, owner=302),
    "mfa_login_webauthn": allauth(visitor=302, owner=302),
    # The owner has none, and signs in again before making one.
    "mfa_reauthenticate": allauth(owner=302),
    "mfa_reauthenticate_webauthn": allauth(owner=302),
    "mfa_activate_totp": allauth(owner=302),
    "mfa_deactivate_totp": allauth(owner=404),
    "mfa_view_recovery_codes": allauth(owner=404),
    "mfa_generate_recovery_codes": allauth(owner=302),
    "mfa_download_recovery_codes": allauth(owner=404),
    "mfa_add_webauthn": allauth(owner=302),
    "mfa_remove_webauthn": allauth("passkey", owner=302),
    "mfa_edit_webauthn": allauth("passkey", owner=302),
}


def names_on_the_site() -> list[str]:
    """The name of each address, those of the admin left out; an address without a name shows as its pattern.

    Some names of allauth's stand twice: first at our view, then, never reached, at its own.
    """
    return sorted(set(_names(get_resolver(), "", "")))


def _names(resolver: URLResolver, prefix: str, namespace: str) -> Iterator[str]:
    for each in resolver.url_patterns:
        address = prefix + str(each.pattern)
        if isinstance(each, URLPattern):
            yield namespace + each.name if each.name else address
        elif each.namespace != "admin":
            yield from _names(each, address, f"{namespace}{each.namespace}:" if each.namespace else namespace)
