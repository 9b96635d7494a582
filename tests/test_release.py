"""The version is the same wherever it stands."""

import os
import re
import shutil
import subprocess
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
import yaml

from zhibiao import __version__

ROOT = Path(__file__).parent.parent


def test_the_newest_released_part_of_the_changelog_is_this_version() -> None:
    """What is not released yet may stand above it, without a number."""
    heads = re.findall(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    released = [head for head in heads if head != "Unreleased"]

    assert re.fullmatch(rf"{re.escape(__version__)} \(\d{{4}}-\d\d-\d\d\)", released[0])
    assert heads.index(released[0]) <= 1


def test_the_installed_distribution_is_of_this_version() -> None:
    """It is spelt in one place; ``make setup`` after it was raised."""
    assert metadata.version("zhibiao") == __version__


def test_who_cites_it_finds_this_version_and_its_day() -> None:
    """As the changelog has them."""
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    head = next(line for line in (ROOT / "CHANGELOG.md").read_text("utf-8").splitlines() if line.startswith("## 0"))

    assert f"## {cited['version']} ({cited['date-released']})" == head
    assert cited["version"] == __version__
    assert cited["license"] == "Apache-2.0"


def test_hosted_ci_does_what_ci_does_elsewhere() -> None:
    """Its commands are those of the project; no step of its own could pass where they fail."""
    jobs = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text("utf-8"))["jobs"]
    commands = {step["run"] for job in jobs.values() for step in job["steps"] if "run" in step}

    assert commands == {".ci/run", "make test-install"}
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
    oldest = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["requires-python"]
    assert f">={jobs['test']['strategy']['matrix']['python'][0]}" == oldest


def test_commits_are_looked_at_with_the_tools_of_setup() -> None:
    """No versions of their own, which would find other things than ``make test``."""
    (repository,) = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text("utf-8"))["repos"]

    assert repository["repo"] == "local"
    assert all(re.match(r"\.venv/bin/(ruff|mypy)\b", hook["entry"]) for hook in repository["hooks"])


def test_the_unit_is_one_that_systemd_takes(tmp_path: Path) -> None:
    """With a program that is there in the place of the installed one."""
    if not shutil.which("systemd-analyze"):
        pytest.skip("no systemd-analyze on PATH")
    text = (ROOT / "systemd" / "zhibiao.service").read_text("utf-8")
    assert "ExecStart=/opt/zhibiao/bin/zhibiao up\n" in text
    unit = tmp_path / "zhibiao.service"
    unit.write_text(text.replace("/opt/zhibiao/bin/zhibiao", "/bin/true"), "utf-8")

    done = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True, timeout=60, check=False)

    assert (done.returncode, done.stderr) == (0, "")
