from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from subscriptions.actions.blank import blank_documents


class Command(BaseCommand):
    help = "Takes the buyer off documents that the law no longer asks for, and deletes their files (daily by itself)."

    def handle(self, *args: Any, **options: Any) -> None:
        count = blank_documents(now=timezone.now())
        self.stdout.write(f"{count} documents blanked.")
