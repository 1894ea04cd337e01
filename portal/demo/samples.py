"""What the demo's database begins with, and who can sign in."""

import shutil
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from psycopg import sql

from portal import celery_app, embedded
from portal.demo import DemoRefusal

SAMPLES = settings.BASE_DIR / "portal" / "data" / "lexus_cy"
STORIES = sorted(str(path) for path in (SAMPLES / "stories").glob("*.yaml"))
SAMPLE_DATA: list[tuple[str, list[str]]] = [
    ("load_brand", [str(SAMPLES / "brand.yaml")]),
    ("load_terms", [str(SAMPLES / "terms.yaml")]),
    ("load_consents", [str(SAMPLES / "consents.yaml")]),
    ("load_catalogue", [str(SAMPLES / "catalogue.yaml")]),
    ("load_contact", [str(SAMPLES / "contact.yaml")]),
    ("load_dealers", [str(SAMPLES / "dealers.yaml")]),
    ("load_maintenance", [str(SAMPLES / "maintenance.yaml")]),
    ("load_maps", [str(SAMPLES / "maps.yaml")]),
    ("load_workshops", [str(SAMPLES / "workshops.yaml")]),
    ("load_clients", [str(SAMPLES / "clients.yaml")]),
    ("load_third_parties", [str(SAMPLES / "third_parties.yaml")]),
    ("load_dealer_systems", [str(SAMPLES / "dealer_systems.yaml")]),
    ("load_articles", [str(settings.BASE_DIR / "support" / "content")]),
    ("load_roles", []),
    ("import_vehicles", [str(SAMPLES / "vehicles.csv")]),
    ("rehearse", ["--keep", *STORIES]),
    # The stories' cars had the odometer of their scripts; what follows is to agree with the registry's own.
    ("import_vehicles", [str(SAMPLES / "vehicles.csv"), "--readings-at=now"]),
    ("bring_head_unit_driver", []),
    ("bring_data_grant", []),
    ("let_sample_people_in", []),
    ("load_hooks", [str(SAMPLES / "webhooks.yaml"), f"--address=app-backend={settings.SANDBOX_URL}/app-backend"]),
    ("bring_service_history", []),
    ("import_orders", [str(SAMPLES / "orders.csv")]),
    ("bring_deliveries", []),
    ("bring_sample_manuals", []),
    ("report_sample_cars", []),
    ("bring_sample_trips", []),
    ("bring_sample_incidents", []),
    ("bring_sample_maps", []),
    ("bring_sample_cases", []),
]

# Kept as the database's comment: it comes and goes with the database itself.
BEGUN = "sample data begun"
LOADED = "sample data loaded"


def sample_steps() -> list[tuple[str, Callable[[], None]]]:
    """Titles and actions that load the sample data; empty if this database has it."""
    if not SAMPLE_DATA or mark() == LOADED:
        return []
    return [
        ("Clear what an earlier database left", begin),
        *[(_title(command, words), _loader(command, words)) for command, words in SAMPLE_DATA],
        ("Note that the sample data is complete", finish),
    ]


def read_odometers() -> None:
    """At every start: a reading proves access for thirty days only (V1)."""
    call_command("import_vehicles", str(SAMPLES / "vehicles.csv"), "--readings-at", "now")


def drop_half_loaded() -> None:
    """Loading that was cut off cannot go on where it stopped; the embedded database is then made anew."""
    if mark() != BEGUN:
        return
    if not settings.EMBEDDED_DATABASE:
        raise DemoRefusal(
            "Loading the sample data was interrupted: empty the database of DATABASE_URL, then try again."
        )
    connection.close()
    embedded.drop_database(connection.settings_dict["NAME"], host=Path(connection.settings_dict["HOST"]))


def mark() -> str | None:
    """How far loading came in this database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()"
        )
        return cursor.fetchone()[0]


def begin() -> None:
    """Mails, files, tasks and the sandbox's payments of an earlier database mean nothing to this one."""
    _set_mark(BEGUN)
    for folder in (settings.DEMO_MAIL_DIR, settings.MEDIA_ROOT):
        if folder.is_relative_to(settings.STATE_DIR):
            shutil.rmtree(folder, ignore_errors=True)
    for file in settings.SANDBOX_STATE.parent.glob(f"{settings.SANDBOX_STATE.name}*"):
        file.unlink()
    cache.clear()
    celery_app.control.purge()


def finish() -> None:
    _set_mark(LOADED)


def _title(command: str, words: list[str]) -> str:
    files = [Path(word).name for word in words if not word.startswith("-")]
    return f"Load {command} {files[0] if len(files) == 1 else f'{len(files)} files' if files else ''}".rstrip()


def _loader(command: str, words: list[str]) -> Callable[[], None]:
    def load() -> None:
        call_command(command, *words)

    return load


def _set_mark(text: str) -> None:
    with connection.cursor() as cursor:
        # A statement of this kind takes no values.
        words = sql.SQL("COMMENT ON DATABASE {} IS {}")
        cursor.execute(words.format(sql.Identifier(connection.settings_dict["NAME"]), sql.Literal(text)))
