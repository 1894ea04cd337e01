"""The table of placeholders says what the rules and the example market say today."""

import re
from pathlib import Path

import yaml
from django.conf import settings

from garage.rules.membership import MOST_VEHICLES
from garage.rules.scoring import MOST
from garage.rules.trips import SHORT_M, SHORT_S
from garage.rules.verification import MOST_WRONG_TRIES
from subscriptions.rules.advance_notice import DAYS_BEFORE_CHARGE, DAYS_BEFORE_COMPLIMENTARY_END, EARLY_DAYS
from subscriptions.rules.not_working import ENOUGH_CHARGE, LEAST_CHARGE, SLEEPS_AFTER
from subscriptions.rules.periods import TRIAL_MONTHS
from subscriptions.rules.retries import MOST_TRIES
from subscriptions.rules.withdrawal import WITHDRAWAL_DAYS
from support.articles.placeholders import PLACEHOLDERS, unknown_in
from support.files.content import CONTENT

DATA = Path(settings.BASE_DIR) / "portal" / "data" / "lexus_cy"


def data(name):
    return yaml.safe_load((DATA / name).read_text(encoding="utf-8"))


def by_the_rules():
    return {
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


def by_the_market():
    brand, market = data("brand.yaml")["brand"], data("brand.yaml")["market"]
    free = next(package for package in data("catalogue.yaml")["packages"] if package["code"] == "navigation")
    months = free["complimentary_months"]
    return {
        "app": brand["app_name"],
        "brand": brand["name"],
        "control_days": market["control_request_days"],
        "free_years_earlier": months["default"] // 12,
        "free_years_mm21": months["MM21"] // 12,
        "market": market["names"]["en"],
        "notice_months": market["notice_months"],
        "portal": brand["portal_name"],
        "refund_days": market["refund_days"],
        "terms_days": market["terms_days"],
    }


def test_the_readme_says_the_values_of_today():
    readme = (CONTENT / "README.md").read_text(encoding="utf-8")
    said = dict(re.findall(r"^\| `\{\{ (\w+) \}\}` \| (.*?) \|", readme, re.MULTILINE))
    today = {name: str(value) for name, value in (by_the_rules() | by_the_market()).items()}
    assert {name: said[name] for name in today} == today


def test_what_nothing_would_fill_is_found_with_its_line():
    assert list(unknown_in("{{ app }} {{brand}}\n{{ what }}\n{{ app }")) == [(2, "what"), (3, "{{ app }")]
    assert list(unknown_in(" ".join(f"{{{{ {name} }}}}" for name in PLACEHOLDERS))) == []
