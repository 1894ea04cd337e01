from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.demo.people import let_in


class Command(BaseCommand):
    help = "Gives every account of a demo's database the demo's password, and makes its staff."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.MODE not in {"demo", "development"}:
            raise CommandError("Only a demo's accounts get a password that everybody knows.")
        let_in()
