"""One database is migrated for all processes of a run, and copied for each: migrating is what takes long of it."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

NAME = "test_portal_migrated"


def copy_what_is_migrated(folder: Path) -> None:
    """From now on test databases are made as copies. `folder` is the same for all processes of a run."""
    with _alone(folder) as copiers:
        if not any(copiers.iterdir()):
            _migrate()
        (copiers / str(os.getpid())).touch()
        connection.settings_dict["TEST"]["TEMPLATE"] = NAME


def remove_what_is_migrated(folder: Path) -> None:
    """The last process that ends does; one that came later would migrate again."""
    with _alone(folder) as copiers:
        (copiers / str(os.getpid())).unlink()
        if not any(copiers.iterdir()):
            with connection.creation._nodb_cursor() as cursor:
                cursor.execute(f"DROP DATABASE {NAME}")


@contextmanager
def _alone(folder: Path) -> Iterator[Path]:
    """No other process is at it meanwhile; in what is given each of them that copies has its mark."""
    with (folder / "migrating").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        copiers = folder / "copiers"
        copiers.mkdir(exist_ok=True)
        yield copiers


def _migrate() -> None:
    """A database of that name, as the run of the tests itself would make it; the connection is then as before."""
    facts = connection.settings_dict
    name, name_of_test = facts["NAME"], facts["TEST"]["NAME"]
    facts["TEST"]["NAME"] = NAME
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    connection.close()
    settings.DATABASES["default"]["NAME"] = facts["NAME"] = name
    facts["TEST"]["NAME"] = name_of_test
