"""The benchmark runs: nothing here says how fast anything is."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from portal import embedded

CODES = [
    *("a1", "a2", "a3", "b1", "b2", "b3", "b4", "c1", "d1", "d2", "d3", "d4", "d5", "e1", "e2", "e3", "f1", "f2", "f3"),
    *("g1", "g2", "g3", "g4", "g5", "g6", "g7", "h1", "h2", "h3", "h4"),
    *("i1", "i10", "i2", "i3", "i4", "i5", "i6", "i7", "i8", "i9", "k1", "l1", "m1", "n1"),
]


@pytest.fixture
def state(tmp_path: Path):
    yield tmp_path
    embedded.remove(tmp_path)


def test_a_quick_run_prints_each_line_and_writes_the_page(state):
    page = state / "page.md"
    command = [sys.executable, "-m", "tests.benchmarks", "--quick", "--state", state, "--page", page]
    run = subprocess.run(command, cwd=settings.BASE_DIR, env=os.environ, capture_output=True, text=True, timeout=500)
    assert run.returncode == 0, run.stderr
    assert sorted(re.findall(r"^([a-n]\d+) ", run.stdout, re.MULTILINE)) == CODES
    assert sorted(re.findall(r"^\| ([a-n]\d+) ", page.read_text(), re.MULTILINE)) == CODES
    # No timing: these two are right or wrong, whatever the machine is doing meanwhile.
    assert re.findall(r"^(e[23]) .* 0  aim <= 0  PASS$", run.stdout, re.MULTILINE) == ["e2", "e3"]
