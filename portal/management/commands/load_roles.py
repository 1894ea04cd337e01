"""Makes the groups of the customer centre's roles; running it again changes nothing."""

from typing import Any

from django.core.management.base import BaseCommand

from portal.roles import load_roles


class Command(BaseCommand):
    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        for role, count in load_roles().items():
            self.stdout.write(f"{role}: {count} permissions")
