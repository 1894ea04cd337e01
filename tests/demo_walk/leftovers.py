"""Which processes of a demo still live: `python -m tests.demo_walk.leftovers STATE_DIR` prints them and ends with 1.

The demo's own processes carry its state folder in their environment; the database and the broker work inside it.
"""

import sys
import time
from pathlib import Path

import psutil

PATIENCE_SECONDS = 10


def living(state_dir: Path) -> list[str]:
    own = {psutil.Process().pid, *(parent.pid for parent in psutil.Process().parents())}
    return [_named(each) for each in psutil.process_iter() if each.pid not in own and _belongs(each, state_dir)]


def _belongs(process: psutil.Process, state_dir: Path) -> bool:
    try:
        if process.status() == psutil.STATUS_ZOMBIE:
            return False
        named = process.environ().get("PORTAL_STATE_DIR", "")
        return Path(process.cwd()).is_relative_to(state_dir) or (bool(named) and Path(named).resolve() == state_dir)
    except (psutil.Error, OSError):
        return False


def _named(process: psutil.Process) -> str:
    try:
        return f"{process.pid} {' '.join(process.cmdline())[:160]}"
    except psutil.Error:
        return str(process.pid)


def main(folder: str) -> int:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (found := living(Path(folder).resolve())) and time.monotonic() < deadline:
        time.sleep(0.2)
    print("\n".join(found) if found else f"Nothing of {folder} runs.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
