"""Trips come in over the API, many at once, twice and out of order; every sum is then what the rows add up to (T1, T3).

Only `make proof` brings PROOF_TRIPS, by the same program as `make bench-trips`.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.meta.test_layout import ROOT
from tests.proof.results import note

COUNT = int(os.environ["PROOF_TRIPS"])


def test_no_trip_is_lost_or_counted_twice(tmp_path: Path):
    numbers = ["--trips", str(COUNT), "--cars", str(max(COUNT // 200, 20)), "--state", str(tmp_path)]
    command = [sys.executable, "-m", "tests.benchmarks.trips", *numbers]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    note("trips over the API", **json.loads(done.stdout.splitlines()[-1]))
