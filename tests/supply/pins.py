"""The packages that are installed, read from a file of pins: name, version, what stands behind it, its hashes."""

import re
from dataclasses import dataclass
from pathlib import Path

from tests.meta.test_layout import ROOT

PRODUCT, DEVELOPMENT = ROOT / "requirements.txt", ROOT / "requirements-dev.txt"
PIN = re.compile(r"([a-z0-9][a-z0-9._-]*)(?:\[[a-z0-9, _-]+\])?==([a-z0-9.+!]+)(?: ; .+?)?")
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


class NotPinned(ValueError):
    """A line that would install something else than what was looked at."""


@dataclass(frozen=True, kw_only=True)
class Pin:
    name: str
    version: str
    hashes: tuple[str, ...]


def pins(text: str) -> list[Pin]:
    """Raises `NotPinned`: a version that is open, no hash, an address, an option of the installer."""
    lines = [line.strip() for line in re.sub(r" \\\n *", " ", text).splitlines()]
    return [_pin(line) for line in lines if line and not line.startswith("#")]


def pins_of(file: Path) -> list[Pin]:
    return pins(file.read_text())


def _pin(line: str) -> Pin:
    wanted, *hashes = line.split(" --hash=")
    named = PIN.fullmatch(wanted)
    found = tuple(each[1] for each in (HASH.fullmatch(f"--hash={each}") for each in hashes) if each)
    if not named or not found or len(found) != len(hashes):
        raise NotPinned(line[:120])
    return Pin(name=named[1], version=named[2], hashes=found)
