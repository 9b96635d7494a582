"""Names of queues, tasks, streams, channels and keys: the only place they are spelt."""

from dataclasses import dataclass
from typing import Final, Literal

PROJECT: Final = "zhibiao"
#: What a site may be called: short, and without a mark that parts names.
SITE_PATTERN: Final = r"^([a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?)?$"

# Celery
QUEUE = "reports"  # below the key prefix of its site
READ_TASK = "zhibiao.read_report"

Stream = Literal["results", "failures", "withdrawals", "outcomes"]

# Fields of a stream's entry
EVENT_FIELD = "data"  # holds the whole event
NUMBER_FIELD = "n"  # counts the entries of a stream from 1, so that a reader sees where some were trimmed

# Event types (CloudEvents `type`)
REPORT_TYPE = "io.zhibiao.report.v1"
FAILED_TYPE = "io.zhibiao.failed.v1"
WITHDRAWN_TYPE = "io.zhibiao.withdrawn.v1"
PROGRESS_TYPE = "io.zhibiao.progress.v1"


@dataclass(frozen=True, slots=True)
class Names:
    """The names of one service: of its ``site``, empty for none, on a numbered database of a Redis.

    Keys begin with ``zhibiao:``, those of a site with ``zhibiao.SITE:``, so that rights for one do not hold for another.
    Channels are shared by all databases of a server; those of database 1 begin with ``zhibiao@1:``.

    >>> Names().results_stream, Names().results_channel
    ('zhibiao:results', 'zhibiao:results')
    >>> Names("gz", 1).results_stream, Names("gz", 1).results_channel
    ('zhibiao.gz:results', 'zhibiao.gz@1:results')
    """

    site: str = ""
    database: int = 0

    @property
    def source(self) -> str:
        """Where events come from (CloudEvents ``source``): ``/zhibiao``, ``/zhibiao/SITE``."""
        return f"/{PROJECT}/{self.site}" if self.site else f"/{PROJECT}"

    # Streams: the record

    @property
    def results_stream(self) -> str:
        """Every report."""
        return self._key("results")

    @property
    def failures_stream(self) -> str:
        """Every failure."""
        return self._key("failures")

    @property
    def withdrawals_stream(self) -> str:
        """Every document that was taken back."""
        return self._key("withdrawals")

    @property
    def outcomes_stream(self) -> str:
        """How hand-overs ended, for the watcher."""
        return self._key("outcomes")

    @property
    def files_stream(self) -> str:
        """Each step of each file, for a while."""
        return self._key("files")

    @property
    def reviews_stream(self) -> str:
        """What people say of figures, for a while: the bell of the record in the state folder."""
        return self._key("reviews")

    def stream(self, kind: Stream) -> str:
        """One of those of events and outcomes, by its kind."""
        return self._key(kind)

    # Pub/sub channels: the bell. Keys and channels are separate namespaces in Redis.

    @property
    def results_channel(self) -> str:
        """Every report, live."""
        return self._channel("results")

    @property
    def failures_channel(self) -> str:
        """Every failure, live."""
        return self._channel("failures")

    @property
    def withdrawals_channel(self) -> str:
        """Every document that was taken back, live."""
        return self._channel("withdrawals")

    @property
    def progress_channel(self) -> str:
        """Every step of every report, live."""
        return self._channel("progress")

    def region_channel(self, region: str) -> str:
        """Channel of the results about one place: ``zhibiao:results:region:湛江市``."""
        return f"{self.results_channel}:region:{region}"

    def period_channel(self, period: str) -> str:
        """Channel of the results about one year: ``zhibiao:results:period:2023``."""
        return f"{self.results_channel}:period:{period}"

    # Keys

    @property
    def generation_key(self) -> str:
        """Changes when Redis has lost data, which is then restored."""
        return self._key("generation")

    @property
    def owner_key(self) -> str:
        """Which service these names belong to."""
        return self._key("owner")

    @property
    def owner_sign_key(self) -> str:
        """Key with a short life that the owner's watcher renews."""
        return self._key("heartbeat:owner")

    @property
    def trouble_key(self) -> str:
        """What some worker waits for, while it does."""
        return self._key("heartbeat:trouble")

    @property
    def no_key(self) -> str:
        """Stands in where an event has no such key; nothing is ever stored under it."""
        return self._key("none")

    def count_key(self, stream: str) -> str:
        """Key that counts the entries that a stream was given: ``zhibiao:count:results``."""
        return self._key(f"count:{stream.removeprefix(self._key(''))}")

    def report_key(self, document: str, revision: int) -> str:
        """Key of one revision's report JSON."""
        return self._key(f"report:{document}:{revision}")

    def reading_key(self, document: str, revision: int) -> str:
        """Key of how one revision was read (schemas.reading), packed."""
        return self._key(f"reading:{document}:{revision}")

    def latest_key(self, document: str) -> str:
        """Key that holds the number of a document's newest published revision."""
        return self._key(f"latest:{document}")

    def done_key(self, event_id: str) -> str:
        """Key that says an event has been published; its value is the stream entry's id."""
        return self._key(f"done:{event_id}")

    def ended_key(self, document: str, revision: int) -> str:
        """Hash that says which event a content came to, whichever version of the pipeline read it."""
        return self._key(f"ended:{document}:{revision}")

    def attempts_key(self, document: str, revision: int, round_: int) -> str:
        """Counter of the times a hand-over was begun, crashes included."""
        return self._key(f"attempts:{document}:{revision}:{round_}")

    def death_key(self, document: str, revision: int, round_: int) -> str:
        """How the last process died that was at a hand-over, told by its parent."""
        return self._key(f"attempts:{document}:{revision}:{round_}:death")

    def heartbeat_key(self, document: str, revision: int, round_: int) -> str:
        """Key with a short life that a worker renews while it reads a report."""
        return self._key(f"heartbeat:{document}:{revision}:{round_}")

    def sink_group(self, sink: str) -> str:
        """Group of consumers that remembers how far a sink has come: ``zhibiao-sink-NAME``."""
        return f"{self._project}-sink-{sink}"

    def sink_key(self, sink: str) -> str:
        """Key with a short life that whoever feeds a sink renews: what is wrong with it, empty where nothing is."""
        return self._key(f"heartbeat:sink:{sink}")

    # Celery's keys

    @property
    def celery_prefix(self) -> str:
        """What all of them begin with."""
        return self._key("celery:")

    @property
    def queue_key(self) -> str:
        """The list of what waits."""
        return self.celery_prefix + QUEUE

    @property
    def unacked_key(self) -> str:
        """The hash of what workers have taken and not acknowledged."""
        return f"{self.celery_prefix}unacked"

    @property
    def unacked_index_key(self) -> str:
        """The same, sorted by when it was taken."""
        return f"{self.celery_prefix}unacked_index"

    def _key(self, name: str) -> str:
        return f"{self._project}:{name}"

    def _channel(self, name: str) -> str:
        database = f"@{self.database}" if self.database else ""
        return f"{self._project}{database}:{name}"

    @property
    def _project(self) -> str:
        return f"{PROJECT}.{self.site}" if self.site else PROJECT


def kind_of(stream: str) -> str:
    """Which of its service's streams one is.

    >>> kind_of("zhibiao.gz:failures")
    'failures'
    """
    return stream.rpartition(":")[2]


#: Those of a service without a site, on database 0.
DEFAULT: Final = Names()
