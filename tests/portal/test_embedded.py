"""The embedded servers: started once, shared, stopped by the last, and not hindered by a kill -9."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import psycopg
import pytest
import redis
from django.db import connections

from portal import embedded
from portal.embedded_postgresql.base import DatabaseWrapper

REPOSITORY = Path(__file__).resolve().parents[2]
HOLD = """
import sys
from pathlib import Path
from portal import embedded
folder = embedded.ensure_postgres(Path(sys.argv[1]), durable=False)
print((folder / "data" / "postmaster.pid").read_text().split()[0], flush=True)
sys.stdin.read()
"""
FORK = """
import os, sys
from pathlib import Path
import psycopg
from portal import embedded
folder = embedded.ensure_postgres(Path(sys.argv[1]), durable=False)
if os.fork() == 0:
    sys.exit()
os.wait()
psycopg.connect(host=str(folder), user="portal", dbname="postgres").close()
print("still there")
"""


@pytest.fixture
def state_dir() -> Iterator[Path]:
    """A folder that the server's user can reach; pytest's own ones are closed to it when the tests run as root."""
    folder = Path(tempfile.mkdtemp(prefix="portal-test-"))
    folder.chmod(0o755)
    yield folder / "state"
    _wipe(folder / "state")
    _delete(folder)


@pytest.fixture
def hold(state_dir: Path) -> Iterator[Callable[[], subprocess.Popen[str]]]:
    """Start another process that uses the server until its input ends."""
    processes: list[subprocess.Popen[str]] = []

    def start() -> subprocess.Popen[str]:
        processes.append(_python(HOLD, state_dir))
        return processes[-1]

    yield start
    for process in processes:
        process.kill()
        process.communicate()


def test_server_speaks_only_over_its_socket(state_dir):
    host = embedded.ensure_postgres(state_dir, durable=False)
    with _connect(host) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
        assert connection.execute("SELECT current_setting('TimeZone'), inet_server_addr()").fetchone() == ("UTC", None)
    assert (host.stat().st_mode & 0o777) == 0o700


def test_greek_capitals_and_small_letters_are_known(state_dir):
    with _connect(embedded.ensure_postgres(state_dir, durable=False)) as connection:
        row = connection.execute("SELECT upper('Καλημέρα'), lower('ΛΕΥΚΩΣΊΑ'), 'ΆΝΝΑ' ILIKE 'άννα'").fetchone()
    assert row == ("ΚΑΛΗΜΈΡΑ", "λευκωσία", True)


@pytest.mark.parametrize(("durable", "fsync"), [(True, "on"), (False, "off")])
def test_only_tests_give_up_safety_at_a_power_cut(state_dir, durable, fsync):
    with _connect(embedded.ensure_postgres(state_dir, durable=durable)) as connection:
        assert connection.execute("SHOW fsync").fetchone() == (fsync,)


def test_processes_that_start_at_once_share_a_server_and_the_last_stops_it(state_dir, hold):
    first, second = hold(), hold()
    postmaster = first.stdout.readline()
    assert postmaster == second.stdout.readline() != ""
    _end(first)
    assert _lives(int(postmaster))
    _end(second)
    assert not _lives(int(postmaster))


def test_killed_process_leaves_a_server_that_the_next_one_takes_over(state_dir, hold):
    holder = hold()
    postmaster = int(holder.stdout.readline())
    holder.kill()
    holder.wait()
    with _connect(embedded.ensure_postgres(state_dir)) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    embedded.release_postgres(state_dir)
    assert not _lives(postmaster)


def test_killed_server_starts_again_with_its_data(state_dir):
    host = embedded.ensure_postgres(state_dir)
    embedded.ensure_database("kept", host=host)
    os.kill(_postmaster(host), signal.SIGKILL)
    assert embedded.ensure_postgres(state_dir) == host
    _connect(host, "kept").close()


def test_number_of_a_foreign_process_in_the_pid_file_is_no_hindrance(state_dir):
    host = embedded.ensure_postgres(state_dir, durable=False)
    file = host / "data" / "postmaster.pid"
    number, rest = file.read_text().split("\n", 1)
    os.kill(int(number), signal.SIGKILL)
    file.write_text(f"{os.getpid()}\n{rest}")
    _connect(embedded.ensure_postgres(state_dir, durable=False)).close()


def test_forked_child_that_ends_does_not_stop_its_parents_server(state_dir):
    output, _ = _python(FORK, state_dir).communicate(timeout=30)
    assert output == "still there\n"


def test_awkward_folder_gets_a_short_stand_in(state_dir):
    awkward = state_dir / "a long folder with spaces" / ("x" * 80)
    host = embedded.ensure_postgres(awkward, durable=False)
    _connect(host).close()
    assert len(str(host / ".s.PGSQL.5432")) < 100
    assert len(str(embedded.broker_socket(awkward))) < 100
    _wipe(awkward)
    assert not host.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as somebody else")
def test_folder_closed_to_the_servers_user_stays_closed(state_dir):
    closed = state_dir / "closed"
    closed.mkdir(mode=0o700, parents=True)
    host = embedded.ensure_postgres(closed / "state", durable=False)
    _connect(host).close()
    assert not host.is_relative_to(closed)
    assert closed.stat().st_mode & 0o777 == 0o700
    _wipe(closed / "state")


def test_folder_that_cannot_be_made_is_said_in_a_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(embedded.EmbeddedServiceError, match="Give this user the right to write there"):
        embedded.ensure_postgres(tmp_path / "file" / "state")


def test_django_backend_starts_the_server_and_makes_the_database(state_dir, settings, django_db_blocker):
    settings.STATE_DIR, settings.MODE = state_dir, "test"
    backend = DatabaseWrapper(connections["default"].settings_dict | {"NAME": "portal", "HOST": "", "OPTIONS": {}})
    assert not state_dir.exists()
    with django_db_blocker.unblock(), backend.cursor() as cursor:
        cursor.execute("SELECT current_database()")
        assert cursor.fetchone() == ("portal",)
    backend.close()
    assert backend.settings_dict["HOST"] == str(state_dir / "postgres")


def test_broker_keeps_what_it_was_given_over_a_restart(state_dir):
    with redis.Redis(unix_socket_path=str(embedded.ensure_broker(state_dir))) as client:
        client.set("task", "due")
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        assert client.config_get("port") == {"port": "0"}
    embedded.release_broker(state_dir)
    assert not embedded.broker_socket(state_dir).exists()
    with redis.Redis(unix_socket_path=str(embedded.ensure_broker(state_dir))) as client:
        assert client.get("task") == b"due"


def test_killed_broker_starts_again(state_dir):
    with redis.Redis(unix_socket_path=str(embedded.ensure_broker(state_dir))) as client:
        os.kill(client.info("server")["process_id"], signal.SIGKILL)
    with redis.Redis(unix_socket_path=str(embedded.ensure_broker(state_dir))) as client:
        assert client.ping()


def _python(program: str, state_dir: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", program, str(state_dir)],
        cwd=REPOSITORY,
        env=os.environ | {"PORTAL_MODE": "test"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def _end(process: subprocess.Popen[str]) -> None:
    process.communicate(timeout=30)
    assert process.returncode == 0


def _connect(host: Path, name: str = "postgres") -> psycopg.Connection:
    return psycopg.connect(host=str(host), user=embedded.SUPERUSER, dbname=name)


def _postmaster(host: Path) -> int:
    return int((host / "data" / "postmaster.pid").read_text().split()[0])


def _lives(pid: int) -> bool:
    # Where nobody fetches exit codes, a process that ended stays in the table.
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


def _wipe(state_dir: Path) -> None:
    """Stop this process's servers, then delete both servers' data."""
    embedded.release_postgres(state_dir)
    embedded.release_broker(state_dir)
    deadline = time.monotonic() + 10
    while state_dir.is_dir():
        try:
            return embedded.remove(state_dir)
        except embedded.EmbeddedServiceError:
            # A killed holder's lock goes with its process, which may take a moment.
            assert time.monotonic() < deadline
            time.sleep(0.05)
    return None


def _delete(folder: Path) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    folder.rmdir()
