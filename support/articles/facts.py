"""What the placeholders of the articles stand for: taken from rules, market and catalogue, never typed (H1)."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from django.conf import settings
from django.utils.translation import gettext as _

from garage.rules.membership import MOST_VEHICLES
from garage.rules.scoring import MOST
from garage.rules.trips import SHORT_M, SHORT_S
from garage.rules.verification import MOST_WRONG_TRIES
from portal.models import Market
from portal.near import kept_near
from portal.templatetags.frame import day_in_words, money, number
from portal.texts import localized
from subscriptions.models import Package
from subscriptions.rules.advance_notice import DAYS_BEFORE_CHARGE, DAYS_BEFORE_COMPLIMENTARY_END, EARLY_DAYS
from subscriptions.rules.cancellation import upcoming_charges
from subscriptions.rules.complimentary import complimentary_months
from subscriptions.rules.not_working import ENOUGH_CHARGE, LEAST_CHARGE, SLEEPS_AFTER
from subscriptions.rules.periods import TERM_MONTHS, TRIAL_MONTHS
from subscriptions.rules.retries import MOST_TRIES
from subscriptions.rules.withdrawal import WITHDRAWAL_DAYS
from subscriptions.words.presenting import card_facts
from subscriptions.worked_sums import SampleCancellation, sample_cancellations
from support.articles.placeholders import PLACEHOLDER

_ACTIVATED_ON = date(2024, 1, 10)


def facts_of(market: Market) -> dict[str, str]:
    """A value for each placeholder, in the active language. One query, where they are not kept."""
    return kept_near(f"facts of {market.code}", lambda: _facts_of(market))


def _facts_of(market: Market) -> dict[str, str]:
    return (
        _of_rules()
        | _of_market(market)
        | _of_catalogue(market)
        | _charge_examples()
        | _refund_examples(market.currency)
    )


def fill(text: str, facts: Mapping[str, str]) -> str:
    """KeyError for a placeholder that nothing fills; loading has refused those before."""
    return PLACEHOLDER.sub(lambda match: facts[match[1]], text)


def _of_rules() -> dict[str, str]:
    numbers: dict[str, int | Decimal] = {
        "best_score": MOST,
        "charge_notice_days": DAYS_BEFORE_CHARGE,
        "contact_lost_days": SLEEPS_AFTER.days,
        "earliest_notice_days": max(EARLY_DAYS),
        "early_notice_days": min(EARLY_DAYS),
        "enough_charge": ENOUGH_CHARGE,
        "least_charge": LEAST_CHARGE,
        "least_trip_metres": SHORT_M,
        "least_trip_seconds": SHORT_S,
        "most_vehicles": MOST_VEHICLES,
        "notice_days": DAYS_BEFORE_COMPLIMENTARY_END,
        "retry_days": MOST_TRIES,
        "trial_months": TRIAL_MONTHS,
        "withdrawal_days": WITHDRAWAL_DAYS,
        "wrong_tries": MOST_WRONG_TRIES,
    }
    return {name: number(value) for name, value in numbers.items()}


def _of_market(market: Market) -> dict[str, str]:
    cards = card_facts(market)
    return {
        "app": market.brand.app_name,
        "brand": market.brand.name,
        "portal": market.brand.portal_name,
        "market": market.name,
        "card_kinds": cards["accepted"],
        "card_processor": localized(market.card_processor),
        "control_days": number(market.control_request_days),
        "notice_months": number(market.notice_months),
        "refund_days": number(market.refund_days),
        "terms_days": number(market.terms_days),
        # A market that names no pages of the brand has this site.
        "services_site": market.contact.get("services_site") or settings.SITE_URL,
        "carplay_list": market.contact.get("carplay_list") or settings.SITE_URL,
    }


def _of_catalogue(market: Market) -> dict[str, str]:
    """C4: the longest free years of any package, by generation."""
    packages = [package for package in Package.objects.all() if not package.is_left_out(market)]
    months = [package.free_months_in(market) for package in packages]
    return {"free_years_mm21": _years(months, "MM21"), "free_years_earlier": _years(months, "")}


def _years(months: Iterable[Mapping[str, int]], generation: str) -> str:
    longest = max((complimentary_months(each, generation) for each in months), default=0)
    return number(longest // 12)


def _charge_examples() -> dict[str, str]:
    """S5, with the free month."""
    return {f"charge_example_{term.replace('-', '_')}": _charges(months) for term, months in TERM_MONTHS.items()}


def _charges(term_months: int) -> str:
    first, second = upcoming_charges(
        activated_on=_ACTIVATED_ON, trial_months=TRIAL_MONTHS, term_months=term_months, first=0, count=2
    )
    return _("Activated with a free month on %(day)s: first charge on %(first)s, the next on %(second)s.") % {
        "day": day_in_words(_ACTIVATED_ON),
        "first": day_in_words(first),
        "second": day_in_words(second),
    }


def _refund_examples(currency: str) -> dict[str, str]:
    """X4, by the code that pays: of each long term the sample that was cancelled last."""
    last = {sample.term: sample for sample in sample_cancellations() if TERM_MONTHS[sample.term] > 1}
    return {f"refund_example_{term.replace('-', '_')}": _refund(sample, currency) for term, sample in last.items()}


def _refund(sample: SampleCancellation, currency: str) -> str:
    quote = sample.quote
    return _(
        "%(paid)s charged on %(charged)s, cancelled on %(cancelled)s: %(used)s months count as used, %(left)s of "
        "%(all)s come back, that is %(refund)s; the service ends on %(ends)s."
    ) % {
        "paid": money(sample.paid, currency),
        "charged": day_in_words(sample.charged_on),
        "cancelled": day_in_words(sample.cancelled_on),
        "used": number(quote.months_used),
        "left": number(quote.months_left),
        "all": number(sample.term_months),
        "refund": money(quote.refund, currency),
        "ends": day_in_words(quote.ends_on),
    }
