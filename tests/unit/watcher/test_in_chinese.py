"""What the watcher says reaches readers of Chinese in Chinese, and the table says nothing that nobody says."""

import ast
import os
import re
from collections.abc import Iterator
from itertools import product
from string import Formatter
from typing import Any, get_args

import pytest

from delivery.owner import Other, Service
from tests.modules import ROOT
from watcher import risks, whereabouts
from watcher.ledger.database import Ledger
from watcher.ledger.rows import GONE, FileRow, State
from watcher.running import damage, identity
from watcher.running.in_chinese import Chinese, in_chinese, rows
from watcher.running.sentences import Sentences
from watcher.seeing.arrivals import Code, Readiness
from watcher.seeing.forbidden import _VERBS, User, _explained
from watcher.seeing.sightings import StatSignature
from watcher.taking.intake import ODD_ENTRIES

LANGUAGES: tuple[Chinese, ...] = get_args(Chinese)
HAN = re.compile("[一-鿿]")
#: What stays as it is in any language: names of settings and programs, of files, codes.
_AS_IT_IS = re.compile(
    r"`[^`]*`|redis://\S+|ZHIBIAO_\w+(=[\w-]+)?|[\w.-]*/[\w./-]*|[\w.-]+\.(sqlite|json|md|txt)[\w-]*|(s|ns)\b"
    r"|\b(Redis|NTP|h-2|MB|chown|chmod|a\+\w+|maxmemory\S*|appendonly|noeviction|stop-writes\S*|yes|no|Backup and loss|damaged_file|nfs4?)\b"
)


def in_english(text: str) -> list[str]:
    """Words that nobody has translated."""
    return re.findall(r"[A-Za-z]{2,}", _AS_IT_IS.sub(" ", text))


def a_row(ledger: Ledger, number: int, **columns: Any) -> FileRow:
    name = f"{number}.txt"
    given: dict[str, Any] = {
        "document": name,
        "raw": name.encode(),
        "path": name,
        "signature": StatSignature(1, 1, 1, 1, 1),
        "size_bytes": 1,
        "arrived_ns": 1,
        "accepted_at": 1.0,
        "revision": 1,
    }
    return ledger.add(**(given | columns))


def waits() -> Iterator[str]:
    for code in get_args(Code):
        yield Readiness(code, since=0, needs_s=5, detail="Permission denied").text(now=1.2)


def stays(ledger: Ledger) -> Iterator[str]:
    """What is said of a row in each state, with a detail and without one, the first time and later."""
    later: dict[str, Any] = {"round": 2, "sends": 3, "not_before": 200.0}
    details = (None, "changed before it was read")
    cases = product(get_args(State), details, ({}, later))
    for number, (state, detail, more) in enumerate(cases):
        row = a_row(ledger, number, state=state, code="damaged_file", detail=detail, **more)
        yield whereabouts._sentence(row, 100.0)
        if detail or state not in ("kept", "superseded", "vanished"):  # which always say why
            yield whereabouts._said_before(row, "/srv/processed/a.txt")
            yield whereabouts._said_before(row, None)
        if detail and state == "published":
            yield from (GONE, "replaced in the inbox before it was filed")
            yield f"{state}, {whereabouts._filing(row, 100.0)}"


def forbidden() -> Iterator[str]:
    for right in _VERBS:
        yield "Permission denied: " + _explained(b"/srv/2023", os.stat("/"), right, User(1000, ()))


def dangers() -> Iterator[str]:
    full = {"maxmemory_policy": "allkeys-lru", "maxmemory": 1}
    found = [*risks.eviction(full), *risks.persistence({risks.SAVE_POINTS: ""})]
    found += risks.persistence({risks.SAVE_POINTS: "3600 1", risks.STOPS_WRITES: "no"})
    found += risks.drift({risks.TIME_S: 0.0}, 100.0)
    for risk in found:
        yield from (risk.setting, risk.loses, risk.right)
    yield "; ".join(risks.full({"used_memory": 10**6, "maxmemory": 10**6}) or "" for _ in range(1))


def faults_of_the_ledger() -> Iterator[str]:
    yield str(damage.damaged(ROOT / damage.FILE_NAME, "/x"))
    yield f"no ledger is at {ROOT}/x: no service has run over this folder yet. Start it with `zhibiao up`, or set ZHIBIAO_STATE as it has it"


def of_others() -> Iterator[str]:
    for is_alive in (True, False):
        for site in ("", "a"):
            other = Other(Service("5f0c", "h-2", "/srv/state"), is_alive=is_alive)
            yield identity.in_words(other, site, "redis://127.0.0.1/0")


@pytest.fixture
def ledger(tmp_path: Any) -> Iterator[Ledger]:
    opened = Ledger.open(tmp_path / "ledger.sqlite")
    yield opened
    opened.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_of_it_stays_in_english(language: Chinese, ledger: Ledger) -> None:
    """Each sentence as the watcher makes it, said by its own functions."""
    said = [*waits(), *stays(ledger), *ODD_ENTRIES.values(), *forbidden(), *dangers(), *faults_of_the_ledger()]

    left = {text: in_chinese(text, language) for text in [*said, *of_others()]}

    assert {
        text: shown for text, shown in left.items() if in_english(shown) and text not in _AS_IT_IS.findall(text)
    } == {}


def test_what_it_does_not_know_stays_as_it_is() -> None:
    """Words of a library, a path that looks like a sentence."""
    assert in_chinese("ConnectionError: Error 111", "zh-Hans") == "ConnectionError: Error 111"
    assert in_chinese("filed as not in the inbox", "zh-Hans") == "归档为 not in the inbox"
    assert in_chinese("same content as revision 3 of the clock", "zh-Hant") == "內容與 the clock 第 3 版相同"


def test_each_language_fills_the_same_places() -> None:
    def places(text: str) -> set[str]:
        return {name for _, name, _, _ in Formatter().parse(text) if name}

    for row in rows():
        assert {language: places(row[language]) for language in LANGUAGES} == dict.fromkeys(
            LANGUAGES, places(row["en"]) - {"user_again"} | places(row["zh-Hans"])
        ), row["en"]


def test_every_word_of_the_table_is_one_that_the_code_says() -> None:
    """A sentence that was reworded is reworded here."""
    said = " ".join(constants())
    systems = " ".join(map(os.strerror, range(1, 133)))

    lost = {
        row["en"]: [word for word in words(row["en"]) if word not in said and word not in systems] for row in rows()
    }

    assert {sentence: found for sentence, found in lost.items() if found} == {}


def words(english: str) -> list[str]:
    return re.findall(r"[A-Za-z]{4,}", re.sub(r"\{\w+\}|ledger\.sqlite\S*", " ", english))


def constants() -> Iterator[str]:
    yield (ROOT / "worker" / "data" / "formats.toml").read_text("utf-8")  # names of formats, and what would be right
    for package in ("watcher", "delivery", "worker"):
        for file in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_bytes())):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield node.value


def test_a_sentence_is_said_with_so_many_others_in_it_and_no_more() -> None:
    """What stands deeper stays as it is."""
    assert Sentences([("no {rest}", "不{rest}")], []).said("no " * 9 + "a") == "不" * 7 + "no no a"
