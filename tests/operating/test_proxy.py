"""The proxy's example does what docs/installing.md asks of one: read everywhere, and tried where nginx is installed."""

import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.conf import settings
from django.utils import timezone

from garage.rules import manuals
from support.forms.articles import LARGEST_RECORDING
from support.rules import attachments
from tests.faults.bank import free_port
from tests.faults.celery_processes import eventually

CONF = (Path(settings.BASE_DIR) / "deploy" / "nginx" / "portal.conf").read_text()
NAME = "portal.example"


def test_each_part_of_the_portal_fits_through_it():
    usual, at_the_desk = (int(size) * 1_000_000 for size in re.findall(r"client_max_body_size (\d+)m;", CONF))
    assert usual > attachments.MOST_BYTES_TOGETHER
    assert at_the_desk > max(manuals.MOST_BYTES, LARGEST_RECORDING)


def test_a_connection_is_given_up_before_the_portal_closes_it():
    ours = int(re.search(r"^keepalive = (\d+)$", (Path(settings.BASE_DIR) / "gunicorn.conf.py").read_text(), re.M)[1])
    assert int(re.search(r"keepalive_timeout (\d+)s;", CONF)[1]) < ours


class Portal(BaseHTTPRequestHandler):
    """Answers with what it was told."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        read = len(self.rfile.read(int(self.headers.get("Content-Length", 0))))
        told = {"path": self.path, "read": read, "headers": {name.lower(): each for name, each in self.headers.items()}}
        body = json.dumps(told).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET  # noqa: N815  (as the server looks for it)

    def log_message(self, *_words) -> None:
        """Nothing: the test reads the answers."""


@pytest.fixture(scope="module")
def ports(tmp_path_factory) -> Iterator[tuple[int, int]]:
    """Of plain HTTP and of TLS, before something that answers with what it was told."""
    if not shutil.which("nginx"):
        pytest.skip("nginx is not installed here")
    folder, plain, secure = tmp_path_factory.mktemp("nginx"), free_port(), free_port()
    portal = ThreadingHTTPServer(("127.0.0.1", 0), Portal)
    threading.Thread(target=portal.serve_forever, daemon=True).start()
    write_certificate(folder)
    (folder / "nginx.conf").write_text(f"""
        {"user root;" if os.geteuid() == 0 else ""}
        daemon off; pid {folder}/pid; error_log {folder}/error.log; worker_processes 1;
        events {{ worker_connections 64; }}
        http {{
            client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
            uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
            {here(CONF, folder, plain=plain, secure=secure, portal=portal.server_port)}
        }}
    """)
    process = subprocess.Popen(["nginx", "-p", folder, "-c", folder / "nginx.conf"], stderr=subprocess.DEVNULL)
    eventually(lambda: is_open(secure))
    yield plain, secure
    process.terminate()
    process.wait(10)
    portal.shutdown()
    portal.server_close()


def here(conf: str, folder: Path, *, plain: int, secure: int, portal: int) -> str:
    """As it stands, but for the addresses."""
    conf = re.sub(r"listen \[::\]:\d+[^;]*;", "", conf)
    conf = re.sub(r"listen 80\b", f"listen 127.0.0.1:{plain}", conf)
    conf = re.sub(r"listen 443\b", f"listen 127.0.0.1:{secure}", conf)
    return conf.replace("127.0.0.1:8000", f"127.0.0.1:{portal}").replace("/etc/portal/tls", str(folder))


def write_certificate(folder: Path) -> None:
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    today = timezone.now()
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(today - timedelta(days=1)).not_valid_after(today + timedelta(days=1))
    signed = made.sign(key, hashes.SHA256())
    (folder / "fullchain.pem").write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    packed = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (folder / "key.pem").write_bytes(key.private_bytes(*packed))


def is_open(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


@pytest.fixture
def ask(ports):
    """The answer to a call by the portal's name."""

    def asked(path: str, *, is_secure: bool = True, host: str = NAME, **call) -> httpx.Response:
        plain, secure = ports
        address = f"https://127.0.0.1:{secure}{path}" if is_secure else f"http://127.0.0.1:{plain}{path}"
        headers = call.pop("headers", {}) | {"Host": host}
        with httpx.Client(verify=False, trust_env=False, timeout=20) as client:
            method = "POST" if "content" in call else "GET"
            return client.request(method, address, headers=headers, extensions={"sni_hostname": host}, **call)

    return asked


def test_the_portal_is_told_who_calls_and_how_by_the_proxy_alone(ask):
    lies = {"X-Forwarded-For": "192.0.2.1", "X-Forwarded-Proto": "https", "X-Request-ID": "mine"}
    for is_secure, scheme in ((True, "https"), (False, "http")):
        told = ask("/en/?q=1", is_secure=is_secure, headers=lies).json()
        headers = told["headers"]
        assert (told["path"], headers["host"]) == ("/en/?q=1", NAME)
        assert (headers["x-forwarded-for"], headers["x-forwarded-proto"]) == ("127.0.0.1", scheme)
        assert re.fullmatch(r"[0-9a-f]{32}", headers["x-request-id"])


@pytest.mark.parametrize("path", ["/metrics/", "/ready/"])
def test_what_is_for_machines_within_is_not_there(ask, path):
    assert ask(path).status_code == 404
    assert ask("/alive/").status_code == 200


def test_a_large_body_is_for_the_desk_alone(ask):
    body = b"x" * 30_000_000
    assert ask("/en/support/message/", content=body).status_code == 413
    assert ask("/admin/support/recording/add/", content=body).json()["read"] == len(body)


def test_another_name_gets_no_answer_and_no_certificate(ask):
    for is_secure in (True, False):
        with pytest.raises(httpx.TransportError):
            ask("/", is_secure=is_secure, host="other.example")


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
@pytest.mark.parametrize(("version", "is_served"), [("TLSv1_1", False), ("TLSv1_2", True), ("TLSv1_3", True)])
def test_old_tls_is_refused(ports, version, is_served):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = ssl.TLSVersion[version]
    with socket.create_connection(("127.0.0.1", ports[1]), timeout=10) as plain:
        try:
            with context.wrap_socket(plain, server_hostname=NAME) as secure:
                found = secure.version()
        except (ssl.SSLError, ConnectionError):
            found = None
    assert (found is not None) is is_served
