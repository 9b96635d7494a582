"""What the files around Docker say agrees with the code; needs no Docker."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from pydantic_settings import BaseSettings

from delivery.settings import SharedSettings
from page.settings import PageSettings
from tests.modules import PACKAGES
from tests.waiting import LONG_S
from watcher.settings import WatcherSettings
from worker.settings import WorkerSettings
from zhibiao import __version__
from zhibiao.settings import ServiceSettings, SpeechSettings

ROOT = Path(__file__).parents[2]
SERVICES = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))["services"]
COMPOSE = (ROOT / "docker-compose.yml").read_text("utf-8")
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
EXAMPLE = dict(re.findall(r"^#(ZHIBIAO_\w+)=(.*)$", (ROOT / ".env.example").read_text("utf-8"), re.MULTILINE))
SETTINGS = (SharedSettings, WatcherSettings, WorkerSettings, ServiceSettings, PageSettings, SpeechSettings)
FOLDERS = {"ZHIBIAO_INBOX", "ZHIBIAO_PROCESSED", "ZHIBIAO_QUARANTINE", "ZHIBIAO_STATE"}


def variables(settings: type[BaseSettings]) -> set[str]:
    return {f"ZHIBIAO_{name.upper()}" for name in settings.model_fields}


def of_compose() -> set[str]:
    """What docker-compose.yml takes from .env for itself."""
    return set(re.findall(r"\$\{(ZHIBIAO_\w+)", COMPOSE)) - {"ZHIBIAO_CONCURRENCY"}


def service(name: str) -> str:
    """A service's part of docker-compose.yml."""
    found = re.search(rf"^  {name}:\n((?:    .*\n|\n)+)", COMPOSE, re.MULTILINE)
    assert found
    return found[1]


def test_env_example_lists_every_setting_and_no_other() -> None:
    assert set(EXAMPLE) == set().union(*map(variables, SETTINGS), of_compose())


@pytest.mark.parametrize("settings", SETTINGS)
def test_env_example_shows_the_defaults(settings: type[BaseSettings], monkeypatch: pytest.MonkeyPatch) -> None:
    """Except where unset means something that no value can say."""
    for name in sorted(EXAMPLE.keys() & variables(settings)):
        monkeypatch.delenv(name, raising=False)
        field = settings.model_fields[name.removeprefix("ZHIBIAO_").lower()]
        if field.default is not None:
            monkeypatch.setenv(name, EXAMPLE[name])
    monkeypatch.chdir(ROOT / "docs")

    assert settings().model_dump() == {name: field.default for name, field in settings.model_fields.items()}


@pytest.mark.parametrize(("name", "settings"), [("watcher", WatcherSettings), ("worker", WorkerSettings)])
def test_compose_hands_every_setting_of_a_part_on(name: str, settings: type[BaseSettings]) -> None:
    handed_on = set(re.findall(r"^      (ZHIBIAO_\w+):", service(name), re.MULTILINE))

    assert handed_on == variables(settings) - FOLDERS


def test_the_image_is_built_from_every_package() -> None:
    """One that is kept from Docker is missing in the containers alone; the rest stays outside, tests and all."""
    let_in = {line[1:] for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line.startswith("!")}

    assert set(PACKAGES) <= let_in
    assert {"setup.py", "MANIFEST.in", "pyproject.toml", "constraints.txt", "README.md", "LICENSE", "seeds"} <= let_in
    assert not let_in & {"tests", "benchmarks", "docs", ".git", ".venv", ".env", "data"}


def test_what_the_image_leaves_out_of_jieba_is_not_needed() -> None:
    """A report is read without it."""
    left_out = re.findall(r"site-packages/(jieba/\w+)", DOCKERFILE)
    read = (
        "import sys\n"
        f"sys.modules |= dict.fromkeys({[name.replace('/', '.') for name in left_out]})\n"
        "import worker.app; worker.app._load_before_forking()"
    )

    subprocess.run([sys.executable, "-c", read], cwd=ROOT, check=True, timeout=LONG_S)

    assert len(left_out) == 3


def test_the_page_is_reached_from_this_machine_and_with_a_token() -> None:
    """It needs one because it is open inside its network; what it looks at it cannot change."""
    page = service("page")
    assert 'ports: ["127.0.0.1:' in page
    assert "ZHIBIAO_PAGE_ADDRESS: 0.0.0.0" in page
    assert re.search(r"^      ZHIBIAO_PAGE_TOKEN:$", page, re.MULTILINE)
    assert "/data/processed:ro" in page
    assert "['page']" in DOCKERFILE


def test_image_names_the_folders_that_compose_mounts() -> None:
    named = dict(re.findall(r"(ZHIBIAO_\w+)=(/data/\w+)", DOCKERFILE))

    assert named == {name: f"/data/{name.removeprefix('ZHIBIAO_').lower()}" for name in FOLDERS}
    assert "/data/inbox:ro" in service("worker")


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_every_container_is_hardened(name: str) -> None:
    """Read-only root file system, no new privileges, and no capability but those to change an owner or become a user."""
    service = SERVICES[name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert set(service.get("cap_add", ())) <= {"CHOWN", "DAC_OVERRIDE", "KILL", "SETGID", "SETUID"}
    assert not service.get("privileged")
    published = [str(port) for port in service.get("ports", ())]
    assert all(port.startswith("127.0.0.1:") for port in published)
    assert name in ("redis", "grafana", "page") or not published


@pytest.mark.parametrize("name", ["watcher", "worker", "relay", "store", "page"])
def test_a_part_begins_as_root_only_to_become_the_folders_owner(name: str) -> None:
    """The image's entry point does it, and its user is nobody of importance where nothing else is said."""
    service = SERVICES[name]

    assert service["user"] == "${ZHIBIAO_UID:-0}:${ZHIBIAO_GID:-0}"
    assert "entrypoint" not in service
    assert 'ENTRYPOINT ["as-owner"]' in DOCKERFILE
    assert DOCKERFILE.count("USER zhibiao") == 2
    assert DOCKERFILE.rindex("USER zhibiao") > DOCKERFILE.rindex("USER root")


def test_images_are_of_this_version() -> None:
    """Names, tags and labels; what is not ours is pinned to a release."""
    images = {name: service["image"] for name, service in SERVICES.items()}

    assert {image.partition(":")[2] for image in images.values() if image.startswith("zhibiao/")} == {__version__}
    assert f"ARG VERSION={__version__}\n" in DOCKERFILE
    assert {service["pull_policy"] for service in SERVICES.values() if "build" in service} == {"build"}
    assert {images[name] for name in ("folders", "watcher", "page")} == {f"zhibiao/watcher:{__version__}"}
    assert {images[name] for name in ("worker", "relay", "store")} == {f"zhibiao/worker:{__version__}"}
    assert not [image for image in images.values() if re.search(r":(latest)?$", image) or ":" not in image]


def test_only_the_worker_can_be_multiplied() -> None:
    """A container with a name of its own could not be."""
    assert "container_name" not in COMPOSE
    assert "stop_grace_period: 3m" in service("worker")
