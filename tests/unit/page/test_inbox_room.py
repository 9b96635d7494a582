"""The inbox room: its states, its words, and the way back from quarantine."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, get_args

import pytest
from starlette.testclient import TestClient

from page import standing, wording
from page.progress import Progress
from page.rooms.inbox import Row, _from_store, _row
from page.service import Service
from tests.unit.page import made_archive
from tests.unit.page.conftest import OURS, form_token
from tests.unit.page.made_archive import metric, report
from watcher.filing.put_back import Retried
from watcher.ledger.rows import State
from watcher.whereabouts import InQuarantine, Overview, Unfinished

WELL = Overview({"published": 3, "queued": 2}, watcher="active, process 7")
AT = datetime(2024, 3, 1, 8, tzinfo=UTC)


@pytest.fixture
def service(client: TestClient) -> Service:
    """Of a page whose service is well."""
    found: Service = client.app.state.service  # type: ignore[attr-defined]
    found.overview = lambda: WELL  # type: ignore[assignment]
    found.has_redis = lambda: True  # type: ignore[assignment]
    found.has_store = lambda: True  # type: ignore[method-assign]
    found.failures = lambda: ([], 0)  # type: ignore[assignment]
    found.taken_back = lambda: ([], 0)  # type: ignore[assignment]
    return found


def with_failures(service: Service, *failures: InQuarantine, more: int = 0) -> None:
    service.failures = lambda: ([*failures], more)  # type: ignore[assignment]


def said(overview: Overview | None, *, redis: bool = True, store: bool = True) -> list[tuple[str, str, str]]:
    found = standing.of(overview, wording.of("zh-Hans"), has_redis=redis, has_store=store)
    return [(one.level, one.text, one.command) for one in found.sentences]


def test_an_empty_inbox_says_what_to_do(client: TestClient) -> None:
    page = client.get("/").text

    assert "把报告拖到这里" in page
    assert "还没有文件" in page
    assert "这个文件夹里还没有运行过服务" in page
    assert "zhibiao up" in page


def test_a_service_that_is_well_says_so(client: TestClient, service: Service) -> None:
    page = client.get("/").text

    assert "服务正常" in page
    assert "在读 2" in page
    assert "已读 3" in page


def test_files_are_shown_with_their_progress(client: TestClient, service: Service) -> None:
    files = [
        Progress("2023/一.txt", "d1", 1, 1, "queued", None, None, AT, 1),
        Progress("二.txt", "d2", 2, 1, "published", None, None, AT, 2, is_filed=True),
        Progress("三.txt", "d3", None, 1, "duplicate", None, "same content as revision 2 of 二.txt", AT, 3),
    ]
    service.live.newest = lambda limit: ("5-0", files[:limit])  # type: ignore[method-assign]

    page = client.get("/").text

    assert 'data-last="5-0"' in page
    assert 'href="/r/d2/2"' in page
    assert 'href="/r/d1' not in page
    assert "内容与 二.txt 第 2 版相同" in page
    assert [page.count(f'data-state="{state}"') for state in ("queued", "filed", "duplicate")] == [1, 1, 1]


def test_a_file_that_gave_no_figures_is_told(tmp_path: Path) -> None:
    """It was read, and is no success to who dropped it."""
    some = report(metric("审结案件", "7", "件"), metric("培训", "2", "次"), path="有.txt")
    page = made_archive.client(tmp_path, some, report(path="空.csv"))

    rows = page.get("/").text.split('<tr data-path="')[1:]

    assert {row.partition('"')[0]: '<span class="chip warn">没有数字</span>' in row for row in rows} == {
        "有.txt": False,
        "空.csv": True,
    }


HELD = Unfinished(
    "2023/四.txt",
    "published",
    "published, attempt 4 in 8 s: not archived: Permission denied: /srv/processed/2023 belongs to user 1010 (mode 755), "
    "and this service, user 1000, may not move files out of or into it; chown it to 1000, or chmod a+rwx it",
)


@pytest.mark.parametrize(
    ("language", "title", "owner", "waits"),
    [
        ("zh-Hans", "还没有完成的文件", "/srv/processed/2023 属于用户 1010", "有程序正打开它写入，已 42 秒"),
        ("zh-Hant", "還沒有完成的檔案", "/srv/processed/2023 屬於使用者 1010", "有程式正開啟它寫入，已 42 秒"),
        ("en", "Files that are not done, and why", "/srv/processed/2023 belongs to user 1010", "writer-open 42 s"),
    ],
)
def test_what_stands_in_the_way_of_a_file_is_said(
    client: TestClient, service: Service, language: str, title: str, owner: str, waits: str
) -> None:
    """Whose it is, in the reader's language; a file that is merely on its way is no news."""
    on_its_way = Unfinished("六.txt", "queued", "revision 1 handed over 0 s ago, no outcome yet")
    unfinished = (HELD, Unfinished("五.txt", "waiting", "writer-open 42 s"), on_its_way)
    service.overview = lambda: replace(WELL, unfinished=unfinished)  # type: ignore[assignment]

    page = client.get("/", params={"lang": language}).text

    for text in (title, "2023/四.txt", owner, "五.txt", waits):
        assert text in page
    assert "六.txt" not in page


@pytest.mark.parametrize(
    ("overview", "redis", "store", "level", "word", "command"),
    [
        (None, False, False, "bad", "还没有运行过服务", "zhibiao up"),
        (Overview({}), True, True, "bad", "没有运行", "zhibiao up"),
        (WELL, False, True, "bad", "Redis 暂时连不上", "zhibiao doctor"),
        (WELL, True, False, "warn", "数字库", "zhibiao store rebuild"),
        (Overview({}, {"not-taken": "4 in the queue"}, "active, process 7"), True, True, "bad", "没有读取进程", "zhibiao up"),
        (Overview({}, {"sink-1": "gets nothing"}, "active, process 7"), True, True, "warn", "输出", ""),
        (Overview({}, {"who-knows": "x"}, "active, process 7"), True, True, "warn", "提醒", ""),
        (Overview({}, full=("disk of inbox",), watcher="active, process 7"), True, True, "bad", "磁盘已满", ""),
        (WELL, True, True, "good", "服务正常", ""),
    ],
)  # fmt: skip
def test_how_the_service_is_is_said_in_words(
    overview: Overview | None, *, redis: bool, store: bool, level: str, word: str, command: str
) -> None:
    found = said(overview, redis=redis, store=store)

    assert [(one, word in text, what) for one, text, what in found] == [(level, True, command)]


def test_the_gravest_is_said_first() -> None:
    overview = Overview({}, {"sink-1": "x", "not-taken": "y"}, "active, process 7")

    assert [level for level, _, _ in said(overview)] == ["bad", "warn"]


def test_every_alarm_of_the_watcher_has_words() -> None:
    """Names that the watcher sets as they stand; others of its threads fall under the last sentence."""
    import re

    from tests.modules import ROOT

    text = "".join(file.read_text("utf-8") for file in (ROOT / "watcher").rglob("*.py"))
    set_there = set(re.findall(r"(?:alarms\.set|alarms\.tell)\(\s*f?\"([a-z-]+)", text))
    keys = wording.of("zh-Hans").keys()

    assert len(set_there) > 8
    assert [name for name in set_there if not {f"alarm.{name}", f"alarm.{name.partition('-')[0]}"} & keys] == []


def test_what_was_taken_back_is_no_failure_and_has_no_button(client: TestClient, service: Service) -> None:
    """A click would publish again what somebody has taken back with a reason."""
    service.taken_back = lambda: ([InQuarantine("年报.txt", 1_700_000_000, "withdrawn", "发错了，以更正版为准")], 2)  # type: ignore[assignment]

    page = client.get("/", params={"part": "state"}).text

    for text in ("已撤回 3", "年报.txt", "发错了，以更正版为准", "zhibiao retry", "另有 2 份"):
        assert text in page
    assert [text for text in ("未能读取", "再读一次", "<button") if text in page] == []


def test_failures_say_what_where_and_what_next(client: TestClient, service: Service) -> None:
    """In the reader's language, with the place."""
    message = "stage decode at byte 0: this file holds: PNG image; a report in text, HTML, PDF, DOCX, XLSX, XLS, ODS or OFD would be right"
    with_failures(service, InQuarantine("2023/扫描件.png", 1_700_000_000, "unsupported_format", message), more=7)

    page = client.get("/").text

    assert "不是能读的格式" in page
    assert "DOCX" in page
    assert "此文件是：PNG 图片；请换成文本、HTML、PDF" in page
    assert "（第 0 字节；decode 阶段）" in page
    assert 'name="path" value="2023/扫描件.png"' in page
    assert "未能读取 8" in page


def test_a_failure_of_an_unknown_kind_is_shown_all_the_same(client: TestClient, service: Service) -> None:
    with_failures(service, InQuarantine("a.txt", 1.0, "of_tomorrow", "something new"))

    page = client.get("/").text

    assert "没有读成" in page
    assert "something new" in page


HOSTILE = [
    "<script>alert(1)</script>",
    '" onmouseover="alert(1)',
    "a\u202eb",
    "\x1b[31mred",
    "{{ 7777 * 7777 }}",
    "</template>",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_are_shown_as_text(client: TestClient, service: Service, text: str) -> None:
    files = [Progress(text, "d", 1, 1, "ignored", None, text, AT, 1)]
    service.live.newest = lambda limit: ("5-0", files)  # type: ignore[method-assign]
    service.overview = lambda: Overview({}, {"other": text}, "active, process 7")  # type: ignore[assignment]
    with_failures(service, InQuarantine(text, 1.0, text, text))

    page = client.get("/").text

    shown = page.replace('data-path="', "").replace("data-failure", "")
    assert "<script>alert" not in page
    assert '" onmouseover="alert' not in shown
    assert "60481729" not in page
    assert page.count("</template>") == client.get("/stream").text.count("</template>") + 10
    for mark in ("\u202e", "\x1b"):
        assert mark not in "".join(part.split(">", 1)[-1] for part in page.split("<"))


def test_a_part_of_the_page_is_the_part_that_changes(client: TestClient, service: Service) -> None:
    part = client.get("/?part=state").text

    assert "服务正常" in part
    assert "<html" not in part
    assert part.strip() in client.get("/").text


@pytest.mark.parametrize("taken", ["-1", "x", "9" * 30, "１", ""])
def test_odd_numbers_in_the_address_are_nothing(client: TestClient, taken: str) -> None:
    assert client.get("/", params={"taken": taken}).status_code == 200


def test_retrying_puts_a_file_back(client: TestClient, service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    from page.rooms import inbox as room

    asked: list[Any] = []

    def retry(_settings: object, paths: list[str] | None) -> list[Retried]:
        asked.append(paths)
        return [Retried("100%25.txt", None)]

    service.failures = type("Known", (), {"forget": lambda _self: asked.append("looked anew"), "__call__": lambda _self: ([], 0)})()  # fmt: skip
    monkeypatch.setattr(room.put_back, "retry", retry)

    one = client.post("/inbox/retry", data={"form_token": form_token(client), "path": "100%25.txt"}, headers=OURS)
    every = client.post("/inbox/retry", data={"form_token": form_token(client)}, headers=OURS)

    assert [one.status_code, every.status_code] == [303, 303]
    assert asked == [["100%.txt"], "looked anew", None, "looked anew"]


def test_what_cannot_be_put_back_says_why(
    client_over: Callable[..., TestClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    from page.rooms import inbox as room

    client = client_over()
    monkeypatch.setattr(room.put_back, "retry", lambda *_: [Retried("a.txt", "revision 2 has replaced it since")])

    answer = client.post("/inbox/retry", data={"form_token": form_token(client), "path": "a.txt"}, headers=OURS)

    assert answer.status_code == 400
    assert "revision 2 has replaced it since" in answer.text


@pytest.mark.parametrize("content", [None, b"", b"no ledger at all" * 100])
def test_a_ledger_that_cannot_be_read_is_said(client: TestClient, content: bytes | None) -> None:
    """The page goes on, and a retry names the reason."""
    state = client.app.state.settings.state  # type: ignore[attr-defined]
    if content is not None:
        (state / "ledger.sqlite").write_bytes(content)

    page = client.get("/")
    answer = client.post("/inbox/retry", data={"form_token": form_token(client), "path": "a.txt"}, headers=OURS)

    assert page.status_code == 200
    assert ("账本有问题" if content is not None else "还没有运行过服务") in page.text
    assert answer.status_code == 400
    assert "ledger.sqlite" in answer.text


def test_a_page_that_is_not_there_says_so(client: TestClient) -> None:
    page = client.get("/nothing", headers={"accept": "text/html"})
    line = client.get("/nothing", headers={"accept": "application/json"})

    assert (page.status_code, "没有这一页" in page.text) == (404, True)
    assert line.json() == {"error": "没有这一页", "detail": ""}
    answer = client.get("/inbox")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


def test_health_is_told_to_programs(client: TestClient, service: Service) -> None:
    told = client.get("/health").json()

    assert (told["page"], told["status"], told["files"]) == ("good", "good", {"published": 3, "queued": 2})


def test_health_is_told_to_people_in_words(client: TestClient, service: Service) -> None:
    """Files by their state, the most first; each state has a word, and one without files no line."""
    service.overview = lambda: replace(WELL, counts={"discovered": 0, **WELL.counts})  # type: ignore[assignment]
    for language, said in (("en", "read"), ("zh-Hans", "已读完"), ("zh-Hant", "已讀完")):
        page = client.get(f"/health?lang={language}", headers={"accept": "text/html,application/xhtml+xml,*/*;q=0.8"})

        files = re.findall(r'<td>(.*?)</td><td class="number">(\d+)</td>', page.text)
        assert (files[0], [count for _, count in files]) == ((said, "3"), ["3", "2"]), language
        assert page.text.count('class="lamp"') == 1, language
        assert {f"state.{one}" for one in (*get_args(State), "waiting")} - wording.of(language).keys() == set()


def test_files_and_folders_are_served_from_static_alone(client: TestClient) -> None:
    for path in (
        "/static/../settings.py",
        "/static/%2e%2e/settings.py",
        "/static/..%2fsettings.py",
        "/static//etc/passwd",
    ):
        assert client.get(path).status_code == 404, path


@pytest.mark.parametrize(("path", "name"), [("增长100%25.txt", "增长100%.txt"), ("2023%25/%C4%EA.txt", "%C4%EA.txt")])
def test_a_percent_sign_of_a_name_is_shown_as_one(client: TestClient, service: Service, path: str, name: str) -> None:
    """What no screen can show stays escaped, and programs find the file by its wire path."""
    files = [Progress(path, "d1", 1, 1, "queued", None, None, AT, 1)]
    service.live.newest = lambda limit: ("5-0", files[:limit])  # type: ignore[method-assign]
    with_failures(service, InQuarantine(path, AT.timestamp(), "empty", ""))

    page = client.get("/").text

    assert page.count(f">{name}<") == 2
    assert f'data-path="{path}"' in page
    assert f'name="path" value="{path}"' in page


def progress(state: str, detail: str | None = None, *, is_filed: bool = False) -> Progress:
    return Progress("2023/a.txt", "d1", 2, 1, state, None, detail, AT, 1, is_filed)


@pytest.mark.parametrize(
    ("file", "row"),
    [
        (progress("queued", "waits for space"), Row("2023/a.txt", "queued", AT, detail="waits for space")),
        (progress("quarantined", "empty"), Row("2023/a.txt", "quarantined", AT)),
        (progress("published", "late"), Row("2023/a.txt", "published", AT, "/r/d1/2", "题", 7, gaps=True)),
        (progress("published", is_filed=True), Row("2023/a.txt", "filed", AT, "/r/d1/2", "题", 7, gaps=True)),
    ],
)
def test_a_line_of_the_list_says_what_is_known_of_its_file(file: Progress, row: Row) -> None:
    """What the store has of it once it was read; why it waits before that."""
    kept = {"title": " 题 ", "figures": 7, "warnings": '[{"code": "digit_lost", "message": "x"}]'}
    views: Any = SimpleNamespace(reading=lambda id_, revision: kept if (id_, revision) == ("d1", 2) else None)

    assert _row(file, views) == row
    assert _row(file, None) == replace(row, title="", figures=None, gaps=False)
    assert (row.folder, row.name, replace(row, path="b.txt").folder) == ("2023/", "a.txt", "")


def test_while_nobody_tells_of_steps_the_last_reports_are_listed() -> None:
    kept = {"path": "b.txt", "id": "d2", "revision": 3, "read_at": AT.isoformat(), "title": None, "figures": 0}
    gap = {**kept, "title": "题", "figures": 9, "warnings": '[{"code": "torn_number"}]'}
    views: Any = SimpleNamespace(documents=lambda limit: [gap, {**kept, "warnings": "[]"}][:limit])

    assert _from_store(views) == [
        Row("b.txt", "filed", AT, "/r/d2/3", "题", 9, gaps=True), Row("b.txt", "filed", AT, "/r/d2/3", "", 0),
    ]  # fmt: skip
