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


ROUTES: dict[str, Route] = {
    "brand_css": public(),
    "alive": public(),
    "favicon": public(visitor=302, owner=302),
    "home": public(),
    "legal_page": public("slug"),
    "support": public(),
    "activation_request": public(takes_post=True),
    # Garage
    "garage": member(),
    "add_vehicle": member(takes_post=True),
    "vehicle": own("car"),
    "prove_access": own("car", takes_post=True),
    "rename_vehicle": own("car", takes_post=True),
    "invoice_reference": own("car", takes_post=True),
    "invoice_references": member(takes_post=True),
    "select_vehicle": own("car", owner=None, takes_post=True),
    "vehicle_removal": own("car", takes_post=True),
    "drivers": own("car", takes_post=True),
    "driver": own("driver", takes_post=True),
    "driver_end": own("driver", owner=None, takes_post=True),
    # The owner of the estate is invited to drive somebody else's car.
    "driver_invitation": own("driving", takes_post=True),
    "reach": own("car"),
    "reach_end": own("car", "link_beside", takes_post=True),
    "control": own("car"),
    # The owner has control already.
    "control_request": own("car", owner=302, takes_post=True),
    "control_offer": own("car", takes_post=True),
    "control_answer": own("control_request", takes_post=True),
    "control_request_end": own("own_control_request", owner=None, takes_post=True),
    "control_offered": own("offered", takes_post=True),
    "control_offer_end": own("offer", owner=None, takes_post=True),
    "control_confirmation": own("offer", takes_post=True),
    # Services
    "services_of_selected": member(owner=302),
    "services": own("car"),
    "activation": own("car", "package", owner=None, takes_post=True),
    "checkout_plan": own("car", "package"),
    "checkout_payment": own("car", "package", query="?term=yearly"),
    "checkout_summary": own("car", "package", query="?term=yearly", takes_post=True),
    "subscriptions": member(),
    "subscription": own("subscription"),
    "ordered": own("subscription"),
    "contract": own("subscription"),
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
    # Nothing is declined.
    "payment": own("subscription", owner=302, takes_post=True),
    "payment_return": own("subscription", owner=302),
    "withdraw": own("subscription", takes_post=True),
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
    "document": own("document"),
    "document_mail": own("document", owner=None, takes_post=True),
    "document_pdf": own("document"),
    "document_xml": own("document"),
    "accountants": member(takes_post=True),
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
    "terms_acceptance": member(takes_post=True),
    "notices": member(),
    "notice_choices": member(takes_post=True),
    "notice": own("notice"),
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
}


def names_on_the_site() -> list[str]:
    """The name of each address, those of the admin left out; an address without a name shows as its pattern."""
    return list(_names(get_resolver(), ""))


def _names(resolver: URLResolver, prefix: str) -> Iterator[str]:
    for each in resolver.url_patterns:
        address = prefix + str(each.pattern)
        if isinstance(each, URLPattern):
            yield each.name or address
        elif each.namespace != "admin":
            yield from _names(each, address)
