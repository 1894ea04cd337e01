import json
import os
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connections
from django.utils import timezone

from portal.models import Market
from subscriptions.gateway.sandbox.in_process import InProcessGateway
from subscriptions.gateway.sandbox.provider import SandboxProvider
from subscriptions.models import Package
from subscriptions.rehearsal.cast import RETURN_ORIGIN
from subscriptions.rehearsal.ledger import Line
from subscriptions.rehearsal.play import Clock, play
from subscriptions.rehearsal.scratch import NoScratchDatabase, read_market_data, scratch_database
from subscriptions.rehearsal.story import Known, Story, StoryError, read_story


class Command(BaseCommand):
    help = "Plays dated stories through the real rules, actions and jobs, and prints the ledger (docs/rehearsal.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("stories", nargs="+", type=Path, metavar="STORY.yaml")
        parser.add_argument("--pretty", action="store_true", help="for people instead of one JSON object a line")
        parser.add_argument("--no-notices", action="store_true", help="leave out what the customer was told")
        parser.add_argument(
            "--keep", action="store_true", help="play into this database (demo and development only), side by side"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        stories = self.read(options["stories"])
        lines = self.keep(stories) if options["keep"] else self.rehearse(stories)
        for line in lines:
            if not (options["no_notices"] and line["what"] == "notice"):
                self.stdout.write(_pretty(line) if options["pretty"] else json.dumps(line, ensure_ascii=False))

    def read(self, paths: list[Path]) -> list[Story]:
        today = timezone.now().date()
        markets, packages = (model.objects.values_list("code", flat=True) for model in (Market, Package))
        known = Known(markets=list(markets), packages=list(packages))
        try:
            return [read_story(path, today=today, known=known) for path in paths]
        except StoryError as error:
            raise CommandError(str(error)) from error

    def rehearse(self, stories: list[Story]) -> Iterator[Line]:
        try:
            for story, ledger in zip(stories, _ledgers(stories), strict=True):
                for line in ledger:
                    yield {"story": story.name, **line} if len(stories) > 1 else line
        except NoScratchDatabase as error:
            raise CommandError(f"No scratch database can be made here, so nothing was played: {error}") from error

    def keep(self, stories: list[Story]) -> Iterator[Line]:
        if settings.PRODUCTION:
            raise CommandError("--keep would write invented customers into the live database.")
        if len({story.market for story in stories}) > 1:
            raise CommandError("Stories that are kept together must play in one market.")
        if any(story.order_ahead_days is not None for story in stories):
            raise CommandError("Stories that are kept take the market as it is: leave order_ahead_days out.")
        settings.SANDBOX_STATE.parent.mkdir(parents=True, exist_ok=True)
        yield from _play(stories, state=str(settings.SANDBOX_STATE))


def _ledgers(stories: list[Story]) -> Iterator[Iterable[Line]]:
    """In the order of the stories, several of which are played at a time: each has a database of its own."""
    if len(stories) == 1:
        yield _in_scratch(stories[0])
        return
    # A connection cannot be shared with a child.
    connections.close_all()
    players = min(len(stories), os.cpu_count() or 1)
    with ProcessPoolExecutor(players, mp_context=get_context("fork")) as pool:
        yield from pool.map(_ledger, stories)


def _ledger(story: Story) -> list[Line]:
    return list(_in_scratch(story))


def _in_scratch(story: Story) -> Iterator[Line]:
    fixtures = read_market_data(story.market, with_catalogue=story.packages is None)
    with scratch_database(fixtures):
        yield from _play([story], state=":memory:")


def _play(stories: list[Story], *, state: str) -> Iterator[Line]:
    clock = Clock()
    provider = SandboxProvider(state, clock=clock, return_origins=[RETURN_ORIGIN])
    try:
        yield from play(stories, gateway=InProcessGateway(provider), clock=clock)
    finally:
        provider.close()


def _pretty(line: Line) -> str:
    facts = "  ".join(f"{key} {value}" for key, value in line.items() if key not in {"on", "what", "story"})
    return f"{line.get('story', ''):12} {line['on']}  {line['what']:13} {facts}".strip()
