"""A migration's SQL, read by a linter that knows what PostgreSQL locks, and for how long."""

import json
import subprocess
import sys
from io import StringIO
from pathlib import Path

from django.core.management import call_command

SQUAWK = Path(sys.executable).with_name("squawk")
# Matters of taste, and the patience for locks that `manage.py migrate` has anyway (portal/operating/patience.py).
LEFT_OUT = (
    "prefer-text-field",
    "prefer-bigint-over-int",
    "prefer-bigint-over-smallint",
    "prefer-identity",
    "prefer-robust-stmts",
    "require-lock-timeout",
    "require-statement-timeout",
    "transaction-nesting",
)


def objections(sql: str) -> list[str]:
    """The names of the rules that it breaks."""
    command = [SQUAWK, "--assume-in-transaction", "--pg-version", "15", "--reporter", "json"]
    command += [f"--exclude={','.join(LEFT_OUT)}", "--stdin-filepath", "migration.sql"]
    said = subprocess.run(command, input=sql, capture_output=True, text=True)
    return sorted({each["rule_name"] for each in json.loads(said.stdout)})


def sql_of(app: str, name: str) -> str:
    written = StringIO()
    call_command("sqlmigrate", app, name, stdout=written)
    return written.getvalue()
