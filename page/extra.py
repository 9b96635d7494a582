"""Whether what the page needs is installed: it is an extra, for a service runs without it."""

from importlib.util import find_spec
from typing import Final

INSTALL: Final = "pip install 'zhibiao[page]'"
_NEEDED = ("starlette", "uvicorn", "jinja2", "python_multipart")


def missing() -> tuple[str, ...]:
    """The libraries that are not there."""
    return tuple(name for name in _NEEDED if find_spec(name) is None)
