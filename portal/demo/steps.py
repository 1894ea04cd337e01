"""What happens before the web process starts, step by step."""

import hashlib
import io
import os
import time
from collections.abc import Callable
from contextlib import redirect_stdout

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import CommandError, call_command
from django.db import connections

from portal import embedded
from portal.demo import DemoRefusal
from portal.demo.claim import not_writable
from portal.demo.samples import drop_half_loaded, read_odometers, sample_steps

Step = tuple[str, Callable[[], None]]


def take_steps(say: Callable[..., None]) -> None:
    """Take every step and say how long it took. Raises `DemoRefusal` or the step's own error."""
    for title, action in STEPS:
        _take(say, title, action)
    for title, action in [*sample_steps(), ("Read the odometers of the sample cars", read_odometers)]:
        _take(say, title, action)
    connections.close_all()


def start_database() -> None:
    if settings.EMBEDDED_DATABASE:
        embedded.ensure_postgres(settings.STATE_DIR)
    drop_half_loaded()


def start_broker() -> None:
    if settings.EMBEDDED_BROKER:
        embedded.ensure_broker(settings.STATE_DIR)


def migrate() -> None:
    call_command("migrate", interactive=False, verbosity=0)


def collect_static_files() -> None:
    """Hashing and compressing takes some seconds, so it is left out while no source file changed."""
    record = settings.STATIC_ROOT / ".sources"
    sources = _fingerprint_of_sources()
    if record.exists() and record.read_text() == sources:
        return
    call_command("collectstatic", interactive=False, verbosity=0)
    record.write_text(sources)


def _fingerprint_of_sources() -> str:
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            status = os.stat(storage.path(name))
            digest.update(f"{storage.path(name)} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


STEPS: list[Step] = [
    ("Start the database", start_database),
    ("Start the broker", start_broker),
    ("Migrate the database", migrate),
    ("Collect static files", collect_static_files),
]


def _take(say: Callable[..., None], title: str, action: Callable[[], None]) -> None:
    say(f"  {title} ".ljust(58, "."), end="")
    started = time.monotonic()
    output = io.StringIO()
    try:
        with redirect_stdout(output):
            action()
    except PermissionError as error:
        say(" stopped")
        raise not_writable(error) from error
    except (CommandError, embedded.EmbeddedServiceError) as error:
        say(" stopped")
        raise DemoRefusal(f"{title}: {error}\n{output.getvalue()}".rstrip()) from error
    say(f" {time.monotonic() - started:.1f} s")
