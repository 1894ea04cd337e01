from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from garage.actions.grants import give_grant
from garage.actions.read_granted import read_granted
from garage.models import DataGrant, Membership, ThirdParty

EMAIL = "andreas@example.com"
KINDS = ["specification", "state_reports", "trips"]
GIVEN_BEFORE, READ_EVERY = timedelta(days=21), timedelta(days=7)
GOOD_FOR = timedelta(days=180)


class Command(BaseCommand):
    help = "Brings the demo's grant: a customer lets a company read data of the car, which has read twice."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.MODE == "production":
            raise CommandError("Sample customers belong to a demo.")
        now = timezone.now()
        cars = Membership.objects.current().filter(account__email=EMAIL, is_active=True)
        car = cars.select_related("account__market", "vehicle").get()
        grant = give_grant(
            membership=car,
            third_party=ThirdParty.objects.get(market=car.account.market, code="sample-insurance"),
            kinds=KINDS,
            ends_on=car.account.market.local_date(now + GOOD_FOR),
            has_history=False,
            reference="SI-204711",
            now=now - GIVEN_BEFORE,
            by=car.account,
        )
        for number in (1, 2):
            self.read(grant, now=now - GIVEN_BEFORE + number * READ_EVERY)

    def read(self, grant: DataGrant, *, now: Any) -> None:
        read_granted(
            client_id=grant.third_party.client_id,
            grant_id=grant.public_id,
            kind=KINDS[0],
            since=None,
            after=None,
            limit=200,
            now=now,
        )
