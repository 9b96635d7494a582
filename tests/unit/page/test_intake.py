"""What people drop: names, files, archives."""

import errno
import io
import os
import stat
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from page import wording
from page.intake import archives, names
from page.intake.archives import unpack
from page.intake.inbox import Growing, Inbox
from page.intake.refused import Refused
from watcher.seeing.below_root import RootUnavailable

KB = 1000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


@pytest.fixture
def inbox(folder: Path) -> Inbox:
    return Inbox(folder, 100 * KB, ("*.bak",))


def lies(folder: Path) -> dict[str, bytes]:
    """All files below a folder, hidden ones too."""
    return {str(file.relative_to(folder)): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()}


def key_of(told: Refused) -> str:
    """That of its sentence, which is said with all that it is given."""
    said = wording.of("en")(told.key, **told.values)
    assert all(str(value) in said for value in told.values.values())
    assert "{" not in said
    return told.key


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as caught:
        act()
    return key_of(caught.value)


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("报告.txt", "报告.txt"),
        ("2023年/法治/报告.txt", "2023年/法治/报告.txt"),
        ("2023年\\报告.txt", "2023年/报告.txt"),
        ("/报告.txt", "报告.txt"),
        ("100%.txt", "100%.txt"),
        ("e\u0301.txt", "é.txt"),
    ],
)
def test_names_are_places_below_the_inbox(inbox: Inbox, folder: Path, name: str, place: str) -> None:
    inbox.put(name, b"1")

    assert lies(folder) == {place: b"1"}


@pytest.mark.parametrize(
    "name",
    ["", ".", "..", "../a.txt", "a/../../b.txt", "a//b.txt", "a/./b.txt", "a/", "..\\a.txt", "C:/../a.txt", "//a.txt", "/../a"],
)  # fmt: skip
def test_names_that_lead_elsewhere_are_refused(inbox: Inbox, folder: Path, name: str) -> None:
    assert refused(lambda: inbox.put(name, b"1")) == "refused.path"
    assert lies(folder.parent) == {}


@pytest.mark.parametrize("name", ["a\x00.txt", "a\n.txt", "a\x1b[31m.txt", "\ud800.txt", "a\x7f"])
def test_names_with_marks_that_act_are_refused(inbox: Inbox, name: str) -> None:
    assert refused(lambda: inbox.put(name, b"1")) == "refused.characters"


@pytest.mark.parametrize("name", ["报" * 81 + ".txt", "/".join("abcdefghijklmnop"), "/".join(["x" * 200] * 6)])
def test_long_names_are_refused(inbox: Inbox, name: str) -> None:
    assert refused(lambda: inbox.put(name, b"1")) == "refused.long_name"
    assert names.place_of(name[: len(name) // 2])


@pytest.mark.parametrize(
    ("longest", "limit"),
    [("x" * 240, 240), ("/".join("abcdefghijkl"), 12), ("/".join(["x" * 239] * 4 + ["x" * 40]), 1000)],
)
def test_a_name_may_be_just_so_long(longest: str, limit: int) -> None:
    """240 bytes a part, twelve parts, a thousand bytes in all."""
    assert limit in (len(longest), len(longest.split("/")))
    assert names.place_of(longest) == longest.encode()
    assert refused(lambda: names.place_of(f"{longest}/x" if limit == 12 else f"{longest}x")) == "refused.long_name"


@pytest.mark.parametrize("name", [".hidden", "2023/.git/config", "a.part", "~$报告.docx", "old.bak"])
def test_names_that_the_service_leaves_alone_are_refused(inbox: Inbox, name: str) -> None:
    """They would lie in the inbox for ever."""
    assert refused(lambda: inbox.put(name, b"1")) == "refused.ignored"


def test_a_file_comes_whole_at_once(inbox: Inbox, folder: Path) -> None:
    with inbox.begin("2023/报告.txt") as growing:
        growing.write("全市".encode())
        assert [name.startswith(".zhibiao-page-") for name in lies(folder)] == [True]
        growing.write(b"12")
        assert growing.finish() == "2023/报告.txt".encode()

    assert lies(folder) == {"2023/报告.txt": "全市12".encode()}


def test_a_file_that_broke_off_leaves_nothing(inbox: Inbox, folder: Path) -> None:
    with suppress(ConnectionError), inbox.begin("报告.txt") as growing:
        growing.write(b"1")
        assert len(lies(folder)) == 1
        raise ConnectionError

    assert lies(folder) == {}


def test_the_same_name_takes_the_place(inbox: Inbox, folder: Path) -> None:
    inbox.put("报告.txt", b"1")
    inbox.put("报告.txt", b"2")

    assert lies(folder) == {"报告.txt": b"2"}


def test_links_are_not_followed(inbox: Inbox, folder: Path) -> None:
    outside = folder.parent / "outside"
    outside.mkdir()
    (folder / "2023").symlink_to(outside)
    (folder / "a.txt").symlink_to(outside / "target.txt")

    assert refused(lambda: inbox.put("2023/b.txt", b"1")) == "refused.in_the_way"
    inbox.put("a.txt", b"1")  # the link is replaced, what it leads to is not touched

    assert [*outside.iterdir()] == []
    assert not (folder / "a.txt").is_symlink()


def test_a_folder_in_the_way_is_said(inbox: Inbox, folder: Path) -> None:
    (folder / "a.txt").mkdir()
    (folder / "b").write_bytes(b"1")

    assert refused(lambda: inbox.put("a.txt", b"1")) == "refused.in_the_way"
    assert refused(lambda: inbox.put("b/c.txt", b"1")) == "refused.in_the_way"


def test_large_and_empty_files_are_refused(inbox: Inbox, folder: Path) -> None:
    assert refused(lambda: inbox.put("a.txt", b"x" * (100 * KB + 1))) == "refused.too_large"
    assert refused(lambda: inbox.put("a.txt", b"")) == "refused.empty"
    assert lies(folder) == {}


def test_a_full_disk_and_a_missing_inbox_are_said(inbox: Inbox, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int, _content: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "write", full)
        assert refused(lambda: inbox.put("a.txt", b"1")) == "refused.full"
    folder.rmdir()
    assert refused(lambda: inbox.put("a.txt", b"1")) == "refused.no_inbox"


@pytest.mark.parametrize(
    ("error", "key", "more"),
    [
        (RootUnavailable(errno.ESTALE, "stale"), "no_inbox", {"folder"}),
        (OSError(errno.ENOSPC, "No space left"), "full", set()),
        (OSError(errno.EDQUOT, "Quota exceeded"), "full", set()),
        *(
            (OSError(number, "odd"), "in_the_way", set[str]())
            for number in (errno.EISDIR, errno.ENOTDIR, errno.ELOOP, errno.ENOTEMPTY, errno.EEXIST)
        ),
        (OSError(errno.ENOENT, "No such file"), "unwritable", {"why"}),
        (OSError(errno.EACCES, "Permission denied"), "unwritable", {"why"}),
        (OSError("odd"), "unwritable", {"why"}),
    ],
)
def test_what_keeps_a_file_from_its_place_is_said_with_what_it_is(
    inbox: Inbox, folder: Path, error: OSError, key: str, more: set[str]
) -> None:
    """The folder that is away, or the reason that the disk gives."""
    with inbox.begin("a.txt") as growing:
        told = growing._refusal(error)

    assert (told.key, told.name) == (f"refused.{key}", "a.txt")
    values = {"folder": str(folder), "why": error.strerror or str(error)}
    assert told.values == {name: values[name] for name in more}


def test_an_error_of_its_own_is_told_though_the_inbox_is_gone(inbox: Inbox, folder: Path) -> None:
    with inbox.begin("a.txt") as growing:
        growing.partial.unlink()
        folder.rmdir()
        told = [growing._refusal(OSError(number, "odd")).key for number in (errno.EACCES, errno.ENOENT)]

    assert told == ["refused.unwritable", "refused.no_inbox"]


def test_what_a_killed_process_left_is_swept_after_a_day(inbox: Inbox, folder: Path) -> None:
    old, new, other = (folder / name for name in (".zhibiao-page-1.part", ".zhibiao-page-2.part", "a.part"))
    for file in (old, new, other):
        file.write_bytes(b"1")
    for file in (old, other):
        os.utime(file, (1, 1))

    inbox.sweep()

    assert sorted(lies(folder)) == [".zhibiao-page-2.part", "a.part"]


@pytest.mark.parametrize(
    ("text", "wanted", "name"),
    [
        ("\n\n  关于 公报\n正文", "", "关于 公报-"),
        ('a/b\\c:d*?"<>|e', "", "a b c d e-"),
        ("..\u202e报告", "", "报告-"),
        ("标" * 100, "", "标" * 24 + "-"),
        ("///", "", "text-"),
        ("正文", "公报", "公报.txt"),
        ("正文", "../公报.html", "公报.html"),
        ("正文", " . ", "正文-"),
    ],
)
def test_pasted_text_has_a_name(text: str, wanted: str, name: str) -> None:
    found = names.name_of_text(text, wanted)

    assert found == name or (found.startswith(name) and len(found) == len(name) + len("12345678.txt"))
    assert names.place_of(found)


# Archives


def zipped(files: dict[str, bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def unpacked(inbox: Inbox, folder: Path, content: bytes, name: str = "报告.zip") -> tuple[list[str], list[str]]:
    """Places, and the keys of what was refused."""
    file = folder.parent / "archive"
    file.write_bytes(content)
    found = [*unpack(file, name, inbox)]
    taken = [os.fsdecode(one) for one in found if isinstance(one, bytes)]
    return taken, [key_of(one) for one in found if isinstance(one, Refused)]


def test_an_archive_becomes_a_folder_of_its_name(inbox: Inbox, folder: Path) -> None:
    content = zipped(
        {"一.txt": b"1", "2023/二.txt": b"2", "2023/": b"", "__MACOSX/._一.txt": b"x", "2023/.DS_Store": b"x"}
    )

    assert unpacked(inbox, folder, content) == (["报告/一.txt", "报告/2023/二.txt"], [])
    assert lies(folder) == {"报告/一.txt": b"1", "报告/2023/二.txt": b"2"}


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
def test_names_without_the_mark_of_utf8_are_read(inbox: Inbox, folder: Path, encoding: str) -> None:
    """As Windows in Chinese packs them, and some programs that leave the mark out."""
    raw = "法治年报.txt".encode(encoding)
    same_length = b"n" * len(raw)
    content = zipped({same_length.decode(): b"1"}).replace(same_length, raw)

    assert unpacked(inbox, folder, content) == (["报告/法治年报.txt"], [])


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("../../evil.txt", "refused.path"),
        ("/etc/../../evil.txt", "refused.path"),
        ("..\\evil.txt", "refused.path"),
        (".ssh/authorized_keys", "refused.ignored"),
        ("inner.zip", "refused.zip_in_zip"),
        ("a\x1b.txt", "refused.characters"),
    ],
)
def test_entries_that_lead_elsewhere_are_left_out(inbox: Inbox, folder: Path, name: str, key: str) -> None:
    """The others are taken all the same."""
    assert unpacked(inbox, folder, zipped({name: b"x", "好.txt": b"1"})) == (["报告/好.txt"], [key])
    assert lies(folder) == {"报告/好.txt": b"1"}


def test_links_in_archives_are_left_out(inbox: Inbox, folder: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        link = zipfile.ZipInfo("link.txt")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")

    assert unpacked(inbox, folder, packed.getvalue()) == ([], ["refused.path"])


def test_a_bomb_is_stopped(folder: Path) -> None:
    """However small it says its content is: what comes out is counted."""
    inbox = Inbox(folder, 10**9)
    bomb = zipped({"a.txt": b"0" * 30_000_000})

    assert refused(lambda: unpacked(inbox, folder, bomb)) == "refused.zip_ratio"
    assert lies(folder) == {}


def test_many_small_files_that_are_much_together_are_stopped(
    inbox: Inbox, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "MOST_BYTES", 150 * KB)
    content = zipped({f"{number}.txt": os.urandom(60 * KB) for number in range(4)}, method=zipfile.ZIP_STORED)

    assert refused(lambda: unpacked(inbox, folder, content)) == "refused.zip_size"
    assert sorted(lies(folder)) == ["报告/0.txt", "报告/1.txt"]


def test_too_many_entries_are_refused_before_any_is_unpacked(inbox: Inbox, folder: Path) -> None:
    content = zipped({f"{number}.txt": b"1" for number in range(archives.MOST_ENTRIES + 1)})

    assert refused(lambda: unpacked(inbox, folder, content)) == "refused.zip_entries"
    assert lies(folder) == {}


def test_a_file_over_the_limit_is_refused_alone(inbox: Inbox, folder: Path) -> None:
    content = zipped({"大.txt": os.urandom(101 * KB), "小.txt": b"1"})

    assert unpacked(inbox, folder, content) == (["报告/小.txt"], ["refused.too_large"])


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04 no archive", zipped({"a.txt": b"text " * 99})[:-30]], ids=["empty", "none", "cut"]
)
def test_a_damaged_archive_is_said(inbox: Inbox, folder: Path, content: bytes) -> None:
    assert refused(lambda: unpacked(inbox, folder, content)) == "refused.zip_damaged"


def test_a_damaged_entry_is_said(inbox: Inbox, folder: Path) -> None:
    content = zipped({"a.txt": b"text text text"}, method=zipfile.ZIP_STORED).replace(
        b"text text text", b"text texX text"
    )

    assert refused(lambda: unpacked(inbox, folder, content)) == "refused.zip_damaged"
    assert lies(folder) == {}


def test_an_archive_with_a_password_is_said(inbox: Inbox, folder: Path) -> None:
    content = bytearray(zipped({"a.txt": b"1"}, method=zipfile.ZIP_STORED))
    content[6] |= 1  # the flag in the entry's own head
    content[content.index(b"PK\x01\x02") + 8] |= 1

    assert unpacked(inbox, folder, bytes(content)) == ([], ["refused.zip_password"])


@pytest.mark.parametrize(("name", "is_one"), [("a.ZIP", True), ("a.zip", True), ("a.docx", False), ("a.ofd", False)])
def test_archives_go_by_their_name(name: str, *, is_one: bool) -> None:
    assert archives.is_archive(name) is is_one


def test_growing_needs_no_end_twice(inbox: Inbox) -> None:
    growing: Growing = inbox.begin("a.txt")
    growing.close()
    growing.__exit__(None, None, None)
    growing.__exit__(None, None, None)
