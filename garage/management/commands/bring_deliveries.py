"""Cars that the demo's dealer hands over this week, as its order system would tell (G4)."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import Dealer
from garage.actions.orders import OrderFacts, record_order
from garage.models import OrderedVehicle
from garage.rules.orders import Stage

DEALER = "sample-nicosia"
# Number, customer, model, body, colour, and in how many days.
ORDERED = [
    ("LX-CY-100011", "sofia@example.com", "NX 450h+", "suv", "#22406b", 0),
    ("LX-CY-100012", "maria@example.com", "LBX", "hatchback", "#8a1c2b", 0),
    ("LX-CY-100013", "nobody.yet@example.com", "ES 300h", "saloon", "#c9ccd1", 1),
]


class Command(BaseCommand):
    help = "Brings ordered cars that the demo's dealer hands over today and tomorrow."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.MODE == "production":
            raise CommandError("Sample deliveries belong to a demo.")
        dealer, now = Dealer.objects.select_related("market").get(code=DEALER), timezone.now()
        today = dealer.market.local_date(now)
        for number, email, model, body, colour_hex, days in ORDERED:
            if OrderedVehicle.objects.filter(order_number=number).exists():
                continue
            facts = OrderFacts(
                order_number=number,
                market=dealer.market,
                email=email,
                model=model,
                body=body,
                colour_hex=colour_hex,
                stage=Stage.AT_DEALER,
                stage_on=today - timedelta(days=2),
                expected_on=today + timedelta(days=days),
                vin="",
                dealer=dealer,
            )
            record_order(facts=facts, now=now)
