"""The inbox's forms, with and without a script."""

import io
import zipfile
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import anyio
import pytest
from starlette.requests import ClientDisconnect
from starlette.testclient import TestClient

from page import downloads, guard, login
from page.coding import archive
from page.intake import archives, names, uploads
from page.intake.inbox import Inbox
from page.rooms import inbox as room
from schemas.paths import to_wire
from tests.unit.page.conftest import OURS, form_token
from tests.unit.page.test_intake import lies

JSON = {**OURS, "accept": "application/json"}


@pytest.fixture
def folder(client: TestClient) -> Path:
    found: Path = client.app.state.settings.inbox  # type: ignore[attr-defined]
    return found


def send(client: TestClient, files: list[tuple[str, bytes]], headers: dict[str, str] = JSON, **fields: str) -> Any:
    data = {"form_token": form_token(client), **fields}
    return client.post("/inbox", data=data, files=[("files", file) for file in files], headers=headers)


def test_files_come_into_the_inbox(client: TestClient, folder: Path) -> None:
    answer = send(client, [("一.txt", "全市12件".encode()), ("2023/二.html", b"x" * 300_000)])

    assert answer.json() == {"taken": ["一.txt", "2023/二.html"], "refused": []}
    assert lies(folder) == {"一.txt": "全市12件".encode(), "2023/二.html": b"x" * 300_000}


def test_without_a_script_the_page_comes_back(client: TestClient) -> None:
    answer = send(client, [("一.txt", b"1"), ("二.txt", b"2")], {**OURS, "accept": "text/html"})

    assert (answer.status_code, answer.headers["location"]) == (303, "/?taken=2")
    assert "已收下 2 份" in client.get("/?taken=2").text


def test_what_is_refused_is_named_with_its_reason(client: TestClient, folder: Path) -> None:
    files = [("好.txt", b"1"), ("空.txt", b""), (".hidden", b"1"), ("../../a.txt", b"1")]

    answer = send(client, files)
    page = send(client, files[1:], {**OURS, "accept": "text/html"})

    assert answer.status_code == 200
    assert answer.json()["taken"] == ["好.txt"]
    assert [one["name"] for one in answer.json()["refused"]] == ["空.txt", ".hidden", "../../a.txt"]
    assert "文件是空的" in answer.json()["refused"][0]["why"]
    assert page.status_code == 400
    assert "文件是空的" in page.text
    assert lies(folder) == {"好.txt": b"1"}


@pytest.mark.parametrize("name", ["<img src=x onerror=alert(1)>.txt", "a\u202etxt.exe", '"><script>.txt'])
def test_hostile_names_are_shown_as_text(client: TestClient, name: str) -> None:
    page = send(client, [(name.replace('"', "%22"), b"")], {**OURS, "accept": "text/html"}).text

    assert "<img" not in page
    assert "<script>" not in page
    assert "\u202e" not in page


def test_an_archive_is_unpacked(client: TestClient, folder: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("一.txt", b"1")
        archive.writestr("内.zip", b"x")

    answer = send(client, [("年报.zip", packed.getvalue())]).json()

    assert answer["taken"] == ["年报/一.txt"]
    assert [one["name"] for one in answer["refused"]] == ["年报/内.zip"]
    assert lies(folder) == {"年报/一.txt": b"1"}


def test_a_form_without_a_file_takes_none(client: TestClient, folder: Path) -> None:
    assert send(client, [("", b"")]).json() == {"taken": [], "refused": []}
    assert lies(folder) == {}


def test_a_broken_form_is_refused_and_leaves_nothing(client: TestClient, folder: Path) -> None:
    token = form_token(client)
    part = b'--x\r\ncontent-disposition: form-data; name="form_token"\r\n\r\n' + token.encode() + b"\r\n"
    file = b'--x\r\ncontent-disposition: form-data; name="files"; filename="a.txt"\r\n\r\nhalf of i'
    headers = {**JSON, "content-type": "multipart/form-data; boundary=x"}

    for body in (part + file, part + b"no form", b"", file):
        answer = client.post("/inbox", content=body, headers=headers)

        assert answer.status_code in (400, 403), body
        assert lies(folder) == {}


@pytest.mark.parametrize("kind", ["multipart/form-data", f"multipart/form-data; boundary={'x' * 5000}"])
def test_odd_kinds_of_forms_are_refused(client: TestClient, kind: str) -> None:
    form_token(client)

    assert client.post("/inbox", content=b"--x", headers={**JSON, "content-type": kind}).status_code in (400, 415)


async def _gone(chunks: list[bytes]) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk
    raise ClientDisconnect


def test_a_sender_who_goes_away_leaves_nothing(tmp_path: Path) -> None:
    part = b'--x\r\ncontent-disposition: form-data; name="files"; filename="a.txt"\r\n\r\nhalf'

    async def take() -> None:
        await uploads.take("multipart/form-data; boundary=x", _gone([part]), Inbox(tmp_path, 10**6), None, 10**6)

    with pytest.raises(uploads.NoForm):
        anyio.run(take)
    assert lies(tmp_path) == {}


def test_the_token_comes_before_the_files(client: TestClient, folder: Path) -> None:
    """Nothing of a form whose sender is not known yet is written."""
    token = form_token(client)
    fields = {"files": ("a.txt", b"1"), "form_token": (None, token)}

    assert client.post("/inbox", files=fields, headers=JSON).status_code == 403
    assert client.post("/inbox", files={"files": ("a.txt", b"1")}, headers=JSON).status_code == 403
    assert lies(folder) == {}


def test_an_upload_has_its_limits(client: TestClient, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "MOST_UPLOAD_BYTES", 100_000)
    assert send(client, [("a.txt", b"x" * 200_000)]).status_code == 413
    assert lies(folder) == {}

    monkeypatch.setattr(uploads, "MOST_FILES", 2)
    assert send(client, [(f"{number}.txt", b"1") for number in range(3)]).status_code == 413


async def _chunks(body: bytes, size: int) -> AsyncIterator[bytes]:
    for start in range(0, len(body), size):
        yield body[start : start + size]


async def _take(folder: Path, body: bytes, size: int) -> uploads.Dropped:
    return await uploads.take(
        "multipart/form-data; boundary=x", _chunks(body, size), Inbox(folder, 10**6), lambda given: given == "t", 10**6
    )


@pytest.mark.parametrize("size", [1, 7, 10_000])
def test_a_form_may_come_in_any_pieces(tmp_path: Path, size: int) -> None:
    content = "第一行\r\n--y 不是边界\r\n".encode() * 20
    body = (
        b'--x\r\ncontent-disposition: form-data; name="form_token"\r\n\r\nt\r\n'
        b'--x\r\ncontent-disposition: form-data; name="folder"\r\n\r\n2023\r\n'
        b'--x\r\ncontent-disposition: form-data; name="files"; filename="\xe4\xb8\x80.txt"\r\n\r\n'
        + content
        + b"\r\n--x--\r\n"
    )

    dropped = anyio.run(_take, tmp_path, body, size)

    assert dropped.taken == ["2023/一.txt"]
    assert lies(tmp_path) == {"2023/一.txt": content}


def test_pasted_text_comes_into_the_inbox(client: TestClient, folder: Path) -> None:
    text = "广州市2023年公报\n全市生产总值3万亿元。"
    data = {"form_token": form_token(client), "text": f"  {text}  ", "name": ""}

    answer = client.post("/inbox/text", data=data, headers=JSON).json()

    assert lies(folder) == {answer["taken"][0]: text.encode()}
    assert answer["taken"][0].startswith("广州市2023年公报-")


def test_empty_text_is_refused(client: TestClient, folder: Path) -> None:
    data = {"form_token": form_token(client), "text": " \n "}

    assert client.post("/inbox/text", data=data, headers=OURS).status_code == 400
    assert lies(folder) == {}


def test_the_examples_come_into_the_inbox(client: TestClient, folder: Path) -> None:
    assert "用五份示例试试" in client.get("/").text

    answer = client.post("/inbox/examples", data={"form_token": form_token(client)}, headers=JSON).json()

    assert sorted(answer["taken"]) == sorted(file.name for file in room.EXAMPLES.glob("*.txt"))
    assert len(lies(folder)) == 5


def test_without_the_examples_none_are_offered(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """An installed package has none."""
    monkeypatch.setattr(room, "EXAMPLES", Path("/nowhere"))

    assert "用五份示例试试" not in client.get("/").text


def test_names_are_told_as_events_tell_them(client_over: Callable[..., TestClient]) -> None:
    answer = send(client_over(), [("100%\u200b.txt", b"1")]).json()

    assert answer["taken"] == [to_wire("100%\u200b.txt")] == ["100%25%E2%80%8B.txt"]


def test_the_limits_are_those_that_the_documents_tell() -> None:
    text = (Path(__file__).parents[3] / "docs" / "page.md").read_text("utf-8")
    limits = [
        *(f"{uploads.MOST_FILES} files, {room.MOST_UPLOAD_BYTES / 1e9:.12g} GB;", f"text {guard.MOST_FORM_BYTES / 1e6:.12g} MB |"),
        *(f"{archives.MOST_ENTRIES} files, {archives.MOST_BYTES / 1e9:.12g} GB unpacked, {archives.MOST_RATIO} times packed",),
        *(f"{names.MOST_PART_BYTES} bytes a part, {names.MOST_FOLDERS} folders", f"{downloads.MOST:,} figures".replace(",", " ")),
        *(f"{archive.MOST_BYTES / 1e6:.12g} MB of filed reports", f"once in {login.LASTS_S / 86_400:.12g} days"),
    ]  # fmt: skip

    assert [limit for limit in limits if limit not in text] == []
