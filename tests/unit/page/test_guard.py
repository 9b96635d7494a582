"""Who may ask for what."""

import re
from collections.abc import Callable

import pytest
from pydantic import ValidationError
from starlette.testclient import TestClient
from structlog.testing import capture_logs

from page import guard, login
from page.settings import PageSettings
from tests.unit.page.conftest import HERE, OURS, form_token, settings_over

SECRET = "a secret of more than thirty-two characters"  # noqa: S105
OPEN = "0.0.0.0"  # noqa: S104
Clients = Callable[..., TestClient]


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.0.0.1:8480", "localhost:9999", "LOCALHOST", "[::1]:8480", "127.8.8.8"]
)
def test_names_of_this_machine_are_answered(client: TestClient, host: str) -> None:
    assert client.get("/", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "192.168.1.7", OPEN, "", "a b", "[::1", "x@127.0.0.1"],
)  # fmt: skip
def test_other_names_are_refused(client: TestClient, host: str) -> None:
    """A stranger's page whose name leads to this machine is not let in, whatever it asks for."""
    for path in ("/", "/health", "/static/page.css", "/login"):
        answer = client.get(path, headers={"host": host})

        assert answer.status_code == 421, path
        assert "ZHIBIAO_PAGE_HOSTS" in answer.text


def test_two_hosts_are_no_host(client: TestClient) -> None:
    assert client.get("/", headers=[("host", "127.0.0.1"), ("host", "127.0.0.1")]).status_code == 421


def test_listed_names_are_answered(client_over: Clients) -> None:
    client = client_over(page_hosts="Stats.example, 统计.example ,")

    assert client.get("/", headers={"host": "stats.example:80"}).status_code == 200
    assert client.get("/", headers={"host": "other.example"}).status_code == 421


def test_an_open_address_goes_by_any_address_in_figures(client_over: Clients) -> None:
    """Figures lead to where they say; only names can be made to lead elsewhere."""
    client = client_over(page_address=OPEN, page_token=SECRET)

    assert client.get("/health", headers={"host": "192.168.1.7:8480"}).status_code == 200
    assert client.get("/health", headers={"host": "evil.example"}).status_code == 421


@pytest.mark.parametrize("address", [OPEN, "192.168.1.7", "::", "stats.example"])
def test_an_open_address_needs_a_token(address: str) -> None:
    with pytest.raises(ValidationError, match="ZHIBIAO_PAGE_TOKEN of 32 characters"):
        PageSettings(_env_file=None, page_address=address)
    with pytest.raises(ValidationError, match="32"):
        PageSettings(_env_file=None, page_address=address, page_token="short")  # noqa: S106


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "null", "sec-fetch-site": "cross-site"},
        {"origin": "http://evil.example", "sec-fetch-site": "same-origin"},
        {"origin": "http://127.0.0.1:9999"},
        {"origin": HERE, "sec-fetch-site": "same-site"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "none"},
    ],
)
@pytest.mark.parametrize("path", ["/inbox", "/inbox/text", "/inbox/retry", "/login"])
def test_forms_of_other_pages_are_refused(client: TestClient, path: str, headers: dict[str, str]) -> None:
    """Even with a token that was somehow learnt."""
    data = {"form_token": form_token(client), "text": "正文"}

    answer = client.post(path, data=data, headers=headers)

    assert answer.status_code == 403
    assert [*client.app.state.settings.inbox.iterdir()] == []  # type: ignore[attr-defined]


def test_a_form_of_ours_is_taken(client: TestClient) -> None:
    data = {"form_token": form_token(client), "text": "湛江市2023年报告\n全市受理行政复议申请12件。"}

    for headers in (
        OURS,
        {"origin": HERE},
        {"sec-fetch-site": "same-origin"},
        {"origin": "null", "sec-fetch-site": "same-origin"},
    ):
        assert client.post("/inbox/text", data=data, headers=headers).status_code == 303


@pytest.mark.parametrize("token", [None, "", "x" * 43, "wrong"])
def test_a_form_without_its_token_is_refused(client: TestClient, token: str | None) -> None:
    form_token(client)
    data = {"text": "正文"} | ({} if token is None else {"form_token": token})

    answer = client.post("/inbox/text", data=data, headers=OURS)

    assert answer.status_code == 403
    assert "表单已失效" in answer.text


def test_a_cookie_that_somebody_else_set_is_no_token(client: TestClient) -> None:
    """Another program of this machine may set cookies for all its ports; an empty or odd one opens nothing."""
    client.cookies.set(guard.FORM_COOKIE, "")

    assert client.post("/inbox/text", data={"text": "正文", "form_token": ""}, headers=OURS).status_code == 403


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "multipart/form-data; boundary=x"])
def test_other_kinds_of_content_are_refused(client: TestClient, kind: str) -> None:
    """What a page of somebody else could send without being asked for leave, among them."""
    form_token(client)

    assert client.post("/inbox/text", content=b"{}", headers={**OURS, "content-type": kind}).status_code == 415


def test_a_form_has_its_limit(client: TestClient) -> None:
    data = {"form_token": form_token(client), "text": "x" * guard.MOST_FORM_BYTES}

    assert client.post("/inbox/text", data=data, headers=OURS).status_code == 413


@pytest.mark.parametrize(("more", "status"), [(0, 403), (1, 413)])
def test_the_largest_form_is_read(client: TestClient, monkeypatch: pytest.MonkeyPatch, more: int, status: int) -> None:
    """As far as its token, which this one has not."""
    monkeypatch.setattr(guard, "MOST_FORM_BYTES", 40)
    kind = {"content-type": "application/x-www-form-urlencoded"}

    assert client.post("/inbox/text", content=b"text=" + b"x" * (35 + more), headers=OURS | kind).status_code == status


@pytest.mark.parametrize(
    ("text", "foreign", "title", "says"),
    [("x" * guard.MOST_FORM_BYTES, "", "内容太大", "4 MB"), ("正文", "A" * 43, "已拒绝", "表单已失效")],
)
def test_a_form_of_ours_that_is_refused_gets_a_page_with_a_way_back(
    client: TestClient, text: str, foreign: str, title: str, says: str
) -> None:
    """A bare line would be a dead end for who pasted too much, or has an old page open; programs get JSON."""
    data = {"form_token": foreign or form_token(client), "text": text}

    answer = client.post("/inbox/text", data=data, headers=OURS | {"accept": "text/html"})
    told = client.post("/inbox/text", data=data, headers=OURS | {"accept": "application/json"}).json()

    assert f"<h1>{title}</h1>" in answer.text
    assert says in answer.text
    assert '<a class="button" href="/">' in answer.text
    assert (told["error"], says in told["detail"]) == (title, True)


def test_every_answer_has_the_headers(client: TestClient) -> None:
    for path in ("/", "/nothing", "/health", "/static/page.css", "/static/nothing"):
        answer = client.get(path)

        assert {name: answer.headers[name] for name in guard.HEADERS} == guard.HEADERS, path
    assert "unsafe" not in guard.POLICY
    assert "http" not in guard.POLICY


def test_a_room_that_fails_says_so_with_the_headers(client: TestClient) -> None:
    """The reason stays in the log."""

    def fail() -> None:
        raise RuntimeError("the secret reason")

    client.app.state.service.failures = fail  # type: ignore[attr-defined]
    answer = TestClient(client.app, base_url=HERE, raise_server_exceptions=False).get("/")

    assert answer.status_code == 500
    assert "页面出错了" in answer.text
    assert "secret reason" not in answer.text
    assert answer.headers["content-security-policy"] == guard.POLICY


# Logging in


def test_nobody_is_let_in_without_the_token(client_over: Clients) -> None:
    client = client_over(page_token=SECRET)

    for path in ("/", "/stream", "/events", "/nothing", "/r/x/1"):
        assert client.get(path).status_code == 401, path
    page = client.get("/stream?lang=en", headers={"accept": "text/html"})
    assert (page.status_code, page.headers["location"]) == (303, "/login?next=/stream%3Flang%3Den")


def test_health_tells_a_stranger_nothing(client_over: Clients) -> None:
    assert client_over(page_token=SECRET).get("/health").json() == {"page": "good"}
    page = client_over(page_token=SECRET).get("/health", headers={"accept": "text/html"})
    assert (page.status_code, page.headers["location"]) == (303, "/login?next=/health")


def test_logging_in_leads_to_what_was_asked_for(client_over: Clients) -> None:
    client = client_over(page_token=SECRET)
    token = form_token(client, "/login?next=/stream")

    wrong = client.post("/login", data={"form_token": token, "token": "x" * 40, "next": "/stream"}, headers=OURS)
    right = client.post("/login", data={"form_token": token, "token": SECRET, "next": "/stream"}, headers=OURS)

    assert (wrong.status_code, "令牌不对" in wrong.text, SECRET in wrong.text) == (403, True, False)
    assert (right.status_code, right.headers["location"]) == (303, "/stream")
    assert re.search(r"zhibiao_login=.*HttpOnly.*SameSite=strict", right.headers["set-cookie"])
    assert client.get("/stream").status_code == 200


def test_logging_out_ends_it(client_over: Clients) -> None:
    """Who is in can leave; who is not, or needs no token, is not asked to."""
    client = client_over(page_token=SECRET)
    token = form_token(client, "/login")
    leave = 'action="/logout"'
    assert leave not in client.get("/login").text
    client.post("/login", data={"form_token": token, "token": SECRET}, headers=OURS)
    assert (client.get("/").status_code, leave in client.get("/").text) == (200, True)
    assert leave not in client_over().get("/").text

    client.post("/logout", data={"form_token": token}, headers=OURS)

    assert client.get("/").status_code == 401


@pytest.mark.parametrize(
    "onward", ["//evil.example", "/\\evil.example", "http://evil.example", "\\\\evil", "/a\r\nx: y", "javascript:1", ""]
)
def test_logging_in_leads_nowhere_else(onward: str) -> None:
    assert login.own_path(onward) == "/"


def test_a_cookie_lasts_a_while_and_is_of_its_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1_700_000_000.0
    monkeypatch.setattr(login.time, "time", lambda: now)
    cookie = login.made(SECRET)
    issued, _, sign = cookie.partition(".")

    assert login.is_valid(cookie, SECRET)
    assert not login.is_valid(cookie, SECRET + "!")
    assert not login.is_valid(f"{int(issued) + 1}.{sign}", SECRET)
    assert not login.is_valid("", SECRET)
    now += login.LASTS_S + 1
    assert not login.is_valid(cookie, SECRET)


def test_a_program_brings_the_token_itself(client_over: Clients) -> None:
    """It has no form to take a token from."""
    client = client_over(page_token=SECRET)
    headers = {"authorization": f"Bearer {SECRET}", "accept": "application/json"}

    sent = client.post("/inbox", files={"files": ("报告.txt", "全市受理12件。".encode())}, headers=headers)

    assert sent.json() == {"taken": ["报告.txt"], "refused": []}
    assert client.get("/", headers={"authorization": "Bearer " + SECRET[:-1]}).status_code == 401


def test_without_a_token_nothing_is_a_program(client: TestClient) -> None:
    answer = client.post("/inbox", files={"files": ("a.txt", b"1")}, headers={"authorization": "Bearer "})

    assert answer.status_code == 403


def test_settings_say_where_the_page_is(tmp_path) -> None:  # type: ignore[no-untyped-def]
    from page.settings import address_of

    assert address_of(settings_over(tmp_path)) == "http://127.0.0.1:8480/"
    assert address_of(settings_over(tmp_path, page_address="::1", page_port=80)) == "http://[::1]:80/"
    assert address_of(settings_over(tmp_path, page_address=OPEN, page_token=SECRET)) == "http://127.0.0.1:8480/"


def test_what_is_refused_is_in_the_log(client: TestClient) -> None:
    """With the name that was asked for, or where the form came from and for what."""
    with capture_logs() as lines:
        client.get("/", headers={"host": "evil.example"})
        client.post("/inbox", headers={"origin": "https://evil.example"})
        client.get("/health")

    refused = {"event": "refused", "log_level": "warning"}
    assert lines == [
        {**refused, "why": "host", "host": ["evil.example"]},
        {**refused, "why": "origin", "origin": "https://evil.example", "path": "/inbox"},
    ]
