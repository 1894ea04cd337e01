"""Whom the portal calls it calls by TLS, and looks at the certificate (ASVS 12.3; docs/asvs.md)."""

import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from socket import create_server

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.core.mail.backends.smtp import EmailBackend

from accounts.hooks import calling
from portal.smtp import EmailBackend as OurBackend
from portal.transports import in_the_clear
from subscriptions.gateway.stripe.transport import Transport

HERE = {"database": {"HOST": ""}, "broker": "redis://127.0.0.1/0", "cache": "redis://localhost/1"}
HERE |= {"mail_host": "127.0.0.1", "mail_by_tls": False}
AWAY = {
    "database": {"HOST": "db.example", "OPTIONS": {"sslmode": "verify-full"}},
    "broker": "amqps://broker.example",
    "cache": "rediss://cache.example/1",
    "mail_host": "mail.example",
    "mail_by_tls": True,
}


def certificate(folder: Path) -> tuple[Path, Path]:
    """Of the right name, signed by nobody whom anybody knows."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    names = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    signed = made.add_extension(names, critical=False).sign(key, hashes.SHA256())
    of_key = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    paths = folder / "certificate.pem", folder / "key.pem"
    for path, content in zip(paths, (signed.public_bytes(of_key[0]), key.private_bytes(*of_key)), strict=True):
        path.write_bytes(content)
    return paths


@pytest.fixture
def impostor(tmp_path) -> Iterator[tuple[str, list[bytes]]]:
    """Its address, and what it has read of what was meant for somebody else."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate(tmp_path))
    read: list[bytes] = []
    with create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    plain, _address = server.accept()
                    with context.wrap_socket(plain, server_side=True) as caller:
                        read.append(caller.recv(1000))
                except ssl.SSLError:
                    continue
                except OSError:
                    return

        threading.Thread(target=serve, daemon=True).start()
        yield f"https://127.0.0.1:{server.getsockname()[1]}/", read
        server.shutdown(2)


def test_a_webhook_is_not_sent_to_a_certificate_that_nobody_vouches_for(impostor, settings):
    settings.HOOKS_STAY_HERE = True
    url, read = impostor
    assert calling.post(url, body=b"secret", headers={}).error == "certificate_or_tls"
    assert read == []


def test_no_charge_is_sent_to_a_certificate_that_nobody_vouches_for(impostor):
    url, read = impostor
    with pytest.raises(Exception, match="CERTIFICATE_VERIFY_FAILED"):
        Transport(timeout=5).request("post", url, {"Authorization": "Bearer secret"}, "amount=1")
    assert read == []


def test_no_mail_is_sent_to_a_certificate_that_nobody_vouches_for():
    assert issubclass(OurBackend, EmailBackend)
    context = OurBackend(use_tls=True).ssl_context
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)


@pytest.mark.parametrize("circumstances", [HERE, AWAY])
def test_what_stays_on_the_machine_or_goes_by_tls_is_left_alone(circumstances):
    assert list(in_the_clear(**circumstances)) == []


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"database": {"HOST": "db.example", "OPTIONS": {"sslmode": "require"}}}, "DATABASE_URL"),
        ({"database": {"HOST": "10.0.0.7"}}, "DATABASE_URL"),
        ({"broker": "redis://broker.example/0"}, "CELERY_BROKER_URL"),
        ({"cache": "redis://cache.example/1"}, "CACHE_URL"),
        ({"mail_by_tls": False}, "EMAIL_USE_TLS"),
    ],
)
def test_what_would_leave_the_machine_in_the_clear_is_named(changed, named):
    assert [name for name, _hint in in_the_clear(**AWAY | changed)] == [named]
