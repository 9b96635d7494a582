"""The inbox: drop reports, see how far each has come, and what to do about those that gave none."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from page import guard, standing, wording
from page.intake import names, uploads
from page.intake.refused import Refused
from page.progress import Progress
from page.rendering import page_of
from page.service import Service
from page.shown.gaps import stored_gaps
from page.whole_numbers import whole
from page.wrong import answer, wants_json
from schemas.paths import from_wire, to_wire
from store.views import NoStore, Views
from watcher.filing import put_back

_ROOT = Path(__file__).parents[2]
#: The five reports: beside the packages in a checkout, in one of them where they are installed.
EXAMPLES = next(filter(Path.is_dir, (_ROOT / "zhibiao" / "seeds", _ROOT / "seeds")), _ROOT / "seeds")
SHOWN = 50
#: A form may hold many files; each has a limit of its own.
MOST_UPLOAD_BYTES = 2_000_000_000


@dataclass(frozen=True)
class Row:
    """A file in the list; ``figures`` is None while it is not known how many there are, ``gaps``: in how many places some may be lacking."""

    path: str
    state: str
    time: datetime
    href: str = ""
    title: str = ""
    figures: int | None = None
    gaps: int = 0
    detail: str = ""

    @property
    def name(self) -> str:
        """Its own name, without the folders."""
        return self.path.rpartition("/")[2]

    @property
    def folder(self) -> str:
        """The folders that it was dropped in, with a slash at the end; empty for none."""
        return self.path[: -len(self.name)]


def show(request: Request) -> Response:
    """The room, or with ``?part=state`` the part of it that changes."""
    template = "inbox_state.html" if request.query_params.get("part") == "state" else "inbox.html"
    return _page(request, template, taken=whole(request.query_params.get("taken", "")) or 0)


async def drop(request: Request) -> Response:
    """Files into the inbox."""
    service: Service = request.app.state.service
    try:
        dropped = await uploads.take(
            request.headers.get("content-type", ""),
            request.stream(),
            service.inbox,
            None if request.state.is_program else lambda given: guard.is_token_of(request, given),
            MOST_UPLOAD_BYTES,
        )
    except uploads.NoForm as error:
        return await run_in_threadpool(answer, request, error.status, _words(request)(error.key))
    return await run_in_threadpool(_told, request, dropped.taken, dropped.refused)


async def drop_text(request: Request) -> Response:
    """Pasted text into the inbox."""
    form = await request.form(max_part_size=guard.MOST_FORM_BYTES)
    text, wanted = str(form.get("text", "")), str(form.get("name", ""))
    file = (names.name_of_text(text, wanted), text.strip().encode("utf-8", "replace"))
    return await run_in_threadpool(_put_all, request, [file])


def drop_examples(request: Request) -> Response:
    """The reports that the project comes with into the inbox."""
    return _put_all(request, [(file.name, file.read_bytes()) for file in sorted(EXAMPLES.glob("*.txt"))])


async def retry(request: Request) -> Response:
    """A file out of quarantine back into the inbox, or all of them."""
    form = await request.form()
    return await run_in_threadpool(_retry, request, str(form.get("path", "")))


def _put_all(request: Request, files: Sequence[tuple[str, bytes]]) -> Response:
    service: Service = request.app.state.service
    taken: list[str] = []
    refused: list[Refused] = []
    for name, content in files:
        try:
            taken.append(to_wire(service.inbox.put(name, content)))
        except Refused as error:
            refused.append(error)
    return _told(request, taken, refused)


def _retry(request: Request, path: str) -> Response:
    service: Service = request.app.state.service
    wanted = [os.fsdecode(from_wire(path))] if path else None
    try:
        done = put_back.retry(service.watching, wanted)
    except (FileNotFoundError, ValueError) as error:  # no ledger, or none that can be read
        return _told(request, [], [Refused(path, "refused.retry", why=str(error))])
    service.failures.forget()
    refused = [Refused(one.path, "refused.retry", why=one.problem) for one in done if one.problem]
    return _told(request, [one.path for one in done if not one.problem], refused)


def _told(request: Request, taken: list[str], refused: list[Refused]) -> Response:
    words = _words(request)
    status = 200 if taken or not refused else 400
    if wants_json(request):
        why = [{"name": one.name, "why": words(one.key, **one.values)} for one in refused]
        return JSONResponse({"taken": taken, "refused": why}, status)
    if not refused:
        return RedirectResponse(f"/?taken={len(taken)}", 303)
    return _page(request, "inbox.html", status=status, taken=len(taken), refused=refused)


def _page(
    request: Request, template: str, status: int = 200, taken: int = 0, refused: Sequence[Refused] = ()
) -> Response:
    service: Service = request.app.state.service
    words = _words(request)
    last, rows = service.fresh("files", lambda: _rows(service))
    found, more = service.failures()
    back, more_back = service.taken_back()
    overview = service.overview()
    values: dict[str, Any] = {
        "rows": rows,
        "last": last,
        "failures": [(one, datetime.fromtimestamp(one.changed_at, UTC)) for one in found],
        "more_failures": more,
        "taken_back": [(one, datetime.fromtimestamp(one.changed_at, UTC)) for one in back],
        "more_taken_back": more_back,
        "standing": standing.of(overview, words, has_redis=service.has_redis(), has_store=service.has_store()),
        "unfinished": standing.held_up(overview),
        "most_form_bytes": guard.MOST_FORM_BYTES,
        "limit_mb": service.settings.max_file_bytes // 1_000_000,
        "has_examples": EXAMPLES.is_dir(),
        "taken": taken,
        "refused": refused,
        "now": datetime.now().astimezone(),
    }
    return page_of(request, template, status, **values)


def _rows(service: Service) -> tuple[str, list[Row]]:
    """The files that moved last; while nobody tells of steps, the reports that came last."""
    last, moved = service.live.newest(SHOWN)
    try:
        views = service.views()
    except NoStore:
        return last, [_row(one, None) for one in moved]
    try:
        return last, [_row(one, views) for one in moved] if moved else _from_store(views)
    finally:
        views.close()


def _row(file: Progress, views: Views | None) -> Row:
    known = views.reading(file.id, file.revision) if views and file.is_read else None
    return Row(
        path=file.path,
        state="filed" if file.is_read and file.is_filed else file.state,
        time=file.time,
        href=f"/r/{file.id}/{file.revision}" if file.is_read else "",
        title=(known["title"] or "").strip() if known else "",
        figures=known["figures"] if known else None,
        gaps=stored_gaps(known["warnings"]) if known else 0,
        # Why a file failed is said above the list, in words.
        detail="" if file.is_read or file.state == "quarantined" else file.detail or "",
    )


def _from_store(views: Views) -> list[Row]:
    return [
        Row(
            path=known["path"],
            state="filed",
            time=datetime.fromisoformat(known["read_at"]),
            href=f"/r/{known['id']}/{known['revision']}",
            title=known["title"] or "",
            figures=known["figures"],
            gaps=stored_gaps(known["warnings"]),
        )
        for known in views.documents(limit=SHOWN)
    ]


def _words(request: Request) -> wording.Wording:
    return wording.of(wording.wanted_by(request))


ROUTES: tuple[BaseRoute, ...] = (
    Route("/", show),
    Route("/inbox", drop, methods=["POST"]),
    Route("/inbox/text", drop_text, methods=["POST"]),
    Route("/inbox/examples", drop_examples, methods=["POST"]),
    Route("/inbox/retry", retry, methods=["POST"]),
)
