"""From where a message to the customer centre was opened, and what is written already: the customer only sends it.

Whatever is named in the address is looked up through its owner; a stranger's is a 404 (law 11; X6, A4, T4, H3, H5).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext as _

from accounts.models import Account
from garage.access import current_memberships
from garage.driving.access import own_driving
from garage.driving.missing_trips import reasons_of
from garage.manuals import year_of
from garage.models import Membership
from garage.portrait import portrait
from garage.rules.membership import Right
from garage.rules.trips import EARLIEST_YEAR
from portal.card_numbers import contains_card_number
from portal.models import Market
from portal.templatetags.frame import day_in_words, money
from subscriptions.access import documents_of, subscriptions_of
from subscriptions.centre.diagnosing import case_of
from subscriptions.models import Document, Refund
from subscriptions.words.explaining import explain
from subscriptions.words.not_working import show
from support.articles.facts import facts_of, fill
from support.categories import CASE_CATEGORY_OF
from support.models import Article, ArticleText
from support.models.case import LONGEST_ABOUT

# As much as the search for dealers takes.
LONGEST_TYPED = 60
LONGEST_PATH = 120
# As far ahead as the page of a subscription explains.
MOST_YEARS_AHEAD = 20
BILLING, SERVICES, MAINTENANCE, WEBSITE = "billing", "connected-services", "service-maintenance", "website"


@dataclass(frozen=True, kw_only=True)
class Context:
    """What a case keeps of where it was opened: kind and key of the thing, what it is in words, and its rows."""

    kind: str = ""
    key: str = ""
    about: str = ""
    membership: Membership | None = None
    document: Document | None = None


@dataclass(frozen=True, kw_only=True)
class Prefilled:
    context: Context
    # The code of its category; empty where the customer chooses.
    category: str = ""
    text: str = ""


def prefilled_by(
    asked: Mapping[str, str], *, account: Account | None, market: Market, language: str, now: datetime
) -> Prefilled:
    """By what stands in the address. Raises Http404 for what is not there, or not the account's own."""
    for name, about in PUBLIC.items():
        if name in asked:
            return about(asked, market, language)
    for name, about_own in OWN.items():
        if name in asked and account:
            return about_own(account, asked, now)
    return Prefilled(context=Context())


def needs_account(asked: Mapping[str, str]) -> bool:
    return any(name in asked for name in OWN)


# For everybody


def _article(asked: Mapping[str, str], market: Market, language: str) -> Prefilled:
    article = Article.objects.up().filter(slug=asked["article"][:60]).first()
    if article is None:
        raise Http404
    texts = {text.language: text for text in ArticleText.objects.filter(article=article).defer("search")}
    text = texts.get(language) or next(iter(texts.values()), None)
    question = fill(text.question, facts_of(market)) if text else article.slug
    category = CASE_CATEGORY_OF.get(article.category, "")
    return Prefilled(context=_context("article", article.slug, question), category=category)


def _error(asked: Mapping[str, str], market: Market, language: str) -> Prefilled:
    """A page that did not work: what it said, and its path without what was typed there."""
    code, path = asked["error"][:3], asked.get("page", "").split("?")[0][:LONGEST_PATH]
    if code not in {"403", "404", "429", "500"}:
        raise Http404
    if not path.startswith("/") or not path.isprintable() or contains_card_number(path):
        path = ""
    about = " ".join([_("Error %(code)s") % {"code": code}, path]).strip()
    return Prefilled(context=_context("error", code, about), category=WEBSITE)


# The account's own


def _refund(account: Account, asked: Mapping[str, str], now: datetime) -> Prefilled:
    own = Refund.objects.filter(account=account, public_id=_id(asked["refund"]))
    found = own.select_related("payment__card", "payment__subscription__package", "account").first()
    if found is None:
        raise Http404
    contract = found.payment.subscription.contract
    facts = {
        "amount": money(found.amount, found.currency),
        "package": found.payment.subscription.package.name,
        "contract": contract.number,
        "last4": found.payment.card.last4,
        "day": day_in_words(found.expected_on),
    }
    text = _(
        "My refund of %(amount)s for %(package)s (contract %(contract)s) was to reach my card ending in %(last4)s "
        "by %(day)s. It is not there."
    )
    about = _("Refund of %(amount)s, contract %(contract)s") % facts
    note = Document.objects.filter(refund=found, account=account).first()
    context = _context("refund", str(found.public_id), about, document=note)
    return Prefilled(context=context, category=BILLING, text=text % facts)


def _payment(account: Account, asked: Mapping[str, str], now: datetime) -> Prefilled:
    """Of a subscription and a day: what the page says of its charge is in the message already (P9)."""
    found = subscriptions_of(account).filter(public_id=_id(asked["payment"])).first()
    on, today = _day(asked.get("on", "")), account.market.local_date(now)
    if found is None or not EARLIEST_YEAR <= on.year <= today.year + MOST_YEARS_AHEAD:
        raise Http404
    facts = {"package": found.package.name, "day": day_in_words(on)}
    about = _("A charge for %(package)s, %(day)s") % facts
    text = _("My question:\n\n\nWhat the portal says of %(day)s:") % facts
    context = _context("payment", f"{found.public_id} {on}", about)
    return Prefilled(context=context, category=BILLING, text=f"{text}\n{explain(found, on=on, today=today)}")


def _document(account: Account, asked: Mapping[str, str], now: datetime) -> Prefilled:
    found = documents_of(account).filter(public_id=_id(asked["document"])).first()
    if found is None:
        raise Http404
    about = _("About %(number)s") % {"number": found.number}
    return Prefilled(context=_context("document", str(found.public_id), about, document=found), category=BILLING)


def _dealer(account: Account, asked: Mapping[str, str], now: datetime) -> Prefilled:
    """A4: whoever did not find their dealer asks under Service and Maintenance, with what was looked for."""
    typed = " ".join(asked["dealer"].split())[:LONGEST_TYPED]
    if contains_card_number(typed):
        typed = ""
    if typed:
        text = _("I looked for “%(typed)s” and did not find my dealer.\n\nIts name and town:\n") % {"typed": typed}
    else:
        text = _("I did not find my dealer.\n\nIts name and town:\n")
    context = _context("dealer", "", _("My dealer is not in the list"))
    return Prefilled(context=context, category=MAINTENANCE, text=text)


def _trip(account: Account, asked: Mapping[str, str], now: datetime) -> Prefilled:
    """T4: of a day of the account's own driving, with what was found."""
    driving, day = own_driving(account, _id(asked["trip"])), _day(asked.get("on", ""))
    if not driving.may_be_seen or not EARLIEST_YEAR <= day.year <= now.year + 1:
        raise Http404
    found = reasons_of(driving, day, now=now)
    facts = {"day": day_in_words(day), "car": driving.link.vehicle.model}
    reasons = "\n".join(f"{group.title}: {', '.join(one.title for one in group.reasons)}" for group in found)
    text = _("When, from where to where, and what is wrong:\n\n\nWhat the portal says of that day:\n%(found)s")
    about = _("A trip of %(day)s with my %(car)s is missing or wrong") % facts
    context = _context("trip", f"{driving.link.public_id} {day}", about, membership=driving.link)
    return Prefilled(context=context, category=SERVICES, text=text % {"found": reasons})


def _package(account: Account, asked: Mapping[str, str], now: datetime) -> Prefilled:
    """What does not work in one of the account's cars, with what was found (G11)."""
    membership = _car(account, asked["why"], Right.SERVICE_STATE)
    case = case_of(membership, asked.get("package", ""), now=now)
    if case is None:
        raise Http404
    facts = {"package": case.package.name, "car": portrait(membership).identity}
    found = [case.failing] if case.failing else case.diagnosis.possible
    checks = "\n".join(f"- {shown.name}: {shown.sentence}" for shown in (show(one, case) for one in found))
    text = _("%(package)s does not work in my car %(car)s.\n\nThis happens:\n") % facts
    if checks:
        text = f"{text}\n\n{_('What the portal has found:')}\n{checks}"
    about = _("%(package)s does not work, %(car)s") % facts
    context = _context("package", case.package.code, about, membership=membership)
    return Prefilled(context=context, category=SERVICES, text=text)


def _manual(account: Account, asked: Mapping[str, str], now: datetime) -> Prefilled:
    """G8: a manual that the car's page does not have."""
    membership = _car(account, asked["manual"], Right.MANUALS)
    vehicle = membership.vehicle
    facts = {"car": vehicle.model, "year": year_of(vehicle) or "?", "generation": vehicle.multimedia}
    about = _("An owner manual for my %(car)s") % facts
    text = _("I look for a manual for %(car)s, %(year)s, %(generation)s.\n\nWhich one, and in which language:\n")
    context = _context("manual", str(membership.public_id), about, membership=membership)
    return Prefilled(context=context, category=MAINTENANCE, text=text % facts)


def _service(account: Account, asked: Mapping[str, str], now: datetime) -> Prefilled:
    """G8: what is wrong or missing in the service history, or in what is due."""
    membership = _car(account, asked["service"], Right.SERVICE_HISTORY)
    facts = {"car": membership.vehicle.model}
    about = _("Service of my %(car)s: something is wrong or missing") % facts
    text = _("Which service, on which day, at which dealer, and what is wrong:\n")
    context = _context("service", str(membership.public_id), about, membership=membership)
    return Prefilled(context=context, category=MAINTENANCE, text=text)


def _car(account: Account, asked: str, right: Right) -> Membership:
    membership = current_memberships(account).filter(public_id=_id(asked)).first()
    if membership is None or not membership.may(right):
        raise Http404
    return membership


PUBLIC: dict[str, Callable[[Mapping[str, str], Market, str], Prefilled]] = {"article": _article, "error": _error}
OWN: dict[str, Callable[[Account, Mapping[str, str], datetime], Prefilled]] = {
    "refund": _refund,
    "payment": _payment,
    "document": _document,
    "trip": _trip,
    "why": _package,
    "manual": _manual,
    "service": _service,
    "dealer": _dealer,
}


def _context(
    kind: str, key: str, about: str, *, membership: Membership | None = None, document: Document | None = None
) -> Context:
    about = " ".join(about.split())[:LONGEST_ABOUT]
    return Context(kind=kind, key=key, about=about, membership=membership, document=document)


def _id(asked: str) -> UUID:
    try:
        return UUID(asked)
    except ValueError as error:
        raise Http404 from error


def _day(asked: str) -> date:
    try:
        return date.fromisoformat(asked)
    except ValueError as error:
        raise Http404 from error
