"""The wheel as somebody gets it who has no checkout; ``make test-install``.

Built from the source distribution, installed with pip and with pipx into empty environments, by a user without rights where
the tests have them, under a home whose path has a blank and Chinese characters.
"""

# ruff: noqa: T201

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
SEEDS = sorted((ROOT / "seeds").glob("*.txt"))
EXTRAS = "embedded,formats,page"
NOBODY = 65_534
LONG_S = 900

pytestmark = pytest.mark.install


class Newcomer:
    """Somebody with a home and a Python, and without a checkout."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.rights = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.getuid() == 0 else {}
        home.mkdir(parents=True)
        if self.rights:
            shutil.chown(home, NOBODY, NOBODY)
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("ZHIBIAO_", "PYTHON"))}
        clean.pop("VIRTUAL_ENV", None)
        self.environ = {**clean, "HOME": str(home), "PATH": "/usr/bin:/bin", "PIP_NO_CACHE_DIR": "1"}
        self.python = self._python()

    def run(self, *command: str | Path, **environ: str) -> str:
        """What a command prints; it succeeds, and says on standard error only what may be said there."""
        rights: dict[str, Any] = self.rights
        done = subprocess.run(
            list(map(str, command)),
            cwd=self.home,
            env={**self.environ, **environ},
            capture_output=True,
            text=True,
            timeout=LONG_S,
            check=False,
            **rights,
        )
        assert done.returncode == 0, f"{command}: status {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def _python(self) -> str:
        """Of this interpreter and the system's the first that this user may run."""
        for python in (Path(sys.base_prefix, "bin", "python3"), Path("/usr/bin/python3")):
            try:
                said = self.run(python, "-c", "import ensurepip, sys; print(sys.version_info >= (3, 11))")
            except (AssertionError, OSError):
                continue
            if said.strip() == "True":
                return str(python)
        pytest.skip("no Python 3.11 with venv that a user without rights may run")


@pytest.fixture(scope="module")
def wheel() -> Iterator[Path]:
    """Built as for a release: the source distribution first, and the wheel from it alone."""
    folder = Path(tempfile.mkdtemp(prefix="zhibiao-wheel-"))
    subprocess.run([sys.executable, "-m", "build", "--outdir", folder, ROOT], check=True, capture_output=True)
    folder.chmod(0o755)
    (found,) = folder.glob("*.whl")
    yield found
    shutil.rmtree(folder)


@pytest.fixture
def newcomer() -> Iterator[Newcomer]:
    outside = Path(tempfile.mkdtemp(prefix="zhibiao-install-"))  # where a user without rights comes, unlike tmp_path
    outside.chmod(0o755)
    yield Newcomer(outside / "a reader" / "读者之家")
    shutil.rmtree(outside)


def test_the_wheel_holds_reports_codebooks_and_licence_and_nothing_of_the_tests(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()

    assert {f"zhibiao/seeds/{seed.name}" for seed in SEEDS} <= set(names)
    kept = [*ROOT.glob("*/codebooks/*.toml"), *ROOT.glob("worker/**/data/*.toml")]
    assert {str(path.relative_to(ROOT)) for path in kept} <= set(names)
    assert [name for name in names if name.endswith("licenses/LICENSE")]
    assert [name for name in names if name.split("/")[0] in ("tests", "benchmarks", "examples", "seeds")] == []


@pytest.mark.parametrize("way", ["pip", "pipx"])
def test_a_newcomer_gets_figures(wheel: Path, newcomer: Newcomer, way: str) -> None:
    """From nothing to a report's figures, a panel, a demo and a doctor who finds nothing missing."""
    started_s = time.monotonic()
    zhibiao = _installed(newcomer, wheel, way, EXTRAS)
    installed_s = time.monotonic()
    report = newcomer.home / "reports" / "年度 报告.txt"
    report.parent.mkdir()
    shutil.copyfile(SEEDS[1], report)

    shown = newcomer.run(zhibiao, "demo", "--no-stay")
    print(
        f"{way}: installed in {installed_s - started_s:.0f} s, demo done {time.monotonic() - installed_s:.0f} s later"
    )

    assert all(place in shown for place in ("湛江市", "东方市", "金石镇", "船营区"))
    assert len(json.loads(newcomer.run(zhibiao, "extract", report))["metrics"]) > 10
    newcomer.run(zhibiao, "panel", "rule_of_law", "reports", "-o", "panel.csv")
    assert "年度 报告.txt" in (newcomer.home / "panel.csv").read_text("utf-8-sig")
    checks = {check["name"]: check for check in json.loads(newcomer.run(zhibiao, "doctor", "--json"))["checks"]}
    assert [name for name, check in checks.items() if check["level"] == "fail"] == []
    assert checks["extras"]["seen"] == "embedded, formats, page; not here: parquet"


def test_what_is_missing_without_extras_is_said_in_a_line(wheel: Path, newcomer: Newcomer) -> None:
    """Which one to install, where something needs it; text is read all the same."""
    zhibiao = _installed(newcomer, wheel, "pip", "")
    pdf, report = newcomer.home / "a.pdf", newcomer.home / "reports" / "a.txt"
    report.parent.mkdir()
    pdf.write_bytes(b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n")
    shutil.copyfile(SEEDS[1], report)

    assert json.loads(newcomer.run(zhibiao, "extract", report))["metrics"]
    for command, extra in (
        (["extract", "a.pdf"], "formats"),
        (["export", "reports", "-o", "a.parquet"], "parquet"),
        (["up"], "embedded"),
    ):
        said = _refusal(newcomer, zhibiao, *command)
        assert f"pip install 'zhibiao[{extra}]'" in said
        assert len(said.strip().splitlines()) == 1, said


def _installed(newcomer: Newcomer, wheel: Path, way: str, extras: str) -> Path:
    """The command, installed by pip into an environment of its own, or by pipx, which makes one."""
    newcomer.run(newcomer.python, "-m", "venv", "env")
    pip = newcomer.home / "env" / "bin" / "pip"
    wanted = f"zhibiao[{extras}] @ {wheel.as_uri()}" if extras else str(wheel)
    if way == "pip":
        newcomer.run(pip, "install", "--quiet", wanted)
        return newcomer.home / "env" / "bin" / "zhibiao"
    newcomer.run(pip, "install", "--quiet", "pipx")
    newcomer.run(newcomer.home / "env" / "bin" / "pipx", "install", wanted)
    return newcomer.home / ".local" / "bin" / "zhibiao"


def _refusal(newcomer: Newcomer, *command: str | Path) -> str:
    """What a command that fails says on standard error."""
    rights: dict[str, Any] = newcomer.rights
    # No server on PATH: only what was installed counts.
    environ = {**newcomer.environ, "PATH": "/nowhere"}
    done = subprocess.run(
        list(map(str, command)),
        cwd=newcomer.home,
        env=environ,
        capture_output=True,
        text=True,
        timeout=LONG_S,
        check=False,
        **rights,
    )
    assert done.returncode == 1, done
    return done.stderr
