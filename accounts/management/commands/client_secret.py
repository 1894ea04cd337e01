from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.identity.clients import find_client, give_secret, is_machine


class Command(BaseCommand):
    help = "Gives a machine (the vehicle backend, the registry, a third party) a new secret, and shows it this once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("client")

    def handle(self, *args: Any, client: str, **options: Any) -> None:
        known = find_client(client)
        if known is None or not is_machine(known):
            raise CommandError(f"{client!r} is none of the machines that the clients' file names")
        self.stdout.write(give_secret(known))
