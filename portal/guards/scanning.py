"""Files of strangers are shown to a virus scanner before anybody opens them, where there is one (ASVS 5.4.3).

`CLAMD_ADDRESS` names a clamd (host:port). What it does not answer for is not taken: without it nothing was looked at.
"""

import socket
import struct

from django.conf import settings

LONGEST_SECONDS = 20
_AT_ONCE = 64 * 1024


def is_scanned() -> bool:
    return bool(settings.CLAMD_ADDRESS)


def is_clean(content: bytes) -> bool:
    """False where the scanner found something, or cannot be asked."""
    host, _colon, port = settings.CLAMD_ADDRESS.rpartition(":")
    try:
        with socket.create_connection((host, int(port)), timeout=LONGEST_SECONDS) as clamd:
            clamd.sendall(b"zINSTREAM\0")
            for start in range(0, len(content), _AT_ONCE):
                piece = content[start : start + _AT_ONCE]
                clamd.sendall(struct.pack("!I", len(piece)) + piece)
            clamd.sendall(struct.pack("!I", 0))
            return clamd.makefile("rb").read(4096).rstrip(b"\0") == b"stream: OK"
    except OSError:
        return False
