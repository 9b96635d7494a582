"""Names of queues, tasks, streams, channels and keys: the only place they are spelt."""

PREFIX = "zhibiao:"

# Celery
QUEUE = "reports"
READ_TASK = "zhibiao.read_report"
CELERY_KEY_PREFIX = PREFIX + "celery:"

# Streams: the record
RESULTS_STREAM = PREFIX + "results"
FAILURES_STREAM = PREFIX + "failures"
OUTCOMES_STREAM = PREFIX + "outcomes"
EVENT_FIELD = "data"  # the field of a stream entry that holds the whole event
NUMBER_FIELD = "n"  # counts the entries of a stream from 1, so that a reader sees where some were trimmed

GENERATION_KEY = PREFIX + "generation"  # changes when Redis has lost data, which is then restored

TROUBLE_KEY = PREFIX + "heartbeat:trouble"  # what some worker waits for, while it does

# Pub/sub channels: the bell. Keys and channels are separate namespaces in Redis.
RESULTS_CHANNEL = PREFIX + "results"
FAILURES_CHANNEL = PREFIX + "failures"
PROGRESS_CHANNEL = PREFIX + "progress"

# Event types (CloudEvents `type`)
REPORT_TYPE = "io.zhibiao.report.v1"
FAILED_TYPE = "io.zhibiao.failed.v1"
PROGRESS_TYPE = "io.zhibiao.progress.v1"


def region_channel(region: str) -> str:
    """Channel of the results about one place: ``zhibiao:results:region:湛江市``."""
    return f"{RESULTS_CHANNEL}:region:{region}"


def period_channel(period: str) -> str:
    """Channel of the results about one year: ``zhibiao:results:period:2023``."""
    return f"{RESULTS_CHANNEL}:period:{period}"


def count_key(stream: str) -> str:
    """Key that counts the entries that a stream was given: ``zhibiao:count:results``."""
    return f"{PREFIX}count:{stream.removeprefix(PREFIX)}"


def report_key(document: str, revision: int) -> str:
    """Key of one revision's report JSON."""
    return f"{PREFIX}report:{document}:{revision}"


def latest_key(document: str) -> str:
    """Key that holds the number of a document's newest published revision."""
    return f"{PREFIX}latest:{document}"


def done_key(event_id: str) -> str:
    """Key that says an event has been published; its value is the stream entry's id."""
    return f"{PREFIX}done:{event_id}"


def attempts_key(document: str, revision: int, round_: int) -> str:
    """Counter of the times a hand-over was begun, crashes included."""
    return f"{PREFIX}attempts:{document}:{revision}:{round_}"


def death_key(document: str, revision: int, round_: int) -> str:
    """How the last process died that was at a hand-over, told by its parent."""
    return f"{PREFIX}attempts:{document}:{revision}:{round_}:death"


def heartbeat_key(document: str, revision: int, round_: int) -> str:
    """Key with a short life that a worker renews while it reads a report."""
    return f"{PREFIX}heartbeat:{document}:{revision}:{round_}"


def sink_group(sink: str) -> str:
    """Group of consumers that remembers how far a sink has come."""
    return f"zhibiao-sink-{sink}"


def sink_key(sink: str) -> str:
    """Key with a short life that whoever feeds a sink renews: what is wrong with it, empty where nothing is."""
    return f"{PREFIX}heartbeat:sink:{sink}"
