"""`make proof`: the long campaigns, one command after the other, and their report in docs/proof.md.

Each part is a command; what it counts, it hands over by `tests.proof.results.note`. Numbers can be chosen:
PROOF_KILLS (processes killed at random), PROOF_MOVED (customers that move in), PROOF_BATCH (charges in the batch of a
worker that is killed), PROOF_CARS (cars that the registry brings), PROOF_NOTICES (cars of which there may be something
to tell), PROOF_STORIES (stories that nobody wrote; PROOF_SEED=7 plays others), PROOF_SOAK (minutes of everything at
once), PROOF_IDLE (connections that say nothing), PROOF_DUE (charges after an outage). `python -m tests.proof "Trips"`
runs a part and renews its row.
"""

import json
import os
import platform
import shlex
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import psutil

from portal.embedded import program

ROOT = Path(__file__).parents[2]
REPORT = ROOT / "docs" / "proof.md"
GIB = 1024**3


@dataclass(frozen=True, kw_only=True)
class Part:
    """`pytest` is what it is told; `numbers` are environment variables, unless the caller has chosen others."""

    name: str
    pytest: list[str]
    numbers: dict[str, str] = field(default_factory=dict)

    @property
    def alone(self) -> str:
        """The command that runs this part by itself."""
        chosen = {name: os.environ.get(name, number) for name, number in self.numbers.items()}
        words = [f"{name}={number}" for name, number in {"PORTAL_MODE": "test", **chosen}.items()]
        return shlex.join([*words, "python", "-m", "pytest", "-q", *self.pytest])


# One place for all of them: a new campaign is a new line.
PARTS = (
    Part(name="Every step", pytest=["tests/faults/test_killed_at_every_step.py"], numbers={"PROOF_EVERY_STEP": "1"}),
    Part(name="A whole worker", pytest=["tests/faults/test_workers.py", "-k", "F4"], numbers={"PROOF_BATCH": "100"}),
    Part(name="A market's cars", pytest=["tests/proof/test_imports.py"], numbers={"PROOF_CARS": "100000"}),
    Part(name="Moving in", pytest=["tests/proof/test_moving_in.py"], numbers={"PROOF_MOVED": "10000"}),
    Part(name="Two hundred customers", pytest=["tests/proof/test_populate.py"], numbers={"PROOF_POPULATE": "1"}),
    Part(name="Trips", pytest=["tests/proof/test_trips.py"], numbers={"PROOF_TRIPS": "1000000"}),
    Part(name="The API", pytest=["tests/meta/test_api_calls.py"], numbers={"PROOF_CALLS": "20"}),
    Part(name="Hostile requests", pytest=["tests/meta/test_hostile.py"], numbers={"PROOF_FUZZ": "1"}),
    Part(name="The benchmark", pytest=["tests/benchmarks/test_quick.py"], numbers={"PROOF_BENCHMARK": "1"}),
    Part(name="Every page", pytest=["tests/looks"], numbers={"LOOKS": "judge"}),
    Part(name="Journeys", pytest=["tests/browser"], numbers={"PROOF_JOURNEYS": "1"}),
    Part(name="Lighthouse", pytest=["tests/looks"], numbers={"LOOKS": "lighthouse"}),
    Part(name="A day's notices", pytest=["tests/proof/test_notices.py"], numbers={"PROOF_NOTICES": "1000000"}),
    Part(name="Months of kills", pytest=["tests/proof/test_kills_at_random.py"], numbers={"PROOF_KILLS": "400"}),
    Part(name="Soak", pytest=["tests/proof/test_soak.py"], numbers={"PROOF_SOAK": "10"}),
    Part(name="Slow and idle clients", pytest=["tests/proof/test_web_server.py"], numbers={"PROOF_IDLE": "10000"}),
    Part(name="Days of downtime", pytest=["tests/faults/test_calendar.py"], numbers={"PROOF_DUE": "3000"}),
    Part(name="Back and forth", pytest=["tests/proof/test_migrations.py"], numbers={"PROOF_MIGRATIONS": "1"}),
    Part(
        name="Deploys and backups",
        pytest=["tests/proof/test_deploying.py", "tests/proof/test_backup.py"],
        numbers={"PROOF_OPERATING": "100"},
    ),
    Part(
        name="Random stories",
        pytest=["-n", "2", "tests/stories/test_random_stories.py"],
        numbers={"PROOF_STORIES": "2000"},
    ),
)


@dataclass(frozen=True, kw_only=True)
class Outcome:
    part: Part
    held: bool
    seconds: float
    noted: list[dict]


def main(names: Sequence[str]) -> int:
    """All parts, or those named; the rows of the others stay as they are."""
    outcomes = [run(part) for part in PARTS if not names or part.name in names]
    REPORT.write_text(report(outcomes, kept=_rows(REPORT.read_text())))
    print(f"Written: {REPORT.relative_to(ROOT)}")
    return 0 if all(outcome.held for outcome in outcomes) else 1


def run(part: Part) -> Outcome:
    print(f"\n=== {part.name}\n{part.alone}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        results = Path(folder) / "results.jsonl"
        environment = part.numbers | os.environ | {"PORTAL_MODE": "test", "PROOF_RESULTS": str(results)}
        began = time.monotonic()
        done = subprocess.run([sys.executable, "-m", "pytest", "-q", *part.pytest], cwd=ROOT, env=environment)
        seconds = time.monotonic() - began
        noted = [json.loads(line) for line in results.read_text().splitlines()] if results.exists() else []
    return Outcome(part=part, held=done.returncode == 0, seconds=seconds, noted=noted)


def report(outcomes: list[Outcome], *, kept: Mapping[str, str]) -> str:
    known = _circumstances()
    rows = {**kept, **{outcome.part.name: _row(outcome, **known) for outcome in outcomes}}
    return "\n".join([HEAD.format(**known), *(rows[part.name] for part in PARTS if part.name in rows), ""])


def _rows(page: str) -> dict[str, str]:
    """By the part's name."""
    lines = [line for line in page.splitlines() if line.startswith("| ")]
    parts = {part.name for part in PARTS}
    return {name: line for line in lines if (name := line.split("|")[1].strip()) in parts}


HEAD = """\
# What was proved last

Written by `make proof`; the parts stand in `tests/proof/__main__.py`. "Held" means that after every campaign the ledger
was clean (`check_ledger`), the provider's own list had no period charged twice and was ours (`compare_with_provider`),
numbers ran from 1 to n, nothing was parked, and everything that was due had been collected once.

| | |
|---|---|
| Machine | {cores} cores, {memory} GiB, {system} |
| Python | {python} |
| Database | {database} |

| Part | When | Code | What was counted | Seconds | Result |
|---|---|---|---|---|---|"""


def _circumstances() -> dict[str, str]:
    return {
        "when": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        "commit": _said_by("git", "describe", "--always", "--dirty"),
        "cores": str(os.cpu_count()),
        "memory": f"{psutil.virtual_memory().total / GIB:.0f}",
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "database": _said_by(str(program("postgres")), "--version"),
    }


def _said_by(*command: str) -> str:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()


def _row(outcome: Outcome, *, when: str, commit: str, **_machine: str) -> str:
    sums: dict[str, Counter[str]] = {}
    for each in outcome.noted:
        sums.setdefault(each["campaign"], Counter()).update(each["counts"])
    counted = "; ".join(f"{campaign}: {_counts(counts)}" for campaign, counts in sums.items()) or "nothing"
    held = "held" if outcome.held else "FAILED"
    return f"| {outcome.part.name} | {when} | {commit} | {counted} | {outcome.seconds:.0f} | {held} |"


def _counts(counts: Counter[str]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counts.items())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
