"""`make demo`: refuses in sentences, ends exactly what it started, loads its sample data once."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from django.core.management import CommandError, call_command

from portal.demo import DemoRefusal, samples
from portal.demo.children import Child, check_alive, running
from portal.demo.claim import RECORD, RUN_VARIABLE, claim, end_leftovers
from portal.demo.ports import check_port, check_ports

REPOSITORY = Path(__file__).resolve().parents[2]
# Newer Pythons warn of forking beside pytest-xdist's threads; the demo itself has none.
pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
FAIL = [sys.executable, "-c", "print('no such table'); raise SystemExit(3)"]
RUN_UNTIL_KILLED = f"""
import os, sys, time
from pathlib import Path
from portal.demo.children import Child, running
environment = os.environ | {{"{RUN_VARIABLE}": "killed"}}
children = [Child("sleeper", {SLEEP!r})]
with running(children, environment=environment, state_dir=Path(sys.argv[1]), folder=Path("/")) as started:
    print(started[0].process.pid, flush=True)
    time.sleep(60)
"""


@pytest.fixture
def sleeper() -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    processes: list[subprocess.Popen[bytes]] = []

    def start(**variables: str) -> subprocess.Popen[bytes]:
        processes.append(subprocess.Popen(SLEEP, env=os.environ | variables))
        return processes[-1]

    yield start
    for process in processes:
        process.kill()
        process.wait()


# Refusals


def test_demo_command_runs_in_demo_mode_only():
    with pytest.raises(CommandError, match="make demo"):
        call_command("demo")


def test_taken_port_is_said_with_the_way_out(socket_enabled):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(DemoRefusal, match=rf"Port {port} is taken .* make demo PORT=\d+"):
            check_port("PORT", str(port))


@pytest.mark.parametrize("text", ["", "http", "0", "65536", "-1", "80.5"])
def test_what_is_no_port_is_refused(text):
    with pytest.raises(DemoRefusal, match="is not a port"):
        check_port("SANDBOX_PORT", text)


def test_web_and_sandbox_need_different_ports(socket_enabled):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    with pytest.raises(DemoRefusal, match="PORT and SANDBOX_PORT must be different"):
        check_ports({"PORT": port, "SANDBOX_PORT": port})


def test_state_folder_that_cannot_be_written_is_said_in_a_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(DemoRefusal, match=r"cannot write to .*PORTAL_STATE_DIR"), claim(tmp_path / "file" / "state"):
        pass


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_state_folder_of_somebody_else_is_said_in_a_sentence(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(DemoRefusal, match="cannot write to"), claim(tmp_path / "state"):
        pass


def test_second_demo_of_a_folder_is_refused_until_the_first_ends(tmp_path):
    with claim(tmp_path), pytest.raises(DemoRefusal, match="running already"), claim(tmp_path):
        pass
    with claim(tmp_path):
        pass


@pytest.mark.parametrize(
    ("version", "is_new", "has_venv", "sentence"),
    [
        ("3.9", False, True, "Python 3.11 or newer is needed"),
        ("3.12", True, False, "has no venv module. Install it"),
        ("", False, False, "none found"),
    ],
)
def test_make_says_which_python_is_needed(tmp_path, version, is_new, has_venv, sentence):
    for name in ("Makefile", "requirements-dev.txt"):
        shutil.copy(REPOSITORY / name, tmp_path)
    python = tmp_path / "python"
    answers = [f"*print*) echo {version}; test -n '{version}'", f"*exit*) {is_new}", f"*) {has_venv}"]
    python.write_text(f'#!/bin/sh\ncase "$2" in {";; ".join(answers).lower()};; esac\n')
    python.chmod(0o755)
    done = subprocess.run(["make", "demo", f"PYTHON={python}"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode != 0
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


# Processes


def test_child_that_ends_is_named_with_the_end_of_its_log_and_ends_the_others(tmp_path):
    with _running(tmp_path) as started:
        started[1].process.wait(20)
        with pytest.raises(DemoRefusal, match=r"'worker' ended \(code 3\)[\s\S]*no such table"):
            check_alive(started)
    assert started[0].process.poll() is not None
    assert not (tmp_path / RECORD).exists()


def test_children_end_when_the_demo_is_killed(tmp_path):
    demo = subprocess.Popen(
        [sys.executable, "-c", RUN_UNTIL_KILLED, str(tmp_path)], cwd=REPOSITORY, stdout=subprocess.PIPE, text=True
    )
    child = psutil.Process(int(demo.stdout.readline()))
    demo.kill()
    demo.communicate()
    end_leftovers(state_dir=tmp_path)
    assert not child.is_running() or child.status() == psutil.STATUS_ZOMBIE


def test_leftovers_are_known_by_number_and_moment_or_by_their_run(tmp_path, sleeper):
    recorded, inherited, stranger = sleeper(), sleeper(**{RUN_VARIABLE: "yesterday"}), sleeper()
    _record(tmp_path, recorded.pid, psutil.Process(recorded.pid).create_time())
    end_leftovers(state_dir=tmp_path)
    assert recorded.wait(10) == -signal.SIGTERM
    inherited.wait(10)
    assert stranger.poll() is None


def test_process_that_got_a_leftovers_number_since_is_left_alone(tmp_path, sleeper):
    stranger = sleeper()
    _record(tmp_path, stranger.pid, psutil.Process(stranger.pid).create_time() - 1000)
    end_leftovers(state_dir=tmp_path)
    assert stranger.poll() is None
    assert not (tmp_path / RECORD).exists()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"key": 1}', '{"key": "a", "processes": [3]}'])
def test_broken_record_does_not_stop_a_start(tmp_path, text):
    (tmp_path / RECORD).write_text(text)
    end_leftovers(state_dir=tmp_path)
    assert not (tmp_path / RECORD).exists()


# Sample data


@pytest.mark.django_db
def test_sample_data_is_loaded_once_for_a_database(tmp_path, settings, monkeypatch):
    _keep_state_in(tmp_path, settings)
    monkeypatch.setattr(samples, "SAMPLE_DATA", [("check", ["--list-tags"])])
    (tmp_path / "mail").mkdir()
    for title, action in samples.sample_steps():
        assert title
        action()
    assert samples.mark() == samples.LOADED
    assert samples.sample_steps() == []
    assert not (tmp_path / "mail").exists()


@pytest.mark.django_db
def test_half_loaded_sample_data_of_a_foreign_database_is_not_dropped(tmp_path, settings):
    _keep_state_in(tmp_path, settings)
    settings.EMBEDDED_DATABASE = False
    samples.begin()
    with pytest.raises(DemoRefusal, match="empty the database"):
        samples.drop_half_loaded()


def _running(state_dir: Path):
    environment = os.environ | {RUN_VARIABLE: f"test {time.monotonic_ns()}"}
    children = [Child("sleeper", SLEEP), Child("worker", FAIL)]
    return running(children, environment=environment, state_dir=state_dir, folder=state_dir)


def _record(state_dir: Path, pid: int, created: float) -> None:
    (state_dir / RECORD).write_text(json.dumps({"key": "yesterday", "processes": [[pid, created]]}))


def _keep_state_in(folder: Path, settings) -> None:
    settings.STATE_DIR = folder
    settings.DEMO_MAIL_DIR, settings.MEDIA_ROOT = folder / "mail", folder / "files"
    settings.SANDBOX_STATE = folder / "sandbox.sqlite3"
