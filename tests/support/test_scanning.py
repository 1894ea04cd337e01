"""ASVS 5.4.3: a file that the scanner finds something in, or does not answer for, is not taken."""

import socketserver
import struct
import threading

import pytest

from portal.refusals import Refusal
from support.cases.attachments import read_uploads
from tests.support.cases import pdf

BAD = b"a test virus"


class Clamd(socketserver.StreamRequestHandler):
    """Speaks INSTREAM as clamd does, and finds one text."""

    def handle(self) -> None:
        assert self.rfile.read(10) == b"zINSTREAM\0"
        content = b""
        while size := struct.unpack("!I", self.rfile.read(4))[0]:
            content += self.rfile.read(size)
        self.wfile.write(b"stream: Test FOUND\0" if BAD in content else b"stream: OK\0")


@pytest.fixture
def clamd(settings):
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Clamd) as server:
        settings.CLAMD_ADDRESS = f"127.0.0.1:{server.server_address[1]}"
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield server
        server.shutdown()


def with_more(more: bytes):
    file = pdf()
    file.file.seek(0, 2)
    file.file.write(b"\n%" + more)
    file.file.seek(0)
    return file


def test_H5_what_the_scanner_lets_pass_is_taken(clamd):
    assert len(read_uploads([with_more(b"nothing " * 20_000)])) == 1


def test_H5_what_it_finds_something_in_is_not(clamd):
    with pytest.raises(Refusal) as refused:
        read_uploads([with_more(BAD)])
    assert refused.value.code == "file_broken"


def test_H5_a_scanner_that_does_not_answer_lets_nothing_pass(settings):
    settings.CLAMD_ADDRESS = "127.0.0.1:1"
    with pytest.raises(Refusal):
        read_uploads([pdf()])
