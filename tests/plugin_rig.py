"""Packages as an installer leaves them: a module and a dist-info folder, in a folder of their own on the path."""

import re
import tomllib
from pathlib import Path

PAGE = (Path(__file__).parents[1] / "docs" / "extending.md").read_text("utf-8")


def install(folder: Path, module: str, code: str, group: str, names: str, attribute: str, version: str = "1.0") -> None:
    """A distribution of the module's name, with an entry point of each of the ``names``."""
    (folder / f"{module}.py").write_text(code, "utf-8")
    info = folder / f"{module}-{version}.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module.replace('_', '-')}\nVersion: {version}\n")
    points = "".join(f"{name} = {module}:{attribute}\n" for name in names.split())
    (info / "entry_points.txt").write_text(f"[{group}]\n{points}")


def install_example(folder: Path, group: str) -> str:
    """The example that docs/extending.md shows for a group; gives its code."""
    for found in re.finditer(
        r"```python\n# (\w+)\.py\n(.*?)```\n\n```toml\n# pyproject.toml\n(.*?)```", PAGE, re.DOTALL
    ):
        module, code, project = found[1], found[2], tomllib.loads(found[3])["project"]
        if points := project["entry-points"].get(group):
            assert project["name"].replace("-", "_") == module
            (target,) = {*points.values()}
            assert target.partition(":")[0] == module
            install(folder, module, code, group, " ".join(points), target.partition(":")[2], project["version"])
            return code
    raise AssertionError(f"no example for {group}")
