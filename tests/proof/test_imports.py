"""A market's cars come in within a minute, by the file and over the API; stopped half way, they come in again.

Here a few; `make proof` brings PROOF_CARS.
"""

import os
import time
from collections.abc import Iterator

import pytest
import time_machine

from garage.models import RegistryEntry
from garage.registry.loading import load_file
from tests import make, oidc
from tests.api.answers import keyed
from tests.api.test_registry import CARS, car
from tests.garage.test_import_vehicles import HEADER, line
from tests.proof.results import note

pytestmark = pytest.mark.django_db

COUNT = int(os.environ.get("PROOF_CARS", "3000"))
BATCH = 1000
MOST_SECONDS = 60


def batches() -> Iterator[dict[str, list]]:
    for first in range(0, COUNT, BATCH):
        yield {"rows": [car(number) for number in range(first, first + BATCH)]}


def test_the_file_of_all_cars_is_read_within_a_minute(tmp_path):
    file = tmp_path / "cars.csv"
    file.write_text("\n".join([HEADER, *map(line, range(COUNT))]))
    began = time.monotonic()
    outcome = load_file(file, now=make.NOW, report=print)
    took = time.monotonic() - began
    assert (outcome.new, outcome.bad, took < MOST_SECONDS) == (COUNT, 0, True), took
    note("cars by the file", cars=outcome.new, seconds=round(took))


@time_machine.travel(make.NOW)
def test_batches_of_all_cars_are_taken_within_a_minute_and_again_after_a_stop(market):
    oidc.clients()
    registry = oidc.machine(oidc.REGISTRY)
    half = COUNT // BATCH // 2
    stopped = [keyed(registry, CARS, batch).json()["new"] for batch, _ in zip(batches(), range(half), strict=False)]
    began = time.monotonic()
    answers = [keyed(registry, CARS, batch).json() for batch in batches()]
    took = time.monotonic() - began
    assert sum(answer["unchanged"] for answer in answers) == sum(stopped) == half * BATCH
    assert (RegistryEntry.objects.count(), took < MOST_SECONDS) == (COUNT, True), took
    note("cars over the API, half of them again", cars=COUNT, seconds=round(took))
