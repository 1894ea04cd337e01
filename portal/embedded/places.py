"""Where the embedded servers keep their data and sockets, and as whom they run."""

import hashlib
import os
import pwd
import re
import shutil
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

# A socket's path may have 107 bytes on Linux and 103 elsewhere; the longest name below a state folder has 23.
LONGEST_STATE_DIR = 75


class EmbeddedServiceError(Exception):
    """An embedded server cannot run here; the text says what to do."""


@dataclass(frozen=True)
class Account:
    """An ordinary user of this machine."""

    name: str
    uid: int
    gid: int

    def may(self, path: Path, right: int) -> bool:
        """Whether the mode bits of `path` grant `right` (4 read, 2 write, 1 execute or traverse) to this user."""
        status = path.stat()
        shift = 6 if status.st_uid == self.uid else 3 if status.st_gid == self.gid else 0
        return bool(stat.S_IMODE(status.st_mode) >> shift & right)

    def reaches(self, folder: Path) -> bool:
        """Whether this user may traverse an existing folder and everything above it."""
        return all(self.may(part, 1) for part in [folder, *folder.parents])


def server_account() -> Account | None:
    """Whom the database server runs as; None for the present user. PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name=name, uid=entry.pw_uid, gid=entry.pw_gid)
    raise EmbeddedServiceError(
        "The embedded database cannot run as root and found no user 'postgres' or 'nobody'. "
        "Run this as an ordinary user, or set DATABASE_URL."
    )


def broker_socket(state_dir: Path) -> Path:
    """The broker's socket: computed from the path alone, so that settings can name it before anything exists."""
    state_dir = state_dir.resolve()
    return (state_dir if _is_plain(state_dir) else shelter(state_dir)) / "broker" / "valkey.sock"


def postgres_home(state_dir: Path, account: Account | None) -> Path:
    """Where the database's folder stands: the state folder, else a short one that the server's user can reach."""
    reachable = account is None or account.reaches(state_dir)
    return state_dir if reachable and _is_plain(state_dir) else shelter(state_dir)


def _is_plain(path: Path) -> bool:
    """Short enough for a socket, and without a character that URLs or the server's options would have to quote."""
    return len(str(path)) <= LONGEST_STATE_DIR and bool(re.fullmatch(r"[A-Za-z0-9/._+-]+", str(path)))


def shelter(state_dir: Path) -> Path:
    """The short folder in the system's temporary folder that stands in for an unsuitable state folder."""
    key = hashlib.sha256(os.fsencode(state_dir.resolve())).hexdigest()[:12]
    # Not TMPDIR: processes with different environments have to find the same server.
    root = Path("/tmp") if os.access("/tmp", os.W_OK | os.X_OK) else Path(tempfile.gettempdir())
    return root.resolve() / f"portal-{os.geteuid()}-{key}"


def make_folder(folder: Path, *, state_dir: Path) -> None:
    """Make `folder`, which lies in the state folder or in its shelter. Raises `EmbeddedServiceError`."""
    try:
        _make_traversable(state_dir)
        if folder.is_relative_to(shelter(state_dir)):
            _make_shelter(shelter(state_dir))
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise EmbeddedServiceError(
            f"Cannot make the folder {folder} ({error.strerror}). "
            "Give this user the right to write there, or set PORTAL_STATE_DIR to a folder of its own."
        ) from error


def _make_traversable(folder: Path) -> None:
    """Make missing folders open to traversal whatever the umask is; existing ones stay as they are."""
    if folder.is_dir():
        return
    _make_traversable(folder.parent)
    folder.mkdir(exist_ok=True)
    folder.chmod(0o755)


def _make_shelter(folder: Path) -> None:
    """Anybody can write to the temporary folder: a link or somebody else's folder under our name is refused."""
    try:
        folder.mkdir(mode=0o711)
        folder.chmod(0o711)
    except FileExistsError:
        status = folder.lstat()
        if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.geteuid():
            raise EmbeddedServiceError(f"{folder} belongs to somebody else. Set PORTAL_STATE_DIR.") from None


def remove_shelter(state_dir: Path) -> None:
    """Delete what stands in for an unsuitable state folder; the servers must have been released."""
    folder = shelter(state_dir)
    if folder.is_dir() and folder.lstat().st_uid == os.geteuid():
        shutil.rmtree(folder)
