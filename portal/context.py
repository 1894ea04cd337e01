"""What the frame of every page shows: brand, sections, garage, notices, languages, footer.

Higher apps give their parts through `register` from `AppConfig.ready()`; imports go down only.
"""

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import get_script_prefix, reverse
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import get_language, get_language_from_path
from django.utils.translation import gettext_lazy as _

from portal.models import Market
from portal.near import kept_near
from portal.querying.written import written

Part = Callable[[HttpRequest], Any]
PARTS: dict[str, Part] = {}
# Where a request keeps the market of visitors.
VISITORS = "_market_of_visitors"


class Link(NamedTuple):
    label: str | Promise
    url_name: str
    icon: str = ""
    arguments: tuple[str, ...] = ()


SECTIONS = (
    Link(_("My Garage"), "garage", "car-front"),
    Link(_("Connected Services"), "services_of_selected", "radio"),
    Link(_("Payments"), "wallet", "wallet"),
    Link(_("Support"), "support", "life-buoy"),
    Link(_("Account"), "account", "circle-user-round"),
)
TASKS = (
    Link(_("Add a car"), "add_vehicle"),
    Link(_("See or change my services"), "services_of_selected"),
    Link(_("Find an invoice"), "documents"),
    Link(_("Add or change a card"), "wallet"),
    Link(_("Cancel a subscription"), "subscriptions"),
    Link(_("Withdraw from a contract"), "withdrawal"),
    Link(_("Change my billing address"), "billing_profile"),
    Link(_("Read my notices"), "notices"),
    Link(_("Change my password"), "account_change_password"),
    Link(_("Talk to somebody"), "contact"),
)
FOOTER = (
    Link(_("Contact"), "contact"),
    Link(_("Withdraw from contract here"), "withdrawal"),
    Link(_("Terms of Use"), "legal_page", arguments=("terms",)),
    Link(_("Privacy"), "legal_page", arguments=("privacy",)),
    Link(_("Accessibility"), "legal_page", arguments=("accessibility",)),
    Link(_("Company"), "legal_page", arguments=("company",)),
    Link(_("Services and prices"), "prices"),
    Link(_("Check a VIN"), "match"),
)
ADDRESSES = {
    "home": "home",
    "sign_in": "account_login",
    "register": "account_signup",
    "notices": "notices",
    "account": "account",
    "sign_out": "account_logout",
}


def register(name: str, part: Part) -> None:
    """Gives the frame's value `name`: asked for once a page, and only if the page shows it."""
    PARTS[name] = part


def frame(request: HttpRequest) -> dict[str, Any]:
    """The context variable `frame`; everything that costs a query is lazy."""
    market, linked = SimpleLazyObject(lambda: current_market(request)), _links_in(get_language())
    return {
        "frame": {
            "brand": SimpleLazyObject(lambda: market.brand),
            "market": market,
            **linked,
            "sections": [{**each, "is_current": request.path.startswith(each["url"])} for each in linked["sections"]],
            "languages": _languages(request),
            **{name: _lazily(part, request) for name, part in PARTS.items()},
        }
    }


def current_market(request: HttpRequest) -> Market:
    """The account's market, which came with it; a visitor's is the default one, read once a request."""
    if request.user.is_authenticated:
        market: Market = request.user.market
        return market
    if not hasattr(request, VISITORS):
        reads = request.method in ("GET", "HEAD")
        kept = kept_near("default market", _default_markets) if reads else []
        # None was there, or it is asked for by whoever sends something.
        default = next(iter(kept or _default_markets()), None)
        if default is None:
            raise Market.DoesNotExist("No brand is loaded: no market is the default one.")
        setattr(request, VISITORS, default)
    visitors: Market = getattr(request, VISITORS)
    return visitors


@written
def _default_markets() -> QuerySet[Market]:
    """One, once a brand is loaded."""
    return Market.objects.filter(is_default=True).select_related("brand", "legal_entity").defer("legal_texts")


def asked_market(request: HttpRequest) -> Market:
    """The market of a public page that each market has: the one asked for in the address, else `current_market`."""
    code = request.GET.get("market", "")
    if not code:
        return current_market(request)
    return get_object_or_404(Market.objects.select_related("brand", "legal_entity"), code=code[:2])


def other_markets(market: Market) -> list[Market]:
    """What a reader may choose instead."""
    return list(Market.objects.exclude(pk=market.pk).order_by("code"))


def _lazily(part: Part, request: HttpRequest) -> SimpleLazyObject:
    return SimpleLazyObject(lambda: part(request))


@cache
def _links_in(language: str | None) -> dict[str, Any]:
    """Found once: an address depends on the active language, and on nothing else."""
    return {
        "sections": [_linked(link) for link in SECTIONS],
        "tasks": [_linked(link) for link in TASKS],
        "footer": [_linked(link) for link in FOOTER],
        "urls": {name: reverse(url_name) for name, url_name in ADDRESSES.items()},
    }


def _linked(link: Link) -> dict[str, Any]:
    return {"label": link.label, "url": reverse(link.url_name, args=link.arguments), "icon": link.icon}


def _languages(request: HttpRequest) -> list[dict[str, Any]]:
    """The same page in each language; pages have their language in the path."""
    current, here = get_language(), request.get_full_path()
    return [
        {
            "code": code,
            "label": label,
            "url": here if code == current else _in_language(code, request, here),
            "is_current": code == current,
        }
        for code, label in settings.LANGUAGES
    ]


def _in_language(code: str, request: HttpRequest, here: str) -> str:
    """As `translate_url`, without finding the page a second time: of an address its prefix alone is in a language. What
    is no page of ours, or has no language, stays what it is."""
    given = get_language_from_path(request.path_info)
    if request.resolver_match is None or given is None:
        return here
    root = get_script_prefix()
    return f"{root}{code}/{here.removeprefix(f'{root}{given}/')}"
