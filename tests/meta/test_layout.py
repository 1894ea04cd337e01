"""What stands at the top of the repository."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
AGREED = {
    *("manage.py", "pyproject.toml", "requirements.txt", "requirements-dev.txt", "Makefile", "README.md"),
    "gunicorn.conf.py",
    *("portal", "accounts", "garage", "subscriptions", "support", "templates", "static", "tests", "docs", "deploy"),
    *(".ci", ".gitignore"),
}
APPS = ("portal", "accounts", "garage", "subscriptions", "support")


def files() -> list[str]:
    git = ["git", "-C", str(ROOT), "ls-files", "-z"]
    return [name for name in subprocess.run(git, capture_output=True, check=True, text=True).stdout.split("\0") if name]


def test_nothing_stands_at_the_top_but_what_was_agreed():
    assert {name.split("/")[0] for name in files()} <= AGREED


def test_the_top_has_what_a_newcomer_looks_for():
    top = {path.name for path in ROOT.iterdir()}
    assert {"manage.py", "pyproject.toml", "Makefile", "templates", "static", "tests", *APPS} <= top


def test_made_files_are_not_kept():
    made = (".mo", ".pyc", ".sqlite3", ".log", ".pdf")
    assert [name for name in files() if name.endswith(made) or "/__pycache__/" in name] == []
