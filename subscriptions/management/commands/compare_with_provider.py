from argparse import ArgumentParser
from datetime import UTC, date, datetime, time
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from subscriptions.actions.work import open_work_items
from subscriptions.gateway import get_gateway
from subscriptions.gateway.port import ProviderDown
from subscriptions.ledger.provider import compare_with_provider
from subscriptions.tasks import COMPARED_FOR


class Command(BaseCommand):
    help = "Compares our payments with the provider's own list of charges; differences become work items. Exit code 1."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--since", type=date.fromisoformat, help="charges from this day on (UTC); else a week")

    def handle(self, *args: Any, since: date | None, **options: Any) -> None:
        now = timezone.now()
        begin = datetime.combine(since, time(), tzinfo=UTC) if since else now - COMPARED_FOR
        try:
            findings = list(compare_with_provider(gateway=get_gateway(), since=begin, now=now))
        except ProviderDown as down:
            raise CommandError(f"The provider's list cannot be read now: {down}") from down
        open_work_items(findings, now=now)
        for finding in findings:
            self.stdout.write(f"{finding.check}  {finding.subject}  {finding.text}")
        if findings:
            raise CommandError(f"{len(findings)} differences; docs/operations.md says what to do.")
        self.stdout.write("The provider's list and ours agree.")
