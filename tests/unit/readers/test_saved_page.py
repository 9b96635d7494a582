"""Saved pages: the web page in a MIME message, and what is refused of it."""

import base64
import quopri

import pytest

from worker.errors import BadReport
from worker.readers import saved_page
from worker.stages.decode import read

PAGE = (
    "<html><head><meta charset=gb2312><title>青山县2021年法治政府建设报告</title></head><body><h1>青山县2021年法治政府建设报告</h1>"
    "<p>2021年，全县共办结行政复议案件1234件，同比增长5.2%，培训执法人员356人次。</p>"
    "<table><tr><td>项目</td><td>数量</td></tr><tr><td>调解案件</td><td>907</td></tr></table></body></html>"
)
IMAGE = (
    b"Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\nContent-Location: a.png\r\n\r\n"
    + b"iVBORw0KGgo=" * 6
)


def part(page: str, how: str, charset: str, kind: str = "text/html") -> bytes:
    body = page.encode(charset)
    encoded = {
        "quoted-printable": lambda: quopri.encodestring(body).replace(b"\n", b"\r\n"),
        "base64": lambda: base64.encodebytes(body).replace(b"\n", b"\r\n"),
        "8bit": lambda: body,
        "binary": lambda: body,
    }[how]()
    return (
        f'Content-Type: {kind};\r\n\tcharset="{charset}"\r\nContent-Transfer-Encoding: {how}\r\n\r\n'.encode() + encoded
    )


def message(*parts: bytes, end: bytes = b"--\r\n", kind: str = "multipart/related") -> bytes:
    head = (
        "From: <Saved by a browser>\r\nSnapshot-Content-Location: http://example.org/a.html\r\n"
        "Subject: =?utf-8?Q?=E6=8A=A5=E5=91=8A?=\r\nMIME-Version: 1.0\r\n"
        f'Content-Type: {kind};\r\n\ttype="text/html";\r\n\tboundary="----Edge--"\r\n\r\n'
    )
    return head.encode() + b"".join(b"\r\n------Edge--\r\n" + each for each in parts) + b"\r\n------Edge--" + end


def refused(data: bytes) -> tuple[str, str]:
    with pytest.raises(BadReport) as caught:
        read(data)
    return caught.value.code, caught.value.message


@pytest.mark.parametrize("charset", ["utf-8", "gb18030", "big5"])
@pytest.mark.parametrize("how", ["quoted-printable", "base64", "8bit", "binary"])
def test_the_page_is_read_as_if_it_were_the_file(how: str, charset: str) -> None:
    """Lines, cells and offsets count the page's source; the whole file is no run of characters."""
    page = PAGE if charset != "big5" else PAGE.translate(str.maketrans("县设报复议执训调", "縣設報復議執訓調"))
    page = (
        page.replace("办结", "辦結").replace("全县", "全縣").replace("项", "項").replace("数", "數")
        if charset == "big5"
        else page
    )
    page = page.encode(charset, "ignore").decode(charset)

    found = read(message(part(page, how, charset), IMAGE))
    alone = read(page.encode(charset))

    assert (found.media_type, found.encoding) == ("multipart/related", None)
    assert found.text.raw == alone.text.raw == page
    assert (found.text.now, found.cells, found.labels) == (alone.text.now, alone.cells, alone.labels)
    start = found.text.now.index("1234")
    assert found.text.raw[slice(*found.text.span(start, start + 4))] == "1234"


@pytest.mark.parametrize(
    "data",
    [
        part(PAGE, "base64", "utf-8"),
        part(PAGE, "quoted-printable", "gb18030"),
    ],
)
def test_a_message_may_be_the_page_alone(data: bytes) -> None:
    """As Word and mail programs write one without pictures."""
    assert "1234件" in read(b"MIME-Version: 1.0\r\n" + data).text.now


def test_of_frames_the_first_with_text_is_read() -> None:
    frames = part("<html><frameset cols='20%,80%'><frame src=a><frame src=b></frameset></html>", "8bit", "utf-8")

    assert "1234件" in read(message(frames, part(PAGE, "8bit", "utf-8"), IMAGE)).text.now


def test_a_page_within_another_multipart_is_found() -> None:
    inner = (
        b'Content-Type: multipart/alternative; boundary="inner"\r\n\r\n--inner\r\nContent-Type: text/plain\r\n\r\nx\r\n'
        b"--inner\r\n" + part(PAGE, "base64", "utf-8") + b"\r\n--inner--\r\n"
    )

    assert "1234件" in read(message(inner, IMAGE)).text.now


@pytest.mark.parametrize(
    ("data", "code", "said"),
    [
        (message(IMAGE), "unsupported_format", "a MIME message (multipart/related) without a web page"),
        (b"MIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\n2021", "unsupported_format", "(text/plain)"),
        (message(part("<html><script>go()</script></html>", "8bit", "utf-8")), "empty", "the page holds no text"),
        (message(part(PAGE, "8bit", "utf-8"), end=b"")[:-30], "damaged_file", "ends in the middle of its page"),
        (message(part(PAGE, "base64", "utf-8"), end=b"")[:-60], "damaged_file", "ends in the middle of its page"),
        (
            message(part(PAGE, "base64", "utf-8").replace(b"\r\n\r\nPG", b"\r\n\r\nP\xff"), IMAGE),
            "damaged_file",
            "base64 is torn",
        ),
        (message(part(PAGE, "base64", "utf-8")[:-9], IMAGE), "damaged_file", "base64 is torn"),
    ],
    ids=["pictures", "mail", "script", "cut", "cut base64", "foreign byte", "missing bytes"],
)
def test_what_is_not_whole_is_refused(data: bytes, code: str, said: str) -> None:
    """A page that ends anywhere may end in a number."""
    assert refused(data)[0] == code
    assert said in refused(data)[1]


def test_a_message_that_lost_its_end_behind_the_page_is_read() -> None:
    """Only a picture is cut."""
    assert "1234件" in read(message(part(PAGE, "8bit", "utf-8"), IMAGE, end=b"")[:-30]).text.now


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (
            b"MIME-Version: 1.0\r\n"
            + b"".join(b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (n, n) for n in range(3000)),
            "more than 16 parts hold parts",
        ),
        (b"MIME-Version: 1.0\r\n" + b"Content-Type: message/rfc822\r\n\r\n" * 3000, "more than 16 parts hold parts"),
        (b'MIME-Version: 1.0\r\nContent-Type: text/html; a="' + b";" * 1_000_000 + b"\r\n\r\n", "4096 are allowed"),
        (b"MIME-Version: 1.0\r\ncontent-TYPE:\r\n" + b" a;\r\n" * 100_000 + b"\r\n", "4096 are allowed"),
    ],
    ids=["multiparts", "messages", "quotes", "folded"],
)
def test_crafted_messages_end_before_they_are_taken_apart(data: bytes, said: str) -> None:
    code, message_ = refused(data)

    assert code == "too_complex"
    assert said in message_


def test_a_limit_of_nested_parts_lets_real_pages_through() -> None:
    """A page saved from a mail program has three or four."""
    nested = part(PAGE, "8bit", "utf-8")
    for number in range(saved_page.MOST_NESTED - 1):
        edge = b"edge%d" % number
        nested = (
            b'Content-Type: multipart/mixed; boundary="%s"\r\n\r\n--%s\r\n' % (edge, edge)
            + nested
            + b"\r\n--%s--\r\n" % edge
        )

    assert "1234件" in read(message(nested)).text.now
