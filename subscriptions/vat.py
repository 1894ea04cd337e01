"""The VAT of an order: the evidence that we have, and the rates that are kept, put before the rule."""

from datetime import date
from decimal import Decimal
from typing import Any

from accounts.models import Account, BillingProfile
from accounts.rules.vat_number import vat_country
from portal.models import Market, VatRate
from subscriptions.models import PaymentCard
from subscriptions.rules.vat import DatedRate, Treatment, gather, rate_on, treat


def treatment_for(account: Account, *, card: PaymentCard | None, profile: BillingProfile | None, on: date) -> Treatment:
    """What a contract of this account would carry, made on a day; one query."""
    evidence = gather(
        billing_country=profile.country if profile else "",
        card_country=card.country if card else "",
        market_country=account.market.code,
    )
    countries = {account.market.code, *(item.country for item in evidence)}
    return treat(
        evidence=evidence,
        rates=[_dated(row) for row in VatRate.objects.filter(country__in=countries, valid_from__lte=on)],
        market_country=account.market.code,
        market_rate=account.market.vat_rate,
        business_country=vat_country(profile.vat_number) if profile and profile.vat_number else "",
        on=on,
    )


def rate_of(market: Market, *, on: date) -> Decimal:
    """What a customer at home is charged on a day, as a percentage."""
    rates = [_dated(row) for row in VatRate.objects.filter(country=market.code, valid_from__lte=on)]
    found = rate_on(rates, country=market.code, on=on)
    return found.rate if found else market.vat_rate


def columns_of(treatment: Treatment) -> dict[str, Any]:
    """As a subscription keeps it."""
    return {
        "vat_rate": treatment.rate,
        "vat_country": treatment.country,
        "vat_category": treatment.category,
        "vat_reason": treatment.reason,
        "vat_evidence": [{"kind": item.kind, "country": item.country} for item in treatment.evidence],
        "vat_review": treatment.review.value,
    }


def _dated(row: VatRate) -> DatedRate:
    return DatedRate(
        country=row.country, valid_from=row.valid_from, rate=row.rate, category=row.category, reason=row.reason
    )
