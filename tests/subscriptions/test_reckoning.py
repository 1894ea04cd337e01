""" "How is this calculated?": the page reckons the next charge from contract, calendar and price."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from subscriptions.actions.cancel import cancel
from subscriptions.reckoning import next_charge
from tests import make

LAST_OF_JANUARY = datetime(2026, 1, 31, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("term", "has_trial", "on", "said"),
    [
        (
            "monthly",
            False,
            date(2026, 2, 28),
            "1 month after the activation on 31 January 2026. That month is shorter, so it",
        ),
        ("yearly", False, date(2027, 1, 31), "Charge 2 is due 12 months after the activation on 31 January 2026."),
        (
            "yearly",
            True,
            date(2026, 2, 28),
            "1 month after the activation on 31 January 2026. The first month is free.",
        ),
    ],
)
def test_S5_the_date_is_counted_from_the_activation(car, card, market, gateway, term, has_trial, on, said):
    package = make.package("music", market=market, gives_trial=has_trial)
    row = make.subscription(car, package=package, term=term, gateway=gateway, now=LAST_OF_JANUARY)
    reckoned = next_charge(row)
    assert (reckoned.on, said in reckoned.sentences[0]) == (on, True)


def test_S5_the_page_says_it_with_the_price_and_its_vat_and_not_of_what_ends(
    client, owner, car, card, digital_key, gateway
):
    row = make.subscription(car, package=digital_key, gateway=gateway)
    client.force_login(owner)
    page = client.get(reverse("subscription", args=[row.public_id])).text
    for said in ("€60.00 is the price of your contract of 10 June 2026.", "€9.58 (19%) on €50.42 net."):
        assert said in page
    cancel(subscription=row, confirmed=None, now=make.NOW, by=owner)
    row.refresh_from_db()
    assert next_charge(row) is None
