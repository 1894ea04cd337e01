"""Several worker processes on one database, which all number from the same series."""

import json
import subprocess
import sys
from types import TracebackType

from tests.benchmarks.databases import REPOSITORY, Database


class Workers:
    def __init__(self, database: Database, count: int, *, portion: int) -> None:
        command = [sys.executable, "-m", "tests.benchmarks.worker", database.name]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        self._database = database
        self._portion = portion
        self._processes = [subprocess.Popen(command, cwd=REPOSITORY, **pipes) for _ in range(count)]
        self.charged_twice: list[str] = []

    def __enter__(self) -> "Workers":
        for process in self._processes:
            if process.stdout.readline() != "ready\n":
                raise RuntimeError("A worker did not start; it has said why.")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        for process in self._processes:
            process.stdin.close()
            process.wait(timeout=30)
            process.stdout.close()

    def collect(self, seconds: float, *, count: int) -> int:
        """The first `count` of them share what is due, a portion at a time in turn; how many charges they made."""
        portions = list(iter(lambda: self._database.take(self._portion), []))
        processes = self._processes[:count]
        for first, process in enumerate(processes):
            process.stdin.write(json.dumps({"portions": portions[first::count], "seconds": seconds}) + "\n")
            process.stdin.flush()
        answers = [json.loads(process.stdout.readline()) for process in processes]
        for answer in answers:
            self.charged_twice += answer["twice"]
        return sum(answer["count"] for answer in answers)
