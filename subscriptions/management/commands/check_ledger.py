from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from subscriptions.ledger.check import CHECKS, check_ledger


class Command(BaseCommand):
    help = "Proves that charges, refunds, documents, periods and states agree; names every row that does not, with 1."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--list", action="store_true", help="say what is checked, and check nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["list"]:
            for check in CHECKS:
                self.stdout.write(f"{check.name:22} {check.sentence}")
            return
        count = 0
        for count, finding in enumerate(check_ledger(now=timezone.now()), start=1):  # noqa: B007  (counts what it prints)
            self.stdout.write(f"{finding.check}  {finding.subject}  {finding.text}")
        if count:
            raise CommandError(f"{count} rows do not agree; docs/operations.md says what to do.")
        self.stdout.write(f"{len(CHECKS)} checks, and everything agrees.")
