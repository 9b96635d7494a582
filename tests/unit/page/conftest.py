"""The page asked without a browser: over empty folders, as a browser of this machine would ask."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from page.app import make
from page.guard import FORM_COOKIE
from page.settings import PageSettings
from schemas.report import Report

HERE = "http://127.0.0.1:8480"


def settings_over(folder: Path, **more: Any) -> PageSettings:
    """Settings with folders of their own, which are made."""
    folders = {name: folder / name for name in ("inbox", "processed", "quarantine", "state")}
    for place in folders.values():
        place.mkdir(exist_ok=True)
    return PageSettings(_env_file=None, **folders, **more)


@pytest.fixture
def client_over(tmp_path: Path) -> Iterator[Callable[..., TestClient]]:
    """Makes a client of a page with some settings; its service has no Redis."""
    made: list[TestClient] = []

    def client(**settings: Any) -> TestClient:
        app = make(settings_over(tmp_path, **settings), lambda: None)
        app.state.service.live._tried.set()
        made.append(TestClient(app, base_url=HERE, follow_redirects=False))
        return made[-1]

    yield client
    for one in made:
        one.app.state.service.live.close()  # type: ignore[attr-defined]
        one.close()


@pytest.fixture
def client(client_over: Callable[..., TestClient]) -> TestClient:
    """Of a page with settings as they are."""
    return client_over()


def form_token(client: TestClient, path: str = "/", **headers: str) -> str:
    """The token of the forms of a page that was opened."""
    text = client.get(path, headers={"accept": "text/html", **headers}).text
    found = re.search(r'name="form_token" value="([^"]+)"', text)
    assert found
    assert client.cookies[FORM_COOKIE] == found[1]
    return found[1]


#: What a browser says of a form that a page of its own sends.
OURS = {"origin": HERE, "sec-fetch-site": "same-origin"}


@pytest.fixture
def archive(tmp_path: Path) -> Callable[..., None]:
    """Files reports as the service does."""

    def file(*reports: Report) -> None:
        for one in reports:
            place = tmp_path / "processed" / f"{one.source.path}.json"
            place.parent.mkdir(exist_ok=True)
            place.write_text(one.model_dump_json(), "utf-8")

    return file
