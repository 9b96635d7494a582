"""The parts in containers, as docker-compose.yml runs them, under a project name and over folders of their own."""

import json
import os
import shutil
import signal
import socket
import subprocess
from pathlib import Path
from typing import Any
from uuid import uuid4

ROOT = Path(__file__).parents[1]
_IMAGES = {"folders": "watcher", "watcher": "watcher", "worker": "worker", "relay": "worker", "store": "worker"}
PROJECT_LABEL, SERVICE_LABEL = "com.docker.compose.project", "com.docker.compose.service"


def missing() -> str | None:
    """Why no stack can be started on this machine; None where one can."""
    if not shutil.which("docker"):
        return "no docker command on this machine"
    engine = subprocess.run(["docker", "info"], capture_output=True, text=True, timeout=60)
    if engine.returncode:
        return f"no Docker engine runs here: {engine.stderr.strip().splitlines()[-1]}"
    return None if compose_command() else "neither `docker compose` nor docker-compose is installed"


def compose_command() -> list[str] | None:
    """The plug-in, or the program of its own that Debian has."""
    if not subprocess.run(["docker", "compose", "version"], capture_output=True, timeout=60).returncode:
        return ["docker", "compose"]
    return ["docker-compose"] if shutil.which("docker-compose") else None


def docker(*arguments: str) -> str:
    """What a docker command prints.

    Raises:
        RuntimeError: it failed.
    """
    done = subprocess.run(["docker", *arguments], capture_output=True, text=True, timeout=300)
    if done.returncode:
        raise RuntimeError(f"docker {' '.join(arguments)}: {done.stderr}")
    return done.stdout


class Stack:
    """A Compose project; ``settings`` are lines of .env for it."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.data = folder / "data"
        self.data.mkdir()  # or Docker would make it root's
        self._port = _free_port()
        clean = {name: value for name, value in os.environ.items() if not name.startswith("ZHIBIAO_")}
        self._environ = {
            **clean,
            "ZHIBIAO_DATA": str(self.data),
            "ZHIBIAO_REDIS_PORT": str(self._port),
            **settings,
        }
        self.project = f"zhibiao-test-{uuid4().hex[:8]}"
        # Package installs inside the build then behave as they do on this machine; the images are the project's own.
        override = folder / "override.json"
        self._images = {service: f"{self.project}-{of}" for service, of in _IMAGES.items()}
        services = {service: {"image": image, "build": {"network": "host"}} for service, image in self._images.items()}
        override.write_text(json.dumps({"services": services}))
        self._command = [
            *(compose_command() or []),
            *("--project-name", self.project, "--project-directory", str(ROOT)),
            *("--file", str(ROOT / "docker-compose.yml"), "--file", str(override)),
        ]

    @property
    def url(self) -> str:
        """Its Redis, as this machine reaches it."""
        return f"redis://127.0.0.1:{self._port}/0"

    def up(self, workers: int, *profiles: str) -> None:
        """Build and start it, with the parts of some profiles."""
        chosen = [word for profile in profiles for word in ("--profile", profile)]
        self.compose(*chosen, "up", "--build", "--detach", "--scale", f"worker={workers}")

    def down(self) -> None:
        """Remove it with all that it holds."""
        self.compose("down", "--volumes", "--remove-orphans", check=False)
        for image in {*self._images.values()}:
            subprocess.run(["docker", "image", "rm", image], capture_output=True, timeout=300)

    def compose(self, *arguments: str, check: bool = True) -> str:
        """What a Compose command prints.

        Raises:
            RuntimeError: it failed, and ``check`` asks for success.
        """
        done = subprocess.run(
            [*self._command, *arguments], env=self._environ, capture_output=True, text=True, timeout=900
        )
        if check and done.returncode:
            raise RuntimeError(f"compose {' '.join(arguments)}: status {done.returncode}\n{done.stdout}\n{done.stderr}")
        return done.stdout

    def containers(self, service: str) -> list[str]:
        """Ids of a service's containers, those that have stopped included."""
        labels = [f"{PROJECT_LABEL}={self.project}", f"{SERVICE_LABEL}={service}"]
        return docker("ps", "--all", "--quiet", "--no-trunc", *(f"--filter=label={label}" for label in labels)).split()

    def state(self, container: str) -> dict[str, Any]:
        """What Docker knows of a container."""
        return dict(json.loads(docker("inspect", container))[0])

    def healthy(self, service: str, count: int) -> bool:
        """Whether so many containers of a service run, and no other, and all are well."""
        states = [self.state(container)["State"] for container in self.containers(service)]
        return [state["Status"] == "running" and state["Health"]["Status"] == "healthy" for state in states] == [
            True
        ] * count

    def processes(self) -> dict[int, str]:
        """The processes in its containers, and what each is; their numbers are those of the engine's machine."""
        found = {}
        for service in ("redis", "watcher", "worker"):
            for container in self.containers(service):
                try:
                    rows = docker("top", container, "-eo", "pid,args").splitlines()[1:]
                except RuntimeError:
                    continue  # it has stopped
                found.update({int(row.split()[0]): _kind(service, row) for row in rows})
        return found

    def kill(self, pid: int, number: int) -> None:
        """Send a signal to a process, as the machine's kernel would; a container of ``docker kill`` stays dead."""
        image = self.state(self.containers("watcher")[0])["Image"]
        rights = ["--pid=host", "--user=0:0", "--cap-drop=ALL", "--cap-add=KILL", "--network=none", "--entrypoint=sh"]
        send = f"kill -{signal.Signals(number).name.removeprefix('SIG')} {pid} || true"
        docker("run", "--rm", *rights, image, "-c", send)


def _kind(service: str, row: str) -> str:
    return f"container of {service}" if "docker-init" in row or "tini" in row else service


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
