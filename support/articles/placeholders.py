"""What an article names instead of typing it; support/content/README.md says what each stands for."""

import re
from collections.abc import Iterator

PLACEHOLDER = re.compile(r"\{\{\s*(.*?)\s*\}\}")

PLACEHOLDERS = frozenset(
    {
        "app",
        "best_score",
        "brand",
        "card_kinds",
        "card_processor",
        "carplay_list",
        "charge_example_four_yearly",
        "charge_example_monthly",
        "charge_example_yearly",
        "charge_notice_days",
        "contact_lost_days",
        "control_days",
        "earliest_notice_days",
        "early_notice_days",
        "enough_charge",
        "free_years_earlier",
        "free_years_mm21",
        "least_charge",
        "least_trip_metres",
        "least_trip_seconds",
        "market",
        "most_vehicles",
        "notice_days",
        "notice_months",
        "portal",
        "refund_days",
        "refund_example_four_yearly",
        "refund_example_yearly",
        "retry_days",
        "services_site",
        "terms_days",
        "trial_months",
        "withdrawal_days",
        "wrong_tries",
    }
)


def unknown_in(text: str) -> Iterator[tuple[int, str]]:
    """Line within the text, and name, of each placeholder that nothing would fill; a lone brace is one too."""
    for number, line in enumerate(text.splitlines(), start=1):
        for name in PLACEHOLDER.findall(line):
            if name not in PLACEHOLDERS:
                yield number, name
        rest = PLACEHOLDER.sub("", line)
        if "{{" in rest or "}}" in rest:
            yield number, rest.strip()
