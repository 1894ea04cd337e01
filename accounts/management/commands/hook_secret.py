from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.actions.hook_desk import rotate
from accounts.hooks.signing import secret_of, shown
from accounts.models import HookEndpoint
from portal.refusals import Refusal


class Command(BaseCommand):
    help = "Shows the secret that an endpoint's webhooks are signed with, or gives it a new one (docs/webhooks.md)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code")
        parser.add_argument("--rotate", action="store_true", help="a new one; the old one signs too, for two days")
        parser.add_argument("--leaked", action="store_true", help="a new one; the old one signs nothing more")

    def handle(self, *args: Any, code: str, rotate: bool, leaked: bool, **options: Any) -> None:
        endpoint = HookEndpoint.objects.filter(code=code).first()
        if endpoint is None:
            raise CommandError(f"There is no endpoint {code!r}.")
        if rotate or leaked:
            endpoint = _rotated(endpoint, is_leaked=leaked)
        self.stdout.write(shown(secret_of(endpoint, endpoint.generation)))


def _rotated(endpoint: HookEndpoint, *, is_leaked: bool) -> HookEndpoint:
    try:
        return rotate(endpoint=endpoint, is_leaked=is_leaked, now=timezone.now())
    except Refusal as refusal:
        raise CommandError(str(refusal)) from refusal
