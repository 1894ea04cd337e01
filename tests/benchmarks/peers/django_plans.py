"""Drives django-plans in an environment of its own, which is made from the package index when it is first wanted."""

import json
import subprocess
import sys
from pathlib import Path

from tests.benchmarks.databases import Server

PINS = ("django-plans==2.8.2", "Django==5.2.19", "psycopg[binary]==3.3.9")
ACCOUNTS = 5_000
PROGRAM = Path(__file__).with_name("renewing_plans.py")


class CannotBeInstalled(Exception):
    """There is no package index here, or it does not have the pinned versions."""


class Plans:
    """A process that renews on request, on an empty database of the same server."""

    def __init__(self, server: Server, *, environment: Path, may_install: bool) -> None:
        python = _python(environment, may_install=may_install)
        where = json.dumps({"host": str(server.host), "user": server.user, "dbname": server.empty_database("plans")})
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        self._process = subprocess.Popen([python, PROGRAM, where, str(ACCOUNTS)], **pipes)
        if self._process.stdout.readline() != "ready\n":
            raise RuntimeError("django-plans did not start; it has said why.")
        self._rate = 10.0
        self.statements_each = 0.0

    def work(self, seconds: float) -> tuple[int, float]:
        """Renewals for about so many seconds, and how long they took: making the accounts due is not timed."""
        count = max(2, min(ACCOUNTS, round(self._rate * seconds)))
        self._process.stdin.write(f"renew {count}\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        self._rate = answer["count"] / answer["seconds"]
        self.statements_each = answer["statements"] / answer["count"]
        return answer["count"], answer["seconds"]

    def close(self) -> None:
        self._process.stdin.close()
        self._process.wait(timeout=30)
        self._process.stdout.close()


def _python(environment: Path, *, may_install: bool) -> Path:
    python = environment / "bin" / "python"
    done = environment / ".installed"
    if done.exists() and done.read_text().split() == list(PINS):
        return python
    if not may_install:
        raise CannotBeInstalled("a quick run installs nothing")
    subprocess.run([sys.executable, "-m", "venv", "--clear", environment], check=True)
    install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input", *PINS]
    made = subprocess.run(install, capture_output=True, text=True)
    if made.returncode:
        raise CannotBeInstalled((made.stderr.strip() or "pip failed").splitlines()[-1])
    done.write_text("\n".join(PINS))
    return python
