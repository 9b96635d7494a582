"""Redis behind TLS: both ends of the queue speak it, and trust only whom they should."""

import datetime
import ipaddress
import selectors
import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from delivery.connect import UNREACHABLE, answers, connect
from delivery.queue import NotQueued, send
from schemas.handover import HandOver
from tests.worker_rig import QUEUE, WorkerRig
from zhibiao.running.embedded import EmbeddedRedis

pytestmark = pytest.mark.service


@dataclass(frozen=True)
class Tls:
    """Where the TLS end is, and the certificate that vouches for it."""

    port: int
    certificate: Path

    def url(self, **options: str) -> str:
        query = "&".join(f"{name}={value}" for name, value in options.items())
        return f"rediss://127.0.0.1:{self.port}/0?{query}"


def _certificate(folder: Path) -> Path:
    """A self-signed certificate for 127.0.0.1, with its key in the same file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "tls.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return path


@pytest.fixture
def tls(tmp_path: Path, redis_server: EmbeddedRedis, redis_url: str) -> Iterator[Tls]:
    """A TLS end in front of the session's server, which itself has a unix socket only."""
    certificate = _certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    listener = socket.create_server(("127.0.0.1", 0))
    threads: list[threading.Thread] = []
    ended = threading.Event()

    def accept() -> None:
        while True:
            try:
                outside, _ = listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=_relay, args=(context, outside, redis_server.socket, ended))
            thread.start()
            threads.append(thread)

    acceptor = threading.Thread(target=accept)
    acceptor.start()
    yield Tls(listener.getsockname()[1], certificate)
    ended.set()
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    acceptor.join()
    for thread in threads:
        thread.join()


def _relay(context: ssl.SSLContext, outside: socket.socket, path: Path, ended: threading.Event) -> None:
    try:
        encrypted = context.wrap_socket(outside, server_side=True)
    except OSError:  # the other end did not trust us
        outside.close()
        return
    with encrypted, socket.socket(socket.AF_UNIX) as inside, selectors.DefaultSelector() as ready:
        inside.connect(str(path))
        ready.register(encrypted, selectors.EVENT_READ, inside)
        ready.register(inside, selectors.EVENT_READ, encrypted)
        while not ended.is_set():
            for key, _ in ready.select(timeout=0.2):
                source, target = key.fileobj, key.data
                try:
                    data = source.recv(65536)
                    while isinstance(source, ssl.SSLSocket) and source.pending():
                        data += source.recv(65536)
                    if not data:
                        return
                    target.sendall(data)
                except OSError:
                    return


def test_a_report_goes_the_whole_way_over_tls(tmp_path: Path, tls: Tls) -> None:
    """Hand-over, reading and publishing."""
    folder = tmp_path / "rig"
    folder.mkdir()
    with WorkerRig(folder, tls.url(ssl_ca_certs=str(tls.certificate))) as rig:
        worker = rig.start()
        handover = rig.give("a.txt", "2023年，全市共办结行政复议案件1234件。".encode())
        rig.ended(1)
        rig.assert_one_event_each(handover)
        assert worker.stop() == 0


def test_a_server_that_nobody_vouches_for_is_refused(tls: Tls, redis_url: str, handover: HandOver) -> None:
    """By both ends; Celery's own default would have trusted it."""
    assert not answers(tls.url())
    with connect(tls.url()) as client, pytest.raises(UNREACHABLE, match="CERTIFICATE_VERIFY_FAILED"):
        client.ping()
    with connect(tls.url()) as client, pytest.raises(NotQueued, match="CERTIFICATE_VERIFY_FAILED"):
        send(client, tls.url(), [handover])
    with connect(redis_url) as client:
        assert client.llen(QUEUE) == 0
