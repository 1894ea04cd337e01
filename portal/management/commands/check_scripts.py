"""Weekly: whether a browser gets just the scripts and headers that were looked at (`portal/guards/scripts.py`)."""

import logging
from argparse import ArgumentParser
from typing import Any

import httpx
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.guards.scripts import PAGES, Answer, faults_of_site, renew_inventory

log = logging.getLogger("portal.security")


class Command(BaseCommand):
    help = "Compares the pages around the payment, as a browser gets them, with the inventory; fails if they differ."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--site", default=settings.SITE_URL, help="Default: SITE_URL.")
        parser.add_argument(
            "--cookie", default="", help="name=value of a signed-in session, to see the pages behind it."
        )

        parser.add_argument("--renew", action="store_true", help="Write the hashes of the scripts as they are here.")

    def handle(self, *args: Any, site: str, cookie: str, renew: bool, **options: Any) -> None:
        if renew:
            return renew_inventory()
        headers = {"Cookie": cookie} if cookie else {}
        with httpx.Client(base_url=site, headers=headers, follow_redirects=True, timeout=20) as client:
            faults = list(faults_of_site(lambda path: _answer(client.get(path).raise_for_status())))
        for fault in faults:
            log.error("script check: %s", fault)
        if faults:
            raise CommandError("; ".join(faults))
        self.stdout.write(f"{len(PAGES)} pages of {site}: scripts and headers are as they were looked at.")


def _answer(response: httpx.Response) -> Answer:
    return Answer(url=str(response.url), headers=response.headers, content=response.content)
