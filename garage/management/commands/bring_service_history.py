from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import Account, Dealer
from garage.actions.bookings import book_service
from garage.actions.service_history import enter_service
from garage.maintenance import plan_of, read_plans
from garage.models import MaintenancePlan, Membership, RegistryEntry, ServiceRecord, Vehicle, Workshop, WorkshopStaff
from garage.workshops import free_days, open_workshops

# Who sees its bookings at the desk.
DEALER, AT_THE_DESK = "sample-nicosia", ["dealer@example.com", "manager@example.com"]
MOST_BOOKED = 4
WORDS = {"en": "A rattle at the front left.", "el": "Ένα τρίξιμο μπροστά αριστερά."}
# Of the sample people: a service a year and a bit ago by a dealer, and something of one's own since.
YEAR_AGO = timedelta(days=345)
SINCE = timedelta(days=120)
OWN_WORKS = {"en": "New summer tyres", "el": "Νέα θερινά ελαστικά"}


class Command(BaseCommand):
    help = "Brings service histories to the demo's cars, some bookings at a dealer, and who works there."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.MODE == "production":
            raise CommandError("Sample histories belong to a demo.")
        plans, dealers = read_plans(), list(Dealer.objects.filter(services__contains=["service"]).order_by("pk"))
        active = Membership.objects.current().filter(is_active=True).select_related("account__market", "vehicle")
        for number, link in enumerate(active.order_by("pk")):
            plan = plan_of(link.vehicle, plans)
            if plan and dealers and not ServiceRecord.objects.filter(vehicle=link.vehicle).exists():
                self.bring(link, plan, dealers[number % len(dealers)])

        shop = open_workshops().filter(dealer__code=DEALER).first()
        if shop:
            self.book(shop, list(active.order_by("pk")[:MOST_BOOKED]))

    def book(self, shop: Workshop, links: list[Membership]) -> None:
        """One after the other, each at the first time that is free; and who sees them.

        The first of them did it yesterday, so that a day's work is waiting at the dealer's desk.
        """
        for staff in Account.objects.filter(email__in=AT_THE_DESK, is_staff=True):
            WorkshopStaff.objects.get_or_create(account=staff, defaults={"workshop": shop})
        work, today = shop.works.all()[0], timezone.now()
        for number, link in enumerate(links):
            now = today if number else today - timedelta(days=1)
            days = free_days(shop, length=timedelta(minutes=work.minutes), first=date.min, now=now)
            start = next((start for day in days for start in day.starts), None)
            if start and not link.vehicle.bookings.exists():
                words = WORDS.get(link.account.language, WORDS["en"])
                book_service(
                    membership=link,
                    workshop=shop,
                    codes=[work.code],
                    starts_at=start,
                    words=words,
                    now=now,
                    by=link.account,
                )

    def bring(self, link: Membership, plan: MaintenancePlan, dealer: Dealer) -> None:
        entry = RegistryEntry.objects.get(vin=link.vehicle.vin)
        today, driven = link.account.market.local_date(timezone.now()), entry.odometer_km or 30_000
        for years, km in ((1, driven * 7 // 10), (2, driven * 4 // 10)):
            self.dealers_service(link.vehicle, plan, dealer, on=today - years * YEAR_AGO, km=km)
        works = [OWN_WORKS.get(link.account.language, OWN_WORKS["en"])]
        enter_service(
            membership=link,
            done_on=today - SINCE,
            odometer_km=driven * 9 // 10,
            items=[],
            works=works,
            now=timezone.now(),
            by=link.account,
        )

    def dealers_service(self, vehicle: Vehicle, plan: MaintenancePlan, dealer: Dealer, *, on: date, km: int) -> None:
        start = vehicle.counted_from
        if start is None or on > start.on:
            codes = [item.code for item in plan.items.all() if item.every_months in (12, 24)]
            ServiceRecord.objects.create(
                vehicle=vehicle,
                done_on=on,
                odometer_km=km,
                items=codes,
                works=[],
                is_own=False,
                dealer=dealer,
                recorded_at=timezone.now(),
            )
