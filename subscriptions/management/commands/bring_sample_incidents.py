from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from subscriptions.actions.incidents import write_incident
from subscriptions.models import Package, Service, ServiceIncident

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Command(BaseCommand):
    help = "Brings the demo an incident that is over, and maintenance that is announced."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.MODE == "production":
            raise CommandError("Sample incidents belong to a demo.")
        if ServiceIncident.objects.exists():
            return
        now = timezone.now()
        self.over(now - 5 * DAY)
        self.announced(now, begins_at=(now + 3 * DAY).replace(minute=0, second=0, microsecond=0))

    def over(self, began_at: datetime) -> None:
        write_incident(
            incident=None,
            kind="incident",
            packages=[],
            services=Service.objects.filter(code="live-traffic"),
            markets=[],
            titles={"en": "No live traffic", "el": "Χωρίς κίνηση σε πραγματικό χρόνο"},
            texts={
                "en": "Jams were not shown. Routes were reckoned without them.",
                "el": "Η κίνηση δεν εμφανιζόταν. Οι διαδρομές υπολογίζονταν χωρίς αυτήν.",
            },
            began_at=began_at,
            ends_at=began_at + 7 * HOUR,
            now=began_at,
            by=None,
        )

    def announced(self, now: datetime, *, begins_at: datetime) -> None:
        write_incident(
            incident=None,
            kind="maintenance",
            packages=Package.objects.filter(code="remote"),
            services=[],
            markets=[],
            titles={"en": "Remote functions are maintained", "el": "Συντήρηση των λειτουργιών από απόσταση"},
            texts={
                "en": "The app cannot reach the car meanwhile. Its key and its buttons work as ever.",
                "el": "Η εφαρμογή δεν θα έχει πρόσβαση στο αυτοκίνητο. Το κλειδί και τα κουμπιά λειτουργούν κανονικά.",
            },
            began_at=begins_at,
            ends_at=begins_at + 3 * HOUR,
            now=now,
            by=None,
        )
