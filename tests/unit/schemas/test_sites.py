"""Names of two services on one Redis: none of one is a name of the other, or matches a pattern of it."""

import ast
import inspect
import re
from fnmatch import fnmatchcase
from itertools import permutations
from pathlib import Path

import pytest
from pydantic import ValidationError

from delivery.connect import connect, names_of
from delivery.queue import celery_settings
from delivery.settings import SharedSettings
from schemas import ids
from schemas.names import SITE_PATTERN, Names
from tests.modules import PACKAGES

ROOT = Path(__file__).parents[3]
#: Some that could be taken for a part of the others' names.
SITES = [
    Names(),
    Names("gz"),
    Names("results"),
    Names("report"),
    Names("a-1"),
    Names("a"),
    Names("", 1),
    Names("gz", 1),
]
PROPERTIES = [name for name, value in inspect.getmembers(Names) if isinstance(value, property) and name[0] != "_"]


def all_names(of: Names, kind: str) -> set[str]:
    """Those of channels, or of keys, with parts that may be chosen by strangers."""
    names = {name: getattr(of, name) for name in PROPERTIES if name != "source"}
    channels = {value for name, value in names.items() if name.endswith("_channel")}
    channels |= {of.region_channel("湛江市"), of.region_channel("a:b"), of.period_channel("2023")}
    if kind == "channel":
        return channels
    keys = {value for name, value in names.items() if not name.endswith("_channel")}
    made = [of.report_key, of.ended_key], [of.attempts_key, of.heartbeat_key]
    keys |= {make("d", 1) for make in made[0]} | {make("d", 1, 1) for make in made[1]}
    return keys | {of.latest_key("d"), of.done_key("e"), of.sink_key("s"), of.count_key(of.results_stream)}


@pytest.mark.parametrize(("one", "other"), [*permutations(SITES, 2)])
def test_no_name_is_of_two_services(one: Names, other: Names) -> None:
    """Databases part keys by themselves; channels are shared by all."""
    assert not all_names(one, "channel") & all_names(other, "channel")
    pattern = one.results_channel.removesuffix("results") + "*"
    assert not [name for name in all_names(other, "channel") if fnmatchcase(name, pattern)]
    if one.site != other.site:
        assert not all_names(one, "key") & all_names(other, "key")
        pattern = one.results_stream.removesuffix("results") + "*"
        assert not [name for name in all_names(other, "key") if fnmatchcase(name, pattern)]
        assert one.source != other.source


def test_the_same_path_is_another_document_at_another_site() -> None:
    for path in ("年报.txt", "2024/b.html"):
        found = {ids.document_id(path, site) for site in ("", "gz", "gz-2", "sz")}
        assert len(found) == 4
        assert all(re.fullmatch("[0-9a-f]{20}", one) for one in found)


@pytest.mark.parametrize("site", ["GZ", "a b", "a:b", "a.b", "-a", "a-", "a@1", "*", "广州", "a" * 33, "a\n"])
def test_a_site_that_could_be_mistaken_is_refused(site: str) -> None:
    assert not re.fullmatch(SITE_PATTERN, site)
    with pytest.raises(ValidationError):
        SharedSettings(site=site)


@pytest.mark.parametrize("site", ["", "gz", "a", "a" * 32, "guangzhou-2"])
def test_a_site_is_a_short_word(site: str) -> None:
    assert SharedSettings(site=site).site == site


@pytest.mark.parametrize(
    ("url", "database"),
    [("redis://h/0", 0), ("redis://h", 0), ("redis://h/3", 3), ("unix:///x.sock?db=2", 2), ("rediss://u:p@h:1/1", 1)],
)
def test_a_client_has_the_names_of_its_database(url: str, database: int) -> None:
    with connect(url, "gz") as client:
        assert names_of(client) == Names("gz", database)
    assert celery_settings(url, "gz")["broker_transport_options"]["global_keyprefix"] == "zhibiao.gz:celery:"


def test_every_part_connects_as_its_site() -> None:
    """Who leaves it out would work with the names of a service without a site."""
    left_out = []
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Call) and _called(node) in ("connect", "connect_briefly", "make_app", "Broker"):
                    text = ast.unparse(node)
                    if "site" not in text and ".connect(" not in text.replace("connect.connect(", ""):
                        left_out.append(f"{path.relative_to(ROOT)}: {text}")
    # These look at the server, not at what is in it; the demo has a service of its own.
    server_only = (
        "delivery/connect.py",
        "delivery/server.py",
        "zhibiao/commands/demo.py",
        "zhibiao/running/embedded.py",
    )
    known = "zhibiao/running/redis_address.py: connect.connect(url)"
    assert [one for one in left_out if not one.startswith(server_only) and one != known] == []


def _called(node: ast.Call) -> str | None:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", None)
