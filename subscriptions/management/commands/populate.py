import random
import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import Account
from portal.models import Market
from subscriptions.models import NumberSeries
from subscriptions.population.copies import Lived, Start, last_keys, read_lived, tables
from subscriptions.population.filling import NotAllowed, fill
from subscriptions.population.households import HOUSEHOLDS
from subscriptions.population.playing import live, scratch_of
from subscriptions.rehearsal.scratch import NoScratchDatabase


class Command(BaseCommand):
    help = (
        "Fills the database with so many invented customers, to measure with: twenty live through the real rules, and "
        "are copied. Not in production, and not beside other customers unless told."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--customers", type=int, required=True, help="how many; rounded up to twenties")
        parser.add_argument(
            "--days",
            type=int,
            default=len(HOUSEHOLDS),
            help="on how many days of a month they came, and are charged; fewer are sooner made",
        )
        parser.add_argument(
            "--beside-customers",
            action="store_true",
            help="although there are customers; numbers of documents then follow theirs, whatever the dates",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("Invented customers have no place in production.")
        if options["customers"] < 1 or not 1 <= options["days"] <= len(HOUSEHOLDS):
            raise CommandError(f"--customers from 1 on, --days from 1 to {len(HOUSEHOLDS)}.")
        market = Market.objects.filter(is_default=True).first()
        if market is None:
            raise CommandError("There is no market yet: load brand, Terms, consents and catalogue first (README).")
        if not options["beside_customers"] and Account.objects.filter(is_staff=False).exists():
            raise CommandError("This database has customers; --beside-customers adds to them all the same.")
        self.began = time.monotonic()
        self.say("Twenty customers live through the rules")
        copies = -(-options["customers"] // len(HOUSEHOLDS))
        self.fill(self.lived(market, days=options["days"]), count=copies)
        self.say(f"{copies * len(HOUSEHOLDS):,} customers")

    def lived(self, market: Market, *, days: int) -> Lived:
        try:
            with scratch_of(market) as of_scratch:
                before = last_keys()
                live(of_scratch, now=timezone.now(), days=days)
                return read_lived(before)
        except NoScratchDatabase as error:
            raise CommandError(f"No scratch database can be made here: {error}") from error

    def fill(self, lived: Lived, *, count: int) -> None:
        numbers = NumberSeries.objects.values_list("legal_entity", "kind", "year", "last_number")
        start = Start(keys=last_keys(), numbers={tuple(key): last for *key, last in numbers})
        written = tables(lived, start=start, count=count, chance=random.Random())  # noqa: S311  (no secrets)
        try:
            fill(written, lived.series, count=count, say=self.say)
        except NotAllowed as error:
            raise CommandError(f"The database's user must be a superuser to fill it: {error}") from error

    def say(self, words: str) -> None:
        self.stdout.write(f"{time.monotonic() - self.began:7.1f} s  {words}")
