"""What the files around Docker say agrees with the code; needs no Docker."""

import re
from pathlib import Path

import pytest
from pydantic_settings import BaseSettings

from delivery.settings import SharedSettings
from page.settings import PageSettings
from watcher.settings import WatcherSettings
from worker.settings import WorkerSettings
from zhibiao.settings import ServiceSettings

ROOT = Path(__file__).parents[2]
COMPOSE = (ROOT / "docker-compose.yml").read_text("utf-8")
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
EXAMPLE = dict(re.findall(r"^#(ZHIBIAO_\w+)=(.*)$", (ROOT / ".env.example").read_text("utf-8"), re.MULTILINE))
SETTINGS = (SharedSettings, WatcherSettings, WorkerSettings, ServiceSettings, PageSettings)
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


def test_the_page_is_reached_from_this_machine_and_with_a_token() -> None:
    """It needs one because it is open inside its network; what it looks at it cannot change."""
    page = service("page")

    assert 'ports: ["127.0.0.1:' in page
    assert "ZHIBIAO_PAGE_ADDRESS: 0.0.0.0" in page
    assert re.search(r"^      ZHIBIAO_PAGE_TOKEN:$", page, re.MULTILINE)
    assert "/data/processed:ro" in page
    assert "<<: *part" in page
    assert "['page']" in DOCKERFILE


def test_image_names_the_folders_that_compose_mounts() -> None:
    named = dict(re.findall(r"(ZHIBIAO_\w+)=(/data/\w+)", DOCKERFILE))

    assert named == {name: f"/data/{name.removeprefix('ZHIBIAO_').lower()}" for name in FOLDERS}
    assert "/data/inbox:ro" in service("worker")


def test_every_container_is_hardened() -> None:
    """Read-only root file system, no capabilities, no new privileges; the parts run as nobody of importance."""
    hardened = re.search(r"^x-hardened: &hardened\n((?:  .*\n)+)", COMPOSE, re.MULTILINE)
    part = re.search(r"^x-part: &part\n((?:  .*\n)+)", COMPOSE, re.MULTILINE)
    assert hardened
    assert part
    for line in ("read_only: true", "cap_drop: [ALL]", 'security_opt: ["no-new-privileges:true"]'):
        assert f"  {line}\n" in hardened[1]
    assert "  <<: *hardened\n" in part[1]
    assert '  user: "${ZHIBIAO_UID:-1000}:${ZHIBIAO_GID:-1000}"\n' in part[1]
    for name in re.findall(
        r"^  (\w+):\n", COMPOSE[COMPOSE.index("\nservices:") : COMPOSE.index("\nvolumes:")], re.MULTILINE
    ):
        assert re.search(r"^    <<: \*(hardened|part)$", service(name), re.MULTILINE), name
    for name in ("watcher", "worker"):
        assert "<<: *part" in service(name)
        assert not re.search(
            r"^    (user|cap_add|privileged|ports|read_only|security_opt):", service(name), re.MULTILINE
        )
    assert "USER zhibiao" in DOCKERFILE


def test_only_the_worker_can_be_multiplied() -> None:
    """A container with a name of its own could not be."""
    assert "container_name" not in COMPOSE
    assert "stop_grace_period: 3m" in service("worker")
