"""DOC, WPS, RTF and ODT, turned into DOCX by LibreOffice where it is installed."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from worker.errors import Exhausted
from worker.readers import docx
from worker.readers.reading import Reading, refusal

TIMEOUT_S = 120
_KILLERS = (signal.SIGKILL, signal.SIGXCPU)
_KILLED = {status for number in _KILLERS for status in (-number, 128 + number)}  # by itself, or behind a shell
_PROGRAMS = ("soffice", "libreoffice")
_SUFFIXES = {b"{\\rtf": (".rtf", "application/rtf"), b"\xd0\xcf\x11\xe0": (".doc", "application/msword")}
_OPEN_DOCUMENT = (".odt", "application/vnd.oasis.opendocument.text")


def read(data: bytes) -> Reading:
    """The text of the document, as the DOCX that LibreOffice makes of it reads; offsets count in that text.

    Raises:
        BadReport: ``missing_reader`` without LibreOffice, ``damaged_file`` where it makes nothing of
            it, and what :func:`worker.readers.docx.read` raises.
        Exhausted: LibreOffice took more than two minutes, or was killed.
    """
    program = next((found for name in _PROGRAMS if (found := shutil.which(name))), None)
    suffix, media_type = next((kind for head, kind in _SUFFIXES.items() if data.startswith(head)), _OPEN_DOCUMENT)
    if program is None:
        raise refusal(
            "missing_reader",
            f"reading {media_type} needs LibreOffice, which is not installed; install it, or save the report as DOCX or PDF",
        )
    reading = docx.read(_converted(program, data, suffix))
    return Reading(media_type, None, reading.text, reading.page_starts, reading.cells, (), reading.warnings)


def _converted(program: str, data: bytes, suffix: str) -> bytes:
    with tempfile.TemporaryDirectory(prefix="zhibiao-office-") as folder:
        source = Path(folder, "report" + suffix)
        source.write_bytes(data)
        # A profile of its own: two conversions that share one wait for each other, or fail.
        command = [program, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--norestore"]
        command += ["--convert-to", "docx", "--outdir", folder, str(source)]
        status = _run(command, folder)
        if status in _KILLED:
            seen = f"LibreOffice was killed (exit status {status}), perhaps for want of memory"
            raise Exhausted("killed", "decode", f"{seen}; it may be read another time")
        result = Path(folder, "report.docx")
        if status or not result.exists():
            raise refusal("damaged_file", f"LibreOffice cannot read the file (exit status {status}); it may be damaged")
        return result.read_bytes()


def _run(command: Sequence[str], folder: str) -> int:
    """The exit status. The program is a launcher: when time is up, all that it started goes with it."""
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        env=_environment(folder),
        start_new_session=True,
    )
    try:
        return process.wait(TIMEOUT_S)
    except subprocess.TimeoutExpired as error:
        seen = f"LibreOffice did not read the file in {TIMEOUT_S} seconds"
        raise Exhausted("out_of_time", "decode", f"{seen}; it may be read another time") from error
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _environment(folder: str) -> dict[str, str]:
    # Nothing of the worker's own settings: they may hold passwords.
    return {"PATH": os.environ.get("PATH", ""), "HOME": folder, "LANG": "C.UTF-8"}
