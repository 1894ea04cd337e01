"""Django's own, patient: no migration makes pages wait behind its lock for longer than a second (docs/upgrading.md)."""

from typing import Any

from django.core.management.commands import migrate

from portal.operating.patience import patiently


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        patiently(lambda: migrate.Command.handle(self, *args, **options), say=self.stdout.write)
