from typing import Any

from django.core.management.base import BaseCommand

from accounts.actions.keys import encipher_anew


class Command(BaseCommand):
    help = "After a change of SECRET_KEY: enciphers the secrets of second steps with the new one (docs/upgrading.md)."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{encipher_anew()} second steps are enciphered with the new key.")
