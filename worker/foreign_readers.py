"""Which readers of other distributions a process reads with."""

from dataclasses import replace

from delivery import plugins
from worker.readers.foreign import ForeignReader
from worker.tools import Tools, load_tools


def installed_readers() -> tuple[ForeignReader, ...]:
    """All that are installed; none is imported before a file comes that might be its own."""
    return tuple(ForeignReader(one.name, one.origin, one.load) for one in plugins.installed(plugins.READERS))


def tools_with_plugins(*, wanted: bool) -> Tools:
    """The tools of this process (:func:`worker.tools.load_tools`), with the readers of others where they are ``wanted``."""
    tools = load_tools()
    return replace(tools, readers=installed_readers()) if wanted else tools
