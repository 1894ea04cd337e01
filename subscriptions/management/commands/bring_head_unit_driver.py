from datetime import datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.actions.profile import change_profile
from accounts.actions.registration import create_from_head_unit
from accounts.models import Account
from garage.actions.add import add_vehicle
from garage.actions.prove import prove_access
from garage.models import RegistryEntry
from portal.models import Market
from subscriptions.actions.entitle import activate_complimentary
from subscriptions.models import Package

EMAIL = "loukia@example.com"
# A UX 300e of MM19.
VIN = "JTJSAMPLECY900038"
# Five of the fourteen days are left then.
CREATED_BEFORE = timedelta(days=9)
NEW_BEFORE = timedelta(days=400)


class Command(BaseCommand):
    help = "Brings the demo's customer whose account an older head unit created, and who has not accepted the Terms."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.MODE == "production":
            raise CommandError("Sample customers belong to a demo.")
        now = timezone.now() - CREATED_BEFORE
        entry = self.car(now)
        account = create_from_head_unit(
            email=EMAIL,
            password=None,
            generation=entry.multimedia,
            market=Market.objects.get(code=entry.market_code),
            now=now,
        )
        if account is not None:
            self.take_up_services(account, entry, now=now)

    def car(self, now: datetime) -> RegistryEntry:
        """Within its free years, with a reading of that day."""
        entry = RegistryEntry.objects.get(vin=VIN)
        entry.warranty_start, entry.odometer_at = (now - NEW_BEFORE).date(), now
        entry.save(update_fields=["warranty_start", "odometer_at"])
        return entry

    def take_up_services(self, account: Account, entry: RegistryEntry, *, now: datetime) -> None:
        EmailAddress.objects.filter(user=account).update(verified=True)
        change_profile(account=account, now=now, by=account, first_name="Loukia", last_name="Antoniou")
        car = add_vehicle(account=account, vin=VIN, now=now, by=account)
        prove_access(membership=car, odometer_km=int(entry.odometer_km or 0), now=now, by=account)
        for package in Package.objects.filter(code__in=["remote", "navigation"]):
            activate_complimentary(account=account, vehicle=car.vehicle, package=package, now=now, by=account)
